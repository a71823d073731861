;; Publishes what only the fog may say, about another node, each cycle.
(module
  (import "env" "read_sensor" (func $read_sensor (param i32) (result i32)))
  (import "env" "delay_ms" (func $delay_ms (param i32)))
  (import "env" "mqtt_publish" (func $mqtt_publish (param i32 i32) (result i32)))
  (memory (export "memory") 1 1)
  (data (i32.const 16) "processed\00")
  (data (i32.const 64) "{\"timestamp\":1,\"device\":\"esp32-2\",\"source\":\"x\",\"raw\":1,\"pct\":1,\"irrigar\":0,\"ema\":1,\"anomaly\":0}\00")
  (func (export "main") (result i32)
    (loop $cycle
      (drop (call $read_sensor (i32.const 0)))
      (drop (call $mqtt_publish (i32.const 16) (i32.const 64)))
      (call $delay_ms (i32.const 1000))
      (br $cycle))
    (unreachable)))
