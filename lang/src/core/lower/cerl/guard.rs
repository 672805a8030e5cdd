//! Guards.
//!
//! What a guard computes first has names there, and what may fail by itself stands in a `try`. The core language has neither:
//! names are replaced by what they stand for, and a `try` is an alternative of its own.

use super::Reader;
use crate::cerl::{Annotated, Clause, Kind as Tree, Node, Segment, Step, Try};
use crate::core::{BuildSegment, Guard, GuardExpr, Op, Value, bifs};
use imbl::HashMap;
use swerl_beam::{Atom, Literal};

/// What names stand for.
#[derive(Clone, Default)]
struct Names<'m> {
    known: HashMap<Atom, Meaning<'m>>,
}

/// An expression, and what its names stand for.
#[derive(Clone)]
struct Meaning<'m> {
    node: &'m Node,
    names: Names<'m>,
}

/// Guards that come to more are evaluated as they stand.
const MOST: usize = 4000;
/// So many alternatives are multiplied out.
const MOST_ALTERNATIVES: usize = 16;

impl<'m> Reader<'m> {
    /// The guard, if the core language has it.
    pub(super) fn guard(&mut self, node: &'m Node) -> Option<Guard> {
        let mut left = MOST;
        let alternatives = self.alternatives(node, &Names::default(), &mut left)?;
        let holds = [GuardExpr::Value(Value::atom("true"))];
        if alternatives.iter().any(|tests| tests.iter().all(|test| holds.contains(test))) {
            return Some(Guard::default());
        }
        Some(Guard { equalities: Vec::new(), alternatives })
    }

    /// An expression of a guard that has no names of its own.
    pub(super) fn guard_value(&mut self, node: &'m Node) -> Option<GuardExpr> {
        self.guard_node(node, &Names::default(), &mut MOST.clone())
    }

