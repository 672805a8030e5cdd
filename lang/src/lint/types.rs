//! Types and specifications.

use super::Linter;
use super::options::function_name;
use crate::ast::{BinaryOp, FormKind, FunctionName, Place, RecordDecl, Spec, SpecKind, Type, TypeDecl};
use crate::ast::{TypeDeclKind, TypeKind, UnaryOp};
use crate::lex::write_atom;
use crate::syntax::is_predefined_type;
use std::collections::{BTreeMap, HashMap, HashSet};
use swerl_beam::{Atom, Literal};

/// A type's name and number of parameters.
type TypeName = FunctionName;

/// Where a type is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum User {
    /// In the declaration of another type.
    Type(TypeName),
    /// Anywhere else.
    Other,
}

/// What is known of types.
#[derive(Debug, Default)]
pub(super) struct Types {
    declared: HashMap<TypeName, (Place, TypeDeclKind)>,
    exported: HashSet<TypeName>,
    used: Vec<(TypeName, User, Place)>,
    specs: HashMap<FunctionName, Place>,
    callbacks: HashMap<FunctionName, Place>,
    optional_callbacks: Vec<(FunctionName, Place)>,
}

/// How often a type variable was seen, and where first.
type Seen = BTreeMap<Atom, (usize, Place)>;

