//! From Core Erlang to the core language: the way in for programs that are written in it.
//!
//! The trees were found sound. What OTP's compiler writes of its own (jumps as functions without arguments, loops over the
//! mailbox) becomes what it stands for; other local functions become nested ones.

mod clause;
mod guard;
mod pattern;
mod receive;
mod term;

use super::scope::Binding;
use super::{Lower, Lowered};
use crate::cerl::{Annotated, Definition, Function, Kind as Tree, Module, Node, Notes, Step, Variable};
use crate::core::{
    Body, Callee, Case, Clause, ErrorKind, FunctionId, Guard, Kind, Line, Op, Otherwise, Shape, Statement,
    Try, Value,
};
use crate::source::SourceMap;
use std::collections::HashMap;
use std::rc::Rc;
use swerl_beam::{Atom, Literal};

/// A program that is sound, but asks for what this compiler does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} in {name}/{arity} is not supported")]
pub struct Unsupported {
    what: String,
    name: Atom,
    arity: u32,
}

/// Lowers the functions of a module. With `writes_loops`, functions of `lists` that take a fun are written out.
///
/// # Errors
/// When it asks for what this compiler does not have.
pub fn lower_cerl(module: &Module, writes_loops: bool) -> Result<Lowered, Unsupported> {
    let names: Vec<(Atom, usize)> = module
        .definitions
        .iter()
        .map(|definition| (definition.name.kind.0, definition.name.kind.1 as usize))
        .collect();
    let sources = SourceMap::new();
    let mut reader = Reader {
        lower: Lower::new(module.name, &sources, &names, 0),
        functions: HashMap::new(),
        next_fun: 0,
        failing: HashMap::new(),
    };
    reader.lower.writes_loops = writes_loops;
    for (id, definition) in (0..).map(FunctionId).zip(&module.definitions) {
        let (name, arity) = definition.name.kind;
        reader.lower.begin_function(id, name, arity as usize);
        reader.next_fun = 0;
        let line = reader.line(&definition.function.notes);
        let Tree::Fun(function) = &definition.function.kind else { continue };
        let lowered = reader.function(function, 1).map_err(|what| Unsupported { what, name, arity })?;
        reader.lower.end_function(name, lowered.0, lowered.1, line);
    }
    let Lower { mut functions, nested, nests, constants, patterns, lines, .. } = reader.lower;
    functions.extend(nested.into_iter().map(|function| function.expect("every nested function was lowered")));
    Ok(Lowered { functions, nests, constants, patterns, lines: lines.table })
}

/// The result of a part, or what is not supported there.
type Read<T> = Result<T, String>;

/// A function of a `letrec`.
#[derive(Clone, Debug)]
enum Local<'m> {
    /// It is a nested function that gives so many values, in a tuple unless it is one.
    Nested(FunctionId, usize),
    /// It stands for this expression, with what its variables are.
    Jump(&'m Node, Rc<Vec<(Atom, Binding)>>),
}

/// The state of lowering.
struct Reader<'m> {
    lower: Lower<'m>,
    /// The functions of the `letrec`s around.
    functions: HashMap<(Atom, u32), Local<'m>>,
    next_fun: u32,
    /// Functions that raise `function_clause`, by name and arity.
    failing: HashMap<(String, usize), FunctionId>,
}

/// Jumps to expressions of so many nodes are written out where they are made.
const SMALL: usize = 24;

impl<'m> Reader<'m> {
    /// The place that notes give.
    fn line(&mut self, notes: &Notes) -> Line {
        let line = notes.iter().find_map(|note| match note {
            Literal::Int(line) => u32::try_from(*line).ok(),
            Literal::Tuple(parts) => match &parts[..] {
                [Literal::Int(line), Literal::Int(_)] => u32::try_from(*line).ok(),
                _ => None,
            },
            _ => None,
        });
        let Some(line) = line.filter(|&line| line > 0) else { return 0 };
        let file = notes.iter().find_map(|note| match note {
            Literal::Tuple(parts) => match &parts[..] {
                [Literal::Atom(tag), file] if tag.as_str() == "file" => file.text(),
                _ => None,
            },
            _ => None,
        });
        self.lower.line_of(file.as_deref(), line)
    }

