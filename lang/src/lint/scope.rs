//! Variables: which are bound where, in which state, and whether they are used.
//!
//! An environment maps names to bindings; it is persistent, so that every branch starts from its own. An
//! expression is checked in an environment and answers with its [`Changes`]: what it binds, what it uses, and what
//! it did to the states of older bindings. Whether a variable counts as used is part of its binding, as it is in
//! OTP 25: what a construct does not hand on is not known outside it. A use of what is bound and used already
//! changes nothing and is left out.

use super::Linter;
use crate::ast::Place;
use crate::lex::write_atom;
use std::collections::HashMap;
use swerl_beam::{Atom, Literal};

/// What is bound.
pub(super) type Env = imbl::HashMap<Atom, Binding>;

/// What an expression did to the environment: names with their new bindings. No name twice.
pub(super) type Changes = Vec<(Atom, Binding)>;

/// A set of places; the number of one among those of the linter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Places(usize);

/// A name's binding.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Binding {
    pub(super) state: State,
    pub(super) used: bool,
    /// Where it is bound; of one that is unused, where to say so.
    pub(super) places: Places,
}

impl Binding {
    /// Nothing remains to be said of it.
    pub(super) fn is_settled(self) -> bool {
        self.used && self.state == State::Bound
    }
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

/// The name that differs least from one that is not known, if any is near enough.
pub(crate) fn most_similar(name: Atom, known: impl Iterator<Item = Atom>) -> Option<Atom> {
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

/// The more worrying of two states.
fn worse(a: State, b: State) -> State {
    match (a, b) {
        (State::Unsafe(_), _) => a,
        (_, State::Unsafe(_)) => b,
        (State::Bound, _) => b,
        _ => a,
    }
}

/// The binding of a name among changes.
pub(super) fn find(changes: &Changes, name: Atom) -> Option<Binding> {
    changes.iter().find(|known| known.0 == name).map(|known| known.1)
}

/// Of these bindings, those whose names are unused and do not say that this is meant.
fn unused<'b>(
    bindings: impl IntoIterator<Item = (&'b Atom, &'b Binding)>,
) -> impl Iterator<Item = (Atom, Binding)> {
    let found =
        bindings.into_iter().filter(|(name, binding)| !binding.used && !name.as_str().starts_with('_'));
    found.map(|(name, binding)| (*name, *binding))
}

impl Linter<'_> {
    /// Makes a new variable.
    pub(super) fn new_variable(&mut self, place: Place, used: bool) -> Binding {
        self.places.push(vec![place]);
        Binding { state: State::Bound, used, places: Places(self.places.len() - 1) }
    }

    fn both_places(&mut self, a: Places, b: Places) -> Places {
        if a == b {
            return a;
        }
        let mut places = [&self.places[a.0][..], &self.places[b.0][..]].concat();
        places.sort_by_key(|place| place.point());
        places.dedup();
        self.places.push(places);
        Places(self.places.len() - 1)
    }

    /// A binding that replaces another one: it is used where one of them is.
    fn instead(&mut self, new: Binding, old: Binding) -> Binding {
        Binding { used: new.used || old.used, places: self.both_places(new.places, old.places), ..new }
    }

    /// Applies changes.
    pub(super) fn extend(&mut self, env: &Env, changes: &Changes) -> Env {
        let mut env = env.clone();
        for (name, binding) in changes {
            let binding = match env.get(name).copied() {
                Some(old) => self.instead(*binding, old),
                None => *binding,
            };
            env.insert(*name, binding);
        }
        env
    }

    /// Changes with later ones: where both have a name, the state of the first stays.
    pub(super) fn then(&mut self, mut first: Changes, second: Changes) -> Changes {
        if first.is_empty() {
            return second;
        }
        for (name, binding) in second {
            match first.iter().position(|known| known.0 == name) {
                Some(index) => first[index].1 = self.instead(first[index].1, binding),
                None => first.push((name, binding)),
            }
        }
        first
    }

    /// Changes with later ones: where both have a name, the state of the second counts.
    pub(super) fn overridden(&mut self, mut first: Changes, second: Changes) -> Changes {
        if first.is_empty() {
            return second;
        }
        for (name, binding) in second {
            match first.iter().position(|known| known.0 == name) {
                Some(index) => first[index].1 = self.instead(binding, first[index].1),
                None => first.push((name, binding)),
            }
        }
        first
    }

