//! What the log says of a module that was not loaded, or of a function that cannot run, in the words of OTP 25, with the places in its source that they name.

use crate::atom::Atom;
use crate::code::loader::LoadError;
use crate::proc::Process;
use crate::vm::Vm;
use swerl_beam::{ChunkId, ReadError, ReadErrorKind};

/// Tells the log.
pub(crate) fn report(vm: &Vm, process: &Process, module: Atom, error: &LoadError) {
    let (line, fault) = fault(error);
    let text = format!("beam/beam_load.c({line}): Error loading module {}:\n  {fault}\n", module.text());
    vm.report_error(process, "~ts~n", |memory| vec![memory.string(&text)]);
}

/// A line, and what is wrong.
fn fault(error: &LoadError) -> (u32, String) {
    match error {
        LoadError::Read(error) => read_fault(error),
        LoadError::Invalid(error) => (400, error.to_string()),
        LoadError::NoName => (146, "missing atom table".into()),
        LoadError::WrongModule { expected: _, found } => {
            (180, format!("module name in object code is {found}"))
        }
        LoadError::Atom(_) => (150, "corrupt atom table".into()),
        LoadError::Unsupported(_) => (400, "invalid opcode".into()),
        LoadError::MissingNative(_) | LoadError::LiteralsFull => (400, error.to_string()),
    }
}

fn read_fault(error: &ReadError) -> (u32, String) {
    let line_of = |chunk: ChunkId, is_missing: bool| match (&chunk.0, is_missing) {
        (b"AtU8", true) => (146, "missing atom table"),
        (b"Atom", false) => (148, "corrupt atom table"),
        (b"AtU8", false) => (150, "corrupt atom table"),
        (b"Code", true) => (152, "missing code chunk"),
        (b"Code", false) => (154, "corrupt code chunk"),
        (b"ExpT", true) => (156, "missing export table"),
        (b"ExpT", false) => (158, "corrupt export table"),
        (b"ImpT", true) => (160, "missing import table"),
        (b"ImpT", false) => (162, "corrupt import table"),
        (b"FunT", false) => (164, "corrupt lambda table"),
        (b"Line", false) => (166, "corrupt line table"),
        (b"LitT", false) => (168, "corrupt literal table"),
        (b"Type", false) => (172, "corrupt type table"),
        (b"Attr", false) => (826, "bad external term representation of module attributes"),
        (b"CInf", false) => (835, "bad external term representation of compilation information"),
        _ => (144, "corrupt file header"),
    };
    let (line, fault) = match (&error.kind, error.chunk) {
        (ReadErrorKind::MissingChunk(chunk), _) => line_of(*chunk, true),
        (ReadErrorKind::Opcode(number), _) => return (184, later_release(*number)),
        (ReadErrorKind::OperandTag(_), _) => (400, "invalid opcode"),
        (_, Some(chunk)) => line_of(chunk, false),
        (_, None) => (144, "corrupt file header"),
    };
    (line, fault.into())
}

fn later_release(opcode: u32) -> String {
    format!(
        "This BEAM file was compiled for a later version of the runtime system than the current (Erlang/OTP 25).\n  \
         To fix this, please re-compile this module with an Erlang/OTP 25 compiler.\n  \
         (Use of opcode {opcode}; this emulator supports only up to 180.)\n"
    )
}
