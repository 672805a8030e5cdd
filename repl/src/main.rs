//! The `swerl` binary.
#![forbid(unsafe_code)]

fn main() {
    std::process::exit(swerl::run(std::env::args_os()));
}
