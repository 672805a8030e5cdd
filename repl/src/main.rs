//! The `swerl` binary.
fn main() {}
