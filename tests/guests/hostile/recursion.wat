;; Calls itself without end. What follows the call keeps it from being a loop.
  (memory (export "memory") 1 1)
  (type $deeper (func (param i32) (result i32)))
  (table 2 2 funcref)
  (elem (i32.const 0) $deeper $other)
  (func $deeper (param $depth i32) (result i32)
    @LOCALS@
    (i32.add @CALL@ (local.get $depth)))
  (func $other (param $depth i32) (result i32)
    (i32.add (call $deeper (i32.add (local.get $depth) (i32.const 1))) (local.get $depth)))
  (func $act (drop (call $deeper (i32.const 0))))
