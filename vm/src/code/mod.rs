//! Loaded code: modules with current and old instances, export entries, fun entries, loading and purging.
#![allow(
    unsafe_code,
    reason = "`loader` writes code words, `export_table` and `fun_table` hold their addresses"
)]

pub(crate) mod area;
pub(crate) mod emit;
pub(crate) mod export_table;
pub(crate) mod fun_table;
pub(crate) mod instance;
pub(crate) mod lazy;
pub(crate) mod lead;
pub(crate) mod loader;
pub(crate) mod meeting;
pub(crate) mod module_table;
pub(crate) mod prim_eval;
pub(crate) mod purge;
pub(crate) mod purger;
pub(crate) mod stacktrace;
pub(crate) mod transform;
pub mod validate;

pub use export_table::external_fun;
pub use loader::{LoadError, check};
pub(crate) use module_table::Code;
pub use module_table::{Bundle, BundledFile};
