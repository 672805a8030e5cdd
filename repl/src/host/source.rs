//! `swerl_lang`: the compiler's front and the compiler, for `erl_scan`, `erl_parse`, `epp` and `compile`.

use std::borrow::Cow;

use swerl_beam::{Literal, Module};
use swerl_lang::compile::Transform;
use swerl_lang::host::{self, BadArgument, FormScan};
use swerl_lang::lint;
use swerl_vm::term::Term;
use swerl_vm::{Exception, Interrupt, Native, NativeContext, NativeResult, natives};

use super::compile::{Compiled, Message};
use super::convert::{atom, dismantle, to_literal, to_term};

/// The functions, for the machine. Those that take text of any length are dirty.
pub const NATIVES: &[Native] = natives! {
    "swerl_lang" {
        "assemble"/3 = dirty => assemble;
        "compile"/3 = dirty => compile;
        "compile_forms"/3 = dirty => compile_forms;
        "compile_core"/3 = dirty => compile_core;
        "core_format"/1 = dirty => core_format;
        "core_lint"/1 = dirty => core_lint;
        "core_parse"/1 = dirty => core_parse;
        "core_read"/1 = dirty => core_read;
        "core_scan"/2 = dirty => core_scan;
        "disassemble"/1 = dirty => disassemble;
        "expand_records"/1 = dirty => expand_records;
        "format_arguments"/1 => format_arguments;
        "lint"/3 = dirty => lint_forms;
        "message"/4 = dirty => message;
        "obsolete"/3 => obsolete;
        "scan"/3 = dirty => scan;
        "scan_form"/4 = dirty => scan_form;
        "parse_exprs"/1 = dirty => parse_exprs;
        "plain_calls"/1 => plain_calls;
        "parse_form"/1 = dirty => parse_form;
        "parse_term"/1 = dirty => parse_term;
        "parse_file"/3 = dirty => parse_file;
        "read_terms"/2 = dirty => read_terms;
    }
};

fn text(term: Term) -> Result<String, Exception> {
    let bytes: Cow<'_, [u8]> = term.as_binary().ok_or_else(Exception::badarg)?;
    String::from_utf8(bytes.into_owned()).map_err(|_| Exception::badarg())
}

/// Hands compile-time terms in and out, and gives them back.
fn over_literals(
    context: &mut NativeContext<'_>,
    arguments: &[Term],
    function: impl FnOnce(&[Literal]) -> Result<Literal, BadArgument>,
) -> NativeResult {
    let literals = arguments.iter().map(|argument| to_literal(*argument)).collect::<Result<Vec<_>, _>>()?;
    let result = function(&literals);
    literals.into_iter().for_each(dismantle);
    let result = result.map_err(|BadArgument| Exception::badarg())?;
    let term = to_term(&result, context);
    dismantle(result);
    Ok(term?)
}

/// `scan(Text, Start, Options)`: `{ok, Tokens, End}` or `{error, ErrorInfo, End}`.
fn scan(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let text = text(arguments[0])?;
    over_literals(context, &arguments[1..], |rest| host::scan(&text, &rest[0], &rest[1]))
}

/// `scan_form(Text, Start, Options, AtEnd)`: `{done, Result, Offset}`, where `Offset` is that of the first byte after
/// the form, or `more`.
fn scan_form(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let bytes: Cow<'_, [u8]> = arguments[0].as_binary().ok_or_else(Exception::badarg)?;
    let text = str::from_utf8(&bytes).map_err(|_| Exception::badarg())?;
    let at_end = arguments[3].as_bool().ok_or_else(Exception::badarg)?;
    over_literals(context, &arguments[1..3], |given| {
        Ok(match host::scan_form(text, &given[0], &given[1], at_end)? {
            FormScan::More => Literal::atom("more"),
            FormScan::Done { result, rest } => {
                let rest = i64::try_from(rest).map_err(|_| BadArgument)?;
                Literal::tuple([Literal::atom("done"), result, Literal::Int(rest)])
            }
        })
    })
}

