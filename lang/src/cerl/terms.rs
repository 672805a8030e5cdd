//! Trees as the records that OTP's module `cerl` documents by its functions, and back.

use super::fold;
use super::tree::{
    Annotated, Clause, Definition, Function, Kind, Module, Node, Notes, Pair, Segment, Step, Try, Variable,
};
use crate::syntax::MAX_DEPTH;
use swerl_beam::{Atom, Literal};

/// A term that is no tree of Core Erlang.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no Core Erlang")]
pub struct BadTree;

type Read<T> = Result<T, BadTree>;

// ---- To records.

fn record<const N: usize>(name: &str, notes: &Notes, fields: [Literal; N]) -> Literal {
    let mut parts = vec![Literal::atom(name), Literal::list(notes.clone())];
    parts.extend(fields);
    Literal::Tuple(parts)
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Literal) -> Literal {
    Literal::list(items.iter().map(write).collect())
}

fn constant(literal: Literal) -> Literal {
    record("c_literal", &Notes::new(), [literal])
}

fn name_term((name, arity): (Atom, u32)) -> Literal {
    Literal::tuple([Literal::Atom(name), Literal::Int(arity.into())])
}

fn function_term(name: &Annotated<(Atom, u32)>) -> Literal {
    record("c_var", &name.notes, [name_term(name.kind)])
}

/// Numbers stand for the variables of compilers.
fn variable_name(name: Atom) -> Literal {
    match name.as_str().parse() {
        Ok(number) if name.as_str().starts_with(|first: char| first.is_ascii_digit()) => Literal::Int(number),
        _ => Literal::Atom(name),
    }
}

fn variable_term(variable: &Variable) -> Literal {
    record("c_var", &variable.notes, [variable_name(variable.kind)])
}

fn definition_term(definition: &Definition) -> Literal {
    Literal::tuple([function_term(&definition.name), node_term(&definition.function, false)])
}

/// A module as `c_module`.
#[must_use]
pub fn module_term(module: &Module) -> Literal {
    let attribute = |(name, value): &(Literal, Literal)| {
        Literal::tuple([constant(name.clone()), constant(value.clone())])
    };
    record(
        "c_module",
        &module.notes,
        [
            constant(Literal::Atom(module.name)),
            list(&module.exports, |&export| function_term(&Annotated::new(export))),
            list(&module.attributes, attribute),
            list(&module.definitions, definition_term),
        ],
    )
}

