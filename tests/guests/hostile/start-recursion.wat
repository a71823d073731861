;; Overflows the stack in its start function.
  (memory (export "memory") 1 1)
  (func $act)
  (func $deeper (param $depth i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get $depth) (i32.const 1))) (local.get $depth)))
  (func $start (drop (call $deeper (i32.const 0))))
  (start $start)
