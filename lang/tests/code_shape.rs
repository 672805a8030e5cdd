//! The code is what a person would have written: no frame where none is needed, one instruction to tell many
//! constants apart, tail calls.

use swerl_beam::{Genop, Module};
use swerl_lang::compile::{NoFiles, Options, SourceText, compile};

/// The instructions of the first function of a module, without labels and lines.
fn code(functions: &str) -> Vec<&'static str> {
    let bytes = format!("-module(m).\n-compile(export_all).\n-compile(nowarn_export_all).\n{functions}\n")
        .into_bytes();
    let outcome = compile(SourceText { name: "m.erl".into(), bytes }, &Options::default(), &NoFiles);
    assert!(outcome.file.is_some(), "{:?}", outcome.diagnostics);
    let module = Module::read(&outcome.file.unwrap_or_default()).expect("what was written can be read");
    let is_start = |op: Genop| op == Genop::FuncInfo;
    let body = module.code.iter().skip_while(|instr| !is_start(instr.op)).skip(1);
    let body = body.take_while(|instr| !is_start(instr.op));
    let ops: Vec<Genop> = body.map(|instr| instr.op).collect();
    ops.iter().filter(|op| !matches!(op, Genop::Label | Genop::Line)).map(|op| op.name()).collect()
}

#[test]
fn arithmetic_needs_no_frame() {
    assert_eq!(code("f(X) -> X + 1."), ["gc_bif2", "return"]);
}

#[test]
fn a_loop_is_a_tail_call_without_a_frame() {
    assert_eq!(
        code("f(0, A) -> A; f(N, A) -> f(N - 1, N * A)."),
        ["is_eq_exact", "move", "return", "gc_bif2", "gc_bif2", "move", "call_only"]
    );
}

#[test]
fn constants_are_told_apart_at_once() {
    assert_eq!(
        code("f(a) -> 1; f(b) -> 2; f(c) -> 3."),
        ["select_val", "move", "return", "move", "return", "move", "return"]
    );
}

#[test]
fn a_tagged_tuple_is_one_test_and_fetched_where_needed() {
    assert_eq!(
        code("f({ok, A, B}) when A > 0 -> B; f(_) -> none."),
        ["is_tagged_tuple", "get_tuple_element", "is_lt", "get_tuple_element", "return", "move", "return"]
    );
}

#[test]
fn a_tuple_that_is_only_matched_is_not_built() {
    assert_eq!(
        code("f(A, B) -> case {A, B} of {x, _} -> B; {_, y} -> A end."),
        ["is_eq_exact", "move", "return", "is_eq_exact", "return", "test_heap", "put_tuple2", "case_end"]
    );
}

#[test]
fn a_comparison_in_a_case_is_a_branch() {
    assert_eq!(
        code("f(A, B) -> case A < B of true -> A; false -> B end."),
        ["is_lt", "return", "move", "return"]
    );
}

#[test]
fn what_a_call_does_not_need_is_not_kept_over_it() {
    // `L` leaves its slot to what the first call gave; both are cleared when they are used for the last time.
    assert_eq!(
        code("f(L) -> A = g(L), B = g(L), h(A), h(B), g(1).\ng(X) -> X.\nh(X) -> X."),
        [
            "allocate",
            "move",
            "call",
            "swap",
            "call",
            "swap",
            "call",
            "move",
            "init_yregs",
            "call",
            "move",
            "call_last"
        ]
    );
}

#[test]
fn a_call_that_never_returns_is_the_last() {
    assert_eq!(code("f(X) -> g(X), ok.\ng(X) -> exit(X)."), ["call_only"]);
    assert_eq!(code("f(X) -> 1 + g(X).\ng(X) -> 1 + g(X - 1)."), ["call_only"]);
}

#[test]
fn a_receive_for_a_fresh_reference_starts_at_a_marker() {
    let code = code("f(P) -> R = make_ref(), P ! R, receive {R, X} -> X end.");
    let markers: Vec<_> = code.into_iter().filter(|op| op.starts_with("recv_marker")).collect();
    assert_eq!(markers, ["recv_marker_reserve", "recv_marker_bind", "recv_marker_use", "recv_marker_clear"]);
}

#[test]
fn a_receive_that_may_take_older_messages_starts_at_the_front() {
    let code = code("f(P) -> R = make_ref(), P ! R, receive {R, X} -> X; stop -> stop end.");
    assert!(!code.iter().any(|op| op.starts_with("recv_marker")));
}

#[test]
fn equal_ends_are_written_once() {
    assert_eq!(
        code("f(a) -> true; f(b) -> false; f(c) -> true; f(d) -> true."),
        ["select_val", "move", "return", "move", "return"]
    );
}

#[test]
fn an_error_of_its_own_needs_no_tuple() {
    assert_eq!(code("f(X) -> error({badrecord, X})."), ["badrecord"]);
}

#[test]
fn the_rest_of_a_binary_is_passed_on_as_a_context() {
    let ops = code("f(<<X, R/binary>>, A) -> f(R, A + X); f(<<>>, A) -> A.");
    assert!(!ops.contains(&"bs_get_binary2"), "{ops:?}");
    assert_eq!(ops.iter().filter(|op| **op == "bs_start_match3").count(), 1, "{ops:?}");
    // What also needs it as a term gets it as one.
    let ops = code("f(<<X, R/binary>>) -> g(R), f(R, X). f(R, X) -> {R, X}. g(_) -> ok.");
    assert!(ops.contains(&"bs_get_binary2"), "{ops:?}");
}

#[test]
fn what_a_function_returns_is_known_to_its_callers() {
    let ops = code("f(X) -> {ok, Y} = g(X), Y. g(X) when X > 0 -> {ok, X}; g(X) -> {ok, -X}.");
    assert!(!ops.contains(&"badmatch") && ops.contains(&"get_tuple_element"), "{ops:?}");
    let ops = code("f(X) -> {ok, Y} = g(X), Y. g(X) when X > 0 -> {ok, X}; g(X) -> {error, -X}.");
    assert!(ops.contains(&"badmatch"), "{ops:?}");
}

#[test]
fn floats_stay_in_their_registers() {
    let ops = code("f(A, B) when is_float(A), is_float(B) -> A * B + A.");
    assert!(!ops.contains(&"gc_bif2"), "{ops:?}");
    assert_eq!(ops.iter().filter(|op| **op == "fmove").count(), 3, "{ops:?}");
}

#[test]
fn functions_to_inline_are_written_out() {
    let ops = code("-compile({inline, [g/1]}).\nf(X) -> g(X) + 1.\ng(X) -> X * 2.");
    assert_eq!(ops, ["gc_bif2", "gc_bif2", "return"]);
}
