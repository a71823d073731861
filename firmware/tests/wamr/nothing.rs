//! Cargo wants a target; nothing is built.
