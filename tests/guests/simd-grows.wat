;; After one proper cycle it asks for twenty pages more, which its declaration allows; so does `detect_anomaly`, which
;; gives the answer.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1)
  (func $lanes (result v128) (v128.const i32x4 1 2 3 4))
  (func (export "main") (result i32)
    (loop $cycle
      (drop (call $read_sensor (i32.const 0)))
      (call $delay_ms (i32.const 1000))
      (drop (memory.grow (i32.const 20)))
      (br $cycle))
    (i32.const 0))
  (func (export "detect_anomaly") (param i32) (result i32)
    (memory.grow (i32.const 20))))
