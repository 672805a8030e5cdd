//! The bit syntax: building and matching.
