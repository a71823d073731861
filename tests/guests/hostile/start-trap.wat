;; Traps in its start function.
  (memory (export "memory") 1 1)
  (func $act)
  (func $start (unreachable))
  (start $start)
