;; It asks for more memory than any board has to begin with.
(module
  (memory (export "memory") 100)
  (func (export "main") (result i32) (i32.const 0)))
