;; After one proper cycle it adds vectors for ever without calling its host; so does the fourth call of
;; `filter_value`.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1 1)
  (global $calls (mut i32) (i32.const 0))
  (func $forever
    (local $sum v128)
    (loop $again
      (local.set $sum (i32x4.add (local.get $sum) (v128.const i32x4 1 1 1 1)))
      (br $again)))
  (func (export "main") (result i32)
    (drop (call $read_sensor (i32.const 0)))
    (call $delay_ms (i32.const 1000))
    (call $forever)
    (i32.const 0))
  (func (export "filter_value") (param i32) (result f32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (if (i32.eq (global.get $calls) (i32.const 4)) (then (call $forever)))
    (f32.convert_i32_s (local.get 0)))
  (func (export "detect_anomaly") (param i32) (result i32)
    (i32.const 0)))
