;; A bulk operation whose range leaves the guest's memory, or the segment that it reads.
  (memory (export "memory") 1 1)
  (data $segment "twelve bytes")
  (func $act @BULK@)
