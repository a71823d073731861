;; Lets the engine write function references outside the table, when it is instantiated.
  (memory (export "memory") 1 1)
  (table 2 2 funcref)
  (elem (i32.const @INDEX@) $act $act)
  (func $act)
