;; Never ends its start function, which runs before anybody has called the guest.
  (memory (export "memory") 1 1)
  (func $act)
  (func $start (loop $forever (br $forever)))
  (start $start)
