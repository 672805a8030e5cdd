//! From types to the abstract format.

use super::write_expr::{Writer, arity, atom, big, char_code};
use crate::ast::{
    Constraint, FunType, MapFieldKind, MapTypeField, Name, Place, RecordTypeField, Type, TypeKind,
};
use swerl_beam::{Atom, Literal};

impl Writer<'_> {
    pub(super) fn types(&self, types: &[Type]) -> Literal {
        Literal::list(types.iter().map(|ty| self.ty(ty)).collect())
    }

    /// `{type, Annotation, Name, Arguments}`.
    fn type_node(&self, name: &str, place: Place, args: Literal) -> Literal {
        self.node("type", place, [atom(name), args])
    }

    pub(super) fn variable(&self, name: Name) -> Literal {
        self.node("var", name.place, [Literal::Atom(name.atom)])
    }

    pub(super) fn ty(&self, ty: &Type) -> Literal {
        let place = ty.place;
        let node = |tag: &str, parts: Vec<Literal>| self.node(tag, place, parts);
        match &ty.kind {
            TypeKind::Atom(value) => node("atom", vec![Literal::Atom(*value)]),
            TypeKind::Integer(value) => node("integer", vec![Literal::Int(*value)]),
            TypeKind::BigInteger(value) => node("integer", vec![big(value)]),
            TypeKind::Char(char) => node("char", vec![char_code(*char)]),
            TypeKind::Var(name) => node("var", vec![Literal::Atom(*name)]),
            TypeKind::Binary(op, a, b) => node("op", vec![atom(op.as_str()), self.ty(a), self.ty(b)]),
            TypeKind::Unary(op, a) => node("op", vec![atom(op.as_str()), self.ty(a)]),
            TypeKind::Annotated(name, body) => {
                node("ann_type", vec![Literal::list(vec![self.variable(*name), self.ty(body)])])
            }
            TypeKind::Union(alternatives) => {
                let written: Vec<_> = alternatives.iter().map(|ty| self.ty(ty)).collect();
                let place = written
                    .first()
                    .map_or_else(|| self.locate.annotation(place), |first| self.locate.first(place, first));
                Literal::tuple([atom("type"), place, atom("union"), Literal::list(written)])
            }
            TypeKind::Range(low, high) => {
                self.type_node("range", place, Literal::list(vec![self.ty(low), self.ty(high)]))
            }
            TypeKind::Tuple(None) => self.type_node("tuple", place, atom("any")),
            TypeKind::Tuple(Some(elements)) => self.type_node("tuple", place, self.types(elements)),
            TypeKind::Map(None) => self.type_node("map", place, atom("any")),
            TypeKind::Map(Some(fields)) => {
                let fields = fields.iter().map(|field| self.map_type_field(field)).collect();
                self.type_node("map", place, Literal::list(fields))
            }
            TypeKind::Record(name, fields) => {
                let fields = fields.iter().map(|field| self.record_type_field(field));
                self.type_node(
                    "record",
                    place,
                    Literal::list(std::iter::once(self.name(*name)).chain(fields).collect()),
                )
            }
            TypeKind::Bin(base, unit) => {
                let parts = [base, unit].map(|part| self.bin_part(part));
                self.type_node("binary", place, Literal::list(parts.into()))
            }
            TypeKind::Fun(None) => self.type_node("fun", place, Literal::Nil),
            TypeKind::Fun(Some(function)) => self.type_node("fun", place, self.fun_type(function)),
            TypeKind::BoundedFun(function, constraints) => {
                let constraints = constraints.iter().map(|constraint| self.constraint(constraint)).collect();
                let parts = vec![self.ty(function), Literal::list(constraints)];
                self.type_node("bounded_fun", place, Literal::list(parts))
            }
            TypeKind::Named { name, args, user } => {
                let tag = if *user { "user_type" } else { "type" };
                node(tag, vec![Literal::Atom(*name), self.types(args)])
            }
            TypeKind::Remote { module, name, args } => {
                let parts = vec![self.name(*module), self.name(*name), self.types(args)];
                node("remote_type", vec![Literal::list(parts)])
            }
        }
    }

    /// A part that the source leaves away has no extent, and in the abstract format a line without column.
    fn bin_part(&self, part: &Type) -> Literal {
        let mut term = self.ty(part);
        if part.place.span.start == part.place.span.end
            && let Literal::Tuple(parts) = &mut term
            && let Some(Literal::Tuple(location)) = parts.get(1)
            && let [Literal::Int(line), Literal::Int(_)] = location.as_slice()
        {
            parts[1] = Literal::Int(*line);
        }
        term
    }

    fn fun_type(&self, function: &FunType) -> Literal {
        let args = match &function.args {
            None => self.node("type", function.args_place, [atom("any")]),
            Some(args) => self.type_node("product", function.args_place, self.types(args)),
        };
        Literal::list(vec![args, self.ty(&function.result)])
    }

    fn constraint(&self, constraint: &Constraint) -> Literal {
        let bound = Literal::list(vec![self.ty(&constraint.var), self.ty(&constraint.bound)]);
        let parts = Literal::list(vec![self.name(constraint.name), bound]);
        self.type_node("constraint", constraint.place, parts)
    }

    fn map_type_field(&self, field: &MapTypeField) -> Literal {
        let name = match field.kind {
            MapFieldKind::Assoc => "map_field_assoc",
            MapFieldKind::Exact => "map_field_exact",
        };
        self.type_node(name, field.place, Literal::list(vec![self.ty(&field.key), self.ty(&field.value)]))
    }

    fn record_type_field(&self, field: &RecordTypeField) -> Literal {
        self.type_node(
            "field_type",
            field.place,
            Literal::list(vec![self.name(field.name), self.ty(&field.ty)]),
        )
    }

    /// `{Name, Arity}`, or with a module before.
    pub(super) fn function(module: Option<Atom>, name: Atom, value: u32) -> Literal {
        let parts = module.map(Literal::Atom).into_iter().chain([Literal::Atom(name), arity(value)]);
        Literal::Tuple(parts.collect())
    }
}
