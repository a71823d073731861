//! What the guest decides. Every function is total: no `i32` panics or traps.

use crate::abi;

/// Bits 0-7: moisture percent, bit 8: irrigate. The percent is
/// `100 - (raw - wet) * 100 / (dry - wet)`, truncated, clamped to 0..=100; 0 when dry equals wet, for
/// then there is no scale.
pub fn process(raw: i32, dry: i32, wet: i32, threshold: i32) -> i32 {
    // 64 bits: the differences span 33 bits, and times 100 at most 40.
    let span = i64::from(dry) - i64::from(wet);
    let fall = (i64::from(raw) - i64::from(wet)) * 100;
    // wrapping_div only to keep the unreachable overflow panic out of the binary.
    let percent = if span == 0 { 0 } else { (100 - fall.wrapping_div(span)).clamp(0, 100) };
    let irrigate = if raw > threshold { abi::VERDICT_IRRIGATE_BIT } else { 0 };
    percent as i32 | irrigate
}

/// Whether to water: above the threshold always; once on, until the reading is at or below
/// `threshold - hysteresis`. A negative hysteresis has no effect.
pub fn wanted(watering: bool, verdict: i32, raw: i32, threshold: i32, hysteresis: i32) -> bool {
    verdict & abi::VERDICT_IRRIGATE_BIT != 0
        || watering && i64::from(raw) > i64::from(threshold) - i64::from(hysteresis)
}

/// Exponential moving average in single precision, ADC counts.
#[derive(Clone, Copy)]
pub struct Filter {
    ema: f32,
    primed: bool,
}

impl Filter {
    pub const fn new() -> Self {
        Filter { ema: 0.0, primed: false }
    }

    /// One step; the first sample initialises the average.
    pub fn step(&mut self, raw: i32) -> f32 {
        let sample = raw as f32;
        if self.primed {
            self.ema += (sample - self.ema) * abi::FILTER_ALPHA;
        } else {
            *self = Filter { ema: sample, primed: true };
        }
        self.ema
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self::new()
    }
}

/// Finds spikes, stuck probes and readings out of range.
#[derive(Clone, Copy)]
pub struct Detector {
    /// Last accepted level, ADC counts.
    level: i32,
    /// Consecutive spikes seen so far.
    spikes: i32,
    previous: i32,
    /// Length of the run of samples equal to `previous`; stops growing at the rule's limit.
    identical: i32,
    primed: bool,
}

impl Detector {
    pub const fn new() -> Self {
        Detector { level: 0, spikes: 0, previous: 0, identical: 0, primed: false }
    }

    /// An anomaly code. Samples out of the plausible range leave the state untouched. The last of
    /// `RULE_SPIKES_TO_ACCEPT` consecutive spikes is still reported and becomes the new level.
    pub fn step(&mut self, raw: i32) -> i32 {
        if raw < abi::RULE_PLAUSIBLE_MIN || raw > abi::RULE_PLAUSIBLE_MAX {
            return abi::ANOMALY_OUT_OF_RANGE;
        }
        if !self.primed {
            *self = Detector { level: raw, spikes: 0, previous: raw, identical: 1, primed: true };
            return abi::ANOMALY_NONE;
        }
        if raw != self.previous {
            self.previous = raw;
            self.identical = 1;
        } else if self.identical < abi::RULE_STUCK_SAMPLES {
            self.identical += 1;
        }

        // Both are within the plausible range, so the difference cannot overflow.
        if (raw - self.level).abs() > abi::RULE_SPIKE_DELTA {
            self.spikes += 1;
            if self.spikes >= abi::RULE_SPIKES_TO_ACCEPT {
                self.spikes = 0;
                self.level = raw;
            }
            return abi::ANOMALY_SPIKE;
        }
        self.spikes = 0;
        self.level = raw;
        if self.identical >= abi::RULE_STUCK_SAMPLES {
            abi::ANOMALY_STUCK
        } else {
            abi::ANOMALY_NONE
        }
    }
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grower would see a wrong moisture at the two calibration points and between them.
    #[test]
    fn percent_follows_the_calibration() {
        assert_eq!(process(1100, 2600, 1100, 1700), 100);
        assert_eq!(process(2600, 2600, 1100, 1700), 256);
        assert_eq!(process(1830, 2600, 1100, 1700), 256 + 52);
        assert_eq!(process(1700, 2600, 1100, 1700), 60);
    }

    /// A host feeding nonsense would crash the node.
    #[test]
    fn extremes_do_not_panic() {
        let edges = [i32::MIN, i32::MIN + 1, -1, 0, 1, i32::MAX - 1, i32::MAX];
        for raw in edges {
            for dry in edges {
                for wet in edges {
                    let percent = process(raw, dry, wet, 0) & abi::VERDICT_PERCENT_MASK;
                    assert!((0..=100).contains(&percent));
                    let verdict = process(raw, 0, 0, dry);
                    assert!(wanted(true, verdict, raw, dry, wet) || raw <= dry);
                }
            }
        }
    }

    /// The pump would chatter around the threshold.
    #[test]
    fn hysteresis_holds_the_pump_on() {
        let step = |on, raw, band| wanted(on, process(raw, 2600, 1100, 1700), raw, 1700, band);
        assert!(!step(false, 1700, 100));
        assert!(step(false, 1701, 100));
        assert!(step(true, 1601, 100));
        assert!(!step(true, 1600, 100));
        assert!(!step(true, 1700, 0));
        assert!(!step(true, 1700, -100));
    }

    /// The fog would start its average from zero and report a drought's end for minutes.
    #[test]
    fn filter_starts_at_the_first_sample() {
        let mut filter = Filter::new();
        assert_eq!(filter.step(1000), 1000.0);
        assert_eq!(filter.step(2000), 1200.0);
    }

    /// A probe moved to another pot would be reported as a spike for ever.
    #[test]
    fn third_spike_becomes_the_level() {
        let mut detector = Detector::new();
        let codes = [1500, 1850, 2201, 2201, 2201, 2201, 1850].map(|raw| detector.step(raw));
        assert_eq!(codes, [0, 0, 1, 1, 1, 0, 1]);
    }

    /// A probe that died on one value would be trusted.
    #[test]
    fn ten_identical_samples_are_stuck() {
        let mut detector = Detector::new();
        for _ in 0..9 {
            assert_eq!(detector.step(1500), abi::ANOMALY_NONE);
        }
        assert_eq!(detector.step(1500), abi::ANOMALY_STUCK);
        assert_eq!(detector.step(4095), abi::ANOMALY_OUT_OF_RANGE);
        assert_eq!(detector.step(1500), abi::ANOMALY_STUCK);
        assert_eq!(detector.step(1501), abi::ANOMALY_NONE);
    }
}
