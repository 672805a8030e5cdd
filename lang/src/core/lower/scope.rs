//! Which variable of the source has which value, at the point that is being lowered.

use crate::core::{FunctionId, Value};
use std::collections::HashMap;
use swerl_beam::Atom;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// A value.
    Value(Value),
    /// The named fun that is being lowered.
    OwnFun(FunctionId),
}

/// The bindings, with a trail by which they are undone where a scope ends.
#[derive(Debug, Default)]
pub(super) struct Scope {
    bindings: HashMap<Atom, Binding>,
    trail: Vec<(Atom, Option<Binding>)>,
}

/// A point to go back to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark(usize);

impl Scope {
    /// What a name stands for.
    pub(super) fn get(&self, name: Atom) -> Option<Binding> {
        self.bindings.get(&name).copied()
    }

    /// Binds a name, which may hide an outer one.
    pub(super) fn bind(&mut self, name: Atom, binding: Binding) {
        let before = self.bindings.insert(name, binding);
        self.trail.push((name, before));
    }

    /// The current point.
    pub(super) fn mark(&self) -> Mark {
        Mark(self.trail.len())
    }

    /// Undoes what was bound since `mark`; tells what that was, each name once, in order.
    pub(super) fn undo(&mut self, mark: Mark) -> Vec<(Atom, Value)> {
        let mut bound: Vec<(Atom, Value)> = Vec::new();
        for (name, before) in self.trail.drain(mark.0..).rev() {
            let binding = match before {
                Some(before) => self.bindings.insert(name, before),
                None => self.bindings.remove(&name),
            };
            if let (None, Some(Binding::Value(value))) = (before, binding) {
                bound.push((name, value));
            }
        }
        bound.reverse();
        bound
    }
}
