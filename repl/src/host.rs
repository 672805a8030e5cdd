//! The native functions that need the compiler, the embedded libraries or the terminal: what the machine
//! itself knows nothing of. They are registered when a machine is started.

mod behaviours;
pub mod code;
pub mod compile;
pub mod convert;
pub mod files;
pub mod source;
pub mod terms;
pub mod tty;

use swerl_vm::Native;

/// All of them, for [`swerl_vm::Vm::start`].
#[must_use]
pub fn natives() -> Vec<&'static [Native]> {
    vec![code::NATIVES, source::NATIVES, tty::NATIVES]
}
