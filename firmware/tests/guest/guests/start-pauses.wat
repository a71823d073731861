;; It sleeps while it is being started, again and again.
(module
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1 1)
  (func $start (loop $forever (call $delay_ms (i32.const 1000)) (br $forever)))
  (start $start)
  (func (export "main") (result i32) (i32.const 0)))
