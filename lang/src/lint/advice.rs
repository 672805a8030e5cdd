//! Help for messages about what is not there: where the name is bound instead, what is meant by it elsewhere, and how
//! such a thing is declared. For the reports to people alone.

use super::auto_imported::auto_imported_names;
use super::scope::most_similar;
use crate::ast::{Expr, ExprKind, Form, FormKind, Function, Place};
use crate::diag::Diagnostic;
use crate::lex::write_atom;
use crate::source::SourceMap;
use swerl_beam::{Atom, Literal};

/// Adds help to messages that have none.
pub fn advise(diagnostics: &mut [Diagnostic], forms: &[Form], map: &SourceMap) {
    for diagnostic in diagnostics.iter_mut().filter(|diagnostic| diagnostic.help.is_none()) {
        let Some(place) = diagnostic.place else { continue };
        let advice = match diagnostic.code {
            "unbound_var" => unbound(diagnostic, place, forms, map),
            "undefined_function" => undefined_function(diagnostic, place, forms),
            "illegal_pattern" => illegal_pattern(place, map),
            "undefined_bittype" => Advice::help(
                "the types of segments are integer, float, binary (bytes), bitstring (bits), utf8, utf16 and utf32",
            ),
            "undefined_record" => undefined_record(diagnostic, forms),
            "undefined_type" => undefined_type(diagnostic, forms),
            "spec_fun_undefined" => undefined_specified(diagnostic, forms),
            "undefined_module" => Advice::help(
                "a file begins with `-module(name).`, where name is that of the file without `.erl`",
            ),
            "illegal_guard_expr" => illegal_guard(place, map),
            "failed" => failing(place, forms),
            "unused_function" => unused_function(diagnostic, forms),
            "format_error" => format_error(place, forms),
            "syntax_error" => behind_percent(diagnostic, map),
            _ => Advice::default(),
        };
        if let Some((place, text)) = advice.label {
            diagnostic.labels.push(crate::diag::Label { span: place.span, message: text });
        }
        diagnostic.help = advice.help;
    }
}

/// What is to be said.
#[derive(Default)]
struct Advice {
    label: Option<(Place, String)>,
    help: Option<String>,
}

impl Advice {
    fn help(text: impl Into<String>) -> Self {
        Self { label: None, help: Some(text.into()) }
    }
}

/// The function around a place.
fn function_at(place: Place, forms: &[Form]) -> Option<&Function> {
    forms.iter().rev().find_map(|form| match &form.kind {
        FormKind::Function(function)
            if form.place.span.file == place.span.file && form.place.span.start <= place.span.start =>
        {
            Some(function)
        }
        _ => None,
    })
}

fn in_function<'f>(function: &'f Function, visit: &mut impl FnMut(&'f Expr)) {
    for clause in &function.clauses {
        clause.each_child(&mut |expr| everywhere(expr, visit));
    }
}

fn everywhere<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    visit(expr);
    expr.each_child(&mut |child| everywhere(child, visit));
}

fn contains(outer: Place, inner: Place) -> bool {
    outer.span.start <= inner.span.start && inner.span.end <= outer.span.end
}