impl Linter<'_> {
    /// A type as messages give it: `name(_,_)`.
    fn type_text(name: TypeName) -> String {
        let params = vec!["_"; usize::try_from(name.arity).unwrap_or(0)].join(",");
        format!("{}({params})", write_atom(name.name.as_str()))
    }

    pub(super) fn export_type(&mut self, place: Place, types: &[TypeName]) {
        for name in types {
            if self.types.exported.insert(*name) {
                self.types.used.push((*name, User::Other, place));
            } else {
                let message = format!("type {} already exported", Self::function_text(*name));
                self.warning(place, "duplicated_export_type", &[Self::function_term(*name)], message);
            }
        }
    }

    pub(super) fn type_declaration(&mut self, place: Place, decl: &TypeDecl) {
        let name = TypeName { name: decl.name, arity: u32::try_from(decl.params.len()).unwrap_or(u32::MAX) };
        let term = Self::function_term(name);
        let text = Self::type_text(name);
        // `dynamic()` came after OTP 25: a module may still have its own.
        let is_builtin =
            is_predefined_type(name.name.as_str(), decl.params.len()) && name.name.as_str() != "dynamic";
        if is_builtin && !self.options.all.contains(&Literal::atom("no_auto_import_types")) {
            let message = format!("type {text} is a builtin type; it cannot be redefined");
            return self.error(place, "builtin_type", &[term], message);
        }
        if self.types.declared.contains_key(&name) {
            return self.error(place, "redefine_type", &[term], format!("type {text} already defined"));
        }
        if decl.kind == TypeDeclKind::Opaque && name.arity == 0 && is_any(&decl.body) {
            let message = format!("opaque type {text} is underspecified and therefore meaningless");
            self.warning(place, "underspecified_opaque", &[term], message);
        }
        self.types.declared.insert(name, (place, decl.kind));
        let mut seen = Seen::new();
        self.check_type(&decl.body, &mut seen, User::Type(name));
        for param in &decl.params {
            see(param.atom, param.place, &mut seen);
        }
        self.check_seen(&seen);
    }

    /// The types of a record's fields.
    pub(super) fn record_types(&mut self, decl: &RecordDecl) {
        let mut seen = Seen::new();
        for ty in decl.fields.iter().filter_map(|field| field.ty.as_ref()) {
            self.check_type(ty, &mut seen, User::Other);
        }
        self.check_seen(&seen);
    }

    pub(super) fn spec(&mut self, place: Place, spec: &Spec) {
        let name = FunctionName { name: spec.name, arity: spec.arity };
        let mut term = Self::function_term(name);
        let mut text = Self::function_text(name);
        if let Some(module) = spec.module {
            term = Literal::tuple([
                Literal::Atom(module),
                Literal::Atom(name.name),
                Literal::Int(name.arity.into()),
            ]);
            text = format!("{}:{text}", write_atom(module.as_str()));
        }
        let is_other_module = spec.module.is_some() && spec.module != self.module;
        match spec.kind {
            SpecKind::Callback if spec.module.is_some() => {
                let message = format!("explicit module not allowed for callback {text}");
                return self.error(place, "bad_callback", &[term], message);
            }
            SpecKind::Callback => {
                if self.types.callbacks.insert(name, place).is_some() {
                    return self.error(
                        place,
                        "redefine_callback",
                        &[term],
                        format!("callback {text} already defined"),
                    );
                }
            }
            SpecKind::Spec if is_other_module => {
                let message = format!("spec for function {text} from other module");
                self.error(place, "bad_module", &[term], message);
            }
            SpecKind::Spec => {
                if self.types.specs.insert(name, place).is_some() {
                    return self.error(
                        place,
                        "redefine_spec",
                        &[term],
                        format!("spec for {text} already defined"),
                    );
                }
            }
        }
        for ty in &spec.types {
            if fun_arity(ty).is_some_and(|arity| arity != spec.arity) {
                let (code, what) = match spec.kind {
                    SpecKind::Spec => ("spec_wrong_arity", "spec"),
                    SpecKind::Callback => ("callback_wrong_arity", "callback"),
                };
                self.error(ty.place, code, &[], format!("{what} has wrong arity"));
            }
            let mut seen = Seen::new();
            self.check_type(ty, &mut seen, User::Other);
            self.check_seen(&seen);
        }
    }

    pub(super) fn optional_callbacks(&mut self, place: Place, value: &Literal) {
        let Literal::List(entries, tail) = value else { return };
        let names: Option<Vec<_>> = entries.iter().map(function_name).collect();
        let Some(names) = names.filter(|_| **tail == Literal::Nil) else { return };
        for name in names {
            match self.types.optional_callbacks.iter_mut().find(|known| known.0 == name) {
                Some(known) => {
                    // What else is wrong with it is told of at the last place that names it.
                    known.1 = place;
                    let message = format!("optional callback {} duplicated", Self::function_text(name));
                    self.error(place, "redefine_optional_callback", &[Self::function_term(name)], message);
                }
                None => self.types.optional_callbacks.push((name, place)),
            }
        }
    }

    /// A variable that stands but once says nothing.
    fn check_seen(&mut self, seen: &Seen) {
        for (name, (count, place)) in seen {
            if *count == 1 && !name.as_str().starts_with('_') {
                let message =
                    format!("type variable {} is only used once (is unbound)", write_atom(name.as_str()));
                self.error(*place, "singleton_typevar", &[Literal::Atom(*name)], message);
            }
        }
    }

    fn check_types<'t>(&mut self, types: impl IntoIterator<Item = &'t Type>, seen: &mut Seen, user: User) {
        types.into_iter().for_each(|ty| self.check_type(ty, seen, user));
    }

    fn check_type(&mut self, ty: &Type, seen: &mut Seen, user: User) {
        let place = ty.place;
        match &ty.kind {
            TypeKind::Atom(_) | TypeKind::Integer(_) | TypeKind::BigInteger(_) | TypeKind::Char(_) => {}
            TypeKind::Var(name) => see(*name, place, seen),
            TypeKind::Binary(..) | TypeKind::Unary(..) => {
                if constant(ty).is_none() {
                    self.type_syntax(place, "integer");
                }
            }
            TypeKind::Annotated(_, inner) => self.check_type(inner, seen, user),
            TypeKind::Union(types) => self.check_types(types, seen, user),
            TypeKind::Range(from, to) => match (constant(from), constant(to)) {
                (Some(from), Some(to)) if from < to => {}
                _ => self.type_syntax(place, "range"),
            },
            TypeKind::Tuple(types) => self.check_types(types.iter().flatten(), seen, user),
            TypeKind::Map(fields) => {
                for field in fields.iter().flatten() {
                    self.check_types([&field.key, &field.value], seen, user);
                }
            }
            TypeKind::Record(name, fields) => {
                self.used_records.insert(name.atom);
                if !self.check_record(place, name.atom) {
                    return;
                }
                let mut given = HashSet::new();
                for field in fields {
                    self.check_field_exists(name.atom, field.name);
                    if !given.insert(field.name.atom) {
                        self.field_twice(field.name.place, name.atom, field.name.atom);
                    }
                    self.check_type(&field.ty, seen, user);
                }
            }
            TypeKind::Bin(base, unit) => match (constant(base), constant(unit)) {
                (Some(0..), Some(0..)) => {}
                _ => self.type_syntax(place, "binary"),
            },
            TypeKind::Fun(None) => {}
            TypeKind::Fun(Some(fun)) => {
                self.check_types(fun.args.iter().flatten(), seen, user);
                self.check_type(&fun.result, seen, user);
            }
            TypeKind::BoundedFun(fun, constraints) => {
                self.check_type(fun, seen, user);
                for constraint in constraints {
                    self.check_types([&constraint.var, &constraint.bound], seen, user);
                }
            }
            TypeKind::Named { name, args, user: is_user } => {
                if *is_user {
                    self.use_type(*name, args, place, user);
                } else if name.as_str() == "bool" && args.is_empty() {
                    let message = "type bool() is now called boolean(); please use the new name instead";
                    let args = [Literal::Atom(*name), Literal::atom("boolean")];
                    self.warning(place, "renamed_type", &args, message.into());
                }
                self.check_types(args, seen, user);
            }
            TypeKind::Remote { module, name, args } => {
                if Some(module.atom) == self.module {
                    self.use_type(name.atom, args, place, user);
                } else {
                    self.check_removed_type(place, module.atom, name.atom, args.len());
                }
                self.check_types(args, seen, user);
            }
        }
    }

    fn use_type(&mut self, name: Atom, args: &[Type], place: Place, user: User) {
        let arity = u32::try_from(args.len()).unwrap_or(u32::MAX);
        self.types.used.push((TypeName { name, arity }, user, place));
    }

    fn type_syntax(&mut self, place: Place, what: &'static str) {
        self.error(place, "type_syntax", &[Literal::atom(what)], format!("bad {what} type"));
    }

    /// What can only be told when all forms were seen.
    pub(super) fn check_all_types(&mut self) {
        self.check_specs();
        self.check_undefined_types();
        self.check_unused_types();
        self.check_untyped_records();
        for (name, (place, kind)) in self.types.declared.clone() {
            if kind == TypeDeclKind::Opaque && !self.types.exported.contains(&name) {
                let message = format!("opaque type {} is not exported", Self::type_text(name));
                self.warning(place, "not_exported_opaque", &[Self::function_term(name)], message);
            }
        }
        self.check_callbacks();
    }

    fn check_specs(&mut self) {
        for (name, place) in self.types.specs.clone() {
            if !self.defined.contains(&name) && !Self::is_pseudo_local(name) {
                let message = format!("spec for undefined function {}", Self::function_text(name));
                self.error(place, "spec_fun_undefined", &[Self::function_term(name)], message);
            }
        }
        let all = self.options.missing_spec_all;
        if !all && !self.options.missing_spec {
            return;
        }
        for form in self.forms {
            if let FormKind::Function(function) = &form.kind {
                let name = FunctionName { name: function.name, arity: function.arity };
                if !self.types.specs.contains_key(&name) && (all || self.is_exported(name)) {
                    let message = format!("missing specification for function {}", Self::function_text(name));
                    self.warning(form.place, "missing_spec", &[Self::function_term(name)], message);
                }
            }
        }
    }

    fn check_undefined_types(&mut self) {
        for (name, _, place) in self.types.used.clone() {
            let is_predefined =
                is_predefined_type(name.name.as_str(), usize::try_from(name.arity).unwrap_or(0));
            if !is_predefined && !self.types.declared.contains_key(&name) {
                let message = format!("type {} undefined", Self::type_text(name));
                self.error(place, "undefined_type", &[Self::function_term(name)], message);
            }
        }
    }

    /// Warns of types of the file itself that nothing but each other uses.
    fn check_unused_types(&mut self) {
        let (true, Some(main)) = (self.options.unused_type, self.main_file()) else { return };
        let mut reached: HashSet<TypeName> = HashSet::new();
        let by = |user: User| self.types.used.iter().filter(move |used| used.1 == user).map(|used| used.0);
        let mut rest: Vec<TypeName> = by(User::Other).collect();
        while let Some(name) = rest.pop() {
            if reached.insert(name) {
                rest.extend(by(User::Type(name)));
            }
        }
        for (name, (place, _)) in self.types.declared.clone() {
            if !reached.contains(&name) && **self.map.file_name(place.point()) == *main {
                let message = format!("type {} is unused", Self::type_text(name));
                self.warning(place, "unused_type", &[Self::function_term(name)], message);
            }
        }
    }

    fn check_untyped_records(&mut self) {
        if !self.options.untyped_record {
            return;
        }
        for form in self.forms {
            if let FormKind::Record(decl) = &form.kind
                && decl.fields.iter().any(|field| field.ty.is_none())
            {
                let name = write_atom(decl.name.as_str());
                let message = format!("record {name} has field(s) without type information");
                self.warning(form.place, "untyped_record", &[Literal::Atom(decl.name)], message);
            }
        }
    }

    fn check_callbacks(&mut self) {
        let module = self.module.unwrap_or_else(|| Atom::new(""));
        let mfa = |name: FunctionName| {
            let arity = Literal::Int(name.arity.into());
            Literal::tuple([Literal::Atom(module), Literal::Atom(name.name), arity])
        };
        for (name, place) in self.types.optional_callbacks.clone() {
            if !self.types.callbacks.contains_key(&name) {
                let message = format!("callback {} is undefined", Self::function_text(name));
                self.error(place, "undefined_callback", &[mfa(name)], message);
            }
        }
        let behaviour_info = FunctionName { name: Atom::new("behaviour_info"), arity: 1 };
        if self.defined.contains(&behaviour_info) {
            for (name, place) in self.types.callbacks.clone() {
                let message = format!(
                    "cannot define callback attibute for {} when behaviour_info is defined",
                    Self::function_text(name)
                );
                self.error(place, "behaviour_info", &[mfa(name)], message);
            }
        }
    }

    fn check_removed_type(&mut self, place: Place, module: Atom, name: Atom, arity: usize) {
        let Some((_, _, advice)) =
            REMOVED.iter().find(|row| row.0 == module.as_str() && row.1 == name.as_str())
        else {
            return;
        };
        if arity == 0 {
            let term = Literal::tuple([Literal::Atom(module), Literal::Atom(name), Literal::Int(0)]);
            let message = format!("the type {module}:{name}() is removed; {advice}");
            self.warning(place, "removed_type", &[term, Literal::string(advice)], message);
        }
    }
}

