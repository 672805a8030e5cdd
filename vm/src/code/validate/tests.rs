//! One small module for each rule: accepted as it should be, rejected when the rule is broken.

use super::error::Register;
use super::*;
use swerl_beam::Operand::{Label, List, U, X, Y};
use swerl_beam::{Export, Genop, Instr, Operand};

fn instr(op: Genop, args: impl Into<Vec<Operand>>) -> Instr {
    Instr { op, args: args.into() }
}

fn atom(text: &str) -> Operand {
    Operand::Atom(Atom::new(text))
}

/// A module with one function of arity 2, its entry at label 2, and `erlang:error/1`, `m:g/1` and `'+'/2` imported.
fn module(body: &[Instr]) -> Module {
    let mut code = vec![
        instr(Genop::Label, [U(1)]),
        instr(Genop::FuncInfo, [atom("m"), atom("f"), U(2)]),
        instr(Genop::Label, [U(2)]),
    ];
    code.extend_from_slice(body);
    code.push(instr(Genop::IntCodeEnd, []));
    let labels = code.iter().filter(|instr| instr.op == Genop::Label).count();
    let import = |module: &str, function: &str, arity| Import {
        module: Atom::new(module),
        function: Atom::new(function),
        arity,
    };
    Module {
        name: Some(Atom::new("m")),
        imports: vec![import("erlang", "error", 1), import("m", "g", 1), import("erlang", "+", 2)],
        exports: vec![Export { function: Atom::new("f"), arity: 2, label: 2 }],
        code,
        label_count: u32::try_from(labels).unwrap() + 1,
        function_count: 1,
        ..Module::default()
    }
}

/// Checks a module's tables and functions; answers what is known of the last.
fn validate(module: &Module) -> Result<Validated, ValidateError> {
    let (mut read, code, _) = Module::read_outline(&module.write()).unwrap();
    let mut layout = outline(&read, &code)?;
    let mut last = None;
    for index in 0..code.functions.len() {
        read.code = code.decode(index).unwrap();
        last = Some(function(&read, &mut layout, index)?);
    }
    Ok(last.unwrap())
}

fn accepted(body: &[Instr]) -> Validated {
    validate(&module(body)).unwrap_or_else(|error| panic!("{error}"))
}

fn rejected(body: &[Instr], kind: ValidateErrorKind) {
    match validate(&module(body)) {
        Ok(_) => panic!("accepted; should be: {kind}"),
        Err(error) => assert_eq!(error.kind, kind),
    }
}

fn uninitialised(register: Register) -> ValidateErrorKind {
    ValidateErrorKind::Uninitialised(register)
}

fn allocate(slots: u64, live: u64) -> Instr {
    instr(Genop::Allocate, [U(slots), U(live)])
}

fn deallocate(slots: u64) -> Instr {
    instr(Genop::Deallocate, [U(slots)])
}

fn move_to(from: Operand, to: Operand) -> Instr {
    instr(Genop::Move, [from, to])
}

fn call_ext(import: u64) -> Instr {
    instr(Genop::CallExt, [U(1), U(import)])
}

fn label(number: u64) -> Instr {
    instr(Genop::Label, [U(number)])
}

fn ret() -> Instr {
    instr(Genop::Return, [])
}

#[test]
fn a_call_leaves_x0_and_the_frame() {
    let body = |last| [allocate(1, 2), move_to(X(1), Y(0)), call_ext(1), last, deallocate(1), ret()];
    let validated = accepted(&body(move_to(Y(0), X(0))));
    let call = validated.facts(5).map(|facts| (facts.frame, facts.live_x));
    assert_eq!(call, Some((Frame::Slots(1), 1)));
    rejected(&body(move_to(X(1), X(0))), uninitialised(Register::X(1)));
    rejected(&[allocate(1, 2), call_ext(1), deallocate(1), ret()], uninitialised(Register::Y(0)));
    rejected(&[call_ext(1), ret()], ValidateErrorKind::Frame(Frame::None));
}

