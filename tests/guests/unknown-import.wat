;; Asks for a function that no host has.
(module
  (import "env" "launch_missiles" (func $launch_missiles (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (memory (export "memory") 1 1)
  (func (export "main") (result i32)
    (loop $cycle
      (drop (call $launch_missiles (i32.const 1)))
      (call $delay_ms (i32.const 1000))
      (br $cycle))
    (unreachable)))