    /// The use of a variable in an expression or a guard.
    pub(super) fn use_variable(&mut self, name: Atom, place: Place, env: &Env) -> Changes {
        if let Some(size) = self.size_scope.as_ref() {
            let Some(binding) = find(size, name) else { return self.use_in_size(name, place, env) };
            let used = vec![(name, Binding { used: true, ..binding })];
            let size = self.size_scope.take().unwrap_or_default();
            self.size_scope = Some(self.merge(size, used));
            return Changes::new();
        }
        let Some(binding) = env.get(&name).copied() else {
            self.unbound(name, place, env);
            return vec![(name, self.new_variable(place, true))];
        };
        if binding.is_settled() {
            return Changes::new();
        }
        let bound = Binding { state: State::Bound, used: true, ..binding };
        match binding.state {
            State::Bound => {}
            State::Unsafe(origin) => self.unsafe_use(name, place, origin),
            State::Exported(origin) if self.options.export_vars => self.exported_use(name, place, origin),
            State::Exported(_) => return vec![(name, Binding { used: true, ..binding })],
            State::Stacktrace => {
                let message =
                    format!("stacktrace variable {} must not be used in a guard", write_atom(name.as_str()));
                self.error(place, "stacktrace_guard", &[Literal::Atom(name)], message);
            }
        }
        vec![(name, bound)]
    }

    /// The use of a variable in the size of a segment, of a pattern around it.
    fn use_in_size(&mut self, name: Atom, place: Place, env: &Env) -> Changes {
        let Some(binding) = env.get(&name).copied() else {
            self.unbound(name, place, env);
            return vec![(name, self.new_variable(place, true))];
        };
        match binding.state {
            State::Unsafe(origin) => self.unsafe_use(name, place, origin),
            State::Exported(origin) if self.options.export_vars => self.exported_use(name, place, origin),
            State::Exported(_) | State::Bound | State::Stacktrace => {}
        }
        vec![(name, Binding { state: State::Bound, used: true, ..binding })]
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
        format!("{} ({})", write_atom(origin.construct), self.elsewhere(origin.place).0)
    }

    fn origin_term(&self, origin: Origin) -> Literal {
        Literal::tuple([Literal::atom(origin.construct), self.elsewhere(origin.place).1])
    }

    /// Another place, in words and for OTP's tools: the line alone where columns are not known or not wanted.
    pub(super) fn elsewhere(&self, place: Place) -> (String, Literal) {
        let location = self.map.location(place.point());
        let line = Literal::Int(location.line.into());
        if location.column == 0 || self.options.lines_only {
            return (format!("line {}", location.line), line);
        }
        let text = format!("line {}, column {}", location.line, location.column);
        (text, Literal::tuple([line, Literal::Int(location.column.into())]))
    }

    /// The changes of two expressions that did not see each other's.
    pub(super) fn merge(&mut self, mut first: Changes, second: Changes) -> Changes {
        if first.is_empty() {
            return second;
        }
        for (name, binding) in second {
            match first.iter().position(|known| known.0 == name) {
                Some(index) => {
                    let known = first[index].1;
                    let merged = self.instead(known, binding);
                    first[index].1 = Binding { state: worse(known.state, binding.state), ..merged };
                }
                None => first.push((name, binding)),
            }
        }
        first
    }

    /// The same where a variable that both bind is one that both must agree on at run time: that is a use.
    pub(super) fn merge_matching(&mut self, first: Changes, second: Changes) -> Changes {
        if first.is_empty() {
            return second;
        }
        for (name, binding) in &second {
            if let Some(known) = find(&first, *name) {
                for half in [known, *binding].into_iter().filter(|half| !half.used) {
                    self.match_in_pattern(*name, half);
                }
            }
        }
        let both: Vec<Atom> =
            second.iter().map(|known| known.0).filter(|name| find(&first, *name).is_some()).collect();
        let mut merged = self.merge(first, second);
        for (name, binding) in &mut merged {
            binding.used |= both.contains(name);
        }
        merged
    }

