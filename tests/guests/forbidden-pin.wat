;; Drives pin 5, which is none of its own, each cycle.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "set_output" (func $set_output (param i32 i32)))
  (memory (export "memory") 1 1)
  (func (export "main") (result i32)
    (loop $cycle
      (drop (call $read_sensor (i32.const 0)))
      (call $set_output (i32.const 5) (i32.const 1))
      (call $delay_ms (i32.const 1000))
      (br $cycle))
    (unreachable)))
