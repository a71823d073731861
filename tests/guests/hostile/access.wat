;; One load or store at an address that is not the guest's, or only in part.
  (memory (export "memory") 1 1)
  (func $act @ACCESS@)
