;; Opens a file that it was never given. The number noted is the answer, 0 for success.
  (memory (export "memory") 1 1)
  (data (i32.const 512) "@PATH@")
  (func $act
    (call $note
      (call $path_open (i32.const @FD@) (i32.const 0) (i32.const 512) (i32.const @LENGTH@) (i32.const 0)
        (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 1024))))
