;; Asks for what no host offers, or for something else under a known name.
(module
  @IMPORT@
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  @MEMORY@
  (func (export "main") (result i32)
    (loop $rest (call $delay_ms (i32.const 1000)) (br $rest))
    (unreachable)))
