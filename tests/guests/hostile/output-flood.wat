;; Prints without end.
  (memory (export "memory") 1 1)
  (data (i32.const 512) "\00\10\00\00\00\10\00\00")
  (func $act
    (memory.fill (i32.const 4096) (i32.const 65) (i32.const 4096))
    (loop $again
      (drop (call $fd_write (i32.const 1) (i32.const 512) (i32.const 1) (i32.const 528)))
      (br $again)))
