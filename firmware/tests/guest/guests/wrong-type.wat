;; It takes get_config for a function of two parameters.
(module
  (import "env" "get_config" (func (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "main") (result i32) (i32.const 0)))
