;; Calls a host function with a number that means nothing. What is noted is what the host answered.
  (memory (export "memory") 1 1)
  (func $act @CALL@)