/// `parse_exprs(Tokens)`: `{ok, Exprs}` or `{error, ErrorInfo}`.
fn parse_exprs(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    over_literals(context, arguments, |tokens| host::parse_exprs(&tokens[0]))
}

/// `plain_calls(Text)`: `{ok, [{Module, Function, Arguments}]}` or `none`.
fn plain_calls(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let found = host::plain_calls(&text(arguments[0])?);
    let Some(calls) = found else { return Ok(Term::atom(atom("none"))) };
    let calls = to_term(&calls, context)?;
    Ok(context.heap().tuple(&[Term::atom(atom("ok")), calls]))
}

/// `parse_form(Tokens)`: `{ok, Form}` or `{error, ErrorInfo}`.
fn parse_form(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    over_literals(context, arguments, |tokens| host::parse_form(&tokens[0]))
}

/// `parse_term(Tokens)`: `{ok, Term}` or `{error, ErrorInfo}`.
fn parse_term(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    over_literals(context, arguments, |tokens| host::parse_term(&tokens[0]))
}

/// `compile_core(Path, Program, Options)`: as [`compile`], for a program in Core Erlang, as text or as a tree.
fn compile_core(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let path = text(arguments[0])?;
    let options = to_literal(arguments[2])?;
    let compiled = match arguments[1].as_binary() {
        Some(source) => Some(super::compile::core_source(&path, &source, &options)),
        None => {
            let tree = to_literal(arguments[1])?;
            let compiled = super::compile::core_tree(&path, &tree, &options);
            dismantle(tree);
            compiled
        }
    };
    dismantle(options);
    answer(context, compiled.ok_or_else(Exception::badarg)?)
}

/// `core_lint(Tree)`: `[{none, core_lint, Descriptor}]`, with all that is wrong with a module in Core Erlang.
fn core_lint(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    over_literals(context, arguments, |tree| host::lint_core(&tree[0]).ok_or(BadArgument))
}

/// `core_format(Tree)`: the text of a tree of Core Erlang.
fn core_format(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let tree = to_literal(arguments[0])?;
    let text = host::format_core(&tree);
    dismantle(tree);
    Ok(context.heap().binary(text.ok_or_else(Exception::badarg)?.as_bytes()))
}

/// `core_parse(Tokens)`: `{ok, Tree}` or `{error, ErrorInfo}`, for a module in Core Erlang.
fn core_parse(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    over_literals(context, arguments, |tokens| host::parse_core(&tokens[0]))
}

/// `core_read(Text)`: the same for its text.
fn core_read(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let text = text(arguments[0])?;
    over_literals(context, &[], |_| Ok(host::read_core(&text)))
}

/// `core_scan(Text, Line)`: `{ok, Tokens, EndLine}` or `{error, ErrorInfo, EndLine}`.
fn core_scan(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let text = text(arguments[0])?;
    over_literals(context, &arguments[1..], |line| match &line[0] {
        Literal::Int(line) => Ok(host::scan_core(&text, u32::try_from(*line).map_err(|_| BadArgument)?)),
        _ => Err(BadArgument),
    })
}

/// `format_arguments(Format)`: `{ok, [term | int | float | string]}` or `{error, Text}`, for a format string.
fn format_arguments(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let format = text(arguments[0])?;
    over_literals(context, &[], |_| {
        Ok(match lint::format_arguments(&format) {
            Ok(kinds) => {
                let kinds = Literal::list(kinds.into_iter().map(Literal::atom).collect());
                Literal::tuple([Literal::atom("ok"), kinds])
            }
            Err(text) => Literal::tuple([Literal::atom("error"), Literal::string(&text)]),
        })
    })
}

