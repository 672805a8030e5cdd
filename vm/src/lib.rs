//! The machine: loads BEAM files and runs them as Erlang processes. Knows nothing of Erlang source.

pub mod code;
