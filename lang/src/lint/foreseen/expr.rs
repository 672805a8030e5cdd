//! Expressions.

use super::super::guard::is_guard_test;
use super::branches::{Branches, both};
use super::known::{Fit, Known, Shape};
use super::pattern::{Head, contradicts_itself, excludes, variables};
use super::{Env, Foresight, Kind, Wanted};
use crate::ast::{
    BinaryOp, Clause, Expr, ExprKind, FieldName, Generator, GeneratorKind, MapField, MapFieldKind, Maybe,
    Place, Qualifier, RecordField, Try,
};
use crate::diag::write_term;
use crate::syntax::term_of;
use swerl_beam::{Atom, Literal};

impl Foresight<'_> {
    /// Expressions one after the other.
    pub(super) fn body(&mut self, exprs: &[Expr], env: &mut Env, wanted: Wanted) -> Known {
        let mut fails = false;
        let mut value = Known::Unknown;
        for (index, expr) in exprs.iter().enumerate() {
            let is_last = index + 1 == exprs.len();
            self.lacks_value = false;
            value = self.expr(expr, env, if is_last { wanted } else { Wanted::Effect });
            if matches!(value, Known::Never) {
                // What follows a match, or what needs a value that never comes, is part of it.
                if matches!(expr.kind, ExprKind::Match(..)) || std::mem::take(&mut self.lacks_value) {
                    return Known::Never;
                }
                fails = true;
            }
        }
        if fails { Known::Never } else { value }
    }

    /// What is known of an expression's value.
    pub(super) fn expr(&mut self, expr: &Expr, env: &mut Env, wanted: Wanted) -> Known {
        let place = expr.place;
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
                let value = self.expr(base, env, Wanted::Value);
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
                let args = [self.expr(left, env, Wanted::Value), self.expr(right, env, Wanted::Value)];
                if self.lacks(&args) {
                    return Known::Never;
                }
                if *op == BinaryOp::Append && wanted == Wanted::Effect && matches!(args[0], Known::Cons(_)) {
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
                self.fit(pattern, &value, env, &mut Head::default());
                Known::Unknown
            }
            ExprKind::Catch(inner) => {
                let value = self.expr(inner, &mut env.clone(), Wanted::Value);
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
                let what = Branches { place, function: None, warns_of_none: false, warns_of_shadow: true };
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
                for part in parts.iter() {
                    self.expr(part, env, Wanted::Value);
                }
                if wanted == Wanted::Effect {
                    self.result_ignored("erlang", "make_fun", 3, place);
                }
                Known::Unknown
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
                self.expr(template, &mut inner, wanted);
                Known::Unknown
            }
            ExprKind::Bc(template, qualifiers) => {
                let mut inner = self.qualifiers(qualifiers, place, env);
                self.expr(template, &mut inner, Wanted::Value);
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
    fn useless(&mut self, place: Place) {
        if !self.in_useless_term {
            let message = "a term is constructed, but never used";
            self.tell(Kind::Ignored, "sys_core_fold", place, Literal::atom("useless_building"), message);
        }
    }

    /// The parts of a term; where it is for nothing, so are they.
    fn parts<'e>(
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
        let values: Vec<Known> = parts.into_iter().map(|part| self.expr(part, env, wanted)).collect();
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
        let values =
            self.parts(fields.iter().flat_map(|field| [&field.key, &field.value]), place, env, wanted);
        if self.lacks(&values) {
            return Known::Never;
        }
        let mut pairs: Vec<(Option<Literal>, Option<Literal>)> = Vec::new();
        for (index, field) in fields.iter().enumerate() {
            let key = values[2 * index].literal().cloned();
            // `0.0` and `-0.0` are told apart here.
            let is_same = |known: &Literal, key: &Literal| known == key && known.to_etf() == key.to_etf();
            let earlier = key.as_ref().and_then(|key| {
                pairs.iter().rposition(|(known, _)| known.as_ref().is_some_and(|known| is_same(known, key)))
            });
            if let (Some(earlier), Some(key)) = (earlier, &key)
                && term_of(&field.key).is_ok()
            {
                let text = match key {
                    Literal::Atom(name) => format!("'{name}'"),
                    key => write_term(key),
                };
                let message = format!("key {text} will be overridden in expression");
                let descriptor = Literal::tuple([Literal::atom("map_key_repeated"), key.clone()]);
                self.tell(Kind::Other, "v3_core", fields[earlier].key.place, descriptor, message);
            }
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
                if base.is_data() && !matches!(base, Known::Literal(Literal::Map(_))) {
                    let message = "map update will fail with a 'badmap' exception";
                    self.tell(Kind::Failed, "sys_core_fold", place, Literal::atom("bad_map_update"), message);
                }
                Known::Unknown
            }
        }
    }

    fn record(
        &mut self,
        name: Atom,
        fields: &[RecordField],
        place: Place,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        let given = self.parts(fields.iter().map(|field| &field.value), place, env, wanted);
        let Some(record) = self.records.get(&name).copied() else { return Known::Unknown };
        let mut elements = vec![Known::Literal(Literal::Atom(name))];
        for declared in &record.fields {
            let at =
                |wanted: &dyn Fn(&FieldName) -> bool| fields.iter().position(|field| wanted(&field.name));
            let named =
                at(&|field| matches!(field, FieldName::Named(name) if name.atom == declared.name.atom));
            let value = match (
                named.or_else(|| at(&|field| matches!(field, FieldName::Others(_)))),
                &declared.default,
            ) {
                (Some(index), _) => given[index].clone(),
                (None, None) => Known::Literal(Literal::atom("undefined")),
                (None, Some(default)) => match term_of(default) {
                    Ok(term) => Known::Literal(term),
                    Err(_) => Known::Unknown,
                },
            };
            elements.push(value);
        }
        Known::tuple(elements)
    }

    /// An update of what may be something else than such a record, and stands at `place`.
    fn record_update(
        &mut self,
        base: &Known,
        name: Atom,
        fields: &[RecordField],
        place: Place,
        wanted: Wanted,
    ) -> Known {
        let Some(record) = self.records.get(&name).copied() else { return Known::Unknown };
        let size = record.fields.len();
        // Few fields are set in a copy, one by one, the first of the record last.
        let position = |field: &RecordField| match field.name {
            FieldName::Named(named) => self.position(name, named.atom),
            FieldName::Others(_) | FieldName::Variable(_) => None,
        };
        let set = fields.iter().filter(|_| 2 * fields.len() <= size).min_by_key(|field| position(field));
        let is_another = match base.elements(size + 1) {
            Shape::Is(elements) => elements[0].literal().is_some_and(|tag| *tag != Literal::Atom(name)),
            Shape::Other => true,
            Shape::Unknown => false,
        };
        if is_another {
            self.no_clause(set.map_or(place, |field| field.place));
            return Known::Never;
        }
        match (wanted, set) {
            (Wanted::Value, _) => {}
            (Wanted::Effect, Some(field)) => self.result_ignored("erlang", "setelement", 3, field.place),
            (Wanted::Effect, None) if fields.is_empty() => {}
            (Wanted::Effect, None) => self.useless(place),
        }
        Known::Unknown
    }

    /// The position of a field in its record's tuple, counted from one.
    fn position(&self, record: Atom, field: Atom) -> Option<i64> {
        let fields = &self.records.get(&record)?.fields;
        let index = fields.iter().position(|declared| declared.name.atom == field)?;
        i64::try_from(index + 2).ok()
    }

    fn field(&self, record: &Known, name: Atom, field: Atom) -> Known {
        let (Some(declared), Some(position)) = (self.records.get(&name), self.position(name, field)) else {
            return Known::Unknown;
        };
        match record.elements(declared.fields.len() + 1) {
            Shape::Is(elements) => {
                let index = usize::try_from(position - 1).unwrap_or(0);
                elements.into_iter().nth(index).unwrap_or(Known::Unknown)
            }
            _ => Known::Unknown,
        }
    }

    fn match_expr(
        &mut self,
        place: Place,
        pattern: &Expr,
        value: &Expr,
        env: &mut Env,
        wanted: Wanted,
    ) -> Known {
        if let ExprKind::Var(name) = pattern.kind
            && !env.contains_key(&name)
        {
            // Of what a variable is bound to that nobody uses, only the effects count.
            let is_for_nothing = wanted == Wanted::Effect
                && name.as_str() != "_"
                && self.is_unused(name)
                && !self.is_simple(value);
            let value = self.expr(value, env, if is_for_nothing { Wanted::Effect } else { Wanted::Value });
            if name.as_str() != "_" && !matches!(value, Known::Never) {
                self.fit(pattern, &value, env, &mut Head::default());
            }
            return value;
        }
        if let ExprKind::Match(other, _) = &value.kind
            && excludes(pattern, other)
        {
            self.impossible_pattern(place);
            self.no_clause(place);
            return Known::Never;
        }
        let value = self.expr(value, env, Wanted::Value);
        if matches!(value, Known::Never) {
            return value;
        }
        if contradicts_itself(pattern) {
            self.impossible_pattern(place);
            return Known::Never;
        }
        let mut head = Head::default();
        let fit = self.fit(pattern, &value, env, &mut head);
        if fit == Fit::No {
            if value.literal().is_none() && !head.is_told {
                self.wrong_type(place);
            }
            self.no_clause(place);
            return Known::Never;
        }
        if both(&head.tests, Some(true)) == Some(false) {
            self.guard_fails(place);
            self.no_clause(place);
            if let ExprKind::Var(name) = pattern.kind {
                self.explain(|diagnostic| {
                    diagnostic.with_help(format!(
                        "{name} has another value, and a variable keeps its value: bind another one to the new value"
                    ))
                });
            }
            return Known::Never;
        }
        value
    }

    /// Whether an expression is a variable or a constant.
    fn is_simple(&mut self, expr: &Expr) -> bool {
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
        let value = self.body(&parts.body, &mut inner, Wanted::Value);
        let what = Branches { place, function: None, warns_of_none: true, warns_of_shadow: true };
        if !parts.of.is_empty() {
            self.branches(what, &[value], &parts.of, Wanted::Value, &inner);
        }
        let caught: Vec<Known> = (0..3).map(|_| self.fresh()).collect();
        let what = Branches { warns_of_none: false, warns_of_shadow: false, ..what };
        if !is_safe {
            self.branches(what, &caught, &parts.catch, Wanted::Value, env);
        }
        // Nobody is told that the last value is for nothing.
        self.body(&parts.after, &mut env.clone(), Wanted::Value);
    }

    /// Whether an expression only makes a term of variables and constants.
    fn is_plain_term(&mut self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Tuple(elements) => elements.iter().all(|element| self.is_plain_term(element)),
            ExprKind::List(elements, tail) => {
                elements.iter().chain([&**tail]).all(|element| self.is_plain_term(element))
            }
            _ => self.is_simple(expr),
        }
    }

    fn maybe_expr(&mut self, parts: &Maybe, place: Place, env: &Env) {
        self.body(&parts.body, &mut env.clone(), Wanted::Value);
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
        self.branches(what, &subjects, clauses, Wanted::Value, &inner);
        self.in_useless_term = was_useless;
    }

    /// The qualifiers of a comprehension; what is bound after them.
    fn qualifiers(&mut self, qualifiers: &[Qualifier], place: Place, env: &Env) -> Env {
        let mut inner = env.clone();
        for qualifier in qualifiers {
            match qualifier {
                Qualifier::Generator(generator) => self.generator(generator, place, &mut inner),
                Qualifier::Zip(_, generators) => {
                    for generator in generators {
                        self.generator(generator, place, &mut inner);
                    }
                }
                Qualifier::Filter(test) => self.filter(test, place, &mut inner),
            }
        }
        inner
    }

    /// A filter: one that may stand in a guard is a guard.
    fn filter(&mut self, test: &Expr, place: Place, env: &mut Env) {
        let is_own = |function| self.locals.contains(&function) || self.imports.contains_key(&function);
        if is_guard_test(test, &is_own) {
            let guard = vec![vec![test.clone()]];
            if self.guard(&guard, env) == Some(false) {
                self.guard_fails(place);
            }
            return;
        }
        let value = self.expr(test, env, Wanted::Value);
        if value.is_data() && !value.is_atom("true") && !value.is_atom("false") {
            self.no_clause(test.place);
        }
    }

    fn generator(&mut self, generator: &Generator, place: Place, env: &mut Env) {
        self.expr(&generator.source, &mut env.clone(), Wanted::Value);
        let patterns: Vec<&Expr> = match &generator.kind {
            GeneratorKind::List(pattern) | GeneratorKind::Bits(pattern) => vec![pattern],
            GeneratorKind::Map(field) => vec![&field.key, &field.value],
        };
        let mut hidden = Vec::new();
        for pattern in &patterns {
            variables(pattern, &mut hidden);
        }
        let is_bits = matches!(generator.kind, GeneratorKind::Bits(_));
        *env = without(env, &hidden);
        for pattern in patterns {
            if contradicts_itself(pattern) {
                self.impossible_pattern(place);
            }
            let element = self.fresh();
            if is_bits {
                self.quietly(|foresight| foresight.fit(pattern, &element, env, &mut Head::default()));
            } else {
                self.fit(pattern, &element, env, &mut Head::default());
            }
        }
    }
}

/// The value of an expression that is a constant.
fn literal(expr: &Expr) -> Known {
    term_of(expr).map_or(Known::Unknown, Known::Literal)
}

fn without(env: &Env, names: &[Atom]) -> Env {
    let mut env = env.clone();
    for name in names {
        env.remove(name);
    }
    env
}
