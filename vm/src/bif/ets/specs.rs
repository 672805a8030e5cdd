//! Match specifications apart from tables: those that programs had compiled (a reference stands for each, as long as
//! there is one to it), run over lists, and tried.

use super::match_spec::{Dialect, Invalid, MatchSpec};
use super::select::TURN;
use crate::bif::argument::{self, named};
use crate::bif::held::Held;
use crate::bif::{Interrupt, Native, NativeContext, NativeResult};
use crate::heap::Build as _;
use crate::heap::copy::OwnedTerm;
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::Term;
use crate::trace::actions::Effects;
use std::sync::Arc;

/// The compiled match specifications of a machine.
#[derive(Debug, Default)]
pub(super) struct Specs(Held<OwnedTerm>);

impl Specs {
    /// A reference that stands for the specification.
    pub(super) fn keep(&self, ctx: &mut NativeContext<'_>, spec: Term) -> Term {
        let spec = OwnedTerm::new(spec);
        let bytes = spec.words() * 8;
        self.0.insert(ctx, spec, bytes)
    }

    /// The specification that a reference stands for.
    pub(super) fn find(&self, reference: Term) -> Option<Arc<OwnedTerm>> {
        self.0.find(reference)
    }
}

fn match_spec_compile(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if args[0].is_nil() || MatchSpec::compile(ctx, args[0]).is_err() {
        return Err(Exception::badarg().into());
    }
    Ok(ctx.vm.natives.tables.specs.keep(ctx, args[0]))
}

fn is_compiled(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::bool(ctx.vm.natives.tables.specs.find(args[0]).is_some()))
}

fn match_spec_run(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let source = ctx.vm.natives.tables.specs.find(args[1]).ok_or_else(Exception::badarg)?;
    let spec = MatchSpec::compile(ctx, source.term()).map_err(|Invalid(_)| Exception::badarg())?;
    let (mut rest, mut results) = (args[0], args[2]);
    let mut bindings = Vec::new();
    let mut seen = 0;
    while let Some((object, tail)) = rest.as_cons() {
        if seen >= TURN {
            ctx.charge(seen);
            return Err(Interrupt::call("ets", "match_spec_run_r", &[rest, args[1], results]));
        }
        seen += 1;
        if let Some(value) = spec.run(ctx, object, &mut bindings) {
            results = ctx.process.heap.cons(value, results);
        }
        rest = tail;
    }
    ctx.charge(seen);
    if rest.is_nil() { Ok(results) } else { Err(Exception::badarg().into()) }
}

/// `erlang:match_spec_test/3`: `{ok, Result, Flags, Warnings}` or `{error, Errors}`.
fn match_spec_test(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (subject, traces) = match argument::name_of(args[2]) {
        "table" => (args[0], false),
        // A trace's arguments are matched as a list.
        "trace" if args[0].is_list() => (args[0], true),
        _ => return Err(Exception::badarg().into()),
    };
    let compiled = match args[1] {
        Term::NIL => Err(Invalid(vec!["Match programs are not in a list.".to_owned()])),
        spec if traces => MatchSpec::compile_trace(ctx, spec, Dialect::Call),
        spec => MatchSpec::compile(ctx, spec),
    };
    match compiled {
        Ok(spec) => {
            let mut flags = Vec::new();
            let value = if traces {
                let mut effects = Effects::new(Term::atom(crate::atom::UNDEFINED), Term::NIL);
                let value = spec.run_trace(ctx, subject, &mut effects);
                if effects.return_trace {
                    flags.push(named(if effects.exception_trace {
                        "exception_trace"
                    } else {
                        "return_trace"
                    }));
                }
                value.map(|_| effects.message.unwrap_or(Term::bool(true)))
            } else {
                spec.run(ctx, subject, &mut Vec::new())
            };
            let flags = ctx.process.heap.list(&flags);
            let value = value.unwrap_or(Term::bool(false));
            Ok(ctx.process.heap.tuple(&[Term::atom(crate::atom::OK), value, flags, Term::NIL]))
        }
        Err(Invalid(texts)) => {
            let heap = &mut ctx.process.heap;
            let mut faults = Vec::new();
            for text in texts {
                let text = heap.string(&text);
                faults.push(argument::error(heap, text));
            }
            let faults = heap.list(&faults);
            Ok(argument::error(heap, faults))
        }
    }
}

pub(super) const NATIVES: &[Native] = natives! {
    "ets" {
        "match_spec_compile"/1 => match_spec_compile;
        "is_compiled_ms"/1 => is_compiled;
        "match_spec_run_r"/3 => match_spec_run;
    }
    "erlang" {
        "match_spec_test"/3 => match_spec_test;
    }
};
