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
    let instr = |op, args: Vec<Operand>| Instr { op, args };
    let label = |number: u32| Instr { op: Genop::Label, args: vec![Operand::U(u64::from(number))] };
    let (choose, timeout, handler) = (Operand::Y(0), Operand::Y(1), Operand::Y(2));
    let frame = Operand::U(3);
    let code = vec![
        label(FUNC_INFO),
        instr(Genop::FuncInfo, vec![Operand::Atom(name), Operand::Atom(function), Operand::U(2)]),
        label(ENTRY),
        instr(Genop::Allocate, vec![frame.clone(), Operand::U(2)]),
        instr(Genop::Move, vec![Operand::X(0), choose.clone()]),
        instr(Genop::Move, vec![Operand::X(1), timeout.clone()]),
        instr(Genop::Try, vec![handler.clone(), Operand::Label(FAILED)]),
        label(NEXT),
        instr(Genop::LoopRec, vec![Operand::Label(EMPTY), Operand::X(0)]),
        instr(Genop::Move, vec![choose.clone(), Operand::X(1)]),
        instr(Genop::CallFun, vec![Operand::U(1)]),
        instr(
            Genop::IsNeExact,
            vec![Operand::Label(NO_MATCH), Operand::X(0), Operand::Atom(atom("nomatch"))],
        ),
        instr(Genop::TryEnd, vec![handler.clone()]),
        instr(Genop::RemoveMessage, Vec::new()),
        instr(Genop::Deallocate, vec![frame.clone()]),
        instr(Genop::Return, Vec::new()),
        label(NO_MATCH),
        instr(Genop::LoopRecEnd, vec![Operand::Label(NEXT)]),
        label(EMPTY),
        instr(Genop::WaitTimeout, vec![Operand::Label(NEXT), timeout.clone()]),
        instr(Genop::Timeout, Vec::new()),
        instr(Genop::TryEnd, vec![handler.clone()]),
        instr(Genop::Move, vec![Operand::Atom(atom("timeout")), Operand::X(0)]),
        instr(Genop::Deallocate, vec![frame.clone()]),
        instr(Genop::Return, Vec::new()),
        label(FAILED),
        instr(Genop::TryCase, vec![handler.clone()]),
        instr(Genop::Move, vec![Operand::X(0), choose.clone()]),
        instr(Genop::Move, vec![Operand::X(1), timeout.clone()]),
        instr(Genop::Move, vec![Operand::X(2), handler.clone()]),
        instr(Genop::Timeout, Vec::new()),
        instr(Genop::Move, vec![choose, Operand::X(0)]),
        instr(Genop::Move, vec![timeout, Operand::X(1)]),
        instr(Genop::Move, vec![handler, Operand::X(2)]),
        instr(Genop::RawRaise, Vec::new()),
        instr(Genop::Deallocate, vec![frame]),
        instr(Genop::Return, Vec::new()),
        instr(Genop::IntCodeEnd, Vec::new()),
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
