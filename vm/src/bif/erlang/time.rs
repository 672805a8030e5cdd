//! To be filled.
use crate::bif::Native;
pub(super) const NATIVES: &[Native] = &[];