    fn function(&mut self, function: &'m Function, wanted: usize) -> Read<(Vec<super::Var>, Body)> {
        let mark = self.lower.scope.mark();
        let params: Vec<super::Var> = function.params.iter().map(|_| self.lower.new_var()).collect();
        for (param, &var) in function.params.iter().zip(&params) {
            self.lower.scope.bind(param.kind, Binding::Value(Value::Var(var)));
        }
        let body = self.body(|this| {
            let values = this.expr(&function.body, wanted)?;
            Ok(if wanted == 1 { values } else { vec![this.lower.tuple(values)] })
        });
        self.lower.scope.undo(mark);
        Ok((params, body?))
    }

    /// Collects the statements that `make` adds, as a body of their own with its results.
    fn body(&mut self, make: impl FnOnce(&mut Self) -> Read<Vec<Value>>) -> Read<Body> {
        let outer = std::mem::take(&mut self.lower.statements);
        let results = make(self);
        let statements = std::mem::replace(&mut self.lower.statements, outer);
        Ok(Body { statements, results: results? })
    }

    fn body_of(&mut self, node: &'m Node, wanted: usize) -> Read<Body> {
        self.body(|this| this.expr(node, wanted))
    }

    /// Adds a statement with so many results.
    fn statement(&mut self, kind: Kind, wanted: usize, line: Line) -> Vec<Value> {
        // A statement has a result, whether or not anybody wants it.
        let dsts: Vec<super::Var> = (0..wanted).map(|_| self.lower.new_var()).collect();
        let values = dsts.iter().map(|&dst| Value::Var(dst)).collect();
        self.lower.statements.push(Statement { dsts, kind, line });
        values
    }

    /// The value of an expression that gives one.
    fn value(&mut self, node: &'m Node) -> Read<Value> {
        Ok(self.expr(node, 1)?[0])
    }

    fn values(&mut self, nodes: &'m [Node]) -> Read<Vec<Value>> {
        nodes.iter().map(|node| self.value(node)).collect()
    }

    fn variable(&mut self, name: Atom) -> Value {
        self.lower.variable(name)
    }

    /// The values of an expression. One that never returns may give any number.
    fn expr(&mut self, node: &'m Node, wanted: usize) -> Read<Vec<Value>> {
        let line = self.line(&node.notes);
        let one = match &node.kind {
            Tree::Values(values) => self.values(values)?,
            Tree::Block(steps, last) => self.block(steps, last, wanted)?,
            Tree::Case(subject, clauses) => self.case(subject, clauses, wanted, line)?,
            Tree::Receive(clauses, after) => self.receive(clauses, after, wanted, line)?,
            Tree::Try(parts) => {
                let count = parts.values.len();
                let body = self.body(|this| {
                    let values = this.expr(&parts.body, count)?;
                    Ok(if count == 1 { values } else { vec![this.lower.tuple(values)] })
                })?;
                let value = self.lower.new_var();
                let mark = self.lower.scope.mark();
                let of = self.body(|this| {
                    let values = this.unpack(Value::Var(value), count);
                    this.bind(&parts.values, &values);
                    this.expr(&parts.of, wanted)
                })?;
                self.lower.scope.undo(mark);
                let exception = [(); 3].map(|()| self.lower.new_var());
                let values = exception.map(Value::Var);
                self.bind(&parts.exception, &values);
                let handler = self.body_of(&parts.handler, wanted)?;
                self.lower.scope.undo(mark);
                let kind = Kind::Try(Box::new(Try { body, value, of, exception, handler }));
                self.statement(kind, wanted, line)
            }
            Tree::Apply(function, args) => self.apply(function, args, wanted, line)?,
            Tree::PrimOp(name, args) => self.primop(*name, args, &node.notes, wanted, line)?,
            _ => vec![self.single(node, line)?],
        };
        Ok(fitted(one, wanted))
    }

