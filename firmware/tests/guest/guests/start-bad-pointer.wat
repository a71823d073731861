;; It logs from outside its memory while it is being started.
(module
  (import "env" "wasm_log" (func $wasm_log (param i32)))
  (memory (export "memory") 1 1)
  (func $start (call $wasm_log (i32.const -1)))
  (start $start)
  (func (export "main") (result i32) (i32.const 0)))
