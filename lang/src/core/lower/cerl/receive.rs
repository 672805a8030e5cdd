//! `receive`: as Core Erlang has it, and as the loop over the mailbox that OTP's compiler makes of it.

use super::{Read, Reader};
use crate::cerl::{Annotated, Clause as Source, Definition, Kind as Tree, Node, Step};
use crate::core::lower::scope::Binding;
use crate::core::{Body, Clause, Guard, Kind, Line, PatternId, Receive, Shape, Value};
use swerl_beam::Atom;

/// A loop over the mailbox, taken apart.
pub(super) struct Loop<'m> {
    /// What takes a message, if anything does.
    found: Found<'m>,
    /// The time limit.
    time: &'m Node,
    /// What is done when it is over.
    after: &'m Node,
    /// The name of the message.
    message: Option<Atom>,
    name: (Atom, u32),
}

/// What is done with a message that was taken; nothing where nobody wants to know.
type Taken<'m> = Option<(&'m [Annotated<Step>], &'m Node)>;

/// How a loop takes a message.
enum Found<'m> {
    /// One that matches a clause.
    Clauses(&'m [Annotated<Source>]),
    /// Any.
    Any(Taken<'m>),
}

/// Finds out whether a `letrec` is such a loop.
pub(super) fn recognise<'m>(definitions: &'m [Definition], last: &'m Node) -> Option<Loop<'m>> {
    let [Definition { name, function }] = definitions else { return None };
    let name = name.kind;
    let Tree::Fun(function) = &function.kind else { return None };
    if !function.params.is_empty() || !is_jump(last, name) {
        return None;
    }
    let body = &function.body;
    if let Some((time, after)) = waiting(body, name) {
        return Some(Loop { found: Found::Clauses(&[]), time, after, message: None, name });
    }
    let Tree::Block(steps, last) = &body.kind else { return None };
    let [Annotated { kind: Step::Let(variables, peek), .. }] = &steps[..] else { return None };
    let [is_there, message] = &variables[..] else { return None };
    if !is_primop(peek, "recv_peek_message") {
        return None;
    }
    let (found, empty) = decision(last, is_there.kind)?;
    let (time, after) = waiting(empty, name)?;
    let found = match &found.kind {
        Tree::Case(subject, clauses) if subject.kind == Tree::Variable(message.kind) => {
            Found::Clauses(clauses)
        }
        // Every message is left where it is.
        _ if goes_on(found, name) => Found::Clauses(&[]),
        _ => Found::Any(taken(found)?),
    };
    Some(Loop { found, time, after, message: Some(message.kind), name })
}

/// Time limit and what comes then of `recv_wait_timeout` and the choice after it.
fn waiting(node: &Node, name: (Atom, u32)) -> Option<(&Node, &Node)> {
    let (variable, wait, last) = match &node.kind {
        Tree::Block(steps, last) => {
            let [Annotated { kind: Step::Let(variables, wait), .. }] = &steps[..] else { return None };
            let [variable] = &variables[..] else { return None };
            (Some(variable.kind), wait, &**last)
        }
        Tree::Case(subject, _) => (None, &**subject, node),
        _ => return None,
    };
    let Tree::PrimOp(primop, args) = &wait.kind else { return None };
    let [time] = &args[..] else { return None };
    if primop.as_str() != "recv_wait_timeout" {
        return None;
    }
    let Tree::Case(subject, clauses) = &last.kind else { return None };
    if let Some(variable) = variable
        && subject.kind != Tree::Variable(variable)
    {
        return None;
    }
    let (after, again) = answers(clauses)?;
    is_jump(again, name).then_some((time, after))
}

/// The two bodies of a choice by a variable.
fn decision(node: &Node, variable: Atom) -> Option<(&Node, &Node)> {
    match &node.kind {
        Tree::Case(subject, clauses) if subject.kind == Tree::Variable(variable) => answers(clauses),
        _ => None,
    }
}

fn answers(clauses: &[Annotated<Source>]) -> Option<(&Node, &Node)> {
    let [yes, no] = clauses else { return None };
    let is = |clause: &Annotated<Source>, answer: &str| {
        matches!(&clause.kind.patterns[..], [pattern] if pattern.is_atom(answer) || matches!(pattern.kind, Tree::Variable(_)))
            && clause.kind.guard.is_atom("true")
    };
    (is(yes, "true") && is(no, "false")).then_some((&yes.kind.body, &no.kind.body))
}

fn is_jump(node: &Node, name: (Atom, u32)) -> bool {
    match &node.kind {
        Tree::Apply(function, args) => args.is_empty() && function.kind == Tree::Function(name.0, name.1),
        _ => false,
    }
}

fn is_primop(node: &Node, name: &str) -> bool {
    matches!(&node.kind, Tree::PrimOp(primop, _) if primop.as_str() == name)
}

/// What is done with a message once it is taken.
fn taken(node: &Node) -> Option<Taken<'_>> {
    if is_primop(node, "remove_message") {
        return Some(None);
    }
    let Tree::Block(steps, last) = &node.kind else { return None };
    match steps.split_first() {
        Some((Annotated { kind: Step::Do(first), .. }, rest)) if is_primop(first, "remove_message") => {
            Some(Some((rest, last)))
        }
        _ => None,
    }
}

