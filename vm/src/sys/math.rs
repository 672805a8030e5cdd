//! Mathematical functions of the C library that the standard library of Rust has not, or computes otherwise.

unsafe extern "C" {
    // SAFETY: functions of a number, without a state.
    pub(crate) safe fn asinh(x: f64) -> f64;
    pub(crate) safe fn acosh(x: f64) -> f64;
    pub(crate) safe fn atanh(x: f64) -> f64;
    pub(crate) safe fn erf(x: f64) -> f64;
    pub(crate) safe fn erfc(x: f64) -> f64;
}
