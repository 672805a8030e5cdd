//! From expressions to the abstract format.

use super::places::Locate;
use crate::ast::{
    BinElement, Clause, Expr, ExprKind, FieldName, Generator, GeneratorKind, MapField, MapFieldKind,
};
use crate::ast::{Name, Place, Qualifier, RecordField};
use num_bigint::BigInt;
use swerl_beam::{Atom, Literal};

/// Writes nodes, with annotations that `locate` makes.
pub(super) struct Writer<'l> {
    pub(super) locate: &'l dyn Locate,
}

pub(super) fn atom(text: &str) -> Literal {
    Literal::Atom(Atom::new(text))
}

pub(super) fn big(value: &BigInt) -> Literal {
    Literal::Big(value.clone())
}

fn first_of(list: &Literal) -> Option<&Literal> {
    match list {
        Literal::List(items, _) => items.first(),
        _ => None,
    }
}

pub(super) fn arity(value: u32) -> Literal {
    Literal::Int(i64::from(value))
}

pub(super) fn char_code(char: char) -> Literal {
    Literal::Int(i64::from(u32::from(char)))
}

impl Writer<'_> {
    /// `{Tag, Annotation, Part, ...}`.
    pub(super) fn node(&self, tag: &str, place: Place, parts: impl IntoIterator<Item = Literal>) -> Literal {
        let head = [atom(tag), self.locate.annotation(place)];
        Literal::Tuple(head.into_iter().chain(parts).collect())
    }

    /// The same, of a node that begins with its first part.
    pub(super) fn node_from(
        &self,
        tag: &str,
        place: Place,
        first: Literal,
        parts: impl IntoIterator<Item = Literal>,
    ) -> Literal {
        let head = [atom(tag), self.locate.first(place, &first), first];
        Literal::Tuple(head.into_iter().chain(parts).collect())
    }

    pub(super) fn name(&self, name: Name) -> Literal {
        self.node("atom", name.place, [Literal::Atom(name.atom)])
    }

    pub(super) fn exprs(&self, exprs: &[Expr]) -> Literal {
        Literal::list(exprs.iter().map(|expr| self.expr(expr)).collect())
    }

    fn base_and(&self, base: Option<&Expr>, rest: impl IntoIterator<Item = Literal>) -> Vec<Literal> {
        base.map(|base| self.expr(base)).into_iter().chain(rest).collect()
    }

    pub(super) fn expr(&self, expr: &Expr) -> Literal {
        let node = |tag: &str, parts: Vec<Literal>| self.node(tag, expr.place, parts);
        match &expr.kind {
            ExprKind::Atom(value) => node("atom", vec![Literal::Atom(*value)]),
            ExprKind::Integer(value) => node("integer", vec![Literal::Int(*value)]),
            ExprKind::BigInteger(value) => node("integer", vec![big(value)]),
            ExprKind::Char(char) => node("char", vec![char_code(*char)]),
            ExprKind::Float(value) => node("float", vec![Literal::Float(*value)]),
            ExprKind::String(text) => node("string", vec![Literal::string(text)]),
            ExprKind::Var(name) => node("var", vec![Literal::Atom(*name)]),
            ExprKind::Nil => node("nil", vec![]),
            ExprKind::List(elements, tail) => {
                let mut list = self.expr(tail);
                for (index, element) in elements.iter().enumerate().rev() {
                    let (tag, first) = ("cons", self.expr(element));
                    list = if index == 0 {
                        self.node(tag, expr.place, [first, list])
                    } else {
                        self.node_from(tag, Place::new(element.place.span), first, [list])
                    };
                }
                list
            }
            ExprKind::Tuple(elements) => node("tuple", vec![self.exprs(elements)]),
            ExprKind::Map { base, fields } => {
                let fields = fields.iter().map(|field| self.map_field(field)).collect();
                node("map", self.base_and(base.as_deref(), [Literal::list(fields)]))
            }
            ExprKind::Record { base, name, fields } => {
                let fields = fields.iter().map(|field| self.record_field(field)).collect();
                node("record", self.base_and(base.as_deref(), [Literal::Atom(*name), Literal::list(fields)]))
            }
            ExprKind::RecordIndex { name, field } => {
                node("record_index", vec![Literal::Atom(*name), self.name(*field)])
            }
            ExprKind::RecordAccess { base, name, field } => {
                node("record_field", vec![self.expr(base), Literal::Atom(*name), self.name(*field)])
            }
            ExprKind::Bin(elements) => node(
                "bin",
                vec![Literal::list(elements.iter().map(|element| self.bin_element(element)).collect())],
            ),
            ExprKind::Binary(op, a, b) => node("op", vec![atom(op.as_str()), self.expr(a), self.expr(b)]),
            ExprKind::Unary(op, a) => node("op", vec![atom(op.as_str()), self.expr(a)]),
            ExprKind::Match(a, b) => self.node_from("match", expr.place, self.expr(a), [self.expr(b)]),
            ExprKind::MaybeMatch(a, b) => node("maybe_match", vec![self.expr(a), self.expr(b)]),
            ExprKind::Catch(a) => node("catch", vec![self.expr(a)]),
            ExprKind::Call { callee, args } => {
                self.node_from("call", expr.place, self.expr(callee), [self.exprs(args)])
            }
            ExprKind::Remote(m, f) => node("remote", vec![self.expr(m), self.expr(f)]),
            ExprKind::Block(body) => node("block", vec![self.exprs(body)]),
            ExprKind::If(clauses) => node("if", vec![self.choices(clauses)]),
            ExprKind::Case(subject, clauses) => node("case", vec![self.expr(subject), self.choices(clauses)]),
            ExprKind::Receive { clauses, after } => {
                let mut parts = vec![self.choices(clauses)];
                if let Some(after) = after {
                    parts.extend([self.expr(&after.timeout), self.exprs(&after.body)]);
                }
                node("receive", parts)
            }
            ExprKind::Try(parts) => {
                let catch = parts.catch.iter().map(|clause| self.catch_clause(clause)).collect();
                node(
                    "try",
                    vec![
                        self.exprs(&parts.body),
                        self.choices(&parts.of),
                        Literal::list(catch),
                        self.exprs(&parts.after),
                    ],
                )
            }
            ExprKind::Maybe(parts) => {
                let mut args = vec![self.exprs(&parts.body)];
                if let Some((place, clauses)) = &parts.else_part {
                    args.push(self.node("else", *place, [self.choices(clauses)]));
                }
                node("maybe", args)
            }
            ExprKind::FunLocal { name, arity: value } => {
                node("fun", vec![Literal::tuple([atom("function"), Literal::Atom(*name), arity(*value)])])
            }
            ExprKind::FunRemote(parts) => {
                let [m, f, a] = [&parts[0], &parts[1], &parts[2]].map(|part| self.expr(part));
                node("fun", vec![Literal::tuple([atom("function"), m, f, a])])
            }
            ExprKind::Fun(clauses) => {
                node("fun", vec![Literal::tuple([atom("clauses"), self.clauses(clauses)])])
            }
            ExprKind::NamedFun { name, clauses } => {
                node("named_fun", vec![Literal::Atom(*name), self.clauses(clauses)])
            }
            ExprKind::Lc(template, qualifiers) => {
                node("lc", vec![self.expr(template), self.qualifiers(qualifiers)])
            }
            ExprKind::Bc(template, qualifiers) => {
                node("bc", vec![self.expr(template), self.qualifiers(qualifiers)])
            }
            ExprKind::Mc(template, qualifiers) => {
                node("mc", vec![self.map_field(template), self.qualifiers(qualifiers)])
            }
        }
    }

    pub(super) fn clauses(&self, clauses: &[Clause]) -> Literal {
        Literal::list(
            clauses.iter().map(|clause| self.clause(clause, self.exprs(&clause.patterns))).collect(),
        )
    }

    /// Clauses that begin with their pattern, or with their guard where they have none.
    fn choices(&self, clauses: &[Clause]) -> Literal {
        let choice = |clause: &Clause| {
            let patterns = self.exprs(&clause.patterns);
            let guard: Vec<_> = clause.guard.iter().map(|tests| self.exprs(tests)).collect();
            let first = [Some(&patterns), guard.first()].into_iter().flatten().find_map(first_of);
            let place = match first {
                Some(first) => self.locate.first(clause.place, first),
                None => self.locate.annotation(clause.place),
            };
            Literal::tuple([atom("clause"), place, patterns, Literal::list(guard), self.exprs(&clause.body)])
        };
        Literal::list(clauses.iter().map(choice).collect())
    }

    fn clause(&self, clause: &Clause, patterns: Literal) -> Literal {
        let guard = Literal::list(clause.guard.iter().map(|tests| self.exprs(tests)).collect());
        self.node("clause", clause.place, [patterns, guard, self.exprs(&clause.body)])
    }

    /// Class, reason and stacktrace are written as a tuple. What was left away is located by the reason.
    fn catch_clause(&self, clause: &Clause) -> Literal {
        let [class, reason, stack] = &clause.patterns[..] else {
            return self.clause(clause, self.exprs(&clause.patterns));
        };
        let is_within = |part: &Expr| {
            let (part, whole) = (part.place.span, reason.place.span);
            part.file == whole.file && part.start >= whole.start && part.end <= whole.end
        };
        let has_no_class =
            matches!(&class.kind, ExprKind::Atom(name) if name.as_str() == "throw") && is_within(class);
        let has_no_stack =
            matches!(&stack.kind, ExprKind::Var(name) if name.as_str() == "_") && is_within(stack);
        let pattern = self.expr(reason);
        let (at, class) = if has_no_class {
            let at = self.locate.first(clause.place, &pattern);
            (at.clone(), Literal::tuple([atom("atom"), at, atom("throw")]))
        } else {
            let class = self.expr(class);
            (self.locate.first(clause.place, &class), class)
        };
        let stack = if has_no_stack {
            Literal::tuple([atom("var"), self.locate.last(stack.place, &pattern), atom("_")])
        } else {
            self.expr(stack)
        };
        let thrown = Literal::tuple([atom("tuple"), at.clone(), Literal::list(vec![class, pattern, stack])]);
        let guard = Literal::list(clause.guard.iter().map(|tests| self.exprs(tests)).collect());
        Literal::tuple([atom("clause"), at, Literal::list(vec![thrown]), guard, self.exprs(&clause.body)])
    }

    fn map_field(&self, field: &MapField) -> Literal {
        let tag = match field.kind {
            MapFieldKind::Assoc => "map_field_assoc",
            MapFieldKind::Exact => "map_field_exact",
        };
        self.node(tag, field.place, [self.expr(&field.key), self.expr(&field.value)])
    }

    fn record_field(&self, field: &RecordField) -> Literal {
        let name = match field.name {
            FieldName::Named(name) => self.name(name),
            FieldName::Others(place) => self.node("var", place, [atom("_")]),
            FieldName::Variable(name) => self.node("var", name.place, [Literal::Atom(name.atom)]),
        };
        self.node("record_field", field.place, [name, self.expr(&field.value)])
    }

    fn bin_element(&self, element: &BinElement) -> Literal {
        let size = element.size.as_ref().map_or_else(|| atom("default"), |size| self.expr(size));
        let specs = element.specs.as_ref().map_or_else(
            || atom("default"),
            |specs| {
                let spec = |spec: &crate::ast::BinSpec| match spec.value {
                    None => Literal::Atom(spec.name),
                    Some(value) => Literal::tuple([Literal::Atom(spec.name), Literal::Int(value)]),
                };
                Literal::list(specs.iter().map(spec).collect())
            },
        );
        self.node_from("bin_element", element.place, self.expr(&element.value), [size, specs])
    }

    fn qualifiers(&self, qualifiers: &[Qualifier]) -> Literal {
        let qualifier = |qualifier: &Qualifier| match qualifier {
            Qualifier::Generator(generator) => self.generator(generator),
            Qualifier::Zip(place, generators) => {
                let generators = generators.iter().map(|generator| self.generator(generator)).collect();
                self.node("zip", *place, [Literal::list(generators)])
            }
            Qualifier::Filter(test) => self.expr(test),
        };
        Literal::list(qualifiers.iter().map(qualifier).collect())
    }

    fn generator(&self, generator: &Generator) -> Literal {
        let (tag, pattern) = match &generator.kind {
            GeneratorKind::List(pattern) => ("generate", self.expr(pattern)),
            GeneratorKind::Bits(pattern) => ("b_generate", self.expr(pattern)),
            GeneratorKind::Map(field) => ("m_generate", self.map_field(field)),
        };
        let tag = if generator.strict { format!("{tag}_strict") } else { tag.to_owned() };
        self.node(&tag, generator.place, [pattern, self.expr(&generator.source)])
    }
}
