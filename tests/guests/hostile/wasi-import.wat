;; A WASI program that asks for what no host offers.
(module
  @IMPORT@
  (memory (export "memory") 1 1)
  (func (export "_start")))