fn node_term(node: &Node, is_pattern: bool) -> Literal {
    let write = |node: &Node| node_term(node, is_pattern);
    let nodes = |nodes: &[Node]| list(nodes, write);
    let notes = &node.notes;
    match &node.kind {
        Kind::Variable(name) => record("c_var", notes, [variable_name(*name)]),
        Kind::Function(name, arity) => record("c_var", notes, [name_term((*name, *arity))]),
        Kind::Literal(literal) => record("c_literal", notes, [literal.clone()]),
        Kind::List(elements, tail) => {
            let (first, more) = elements.split_first().expect("cells have elements");
            let cell = |notes: &Notes, head: &Node, tail| record("c_cons", notes, [write(head), tail]);
            let rest = more.iter().rev().fold(write(tail), |tail, head| cell(&Notes::new(), head, tail));
            cell(notes, first, rest)
        }
        Kind::Tuple(elements) => record("c_tuple", notes, [nodes(elements)]),
        Kind::Map(base, pairs) => {
            let base = base
                .as_ref()
                .map_or_else(|| constant(Literal::Map(Vec::new())), |base| node_term(base, false));
            let pair = |pair: &Annotated<Pair>| {
                let op = Literal::atom(if pair.kind.is_exact { "exact" } else { "assoc" });
                let key = node_term(&pair.kind.key, false);
                record("c_map_pair", &pair.notes, [constant(op), key, write(&pair.kind.value)])
            };
            let is_pattern = Literal::atom(if is_pattern { "true" } else { "false" });
            record("c_map", notes, [base, list(pairs, pair), is_pattern])
        }
        Kind::Bits(segments) => {
            let segment = |segment: &Annotated<Segment>| {
                let Segment { value, size, unit, ty, flags } = &segment.kind;
                let flags = list(flags, |&flag| Literal::Atom(flag));
                let layout = [constant(unit.clone()), constant(Literal::Atom(*ty)), constant(flags)];
                let [unit, ty, flags] = layout;
                record("c_bitstr", &segment.notes, [write(value), node_term(size, false), unit, ty, flags])
            };
            record("c_binary", notes, [list(segments, segment)])
        }
        Kind::Values(values) => record("c_values", notes, [nodes(values)]),
        Kind::Fun(function) => {
            record("c_fun", notes, [list(&function.params, variable_term), write(&function.body)])
        }
        Kind::Apply(function, args) => record("c_apply", notes, [write(function), nodes(args)]),
        Kind::Call(callee, args) => {
            record("c_call", notes, [write(&callee[0]), write(&callee[1]), nodes(args)])
        }
        Kind::PrimOp(name, args) => record("c_primop", notes, [constant(Literal::Atom(*name)), nodes(args)]),
        Kind::Case(subject, clauses) => record("c_case", notes, [write(subject), list(clauses, clause_term)]),
        Kind::Receive(clauses, after) => {
            record("c_receive", notes, [list(clauses, clause_term), write(&after[0]), write(&after[1])])
        }
        Kind::Try(parts) => {
            let Try { body, values, of, exception, handler } = &**parts;
            let variables = |variables: &[Variable]| list(variables, variable_term);
            let fields = [write(body), variables(values), write(of), variables(exception), write(handler)];
            record("c_try", notes, fields)
        }
        Kind::Catch(body) => record("c_catch", notes, [write(body)]),
        Kind::Block(steps, last) => steps.iter().rev().fold(write(last), |body, step| match &step.kind {
            Step::Let(variables, value) => {
                record("c_let", &step.notes, [list(variables, variable_term), write(value), body])
            }
            Step::Do(value) => record("c_seq", &step.notes, [write(value), body]),
            Step::Letrec(definitions) => {
                record("c_letrec", &step.notes, [list(definitions, definition_term), body])
            }
        }),
        Kind::Alias(variable, pattern) => record("c_alias", notes, [variable_term(variable), write(pattern)]),
    }
}

fn clause_term(clause: &Annotated<Clause>) -> Literal {
    let Clause { patterns, guard, body } = &clause.kind;
    let patterns = list(patterns, |pattern| node_term(pattern, true));
    record("c_clause", &clause.notes, [patterns, node_term(guard, false), node_term(body, false)])
}

// ---- From records.

/// Name, notes and fields of a record.
fn fields(term: &Literal) -> Read<(&'static str, &Literal, &[Literal])> {
    match term {
        Literal::Tuple(parts) => match &parts[..] {
            [Literal::Atom(name), notes, fields @ ..] => Ok((name.as_str(), notes, fields)),
            _ => Err(BadTree),
        },
        _ => Err(BadTree),
    }
}

fn elements(term: &Literal) -> Read<Vec<Literal>> {
    match term {
        Literal::Nil => Ok(Vec::new()),
        Literal::Str(bytes) => Ok(bytes.iter().map(|&byte| Literal::Int(byte.into())).collect()),
        Literal::List(elements, tail) if **tail == Literal::Nil => Ok(elements.clone()),
        _ => Err(BadTree),
    }
}

fn each<T>(term: &Literal, mut read: impl FnMut(&Literal) -> Read<T>) -> Read<Vec<T>> {
    match term {
        Literal::Nil => Ok(Vec::new()),
        Literal::List(elements, tail) if **tail == Literal::Nil => elements.iter().map(&mut read).collect(),
        _ => Err(BadTree),
    }
}

fn as_constant(term: &Literal) -> Read<Literal> {
    match fields(term)? {
        ("c_literal", _, [literal]) => Ok(literal.clone()),
        _ => Err(BadTree),
    }
}

fn as_atom(term: &Literal) -> Read<Atom> {
    match as_constant(term)? {
        Literal::Atom(atom) => Ok(atom),
        _ => Err(BadTree),
    }
}

