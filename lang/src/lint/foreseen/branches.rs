//! Clauses of which the first that matches is taken.

use super::known::{Fit, Known};
use super::pattern::Head;
use super::reach::{Row, shapes};
use super::{Env, Foresight, Kind, Wanted, function_text};
use crate::ast::{BinaryOp, Clause, Expr, ExprKind, FunctionName, Guard, Place, UnaryOp};
use swerl_beam::{Atom, Literal};

/// Which clauses these are.
#[derive(Clone, Copy)]
pub(super) struct Branches {
    /// Where they stand.
    pub(super) place: Place,
    /// The function, if they are one's.
    pub(super) function: Option<FunctionName>,
    /// Whether it is a fault that none matches.
    pub(super) warns_of_none: bool,
    /// Whether it is a fault that some come too late.
    pub(super) warns_of_shadow: bool,
}

impl Foresight<'_> {
    /// Walks clauses. What is bound after them is what all of them bind.
    pub(super) fn branches(
        &mut self,
        what: Branches,
        subjects: &[Known],
        clauses: &[Clause],
        wanted: Wanted,
        env: &Env,
    ) -> (Known, Env) {
        let clauses: Vec<&Clause> = clauses.iter().collect();
        self.some_branches(what, subjects, &clauses, wanted, env)
    }

    /// `case`: what is asked may be known to be a boolean.
    pub(super) fn case(
        &mut self,
        place: Place,
        subject: &Expr,
        clauses: &[Clause],
        wanted: Wanted,
        env: &mut Env,
    ) -> Known {
        // What the first clause takes apart whatever it holds is for nothing where it has no name.
        let first = clauses.first().filter(|clause| clause.guard.is_empty() && !self.in_guard);
        let value = match first.map(|clause| clause.patterns.as_slice()) {
            Some([pattern]) if !self.calls_fun(subject) && self.takes_apart(pattern, subject, env) => {
                self.matched(pattern, subject, env)
            }
            _ => self.subject(subject, env),
        };
        let kept = if is_boolean(subject) { self.boolean_clauses(clauses) } else { clauses.iter().collect() };
        if kept.is_empty() && !clauses.is_empty() && value.literal().is_some() {
            self.no_clause(place);
        }
        let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
        let (value, after) = self.some_branches(what, &[value], &kept, wanted, env);
        *env = after;
        value
    }

    pub(super) fn some_branches(
        &mut self,
        what: Branches,
        subjects: &[Known],
        clauses: &[&Clause],
        wanted: Wanted,
        env: &Env,
    ) -> (Known, Env) {
        let is_constant = matches!(subjects, [Known::Literal(_)]);
        let mut ends: Vec<(Known, Env)> = Vec::new();
        let mut rows = Vec::new();
        // The clause that takes all that comes to it.
        let mut taken: Option<Place> = None;
        let had_failed = self.has_failed;
        let mut failed = Vec::new();
        for clause in clauses {
            if let Some(taker) = taken {
                if !is_constant && what.warns_of_shadow {
                    self.late_clause(clause, subjects, env, taker, what.function);
                }
                continue;
            }
            if clause.patterns.iter().any(|pattern| self.contradicts_itself(pattern)) {
                self.impossible_pattern(clause.place);
                continue;
            }
            let mut inner = env.clone();
            let mut head = Head::default();
            let mut fit = Fit::Yes;
            for (pattern, subject) in clause.patterns.iter().zip(subjects) {
                fit = fit.min(self.fit(pattern, subject, &mut inner, &mut head));
            }
            if fit == Fit::No {
                if !head.is_told && !is_constant {
                    self.wrong_type(clause.place);
                }
                continue;
            }
            let guard = self.guard(&clause.guard, &inner);
            let passes = both(&head.tests, guard);
            self.has_failed = had_failed;
            let value = self.body(&clause.body, &mut inner, wanted);
            failed.push(self.has_failed);
            if passes == Some(false) {
                self.guard_fails(clause.place);
                continue;
            }
            if fit == Fit::Yes && passes == Some(true) {
                taken = Some(clause.place);
            }
            if !is_constant {
                let is_open = passes == Some(true);
                rows.push(Row { columns: shapes(self, clause), place: clause.place, is_open });
            }
            ends.push((value, inner));
        }
        self.has_failed = had_failed || (!failed.is_empty() && failed.iter().all(|&failed| failed));
        if what.warns_of_shadow {
            for (place, taker) in super::reach::unreachable(rows) {
                self.shadowed("v3_kernel", place, Some(taker), None);
            }
        }
        if ends.is_empty() {
            if what.warns_of_none && !clauses.is_empty() {
                self.no_clause(what.place);
            }
            return (Known::Never, env.clone());
        }
        self.joined(ends, env)
    }

    /// A clause behind one that takes all: it may be of the wrong type besides.
    fn late_clause(
        &mut self,
        clause: &Clause,
        subjects: &[Known],
        env: &Env,
        taker: Place,
        function: Option<FunctionName>,
    ) {
        let (mut inner, mut head) = (env.clone(), Head::default());
        let mut fits = clause.patterns.iter().zip(subjects);
        let fits = self.quietly(|foresight| {
            fits.all(|(pattern, subject)| foresight.fit(pattern, subject, &mut inner, &mut head) != Fit::No)
        });
        if fits {
            self.shadowed("sys_core_fold", clause.place, Some(taker), function);
        } else {
            self.wrong_type(clause.place);
        }
    }

    /// What is known after branches of which one was taken.
    pub(super) fn joined(&mut self, mut ends: Vec<(Known, Env)>, env: &Env) -> (Known, Env) {
        if ends.len() > 1 && ends.iter().any(|(value, _)| !matches!(value, Known::Never)) {
            ends.retain(|(value, _)| !matches!(value, Known::Never));
        }
        if ends.len() == 1 {
            return ends.remove(0);
        }
        let mut after = env.clone();
        let mut value = Known::Never;
        for (result, end) in ends {
            if !matches!(result, Known::Never) {
                value = Known::Unknown;
            }
            for name in end.keys() {
                if !after.contains_key(name) {
                    after.insert(*name, self.fresh());
                }
            }
        }
        (value, after)
    }

    /// The clauses of a `case` over a boolean that may match one.
    pub(super) fn boolean_clauses<'c>(&mut self, clauses: &'c [Clause]) -> Vec<&'c Clause> {
        if self.in_guard {
            return clauses.iter().collect();
        }
        let mut kept: Vec<&Clause> = Vec::new();
        let (mut seen_true, mut seen_false) = (false, false);
        for clause in clauses {
            if seen_true && seen_false {
                self.shadowed("sys_core_fold", clause.place, None, None);
                continue;
            }
            let [pattern] = clause.patterns.as_slice() else { return clauses.iter().collect() };
            match &pattern.kind {
                _ if !clause.guard.is_empty() => return clauses.iter().collect(),
                ExprKind::Var(_) | ExprKind::Match(..) => return clauses.iter().collect(),
                ExprKind::Atom(name) if matches!(name.as_str(), "true" | "false") => {
                    let seen = if name.as_str() == "true" { &mut seen_true } else { &mut seen_false };
                    if std::mem::replace(seen, true) {
                        self.shadowed("sys_core_fold", clause.place, None, None);
                    } else {
                        kept.push(clause);
                    }
                }
                _ => self.wrong_type(clause.place),
            }
        }
        kept
    }

    /// Whether a guard passes, where that is known.
    pub(super) fn guard(&mut self, guard: &Guard, env: &Env) -> Option<bool> {
        if guard.is_empty() {
            return Some(true);
        }
        let was_in_guard = std::mem::replace(&mut self.in_guard, true);
        let mut any = Some(false);
        for tests in guard {
            let mut all = Some(true);
            for test in tests {
                let passes = match self.old_type_test(test, env) {
                    Some(passes) => passes,
                    None => self.test(test, env).passes(),
                };
                all = all.zip(passes).map(|(all, passes)| all && passes);
            }
            any = any.zip(all).map(|(any, all)| any || all);
        }
        self.in_guard = was_in_guard;
        any
    }

    /// A test of a guard, or a part of one that `not`, `and`, `or` and their kind make.
    fn test(&mut self, test: &Expr, env: &Env) -> Test {
        match &test.kind {
            ExprKind::Unary(UnaryOp::Not, operand) => match self.test(operand, env) {
                Test::Value(value) => Test::Result(value.literal().is_some().then(|| value.is_atom("false"))),
                Test::Result(result) => Test::Result(result.map(|result| !result)),
            },
            ExprKind::Binary(op @ (BinaryOp::And | BinaryOp::Or | BinaryOp::Xor), left, right) => {
                let (left, right) = (self.test(left, env).passes(), self.test(right, env).passes());
                Test::Result(left.zip(right).map(|(left, right)| match op {
                    BinaryOp::And => left && right,
                    BinaryOp::Or => left || right,
                    _ => left != right,
                }))
            }
            ExprKind::Binary(op @ (BinaryOp::AndAlso | BinaryOp::OrElse), left, right) => {
                let is_and = *op == BinaryOp::AndAlso;
                let (left, right) = (self.test(left, env), self.test(right, env).passes());
                if let Test::Value(value) = &left
                    && value.is_data()
                    && !value.is_atom("true")
                    && !value.is_atom("false")
                {
                    return Test::Result(Some(false));
                }
                Test::Result(left.passes().and_then(|left| if left == is_and { right } else { Some(left) }))
            }
            _ => match self.expr(test, &mut env.clone(), Wanted::Value) {
                Known::Never => Test::Result(Some(false)),
                value => Test::Value(value),
            },
        }
    }

    /// The name of a type that is a function besides: as a whole test of a guard it asks for the type.
    fn old_type_test(&mut self, test: &Expr, env: &Env) -> Option<Option<bool>> {
        let ExprKind::Call { callee, args } = &test.kind else { return None };
        let (ExprKind::Atom(name), [arg]) = (&callee.kind, args.as_slice()) else { return None };
        if name.as_str() != "float" {
            return None;
        }
        let value = self.expr(arg, &mut env.clone(), Wanted::Value);
        Some(value.literal().map(|value| matches!(value, Literal::Float(_))))
    }

    /// Tells of a clause that nothing comes to; `finder` is the pass of OTP's compiler that sees it.
    fn shadowed(
        &mut self,
        finder: &'static str,
        place: Place,
        taker: Option<Place>,
        function: Option<FunctionName>,
    ) {
        // OTP's inliner writes such clauses anew, and nobody tells of what was not written.
        if finder == "v3_kernel" && self.options.inline {
            return;
        }
        let shadow = Literal::atom("shadow");
        let Some(taker) = taker else {
            let message = "this clause cannot match because a previous clause always matches";
            return self.tell(Kind::NoMatch, finder, place, shadow, message);
        };
        let line = self.line(taker);
        let because = format!("cannot match because a previous clause at line {line} always matches");
        let line = Literal::Int(line.into());
        match function {
            Some(FunctionName { name, arity }) => {
                let text = function_text(name.as_str(), arity as usize);
                let function = Literal::tuple([Literal::Atom(name), Literal::Int(arity.into())]);
                let descriptor = Literal::tuple([shadow, line, function]);
                let message = format!("this clause for {text} {because}");
                self.tell(Kind::NoMatch, finder, place, descriptor, message);
            }
            None => {
                let descriptor = Literal::tuple([shadow, line]);
                self.tell(Kind::NoMatch, finder, place, descriptor, format!("this clause {because}"));
            }
        }
        self.explain(|diagnostic| {
            diagnostic.with_label(taker.span, "this clause takes all that comes to it")
        });
    }

    pub(super) fn impossible_pattern(&mut self, place: Place) {
        let message = "pattern cannot possibly match";
        self.tell(Kind::NoMatch, "v3_core", place, Literal::atom("pattern"), message);
    }

    pub(super) fn wrong_type(&mut self, place: Place) {
        let message = "this clause cannot match because of different types/sizes";
        self.tell(Kind::NoMatch, "sys_core_fold", place, Literal::atom("clause_type"), message);
    }

    pub(super) fn guard_fails(&mut self, place: Place) {
        let message = "this clause cannot match because its guard evaluates to 'false'";
        self.tell(Kind::NoMatch, "sys_core_fold", place, Literal::atom("guard"), message);
    }

    pub(super) fn no_clause(&mut self, place: Place) {
        let message = "no clause will ever match";
        self.tell(Kind::NoMatch, "sys_core_fold", place, Literal::atom("no_clause"), message);
    }
}