    /// The alternatives of tests that a guard is.
    fn alternatives(
        &mut self,
        node: &'m Node,
        names: &Names<'m>,
        left: &mut usize,
    ) -> Option<Vec<Vec<GuardExpr>>> {
        *left = left.checked_sub(1)?;
        match &node.kind {
            Tree::Block(steps, last) => {
                let (names, unused) = bound(steps, last, names)?;
                let mut all = self.alternatives(last, &names, left)?;
                for Meaning { node, names } in unused {
                    let value = self.guard_node(node, &names, left)?;
                    if !value.is_total() {
                        all.iter_mut().for_each(|tests| tests.push(survives(value.clone())));
                    }
                }
                Some(all)
            }
            Tree::Variable(name) if names.known.contains_key(name) => {
                let Meaning { node, names } = names.known[name].clone();
                self.alternatives(node, &names, left)
            }
            Tree::Try(parts) if is_protection(parts) => self.alternatives(&parts.body, names, left),
            Tree::Call(callee, args) if callee[0].is_atom("erlang") => match (&callee[1], &args[..]) {
                (name, [a, b]) if name.is_atom("or") && is_protected(a, names) && is_protected(b, names) => {
                    let mut all = self.alternatives(a, names, left)?;
                    all.extend(self.alternatives(b, names, left)?);
                    Some(all)
                }
                (name, [a, b]) if name.is_atom("and") => {
                    let (a, b) = (self.alternatives(a, names, left)?, self.alternatives(b, names, left)?);
                    if a.len() * b.len() > MOST_ALTERNATIVES && a.len() != 1 && b.len() != 1 {
                        return None;
                    }
                    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| [&a[..], &b[..]].concat()));
                    Some(pairs.collect())
                }
                (name, [value, answer]) if name.is_atom("=:=") && answer.is_atom("true") => {
                    // A value that is asked for `true` is not one that is a disjunction.
                    Some(vec![vec![self.guard_node(value, names, left)?]])
                }
                _ => Some(vec![vec![self.guard_node(node, names, left)?]]),
            },
            _ => Some(vec![vec![self.guard_node(node, names, left)?]]),
        }
    }

    fn guard_nodes(
        &mut self,
        nodes: &'m [Node],
        names: &Names<'m>,
        left: &mut usize,
    ) -> Option<Vec<GuardExpr>> {
        nodes.iter().map(|node| self.guard_node(node, names, left)).collect()
    }

    /// An expression of a guard.
    fn guard_node(&mut self, node: &'m Node, names: &Names<'m>, left: &mut usize) -> Option<GuardExpr> {
        *left = left.checked_sub(1)?;
        Some(match &node.kind {
            Tree::Variable(name) => match names.known.get(name).cloned() {
                Some(Meaning { node, names }) => self.guard_node(node, &names, left)?,
                None => GuardExpr::Value(self.variable(*name)),
            },
            Tree::Literal(literal) => GuardExpr::Value(self.lower.constants.value(literal.clone())),
            Tree::Tuple(elements) => {
                let elements = self.guard_nodes(elements, names, left)?;
                self.lower.guard_tuple(elements)
            }
            Tree::List(elements, tail) => {
                let elements = self.guard_nodes(elements, names, left)?;
                let tail = self.guard_node(tail, names, left)?;
                self.lower.guard_list(elements, tail)
            }
            Tree::Map(base, pairs) => {
                let mut map = match base {
                    Some(base) => self.guard_node(base, names, left)?,
                    None => GuardExpr::Value(self.lower.constants.value(Literal::Map(Vec::new()))),
                };
                for pair in pairs {
                    let key = self.guard_node(&pair.kind.key, names, left)?;
                    let value = self.guard_node(&pair.kind.value, names, left)?;
                    map = GuardExpr::Build(Op::PutMap { exact: pair.kind.is_exact }, vec![map, key, value]);
                }
                map
            }
            Tree::Bits(segments) => self.guard_segments(segments, names, left)?,
            Tree::Block(steps, last) => {
                let (names, unused) = bound(steps, last, names)?;
                let value = self.guard_node(last, &names, left)?;
                let mut tests = Vec::new();
                for Meaning { node, names } in unused {
                    let value = self.guard_node(node, &names, left)?;
                    if !value.is_total() {
                        tests.push(survives(value));
                    }
                }
                if tests.is_empty() {
                    value
                } else {
                    tests.push(value);
                    GuardExpr::AndAlso(tests)
                }
            }
            Tree::Call(callee, args) if callee[0].is_atom("erlang") => {
                let name = callee[1].as_atom()?;
                if matches!((name.as_str(), args.len()), ("error", 1)) {
                    return Some(failure());
                }
                if !bifs::is_guard_bif(name, args.len()) {
                    return None;
                }
                let args = self.guard_nodes(args, names, left)?;
                self.lower.guard_bif(name, args)
            }
            Tree::PrimOp(name, _) if name.as_str() == "match_fail" => failure(),
            Tree::Try(parts) if is_protection(parts) => {
                let value = self.guard_node(&parts.body, names, left)?;
                if !value.is_total() {
                    return None;
                }
                value
            }
            Tree::Case(subject, clauses) => self.decision(subject, clauses, names, left)?,
            _ => return None,
        })
    }

    /// A choice by a boolean value.
    fn decision(
        &mut self,
        subject: &'m Node,
        clauses: &'m [Annotated<Clause>],
        names: &Names<'m>,
        left: &mut usize,
    ) -> Option<GuardExpr> {
        let (mut yes, mut no, mut other) = (None, None, None);
        for Annotated { kind: Clause { patterns, guard, body }, .. } in clauses {
            let [pattern] = &patterns[..] else { return None };
            if !guard.is_atom("true") || other.is_some() {
                return None;
            }
            match &pattern.kind {
                _ if pattern.is_atom("true") && yes.is_none() => yes = Some(body),
                _ if pattern.is_atom("false") && no.is_none() => no = Some(body),
                Tree::Variable(_) => other = Some(body),
                _ => return None,
            }
        }
        let subject = self.guard_node(subject, names, left)?;
        // A value that is neither fails, or decides like `false`.
        let fails = other.is_none_or(is_failure);
        let subject = match (fails, no) {
            (true, _) => subject,
            (false, None) => {
                no = other;
                GuardExpr::Bif(Atom::new("=:="), vec![subject, GuardExpr::Value(Value::atom("true"))])
            }
            (false, Some(_)) => return None,
        };
        let yes = yes.or(other)?;
        let no = no.or(other)?;
        match (yes.as_atom().map(Atom::as_str), no.as_atom().map(Atom::as_str)) {
            (Some("true"), Some("false")) if subject.is_boolean() => Some(subject),
            (Some("false"), Some("true")) => Some(GuardExpr::Bif(Atom::new("not"), vec![subject])),
            (_, Some("false")) => Some(GuardExpr::AndAlso(vec![subject, self.guard_node(yes, names, left)?])),
            (Some("true"), _) => Some(GuardExpr::OrElse(vec![subject, self.guard_node(no, names, left)?])),
            _ => {
                let not = GuardExpr::Bif(Atom::new("not"), vec![subject.clone()]);
                let (yes, no) = (self.guard_node(yes, names, left)?, self.guard_node(no, names, left)?);
                yes.is_boolean().then(|| {
                    let yes = GuardExpr::AndAlso(vec![subject, yes]);
                    GuardExpr::OrElse(vec![yes, GuardExpr::AndAlso(vec![not, no])])
                })
            }
        }
    }

    fn guard_segments(
        &mut self,
        segments: &'m [Annotated<Segment>],
        names: &Names<'m>,
        left: &mut usize,
    ) -> Option<GuardExpr> {
        let mut built = Vec::with_capacity(segments.len());
        let mut args = Vec::new();
        for Annotated { kind: segment, .. } in segments {
            let layout = super::term::layout(segment).ok()?;
            args.push(self.guard_node(&segment.value, names, left)?);
            let has_size = super::term::has_size(segment, layout).ok()?;
            if has_size {
                args.push(self.guard_node(&segment.size, names, left)?);
            }
            built.push(BuildSegment::Value { layout, has_size });
        }
        if built.is_empty() {
            return Some(GuardExpr::Value(self.lower.constants.value(Literal::Bits([].into(), 8))));
        }
        Some(GuardExpr::Build(Op::BuildBits(self.lower.constants.add_segments(built)), args))
    }
}

