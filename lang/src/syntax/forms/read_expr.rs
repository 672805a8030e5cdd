//! From the abstract format to expressions.

use super::places::Annotations;
use super::read_form::BadForm;
use crate::ast::{
    After, BinElement, BinSpec, BinaryOp, Clause, Expr, ExprKind, FieldName, Generator, GeneratorKind,
};
use crate::ast::{Guard, MapField, MapFieldKind, Maybe, Name, Place, Qualifier, RecordField, Try, UnaryOp};
use crate::syntax::MAX_DEPTH;
use std::borrow::Cow;
use swerl_beam::{Atom, Literal};

/// Reads nodes; their annotations become places.
pub(super) struct Reader<'a, 'm> {
    pub(super) annotations: &'a mut Annotations<'m>,
    pub(super) depth: usize,
}

type Read<T> = Result<T, BadForm>;

/// The elements of a proper list.
pub(super) fn elements(term: &Literal) -> Read<Cow<'_, [Literal]>> {
    match term {
        Literal::Nil => Ok(Cow::Borrowed(&[])),
        Literal::List(elements, tail) if **tail == Literal::Nil => Ok(Cow::Borrowed(elements)),
        Literal::Str(bytes) => {
            Ok(Cow::Owned(bytes.iter().map(|&byte| Literal::Int(i64::from(byte))).collect()))
        }
        _ => Err(BadForm::new(term)),
    }
}

pub(super) fn atom_of(term: &Literal) -> Read<Atom> {
    match term {
        Literal::Atom(atom) => Ok(*atom),
        _ => Err(BadForm::new(term)),
    }
}

pub(super) fn arity_of(term: &Literal) -> Read<u32> {
    match term {
        Literal::Int(value) => u32::try_from(*value).map_err(|_| BadForm::new(term)),
        _ => Err(BadForm::new(term)),
    }
}

/// The text of a list of code points; `None` when one of them is not a character.
pub(super) fn text_of(term: &Literal) -> Read<Option<String>> {
    let code = |element: &Literal| match element {
        Literal::Int(value) => u32::try_from(*value).ok().and_then(char::from_u32),
        _ => None,
    };
    Ok(elements(term)?.iter().map(code).collect())
}

