//! Forms: what a file consists of.

use super::{Clause, Expr, Name, Place, Type};
use swerl_beam::{Atom, Literal};

/// A form: attribute or function.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Where it stands; an attribute is located at the `-`.
    pub place: Place,
    /// What it is.
    pub kind: FormKind,
}

/// The kinds of form.
#[derive(Clone, Debug, PartialEq)]
pub enum FormKind {
    /// `-module(m).`
    Module(Atom),
    /// `-export([f/1]).`
    Export(Vec<FunctionName>),
    /// `-export_type([t/1]).`
    ExportType(Vec<FunctionName>),
    /// `-import(m, [f/1]).`
    Import(Import),
    /// `-record(r, {f = 1 :: integer()}).`
    Record(RecordDecl),
    /// `-type`, `-opaque` and `-nominal`.
    Type(TypeDecl),
    /// `-spec` and `-callback`.
    Spec(Spec),
    /// `-file("f", 1).`, also where an included file begins and ends.
    File {
        /// The name.
        name: Box<str>,
        /// The number of the next line.
        line: i64,
        /// The text of the program has it; otherwise the preprocessor put it there.
        is_said: bool,
    },
    /// Any other attribute, with its value: `-compile`, `-behaviour`, `-vsn`, ...
    Attribute(Atom, Literal),
    /// A function.
    Function(Function),
    /// A fault found before or by the parser, as the abstract format carries it: `{error, ErrorInfo}`.
    Error(Literal),
    /// A warning found before the parser: `{warning, ErrorInfo}`.
    Warning(Literal),
    /// The end of the file.
    Eof,
}

/// A function.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: Atom,
    /// Its arity: that of its first clause.
    pub arity: u32,
    /// Its clauses: at least one.
    pub clauses: Vec<Clause>,
}

/// `f/1` in an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FunctionName {
    /// The name.
    pub name: Atom,
    /// The arity.
    pub arity: u32,
}

/// An `-import` attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// From which module.
    pub module: Atom,
    /// Which functions.
    pub functions: Vec<FunctionName>,
}

/// A record's declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDecl {
    /// The record's name.
    pub name: Atom,
    /// Its fields.
    pub fields: Vec<RecordFieldDecl>,
}

/// A field of a record's declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordFieldDecl {
    /// Where it stands.
    pub place: Place,
    /// Its name.
    pub name: Name,
    /// Its default.
    pub default: Option<Expr>,
    /// Its type.
    pub ty: Option<Type>,
}

/// A type's declaration.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDecl {
    /// By which attribute.
    pub kind: TypeDeclKind,
    /// The type's name.
    pub name: Atom,
    /// Its parameters: variables.
    pub params: Vec<Name>,
    /// What it stands for.
    pub body: Type,
}

/// The attributes that declare types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeDeclKind {
    /// `-type`
    Type,
    /// `-opaque`
    Opaque,
    /// `-nominal`
    Nominal,
}

/// A function's specification.
#[derive(Clone, Debug, PartialEq)]
pub struct Spec {
    /// By which attribute.
    pub kind: SpecKind,
    /// The module, where given.
    pub module: Option<Atom>,
    /// The function's name.
    pub name: Atom,
    /// Its arity: that of the first alternative.
    pub arity: u32,
    /// The alternatives: function types, [`TypeKind::Fun`](super::TypeKind::Fun) or
    /// [`TypeKind::BoundedFun`](super::TypeKind::BoundedFun).
    pub types: Vec<Type>,
}

/// The attributes that specify functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecKind {
    /// `-spec`
    Spec,
    /// `-callback`
    Callback,
}