/// What names stand for after some steps, and what was computed without being used.
fn bound<'m>(
    steps: &'m [Annotated<Step>],
    last: &'m Node,
    names: &Names<'m>,
) -> Option<(Names<'m>, Vec<Meaning<'m>>)> {
    let mut names = names.clone();
    let mut unused = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        match &step.kind {
            Step::Let(variables, value) => {
                let values = match &value.kind {
                    Tree::Values(values) if values.len() == variables.len() => &values[..],
                    _ if variables.len() == 1 => std::slice::from_ref(value),
                    _ => return None,
                };
                let outer = names.clone();
                for (variable, value) in variables.iter().zip(values) {
                    let meaning = Meaning { node: value, names: outer.clone() };
                    if !steps[at + 1..].iter().any(|step| step_mentions(&step.kind, variable.kind))
                        && !mentions(last, variable.kind)
                    {
                        unused.push(meaning.clone());
                    }
                    names.known.insert(variable.kind, meaning);
                }
            }
            Step::Do(value) => unused.push(Meaning { node: value, names: names.clone() }),
            Step::Letrec(_) => return None,
        }
    }
    Some((names, unused))
}

fn step_mentions(step: &Step, name: Atom) -> bool {
    match step {
        Step::Let(_, value) | Step::Do(value) => mentions(value, name),
        Step::Letrec(_) => true,
    }
}

/// Whether a variable occurs in what may stand in a guard.
fn mentions(node: &Node, name: Atom) -> bool {
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        match &node.kind {
            Tree::Variable(other) if *other == name => return true,
            Tree::Variable(_) | Tree::Literal(_) | Tree::Function(..) => {}
            Tree::List(elements, tail) => {
                todo.extend(elements);
                todo.push(tail);
            }
            Tree::Tuple(nodes) | Tree::Values(nodes) | Tree::PrimOp(_, nodes) | Tree::Call(_, nodes) => {
                todo.extend(nodes);
            }
            Tree::Map(base, pairs) => {
                todo.extend(base.as_deref());
                todo.extend(pairs.iter().flat_map(|pair| [&pair.kind.key, &pair.kind.value]));
            }
            Tree::Bits(segments) => {
                todo.extend(segments.iter().flat_map(|segment| [&segment.kind.value, &segment.kind.size]));
            }
            Tree::Case(subject, clauses) => {
                todo.push(subject);
                todo.extend(clauses.iter().flat_map(|clause| [&clause.kind.guard, &clause.kind.body]));
            }
            Tree::Try(parts) => todo.push(&parts.body),
            Tree::Block(steps, last) => {
                todo.push(last);
                for step in steps {
                    match &step.kind {
                        Step::Let(_, value) | Step::Do(value) => todo.push(value),
                        Step::Letrec(_) => return true,
                    }
                }
            }
            _ => return true,
        }
    }
    false
}

/// `try Test of <V> -> V catch ... -> 'false'`
fn is_protection(parts: &Try) -> bool {
    let Try { values, of, handler, .. } = parts;
    handler.is_atom("false")
        && matches!((&values[..], &of.kind), ([value], Tree::Variable(name)) if value.kind == *name)
}

/// Whether an expression gives a value whatever happens.
fn is_protected(node: &Node, names: &Names<'_>) -> bool {
    match &node.kind {
        Tree::Literal(_) => true,
        Tree::Variable(name) => match names.known.get(name) {
            Some(Meaning { node, names }) => is_protected(node, names),
            None => true,
        },
        Tree::Try(parts) => is_protection(parts),
        Tree::Call(callee, args) if callee[0].is_atom("erlang") => {
            let Some(name) = callee[1].as_atom() else { return false };
            let is_total = bifs::is_total(name, args.len()) || matches!(name.as_str(), "and" | "or");
            is_total && args.iter().all(|arg| is_protected(arg, names))
        }
        _ => false,
    }
}

fn is_failure(node: &Node) -> bool {
    match &node.kind {
        Tree::Call(callee, _) => callee[0].is_atom("erlang") && callee[1].is_atom("error"),
        Tree::PrimOp(name, _) => name.as_str() == "match_fail",
        _ => false,
    }
}

/// A test that always fails.
fn failure() -> GuardExpr {
    GuardExpr::Bif(Atom::new("hd"), vec![GuardExpr::Value(Value::Nil)])
}

/// `true`, once the value is computed.
fn survives(value: GuardExpr) -> GuardExpr {
    GuardExpr::Bif(Atom::new("=:="), vec![value.clone(), value])
}