#[test]
fn frames_are_opened_and_closed_in_pairs() {
    rejected(&[allocate(0, 2), ret()], ValidateErrorKind::Frame(Frame::Slots(0)));
    rejected(&[deallocate(0), ret()], ValidateErrorKind::Frame(Frame::None));
    rejected(&[allocate(0, 2), deallocate(1), ret()], ValidateErrorKind::Frame(Frame::Slots(0)));
    rejected(&[allocate(0, 2), allocate(0, 2), ret()], ValidateErrorKind::Frame(Frame::Slots(0)));
    rejected(&[allocate(1, 2), move_to(X(0), Y(1))], ValidateErrorKind::NotInFrame(1));
    rejected(&[allocate(0, 3), deallocate(0), ret()], uninitialised(Register::X(2)));
    let trim = instr(Genop::Trim, [U(1), U(1)]);
    accepted(&[allocate(2, 2), move_to(X(0), Y(1)), trim.clone(), move_to(Y(0), X(0)), deallocate(1), ret()]);
    rejected(
        &[allocate(2, 2), move_to(X(0), Y(0)), trim, move_to(Y(0), X(0))],
        uninitialised(Register::Y(0)),
    );
}

#[test]
fn paths_are_joined() {
    let test = instr(Genop::IsTuple, [Label(3), X(0)]);
    rejected(
        &[test.clone(), move_to(X(0), X(2)), label(3), move_to(X(2), X(0)), ret()],
        uninitialised(Register::X(2)),
    );
    rejected(&[test.clone(), allocate(0, 2), label(3), ret()], ValidateErrorKind::MixedFrames);
    // What only raises may be shared by paths with different frames.
    accepted(&[test, allocate(0, 2), label(3), instr(Genop::Badmatch, [X(0)])]);
    rejected(&[move_to(X(0), X(1))], ValidateErrorKind::RunsOut);
    // A loop loses what one round does not have.
    let round =
        [label(3), move_to(X(1), X(0)), allocate(0, 1), deallocate(0), instr(Genop::Jump, [Label(3)])];
    rejected(&round, uninitialised(Register::X(1)));
}

#[test]
fn heap_is_used_as_reserved() {
    let cell = instr(Genop::PutList, [X(0), Operand::Nil, X(0)]);
    let reserve = instr(Genop::TestHeap, [U(3), U(2)]);
    accepted(&[reserve.clone(), cell.clone(), ret()]);
    rejected(&[reserve.clone(), cell.clone(), cell.clone(), ret()], ValidateErrorKind::Heap);
    let add = instr(Genop::GcBif2, [Label(0), U(2), U(2), X(0), X(1), X(1)]);
    rejected(&[reserve, add, cell, ret()], ValidateErrorKind::Heap);
    let add_as_plain = instr(Genop::Bif2, [Label(0), U(2), X(0), X(1), X(1)]);
    let kind = ValidateErrorKind::NotABif { name: Atom::new("+"), arity: 2 };
    rejected(&[add_as_plain, ret()], kind);
}

#[test]
fn handlers_are_closed_innermost_first() {
    let open = |slot, target| instr(Genop::Catch, [Y(slot), Label(target)]);
    let close = |slot| instr(Genop::CatchEnd, [Y(slot)]);
    let body = [allocate(1, 2), open(0, 3), call_ext(1), label(3), close(0), deallocate(1), ret()];
    accepted(&body);

    rejected(
        &[allocate(1, 2), open(0, 3), deallocate(1), label(3), close(0)],
        ValidateErrorKind::OpenHandler,
    );
    rejected(&[allocate(1, 2), open(0, 3), move_to(Y(0), X(0)), label(3)], ValidateErrorKind::Tag(0));
    rejected(&[allocate(1, 2), open(0, 3), move_to(X(0), Y(0)), label(3)], ValidateErrorKind::Tag(0));
    rejected(&[allocate(1, 2), close(0)], ValidateErrorKind::NotInnermost(0));
    let crossed = [allocate(2, 2), open(1, 3), open(0, 4), close(1), label(3), label(4)];
    rejected(&crossed, ValidateErrorKind::NotInnermost(1));
    let elsewhere = [allocate(1, 2), open(0, 3), call_ext(1), close(0), label(3), deallocate(1), ret()];
    rejected(&elsewhere, ValidateErrorKind::BadHandler(3));
    // The handler sees the frame as it was at any raise: here y1 may not have been written.
    let late = [
        allocate(2, 2),
        open(0, 3),
        instr(Genop::Bif1, [Label(0), U(1), X(0), X(0)]),
        move_to(X(0), Y(1)),
        label(3),
        close(0),
        move_to(Y(1), X(0)),
    ];
    let mut late = module(&late);
    late.imports[1] = Import { module: Atom::new("erlang"), function: Atom::new("hd"), arity: 1 };
    assert_eq!(validate(&late).unwrap_err().kind, uninitialised(Register::Y(1)));
}

