;; Declares more than a guest may have, so that the engine would set it aside when it is instantiated.
  (memory (export "memory") @MEMORY@)
  (table @TABLE@ funcref)
  (func $act)
