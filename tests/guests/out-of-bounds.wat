;; After one proper cycle it reads past the end of its memory.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1 1)
  (func (export "main") (result i32)
    (drop (call $read_sensor (i32.const 0)))
    (call $delay_ms (i32.const 1000))
    (i32.load (i32.const 65536))))
