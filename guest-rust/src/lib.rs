//! The irrigation guest. The logic is safe Rust and tested on the host. Unsafe code is confined to
//! the wasm32 binding: `guest` (the host's own functions) or `wasi`, and `memory` below both.
#![cfg_attr(not(test), no_std)]
#![deny(unsafe_code)]

#[path = "abi.gen.rs"]
mod abi;
pub mod edge;
pub mod irrigation;
pub mod lines;
pub mod text;

#[cfg(all(target_arch = "wasm32", not(feature = "wasi")))]
#[allow(unsafe_code)]
mod guest;

#[cfg(target_arch = "wasm32")]
#[allow(unsafe_code)]
mod memory;

#[cfg(all(target_arch = "wasm32", feature = "wasi"))]
#[allow(unsafe_code)]
mod wasi;

/// Never runs: no reachable code panics, and the optimiser drops it.
#[cfg(all(target_arch = "wasm32", not(test)))]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