/// What comes of a part of a guard, where it is known.
enum Test {
    /// A value, which passes if it is `true`.
    Value(Known),
    /// Whether it passes.
    Result(Option<bool>),
}

impl Test {
    fn passes(&self) -> Option<bool> {
        match self {
            Test::Value(value) => value.literal().is_some().then(|| value.is_atom("true")),
            Test::Result(result) => *result,
        }
    }
}

/// The tests of a head together with a guard.
pub(super) fn both(tests: &[Option<bool>], guard: Option<bool>) -> Option<bool> {
    tests.iter().copied().chain([guard]).reduce(|a, b| a.zip(b).map(|(a, b)| a && b)).flatten()
}

/// Whether an expression is an atom as it stands.
pub(super) fn is_word(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Atom(_))
}

/// Whether an expression, as written, can only be a boolean.
pub(super) fn is_boolean(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Atom(name) => matches!(name.as_str(), "true" | "false"),
        ExprKind::Binary(op, ..) => super::calls::is_boolean_operator(op.as_str()),
        ExprKind::Unary(op, _) => op.as_str() == "not",
        ExprKind::Call { callee, args } => {
            let is_test = |name: &Atom| super::calls::is_type_test(name.as_str(), args.len());
            match &callee.kind {
                ExprKind::Atom(name) => is_test(name),
                ExprKind::Remote(module, name) => match (&module.kind, &name.kind) {
                    (ExprKind::Atom(module), ExprKind::Atom(name)) => {
                        module.as_str() == "erlang" && is_test(name)
                    }
                    _ => false,
                },
                _ => false,
            }
        }
        ExprKind::Block(body) => body.last().is_some_and(is_boolean),
        _ => false,
    }
}
