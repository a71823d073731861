;; Gives a host function a pointer that is none. All memory from 2048 on is filled with the letter A, without a NUL.
  (memory (export "memory") 1 1)
  (data (i32.const 16) "data\00")
  (data (i32.const 64) "{\22raw\22:1}\00")
  (data (i32.const 1024) "@TEXT@")
  (func $act
    (memory.fill (i32.const 2048) (i32.const 65) (i32.const 63488))
    @CALL@)
