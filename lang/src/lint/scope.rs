//! Variables: which are bound where, in which state, and whether they are used.
//!
//! An environment maps names to bindings; it is persistent, so that every branch starts from its own. An
//! expression is checked in an environment and answers with its [`Changes`]: what it binds, and what it did to
//! the states of older bindings. Usage is kept apart, in one table for the whole function: a binding names its
//! entry there. Where branches meet, the entries of a name are joined into a new one.

use super::Linter;
use crate::ast::Place;
use crate::lex::write_atom;
use std::collections::HashMap;
use swerl_beam::{Atom, Literal};

/// What is bound.
pub(super) type Env = imbl::HashMap<Atom, Binding>;

/// What an expression did to the environment: names with their new bindings. No name twice.
pub(super) type Changes = Vec<(Atom, Binding)>;

/// A variable's entry in the table of usage.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct VarId(usize);

/// A name's binding.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Binding {
    pub(super) id: VarId,
    pub(super) state: State,
}

/// How safe a variable is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum State {
    /// All is well.
    Bound,
    /// Bound in every branch of an expression.
    Exported(Origin),
    /// Bound in some branches only: must not be used.
    Unsafe(Origin),
    /// A stacktrace, in the guard of its clause: must not be used there.
    Stacktrace,
}

/// The expression from which a variable is exported.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Origin {
    /// Its first word.
    pub(super) construct: &'static str,
    /// Where it is.
    pub(super) place: Place,
}

/// An entry in the table of usage.
#[derive(Clone, Debug)]
pub(super) struct Usage {
    used: bool,
    /// Where it is bound without being used.
    places: Vec<Place>,
}

/// The name that differs least from one that is not known, if any is near enough.
pub(super) fn most_similar(name: Atom, known: impl Iterator<Item = Atom>) -> Option<Atom> {
    let length = name.as_str().chars().count();
    let candidates = known.map(|other| (distance(other.as_str(), name.as_str()), other));
    let (distance, nearest) = candidates.min()?;
    (distance <= length.div_ceil(4).min(2) && length > 2).then_some(nearest)
}

/// How many single changes lead from one text to the other; two neighbours that change places are one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut next = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let change = row[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            next[j] = change.min(row[j] + 1).min(next[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                next[j] = next[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

fn width(word: &str) -> u32 {
    u32::try_from(word.len()).unwrap_or(0)
}

/// Applies changes.
pub(super) fn extend(env: &Env, changes: &Changes) -> Env {
    let mut env = env.clone();
    for (name, binding) in changes {
        env.insert(*name, *binding);
    }
    env
}

/// The changes of two expressions of which the second saw those of the first.
pub(super) fn then(mut first: Changes, second: Changes) -> Changes {
    if first.is_empty() {
        return second;
    }
    for (name, binding) in second {
        match first.iter_mut().find(|known| known.0 == name) {
            Some(known) => known.1 = binding,
            None => first.push((name, binding)),
        }
    }
    first
}

/// The more worrying of two states.
fn worse(a: State, b: State) -> State {
    match (a, b) {
        (State::Unsafe(_), _) => a,
        (_, State::Unsafe(_)) => b,
        (State::Bound, _) => b,
        _ => a,
    }
}

