;; A module that takes one type for another: only validation stands between this and a forged address.
(module
  (memory (export "memory") 1 1)
  (table 1 1 funcref)
  (func (export "main") @SIGNATURE@
    @CODE@))
