;; A well-behaved loop without a loop: each cycle calls the next as its last act.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "log_int" (func $log_int (param i32)))
  (memory (export "memory") 1 1)
  (func $cycle (param $count i32) (result i32)
    (call $log_int (call $read_sensor (i32.const 0)))
    (call $delay_ms (local.get $count))
    (return_call $cycle (i32.add (local.get $count) (i32.const 1))))
  (func (export "main") (result i32)
    (return_call $cycle (i32.const 1000))))