fn as_name(term: &Literal) -> Read<Annotated<(Atom, u32)>> {
    let ("c_var", notes, [Literal::Tuple(name)]) = fields(term)? else { return Err(BadTree) };
    let [Literal::Atom(name), Literal::Int(arity)] = &name[..] else { return Err(BadTree) };
    let arity = u32::try_from(*arity).map_err(|_| BadTree)?;
    Ok(Annotated { notes: elements(notes)?, kind: (*name, arity) })
}

fn as_variable(term: &Literal) -> Read<Variable> {
    let ("c_var", notes, [name]) = fields(term)? else { return Err(BadTree) };
    let kind = match name {
        Literal::Atom(name) => *name,
        Literal::Int(number) => Atom::new(&number.to_string()),
        _ => return Err(BadTree),
    };
    Ok(Annotated { notes: elements(notes)?, kind })
}

/// The module that a `c_module` is.
///
/// # Errors
/// When the term is none.
pub fn read_module(term: &Literal) -> Read<Module> {
    let ("c_module", notes, [name, exports, attributes, definitions]) = fields(term)? else {
        return Err(BadTree);
    };
    let mut reader = Reader { depth: 0 };
    let pair = |term: &Literal| match term {
        Literal::Tuple(parts) => match &parts[..] {
            [name, value] => Ok((as_constant(name)?, as_constant(value)?)),
            _ => Err(BadTree),
        },
        _ => Err(BadTree),
    };
    Ok(Module {
        notes: elements(notes)?,
        name: as_atom(name)?,
        exports: each(exports, |export| Ok(as_name(export)?.kind))?,
        attributes: each(attributes, pair)?,
        definitions: each(definitions, |definition| reader.definition(definition))?,
    })
}

/// Any tree as text: a module, a clause, an expression or a pattern.
///
/// # Errors
/// When the term is none.
pub fn print_term(term: &Literal) -> Read<String> {
    let mut reader = Reader { depth: 0 };
    match fields(term)?.0 {
        "c_module" => Ok(super::print(&read_module(term)?)),
        "c_clause" => Ok(super::print_clause(&reader.clause(term)?)),
        _ => Ok(super::print_node(&reader.node(term)?)),
    }
}

struct Reader {
    depth: usize,
}

impl Reader {
    fn definition(&mut self, term: &Literal) -> Read<Definition> {
        let Literal::Tuple(parts) = term else { return Err(BadTree) };
        let [name, function] = &parts[..] else { return Err(BadTree) };
        let function = self.node(function)?;
        match function.kind {
            Kind::Fun(_) => Ok(Definition { name: as_name(name)?, function }),
            _ => Err(BadTree),
        }
    }

    fn clause(&mut self, term: &Literal) -> Read<Annotated<Clause>> {
        let ("c_clause", notes, [patterns, guard, body]) = fields(term)? else { return Err(BadTree) };
        let patterns = self.nodes(patterns)?;
        let kind = Clause { patterns, guard: self.node(guard)?, body: self.node(body)? };
        Ok(Annotated { notes: elements(notes)?, kind })
    }

    fn nodes(&mut self, term: &Literal) -> Read<Vec<Node>> {
        each(term, |term| self.node(term))
    }

    fn boxed(&mut self, term: &Literal) -> Read<Box<Node>> {
        Ok(Box::new(self.node(term)?))
    }

    /// Steps, and what follows them.
    fn node(&mut self, term: &Literal) -> Read<Node> {
        if self.depth >= MAX_DEPTH {
            return Err(BadTree);
        }
        self.depth += 1;
        let mut steps = Vec::new();
        let mut rest = term;
        let last = loop {
            let (name, notes, parts) = fields(rest)?;
            let (step, body) = match (name, parts) {
                ("c_let", [variables, value, body]) => {
                    (Step::Let(each(variables, as_variable)?, self.node(value)?), body)
                }
                ("c_seq", [value, body]) => (Step::Do(self.node(value)?), body),
                ("c_letrec", [definitions, body]) => {
                    (Step::Letrec(each(definitions, |definition| self.definition(definition))?), body)
                }
                _ => break Node { kind: self.plain(name, notes, parts)?, notes: elements(notes)? },
            };
            steps.push(Annotated { notes: elements(notes)?, kind: step });
            rest = body;
        };
        self.depth -= 1;
        Ok(Node::block(steps, last))
    }

