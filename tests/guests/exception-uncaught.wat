;; After one proper cycle it throws an exception that nothing catches; so does `detect_anomaly`.
(module
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1 1)
  (tag $broken)
  (func (export "main") (result i32)
    (call $delay_ms (i32.const 1000))
    (throw $broken))
  (func (export "detect_anomaly") (param i32) (result i32)
    (throw $broken)))
