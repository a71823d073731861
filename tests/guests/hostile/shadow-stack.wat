;; What a C program does whose arrays need more than its stack: the stack pointer, which begins at 4096, goes below
;; zero, and the next write is at an address near 4 GiB.
  (memory (export "memory") 1 1)
  (global $stack_pointer (mut i32) (i32.const 4096))
  (func $frame (param $depth i32)
    (local $frame i32)
    (global.set $stack_pointer (local.tee $frame (i32.sub (global.get $stack_pointer) (i32.const 512))))
    (i64.store offset=8 (local.get $frame) (i64.const -1))
    (if (local.get $depth) (then (call $frame (i32.sub (local.get $depth) (i32.const 1)))))
    (global.set $stack_pointer (i32.add (local.get $frame) (i32.const 512))))
  (func $act (call $frame (i32.const 20)))