    fn plain(&mut self, name: &str, notes: &Literal, parts: &[Literal]) -> Read<Kind> {
        Ok(match (name, parts) {
            ("c_var", [Literal::Tuple(_)]) => {
                let name = Literal::tuple([Literal::atom("c_var"), notes.clone(), parts[0].clone()]);
                let (name, arity) = as_name(&name)?.kind;
                Kind::Function(name, arity)
            }
            ("c_var", [Literal::Atom(name)]) => Kind::Variable(*name),
            ("c_var", [Literal::Int(number)]) => Kind::Variable(Atom::new(&number.to_string())),
            ("c_literal", [literal]) => Kind::Literal(literal.clone()),
            ("c_cons", [head, tail]) => self.cells(head, tail)?,
            ("c_tuple", [elements]) => fold::tuple(self.nodes(elements)?),
            ("c_map", [base, pairs, _]) => {
                let base = self.boxed(base)?;
                let is_empty = matches!(&base.kind, Kind::Literal(Literal::Map(pairs)) if pairs.is_empty());
                Kind::Map((!is_empty).then_some(base), each(pairs, |pair| self.pair(pair))?)
            }
            ("c_binary", [segments]) => Kind::Bits(each(segments, |segment| self.segment(segment))?),
            ("c_values", [values]) => Kind::Values(self.nodes(values)?),
            ("c_fun", [params, body]) => {
                Kind::Fun(Box::new(Function { params: each(params, as_variable)?, body: self.node(body)? }))
            }
            ("c_apply", [function, args]) => Kind::Apply(self.boxed(function)?, self.nodes(args)?),
            ("c_call", [module, name, args]) => {
                Kind::Call(Box::new([self.node(module)?, self.node(name)?]), self.nodes(args)?)
            }
            ("c_primop", [name, args]) => Kind::PrimOp(as_atom(name)?, self.nodes(args)?),
            ("c_case", [subject, clauses]) => {
                Kind::Case(self.boxed(subject)?, each(clauses, |clause| self.clause(clause))?)
            }
            ("c_receive", [clauses, time, after]) => {
                let clauses = each(clauses, |clause| self.clause(clause))?;
                Kind::Receive(clauses, Box::new([self.node(time)?, self.node(after)?]))
            }
            ("c_try", [body, values, of, exception, handler]) => Kind::Try(Box::new(Try {
                body: self.node(body)?,
                values: each(values, as_variable)?,
                of: self.node(of)?,
                exception: each(exception, as_variable)?,
                handler: self.node(handler)?,
            })),
            ("c_catch", [body]) => Kind::Catch(self.boxed(body)?),
            ("c_alias", [variable, pattern]) => Kind::Alias(as_variable(variable)?, self.boxed(pattern)?),
            _ => return Err(BadTree),
        })
    }

    /// List cells, of which those without notes go with the ones before.
    fn cells(&mut self, head: &Literal, tail: &Literal) -> Read<Kind> {
        let mut elements = vec![self.node(head)?];
        let mut rest = tail;
        while let Ok(("c_cons", Literal::Nil, [head, tail])) = fields(rest) {
            elements.push(self.node(head)?);
            rest = tail;
        }
        let tail = self.node(rest)?;
        Ok(fold::list(elements, tail))
    }

    fn pair(&mut self, term: &Literal) -> Read<Annotated<Pair>> {
        let ("c_map_pair", notes, [op, key, value]) = fields(term)? else { return Err(BadTree) };
        let is_exact = match as_atom(op)?.as_str() {
            "exact" => true,
            "assoc" => false,
            _ => return Err(BadTree),
        };
        let kind = Pair { is_exact, key: self.node(key)?, value: self.node(value)? };
        Ok(Annotated { notes: elements(notes)?, kind })
    }

    fn segment(&mut self, term: &Literal) -> Read<Annotated<Segment>> {
        let ("c_bitstr", notes, [value, size, unit, ty, flags]) = fields(term)? else { return Err(BadTree) };
        let kind = Segment {
            value: self.node(value)?,
            size: self.node(size)?,
            unit: as_constant(unit)?,
            ty: as_atom(ty)?,
            flags: fold::atoms(&as_constant(flags)?).ok_or(BadTree)?,
        };
        Ok(Annotated { notes: elements(notes)?, kind })
    }
}