#[test]
fn what_never_returns_ends_a_path() {
    accepted(&[call_ext(0)]);
    accepted(&[allocate(1, 2), instr(Genop::CallExtOnly, [U(1), U(0)])]);
    rejected(
        &[allocate(1, 2), instr(Genop::CallExtOnly, [U(1), U(1)])],
        ValidateErrorKind::Frame(Frame::Slots(1)),
    );
}

#[test]
fn a_jump_to_a_handler_stands_behind_what_never_returns() {
    let closes = [label(3), instr(Genop::TryCase, [Y(0)]), move_to(X(2), X(0)), deallocate(1), ret()];
    let mut code = vec![allocate(1, 2), instr(Genop::Try, [Y(0), Label(3)]), call_ext(1)];
    code.push(instr(Genop::Jump, [Label(3)]));
    code.extend(closes);
    accepted(&code);
}

#[test]
fn operands_and_tables_are_in_range() {
    rejected(&[instr(Genop::Jump, [Label(7)])], ValidateErrorKind::Operand(0));
    rejected(&[instr(Genop::Jump, [Label(0)])], ValidateErrorKind::Operand(0));
    rejected(&[move_to(X(MAX_X), X(0)), ret()], ValidateErrorKind::Operand(0));
    rejected(&[move_to(Operand::Literal(0), X(0)), ret()], ValidateErrorKind::Operand(0));
    rejected(&[instr(Genop::CallExtOnly, [U(2), U(1)])], ValidateErrorKind::CallArity);
    rejected(&[instr(Genop::CallOnly, [U(1), Label(2)])], ValidateErrorKind::CallArity);
    rejected(&[instr(Genop::CallOnly, [U(2), Label(1)])], ValidateErrorKind::Operand(1));
    rejected(&[instr(Genop::MPlus, [Label(0), X(0), X(1), X(0)])], ValidateErrorKind::Unsupported);
    let pairs = List(vec![Operand::Int(1), Label(1), Operand::Int(2)]);
    rejected(&[instr(Genop::SelectVal, [X(0), Label(1), pairs])], ValidateErrorKind::Operand(2));

    let mut wrong = module(&[ret()]);
    wrong.exports[0].arity = 1;
    let kind = ValidateErrorKind::BadEntry { table: "export", name: Atom::new("f"), arity: 1 };
    assert_eq!(validate(&wrong).unwrap_err().kind, kind);
    wrong.exports.clear();
    wrong.function_count = 2;
    let kind = ValidateErrorKind::FunctionCount { expected: 2, found: 1 };
    assert_eq!(validate(&wrong).unwrap_err().kind, kind);
}

#[test]
fn tested_terms_are_taken_apart_without_a_look() {
    let is_cons = instr(Genop::IsNonemptyList, [Label(1), X(0)]);
    let get_list = instr(Genop::GetList, [X(0), X(1), X(2)]);
    let is_proved = |body: &[Instr], index: usize| accepted(body).facts(index).unwrap().is_proved;
    assert!(is_proved(&[is_cons.clone(), get_list.clone(), ret()], 4));
    assert!(!is_proved(&[get_list.clone(), ret()], 3));
    // What was taken apart once is known; what was overwritten is not.
    assert!(is_proved(&[get_list.clone(), get_list.clone(), ret()], 4));
    assert!(!is_proved(&[is_cons.clone(), move_to(X(1), X(0)), get_list.clone(), ret()], 5));
    assert!(is_proved(
        &[is_cons.clone(), move_to(X(0), X(1)), move_to(X(1), X(0)), get_list.clone(), ret()],
        6
    ));
    // What a function answers is anything.
    let call = [is_cons.clone(), allocate(0, 2), call_ext(1), get_list.clone(), deallocate(0), ret()];
    assert!(!is_proved(&call, 6));
    let test_arity = instr(Genop::IsTaggedTuple, [Label(1), X(0), U(2), atom("a")]);
    let element = |position| instr(Genop::GetTupleElement, [X(0), U(position), X(1)]);
    assert!(is_proved(&[test_arity.clone(), element(1), ret()], 4));
    assert!(!is_proved(&[test_arity, element(2), ret()], 4));
}

