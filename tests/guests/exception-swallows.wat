;; Gives its host pointers outside its memory and catches all that the host throws at it, then goes on as
;; if nothing had been; so does `detect_anomaly`.
(module
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "wasm_log" (func $wasm_log (param i32)))
  (memory (export "memory") 1 1)
  (func $log_nowhere
    (try (do (call $wasm_log (i32.const 1000000))) (catch_all)))
  (func (export "main") (result i32)
    (loop $cycle
      (call $log_nowhere)
      (call $delay_ms (i32.const 1000))
      (br $cycle))
    (i32.const 0))
  (func (export "detect_anomaly") (param i32) (result i32)
    (call $log_nowhere)
    (i32.const 0)))
