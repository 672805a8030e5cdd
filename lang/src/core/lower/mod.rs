//! From syntax trees to the core language: scopes, evaluation order, and what each construct means.
//!
//! The trees hold neither records nor imports, and were found sound: every variable is bound where it is used,
//! every local function exists.

mod after_size;
mod bits;
mod cerl;
mod clauses;
mod comprehension;
mod control;
mod expr;
mod fun;
mod guard;
mod list_loops;
mod literal;
mod misfit;
mod numbers;
mod pattern;
mod scope;

pub use bits::{ConstantSegment, constant_segments};
pub use cerl::{Unsupported, lower_cerl};
pub use list_loops::is_list_loop;
pub use misfit::{cannot_hold, is_made_here, is_no_size};

use super::{
    Body, Callee, Case, Clause, Constants, ErrorKind, Function, FunctionId, Guard, Kind, Line, Op, Otherwise,
    Patterns, Shape, Statement, Value, Var,
};
use crate::ast::{self, Form, FormKind, Place};
use crate::source::SourceMap;
use numbers::Numbers;
use scope::Scope;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use swerl_beam::{Atom, LineTable, Literal};

/// The functions of a module in the core language.
#[derive(Debug)]
pub struct Lowered {
    /// The functions of the source, `module_info/0,1`, then the nested ones. Their position is their
    /// [`FunctionId`].
    pub functions: Vec<Function>,
    /// For each function of the source and `module_info`: the nested functions in it.
    pub nests: Vec<Vec<FunctionId>>,
    /// The constants.
    pub constants: Constants,
    /// The patterns.
    pub patterns: Patterns,
    /// Source places.
    pub lines: LineTable,
}

/// Lowers the functions among `forms`. With `writes_loops`, functions of `lists` that take a fun are written out.
#[must_use]
pub fn lower(module: Atom, forms: &[Form], sources: &SourceMap, writes_loops: bool) -> Lowered {
    let sources_of: Vec<&ast::Function> = forms
        .iter()
        .filter_map(|form| match &form.kind {
            FormKind::Function(function) => Some(function),
            _ => None,
        })
        .collect();
    let names: Vec<(Atom, usize)> =
        sources_of.iter().map(|function| (function.name, function.arity as usize)).collect();
    // Perhaps `behaviour_info/1`, and `module_info/0,1` come after the functions of the source.
    let generated = if has_behaviour_info(forms) { 3 } else { 2 };
    let mut lower = Lower::new(module, sources, &names, generated);
    lower.no_auto_import = no_auto_imports(forms);
    lower.writes_loops = writes_loops;
    for (id, source) in (0..).map(FunctionId).zip(&sources_of) {
        lower.function(id, source);
    }
    lower.behaviour_info(forms);
    lower.module_info();
    let Lower { mut functions, nested, nests, constants, patterns, lines, .. } = lower;
    functions.extend(nested.into_iter().map(|function| function.expect("every nested function was lowered")));
    Lowered { functions, nests, constants, patterns, lines: lines.table }
}

/// The functions that `-compile({no_auto_import, ...})` names; `None` stands for all of them.
fn no_auto_imports(forms: &[Form]) -> HashSet<Option<(Atom, usize)>> {
    let mut found = HashSet::new();
    let mut visit = |option: &Literal| match option {
        Literal::Atom(name) if name.as_str() == "no_auto_import" => {
            found.insert(None);
        }
        Literal::Tuple(parts) => {
            if let [Literal::Atom(name), Literal::List(functions, _)] = &parts[..]
                && name.as_str() == "no_auto_import"
            {
                for function in functions {
                    if let Literal::Tuple(parts) = function
                        && let [Literal::Atom(name), Literal::Int(arity)] = &parts[..]
                        && let Ok(arity) = usize::try_from(*arity)
                    {
                        found.insert(Some((*name, arity)));
                    }
                }
            }
        }
        _ => {}
    };
    for form in forms {
        if let FormKind::Attribute(name, value) = &form.kind
            && name.as_str() == "compile"
        {
            match value {
                Literal::List(options, _) => options.iter().for_each(&mut visit),
                option => visit(option),
            }
        }
    }
    found
}

/// Whether a module has callbacks, and leaves it to the compiler to answer for them.
#[must_use]
pub fn has_behaviour_info(forms: &[Form]) -> bool {
    let is_callback =
        |form: &Form| matches!(&form.kind, FormKind::Spec(spec) if spec.kind == ast::SpecKind::Callback);
    let is_own = |form: &Form| {
        matches!(&form.kind, FormKind::Function(function)
            if function.name.as_str() == "behaviour_info" && function.arity == 1)
    };
    forms.iter().any(is_callback) && !forms.iter().any(is_own)
}

