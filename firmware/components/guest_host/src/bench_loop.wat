;; What one host call costs: `calls` makes `count` of them, `empty` runs the same loop without.
(module
  (import "env" "get_config" (func $get_config (param i32) (result i32)))
  (memory 0 1)
  (func (export "calls") (param $count i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $get_config (i32.const 0))))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.get $sum))
  (func (export "empty") (param $count i32) (result i32)
    (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (i32.const 0)))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.get $sum))
  (func (export "process") (param i32 i32 i32 i32) (result i32)
    (i32.const 0)))
