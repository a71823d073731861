;; It computes for ever while it is being started, before anything was called.
(module
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1 1)
  (func $start (loop $forever (br $forever)))
  (start $start)
  (func (export "main") (result i32) (i32.const 0)))
