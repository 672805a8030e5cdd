//! What the optimiser tells of its work, for those who ask (`bin_opt_info`, `recv_opt_info`).
//!
//! A remark is a place and a term, as OTP's tools see it; its words follow from the term.

pub mod bits;
pub mod receives;

use super::{Block, Callee, Function, FunctionId, Inst, Line, Op, Value};
use crate::diag::{write_plain, write_term};
use swerl_beam::{Atom, Literal};

/// One remark.
#[derive(Clone, Debug)]
pub struct Remark {
    /// Where.
    pub line: Line,
    /// The OTP module whose `format_error/1` has words for it.
    pub module: &'static str,
    /// What.
    pub what: Literal,
}

/// Where a line of the table stands: the name of the file, and the line in it.
pub type Located<'a> = dyn Fn(Line) -> (String, u32) + 'a;

impl Remark {
    /// Its words.
    #[must_use]
    pub fn text(&self) -> String {
        match &self.what {
            Literal::Atom(name) => plain_text(name.as_str()).to_owned(),
            Literal::Tuple(parts) => match (tag(&self.what), &parts[1..]) {
                ("binary_created", [by, is_nested]) => {
                    format!("BINARY CREATED: binary is {}", created(by, *is_nested == Literal::atom("true")))
                }
                ("used_receive_marker", [by]) if tag(by) == "parameter" => {
                    format!(
                        "OPTIMIZED: all clauses match reference in function parameter {}",
                        write_plain(part(by, 1))
                    )
                }
                ("used_receive_marker", [by]) => {
                    format!("OPTIMIZED: all clauses match reference {}", made(by))
                }
                ("passed_marker", [by]) => format!("INFO: passing reference {}", made(by)),
                _ => format!("NOT OPTIMIZED: {}", reason(&self.what)),
            },
            _ => String::new(),
        }
    }
}

fn plain_text(name: &str) -> &'static str {
    match name {
        "context_reused" => "OPTIMIZED: match context reused",
        "reserved_receive_marker" => "OPTIMIZED: reference used to mark a message queue position",
        "matches_any_message" => "INFO: receive matches any message, this is always fast",
        _ => "NOT OPTIMIZED: all clauses do not match a suitable reference",
    }
}

/// Why a context does not go to a call.
fn reason(what: &Literal) -> String {
    let called = || call_text(part(what, 1));
    match tag(what) {
        "no_match_on_entry" => {
            format!(
                "binary is used in call to {} which does not begin with a suitable binary match",
                called()
            )
        }
        "remote_call" => format!("binary is used in remote call to {}", called()),
        "fun_call" => format!("binary is used in fun call ({})", called()),
        "multiple_uses_in_call" => format!("binary is passed as multiple arguments to {}", called()),
        "used_before_match" => {
            format!("binary is used in {} before being matched", set_text(part(what, 1)))
        }
        _ => {
            let pair = part(what, 1);
            format!("binary used in call to {}, where {}", call_text(part(pair, 0)), reason(part(pair, 1)))
        }
    }
}

fn created(by: &Literal, is_nested: bool) -> String {
    let text = || set_text(by);
    match (tag(by), is_nested) {
        ("b_ret", false) => "returned from the function".to_owned(),
        ("b_ret", true) => "used in a term that is returned from the function".to_owned(),
        (_, true) => format!("used in term passed to {}", text()),
        (_, false) if *part(by, 3) == Literal::atom("call") => {
            format!("used in call to {} which doesn't support context reuse", text())
        }
        (_, false) => format!("used in {} which doesn't support context reuse", text()),
    }
}

fn made(by: &Literal) -> String {
    let place = match part(by, 1) {
        Literal::Map(pairs) => pairs.first().map(|(_, place)| place),
        _ => None,
    };
    let name = first(part(by, 4)).map(|callee| match callee {
        Literal::Tuple(parts) if parts.len() == 4 => {
            format!("{}/{}", write_term(part(&parts[2], 1)), write_plain(&parts[3]))
        }
        callee => call_text(callee),
    });
    let (file, line) = place.map_or((String::new(), String::new()), |place| {
        (characters(part(place, 0)), write_plain(part(place, 1)))
    });
    format!("created by {} at {file}:{line}", name.unwrap_or_default())
}

/// What an instruction, written as a tuple, is called.
fn set_text(set: &Literal) -> String {
    let op = part(set, 3);
    match (op, part(set, 4)) {
        (Literal::Atom(name), args) if name.as_str() == "call" => {
            first(args).map_or_else(String::new, call_text)
        }
        (Literal::Tuple(parts), args) if tag(op) == "bif" => {
            format!("{}/{}", write_term(&parts[1]), count(args))
        }
        (op, _) => format!("'{}'", write_plain(op)),
    }
}

fn call_text(callee: &Literal) -> String {
    match callee {
        Literal::Tuple(parts) => match (tag(callee), &parts[1..]) {
            ("b_local", [name, arity]) => format!("{}/{}", write_term(part(name, 1)), write_plain(arity)),
            ("b_remote", [module, name, arity]) if tag(module) == "b_literal" && tag(name) == "b_literal" => {
                let (module, name) = (write_term(part(module, 1)), write_term(part(name, 1)));
                format!("{module}:{name}/{}", write_plain(arity))
            }
            _ => write_term(callee),
        },
        _ => write_term(callee),
    }
}

