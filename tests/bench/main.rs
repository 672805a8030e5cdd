//! Times the programs of `programs/`.
fn main() {}
