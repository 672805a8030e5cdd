//! From generic instructions of the bit syntax to specialised ones.

use super::emit::Emitter;
use super::loader::LoadError;
use super::transform::Translation;
use swerl_beam::Instr;

/// Translates one instruction of the bit syntax.
pub(super) fn instruction(
    _translation: &Translation<'_>,
    _out: &mut Emitter,
    instr: &Instr,
) -> Result<(), LoadError> {
    Err(LoadError::Unsupported(instr.op.name()))
}