/// Types of other modules that were removed, all without parameters.
const REMOVED: &[(&str, &str, &str)] = &[
    ("crypto", "hmac_state", "see the 'New and Old API' chapter of the CRYPTO User's guide"),
    ("crypto", "retired_cbc_cipher_aliases", "Use aes_*_cbc or des_ede3_cbc"),
    ("crypto", "retired_cfb_cipher_aliases", "Use aes_*_cfb8, aes_*_cfb128 or des_ede3_cfb"),
    ("crypto", "retired_ctr_cipher_aliases", "Use aes_*_ctr"),
    ("crypto", "retired_ecb_cipher_aliases", "Use aes_*_ecb"),
    ("crypto", "stream_state", "see the 'New and Old API' chapter of the CRYPTO User's guide"),
    ("erl_scan", "column", "use erl_anno:column() instead"),
    ("erl_scan", "line", "use erl_anno:line() instead"),
    ("erl_scan", "location", "use erl_anno:location() instead"),
    ("http_uri", "default_scheme_port_number", "use uri_string instead"),
    ("http_uri", "fragment", "use uri_string instead"),
    ("http_uri", "host", "use uri_string instead"),
    ("http_uri", "path", "use uri_string instead"),
    ("http_uri", "query", "use uri_string instead"),
    ("http_uri", "scheme", "use uri_string instead"),
    ("http_uri", "user_info", "use uri_string instead"),
];