/// Whether an expression leaves the message where it is.
fn goes_on(node: &Node, name: (Atom, u32)) -> bool {
    match &node.kind {
        Tree::Block(steps, last) => {
            matches!(&steps[..], [Annotated { kind: Step::Do(next), .. }] if is_primop(next, "recv_next"))
                && is_jump(last, name)
        }
        _ => false,
    }
}

impl<'m> Reader<'m> {
    pub(super) fn receive(
        &mut self,
        clauses: &'m [Annotated<Source>],
        after: &'m [Node; 2],
        wanted: usize,
        line: Line,
    ) -> Read<Vec<Value>> {
        let [time, after] = after;
        let mut lowered = Vec::with_capacity(clauses.len());
        for clause in clauses {
            let body = |this: &mut Self| this.body_of(&clause.kind.body, wanted);
            lowered.push(self.message_clause(&clause.kind, None, body)?);
        }
        self.finish_receive(lowered, time, after, wanted, line)
    }

    pub(super) fn receive_loop(&mut self, found: &Loop<'m>, wanted: usize, line: Line) -> Read<Vec<Value>> {
        let clauses = match found.found {
            Found::Clauses(clauses) => clauses,
            Found::Any(taken) => {
                let mark = self.lower.scope.mark();
                let pattern = self.lower.patterns.add(Vec::new(), Shape::Any);
                self.name_message(found.message, pattern);
                let body = self.taken_body(taken, wanted)?;
                self.lower.scope.undo(mark);
                let clause = Clause { patterns: vec![pattern], guard: Guard::default(), body };
                return self.finish_receive(vec![clause], found.time, found.after, wanted, line);
            }
        };
        let mut lowered = Vec::with_capacity(clauses.len());
        for clause in clauses {
            if goes_on(&clause.kind.body, found.name) {
                // It must be the last: others after it never see a message that it matches.
                break;
            }
            let taken = taken(&clause.kind.body).ok_or("a receive that does not take its message at once")?;
            let body = |this: &mut Self| this.taken_body(taken, wanted);
            lowered.push(self.message_clause(&clause.kind, found.message, body)?);
        }
        self.finish_receive(lowered, found.time, found.after, wanted, line)
    }

    fn taken_body(&mut self, taken: Taken<'m>, wanted: usize) -> Read<Body> {
        match taken {
            Some((steps, last)) => self.body(|this| this.block(steps, last, wanted)),
            None => Ok(Body { statements: Vec::new(), results: vec![Value::atom("ok"); wanted] }),
        }
    }

    /// Gives the message that a pattern matches its name.
    fn name_message(&mut self, name: Option<Atom>, pattern: PatternId) {
        if let Some(name) = name {
            let var = self.lower.new_var();
            self.lower.patterns.get_mut(pattern).binds.push(var);
            self.lower.scope.bind(name, Binding::Value(Value::Var(var)));
        }
    }

    fn message_clause(
        &mut self,
        clause: &'m Source,
        message: Option<Atom>,
        body: impl FnOnce(&mut Self) -> Read<Body>,
    ) -> Read<Clause> {
        let mark = self.lower.scope.mark();
        let patterns = self.heads(&[], &clause.patterns)?;
        if let [pattern] = patterns[..] {
            self.name_message(message, pattern);
        }
        let guard = self.guard(&clause.guard).ok_or("the guard of a receive")?;
        let body = body(self)?;
        self.lower.scope.undo(mark);
        Ok(Clause { patterns, guard, body })
    }

    fn finish_receive(
        &mut self,
        clauses: Vec<Clause>,
        time: &'m Node,
        after: &'m Node,
        wanted: usize,
        line: Line,
    ) -> Read<Vec<Value>> {
        let time = self.value(time)?;
        let after = match time {
            time if time == Value::atom("infinity") => None,
            time => Some((time, self.body_of(after, wanted)?)),
        };
        Ok(self.statement(Kind::Receive(Box::new(Receive { clauses, after })), wanted, line))
    }
}
