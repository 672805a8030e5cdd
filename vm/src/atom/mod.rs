//! Atoms: an append-only table from index to text, for the whole program.
//!
//! Indices never change and are never freed. [`names`] lists the atoms the machine itself names.

mod names;
mod table;

pub use names::*;
pub use table::{Atom, AtomError, count, limit, set_limit};
