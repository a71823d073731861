//! Binds the logic to the host's functions and exports it.

use core::cell::Cell;

use crate::abi::host_functions;
use crate::edge::{Edge, Host};
use crate::irrigation::{self, Detector, Filter};

host_functions!();

struct Imports;

// Sound: every function takes numbers, or addresses of texts that end with a NUL and outlive the call.
impl Host for Imports {
    fn read_sensor(&mut self, kind: i32) -> i32 {
        unsafe { read_sensor(kind) }
    }
    fn set_output(&mut self, pin: i32, level: i32) {
        unsafe { set_output(pin, level) }
    }
    fn delay_ms(&mut self, ms: i32) {
        unsafe { delay_ms(ms) }
    }
    fn log(&mut self, text: &[u8]) {
        unsafe { wasm_log(text.as_ptr()) }
    }
    fn log_int(&mut self, value: i32) {
        unsafe { log_int(value) }
    }
    fn publish(&mut self, topic: &[u8], payload: &[u8]) -> i32 {
        unsafe { mqtt_publish(topic.as_ptr(), payload.as_ptr()) }
    }
    fn config(&mut self, key: i32) -> i32 {
        unsafe { get_config(key) }
    }
}

/// State of the module between calls.
struct Kept<T>(Cell<T>);

// Sound: the module has one thread, and nothing calls back into it while a cell is in use.
unsafe impl<T> Sync for Kept<T> {}

impl<T: Copy> Kept<T> {
    fn update<R>(&self, step: impl FnOnce(&mut T) -> R) -> R {
        let mut value = self.0.get();
        let result = step(&mut value);
        self.0.set(value);
        result
    }
}

static FILTER: Kept<Filter> = Kept(Cell::new(Filter::new()));
static DETECTOR: Kept<Detector> = Kept(Cell::new(Detector::new()));

// The \x01 keeps the name as it is: LLVM wraps a function called `main` into main(argc, argv).
#[export_name = "\x01main"]
pub extern "C" fn guest_main() -> i32 {
    let mut edge = Edge::new(Imports);
    loop {
        edge.sample();
    }
}

#[no_mangle]
pub extern "C" fn process(raw: i32, dry: i32, wet: i32, threshold: i32) -> i32 {
    irrigation::process(raw, dry, wet, threshold)
}

#[no_mangle]
pub extern "C" fn filter_value(raw: i32) -> f32 {
    FILTER.update(|filter| filter.step(raw))
}

#[no_mangle]
pub extern "C" fn detect_anomaly(raw: i32) -> i32 {
    DETECTOR.update(|detector| detector.step(raw))
}
