;; Does what has no result.
  (memory (export "memory") 1 1)
  (func $act @TRAP@)
