;; A well-behaved loop in a memory that is declared as shared, with an atomic count in its log line.
(module
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "wasm_log" (func $wasm_log (param i32)))
  (memory (export "memory") 1 1 shared)
  (data (i32.const 16) "cycle @\00")
  (func (export "main") (result i32)
    (loop $cycle
      (drop (i32.atomic.rmw8.add_u (i32.const 22) (i32.const 1)))
      (call $wasm_log (i32.const 16))
      (call $delay_ms (i32.const 1000))
      (br $cycle))
    (i32.const 0)))
