//! From the abstract format to types.

use super::read_expr::{Reader, atom_of};
use super::read_form::BadForm;
use crate::ast::UnaryOp;
use crate::ast::{
    BinaryOp, Constraint, FunType, MapFieldKind, MapTypeField, Name, RecordTypeField, Type, TypeKind,
};
use swerl_beam::{Atom, Literal};

type Read<T> = Result<T, BadForm>;

impl Reader<'_, '_> {
    pub(super) fn types(&mut self, list: &Literal) -> Read<Vec<Type>> {
        self.each(list, Self::ty)
    }

    pub(super) fn ty(&mut self, term: &Literal) -> Read<Type> {
        self.nested(term, |reader| reader.type_here(term))
    }

    fn boxed_type(&mut self, term: &Literal) -> Read<Box<Type>> {
        self.ty(term).map(Box::new)
    }

    fn type_here(&mut self, term: &Literal) -> Read<Type> {
        let (tag, place, parts) = self.node(term)?;
        let bad = || BadForm::new(term);
        let kind = match (tag, parts) {
            ("atom", [value]) => TypeKind::Atom(atom_of(value)?),
            ("integer", [Literal::Int(value)]) => TypeKind::Integer(*value),
            ("integer", [Literal::Big(value)]) => TypeKind::BigInteger(Box::new(value.clone())),
            ("char", [Literal::Int(value)]) => {
                TypeKind::Char(u32::try_from(*value).ok().and_then(char::from_u32).ok_or_else(bad)?)
            }
            ("var", [name]) => TypeKind::Var(atom_of(name)?),
            ("op", [op, a]) => {
                let op = UnaryOp::from_text(atom_of(op)?.as_str()).ok_or_else(bad)?;
                TypeKind::Unary(op, self.boxed_type(a)?)
            }
            ("op", [op, a, b]) => {
                let op = BinaryOp::from_text(atom_of(op)?.as_str()).ok_or_else(bad)?;
                TypeKind::Binary(op, self.boxed_type(a)?, self.boxed_type(b)?)
            }
            ("ann_type", [Literal::List(pair, _)]) => match pair.as_slice() {
                [name, body] => TypeKind::Annotated(self.variable_name(name)?, self.boxed_type(body)?),
                _ => return Err(bad()),
            },
            ("type", [Literal::Atom(name), args]) => self.built_in(*name, args)?,
            ("user_type", [Literal::Atom(name), args]) => {
                TypeKind::Named { name: *name, args: self.types(args)?, user: true }
            }
            ("remote_type", [Literal::List(parts, _)]) => match parts.as_slice() {
                [module, name, args] => TypeKind::Remote {
                    module: self.name(module)?,
                    name: self.name(name)?,
                    args: self.types(args)?,
                },
                _ => return Err(bad()),
            },
            _ => return Err(bad()),
        };
        Ok(Type { place, kind })
    }

    /// `{type, _, Name, Arguments}`.
    fn built_in(&mut self, name: Atom, args: &Literal) -> Read<TypeKind> {
        let is_any = matches!(args, Literal::Atom(atom) if atom.as_str() == "any");
        let parts = match args {
            Literal::List(parts, _) => parts.as_slice(),
            _ => &[],
        };
        Ok(match (name.as_str(), parts) {
            ("tuple", _) if is_any => TypeKind::Tuple(None),
            ("tuple", _) => TypeKind::Tuple(Some(self.types(args)?)),
            ("map", _) if is_any => TypeKind::Map(None),
            ("map", _) => TypeKind::Map(Some(self.each(args, Self::map_type_field)?)),
            ("union", _) => TypeKind::Union(self.types(args)?),
            ("range", [low, high]) => TypeKind::Range(self.boxed_type(low)?, self.boxed_type(high)?),
            ("binary", [base, unit]) => TypeKind::Bin(self.boxed_type(base)?, self.boxed_type(unit)?),
            ("record", [record, fields @ ..]) => {
                let record = self.name(record)?;
                let fields =
                    fields.iter().map(|field| self.record_type_field(field)).collect::<Result<_, _>>()?;
                TypeKind::Record(record, fields)
            }
            ("fun", []) => TypeKind::Fun(None),
            ("fun", [args, result]) => TypeKind::Fun(Some(Box::new(self.fun_type(args, result)?))),
            ("bounded_fun", [function, constraints]) => {
                TypeKind::BoundedFun(self.boxed_type(function)?, self.each(constraints, Self::constraint)?)
            }
            _ => TypeKind::Named { name, args: self.types(args)?, user: false },
        })
    }

    pub(super) fn variable_name(&mut self, term: &Literal) -> Read<Name> {
        match self.node(term)? {
            ("var", place, [Literal::Atom(atom)]) => Ok(Name { place, atom: *atom }),
            _ => Err(BadForm::new(term)),
        }
    }

    fn fun_type(&mut self, args: &Literal, result: &Literal) -> Read<FunType> {
        let (args_place, args) = match self.node(args)? {
            ("type", place, [Literal::Atom(name)]) if name.as_str() == "any" => (place, None),
            ("type", place, [Literal::Atom(name), args]) if name.as_str() == "product" => {
                (place, Some(self.types(args)?))
            }
            _ => return Err(BadForm::new(args)),
        };
        Ok(FunType { args_place, args, result: self.ty(result)? })
    }

    /// The two arguments of `{type, _, Name, [A, B]}`.
    fn pair<'t>(
        &mut self,
        term: &'t Literal,
    ) -> Read<(&'static str, crate::ast::Place, &'t Literal, &'t Literal)> {
        if let ("type", place, [Literal::Atom(name), Literal::List(parts, _)]) = self.node(term)?
            && let [a, b] = parts.as_slice()
        {
            return Ok((name.as_str(), place, a, b));
        }
        Err(BadForm::new(term))
    }

    fn constraint(&mut self, term: &Literal) -> Read<Constraint> {
        let ("constraint", place, name, Literal::List(parts, _)) = self.pair(term)? else {
            return Err(BadForm::new(term));
        };
        let [var, bound] = parts.as_slice() else { return Err(BadForm::new(term)) };
        Ok(Constraint { place, name: self.name(name)?, var: self.ty(var)?, bound: self.ty(bound)? })
    }

    fn map_type_field(&mut self, term: &Literal) -> Read<MapTypeField> {
        let (name, place, key, value) = self.pair(term)?;
        let kind = match name {
            "map_field_assoc" => MapFieldKind::Assoc,
            "map_field_exact" => MapFieldKind::Exact,
            _ => return Err(BadForm::new(term)),
        };
        Ok(MapTypeField { place, kind, key: self.ty(key)?, value: self.ty(value)? })
    }

    fn record_type_field(&mut self, term: &Literal) -> Read<RecordTypeField> {
        let ("field_type", place, name, ty) = self.pair(term)? else { return Err(BadForm::new(term)) };
        Ok(RecordTypeField { place, name: self.name(name)?, ty: self.ty(ty)? })
    }
}
