//! From the core language to SSA: control becomes blocks, choices become decision trees.

mod guards;
mod matching;

use super::{Block, BlockId, Entry, Function, Inst, Term, Test};
use crate::core::{
    self, Body, Case, ErrorKind, Kind, Line, Op, Otherwise, Patterns, Receive, Statement, Try, Value, Var,
};
use matching::{Branches, Row};
use std::collections::HashMap;
use swerl_beam::{Atom, Genop};

/// Builds a function.
#[must_use]
pub fn build(function: &core::Function, patterns: &Patterns) -> Function {
    let mut builder = Builder {
        function: Function {
            name: function.name,
            params: Vec::new(),
            line: function.line,
            blocks: Vec::new(),
            var_count: 0,
        },
        patterns,
        values: HashMap::new(),
        current: BlockId(0),
        handler: None,
        is_peeking: false,
    };
    for &param in &function.params {
        let var = builder.function.new_var();
        builder.values.insert(param, Value::Var(var));
        builder.function.params.push(var);
    }
    builder.current = builder.function.new_block(None);
    builder.body(&function.body, Exit::Return);
    builder.function
}

/// Where the results of a body go.
#[derive(Clone, Copy, Debug)]
enum Exit {
    /// The first is what the function returns.
    Return,
    /// They are the parameters of a block.
    To(BlockId),
}

struct Builder<'m> {
    function: Function,
    patterns: &'m Patterns,
    /// What the variables of the core language have become.
    values: HashMap<Var, Value>,
    /// The block that is being filled.
    current: BlockId,
    /// The handler of new blocks.
    handler: Option<BlockId>,
    /// Whether new blocks look at a message that is still in the mailbox.
    is_peeking: bool,
}

