//! Plain calls: texts like `io:format("~p~n", [x]), halt().`, whose meaning is clear without an evaluator.
//!
//! Anything else, a variable, an operator, a call as an argument, is none of them, and neither is what an evaluator
//! would complain of. The caller then does without this short way.

use crate::ast::{Expr, ExprKind, FunctionName};
use crate::lex::{ScanOptions, Scanner, Token};
use crate::lint::is_auto_imported;
use crate::source::FileId;
use crate::syntax;
use swerl_beam::{Atom, Literal};

/// Longer texts are no plain calls.
const MOST_BYTES: usize = 1000;
/// Terms nested deeper are no plain ones.
const MOST_DEPTH: usize = 20;

/// The calls that a text of expressions consists of, as `[{Module, Function, Arguments}]`; none if there is anything
/// else in it.
#[must_use]
pub fn plain_calls(text: &str) -> Option<Literal> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let options = ScanOptions { maybe_enabled: false, white_space: false, comments: false };
    let tokens: Vec<Token> = Scanner::new(text, FileId::default(), options).collect::<Result<_, _>>().ok()?;
    let calls = syntax::parse_exprs(&tokens).ok()?.iter().map(call).collect::<Option<Vec<_>>>()?;
    Some(Literal::list(calls))
}

fn call(expr: &Expr) -> Option<Literal> {
    let ExprKind::Call { callee, args } = &expr.kind else { return None };
    let (module, function) = match &callee.kind {
        ExprKind::Atom(name) => {
            let arity = u32::try_from(args.len()).ok()?;
            is_auto_imported(FunctionName { name: *name, arity }).then(|| (Atom::new("erlang"), *name))?
        }
        ExprKind::Remote(module, function) => match (&module.kind, &function.kind) {
            (ExprKind::Atom(module), ExprKind::Atom(function)) => (*module, *function),
            _ => return None,
        },
        _ => return None,
    };
    let args = args.iter().map(|arg| constant(arg, MOST_DEPTH)).collect::<Option<Vec<_>>>()?;
    Some(Literal::tuple([Literal::Atom(module), Literal::Atom(function), Literal::list(args)]))
}

fn constant(expr: &Expr, depth: usize) -> Option<Literal> {
    let depth = depth.checked_sub(1)?;
    let all = |exprs: &[Expr]| exprs.iter().map(|expr| constant(expr, depth)).collect::<Option<Vec<_>>>();
    Some(match &expr.kind {
        ExprKind::Atom(atom) => Literal::Atom(*atom),
        ExprKind::Integer(value) => Literal::Int(*value),
        ExprKind::Char(char) => Literal::Int(i64::from(u32::from(*char))),
        ExprKind::Float(value) => Literal::Float(*value),
        ExprKind::String(text) => Literal::string(text),
        ExprKind::Nil => Literal::Nil,
        ExprKind::List(elements, tail) if tail.kind == ExprKind::Nil => Literal::list(all(elements)?),
        ExprKind::Tuple(elements) => Literal::tuple(all(elements)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        plain_calls(text).map(|calls| format!("{calls:?}"))
    }

    #[test]
    fn calls_with_constants_are_plain() {
        assert_eq!(
            shown("halt()."),
            Some("List([Tuple([Atom('erlang'), Atom('halt'), Nil])], Nil)".to_owned())
        );
        assert!(shown("io:format(\"~p ~s~n\", [{a, 1, $x}, \"s\"]), init:stop().").is_some());
        assert!(shown("m:f([1.5, 'B', []]).").is_some());
    }

    #[test]
    fn all_else_is_not() {
        for text in [
            "",
            "halt()",
            "halt(X).",
            "X = 1, halt().",
            "m:f(1 + 1).",
            "m:f(g()).",
            "f(1).",
            "m:f([a | b]).",
            "a.",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
        assert_eq!(shown(&format!("m:f({}1{}).", "{".repeat(30), "}".repeat(30))), None);
    }
}
