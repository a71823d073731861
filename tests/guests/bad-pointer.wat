;; Every pointer it gives its host lies outside its memory. `main` logs one; `process` publishes a
;; payload at one, and `detect_anomaly` publishes to a topic at the last address there is.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "wasm_log" (func $wasm_log (param i32)))
  (import "env" "mqtt_publish" (func $mqtt_publish (param i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (data (i32.const 16) "data\00")
  (func (export "main") (result i32)
    (drop (call $read_sensor (i32.const 0)))
    (call $delay_ms (i32.const 1000))
    (call $wasm_log (i32.const 65536))
    (i32.const 0))
  (func (export "process") (param i32 i32 i32 i32) (result i32)
    (call $mqtt_publish (i32.const 16) (i32.const 1000000)))
  (func (export "detect_anomaly") (param i32) (result i32)
    (call $mqtt_publish (i32.const -1) (i32.const 16))))
