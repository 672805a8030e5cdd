//! Checks the tables of a module before it is loaded, and each function before it runs: whatever is accepted here can
//! run without undefined behaviour, whoever wrote the file.
//!
//! What holds for an accepted function, and the loader and the interpreter may rely on:
//!
//! - Operands have the kinds that their opcode's row in `for_each_genop!` says; registers, labels, and indices of
//!   imports, literals, funs, strings and lines are in range; lists are well formed.
//! - Code is a sequence of functions. Jumps stay in their function; calls, exports and funs name function
//!   entries of the right arity.
//! - No register is read before it is written, on any path. What stands in it may be any term: an instruction that
//!   takes a term apart has to look at it, unless [`Facts::is_proved`].
//! - The frame is the same on all paths to an instruction ([`Frame::Mixed`] marks the exception: instructions
//!   that only raise). Wherever a collection may happen, every slot of the frame is initialised, by what came before or
//!   because frames are opened with cleared slots ([`Validated::needs_zeroed_frames`]).
//! - A slot that holds a `catch` or `try` tag is only touched by the instructions that close it, innermost
//!   first; a handler begins with the instruction that closes its tag.
//! - Instructions that build terms without reserving heap find it reserved, in the three kinds that a reservation
//!   counts apart: `put_list` two words; `put_tuple2` and `update_record` the elements and one word
//!   more; `fmove` to a register one float; `make_fun3` one fun, and one word for each free variable.
//! - Every path ends in a return, tail call, raise or jump.
//!
//! What the interpreter has to know of single instructions:
//!
//! - An instruction with a `live` operand may name registers beyond it as its sources: they are roots too.
//! - `catch_end`, `try_end` and `try_case` leave an ordinary term in the slot of the tag.
//! - At a handler X0 to X2 are set. `catch_end` also comes without an exception, with its value in X0.
//! - `raw_raise` that does not raise changes no more than X0, and does not collect.
//! - `wait_timeout` whose label leads to itself does not read its time again when a message wakes the process.
//! - `set_tuple_element` finds a tuple made by `setelement/3` just before; but it may have fewer elements.
//! - What `call_fun2` says of its fun, and what types say of registers, is a claim of the compiler, not proved.
//! - `bs_start_match4` may find any term, also with `no_fail` and `resume`; `bs_set_position` any position.
//! - A bit string begun with `bs_init2`, `bs_init_bits`, `bs_append` or `bs_private_append` has its segments in the
//!   instructions right behind, whose labels are its own; what they read is there before it is begun.
//! - `remove_message` may come where no message was fetched.
//!
//! What is accepted may still raise at run time anything that it likes, or loop for ever.

mod bits;
mod error;
mod flow;
mod kinds;
mod narrow;
mod operands;
mod state;
mod step;
mod tables;

pub(super) use bits::puts_segment;
pub use error::{ValidateError, ValidateErrorKind};
pub(super) use flow::begins_try_handler;
pub(super) use narrow::highest_element;

use swerl_beam::{Atom, CodeOutline, Import, Module};
pub(super) use tables::Layout;

/// X registers that code may use: X0 up to one less.
pub const MAX_X: u16 = 1024;
/// Slots that a frame may have.
pub const MAX_Y: u16 = 1024;
/// Floating-point registers that code may use.
pub const MAX_FR: u16 = 64;
/// The highest arity of a function.
pub const MAX_ARITY: u16 = 255;
/// Heap words that one instruction may reserve.
pub const MAX_NEED: u32 = 1 << 20;

/// The frame that is open at an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Frame {
    /// None: the return address of the caller is on top of the stack.
    None,
    /// One with so many slots.
    Slots(u16),
    /// Different ones, by the path taken. Only where nothing but a raise follows.
    Mixed,
}

/// What is known when control reaches an instruction, before it is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The frame.
    pub frame: Frame,
    /// How many X registers may hold something that is still needed: what the instruction itself says (its
    /// `live` operand, or the arguments of a call), else as many as are initialised without a gap.
    pub live_x: u16,
    /// Whether the term that the instruction takes apart (`get_list`, `get_tuple_element`, `test_arity`,
    /// `get_map_elements`, `bs_get_integer2`, `fmove` from a register, ...) is known to be of the kind that it
    /// needs, with the elements that it names. Else the instruction must look.
    pub is_proved: bool,
    /// Whether both operands of an operator or comparison are known to be floats.
    pub takes_floats: bool,
}

/// An open `catch` or `try`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Handler {
    /// The slot that holds its tag.
    pub slot: u16,
    /// Where to go on an exception: there stands the `catch_end` or `try_case` of the slot.
    pub label: u32,
    /// Whether it is a `catch`, and not a `try`.
    pub is_catch: bool,
}

/// A function, as instruction numbers of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: Atom,
    /// Its arity.
    pub arity: u32,
    /// Its `func_info`.
    pub info: u32,
    /// Its entry: the label after `func_info`.
    pub entry: u32,
}

/// What validation found out about an accepted function.
#[derive(Clone, Debug)]
pub(super) struct Validated {
    /// Whether something in it may raise or collect while a slot of the frame may not be initialised, so that who looks
    /// through the stack would find what stood there before: its `allocate` instructions must clear the slots.
    pub(super) needs_zeroed_frames: bool,
    /// By instruction; `None` where control never comes.
    facts: Vec<Option<Facts>>,
}

impl Validated {
    /// What is known before the instruction with this number; `None` when control never comes there.
    pub(super) fn facts(&self, instruction: usize) -> Option<Facts> {
        self.facts.get(instruction).copied().flatten()
    }
}

/// Whether a call of this function never comes back, so that nothing need follow it and no frame be closed.
///
/// Compilers rely on it for these and no others: a tail call to one of them may stand where a frame is open.
#[must_use]
pub fn never_returns(import: &Import) -> bool {
    import.module.as_str() == "erlang"
        && matches!(
            (import.function.as_str(), import.arity),
            ("error", 1..=3) | ("exit" | "throw", 1) | ("nif_error", 1 | 2)
        )
}

/// The functions of a module whose code is decoded one function at a time, and whether the machine has all
/// instructions and functions of guards that it uses.
///
/// # Errors
/// What is wrong with the tables that name functions, or what the machine does not have.
pub(super) fn outline(module: &Module, code: &CodeOutline) -> Result<Layout, ValidateError> {
    operands::check_outline(module, code)?;
    tables::of_outline(module, code)
}

/// Checks the function with this number, which is all the code that the module has now.
///
/// # Errors
/// The first thing that is wrong, with the instruction, counted from the function's first.
pub(super) fn function(
    module: &Module,
    layout: &mut Layout,
    index: usize,
) -> Result<Validated, ValidateError> {
    let checked = layout.place(module, index).and_then(|function| {
        operands::check(module, layout)?;
        flow::check(module, layout, function)
    });
    layout.leave();
    checked
}

#[cfg(test)]
mod tests;
