//! Binds the line logic to WASI preview 1: stdin to stdout.

use core::arch::wasm32::unreachable;

use crate::lines::Lines;

#[repr(C)]
struct Slice {
    bytes: *const u8,
    length: usize,
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
extern "C" {
    /// Returns 0 or an errno, and stores the number of bytes moved; `fd_write` likewise.
    fn fd_read(fd: i32, slices: *const Slice, count: usize, moved: *mut usize) -> i32;
    fn fd_write(fd: i32, slices: *const Slice, count: usize, moved: *mut usize) -> i32;
    fn proc_exit(code: i32);
}

const STDIN: i32 = 0;
const STDOUT: i32 = 1;

fn exit_with_error() -> ! {
    // Sound: takes a number only.
    unsafe { proc_exit(1) };
    unreachable()
}

/// Fills the start of `chunk`; the number of bytes read, 0 at the end of input.
fn read(chunk: &mut [u8]) -> usize {
    let target = Slice { bytes: chunk.as_mut_ptr(), length: chunk.len() };
    let mut received = 0;
    // Sound: the slice describes `chunk`, borrowed for writing during the call.
    if unsafe { fd_read(STDIN, &target, 1, &mut received) } != 0 {
        exit_with_error();
    }
    received
}

fn write(mut rest: &[u8]) {
    while !rest.is_empty() {
        let source = Slice { bytes: rest.as_ptr(), length: rest.len() };
        let mut written = 0;
        // Sound: the slice describes `rest`, borrowed during the call.
        let status = unsafe { fd_write(STDOUT, &source, 1, &mut written) };
        // A write that moves nothing would be repeated for ever.
        rest = match rest.get(written..) {
            Some(unwritten) if status == 0 && written != 0 => unwritten,
            _ => exit_with_error(),
        };
    }
}

#[no_mangle]
pub extern "C" fn _start() {
    let mut lines = Lines::new();
    let mut chunk = [0; 256];
    loop {
        let received = read(&mut chunk);
        if received == 0 {
            break;
        }
        for byte in chunk.get(..received).unwrap_or_else(|| exit_with_error()) {
            if lines.feed(*byte) {
                write(lines.answer.as_bytes());
            }
        }
    }
    if lines.end() {
        write(lines.answer.as_bytes());
    }
}