/// `read_terms(Bytes, Options)`: `{ok, Terms}` of a file of terms, each with its full stop, or `error` where anything
/// is wrong with one.
fn read_terms(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let bytes: Cow<'_, [u8]> = arguments[0].as_binary().ok_or_else(Exception::badarg)?;
    over_literals(context, &arguments[1..], |options| {
        Ok(match host::read_terms(&bytes, &options[0])? {
            Some(terms) => Literal::tuple([Literal::atom("ok"), terms]),
            None => Literal::atom("error"),
        })
    })
}

/// `parse_file(Name, Bytes, Options)`: `{ok, Forms}` or `{error, Reason}`, for `epp`.
fn parse_file(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let name = text(arguments[0])?;
    let bytes: Cow<'_, [u8]> = arguments[1].as_binary().ok_or_else(Exception::badarg)?;
    over_literals(context, &arguments[2..], |options| {
        host::parse_file(
            &name,
            &bytes,
            &options[0],
            &super::files::Disk::of(super::compile::as_list(&options[0])),
        )
    })
}

/// `compile(Path, Source, Options)`: `{ok, Module, Beam, Messages}` or `{error, Messages}`, with
/// `{error | warning, File, {Line, Column} | none, ErlcText, {Module, Descriptor}}` for each message; or
/// `{transform, Modules, Forms}` when parse transforms have to run first.
fn compile(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let path = text(arguments[0])?;
    let source: Cow<'_, [u8]> = arguments[1].as_binary().ok_or_else(Exception::badarg)?;
    let options = to_literal(arguments[2])?;
    let compiled = super::compile::source(&path, &source, &options);
    dismantle(options);
    answer(context, compiled)
}

/// `assemble(Code, Options, File)`: `{ok, Module, Beam}` or `{error, Why}`.
fn assemble(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let code = to_literal(arguments[0])?;
    let options = to_literal(arguments[1])?;
    let name = text(arguments[2])?;
    let assembled = super::compile::assemble(&code, &options, &name);
    dismantle(code);
    dismantle(options);
    match assembled {
        Ok((module, file)) => {
            let memory = context.heap();
            let file = memory.binary(&file);
            Ok(memory.tuple(&[Term::atom(atom("ok")), Term::atom(atom(module.as_str())), file]))
        }
        Err(why) => {
            let why = to_term(&Literal::string(&why), context)?;
            Ok(context.heap().tuple(&[Term::atom(atom("error")), why]))
        }
    }
}

