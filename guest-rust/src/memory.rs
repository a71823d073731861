//! What the compiler calls behind the code's back, so that the module links without a runtime library.

/// Fills memory, chiefly to zero large values.
///
/// # Safety
/// `to` must be valid for writes of `length` bytes.
#[no_mangle]
pub unsafe extern "C" fn memset(to: *mut u8, value: i32, length: usize) -> *mut u8 {
    for offset in 0..length {
        // Volatile, or the loop itself would become a call of memset.
        to.add(offset).write_volatile(value as u8);
    }
    to
}
