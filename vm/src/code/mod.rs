//! Code: from decoded modules to what the interpreter runs.

pub mod validate;
