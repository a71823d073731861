;; Publishes where it may not. The number noted is what the host answered.
  (memory (export "memory") 1 1)
  (data (i32.const 16) "@TOPIC@\00")
  (data (i32.const 512) "{\22raw\22:1,\22pct\22:100,\22irrigar\22:0}\00")
  (func $act (call $note (call $mqtt_publish (i32.const 16) (i32.const 512))))