/// The name that a message is about.
fn name_in(diagnostic: &Diagnostic) -> Option<Atom> {
    match &diagnostic.descriptor {
        Literal::Tuple(parts) => match parts.get(1)? {
            Literal::Atom(name) => Some(*name),
            Literal::Tuple(parts) => match parts.first()? {
                Literal::Atom(name) => Some(*name),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Words that are atoms in Erlang and are written with a capital letter by mistake.
const COMMON_ATOMS: &[&str] =
    &["ok", "error", "true", "false", "undefined", "normal", "infinity", "self", "nil", "null", "none"];

fn unbound(diagnostic: &Diagnostic, place: Place, forms: &[Form], map: &SourceMap) -> Advice {
    let Some(name) = name_in(diagnostic) else { return Advice::default() };
    if name.as_str() == "_" {
        return Advice::help("`_` matches everything and keeps nothing: what is used has a name");
    }
    let Some(function) = function_at(place, forms) else { return Advice::default() };
    let small = name.as_str().to_lowercase();
    let mut called = false;
    // The construct around another place of the name: what it binds is not known outside.
    let mut hidden: Option<(&'static str, Place)> = None;
    let mut other: Option<Place> = None;
    in_function(function, &mut |expr| {
        let is_here = |part: &Expr| part.place.span == place.span && matches!(part.kind, ExprKind::Var(_));
        match &expr.kind {
            ExprKind::Call { callee, .. } => {
                called |= match &callee.kind {
                    ExprKind::Remote(_, function) => is_here(function),
                    _ => is_here(callee),
                };
            }
            ExprKind::Fun(_) | ExprKind::NamedFun { .. } if !contains(expr.place, place) => {
                hidden = hidden.or_else(|| first_use(expr, name).map(|at| ("fun", at)));
            }
            ExprKind::Lc(..) | ExprKind::Bc(..) | ExprKind::Mc(..) if !contains(expr.place, place) => {
                hidden = hidden.or_else(|| first_use(expr, name).map(|at| ("comprehension", at)));
            }
            ExprKind::Var(used) if *used == name && expr.place.span != place.span => {
                other = other.or(Some(expr.place));
            }
            _ => {}
        }
    });
    if called {
        return Advice::help(format!(
            "the name of a function begins with a small letter: `{small}`; `{name}` is a variable"
        ));
    }
    if let Some((construct, at)) = hidden {
        let help = match construct {
            "fun" => {
                "a fun gives nothing but its value to what is around it: use that, as `lists:foldl/3` does"
            }
            _ => "the names of a comprehension end with it: its value is the list that it makes",
        };
        return Advice {
            label: Some((at, format!("{name} is bound only inside this {construct}"))),
            help: Some(help.into()),
        };
    }
    if is_macro(name, map) {
        return Advice::help(format!("there is a macro of that name: it is used as `?{name}`"));
    }
    if COMMON_ATOMS.contains(&small.as_str()) {
        return Advice::help(format!(
            "a name that begins with a capital letter is a variable; the atom is `{small}`"
        ));
    }
    let clause_of = |at: Place| function.clauses.iter().rposition(|clause| clause.place.at <= at.at);
    if let Some(at) = other
        && clause_of(at) != clause_of(place)
    {
        return Advice {
            label: Some((at, format!("this {name} belongs to another clause"))),
            help: Some("each clause of a function has variables of its own".into()),
        };
    }
    if let Some(at) = other
        && at.at > place.at
    {
        return Advice {
            label: Some((at, "it is written here only afterwards".into())),
            help: Some("a variable is bound before it is used".into()),
        };
    }
    Advice::default()
}

/// The first place inside an expression where a variable is written.
fn first_use(expr: &Expr, name: Atom) -> Option<Place> {
    let mut found: Option<Place> = None;
    everywhere(expr, &mut |part| {
        if matches!(part.kind, ExprKind::Var(used) if used == name) {
            found = found.or(Some(part.place));
        }
    });
    found
}

/// Whether one of the files defines a macro of that name.
fn is_macro(name: Atom, map: &SourceMap) -> bool {
    let begins = format!("-define({name}");
    map.files().any(|(_, file)| {
        file.text()
            .match_indices(begins.as_str())
            .any(|(at, begin)| file.text()[at + begin.len()..].starts_with([',', '(', ' ']))
    })
}

/// Functions as other languages call them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("print", "text is printed by `io:format(\"~p~n\", [Value])`"),
    ("println", "text is printed by `io:format(\"~p~n\", [Value])`"),
    ("printf", "text is printed by `io:format(Format, Arguments)`"),
    ("puts", "text is printed by `io:put_chars(Text)`"),
    ("format", "text is printed by `io:format(Format, Arguments)`, and made by `io_lib:format/2`"),
    ("len", "the length of a list is `length(List)`, the size of a binary `byte_size(Binary)`"),
    ("return", "there is no `return`: the value of a function is that of its last expression"),
    ("map", "lists are gone through by `lists:map(Fun, List)`, or `[... || X <- List]`"),
    ("filter", "lists are filtered by `lists:filter(Fun, List)`, or `[X || X <- List, Condition]`"),
    ("foreach", "lists are gone through by `lists:foreach(Fun, List)`"),
    ("reverse", "it is in the module lists: `lists:reverse(List)`"),
    ("append", "lists are joined by `++`, or `lists:append(Lists)`"),
    ("sleep", "it is in the module timer: `timer:sleep(Milliseconds)`"),
    ("str", "text is made of values by `io_lib:format(\"~p\", [Value])`"),
    (
        "to_string",
        "text is made of values by `io_lib:format(\"~p\", [Value])`, of integers by `integer_to_list/1`",
    ),
    ("int", "text is read by `list_to_integer/1` or `binary_to_integer/1`, a float is cut by `trunc/1`"),
    ("random", "random numbers are made by `rand:uniform(N)`"),
    ("sqrt", "it is in the module math: `math:sqrt(Number)`"),
    ("pow", "it is in the module math: `math:pow(Base, Exponent)`"),
    ("typeof", "types are asked for one by one: `is_integer/1`, `is_list/1` and so on"),
    ("is_string", "text is a list or a binary: `is_list/1`, `is_binary/1`"),
    ("range", "the integers from A to B are `lists:seq(A, B)`"),
    ("assert", "a match fails if it is not so: `true = Condition`"),
    ("raise", "errors are raised by `error(Reason)`, and others by `throw(Term)`"),
    ("receive_msg", "messages are taken by `receive Pattern -> ... end`"),
];

fn undefined_function(diagnostic: &Diagnostic, place: Place, forms: &[Form]) -> Advice {
    let Some(name) = name_in(diagnostic) else { return Advice::default() };
    let is_exported =
        |form: &Form| matches!(form.kind, FormKind::Export(_)) && form.place.span.start == place.span.start;
    if forms.iter().any(is_exported) {
        return Advice::help(
            "a module defines what it exports: write the function, or take it from the list",
        );
    }
    if let Some((_, help)) = ELSEWHERE.iter().find(|(known, _)| *known == name.as_str()) {
        return Advice::help(*help);
    }
    match most_similar(name, auto_imported_names()) {
        Some(similar) if similar != name => Advice::help(format!("did you mean {similar}?")),
        _ => Advice::default(),
    }
}

fn undefined_record(diagnostic: &Diagnostic, forms: &[Form]) -> Advice {
    let Some(name) = name_in(diagnostic) else { return Advice::default() };
    let declared =
        forms.iter().find(|form| matches!(&form.kind, FormKind::Record(record) if record.name == name));
    match declared {
        Some(form) => Advice {
            label: Some((form.place, "it is declared only here".into())),
            help: Some("a record is declared before it is used".into()),
        },
        None => {
            let text = write_atom(name.as_str());
            Advice::help(format!("declare it by `-record({text}, {{...}}).`, or include the file that does"))
        }
    }
}

/// Types as other languages call them.
const TYPES_ELSEWHERE: &[(&str, &str)] = &[
    ("int", "integer()"),
    ("bool", "boolean()"),
    ("double", "float()"),
    ("str", "string()"),
    ("text", "string() or binary()"),
    ("array", "[Type]"),
    ("void", "ok, or no_return() where nothing comes back"),
    ("object", "term()"),
    ("func", "fun()"),
    ("function", "fun()"),
    ("dict", "map()"),
    ("char_list", "string()"),
];

const TYPES: &[&str] = &[
    "any",
    "arity",
    "atom",
    "binary",
    "bitstring",
    "boolean",
    "byte",
    "char",
    "float",
    "fun",
    "function",
    "identifier",
    "integer",
    "iodata",
    "iolist",
    "list",
    "map",
    "maybe_improper_list",
    "mfa",
    "module",
    "neg_integer",
    "nil",
    "no_return",
    "node",
    "non_neg_integer",
    "none",
    "nonempty_list",
    "nonempty_string",
    "number",
    "pid",
    "port",
    "pos_integer",
    "reference",
    "string",
    "term",
    "timeout",
    "tuple",
];

fn undefined_type(diagnostic: &Diagnostic, forms: &[Form]) -> Advice {
    let Some(name) = name_in(diagnostic) else { return Advice::default() };
    if let Some((_, known)) = TYPES_ELSEWHERE.iter().find(|(other, _)| *other == name.as_str()) {
        return Advice::help(format!("it is called {known}"));
    }
    let own = forms.iter().filter_map(|form| match &form.kind {
        FormKind::Type(declaration) => Some(declaration.name),
        _ => None,
    });
    match most_similar(name, own.chain(TYPES.iter().map(|name| Atom::new(name)))) {
        Some(similar) if similar != name => Advice::help(format!("did you mean {similar}()?")),
        _ => Advice::help(format!("declare it by `-type {}() :: ...`", write_atom(name.as_str()))),
    }
}

fn undefined_specified(diagnostic: &Diagnostic, forms: &[Form]) -> Advice {
    let Some(name) = name_in(diagnostic) else { return Advice::default() };
    let arity = forms.iter().find_map(|form| match &form.kind {
        FormKind::Function(function) if function.name == name => Some(function.arity),
        _ => None,
    });
    match arity {
        Some(arity) => Advice::help(format!(
            "there is {}/{arity}: a specification has a type for each parameter",
            write_atom(name.as_str())
        )),
        None => Advice::default(),
    }
}

/// Names with a dash.
fn illegal_pattern(place: Place, map: &SourceMap) -> Advice {
    let text = map.text(place.span);
    let is_name = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    if text.contains('-') && text.split('-').all(is_name) {
        return Advice::help(format!("that is a difference of atoms; with quotes, it is one: '{text}'"));
    }
    Advice::default()
}

fn illegal_guard(place: Place, map: &SourceMap) -> Advice {
    let text = map.text(place.span);
    match text.split_once(':') {
        Some((_, rest)) if rest.contains('(') => Advice::help(
            "a guard calls only what is built in, such as is_integer/1: call the function before, and look at its result in a `case`",
        ),
        _ => Advice::default(),
    }
}

/// Operators with an atom or text where a number has to be.
fn failing(place: Place, forms: &[Form]) -> Advice {
    let Some(function) = function_at(place, forms) else { return Advice::default() };
    let mut advice = Advice::default();
    in_function(function, &mut |expr| {
        let ExprKind::Binary(op, left, right) = &expr.kind else { return };
        if expr.place.span != place.span {
            return;
        }
        for operand in [left, right] {
            match &operand.kind {
                ExprKind::Atom(name)
                    if name.as_str().chars().all(|c| c.is_ascii_alphanumeric() || c == '_') =>
                {
                    advice = Advice::help(format!(
                        "`{name}` is an atom: the names of variables begin with a capital letter"
                    ));
                }
                ExprKind::String(_) if op.as_str() == "+" => {
                    advice = Advice::help("strings and lists are joined by `++`");
                }
                _ => {}
            }
        }
    });
    advice
}

/// A function whose name stands as an atom where it is meant.
fn unused_function(diagnostic: &Diagnostic, forms: &[Form]) -> Advice {
    let Literal::Tuple(parts) = &diagnostic.descriptor else { return Advice::default() };
    let Some(Literal::Tuple(function)) = parts.get(1) else { return Advice::default() };
    let [Literal::Atom(name), Literal::Int(arity)] = function.as_slice() else { return Advice::default() };
    let mut found = None;
    for form in forms {
        let FormKind::Function(function) = &form.kind else { continue };
        in_function(function, &mut |expr| {
            let ExprKind::Call { args, .. } = &expr.kind else { return };
            let meant = args.iter().find(|arg| matches!(arg.kind, ExprKind::Atom(atom) if atom == *name));
            found = found.or(meant.map(|meant| meant.place));
        });
    }
    match found {
        Some(at) => Advice {
            label: Some((
                at,
                format!("this is an atom: the function is `fun {}/{arity}`", write_atom(name.as_str())),
            )),
            help: None,
        },
        None => Advice::default(),
    }
}

/// A `%` that was to compute a remainder: what follows it is not read.
fn behind_percent(diagnostic: &Diagnostic, map: &SourceMap) -> Advice {
    let is_cut = diagnostic.labels.iter().any(|label| {
        let behind = map.text_of(label.span.file).get(label.span.end as usize..).unwrap_or_default();
        let comment = behind.trim_start_matches(' ').strip_prefix("% ");
        label.message.contains("may be missing after this")
            && comment.is_some_and(|comment| {
                let operand = comment.split([',', '.', ';', ')', '\n']).next().unwrap_or_default();
                !operand.is_empty() && !operand.contains(' ')
            })
    });
    match is_cut {
        true => Advice::help(
            "what follows `%` in a line is a comment; the remainder of integers is computed by `rem`",
        ),
        false => Advice::default(),
    }
}

/// Formats of C.
fn format_error(place: Place, forms: &[Form]) -> Advice {
    let Some(function) = function_at(place, forms) else { return Advice::default() };
    let mut is_of_c = false;
    in_function(function, &mut |expr| {
        let ExprKind::Call { args, .. } = &expr.kind else { return };
        if !args.iter().any(|arg| contains(arg.place, place)) {
            return;
        }
        for arg in args {
            if let ExprKind::String(text) = &arg.kind {
                is_of_c |= ["%d", "%s", "%f", "%i", "{}", "~d"].iter().any(|code| text.contains(code));
            }
        }
    });
    match is_of_c {
        true => Advice::help("values are shown by `~p`, text by `~s`, and a line ends with `~n`"),
        false => Advice::default(),
    }
}
