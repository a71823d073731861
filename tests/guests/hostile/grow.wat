;; Asks for more memory than a guest may have, and uses what it gets. The number noted is what the guest then has, in pages.
  (memory (export "memory") 1 @MAXIMUM@)
  (func $act
    (local $left i32)
    (local.set $left (i32.const @TIMES@))
    (loop $more
      (if (i32.ne (memory.grow (i32.const @PAGES@)) (i32.const -1))
        (then (i32.store8 (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 1)) (i32.const 1))))
      (br_if $more (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (call $note (memory.size)))
