;; Lets the engine itself write outside the memory, when it is instantiated.
  (memory (export "memory") 1 1)
  (data (i32.const @ADDRESS@) "eight...")
  (func $act)