impl Reader<'_, '_> {
    /// Tag, place and parts of a node.
    pub(super) fn node<'t>(&mut self, term: &'t Literal) -> Read<(&'static str, Place, &'t [Literal])> {
        match term {
            Literal::Tuple(parts) => match parts.as_slice() {
                [Literal::Atom(tag), annotation, parts @ ..] => {
                    let place = self.annotations.place(annotation).ok_or_else(|| BadForm::new(term))?;
                    Ok((tag.as_str(), place, parts))
                }
                _ => Err(BadForm::new(term)),
            },
            _ => Err(BadForm::new(term)),
        }
    }

    /// A node that begins with `first`: its extent begins where that begins, unless it is located before.
    fn starting_with(&self, place: Place, first: Place) -> Place {
        if self.annotations.is_ordered(first.span.start, place.at) {
            Place { span: first.span, at: place.at }
        } else {
            place
        }
    }

    pub(super) fn each<T>(
        &mut self,
        list: &Literal,
        mut read: impl FnMut(&mut Self, &Literal) -> Read<T>,
    ) -> Read<Vec<T>> {
        elements(list)?.iter().map(|element| read(self, element)).collect()
    }

    pub(super) fn exprs(&mut self, list: &Literal) -> Read<Vec<Expr>> {
        self.each(list, Self::expr)
    }

    fn boxed(&mut self, term: &Literal) -> Read<Box<Expr>> {
        self.expr(term).map(Box::new)
    }

    /// Runs one level deeper.
    pub(super) fn nested<T>(&mut self, term: &Literal, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return Err(BadForm::new(term));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    pub(super) fn expr(&mut self, term: &Literal) -> Read<Expr> {
        self.nested(term, |reader| reader.expr_here(term))
    }

    fn expr_here(&mut self, term: &Literal) -> Read<Expr> {
        let (tag, mut place, parts) = self.node(term)?;
        let kind = match (tag, parts) {
            ("atom", [value]) => ExprKind::Atom(atom_of(value)?),
            ("integer" | "char", [Literal::Big(value)]) => ExprKind::BigInteger(Box::new(value.clone())),
            ("integer", [Literal::Int(value)]) => ExprKind::Integer(*value),
            ("char", [Literal::Int(value)]) => match u32::try_from(*value).ok().and_then(char::from_u32) {
                Some(char) => ExprKind::Char(char),
                None => ExprKind::Integer(*value),
            },
            ("float", [Literal::Float(value)]) => ExprKind::Float(*value),
            ("string", [value]) => match text_of(value)? {
                Some(text) => ExprKind::String(text.into()),
                None => self.codes(place, value)?,
            },
            ("var", [name]) => ExprKind::Var(atom_of(name)?),
            ("nil", []) => ExprKind::Nil,
            ("cons", [_, _]) => self.list(term)?,
            ("tuple", [elements]) => ExprKind::Tuple(self.exprs(elements)?),
            ("map", [fields]) => ExprKind::Map { base: None, fields: self.each(fields, Self::map_field)? },
            ("map", [base, fields]) => {
                let base = self.boxed(base)?;
                place = self.starting_with(place, base.place);
                ExprKind::Map { base: Some(base), fields: self.each(fields, Self::map_field)? }
            }
            ("record", [name, fields]) => {
                let fields = self.each(fields, Self::record_field)?;
                ExprKind::Record { base: None, name: atom_of(name)?, fields }
            }
            ("record", [base, name, fields]) => {
                let base = self.boxed(base)?;
                place = self.starting_with(place, base.place);
                let fields = self.each(fields, Self::record_field)?;
                ExprKind::Record { base: Some(base), name: atom_of(name)?, fields }
            }
            ("record_index", [name, field]) => {
                ExprKind::RecordIndex { name: atom_of(name)?, field: self.name(field)? }
            }
            ("record_field", [base, name, field]) => {
                let base = self.boxed(base)?;
                place = self.starting_with(place, base.place);
                ExprKind::RecordAccess { base, name: atom_of(name)?, field: self.name(field)? }
            }
            ("bin", [elements]) => ExprKind::Bin(self.each(elements, Self::bin_element)?),
            ("op", [op, a]) => {
                let op = UnaryOp::from_text(atom_of(op)?.as_str()).ok_or_else(|| BadForm::new(term))?;
                ExprKind::Unary(op, self.boxed(a)?)
            }
            ("op", [op, a, b]) => {
                let op = BinaryOp::from_text(atom_of(op)?.as_str()).ok_or_else(|| BadForm::new(term))?;
                let a = self.boxed(a)?;
                place = self.starting_with(place, a.place);
                ExprKind::Binary(op, a, self.boxed(b)?)
            }
            ("match", [a, b]) => {
                let a = self.boxed(a)?;
                place = self.starting_with(place, a.place);
                ExprKind::Match(a, self.boxed(b)?)
            }
            ("maybe_match", [a, b]) => {
                let a = self.boxed(a)?;
                place = self.starting_with(place, a.place);
                ExprKind::MaybeMatch(a, self.boxed(b)?)
            }
            ("catch", [a]) => ExprKind::Catch(self.boxed(a)?),
            ("call", [callee, args]) => {
                let callee = self.boxed(callee)?;
                place = self.starting_with(place, callee.place);
                ExprKind::Call { callee, args: self.exprs(args)? }
            }
            ("remote", [m, f]) => {
                let m = self.boxed(m)?;
                place = self.starting_with(place, m.place);
                ExprKind::Remote(m, self.boxed(f)?)
            }
            ("block", [body]) => ExprKind::Block(self.body(body)?),
            ("if", [clauses]) => ExprKind::If(self.clauses(clauses, Some(0))?),
            ("case", [subject, clauses]) => {
                ExprKind::Case(self.boxed(subject)?, self.clauses(clauses, Some(1))?)
            }
            ("receive", [clauses]) => {
                ExprKind::Receive { clauses: self.clauses(clauses, Some(1))?, after: None }
            }
            ("receive", [clauses, timeout, body]) => {
                let clauses = self.clauses(clauses, Some(1))?;
                let after = After { timeout: self.expr(timeout)?, body: self.body(body)? };
                ExprKind::Receive { clauses, after: Some(Box::new(after)) }
            }
            ("try", [body, of, catch, after]) => {
                let body = self.body(body)?;
                let of = self.clauses(of, Some(1))?;
                let catch = self.each(catch, Self::catch_clause)?;
                ExprKind::Try(Box::new(Try { body, of, catch, after: self.exprs(after)? }))
            }
            ("maybe", [body]) => ExprKind::Maybe(Box::new(Maybe { body: self.body(body)?, else_part: None })),
            ("maybe", [body, else_part]) => {
                let body = self.body(body)?;
                let ("else", place, [clauses]) = self.node(else_part)? else {
                    return Err(BadForm::new(term));
                };
                let else_part = Some((place, self.clauses(clauses, Some(1))?));
                ExprKind::Maybe(Box::new(Maybe { body, else_part }))
            }
            ("fun", [Literal::Tuple(parts)]) => {
                self.fun(place, parts).ok_or_else(|| BadForm::new(term))??
            }
            ("named_fun", [name, clauses]) => {
                ExprKind::NamedFun { name: atom_of(name)?, clauses: self.function_clauses(clauses)? }
            }
            ("lc", [template, qualifiers]) => {
                ExprKind::Lc(self.boxed(template)?, self.each(qualifiers, Self::qualifier)?)
            }
            ("bc", [template, qualifiers]) => {
                ExprKind::Bc(self.boxed(template)?, self.each(qualifiers, Self::qualifier)?)
            }
            ("mc", [template, qualifiers]) => {
                ExprKind::Mc(Box::new(self.map_field(template)?), self.each(qualifiers, Self::qualifier)?)
            }
            _ => return Err(BadForm::new(term)),
        };
        Ok(Expr { place, kind })
    }

    /// A string with codes that are no characters, as the list that it stands for.
    fn codes(&mut self, place: Place, value: &Literal) -> Read<ExprKind> {
        let code = |element: &Literal| match element {
            Literal::Int(value) => Ok(Expr { place, kind: ExprKind::Integer(*value) }),
            _ => Err(BadForm::new(value)),
        };
        let codes = elements(value)?.iter().map(code).collect::<Result<_, _>>()?;
        Ok(ExprKind::List(codes, Box::new(Expr { place, kind: ExprKind::Nil })))
    }

    /// A chain of `cons`. A cell is an element of the list, not a list in its tail, when it is located where its
    /// head begins, as the parser locates it.
    fn list(&mut self, term: &Literal) -> Read<ExprKind> {
        let mut elements = Vec::new();
        let mut rest = term;
        loop {
            let ("cons", place, [head, tail]) = self.node(rest)? else {
                return Ok(ExprKind::List(elements, self.boxed(rest)?));
            };
            let head = self.expr(head)?;
            let same = self.annotations.term(place.at) == self.annotations.term(head.place.span.start);
            if !elements.is_empty() && !same && self.depth < MAX_DEPTH / 2 {
                return Ok(ExprKind::List(elements, self.boxed(rest)?));
            }
            elements.push(head);
            rest = tail;
        }
    }

    /// `None` when the parts are not those of a fun.
    fn fun(&mut self, place: Place, parts: &[Literal]) -> Option<Read<ExprKind>> {
        let [Literal::Atom(tag), parts @ ..] = parts else { return None };
        let mut part = |part: &Literal| match part {
            Literal::Atom(atom) => Ok(Expr { place, kind: ExprKind::Atom(*atom) }),
            Literal::Int(value) => Ok(Expr { place, kind: ExprKind::Integer(*value) }),
            _ => self.expr(part),
        };
        match (tag.as_str(), parts) {
            ("clauses", [clauses]) => Some(self.function_clauses(clauses).map(ExprKind::Fun)),
            ("function", [Literal::Atom(name), Literal::Int(arity)]) => {
                Some(Ok(ExprKind::FunLocal { name: *name, arity: u32::try_from(*arity).ok()? }))
            }
            ("function", [m, f, a]) => {
                let mut all = || Ok(ExprKind::FunRemote(Box::new([part(m)?, part(f)?, part(a)?])));
                Some(all())
            }
            _ => None,
        }
    }

    pub(super) fn name(&mut self, term: &Literal) -> Read<Name> {
        match self.node(term)? {
            ("atom", place, [Literal::Atom(atom)]) => Ok(Name { place, atom: *atom }),
            _ => Err(BadForm::new(term)),
        }
    }

    fn body(&mut self, list: &Literal) -> Read<Vec<Expr>> {
        let body = self.exprs(list)?;
        if body.is_empty() { Err(BadForm::new(list)) } else { Ok(body) }
    }

    /// Clauses, each with so many patterns.
    fn clauses(&mut self, list: &Literal, patterns: Option<usize>) -> Read<Vec<Clause>> {
        let clauses = self.each(list, Self::clause)?;
        let wrong = |clause: &Clause| patterns.is_some_and(|count| clause.patterns.len() != count);
        if clauses.iter().any(wrong) { Err(BadForm::new(list)) } else { Ok(clauses) }
    }

    /// At least one clause, all with as many patterns as the first.
    pub(super) fn function_clauses(&mut self, list: &Literal) -> Read<Vec<Clause>> {
        let clauses = self.clauses(list, None)?;
        let arity = clauses.first().ok_or_else(|| BadForm::new(list))?.patterns.len();
        let same = clauses.iter().all(|clause| clause.patterns.len() == arity);
        if same { Ok(clauses) } else { Err(BadForm::new(list)) }
    }

    fn clause(&mut self, term: &Literal) -> Read<Clause> {
        match self.node(term)? {
            ("clause", place, [patterns, guard, body]) => {
                let patterns = self.exprs(patterns)?;
                Ok(Clause { place, patterns, guard: self.guard(guard)?, body: self.body(body)? })
            }
            _ => Err(BadForm::new(term)),
        }
    }

    fn guard(&mut self, list: &Literal) -> Read<Guard> {
        self.each(list, Self::exprs)
    }

    fn catch_clause(&mut self, term: &Literal) -> Read<Clause> {
        let mut clause = self.clause(term)?;
        match clause.patterns.pop().map(|pattern| pattern.kind) {
            Some(ExprKind::Tuple(parts)) if parts.len() == 3 && clause.patterns.is_empty() => {
                clause.patterns = parts;
                Ok(clause)
            }
            _ => Err(BadForm::new(term)),
        }
    }

    fn map_field(&mut self, term: &Literal) -> Read<MapField> {
        let (kind, place, key, value) = match self.node(term)? {
            ("map_field_assoc", place, [key, value]) => (MapFieldKind::Assoc, place, key, value),
            ("map_field_exact", place, [key, value]) => (MapFieldKind::Exact, place, key, value),
            _ => return Err(BadForm::new(term)),
        };
        let key = self.expr(key)?;
        Ok(MapField { place: self.starting_with(place, key.place), kind, key, value: self.expr(value)? })
    }

    fn record_field(&mut self, term: &Literal) -> Read<RecordField> {
        let ("record_field", place, [name, value]) = self.node(term)? else { return Err(BadForm::new(term)) };
        let name = match self.node(name)? {
            ("atom", place, [Literal::Atom(atom)]) => FieldName::Named(Name { place, atom: *atom }),
            ("var", place, [Literal::Atom(atom)]) if atom.as_str() == "_" => FieldName::Others(place),
            ("var", place, [Literal::Atom(atom)]) => FieldName::Variable(Name { place, atom: *atom }),
            _ => return Err(BadForm::new(term)),
        };
        Ok(RecordField { place, name, value: self.expr(value)? })
    }

    fn bin_element(&mut self, term: &Literal) -> Read<BinElement> {
        let ("bin_element", place, [value, size, specs]) = self.node(term)? else {
            return Err(BadForm::new(term));
        };
        let is_default = |term: &Literal| matches!(term, Literal::Atom(atom) if atom.as_str() == "default");
        let value = self.expr(value)?;
        let size = if is_default(size) { None } else { Some(self.expr(size)?) };
        let spec = |_: &mut Self, term: &Literal| match term {
            Literal::Atom(name) => Ok(BinSpec { name: *name, value: None }),
            Literal::Tuple(pair) => match pair.as_slice() {
                [Literal::Atom(name), Literal::Int(value)] => {
                    Ok(BinSpec { name: *name, value: Some(*value) })
                }
                _ => Err(BadForm::new(term)),
            },
            _ => Err(BadForm::new(term)),
        };
        let specs = if is_default(specs) { None } else { Some(self.each(specs, spec)?) };
        Ok(BinElement { place: self.starting_with(place, value.place), value, size, specs })
    }

    fn qualifier(&mut self, term: &Literal) -> Read<Qualifier> {
        if let Literal::Tuple(parts) = term
            && let Some(Literal::Atom(tag)) = parts.first()
        {
            match tag.as_str() {
                "zip" => {
                    let ("zip", place, [generators]) = self.node(term)? else {
                        return Err(BadForm::new(term));
                    };
                    return Ok(Qualifier::Zip(place, self.each(generators, Self::generator)?));
                }
                "generate" | "b_generate" | "m_generate" | "generate_strict" | "b_generate_strict"
                | "m_generate_strict" => return Ok(Qualifier::Generator(self.generator(term)?)),
                _ => {}
            }
        }
        self.expr(term).map(Qualifier::Filter)
    }

    fn generator(&mut self, term: &Literal) -> Read<Generator> {
        let (tag, place, [pattern, source]) = self.node(term)? else { return Err(BadForm::new(term)) };
        let (tag, strict) = tag.strip_suffix("_strict").map_or((tag, false), |tag| (tag, true));
        let (kind, first) = match tag {
            "generate" | "b_generate" => {
                let pattern = self.expr(pattern)?;
                let first = pattern.place;
                let kind = if tag == "generate" {
                    GeneratorKind::List(pattern)
                } else {
                    GeneratorKind::Bits(pattern)
                };
                (kind, first)
            }
            "m_generate" => {
                let field = self.map_field(pattern)?;
                let first = field.place;
                (GeneratorKind::Map(Box::new(field)), first)
            }
            _ => return Err(BadForm::new(term)),
        };
        Ok(Generator { place: self.starting_with(place, first), kind, strict, source: self.expr(source)? })
    }
}