    /// The same changes with all variables that are not in `env` unsafe.
    pub(super) fn make_unsafe(changes: &Changes, env: &Env, origin: Origin) -> Changes {
        let changed = |&(name, binding): &(Atom, Binding)| {
            let is_new = !env.contains_key(&name);
            (name, if is_new { Binding { state: State::Unsafe(origin), ..binding } } else { binding })
        };
        changes.iter().map(changed).collect()
    }

    /// What branches leave behind: a variable is exported when all of them bind it, else unsafe. What was there
    /// before counts as used when a branch says anything of it.
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
            let bindings = found.remove(&name).unwrap_or_default();
            if let Some(old) = env.get(&name) {
                // Faults in its use were reported: from here on it counts as bound.
                let is_exported = |state| matches!(state, State::Exported(_));
                let as_before = is_exported(old.state)
                    && bindings
                        .iter()
                        .all(|binding| matches!(binding.state, State::Exported(_) | State::Unsafe(_)))
                    && bindings.iter().any(|binding| is_exported(binding.state));
                let states = bindings.iter().map(|binding| binding.state);
                let state = if as_before { states.fold(old.state, worse) } else { State::Bound };
                out.push((name, Binding { state, used: true, ..*old }));
                continue;
            }
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
            let mut unused = bindings.iter().filter(|binding| !binding.used).map(|binding| binding.places);
            let binding = match unused.next() {
                None => Binding { state, used: true, places: bindings[0].places },
                Some(first) => {
                    let places = unused.fold(first, |known, next| self.both_places(known, next));
                    Binding { state, used: false, places }
                }
            };
            out.push((name, binding));
        }
        out
    }

    /// Warns of variables that are never used, except those whose names begin with an underscore.
    pub(super) fn check_unused<'b>(&mut self, bindings: impl IntoIterator<Item = (&'b Atom, &'b Binding)>) {
        if !self.options.unused_vars {
            return;
        }
        for (name, binding) in unused(bindings) {
            for place in self.places[binding.places.0].clone() {
                let message = format!("variable {} is unused", write_atom(name.as_str()));
                self.warning(place, "unused_var", &[Literal::Atom(name)], message);
                self.explain(|diagnostic| {
                    diagnostic.with_help(format!("if that is intended, call it _{name}"))
                });
            }
        }
    }

    /// The same for those variables of `inner` whose names are not in `outer`.
    pub(super) fn check_unused_locals<'b>(
        &mut self,
        inner: impl IntoIterator<Item = (&'b Atom, &'b Binding)>,
        outer: &Env,
    ) {
        self.check_unused(inner.into_iter().filter(|(name, _)| !outer.contains_key(*name)));
    }

    /// What a construct with variables of its own says of those around it.
    pub(super) fn said_of(outer: &Env, inner: &Env) -> Changes {
        let said = outer.iter().filter_map(|(name, old)| Some((*name, *old, *inner.get(name)?)));
        said.filter(|(_, old, new)| !(old.is_settled() && new.is_settled()))
            .map(|(name, _, new)| (name, new))
            .collect()
    }

    /// Of that, what counts outside: uses, unless the variable is unsafe.
    pub(super) fn safe_uses(mut said: Changes) -> Changes {
        said.retain(|(_, binding)| binding.used && !matches!(binding.state, State::Unsafe(_)));
        said
    }

    /// Warns where a new variable hides one of the same name.
    pub(super) fn check_shadowing(&mut self, new: &Changes, env: &Env, construct: &'static str) {
        if !self.options.shadow_vars {
            return;
        }
        for (name, binding) in new {
            let is_visible = env.get(name).is_some_and(|old| !matches!(old.state, State::Unsafe(_)));
            if let (true, Some(place)) = (is_visible, self.places[binding.places.0].first().copied()) {
                let (name_text, construct_text) = (write_atom(name.as_str()), write_atom(construct));
                let message = format!("variable {name_text} shadowed in {construct_text}");
                self.warning(
                    place,
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
    fn match_in_pattern(&mut self, name: Atom, binding: Binding) {
        if self.options.underscore_match && name.as_str().starts_with('_') {
            for place in self.places[binding.places.0].clone() {
                let message = format!(
                    "variable {} is bound multiple times in this pattern. If you mean to ignore this value, use \
                     '_' or a different underscore-prefixed name",
                    write_atom(name.as_str())
                );
                self.warning(place, "match_underscore_var_pat", &[Literal::Atom(name)], message);
            }
        }
    }
}
