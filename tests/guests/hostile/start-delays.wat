;; Pauses in its start function, where nobody can let it rest.
  (memory (export "memory") 1 1)
  (func $act)
  (func $start (call $delay_ms (i32.const 1000)))
  (start $start)
