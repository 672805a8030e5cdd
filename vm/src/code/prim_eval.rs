//! The module `prim_eval`: a receive expression whose clauses are a fun, for evaluators of Erlang.
//!
//! `prim_eval:'receive'(Choose, Timeout)` calls `Choose` with one message after the other, oldest first, until it
//! answers something other than `nomatch`; that message is then removed and the answer given. When the time is
//! over the answer is `timeout`. No clause of a `receive` can call a fun, so the code is written down as
//! instructions. An exception of `Choose` leaves the mailbox as it was. Invariant: `Choose` receives nothing itself.

use swerl_beam::{Atom, Export, Genop, Import, Instr, Module, Operand};

const FUNC_INFO: u32 = 1;
const ENTRY: u32 = 2;
const NEXT: u32 = 3;
const NO_MATCH: u32 = 4;
const EMPTY: u32 = 5;
const FAILED: u32 = 6;

/// The module, as a file.
pub(crate) fn file() -> Vec<u8> {
    let atom = |text| Atom::new(text);
    let (name, function) = (atom("prim_eval"), atom("receive"));
    let instr = |op, args: &[Operand]| Instr { op, args: args.to_vec() };
    let label = |number: u32| Instr { op: Genop::Label, args: vec![Operand::U(u64::from(number))] };
    let (choose, timeout, handler) = (Operand::Y(0), Operand::Y(1), Operand::Y(2));
    let frame = Operand::U(3);
    let code = vec![
        label(FUNC_INFO),
        instr(Genop::FuncInfo, &[Operand::Atom(name), Operand::Atom(function), Operand::U(2)]),
        label(ENTRY),
        instr(Genop::Allocate, &[frame.clone(), Operand::U(2)]),
        instr(Genop::Move, &[Operand::X(0), choose.clone()]),
        instr(Genop::Move, &[Operand::X(1), timeout.clone()]),
        instr(Genop::Try, &[handler.clone(), Operand::Label(FAILED)]),
        label(NEXT),
        instr(Genop::LoopRec, &[Operand::Label(EMPTY), Operand::X(0)]),
        instr(Genop::Move, &[choose.clone(), Operand::X(1)]),
        instr(Genop::CallFun, &[Operand::U(1)]),
        instr(Genop::IsNeExact, &[Operand::Label(NO_MATCH), Operand::X(0), Operand::Atom(atom("nomatch"))]),
        instr(Genop::TryEnd, &[handler.clone()]),
        instr(Genop::RemoveMessage, &[]),
        instr(Genop::Deallocate, &[frame.clone()]),
        instr(Genop::Return, &[]),
        label(NO_MATCH),
        instr(Genop::LoopRecEnd, &[Operand::Label(NEXT)]),
        label(EMPTY),
        instr(Genop::WaitTimeout, &[Operand::Label(NEXT), timeout.clone()]),
        instr(Genop::Timeout, &[]),
        instr(Genop::TryEnd, &[handler.clone()]),
        instr(Genop::Move, &[Operand::Atom(atom("timeout")), Operand::X(0)]),
        instr(Genop::Deallocate, &[frame.clone()]),
        instr(Genop::Return, &[]),
        label(FAILED),
        instr(Genop::TryCase, &[handler.clone()]),
        instr(Genop::Move, &[Operand::X(0), choose.clone()]),
        instr(Genop::Move, &[Operand::X(1), timeout.clone()]),
        instr(Genop::Move, &[Operand::X(2), handler.clone()]),
        instr(Genop::Timeout, &[]),
        instr(Genop::Move, &[choose, Operand::X(0)]),
        instr(Genop::Move, &[timeout, Operand::X(1)]),
        instr(Genop::Move, &[handler, Operand::X(2)]),
        instr(Genop::RawRaise, &[]),
        instr(Genop::Deallocate, &[frame]),
        instr(Genop::Return, &[]),
        instr(Genop::IntCodeEnd, &[]),
    ];
    Module {
        name: Some(name),
        imports: Vec::<Import>::new(),
        exports: vec![Export { function, arity: 2, label: ENTRY }],
        code,
        label_count: FAILED + 1,
        function_count: 1,
        ..Module::default()
    }
    .write()
}
