//! Processes: their state, the signals between them, mailboxes, links, monitors, exits.
#![allow(unsafe_code, reason = "a process's own part is reached through the right of whoever runs it")]

pub(crate) mod dictionary;
pub(crate) mod exception;
pub(crate) mod exit;
pub(crate) mod handle;
pub(crate) mod inbox;
pub(crate) mod kept_calls;
pub(crate) mod mailbox;
pub(crate) mod places;
pub(crate) mod process;
pub(crate) mod registry;
pub(crate) mod relations;
pub(crate) mod signal;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod uncommon;
pub(crate) mod visit;

pub use exception::{Class, Exception};
pub(crate) use process::Process;
pub(crate) use signal::{Signal, SignalBody};
