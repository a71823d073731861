;; Computes for ever without calling its host.
  (memory (export "memory") 1 1)
  (type $nothing (func))
  (func $nothing)
  (func $act
    (local $count i32)
    @LOOP@)
