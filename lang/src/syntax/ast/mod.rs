//! The syntax tree. It follows Erlang's abstract format node by node, so that the two convert losslessly.
//!
//! Patterns, guards and expressions share one type, [`Expr`]; which forms are allowed where is the linter's
//! business. Parentheses leave no trace. Variables are [`Atom`](swerl_beam::Atom)s too; `_` is the variable `_`.

mod expr;
mod form;
mod pattern;
mod place;
mod types;
mod walk;
mod walk_mut;

pub use expr::{After, BinElement, BinSpec, BinaryOp, Clause, Expr, ExprKind, Guard, Try, UnaryOp};
pub use expr::{FieldName, Maybe, Name, RecordField};
pub use form::{Form, FormKind, Function, FunctionName, Import, RecordDecl, RecordFieldDecl, Spec, SpecKind};
pub use form::{TypeDecl, TypeDeclKind};
pub use pattern::{Generator, GeneratorKind, MapField, MapFieldKind, Qualifier};
pub use place::Place;
pub use types::{Constraint, FunType, MapTypeField, RecordTypeField, Type, TypeKind};
