;; Fills its memory from byte 1024 to the end without a NUL, then logs from there (`main`), publishes
;; from there (`process`), and logs three letters at the very end that no NUL follows (`detect_anomaly`).
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "wasm_log" (func $wasm_log (param i32)))
  (import "env" "mqtt_publish" (func $mqtt_publish (param i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (data (i32.const 16) "data\00")
  (func $fill
    (local $at i32)
    (local.set $at (i32.const 1024))
    (loop $next
      (i32.store8 (local.get $at) (i32.const 65))
      (local.set $at (i32.add (local.get $at) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 65536)))))
  (func (export "main") (result i32)
    (drop (call $read_sensor (i32.const 0)))
    (call $delay_ms (i32.const 1000))
    (call $fill)
    (call $wasm_log (i32.const 1024))
    (i32.const 0))
  (func (export "process") (param i32 i32 i32 i32) (result i32)
    (call $fill)
    (call $mqtt_publish (i32.const 16) (i32.const 1024)))
  (func (export "detect_anomaly") (param i32) (result i32)
    (call $fill)
    (call $wasm_log (i32.const 65533))
    (i32.const 0)))
