//! The edge loop, over a host given as a trait so that it runs in host tests too.

use crate::abi;
use crate::irrigation::{process, wanted};
use crate::text::Text;

const DATA_TOPIC: &[u8] = concat!(abi::topic_prefix!(), "data\0").as_bytes();
const STATUS_TOPIC: &[u8] = concat!(abi::topic_prefix!(), "status\0").as_bytes();

/// What the loop needs. Texts end with a NUL.
pub trait Host {
    fn read_sensor(&mut self, kind: i32) -> i32;
    fn set_output(&mut self, pin: i32, level: i32);
    fn delay_ms(&mut self, ms: i32);
    fn log(&mut self, text: &[u8]);
    fn log_int(&mut self, value: i32);
    /// 0, or negative on refusal.
    fn publish(&mut self, topic: &[u8], payload: &[u8]) -> i32;
    fn config(&mut self, key: i32) -> i32;
}

#[derive(Clone, Copy, PartialEq)]
enum Condition {
    Unknown,
    Missing,
    Moist,
    Irrigating,
}

impl Condition {
    fn words(self) -> &'static [u8] {
        match self {
            Condition::Irrigating => b"irrigating\0",
            Condition::Moist => b"moist enough\0",
            Condition::Missing | Condition::Unknown => b"sensor missing\0",
        }
    }
}

pub struct Edge<H: Host> {
    pub host: H,
    condition: Condition,
    heartbeat: i32,
    /// Telemetry attempts, so that a gap downstream shows a loss; wraps.
    sequence: u32,
    refused: i32,
    /// Longest: ten digits each for raw and seq, three for pct: 61 bytes with the NUL.
    payload: Text<72>,
}

impl<H: Host> Edge<H> {
    pub fn new(mut host: H) -> Self {
        host.log(b"irrigation guest started\0");
        Edge {
            host,
            condition: Condition::Unknown,
            heartbeat: 0,
            sequence: 0,
            refused: 0,
            payload: Text::new(),
        }
    }

    /// One cycle, from the reading to the pause after it.
    pub fn sample(&mut self) {
        let raw = self.host.read_sensor(abi::SENSOR_SOIL_MOISTURE);
        let dry = self.host.config(abi::CONFIG_DRY);
        let wet = self.host.config(abi::CONFIG_WET);
        let threshold = self.host.config(abi::CONFIG_THRESHOLD);
        let period_ms = self.host.config(abi::CONFIG_PERIOD_MS);
        let hysteresis = self.host.config(abi::CONFIG_HYSTERESIS);

        let mut condition = Condition::Missing;
        let mut verdict = 0;
        if raw >= 0 {
            verdict = process(raw, dry, wet, threshold);
            let watering = self.condition == Condition::Irrigating;
            let watering = wanted(watering, verdict, raw, threshold, hysteresis);
            condition = if watering { Condition::Irrigating } else { Condition::Moist };
        }

        self.show(condition);
        if raw >= 0 {
            self.publish_telemetry(raw, verdict, condition);
        }
        if condition != self.condition {
            self.condition = condition;
            let words = condition.words();
            self.host.log(words);
            self.host.log_int(raw);
            let status = self.host.publish(STATUS_TOPIC, words);
            self.count_refusal(status);
        }
        self.host.delay_ms(period_ms.max(abi::LIMIT_MIN_PERIOD_MS));
    }

    /// Without a verdict both the red and the green LED stay dark.
    fn show(&mut self, condition: Condition) {
        let irrigating = i32::from(condition == Condition::Irrigating);
        self.heartbeat ^= 1;
        self.host.set_output(abi::PIN_PUMP, irrigating);
        self.host.set_output(abi::PIN_RED, irrigating);
        self.host.set_output(abi::PIN_GREEN, i32::from(condition == Condition::Moist));
        self.host.set_output(abi::PIN_BLUE, self.heartbeat);
    }

    fn publish_telemetry(&mut self, raw: i32, verdict: i32, condition: Condition) {
        self.payload.clear();
        self.payload.string(b"{\"raw\":");
        self.payload.signed(raw);
        self.payload.string(b",\"pct\":");
        self.payload.signed(verdict & abi::VERDICT_PERCENT_MASK);
        self.payload.string(b",\"irrigar\":");
        self.payload.unsigned(u32::from(condition == Condition::Irrigating));
        self.payload.string(b",\"seq\":");
        self.payload.unsigned(self.sequence);
        self.payload.string(b"}");
        self.sequence = self.sequence.wrapping_add(1);
        let status = self.host.publish(DATA_TOPIC, self.payload.terminated());
        self.count_refusal(status);
    }

    /// Not inlined: it has two callers and the module is to stay below 2 KiB.
    #[inline(never)]
    fn count_refusal(&mut self, status: i32) {
        if status < 0 {
            self.refused = self.refused.wrapping_add(1);
            self.host.log(b"publish refused, so far:\0");
            self.host.log_int(self.refused);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Recorder {
        raw: i32,
        calls: Vec<String>,
    }

    fn words(text: &[u8]) -> &str {
        let end = text.iter().position(|&byte| byte == 0).expect("a NUL");
        core::str::from_utf8(&text[..end]).unwrap()
    }

    impl Host for Recorder {
        fn read_sensor(&mut self, _: i32) -> i32 {
            self.raw
        }
        fn set_output(&mut self, pin: i32, level: i32) {
            self.calls.push(format!("{pin}={level}"));
        }
        fn delay_ms(&mut self, ms: i32) {
            self.calls.push(format!("delay {ms}"));
        }
        fn log(&mut self, text: &[u8]) {
            self.calls.push(format!("log {}", words(text)));
        }
        fn log_int(&mut self, value: i32) {
            self.calls.push(format!("log {value}"));
        }
        fn publish(&mut self, topic: &[u8], payload: &[u8]) -> i32 {
            self.calls.push(format!("{} {}", words(topic), words(payload)));
            -1
        }
        fn config(&mut self, key: i32) -> i32 {
            [2600, 1100, 1700, 20, 0].get(key as usize).copied().unwrap_or(0)
        }
    }

    /// A node without a probe would water, or flood the broker with the same status.
    #[test]
    fn reports_a_missing_sensor_once_and_stops_the_pump() {
        let mut edge = Edge::new(Recorder { raw: 1830, calls: vec![] });
        edge.sample();
        edge.host.raw = -1;
        edge.sample();
        edge.sample();
        let calls = &edge.host.calls;
        assert_eq!(calls[..5], ["log irrigation guest started", "23=1", "18=1", "19=0", "21=1"]);
        assert_eq!(calls[5], "ic/esp32/data {\"raw\":1830,\"pct\":52,\"irrigar\":1,\"seq\":0}");
        assert_eq!(calls.iter().filter(|call| *call == "ic/esp32/status sensor missing").count(), 1);
        assert_eq!(calls.iter().filter(|call| *call == "23=0").count(), 2);
        assert_eq!(calls.last().unwrap(), "delay 100");
    }

    /// Refused messages would vanish without a trace.
    #[test]
    fn counts_refused_messages() {
        let mut edge = Edge::new(Recorder { raw: 1500, calls: vec![] });
        edge.sample();
        edge.sample();
        let counted = edge.host.calls.iter().filter(|call| call.ends_with("so far:")).count();
        assert_eq!(counted, 3);
        assert!(edge.host.calls.contains(&"log 3".to_string()));
    }
}
