;; Calls a host function a hundred thousand times before each pause, for ever.
  (memory (export "memory") 1 1)
  (data (i32.const 16) "data\00")
  (data (i32.const 64) "{\22raw\22:1500,\22pct\22:74,\22irrigar\22:0}\00")
  (func $act
    (local $left i32)
    (loop $cycle
      (local.set $left (i32.const 100000))
      (loop $again
        @CALL@
        (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (call $delay_ms (i32.const 1000))
      (br $cycle)))
