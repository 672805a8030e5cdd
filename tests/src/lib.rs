//! The harness behind the checks of the whole of swerl. What is checked lies in files beside it:
//! shell sessions in `transcripts/`, programs with OTP 25's output in `conformance/`. The tests that
//! play them belong to the package of the binary, so that cargo builds it first.
#![forbid(unsafe_code)]

pub mod conformance;
pub mod known_failures;
pub mod mutation;
pub mod pattern;
pub mod player;
pub mod process;
pub mod script;
pub mod terminal;