fn see(name: Atom, place: Place, seen: &mut Seen) {
    if name.as_str() != "_" {
        seen.entry(name).or_insert((0, place)).0 += 1;
    }
}

fn is_any(ty: &Type) -> bool {
    match &ty.kind {
        TypeKind::Named { name, args, user: false } => {
            args.is_empty() && matches!(name.as_str(), "term" | "any")
        }
        _ => false,
    }
}

/// The number of arguments of a function type.
fn fun_arity(ty: &Type) -> Option<u32> {
    match &ty.kind {
        TypeKind::Fun(Some(fun)) => u32::try_from(fun.args.as_ref()?.len()).ok(),
        TypeKind::BoundedFun(fun, _) => fun_arity(fun),
        _ => None,
    }
}

/// The value of an integer type, where it fits 128 bits.
fn constant(ty: &Type) -> Option<i128> {
    match &ty.kind {
        TypeKind::Integer(value) => Some(i128::from(*value)),
        TypeKind::BigInteger(value) => i128::try_from(&**value).ok(),
        TypeKind::Char(c) => Some(i128::from(u32::from(*c))),
        TypeKind::Unary(op, operand) => {
            let value = constant(operand)?;
            match op {
                UnaryOp::Plus => Some(value),
                UnaryOp::Minus => value.checked_neg(),
                UnaryOp::Bnot => Some(!value),
                UnaryOp::Not => None,
            }
        }
        TypeKind::Binary(op, left, right) => {
            let (left, right) = (constant(left)?, constant(right)?);
            match op {
                BinaryOp::Add => left.checked_add(right),
                BinaryOp::Sub => left.checked_sub(right),
                BinaryOp::Mul => left.checked_mul(right),
                BinaryOp::Div => left.checked_div(right),
                BinaryOp::Rem => left.checked_rem(right),
                BinaryOp::Band => Some(left & right),
                BinaryOp::Bor => Some(left | right),
                BinaryOp::Bxor => Some(left ^ right),
                BinaryOp::Bsl => {
                    u32::try_from(right).ok().and_then(|by| left.checked_mul(1_i128.checked_shl(by)?))
                }
                BinaryOp::Bsr => {
                    u32::try_from(right).ok().map(|by| left.checked_shr(by).unwrap_or(left >> 127))
                }
                _ => None,
            }
        }
        _ => None,
    }
}
