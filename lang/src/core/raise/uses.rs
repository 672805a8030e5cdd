//! Where a nested function has to be brought into scope: around all that uses it, and as far inside as that goes.

use crate::core::lower::Lowered;
use crate::core::{Body, Callee, FunctionId, Kind, Op, Statement};
use std::collections::{BTreeMap, BTreeSet};

/// What a statement does with a function.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// It makes a fun of it.
    Makes,
    /// It calls it, or has several bodies that use it.
    Needs,
    /// One body in it uses it.
    Holds,
}

/// The functions among `wanted` to define in a body, and before which statement.
pub(super) fn plan(
    body: &Body,
    wanted: impl Fn(FunctionId) -> bool,
    lowered: &Lowered,
) -> Vec<(usize, FunctionId)> {
    let mut found: BTreeMap<FunctionId, Vec<(usize, Use)>> = BTreeMap::new();
    for (at, statement) in body.statements.iter().enumerate() {
        for (id, how) in uses(statement) {
            if wanted(id) {
                found.entry(id).or_default().push((at, how));
            }
        }
    }
    let place = |(id, places): (FunctionId, Vec<(usize, Use)>)| match places[..] {
        [(_, Use::Holds)] => None,
        [(_, Use::Makes)] if !refers_to_itself(id, lowered) => None,
        _ => places.first().map(|&(at, _)| (at, id)),
    };
    found.into_iter().filter_map(place).collect()
}

fn refers_to_itself(id: FunctionId, lowered: &Lowered) -> bool {
    let mut found = BTreeSet::new();
    // What is defined inside it may refer to it, too.
    let mut todo = vec![id];
    let mut seen = BTreeSet::from([id]);
    while let Some(next) = todo.pop() {
        let mut here = BTreeSet::new();
        gather(&lowered.functions[next.index()].body, &mut here);
        for other in here {
            found.insert(other);
            if other.index() >= lowered.nests.len() && seen.insert(other) {
                todo.push(other);
            }
        }
    }
    found.contains(&id)
}

fn uses(statement: &Statement) -> Vec<(FunctionId, Use)> {
    if let Kind::Simple(op, _) = &statement.kind {
        return match op {
            Op::MakeFun(id) => vec![(*id, Use::Makes)],
            Op::Call(Callee::Local(id)) => vec![(*id, Use::Needs)],
            _ => Vec::new(),
        };
    }
    let mut uses: BTreeMap<FunctionId, Use> = BTreeMap::new();
    each_body(statement, &mut |body| {
        let mut found = BTreeSet::new();
        gather(body, &mut found);
        for id in found {
            uses.entry(id).and_modify(|how| *how = Use::Needs).or_insert(Use::Holds);
        }
    });
    uses.into_iter().collect()
}

/// All functions that a body uses.
fn gather(body: &Body, found: &mut BTreeSet<FunctionId>) {
    for statement in &body.statements {
        if let Kind::Simple(Op::MakeFun(id) | Op::Call(Callee::Local(id)), _) = &statement.kind {
            found.insert(*id);
        }
        each_body(statement, &mut |body| gather(body, found));
    }
}

fn each_body(statement: &Statement, visit: &mut dyn FnMut(&Body)) {
    match &statement.kind {
        Kind::Simple(..) => {}
        Kind::Case(case) => case.clauses.iter().for_each(|clause| visit(&clause.body)),
        Kind::Receive(receive) => {
            receive.clauses.iter().for_each(|clause| visit(&clause.body));
            receive.after.iter().for_each(|(_, body)| visit(body));
        }
        Kind::Try(parts) => [&parts.body, &parts.of, &parts.handler].into_iter().for_each(visit),
        Kind::Catch(body) => visit(body),
    }
}
