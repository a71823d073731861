;; Exports something under a name that the host relies on.
(module
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1 1)
  (global $mine (mut i32) (i32.const 2147483647))
  @EXPORT@
  (func (export "@MAIN@") (result i32)
    (loop $rest (call $delay_ms (i32.const 1000)) (br $rest))
    (unreachable)))
