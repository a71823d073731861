;; Calls through a table where no function of that type is.
  (memory (export "memory") 1 1)
  (type $number (func (param i32) (result i32)))
  (table 4 4 funcref)
  (elem (i32.const 0) $nothing)
  (func $nothing)
  (func $act (drop (call_indirect (type $number) (i32.const 1) (i32.const @INDEX@))))
