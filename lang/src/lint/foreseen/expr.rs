//! Expressions.

use super::branches::{Branches, is_boolean};
use super::calls::{is_call_of_fun, is_safe, short_list};
use super::known::{Fit, Known};
use super::pattern::{Head, variables};
use super::{Env, Foresight, Kind, Wanted};
use crate::ast::{BinaryOp, Clause, Expr, ExprKind, MapField, MapFieldKind, Maybe, Place, Try};
use crate::syntax::term_of;
use swerl_beam::{Atom, Literal};

impl Foresight<'_> {
    /// Expressions one after the other.
    pub(super) fn body(&mut self, exprs: &[Expr], env: &mut Env, wanted: Wanted) -> Known {
        let mut fails = false;
        let mut value = Known::Unknown;
        let is_dropped = self.is_dropped;
        for (index, expr) in exprs.iter().enumerate() {
            let is_last = index + 1 == exprs.len();
            self.lacks_value = false;
            self.is_followed = !is_last;
            self.is_dropped = is_dropped && is_last;
            // The match that comes next is for its value where it is the last and that is wanted.
            let is_used = index + 2 == exprs.len() && wanted == Wanted::Value;
            self.note_called_next(&exprs[index..]);
            self.fails_late = false;
            value = match &expr.kind {
                ExprKind::Match(_, call)
                    if self.is_subject_of_next(expr, exprs.get(index + 1), is_used, env) =>
                {
                    self.subject(call, env)
                }
                _ => self.expr(expr, env, if is_last { wanted } else { Wanted::Effect }),
            };
            if matches!(value, Known::Never) {
                // What follows a match, or what needs a value that never comes, is part of it.
                let is_match = matches!(expr.kind, ExprKind::Match(..) | ExprKind::MaybeMatch(..));
                let is_end = is_match && !std::mem::take(&mut self.fails_late);
                if is_end || std::mem::take(&mut self.lacks_value) {
                    self.is_dropped = is_dropped;
                    return Known::Never;
                }
                fails = true;
            }
        }
        self.is_dropped = is_dropped;
        if fails { Known::Never } else { value }
    }

    /// The same in a branch of what was wanted until it was found that nobody uses it.
    fn dropped(&mut self, expr: &Expr, env: &mut Env) -> Option<Known> {
        if let Some(known) = self.found_unwanted(expr, env) {
            return Some(known);
        }
        if !is_operation(expr) {
            return None;
        }
        let value = self.quietly(|foresight| foresight.expr(expr, &mut env.clone(), Wanted::Value));
        if !matches!(value.literal()?, Literal::Atom(_) | Literal::Nil) {
            self.useless(expr.place);
        }
        Some(value)
    }

    /// What is known of an expression's value.
    pub(super) fn expr(&mut self, expr: &Expr, env: &mut Env, wanted: Wanted) -> Known {
        let place = expr.place;
        if wanted == Wanted::Effect
            && self.is_dropped
            && let Some(value) = self.dropped(expr, env)
        {
            return value;
        }
        match &expr.kind {
            ExprKind::Var(name) => env.get(name).cloned().unwrap_or(Known::Unknown),
            ExprKind::Atom(_) | ExprKind::Nil => literal(expr),
            ExprKind::Integer(_)
            | ExprKind::BigInteger(_)
            | ExprKind::Char(_)
            | ExprKind::Float(_)
            | ExprKind::String(_) => {
                let value = literal(expr);
                if wanted == Wanted::Effect && !matches!(value, Known::Literal(Literal::Nil)) {
                    self.useless(place);
                }
                value
            }
            ExprKind::List(elements, tail) => {
                let mut values = self.parts(elements.iter().chain([&**tail]), place, env, wanted);
                if self.lacks(&values) {
                    return Known::Never;
                }
                let tail = values.pop().unwrap_or(Known::Unknown);
                values.into_iter().rev().fold(tail, |tail, head| Known::cons(head, tail))
            }
            ExprKind::Tuple(elements) => {
                let values = self.parts(elements, place, env, wanted);
                if self.lacks(&values) { Known::Never } else { Known::tuple(values) }
            }
            ExprKind::Map { base, fields } => self.map_expr(base.as_deref(), fields, place, env, wanted),
            ExprKind::Record { base: None, name, fields } => self.record(*name, fields, place, env, wanted),
            ExprKind::Record { base: Some(base), name, fields } => {
                let value = self.expr(base, env, Wanted::Value);
                for field in fields {
                    self.expr(&field.value, env, Wanted::Value);
                }
                if self.lacks(std::slice::from_ref(&value)) {
                    return Known::Never;
                }
                if is_boolean(base) && value.literal().is_none() {
                    let place = self.set_place(*name, fields).unwrap_or(base.place);
                    match wanted {
                        Wanted::Value => self.wrong_type(place),
                        Wanted::Effect => self.result_ignored("erlang", "setelement", 3, place),
                    }
                    return Known::Never;
                }
                self.record_update(&value, *name, fields, base.place, wanted)
            }
            ExprKind::RecordIndex { name, field } => {
                if wanted == Wanted::Effect {
                    self.useless(place);
                }
                match self.position(*name, field.atom) {
                    Some(position) => Known::Literal(Literal::Int(position)),
                    None => Known::Unknown,
                }
            }
            ExprKind::RecordAccess { base, name, field } => {
                if let Some(value) = self.asked_at_once(base, (*name, field.atom), env, wanted) {
                    return value;
                }
                let value = self.expr(base, env, Wanted::Value);
                if self.in_guard && value.literal().is_some() && self.is_no_record(&value, *name) {
                    self.will_fail("erlang", "element", 2, base.place, Literal::atom("badarg"));
                }
                self.field(&value, *name, field.atom)
            }
            ExprKind::Bin(elements) => {
                let value = self.build_bits(elements, place, env);
                if wanted == Wanted::Effect && !matches!(value, Known::Never) {
                    self.useless(place);
                }
                value
            }
            ExprKind::Binary(op @ (BinaryOp::AndAlso | BinaryOp::OrElse), left, right) => {
                let first = self.expr(left, env, Wanted::Value);
                let stops = first.is_atom(if *op == BinaryOp::AndAlso { "false" } else { "true" });
                let goes_on = first.is_atom(if *op == BinaryOp::AndAlso { "true" } else { "false" });
                if stops {
                    return first;
                }
                let second = self.expr(right, &mut env.clone(), wanted);
                if goes_on { second } else { Known::Unknown }
            }
            ExprKind::Binary(BinaryOp::Send, left, right) => {
                self.expr(left, env, Wanted::Value);
                self.expr(right, env, Wanted::Value)
            }
            ExprKind::Binary(op, left, right) => {
                let is_for_nothing = wanted == Wanted::Effect && is_safe("erlang", op.as_str(), 2);
                let operand =
                    |this: &mut Self, operand: &Expr, env: &mut Env, is_for_nothing| match is_for_nothing {
                        true => this.unused_operand(operand, env),
                        false => this.expr(operand, env, Wanted::Value),
                    };
                // The elements of a list are put before what follows, and nobody wants them.
                let is_put_before =
                    *op == BinaryOp::Append && wanted == Wanted::Effect && is_written_out_list(left);
                let is_for_nothing = is_for_nothing || is_put_before;
                let args =
                    [operand(self, left, env, is_for_nothing), operand(self, right, env, is_for_nothing)];
                if self.lacks(&args) {
                    return Known::Never;
                }
                if *op == BinaryOp::Append
                    && wanted == Wanted::Effect
                    && !is_put_before
                    && matches!(args[0], Known::Cons(_))
                {
                    self.useless(left.place);
                }
                self.apply("erlang", op.as_str(), &args, place, wanted)
            }
            ExprKind::Unary(op, operand) => {
                if let Ok(number) = term_of(expr) {
                    // A sign belongs to the number.
                    if wanted == Wanted::Effect && !self.in_useless_term {
                        self.result_ignored("erlang", op.as_str(), 1, place);
                    }
                    return Known::Literal(number);
                }
                let args = [self.expr(operand, env, Wanted::Value)];
                if self.lacks(&args) {
                    return Known::Never;
                }
                self.apply("erlang", op.as_str(), &args, place, wanted)
            }
            ExprKind::Match(pattern, value) => self.match_expr(place, pattern, value, env, wanted),
            ExprKind::MaybeMatch(pattern, value) => {
                let value = self.expr(value, env, Wanted::Value);
                let mut head = Head::default();
                if !matches!(value, Known::Never) && self.fit(pattern, &value, env, &mut head) == Fit::No {
                    if value.literal().is_none() && !head.is_told {
                        self.wrong_type(place);
                    }
                    self.no_clause(place);
                    return Known::Never;
                }
                Known::Unknown
            }
            ExprKind::Catch(inner) => {
                let value = self.apart(|this| this.expr(inner, &mut env.clone(), Wanted::Value));
                // What cannot fail needs no catch.
                if self.is_simple(inner) { value } else { Known::Unknown }
            }
            ExprKind::Call { callee, args } => self.call(callee, args, place, env, wanted),
            ExprKind::Remote(..) => Known::Unknown,
            ExprKind::Block(body) => self.body(body, env, wanted),
            ExprKind::If(clauses) => {
                let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
                let (value, after) = self.branches(what, &[], clauses, wanted, env);
                *env = after;
                value
            }
            ExprKind::Case(subject, clauses) => self.case(place, subject, clauses, wanted, env),
            ExprKind::Receive { clauses, after } => {
                let message = self.fresh();
                let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
                let mut ends = Vec::new();
                if let Some(after) = after {
                    self.expr(&after.timeout, env, Wanted::Value);
                    let mut end = env.clone();
                    let value = self.body(&after.body, &mut end, wanted);
                    ends.push((value, end));
                }
                if !clauses.is_empty() {
                    ends.push(self.branches(what, &[message], clauses, wanted, env));
                }
                let (value, joined) = self.joined(ends, env);
                *env = joined;
                // Which message comes is not known, nor whether one comes.
                if matches!(value, Known::Never) { value } else { Known::Unknown }
            }
            ExprKind::Try(parts) => {
                self.try_expr(parts, place, env);
                Known::Unknown
            }
            ExprKind::Maybe(parts) => {
                self.maybe_expr(parts, place, env);
                Known::Unknown
            }
            ExprKind::FunLocal { .. } => Known::Unknown,
            ExprKind::FunRemote(parts) => {
                let values: Vec<Known> =
                    parts.iter().map(|part| self.expr(part, env, Wanted::Value)).collect();
                let known = self.apply("erlang", "make_fun", &values, place, wanted);
                if matches!(known, Known::Never) { known } else { literal(expr) }
            }
            ExprKind::Fun(clauses) => {
                self.fun(None, clauses, place, env, wanted);
                Known::Unknown
            }
            ExprKind::NamedFun { name, clauses } => {
                self.fun(Some(*name), clauses, place, env, wanted);
                Known::Unknown
            }
            ExprKind::Lc(template, qualifiers) => {
                let mut inner = self.qualifiers(qualifiers, place, env);
                if wanted == Wanted::Effect && !self.is_written_out(template) {
                    self.for_nothing(template, &mut inner);
                } else {
                    self.expr(template, &mut inner, wanted);
                }
                Known::Unknown
            }
            ExprKind::Bc(template, qualifiers) => {
                let mut inner = self.qualifiers(qualifiers, place, env);
                if let ExprKind::Bin(elements) = &template.kind {
                    self.is_appended = true;
                    self.build_bits(elements, template.place, &mut inner);
                    self.is_appended = false;
                } else {
                    let value = self.expr(template, &mut inner, Wanted::Value);
                    self.check_appended(template, &value, place);
                }
                Known::Unknown
            }
            ExprKind::Mc(field, qualifiers) => {
                let mut inner = self.qualifiers(qualifiers, place, env);
                self.expr(&field.key, &mut inner, Wanted::Value);
                self.expr(&field.value, &mut inner, Wanted::Value);
                Known::Unknown
            }
        }
    }

    /// Whether a value is missing that an expression needs.
    pub(super) fn lacks(&mut self, values: &[Known]) -> bool {
        let lacks = values.iter().any(|value| matches!(value, Known::Never));
        self.lacks_value |= lacks;
        lacks
    }

    /// A term that nobody looks at.
    pub(super) fn useless(&mut self, place: Place) {
        if !self.in_useless_term {
            let message = "a term is constructed, but never used";
            self.tell(Kind::Ignored, "sys_core_fold", place, Literal::atom("useless_building"), message);
        }
    }

    /// The parts of a term; where it is for nothing, so are they.
    pub(super) fn parts<'e>(
        &mut self,
        parts: impl IntoIterator<Item = &'e Expr>,
        place: Place,
        env: &mut Env,
        wanted: Wanted,
    ) -> Vec<Known> {
        if wanted == Wanted::Value {
            return parts.into_iter().map(|part| self.expr(part, env, wanted)).collect();
        }
        let was_useless = std::mem::replace(&mut self.in_useless_term, true);
        let part_value = |part: &Expr| match part.kind {
            // Terms within terms are not told of again.
            ExprKind::Tuple(_) | ExprKind::List(..) | ExprKind::Record { base: None, .. } => {
                self.expr(part, env, wanted)
            }
            _ => self.unused_operand(part, env),
        };
        let values: Vec<Known> = parts.into_iter().map(part_value).collect();
        self.in_useless_term = was_useless;
        // Where a part fails, no term is built.
        if !values.iter().any(|value| matches!(value, Known::Never)) {
            self.useless(place);
        }
        values
    }

    fn map_expr(
        &mut self,
        base: Option<&Expr>,
        fields: &[MapField],
        place: Place,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        if fields.is_empty()
            && let Some(base) = base
        {
            return self.expr(base, env, wanted);
        }
        // An update may fail, so it stays, whatever it is part of.
        let was_useless = self.in_useless_term;
        self.in_useless_term = was_useless && base.is_none();
        let value = self.map_fields(base, fields, place, env, wanted);
        self.in_useless_term = was_useless;
        value
    }

    fn map_fields(
        &mut self,
        base: Option<&Expr>,
        fields: &[MapField],
        place: Place,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        let base = base.map(|base| self.expr(base, env, Wanted::Value));
        if base.as_ref().is_some_and(|base| self.lacks(std::slice::from_ref(base))) {
            return Known::Never;
        }
        let values =
            self.parts(fields.iter().flat_map(|field| [&field.key, &field.value]), place, env, wanted);
        if self.lacks(&values) {
            return Known::Never;
        }
        let mut pairs: Vec<(Option<Literal>, Option<Literal>)> = Vec::new();
        for index in 0..fields.len() {
            let key = values[2 * index].literal().cloned();
            pairs.push((key, values[2 * index + 1].literal().cloned()));
        }
        match base {
            None => {
                let is_new = fields.iter().all(|field| field.kind == MapFieldKind::Assoc);
                let mut map: Vec<(Literal, Literal)> = Vec::new();
                for pair in pairs {
                    let (Some(key), Some(value)) = pair else { return Known::Unknown };
                    match map.iter_mut().find(|(known, _)| *known == key) {
                        Some(known) => known.1 = value,
                        None => map.push((key, value)),
                    }
                }
                if is_new { Known::Literal(Literal::Map(map)) } else { Known::Unknown }
            }
            Some(base) => {
                if base.literal().is_some_and(|base| !matches!(base, Literal::Map(_))) {
                    let message = "map update will fail with a 'badmap' exception";
                    self.tell(Kind::Failed, "sys_core_fold", place, Literal::atom("bad_map_update"), message);
                    if self.in_guard {
                        return Known::Never;
                    }
                }
                Known::Unknown
            }
        }
    }

    /// Whether an expression is a variable or a constant.
    pub(super) fn is_simple(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Var(_) => true,
            ExprKind::Unary(_, operand) => term_of(operand).is_ok() && self.constant(expr).is_some(),
            ExprKind::Binary(_, left, right) => {
                term_of(left).is_ok() && term_of(right).is_ok() && self.constant(expr).is_some()
            }
            _ => term_of(expr).is_ok(),
        }
    }

    fn try_expr(&mut self, parts: &Try, place: Place, env: &Env) {
        let mut inner = env.clone();
        // What cannot fail needs nobody to catch it.
        let is_safe = parts.body.last().is_some_and(|last| {
            let (before, _) = parts.body.split_at(parts.body.len() - 1);
            self.is_simple(last) && before.iter().all(|expr| self.is_plain_term(expr))
        });
        let had_failed = self.has_failed;
        let value = self.body(&parts.body, &mut inner, Wanted::Value);
        let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
        if !parts.of.is_empty() {
            let is_test = parts.body.last().is_some_and(|last| self.is_safe_test(last));
            let is_bool = is_test && value.literal().is_none();
            let kept = if is_bool { self.boolean_clauses(&parts.of) } else { parts.of.iter().collect() };
            self.some_branches(what, &[value], &kept, Wanted::Value, &inner);
        }
        self.has_failed = had_failed;
        let caught: Vec<Known> = (0..3).map(|_| self.fresh()).collect();
        let what = Branches { warns_of_none: false, warns_of_shadow: false, ..what };
        if !is_safe {
            self.branches(what, &caught, &parts.catch, Wanted::Value, env);
        }
        self.has_failed = had_failed;
        // Nobody is told that the last value is for nothing.
        let mut inner = env.clone();
        if let Some((last, before)) = parts.after.split_last() {
            self.body(before, &mut inner, Wanted::Effect);
            let was_unwanted = std::mem::replace(&mut self.is_unwanted, true);
            self.expr(last, &mut inner, Wanted::Value);
            self.is_unwanted = was_unwanted;
        }
    }

    /// Whether an expression is a test that cannot fail.
    fn is_safe_test(&mut self, expr: &Expr) -> bool {
        let operands = match &expr.kind {
            ExprKind::Binary(op, left, right) if is_safe("erlang", op.as_str(), 2) => vec![&**left, &**right],
            ExprKind::Call { args, .. } if is_boolean(expr) => args.iter().collect(),
            _ => return false,
        };
        operands.into_iter().all(|operand| self.is_plain_term(operand))
    }

    /// Whether an expression only makes a term of variables and constants.
    pub(super) fn is_plain_term(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Tuple(elements) => elements.iter().all(|element| self.is_plain_term(element)),
            ExprKind::List(elements, tail) => {
                elements.iter().chain([&**tail]).all(|element| self.is_plain_term(element))
            }
            _ => self.is_simple(expr),
        }
    }

    fn maybe_expr(&mut self, parts: &Maybe, place: Place, env: &Env) {
        self.apart(|this| this.body(&parts.body, &mut env.clone(), Wanted::Value));
        if let Some((_, clauses)) = &parts.else_part {
            let other = self.fresh();
            let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
            self.branches(what, &[other], clauses, Wanted::Value, env);
        }
    }

    fn fun(&mut self, name: Option<Atom>, clauses: &[Clause], place: Place, env: &Env, wanted: Wanted) {
        if wanted == Wanted::Effect {
            return self.useless(place);
        }
        let was_useless = std::mem::take(&mut self.in_useless_term);
        // Parameters hide what is around the fun.
        let mut hidden: Vec<Atom> = name.into_iter().collect();
        for pattern in clauses.iter().flat_map(|clause| &clause.patterns) {
            variables(pattern, &mut hidden);
        }
        let inner = without(env, &hidden);
        let arity = clauses.first().map_or(0, |clause| clause.patterns.len());
        let subjects: Vec<Known> = (0..arity).map(|_| self.fresh()).collect();
        let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
        self.apart(|this| {
            this.has_failed = false;
            this.branches(what, &subjects, clauses, Wanted::Value, &inner)
        });
        self.in_useless_term = was_useless;
    }
}

/// A list of which all cells are known, and not many where it is a constant.
pub(super) fn is_written_out_list(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Nil => true,
        ExprKind::List(_, tail) if term_of(expr).is_err() => matches!(tail.kind, ExprKind::Nil),
        _ => term_of(expr).is_ok_and(|list| short_list(&list).is_some()),
    }
}

/// What the compiler may have a constant for.
fn is_operation(expr: &Expr) -> bool {
    match expr.kind {
        ExprKind::Binary(op, ..) => !matches!(op, BinaryOp::AndAlso | BinaryOp::OrElse),
        ExprKind::Call { .. } => !is_call_of_fun(expr),
        ExprKind::Unary(..) => true,
        _ => false,
    }
}

/// The value of an expression that is a constant.
pub(super) fn literal(expr: &Expr) -> Known {
    term_of(expr).map_or(Known::Unknown, Known::Literal)
}

pub(super) fn without(env: &Env, names: &[Atom]) -> Env {
    let mut env = env.clone();
    for name in names {
        env.remove(name);
    }
    env
}
