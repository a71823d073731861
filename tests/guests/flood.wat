;; Publishes a thousand messages each cycle.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "mqtt_publish" (func $mqtt_publish (param i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (data (i32.const 16) "ic/esp32/data\00")
  (data (i32.const 64) "{\"raw\":1500,\"pct\":74,\"irrigar\":0}\00")
  (func (export "main") (result i32)
    (local $left i32)
    (loop $cycle
      (drop (call $read_sensor (i32.const 0)))
      (local.set $left (i32.const 1000))
      (loop $message
        (drop (call $mqtt_publish (i32.const 16) (i32.const 64)))
        (br_if $message (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
      (call $delay_ms (i32.const 1000))
      (br $cycle))
    (unreachable)))
