//! Lines in, one answer a line out. A line is `raw` or `raw,dry,wet,threshold`, decimal, without
//! blanks; the answer is a JSON object and a newline. A line that is neither gets `{"error":"..."}`
//! and leaves the filter and the detector as they were.

use crate::abi;
use crate::irrigation::{process, Detector, Filter};
use crate::text::Text;

/// Four `i32` with commas and a carriage return are at most 48 bytes.
const MAX_BYTES: usize = 63;

pub struct Lines {
    line: Text<{ MAX_BYTES + 1 }>,
    overlong: bool,
    filter: Filter,
    detector: Detector,
    /// The last answer. Longest: 76 bytes for a reading, 74 for an error.
    pub answer: Text<96>,
}

impl Lines {
    pub const fn new() -> Self {
        Lines {
            line: Text::new(),
            overlong: false,
            filter: Filter::new(),
            detector: Detector::new(),
            answer: Text::new(),
        }
    }

    /// Takes one byte of input; true when it ended a line and the answer is ready.
    pub fn feed(&mut self, byte: u8) -> bool {
        if byte == b'\n' {
            self.reply();
            return true;
        }
        if self.line.as_bytes().len() == MAX_BYTES {
            self.overlong = true;
        } else {
            self.line.byte(byte);
        }
        false
    }

    /// Ends the input; true when it had a last line without a newline and the answer is ready.
    pub fn end(&mut self) -> bool {
        if self.line.as_bytes().is_empty() {
            return false;
        }
        self.reply();
        true
    }

    fn reply(&mut self) {
        let line = self.line.as_bytes();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.answer.clear();
        if self.overlong {
            self.answer.string(b"{\"error\":\"line longer than 63 bytes\"}\n");
        } else if let Some(fields) = parse_line(line) {
            self.write_reading(fields);
        } else {
            self.answer.string(b"{\"error\":\"expected raw or raw,dry,wet,threshold as 32-bit integers\"}\n");
        }
        self.line.clear();
        self.overlong = false;
    }

    fn write_reading(&mut self, [raw, dry, wet, threshold]: [i32; 4]) {
        let verdict = process(raw, dry, wet, threshold);
        let irrigate = verdict & abi::VERDICT_IRRIGATE_BIT != 0;
        let average = self.filter.step(raw);
        let anomaly = self.detector.step(raw);
        let text = &mut self.answer;
        text.string(b"{\"raw\":");
        text.signed(raw);
        text.string(b",\"pct\":");
        text.signed(verdict & abi::VERDICT_PERCENT_MASK);
        text.string(b",\"irrigar\":");
        text.unsigned(u32::from(irrigate));
        text.string(b",\"ema\":");
        write_average(text, average);
        text.string(b",\"anomaly\":");
        text.signed(anomaly);
        text.string(b"}\n");
    }
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

/// Two decimals, halves away from zero; the products are exact in double precision.
fn write_average<const N: usize>(text: &mut Text<N>, average: f32) {
    let average = f64::from(average);
    let magnitude = if average < 0.0 { -average } else { average };
    let hundredths = (magnitude * 100.0 + 0.5) as u64;
    if average < 0.0 && hundredths != 0 {
        text.byte(b'-');
    }
    text.unsigned((hundredths / 100) as u32);
    text.byte(b'.');
    text.unsigned((hundredths / 10 % 10) as u32);
    text.unsigned((hundredths % 10) as u32);
}

/// The four numbers of a line, the last three by default those of the ABI.
fn parse_line(line: &[u8]) -> Option<[i32; 4]> {
    let mut fields = line.split(|&byte| byte == b',');
    let raw = parse_number(fields.next()?)?;
    let numbers = match fields.next() {
        None => [raw, abi::DEFAULT_DRY, abi::DEFAULT_WET, abi::DEFAULT_THRESHOLD],
        Some(dry) => {
            let wet = fields.next()?;
            let threshold = fields.next()?;
            [raw, parse_number(dry)?, parse_number(wet)?, parse_number(threshold)?]
        }
    };
    match fields.next() {
        None => Some(numbers),
        Some(_) => None,
    }
}

fn parse_number(field: &[u8]) -> Option<i32> {
    let (negative, digits) = match field {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() {
        return None;
    }
    let mut value: i64 = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        // Kept negative, because the negative half of i32 is the larger one.
        value = value * 10 - i64::from(byte - b'0');
        if value < i64::from(i32::MIN) {
            return None;
        }
    }
    i32::try_from(if negative { value } else { -value }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(input: &[u8]) -> Vec<String> {
        let mut lines = Lines::new();
        let mut all = vec![];
        for byte in input {
            if lines.feed(*byte) {
                all.push(String::from_utf8(lines.answer.as_bytes().to_vec()).unwrap());
            }
        }
        if lines.end() {
            all.push(String::from_utf8(lines.answer.as_bytes().to_vec()).unwrap());
        }
        all
    }

    /// A fog node fed by a script would give wrong results.
    #[test]
    fn answers_each_line() {
        assert_eq!(
            answers(b"1830\r\n1835,3000,1000,1900"),
            [
                "{\"raw\":1830,\"pct\":52,\"irrigar\":1,\"ema\":1830.00,\"anomaly\":0}\n",
                "{\"raw\":1835,\"pct\":59,\"irrigar\":0,\"ema\":1831.00,\"anomaly\":0}\n",
            ]
        );
    }

    /// One bad line would stop the rest, or be taken for a reading.
    #[test]
    fn refuses_malformed_lines_and_goes_on() {
        let long = format!("{}\n", "1".repeat(64));
        for line in
            ["\n", "x\n", "1,2\n", "1,2,3,4,5\n", "1,\n", "+1\n", " 1\n", "2147483648\n", "-\n", &long]
        {
            let all = answers(&[line.as_bytes(), b"-2147483648\n"].concat());
            assert!(all[0].starts_with("{\"error\":\""), "{line:?} gave {}", all[0]);
            assert!(all[1].contains("\"ema\":-2147483648.00,"), "{}", all[1]);
        }
    }
}