    /// The value of what gives exactly one.
    fn single(&mut self, node: &'m Node, line: Line) -> Read<Value> {
        Ok(match &node.kind {
            Tree::Variable(name) => self.variable(*name),
            Tree::Function(name, arity) => self.function_value(*name, *arity, line)?,
            Tree::Literal(literal) => self.lower.constants.value(literal.clone()),
            Tree::List(elements, tail) => {
                let elements = self.values(elements)?;
                let tail = self.value(tail)?;
                self.lower.list(elements, tail)
            }
            Tree::Tuple(elements) => {
                let elements = self.values(elements)?;
                self.lower.tuple(elements)
            }
            Tree::Map(base, pairs) => self.map(base.as_deref(), pairs, line)?,
            Tree::Bits(segments) => self.bits(segments, line)?,
            Tree::Fun(function) => {
                let id = self.lower.reserve_nested();
                let (params, body) = self.function(function, 1)?;
                let name = self.fun_name(&node.notes, "fun");
                self.lower.define_nested(id, name, params, body, line);
                self.lower.simple(Op::MakeFun(id), Vec::new(), line)
            }
            Tree::Call(callee, args) => {
                let module = self.value(&callee[0])?;
                let name = self.value(&callee[1])?;
                let args = self.values(args)?;
                match (module, name, args.len()) {
                    (Value::Atom(module), Value::Atom(name), 2)
                        if module.as_str() == "erlang" && name.as_str() == "!" =>
                    {
                        self.lower.simple(Op::Send, args, line)
                    }
                    _ => self.lower.remote_call(module, name, args, line),
                }
            }
            Tree::Catch(body) => {
                let body = self.body_of(body, 1)?;
                self.lower.statement(Kind::Catch(Box::new(body)), line)
            }
            Tree::Alias(..) => return Err("a pattern as an expression".to_owned()),
            Tree::Values(_)
            | Tree::Block(..)
            | Tree::Case(..)
            | Tree::Receive(..)
            | Tree::Try(_)
            | Tree::Apply(..)
            | Tree::PrimOp(..) => self.value(node)?,
        })
    }

    fn bind(&mut self, variables: &[Variable], values: &[Value]) {
        for (variable, &value) in variables.iter().zip(values) {
            self.lower.scope.bind(variable.kind, Binding::Value(value));
        }
    }

    fn block(&mut self, steps: &'m [Annotated<Step>], last: &'m Node, wanted: usize) -> Read<Vec<Value>> {
        let mark = self.lower.scope.mark();
        let functions = self.functions.clone();
        for (at, step) in steps.iter().enumerate() {
            match &step.kind {
                Step::Let(variables, value) => {
                    let values = self.expr(value, variables.len())?;
                    self.bind(variables, &values);
                }
                Step::Do(value) => _ = self.expr(value, 1)?,
                Step::Letrec(definitions) => {
                    if at + 1 == steps.len()
                        && let Some(found) = receive::recognise(definitions, last)
                    {
                        let line = self.line(&step.notes);
                        let values = self.receive_loop(&found, wanted, line);
                        self.lower.scope.undo(mark);
                        self.functions = functions;
                        return values;
                    }
                    self.letrec(definitions, &step.notes, wanted)?;
                }
            }
        }
        let values = self.expr(last, wanted);
        self.lower.scope.undo(mark);
        self.functions = functions;
        values
    }

    fn letrec(&mut self, definitions: &'m [Definition], notes: &Notes, wanted: usize) -> Read<()> {
        let is_jump = notes.contains(&Literal::atom("letrec_goto"));
        if let [Definition { name, function }] = definitions
            && is_jump
            && let Tree::Fun(function) = &function.kind
            && function.params.is_empty()
            && let Some(variables) = small(&function.body)
        {
            let bound = variables.into_iter().filter_map(|name| Some((name, self.lower.scope.get(name)?)));
            let local = Local::Jump(&function.body, Rc::new(bound.collect()));
            self.functions.insert(name.kind, local);
            return Ok(());
        }
        let gives = if is_jump { wanted } else { 1 };
        let ids: Vec<FunctionId> = definitions.iter().map(|_| self.lower.reserve_nested()).collect();
        for (definition, &id) in definitions.iter().zip(&ids) {
            self.functions.insert(definition.name.kind, Local::Nested(id, gives));
        }
        for (definition, id) in definitions.iter().zip(ids) {
            let Tree::Fun(function) = &definition.function.kind else { continue };
            let line = self.line(&definition.function.notes);
            let (name, arity) = definition.name.kind;
            let name = self.fun_name(&definition.function.notes, &format!("{name}/{arity}"));
            let (params, body) = self.function(function, gives)?;
            self.lower.define_nested(id, name, params, body, line);
        }
        Ok(())
    }