/// `disassemble(Beam)`: `{ok, [{function, Name, Arity, Entry, Instructions}]}` or `{error, Why}`.
fn disassemble(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let bytes: Cow<'_, [u8]> = arguments[0].as_binary().ok_or_else(Exception::badarg)?;
    let functions = match Module::read(&bytes) {
        Ok(module) => module.disassemble().map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    let (tag, value) = match functions {
        Ok(functions) => ("ok", functions),
        Err(why) => ("error", Literal::string(&why)),
    };
    let term = to_term(&value, context);
    dismantle(value);
    let term = term?;
    Ok(context.heap().tuple(&[Term::atom(atom(tag)), term]))
}

/// `compile_forms(Forms, Options, File)`: the same for forms in the abstract format, which came from that file.
fn compile_forms(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let forms = to_literal(arguments[0])?;
    let options = to_literal(arguments[1])?;
    let name = text(arguments[2])?;
    let compiled = super::compile::forms(&forms, &options, &name);
    dismantle(forms);
    dismantle(options);
    answer(context, compiled.map_err(|_| Exception::badarg())?)
}

/// `lint(Forms, Options, File)`: `{error, Messages}`, with what the linter finds in forms that came from that file.
fn lint_forms(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let forms = to_literal(arguments[0])?;
    let options = to_literal(arguments[1])?;
    let name = text(arguments[2])?;
    let compiled = super::compile::lint_forms(&forms, &options, &name);
    dismantle(forms);
    dismantle(options);
    answer(context, compiled.map_err(|_| Exception::badarg())?)
}

/// `expand_records(Forms)`: the forms without records.
fn expand_records(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    over_literals(context, arguments, |forms| {
        super::compile::expand_records(&forms[0]).map_err(|_| BadArgument)
    })
}

/// `obsolete(Module, Function, Arity)`: `{deprecated | removed, Advice}`, with the release that removes it where one
/// is named, or `no`.
fn obsolete(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    over_literals(context, arguments, |given| match given {
        [Literal::Atom(module), Literal::Atom(function), Literal::Int(arity)] => {
            let arity = u32::try_from(*arity).map_err(|_| BadArgument)?;
            Ok(lint::obsolete(*module, *function, arity))
        }
        _ => Err(BadArgument),
    })
}

/// `message(error | warning, File, Location, Text)`: what `erlc` prints for it.
fn message(context: &mut NativeContext<'_>, arguments: &[Term]) -> NativeResult {
    let is_error = arguments[0] == Term::atom(atom("error"));
    let (file, what) = (text(arguments[1])?, text(arguments[3])?);
    let printed = match to_literal(arguments[2])? {
        Literal::Tuple(location) => match location.as_slice() {
            [Literal::Int(line), Literal::Int(column)] => {
                let number = |number: &i64| u32::try_from(*number).unwrap_or(0);
                super::compile::render(is_error, &file, number(line), number(column), &what)
            }
            _ => return Err(Exception::badarg().into()),
        },
        location => {
            let severity = if is_error { "" } else { "Warning: " };
            match location {
                Literal::Int(line) => {
                    super::compile::render(is_error, &file, u32::try_from(line).unwrap_or(0), 0, &what)
                }
                _ => format!("{file}: {severity}{what}\n"),
            }
        }
    };
    Ok(context.heap().binary(printed.as_bytes()))
}

fn answer(context: &mut NativeContext<'_>, compiled: Compiled) -> NativeResult {
    let mut compiled = compiled;
    if let Some(Transform { modules, forms }) = compiled.transform.take() {
        let modules: Vec<Term> = modules.iter().map(|module| Term::atom(atom(module.as_str()))).collect();
        let modules = context.heap().list(&modules);
        let term = to_term(&forms, context);
        dismantle(forms);
        let parts = [Term::atom(atom("transform")), modules, term.map_err(Interrupt::from)?];
        return Ok(context.heap().tuple(&parts));
    }
    let result = answer_terms(context, &compiled);
    compiled.messages.into_iter().for_each(|message| dismantle(message.descriptor));
    result
}

fn answer_terms(context: &mut NativeContext<'_>, compiled: &Compiled) -> NativeResult {
    let mut messages = Vec::with_capacity(compiled.messages.len());
    for Message { is_error, file, place, text, module, descriptor } in &compiled.messages {
        let descriptor = to_term(descriptor, context).map_err(Interrupt::from)?;
        let memory = context.heap();
        let severity = Term::atom(atom(if *is_error { "error" } else { "warning" }));
        let place = match place {
            Some((line, 0)) => Term::small((*line).into()),
            Some((line, column)) => {
                memory.tuple(&[Term::small((*line).into()), Term::small((*column).into())])
            }
            None => Term::atom(atom("none")),
        };
        let described = memory.tuple(&[Term::atom(atom(module)), descriptor]);
        let (file, text) = (memory.binary(file.as_bytes()), memory.binary(text.as_bytes()));
        messages.push(memory.tuple(&[severity, file, place, text, described]));
    }
    let memory = context.heap();
    let messages = memory.list(&messages);
    Ok(match &compiled.beam {
        Some((module, beam)) => {
            let beam = memory.binary(beam);
            memory.tuple(&[Term::atom(atom("ok")), Term::atom(atom(module)), beam, messages])
        }
        None => memory.tuple(&[Term::atom(atom("error")), messages]),
    })
}