/// What `behaviour_info/1` answers: all callbacks, and the optional ones.
fn callbacks(forms: &[Form]) -> (Literal, Literal) {
    let (mut callbacks, mut optional) = (Vec::new(), Vec::new());
    for form in forms {
        match &form.kind {
            FormKind::Spec(spec) if spec.kind == ast::SpecKind::Callback => {
                callbacks
                    .push(Literal::tuple([Literal::Atom(spec.name), Literal::Int(i64::from(spec.arity))]));
            }
            FormKind::Attribute(name, Literal::List(functions, _))
                if name.as_str() == "optional_callbacks" =>
            {
                optional.extend(functions.iter().cloned());
            }
            _ => {}
        }
    }
    (Literal::list(callbacks), Literal::list(optional))
}

/// Source places, each once.
#[derive(Debug)]
struct Lines {
    table: LineTable,
    index: HashMap<(u32, u32), Line>,
    files: HashMap<Arc<str>, u32>,
}

/// The state of lowering.
struct Lower<'a> {
    module: Atom,
    sources: &'a SourceMap,
    /// The functions of the module.
    defined: HashMap<(Atom, usize), FunctionId>,
    no_auto_import: HashSet<Option<(Atom, usize)>>,
    /// Whether functions of `lists` that take a fun are written out as loops.
    writes_loops: bool,
    constants: Constants,
    patterns: Patterns,
    lines: Lines,
    functions: Vec<Function>,
    /// Nested functions; those being lowered have a number, but no body yet.
    nested: Vec<Option<Function>>,
    first_nested: u32,
    nests: Vec<Vec<FunctionId>>,

    // Of the function of the source that is being lowered:
    current: FunctionId,
    current_name: (Atom, usize),
    next_var: u32,
    /// Numbers of funs and comprehensions.
    numbers: Numbers,
    /// The number of the next function that calls itself, in the order of evaluation.
    next_loop: u32,
    next_else: u32,
    /// How many arguments the named funs around take.
    own_fun_arities: HashMap<FunctionId, usize>,
    scope: Scope,
    statements: Vec<Statement>,
}

impl<'a> Lower<'a> {
    /// For these functions of the source, and so many more that come after them.
    fn new(module: Atom, sources: &'a SourceMap, functions: &[(Atom, usize)], generated: usize) -> Self {
        let defined = (0..).map(FunctionId).zip(functions).map(|(id, &function)| (function, id));
        let own_file = format!("{module}.erl");
        let lines = Lines {
            files: HashMap::from([(own_file.as_str().into(), 0)]),
            table: LineTable { files: vec![own_file], locations: Vec::new() },
            index: HashMap::new(),
        };
        let first_nested = u32::try_from(functions.len() + generated).expect("fewer than 2^32 functions");
        Self {
            module,
            sources,
            defined: defined.collect(),
            no_auto_import: HashSet::new(),
            writes_loops: false,
            constants: Constants::default(),
            patterns: Patterns::default(),
            lines,
            functions: Vec::new(),
            nested: Vec::new(),
            first_nested,
            nests: vec![Vec::new(); first_nested as usize],
            current: FunctionId(0),
            current_name: (module, 0),
            next_var: 0,
            numbers: Numbers::default(),
            next_loop: 0,
            next_else: 0,
            own_fun_arities: HashMap::new(),
            scope: Scope::default(),
            statements: Vec::new(),
        }
    }

    fn begin_function(&mut self, id: FunctionId, name: Atom, arity: usize) {
        self.current = id;
        self.current_name = (name, arity);
        self.next_var = 0;
        self.numbers = Numbers::default();
        self.next_loop = 0;
        self.next_else = 0;
        self.own_fun_arities.clear();
        self.scope = Scope::default();
    }

    fn end_function(&mut self, name: Atom, params: Vec<Var>, body: Body, line: Line) {
        self.functions.push(Function { name, params, body, line, captured: Vec::new() });
    }

    fn function(&mut self, id: FunctionId, source: &ast::Function) {
        let arity = source.arity as usize;
        self.begin_function(id, source.name, arity);
        self.numbers = Numbers::of(&source.clauses);
        let first = source.clauses.first().expect("a function has a clause");
        let line = self.line(first.place);
        let (params, body) = self.function_clauses(arity, &source.clauses, line);
        self.end_function(source.name, params, body, line);
    }

    /// `module_info/0,1`, which every module has.
    fn module_info(&mut self) {
        let name = Atom::new("module_info");
        for arity in 0..2 {
            let id = FunctionId(u32::try_from(self.functions.len()).expect("fewer than 2^32 functions"));
            self.begin_function(id, name, arity);
            let params: Vec<Var> = (0..arity).map(|_| self.new_var()).collect();
            let callee = Callee::Remote(Atom::new("erlang"), Atom::new("get_module_info"));
            let mut args = vec![Value::Atom(self.module)];
            args.extend(params.iter().map(|&param| Value::Var(param)));
            let result = self.simple(Op::Call(callee), args, 0);
            let body = Body { statements: std::mem::take(&mut self.statements), results: vec![result] };
            self.end_function(name, params, body, 0);
        }
    }

