;; A guest of the ABI around a hostile act: one proper reading, the act, then the number 31337 and endless rest. Who
;; hears that number knows that the act did not end the guest.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "set_output" (func $set_output (param i32 i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "wasm_log" (func $wasm_log (param i32)))
  (import "env" "log_int" (func $note (param i32)))
  (import "env" "mqtt_publish" (func $mqtt_publish (param i32 i32) (result i32)))
  (import "env" "get_config" (func $get_config (param i32) (result i32)))
@ACT@
  (func (export "main") (result i32)
    (drop (call $read_sensor (i32.const 0)))
    (call $delay_ms (i32.const 100))
    (call $act)
    (call $note (i32.const 31337))
    (loop $rest
      (call $delay_ms (i32.const 1000))
      (br $rest))
    (unreachable)))