fn tag(term: &Literal) -> &str {
    match part(term, 0) {
        Literal::Atom(name) => name.as_str(),
        _ => "",
    }
}

/// An element of a tuple; `[]` where there is none.
fn part(term: &Literal, at: usize) -> &Literal {
    match term {
        Literal::Tuple(parts) => parts.get(at).unwrap_or(&Literal::Nil),
        _ => &Literal::Nil,
    }
}

fn first(list: &Literal) -> Option<&Literal> {
    match list {
        Literal::List(elements, _) => elements.first(),
        _ => None,
    }
}

/// The text that a string holds.
fn characters(string: &Literal) -> String {
    match string {
        Literal::Str(bytes) => bytes.iter().map(|&byte| char::from(byte)).collect(),
        Literal::List(elements, _) => {
            let code = |element: &Literal| match element {
                Literal::Int(code) => u32::try_from(*code).ok().and_then(char::from_u32),
                _ => None,
            };
            elements.iter().filter_map(code).collect()
        }
        _ => String::new(),
    }
}

fn count(list: &Literal) -> usize {
    match list {
        Literal::List(elements, _) => elements.len(),
        _ => 0,
    }
}

/// Writes instructions as terms.
struct Terms<'a> {
    functions: &'a [Function],
    located: &'a Located<'a>,
}

impl Terms<'_> {
    /// An instruction: what it is called, and its operands.
    fn set(&self, line: Line, dst: Option<super::Var>, op: Literal, args: Vec<Literal>) -> Literal {
        let place = (line != 0).then(|| {
            let (file, line) = (self.located)(line);
            let place = Literal::tuple([Literal::string(&file), Literal::Int(line.into())]);
            (Literal::atom("location"), place)
        });
        let anno = Literal::Map(place.into_iter().collect());
        let dst = dst.map_or_else(|| tagged("b_var", Literal::atom("_")), |dst| value(Value::Var(dst)));
        Literal::tuple([Literal::atom("b_set"), anno, dst, op, Literal::list(args)])
    }

    /// A call.
    fn call(&self, line: Line, dst: Option<super::Var>, callee: Callee, args: &[Value]) -> Literal {
        let count = args.len() - callee.extra_operands();
        let mut all = vec![self.callee(callee, args)];
        all.extend(args[..count].iter().map(|&arg| value(arg)));
        self.set(line, dst, Literal::atom("call"), all)
    }

    /// What is called.
    fn callee(&self, callee: Callee, args: &[Value]) -> Literal {
        let count = args.len() - callee.extra_operands();
        let arity = Literal::Int(count.try_into().expect("arities are small"));
        match callee {
            Callee::Local(id) => {
                let name = Literal::Atom(self.functions[id.index()].name);
                Literal::tuple([Literal::atom("b_local"), tagged("b_literal", name), arity])
            }
            Callee::Remote(module, name) => remote(module, name, arity),
            Callee::Fun => value(args[count]),
            Callee::Apply => {
                Literal::tuple([Literal::atom("b_remote"), value(args[count]), value(args[count + 1]), arity])
            }
        }
    }

    /// The instructions that OTP makes calls of, and calls.
    fn as_call(&self, inst: &Inst) -> Option<(Literal, Literal)> {
        let name = match inst.op {
            Op::Call(callee) => {
                let call = self.call(inst.line, inst.dst, callee, &inst.args);
                return Some((call, self.callee(callee, &inst.args)));
            }
            Op::Send => "!",
            Op::SetElement { .. } => "setelement",
            _ => return None,
        };
        let count = if name == "!" { 2 } else { 3 };
        let callee = remote(Atom::new("erlang"), Atom::new(name), Literal::Int(count));
        let args = std::iter::once(callee.clone()).chain(inst.args.iter().map(|&arg| value(arg)));
        let call = self.set(inst.line, inst.dst, Literal::atom("call"), args.collect());
        Some((call, callee))
    }
}

fn remote(module: Atom, name: Atom, arity: Literal) -> Literal {
    let [module, name] = [module, name].map(|atom| tagged("b_literal", Literal::Atom(atom)));
    Literal::tuple([Literal::atom("b_remote"), module, name, arity])
}

fn tagged(tag: &str, what: Literal) -> Literal {
    Literal::tuple([Literal::atom(tag), what])
}

/// An operand.
fn value(value: Value) -> Literal {
    match value {
        Value::Var(var) => tagged("b_var", Literal::Int(var.0.into())),
        Value::Atom(atom) => tagged("b_literal", Literal::Atom(atom)),
        Value::Int(number) => tagged("b_literal", Literal::Int(number)),
        Value::Nil | Value::Const(_) => tagged("b_literal", Literal::Nil),
    }
}

/// The blocks that are reached from one, that one included.
fn reached(function: &Function, from: super::BlockId) -> Vec<bool> {
    let mut seen = vec![false; function.blocks.len()];
    let mut work = vec![from];
    while let Some(id) = work.pop() {
        if !std::mem::replace(&mut seen[id.index()], true) {
            let block: &Block = function.block(id);
            block.term.for_each_successor(|next| work.push(next));
        }
    }
    seen
}

/// The function with a number.
fn function_of(functions: &[Function], id: FunctionId) -> &Function {
    &functions[id.index()]
}
