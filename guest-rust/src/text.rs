//! A NUL-terminated text of fixed capacity; what does not fit is dropped.

/// Room for `N - 1` bytes and the NUL.
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub const fn new() -> Self {
        Text { bytes: [0; N], length: 0 }
    }

    pub fn byte(&mut self, byte: u8) {
        if self.length + 1 < N {
            if let Some(slot) = self.bytes.get_mut(self.length) {
                *slot = byte;
                self.length += 1;
            }
        }
    }

    /// Not inlined, like `unsigned`: copies of these loops would double the module.
    #[inline(never)]
    pub fn string(&mut self, string: &[u8]) {
        for byte in string {
            self.byte(*byte);
        }
    }

    #[inline(never)]
    pub fn unsigned(&mut self, value: u32) {
        // Ten digits hold any u32; filled from the end.
        let mut digits = [0; 10];
        let mut rest = value;
        let mut first = 0;
        for (index, digit) in digits.iter_mut().enumerate().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
            first = index;
            if rest == 0 {
                break;
            }
        }
        self.string(digits.get(first..).unwrap_or_default());
    }

    pub fn signed(&mut self, value: i32) {
        if value < 0 {
            self.byte(b'-');
        }
        self.unsigned(value.unsigned_abs());
    }

    /// Starts again, cheaper than a new text, which is zeroed.
    pub fn clear(&mut self) {
        self.length = 0;
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// The text and its NUL, and maybe older bytes after it.
    pub fn terminated(&mut self) -> &[u8; N] {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = 0;
        }
        &self.bytes
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Telemetry would carry wrong numbers.
    #[test]
    fn writes_numbers_in_full() {
        let mut text = Text::<64>::new();
        text.signed(i32::MIN);
        text.byte(b' ');
        text.unsigned(u32::MAX);
        text.byte(b' ');
        text.signed(0);
        assert_eq!(text.as_bytes(), b"-2147483648 4294967295 0");
    }

    /// A long text would reach the host without its NUL.
    #[test]
    fn keeps_the_last_byte_for_the_nul() {
        let mut text = Text::<4>::new();
        text.string(b"abcdef");
        assert_eq!(text.terminated(), b"abc\0");
        text.clear();
        text.byte(b'x');
        assert_eq!(text.terminated(), b"x\0c\0");
    }
}