#[test]
fn frames_that_a_raise_may_leave_half_done_are_cleared() {
    let needs_zeroed = |body: &[Instr]| accepted(body).needs_zeroed_frames;
    let (start, end) = (move_to(X(0), Y(0)), [call_ext(1), deallocate(1), ret()]);
    let with = |middle: &[Instr]| [middle, &end[..]].concat();
    assert!(!needs_zeroed(&with(&[allocate(1, 2), start.clone()])));
    let element = instr(Genop::GetTupleElement, [X(0), U(1), X(0)]);
    assert!(needs_zeroed(&with(&[allocate(1, 2), element.clone(), start.clone()])));
    assert!(!needs_zeroed(&with(&[allocate(1, 2), start, element])));
}

#[test]
fn only_fresh_tuples_are_changed_in_place() {
    let set = instr(Genop::SetTupleElement, [Operand::Nil, X(0), U(1)]);
    let prefix = [allocate(0, 2), move_to(X(1), X(2)), instr(Genop::CallExt, [U(3), U(1)])];
    let body = |middle: &[Instr]| {
        let mut module = module(&[&prefix[..], middle, &[set.clone(), deallocate(0), ret()]].concat());
        module.imports[1] =
            Import { module: Atom::new("erlang"), function: Atom::new("setelement"), arity: 3 };
        validate(&module).map(|_| ()).map_err(|error| error.kind)
    };
    assert_eq!(body(&[]), Ok(()));
    assert_eq!(body(&[move_to(X(0), X(1))]), Ok(()));
    assert_eq!(body(&[instr(Genop::TestHeap, [U(0), U(1)])]), Err(ValidateErrorKind::NotFresh));
}

#[test]
fn segments_follow_what_begins_their_bit_string() {
    let begin = |live| instr(Genop::BsInit2, [Label(0), U(1), U(0), U(live), U(0), X(2)]);
    let put = |fail, source| instr(Genop::BsPutInteger, [Label(fail), Operand::Int(8), U(1), U(0), source]);
    accepted(&[begin(2), put(0, X(1)), put(0, X(0)), move_to(X(2), X(0)), ret()]);
    rejected(&[put(0, X(1)), ret()], ValidateErrorKind::Layout);
    rejected(&[begin(2), put(3, X(1)), label(3), ret()], ValidateErrorKind::Layout);
    // A collection may come first, and the result last.
    rejected(&[begin(1), put(0, X(1)), ret()], uninitialised(Register::X(1)));
    rejected(&[begin(2), put(0, X(2)), ret()], uninitialised(Register::X(2)));
}

#[test]
fn commands_of_a_match_come_one_after_the_other() {
    let start = instr(Genop::BsStartMatch3, [Label(3), X(0), U(2), X(2)]);
    let commands = |list: Vec<Operand>| {
        let matching = instr(Genop::BsMatch, [Label(3), X(2), List(list)]);
        [start.clone(), matching, move_to(X(3), X(0)), ret(), label(3), move_to(X(1), X(0)), ret()]
    };
    let take = |live, dst| vec![atom("integer"), live, Operand::Nil, U(8), U(1), dst];
    let bad = || ValidateErrorKind::Operand(2);
    accepted(&commands(take(Operand::Nil, X(3))));
    accepted(&commands([take(U(3), X(3)), take(U(4), X(1))].concat()));
    rejected(&commands(take(U(4), X(3))), uninitialised(Register::X(3)));
    // What is not live there is not there where it fails either.
    rejected(&commands(take(U(1), X(3))), uninitialised(Register::X(1)));
    rejected(&commands(vec![atom("integer"), U(3)]), bad());
    rejected(&commands(vec![atom("=:="), Operand::Nil, U(65), U(1)]), bad());
    rejected(&commands(vec![atom("get_tail"), Operand::Nil, U(8), X(3)]), bad());
}

#[test]
fn memory_is_collected_where_paths_with_different_frames_meet() {
    let body = |shared: &[Instr]| {
        let before = [instr(Genop::IsTuple, [Label(3), X(0)]), allocate(1, 2), label(3)];
        [&before[..], shared].concat()
    };
    let room = instr(Genop::TestHeap, [U(2), U(1)]);
    let cell = instr(Genop::PutList, [X(0), Operand::Nil, X(0)]);
    let validated = accepted(&body(&[room, cell, instr(Genop::Badmatch, [X(0)])]));
    assert!(validated.needs_zeroed_frames);
}
