//! The `swerl` binary.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    swerl::run(std::env::args_os())
}