    /// The name that notes give to a fun, or one like those that OTP gives.
    fn fun_name(&mut self, notes: &Notes, kind: &str) -> String {
        let given = notes.iter().find_map(|note| match note {
            Literal::Tuple(parts) => match &parts[..] {
                [Literal::Atom(tag), Literal::Tuple(id)] if tag.as_str() == "id" => match &id[..] {
                    [_, _, Literal::Atom(name)] => Some(name.to_string()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        });
        given.unwrap_or_else(|| self.next_name(kind))
    }

    /// A name for a function that the current one needs.
    fn next_name(&mut self, kind: &str) -> String {
        let (name, arity) = self.lower.current_name;
        self.next_fun += 1;
        format!("-{name}/{arity}-{kind}-{}-", self.next_fun - 1)
    }

    fn function_value(&mut self, name: Atom, arity: u32, line: Line) -> Read<Value> {
        let id = match self.functions.get(&(name, arity)) {
            Some(Local::Nested(id, 1)) => *id,
            Some(_) => return Err(format!("the jump {name}/{arity} as a fun")),
            None => match self.lower.defined.get(&(name, arity as usize)) {
                Some(&id) => id,
                None => return Err(format!("the undefined function {name}/{arity}")),
            },
        };
        Ok(self.lower.simple(Op::MakeFun(id), Vec::new(), line))
    }

    fn apply(&mut self, function: &'m Node, args: &'m [Node], wanted: usize, line: Line) -> Read<Vec<Value>> {
        let Tree::Function(name, arity) = &function.kind else {
            let fun = self.value(function)?;
            let mut args = self.values(args)?;
            args.push(fun);
            return Ok(vec![self.lower.simple(Op::Call(Callee::Fun), args, line)]);
        };
        match self.functions.get(&(*name, *arity)).cloned() {
            Some(Local::Jump(target, bound)) => {
                let mark = self.lower.scope.mark();
                for &(name, binding) in bound.iter() {
                    self.lower.scope.bind(name, binding);
                }
                let values = self.expr(target, wanted);
                self.lower.scope.undo(mark);
                values
            }
            Some(Local::Nested(id, gives)) => {
                let args = self.values(args)?;
                let value = self.lower.simple(Op::Call(Callee::Local(id)), args, line);
                Ok(self.unpack(value, gives))
            }
            None => {
                let args = self.values(args)?;
                match self.lower.defined.get(&(*name, *arity as usize)) {
                    Some(&id) => Ok(vec![self.lower.simple(Op::Call(Callee::Local(id)), args, line)]),
                    None => Err(format!("the undefined function {name}/{arity}")),
                }
            }
        }
    }

    /// The elements of a tuple that stands for so many values; one is itself.
    fn unpack(&mut self, value: Value, count: usize) -> Vec<Value> {
        if count == 1 {
            return vec![value];
        }
        let vars: Vec<super::Var> = (0..count).map(|_| self.lower.new_var()).collect();
        let elements = vars.iter().map(|&var| self.lower.patterns.add(vec![var], Shape::Any)).collect();
        let pattern = self.lower.patterns.add(Vec::new(), Shape::Tuple(elements));
        let results = vars.into_iter().map(Value::Var).collect();
        let clause = Clause {
            patterns: vec![pattern],
            guard: Guard::default(),
            body: Body { statements: Vec::new(), results },
        };
        let otherwise = Otherwise::Error(ErrorKind::IfClause, None);
        let case = Case { args: vec![value], clauses: vec![clause], otherwise };
        self.statement(Kind::Case(Box::new(case)), count, 0)
    }
}

/// So many values; what never returns gives any.
fn fitted(mut values: Vec<Value>, wanted: usize) -> Vec<Value> {
    values.resize(wanted, Value::Nil);
    values
}

/// The variables of an expression that is small, and binds none.
fn small(node: &Node) -> Option<Vec<Atom>> {
    let mut variables = Vec::new();
    let mut todo = vec![node];
    let mut count = 0;
    while let Some(node) = todo.pop() {
        count += 1;
        if count > SMALL {
            return None;
        }
        match &node.kind {
            Tree::Variable(name) => variables.push(*name),
            Tree::Literal(_) | Tree::Function(..) => {}
            Tree::List(elements, tail) => {
                todo.extend(elements);
                todo.push(tail);
            }
            Tree::Tuple(nodes) | Tree::Values(nodes) | Tree::PrimOp(_, nodes) => todo.extend(nodes),
            Tree::Call(callee, args) => {
                todo.extend(callee.iter());
                todo.extend(args);
            }
            Tree::Apply(function, args) => {
                todo.push(function);
                todo.extend(args);
            }
            _ => return None,
        }
    }
    Some(variables)
}
