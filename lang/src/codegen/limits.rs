//! What the instruction set fixes: register numbers, and how large an integer may stand in an instruction.

/// "None" in tables of registers.
pub const NO_REGISTER: u16 = u16::MAX;

/// How many X registers code may use; the machine keeps the ones above for itself.
pub const X_REGISTERS: u16 = 1023;

/// How many slots a frame may have.
pub const Y_REGISTERS: u16 = 1023;

/// Whether an integer is a small on every machine: only such may be cases of a `select_val`.
#[must_use]
pub fn is_small(integer: i64) -> bool {
    (-(1 << 59)..1 << 59).contains(&integer)
}
