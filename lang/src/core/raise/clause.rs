//! Clauses.
//!
//! In Core Erlang, neither a size nor a key in a pattern may depend on what the same patterns bind. Such a clause is
//! taken apart: what it begins with is a pattern, and the rest is matched in its body, which jumps to the next clause where
//! it fails.

use super::pattern::Split;
use super::{Raise, apply, generated, jumps, use_of};
use crate::cerl::{self, Annotated, Node, Step};
use crate::core::{Clause, Guard, GuardExpr, Line, Otherwise, PatternId, Shape, Value};
use swerl_beam::{Atom, Literal};

/// What is done where no clause is chosen.
pub(super) enum Fallback<'c> {
    /// What the core language says.
    Otherwise(&'c Otherwise, Line),
    /// The loop of this name goes on with the next message.
    NextMessage((Atom, u32)),
}

impl Raise<'_> {
    pub(super) fn case(
        &mut self,
        args: &[Value],
        clauses: &[Clause],
        fallback: &Fallback<'_>,
        wanted: usize,
    ) -> Node {
        if clauses.is_empty() {
            return self.fallback(fallback);
        }
        self.case_of(self.values(args), clauses, fallback, wanted)
    }

    pub(super) fn case_of(
        &mut self,
        args: Vec<Node>,
        clauses: &[Clause],
        fallback: &Fallback<'_>,
        wanted: usize,
    ) -> Node {
        // Each clause that is taken apart ends a group.
        let mut groups: Vec<Vec<Annotated<cerl::Clause>>> = vec![Vec::new()];
        let mut labels = Vec::new();
        let mut is_complete = false;
        for (at, clause) in clauses.iter().enumerate() {
            let (patterns, splits, is_never) = self.heads(&clause.patterns);
            let is_last = at + 1 == clauses.len();
            let clause = if splits.is_empty() {
                let guard = if is_never { Node::atom("false") } else { self.guard(&clause.guard) };
                is_complete |= is_last && holds(&clause.guard) && self.match_all(&clause.patterns);
                let body = self.clause_body(clause, fallback, wanted);
                cerl::Clause { patterns, guard, body }
            } else {
                let label = self.label("label");
                labels.push(label);
                let body = self.rest_of_patterns(splits, clause, fallback, wanted, label);
                cerl::Clause { patterns, guard: Node::atom("true"), body }
            };
            groups.last_mut().expect("there is a group").push(Annotated::new(clause));
            if labels.len() == groups.len() {
                groups.push(Vec::new());
            }
        }
        let mut names = labels.into_iter().rev();
        let mut done = Vec::new();
        let mut next = if is_complete { None } else { Some(self.fallback(fallback)) };
        for (at, group) in groups.into_iter().enumerate().rev() {
            let node = self.group(args.clone(), group, next.take());
            if at == 0 {
                return jumps(done, node);
            }
            let name = names.next().expect("each group but the first has a label");
            done.push((name, node));
            next = Some(apply(name));
        }
        unreachable!("there is a first group")
    }

    fn group(
        &mut self,
        args: Vec<Node>,
        mut clauses: Vec<Annotated<cerl::Clause>>,
        next: Option<Node>,
    ) -> Node {
        match next {
            Some(next) if clauses.is_empty() => return next,
            Some(next) => clauses.push(self.any_clause(args.len(), next)),
            None => {}
        }
        Node::new(cerl::Kind::Case(Box::new(Node::values(args)), clauses))
    }

    fn any_clause(&mut self, patterns: usize, body: Node) -> Annotated<cerl::Clause> {
        let patterns = (0..patterns).map(|_| use_of(&self.fresh())).collect();
        Annotated::new(cerl::Clause { patterns, guard: Node::atom("true"), body }).with_notes(generated())
    }

    fn fallback(&mut self, fallback: &Fallback<'_>) -> Node {
        match fallback {
            Fallback::Otherwise(otherwise, line) => self.otherwise(otherwise, *line),
            Fallback::NextMessage(name) => {
                let next = Step::Do(Node::primop("recv_next", Vec::new()));
                Node::block(vec![Annotated::new(next)], apply(*name))
            }
        }
    }

    fn clause_body(&mut self, clause: &Clause, fallback: &Fallback<'_>, wanted: usize) -> Node {
        let body = self.body(&clause.body, wanted);
        match fallback {
            Fallback::Otherwise(..) => body,
            Fallback::NextMessage(_) => {
                let remove = Step::Do(Node::primop("remove_message", Vec::new()));
                Node::block(vec![Annotated::new(remove)], body)
            }
        }
    }

    /// Patterns, what they leave for later, and whether they never match.
    fn heads(&mut self, patterns: &[PatternId]) -> (Vec<Node>, Vec<Split>, bool) {
        self.bound.clear();
        let (mut splits, mut is_never) = (Vec::new(), false);
        let nodes =
            patterns.iter().map(|&pattern| self.pattern(pattern, &mut splits, &mut is_never)).collect();
        (nodes, splits, is_never)
    }

    fn match_all(&self, patterns: &[PatternId]) -> bool {
        patterns.iter().all(|&pattern| self.lowered.patterns.get(pattern).shape == Shape::Any)
    }

    /// Matches what the patterns of a clause left, and goes to `label` where it does not match.
    fn rest_of_patterns(
        &mut self,
        mut splits: Vec<Split>,
        clause: &Clause,
        fallback: &Fallback<'_>,
        wanted: usize,
        label: (Atom, u32),
    ) -> Node {
        if splits.is_empty() {
            let guard = self.guard(&clause.guard);
            let body = self.clause_body(clause, fallback, wanted);
            let clause = Annotated::new(cerl::Clause { patterns: Vec::new(), guard, body });
            return self.group(Vec::new(), vec![clause], Some(apply(label)));
        }
        self.bound.clear();
        let first = splits.remove(0);
        let (mut more, mut is_never) = (Vec::new(), false);
        let (steps, args, patterns) = self.later(first, &mut more, &mut is_never);
        more.extend(splits);
        let (guard, body) = if more.is_empty() && !is_never {
            let guard = self.guard(&clause.guard);
            (guard, self.clause_body(clause, fallback, wanted))
        } else if is_never {
            (Node::atom("false"), Node::literal(Literal::Nil))
        } else {
            (Node::atom("true"), self.rest_of_patterns(more, clause, fallback, wanted, label))
        };
        let body = if is_never { apply(label) } else { body };
        let clause = Annotated::new(cerl::Clause { patterns, guard, body });
        let case = self.group(args, vec![clause], Some(apply(label)));
        Node::block(steps, case)
    }
}

/// Whether a guard certainly holds.
fn holds(guard: &Guard) -> bool {
    let is_true = |test: &GuardExpr| *test == GuardExpr::Value(Value::atom("true"));
    let is_one = |tests: &Vec<GuardExpr>| tests.iter().all(is_true);
    guard.equalities.is_empty() && (guard.alternatives.is_empty() || guard.alternatives.iter().any(is_one))
}