impl Builder<'_> {
    fn new_block(&mut self) -> BlockId {
        let id = self.function.new_block(self.handler);
        self.function.block_mut(id).is_peeking = self.is_peeking;
        id
    }

    fn block(&mut self) -> &mut Block {
        self.function.block_mut(self.current)
    }

    /// Ends the current block, and goes on with an other.
    fn end(&mut self, term: Term, next: BlockId) {
        self.block().term = term;
        self.current = next;
    }

    fn inst(&mut self, op: Op, args: Vec<Value>, line: Line) -> Value {
        let dst = self.function.new_var();
        self.block().insts.push(Inst { dst: Some(dst), op, args, line });
        Value::Var(dst)
    }

    fn effect(&mut self, op: Op, args: Vec<Value>) {
        self.block().insts.push(Inst { dst: None, op, args, line: 0 });
    }

    /// What a value of the core language has become.
    fn value(&self, value: Value) -> Value {
        match value {
            Value::Var(var) => *self.values.get(&var).expect("a variable is assigned before it is used"),
            constant => constant,
        }
    }

    fn values(&self, values: &[Value]) -> Vec<Value> {
        values.iter().map(|&value| self.value(value)).collect()
    }

    fn is_returning(exit: Exit) -> bool {
        matches!(exit, Exit::Return)
    }

    /// Builds a body into the current block; afterwards the current block is ended.
    fn body(&mut self, body: &Body, exit: Exit) {
        let Some((last, before)) = body.statements.split_last() else {
            let results = self.values(&body.results);
            self.leave(results, exit);
            return;
        };
        for statement in before {
            self.statement(statement);
        }
        // What the last statement gives may be all that the body gives; of what it exports, nothing matters to
        // the caller of a function but the value.
        let is_same = |(&result, &dst): (&Value, &Var)| result == Value::Var(dst);
        let is_result = if Self::is_returning(exit) {
            body.results.first().zip(last.dsts.first()).is_some_and(is_same)
        } else {
            body.results.len() == last.dsts.len() && body.results.iter().zip(&last.dsts).all(is_same)
        };
        if is_result && self.last_statement(last, exit) {
            return;
        }
        self.statement(last);
        let results = self.values(&body.results);
        self.leave(results, exit);
    }

    fn leave(&mut self, results: Vec<Value>, exit: Exit) {
        self.block().term = match exit {
            Exit::Return => Term::Return(results[0]),
            Exit::To(target) => Term::Jump(target, results),
        };
    }

    /// Builds a statement whose results are the body's, if that is any different from building it and leaving.
    fn last_statement(&mut self, statement: &Statement, exit: Exit) -> bool {
        match &statement.kind {
            Kind::Simple(Op::Call(callee), args) if Self::is_returning(exit) => {
                let args = self.values(args);
                self.block().term = Term::TailCall { callee: *callee, args, line: statement.line };
            }
            Kind::Case(case) => self.case(case, exit, statement.line),
            Kind::Receive(receive) => self.receive(receive, exit, statement.line),
            Kind::Try(parts) => self.try_(parts, exit),
            Kind::Simple(..) | Kind::Catch(_) => return false,
        }
        true
    }

    fn statement(&mut self, statement: &Statement) {
        let simple = match &statement.kind {
            Kind::Simple(op, args) => {
                let args = self.values(args);
                self.inst(*op, args, statement.line)
            }
            Kind::Catch(body) => self.catch(body),
            Kind::Case(_) | Kind::Receive(_) | Kind::Try(_) => {
                let join = self.new_block();
                let exit = Exit::To(join);
                for &dst in &statement.dsts {
                    let param = self.function.new_var();
                    self.function.block_mut(join).params.push(param);
                    self.values.insert(dst, Value::Var(param));
                }
                self.last_statement(statement, exit);
                self.current = join;
                return;
            }
        };
        self.values.insert(statement.dsts[0], simple);
    }

    fn case(&mut self, case: &Case, exit: Exit, line: Line) {
        let args = self.values(&case.args);
        let rows = (0..case.clauses.len()).map(|clause| Row::new(clause, &case.clauses[clause].patterns));
        let rows = rows.collect();
        let start = self.current;
        let fail = self.new_block();
        let branches = self.branches(start, args, rows, &case.clauses, fail);
        for (clause, block) in branches {
            self.current = block;
            self.body(&case.clauses[clause].body, exit);
        }
        self.current = fail;
        self.otherwise(&case.otherwise, line);
    }

    fn otherwise(&mut self, otherwise: &Otherwise, line: Line) {
        let term = match otherwise {
            Otherwise::Error(ErrorKind::FunctionClause, _) => {
                let args = self.function.params.iter().map(|&param| Value::Var(param)).collect();
                Term::Error { kind: ErrorKind::FunctionClause, args, line }
            }
            Otherwise::Error(kind, value) => {
                let args = value.iter().map(|&value| self.value(value)).collect();
                Term::Error { kind: *kind, args, line }
            }
            Otherwise::CaseClauseTuple(elements) => {
                let elements = self.values(elements);
                let tuple = self.inst(Op::Tuple, elements, 0);
                Term::Error { kind: ErrorKind::CaseClause, args: vec![tuple], line }
            }
            Otherwise::Raise(trace, reason) => Term::Raise(self.value(*trace), self.value(*reason)),
        };
        self.block().term = term;
    }

    /// `loop_rec` and its way round:
    ///
    /// ```text
    /// head:  message, or else go to `empty`
    /// found: match it; body of a clause | `skip`
    /// skip:  on to the next message, back to `head`
    /// empty: wait, back to `head`; when the time is over, what comes after
    /// ```
    fn receive(&mut self, receive: &Receive, exit: Exit, line: Line) {
        let head = self.new_block();
        let time = receive.after.as_ref().map(|(time, _)| self.value(*time));
        if receive.clauses.is_empty() {
            self.wait_only(receive, time, exit);
            return;
        }
        self.function.block_mut(head).entry = Entry::Loop;
        let empty = self.new_block();
        let message = self.function.new_var();
        self.is_peeking = true;
        let found = self.new_block();
        let skip = self.new_block();
        self.end(Term::Jump(head, Vec::new()), head);
        self.end(Term::LoopRec { message, found, empty, line }, found);
        self.function.block_mut(skip).term = Term::LoopRecEnd(head);
        let clauses = &receive.clauses;
        let rows = (0..clauses.len()).map(|clause| Row::new(clause, &clauses[clause].patterns)).collect();
        let branches = self.branches(found, vec![Value::Var(message)], rows, clauses, skip);
        self.is_peeking = false;
        for (clause, block) in branches {
            // The message is taken out before anything that could disturb it.
            self.current = block;
            self.effect(Op::RemoveMessage, Vec::new());
            let body = self.new_block();
            self.end(Term::Jump(body, Vec::new()), body);
            self.body(&clauses[clause].body, exit);
        }
        self.current = empty;
        self.time_over(receive, time, head, exit);
    }

    /// A `receive` without clauses.
    fn wait_only(&mut self, receive: &Receive, time: Option<Value>, exit: Exit) {
        let head = self.new_block();
        self.function.block_mut(head).entry = Entry::Loop;
        self.end(Term::Jump(head, Vec::new()), head);
        self.time_over(receive, time, head, exit);
    }

    fn time_over(&mut self, receive: &Receive, time: Option<Value>, head: BlockId, exit: Exit) {
        let Some((_, body)) = &receive.after else {
            self.block().term = Term::Wait(head, None);
            return;
        };
        let time = time.expect("it goes with the body");
        let after = self.new_block();
        let term = if time == Value::Int(0) && !receive.clauses.is_empty() {
            Term::Jump(after, Vec::new())
        } else {
            Term::Wait(head, Some((time, after)))
        };
        self.end(term, after);
        self.effect(Op::Timeout, Vec::new());
        self.body(body, exit);
    }

    fn catch(&mut self, body: &Body) -> Value {
        let tag = self.function.new_var();
        let result = self.function.new_var();
        let handler = self.new_block();
        let block = self.function.block_mut(handler);
        block.entry = Entry::Catch(tag);
        block.params.push(result);
        let outer = self.handler.replace(handler);
        let protected = self.new_block();
        self.end(Term::Try { tag, body: protected, handler }, protected);
        self.body(body, Exit::To(handler));
        self.handler = outer;
        self.current = handler;
        Value::Var(result)
    }

    fn try_(&mut self, parts: &Try, exit: Exit) {
        let tag = self.function.new_var();
        let handler = self.new_block();
        let done = self.new_block();
        let exception = parts.exception.map(|var| {
            let param = self.function.new_var();
            self.values.insert(var, Value::Var(param));
            param
        });
        let block = self.function.block_mut(handler);
        block.entry = Entry::Try(tag);
        block.params.extend(exception);
        let outer = self.handler.replace(handler);
        let protected = self.new_block();
        self.end(Term::Try { tag, body: protected, handler }, protected);
        self.body(&parts.body, Exit::To(done));
        self.handler = outer;

        let value = self.function.new_var();
        self.function.block_mut(done).params.push(value);
        self.values.insert(parts.value, Value::Var(value));
        self.current = done;
        self.effect(Op::TryEnd, vec![Value::Var(tag)]);
        self.body(&parts.of, exit);
        self.current = handler;
        self.body(&parts.handler, exit);
    }

    fn branch(&mut self, op: Genop, args: Vec<Value>, yes: BlockId, no: BlockId) {
        self.block().term = Term::Branch { test: Test { op, args }, yes, no };
    }

    fn bif(&mut self, name: Atom, args: Vec<Value>) -> Value {
        self.inst(Op::Bif(name), args, 0)
    }

    /// The ways to the clauses of a choice that starts in `start`: each clause with the block where its body goes.
    fn branches(
        &mut self,
        start: BlockId,
        args: Vec<Value>,
        rows: Vec<Row>,
        clauses: &[core::Clause],
        fail: BlockId,
    ) -> Branches {
        matching::branches(self, start, args, rows, clauses, fail)
    }
}