    /// `behaviour_info/1`, for a module that declares callbacks and does not define it.
    fn behaviour_info(&mut self, forms: &[Form]) {
        let name = Atom::new("behaviour_info");
        if !has_behaviour_info(forms) {
            return;
        }
        let (callbacks, optional) = callbacks(forms);
        let id = FunctionId(u32::try_from(self.functions.len()).expect("fewer than 2^32 functions"));
        self.begin_function(id, name, 1);
        let param = self.new_var();
        let answers = [("callbacks", callbacks), ("optional_callbacks", optional)];
        let clauses = answers.map(|(question, answer)| {
            let pattern = self.patterns.add(Vec::new(), Shape::Constant(Value::atom(question)));
            let results = vec![self.constants.value(answer)];
            let body = Body { statements: Vec::new(), results };
            Clause { patterns: vec![pattern], guard: Guard::default(), body }
        });
        let case = Case {
            args: vec![Value::Var(param)],
            clauses: clauses.into(),
            otherwise: Otherwise::Error(ErrorKind::FunctionClause, None),
        };
        let result = self.statement(Kind::Case(Box::new(case)), 0);
        let body = Body { statements: std::mem::take(&mut self.statements), results: vec![result] };
        self.end_function(name, vec![param], body, 0);
    }

    fn new_var(&mut self) -> Var {
        let var = Var(self.next_var);
        self.next_var += 1;
        var
    }

    fn line(&mut self, place: Place) -> Line {
        let point = place.point();
        let sources = self.sources;
        self.line_of(Some(sources.file_name(point)), sources.line(point))
    }

    /// The place of a line of a file; of the module's own, if none is named.
    fn line_of(&mut self, file: Option<&str>, line: u32) -> Line {
        let files = &mut self.lines.table.files;
        let known = file.map_or(Some(&0), |file| self.lines.files.get(file));
        let file = match (known, file) {
            (Some(&index), _) => index,
            (None, file) => {
                let file = file.unwrap_or_default();
                let index = u32::try_from(files.len()).expect("fewer than 2^32 files");
                files.push(file.to_owned());
                self.lines.files.insert(file.into(), index);
                index
            }
        };
        let locations = &mut self.lines.table.locations;
        *self.lines.index.entry((file, line)).or_insert_with(|| {
            locations.push((file, line));
            u32::try_from(locations.len()).expect("fewer than 2^32 places")
        })
    }

    /// Adds a statement with one result.
    fn statement(&mut self, kind: Kind, line: Line) -> Value {
        let dst = self.new_var();
        self.statements.push(Statement { dsts: vec![dst], kind, line });
        Value::Var(dst)
    }

    /// Adds a statement that computes one value.
    fn simple(&mut self, op: Op, args: Vec<Value>, line: Line) -> Value {
        self.statement(Kind::Simple(op, args), line)
    }

    /// Collects the statements that `make` adds, as a body of their own.
    fn body_of(&mut self, make: impl FnOnce(&mut Self) -> Vec<Value>) -> Body {
        let outer = std::mem::take(&mut self.statements);
        let results = make(self);
        Body { statements: std::mem::replace(&mut self.statements, outer), results }
    }

    /// A call of `erlang:error(Reason)`; its result is never seen.
    fn raise(&mut self, reason: Value, line: Line) -> Value {
        let callee = Callee::Remote(Atom::new("erlang"), Atom::new("error"));
        self.simple(Op::Call(callee), vec![reason], line)
    }

    /// A function that has a number, but is yet to be lowered.
    fn reserve_nested(&mut self) -> FunctionId {
        let index = u32::try_from(self.nested.len()).expect("fewer than 2^32 functions");
        self.nested.push(None);
        let id = FunctionId(self.first_nested + index);
        self.nests[self.current.index()].push(id);
        id
    }

    fn define_nested(&mut self, id: FunctionId, name: String, params: Vec<Var>, body: Body, line: Line) {
        let function = Function { name: Atom::new(&name), params, body, line, captured: Vec::new() };
        self.nested[(id.0 - self.first_nested) as usize] = Some(function);
    }

    /// The end of the name of a function that calls itself: its number.
    fn next_loop_number(&mut self) -> u32 {
        self.next_loop += 1;
        self.next_loop - 1
    }

    fn otherwise(kind: ErrorKind, value: Value) -> Otherwise {
        Otherwise::Error(kind, Some(value))
    }
}