impl Linter<'_> {
    /// Makes a new variable.
    pub(super) fn new_variable(&mut self, place: Place, used: bool) -> Binding {
        self.usage.push(Usage { used, places: vec![place] });
        Binding { id: VarId(self.usage.len() - 1), state: State::Bound }
    }

    pub(super) fn mark_used(&mut self, id: VarId) {
        self.usage[id.0].used = true;
    }

    pub(super) fn is_used(&self, id: VarId) -> bool {
        self.usage[id.0].used
    }

    pub(super) fn places(&self, id: VarId) -> Vec<Place> {
        self.usage[id.0].places.clone()
    }

    /// A variable that stands for all of these, unused at those places.
    fn joined(&mut self, used: bool, mut places: Vec<Place>) -> VarId {
        places.sort_by_key(|place| place.point());
        places.dedup();
        self.usage.push(Usage { used, places });
        VarId(self.usage.len() - 1)
    }

    /// The use of a variable in an expression or a guard.
    pub(super) fn use_variable(&mut self, name: Atom, place: Place, env: &Env) -> Changes {
        let Some(binding) = env.get(&name).copied() else {
            self.unbound(name, place, env);
            return vec![(name, self.new_variable(place, true))];
        };
        self.mark_used(binding.id);
        let bound = Binding { state: State::Bound, ..binding };
        match binding.state {
            State::Bound => Vec::new(),
            State::Unsafe(origin) => {
                self.unsafe_use(name, place, origin);
                vec![(name, bound)]
            }
            State::Exported(origin) if self.options.export_vars => {
                self.exported_use(name, place, origin);
                vec![(name, bound)]
            }
            // Not a change, but what is around may have bound it meanwhile: it is exported again.
            State::Exported(_) => vec![(name, binding)],
            State::Stacktrace => {
                let message =
                    format!("stacktrace variable {} must not be used in a guard", write_atom(name.as_str()));
                self.error(place, "stacktrace_guard", &[Literal::Atom(name)], message);
                vec![(name, bound)]
            }
        }
    }

    pub(super) fn unbound(&mut self, name: Atom, place: Place, env: &Env) {
        let message = format!("variable {} is unbound", write_atom(name.as_str()));
        self.error(place, "unbound_var", &[Literal::Atom(name)], message);
        let visible =
            env.iter().filter(|(_, binding)| matches!(binding.state, State::Bound | State::Exported(_)));
        if let Some(similar) = most_similar(name, visible.map(|(name, _)| *name)) {
            self.explain(|diagnostic| diagnostic.with_help(format!("did you mean {similar}?")));
        }
    }

    pub(super) fn unsafe_use(&mut self, name: Atom, place: Place, origin: Origin) {
        let message =
            format!("variable {} unsafe in {}", write_atom(name.as_str()), self.origin_text(origin));
        let origin_term = self.origin_term(origin);
        self.error(place, "unsafe_var", &[Literal::Atom(name), origin_term], message);
        let label = format!("not every way through this `{}` binds {name}", origin.construct);
        self.explain(|diagnostic| {
            let start =
                crate::source::Span { end: origin.place.at, start: origin.place.at, ..origin.place.span };
            let word = crate::source::Span { end: start.start + width(origin.construct), ..start };
            diagnostic
                .with_label(word, label)
                .with_help("bind it in every clause, or use the value of the expression")
        });
    }

    pub(super) fn exported_use(&mut self, name: Atom, place: Place, origin: Origin) {
        let message =
            format!("variable {} exported from {}", write_atom(name.as_str()), self.origin_text(origin));
        let origin_term = self.origin_term(origin);
        self.warning(place, "exported_var", &[Literal::Atom(name), origin_term], message);
    }

    fn origin_text(&self, origin: Origin) -> String {
        let location = self.map.location(origin.place.point());
        format!("{} (line {}, column {})", write_atom(origin.construct), location.line, location.column)
    }

    fn origin_term(&self, origin: Origin) -> Literal {
        let location = self.map.location(origin.place.point());
        let location = [Literal::Int(location.line.into()), Literal::Int(location.column.into())];
        Literal::tuple([Literal::atom(origin.construct), Literal::tuple(location)])
    }

    /// The changes of two expressions that did not see each other's. A variable that both bind is one that
    /// both must agree on at run time: that is a use where `is_match`.
    pub(super) fn merge(&mut self, mut first: Changes, second: Changes, is_match: bool) -> Changes {
        if first.is_empty() {
            return second;
        }
        for (name, binding) in second {
            let Some(index) = first.iter().position(|known| known.0 == name) else {
                first.push((name, binding));
                continue;
            };
            let known = first[index].1;
            let state = worse(known.state, binding.state);
            let id = if known.id == binding.id {
                known.id
            } else {
                let both = [known.id, binding.id];
                if is_match {
                    for id in both.into_iter().filter(|id| !self.usage[id.0].used).collect::<Vec<_>>() {
                        self.match_in_pattern(name, &self.places(id));
                    }
                }
                let used = is_match || both.iter().any(|id| self.is_used(*id));
                self.joined(used, both.iter().flat_map(|id| self.places(*id)).collect())
            };
            first[index].1 = Binding { id, state };
        }
        first
    }

    /// The same changes with all variables that are not in `env` unsafe.
    pub(super) fn make_unsafe(changes: &Changes, env: &Env, origin: Origin) -> Changes {
        let changed = |&(name, binding): &(Atom, Binding)| {
            let is_new = !env.contains_key(&name);
            (name, if is_new { Binding { state: State::Unsafe(origin), ..binding } } else { binding })
        };
        changes.iter().map(changed).collect()
    }

    /// What branches leave behind: a variable is exported when all of them bind it, else unsafe.
    pub(super) fn export(&mut self, branches: Vec<Changes>, env: &Env, origin: Origin) -> Changes {
        let count = branches.len();
        // The names in the order in which they were found, each with its bindings in the branches.
        let mut names: Vec<Atom> = Vec::new();
        let mut found: HashMap<Atom, Vec<Binding>> = HashMap::new();
        for (name, binding) in branches.into_iter().flatten() {
            let bindings = found.entry(name).or_default();
            if bindings.is_empty() {
                names.push(name);
            }
            bindings.push(binding);
        }
        let mut out = Changes::new();
        for name in names {
            if let Some(old) = env.get(&name) {
                // Faults in its use were reported: from here on it counts as bound.
                let is_exported = |binding: &Binding| matches!(binding.state, State::Exported(_));
                let as_before = is_exported(old) && found[&name].iter().all(is_exported);
                if !self.is_used(old.id) {
                    self.mark_used(old.id);
                    self.used_by_branches.push((name, old.id));
                }
                let state = if as_before { old.state } else { State::Bound };
                out.push((name, Binding { id: old.id, state }));
                continue;
            }
            let bindings = found.remove(&name).unwrap_or_default();
            let mut state = State::Exported(origin);
            for binding in &bindings {
                state = match (binding.state, state) {
                    (State::Unsafe(_), State::Unsafe(_)) => State::Unsafe(origin),
                    (inner @ State::Unsafe(_), _) => inner,
                    _ => state,
                };
            }
            if bindings.len() < count {
                state = State::Unsafe(origin);
            }
            let unused = bindings.iter().filter(|binding| !self.is_used(binding.id));
            let places: Vec<_> = unused.flat_map(|binding| self.places(binding.id)).collect();
            let id = self.joined(places.is_empty(), places);
            out.push((name, Binding { id, state }));
        }
        out
    }

    /// Warns of variables that are never used, except those whose names begin with an underscore.
    pub(super) fn check_unused<'b>(&mut self, bindings: impl IntoIterator<Item = (&'b Atom, &'b Binding)>) {
        for (name, binding) in bindings {
            if self.is_used(binding.id) || name.as_str().starts_with('_') {
                continue;
            }
            self.mark_used(binding.id);
            if self.options.unused_vars {
                for place in self.places(binding.id) {
                    let message = format!("variable {} is unused", write_atom(name.as_str()));
                    self.warning(place, "unused_var", &[Literal::Atom(*name)], message);
                    self.explain(|diagnostic| {
                        diagnostic.with_help(format!("if that is intended, call it _{name}"))
                    });
                }
            }
        }
    }

    /// The same for those variables of `inner` that are not from `outer`.
    pub(super) fn check_unused_locals(&mut self, inner: &Env, outer: &Env) {
        let is_local =
            |name: &Atom, binding: &Binding| outer.get(name).is_none_or(|old| old.id != binding.id);
        self.check_unused(inner.iter().filter(|(name, binding)| is_local(name, binding)));
    }

    /// Takes back that these were used by branches within a fun, where a clause of it left them unsafe.
    pub(super) fn forget_unsafe_uses(&mut self, since: usize, outer: &Env, inners: &[Env]) {
        for (name, id) in self.used_by_branches.split_off(since) {
            let is_unsafe =
                |inner: &Env| inner.get(&name).is_some_and(|known| matches!(known.state, State::Unsafe(_)));
            if outer.get(&name).is_some_and(|old| old.id == id) && inners.iter().any(is_unsafe) {
                self.usage[id.0].used = false;
            } else {
                self.used_by_branches.push((name, id));
            }
        }
    }

    /// The same name bound by two generators one after the other: OTP warns twice where the second is unused.
    pub(super) fn check_hiding(&mut self, hidden: &Changes, inner: &Env) {
        let names: std::collections::BTreeSet<Atom> = hidden.iter().map(|(name, _)| *name).collect();
        for name in names {
            if let Some(binding) = inner.get(&name).copied()
                && !self.is_used(binding.id)
            {
                self.check_unused([(&name, &binding)]);
                self.usage[binding.id.0].used = false;
            }
        }
    }

    /// What a construct with variables of its own did to those around it.
    pub(super) fn changes_outside(&self, inner: &Env, outer: &Env) -> Changes {
        let mut changes = Changes::new();
        for (name, old) in outer {
            if let Some(new) = inner.get(name)
                && new.id == old.id
                && (new.state != old.state || matches!(new.state, State::Exported(_)) && self.is_used(old.id))
            {
                changes.push((*name, *new));
            }
        }
        changes
    }

    /// Warns where a new variable hides one of the same name.
    pub(super) fn check_shadowing(&mut self, new: &Changes, env: &Env, construct: &'static str) {
        if !self.options.shadow_vars {
            return;
        }
        for (name, binding) in new {
            let is_visible = env.get(name).is_some_and(|old| !matches!(old.state, State::Unsafe(_)));
            if let (true, Some(place)) = (is_visible, self.places(binding.id).first()) {
                let (name_text, construct_text) = (write_atom(name.as_str()), write_atom(construct));
                let message = format!("variable {name_text} shadowed in {construct_text}");
                self.warning(
                    *place,
                    "shadowed_var",
                    &[Literal::Atom(*name), Literal::atom(construct)],
                    message,
                );
            }
        }
    }

    /// A name that begins with an underscore is matched though it looks as if it were not.
    pub(super) fn match_underscore(&mut self, name: Atom, place: Place) {
        if self.options.underscore_match && name.as_str().starts_with('_') {
            let message = format!(
                "variable {} is already bound. If you mean to ignore this value, use '_' or a different \
                 underscore-prefixed name",
                write_atom(name.as_str())
            );
            self.warning(place, "match_underscore_var", &[Literal::Atom(name)], message);
        }
    }

    /// The same for a name that stands twice in one pattern.
    pub(super) fn match_in_pattern(&mut self, name: Atom, places: &[Place]) {
        if self.options.underscore_match && name.as_str().starts_with('_') {
            for place in places {
                let message = format!(
                    "variable {} is bound multiple times in this pattern. If you mean to ignore this value, use \
                     '_' or a different underscore-prefixed name",
                    write_atom(name.as_str())
                );
                self.warning(*place, "match_underscore_var_pat", &[Literal::Atom(name)], message);
            }
        }
    }
}
