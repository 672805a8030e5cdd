//! Expressions.

use super::scope::Binding;
use super::{Lower, literal};
use crate::ast::{BinaryOp, Clause, Expr, ExprKind, FunctionName, MapField, MapFieldKind, Place, UnaryOp};
use crate::core::evaluate::{Outcome, evaluate};
use crate::core::{Callee, Line, Op, Value, bifs, fold};
use crate::lint::is_auto_imported;
use swerl_beam::{Atom, Literal};

impl Lower<'_> {
    /// Lowers expressions that are evaluated one after the other; the value is that of the last.
    pub(super) fn sequence(&mut self, exprs: &[Expr]) -> Value {
        let Some((last, before)) = exprs.split_last() else { return Value::atom("ok") };
        before.iter().for_each(|expr| _ = self.discard(expr));
        self.expr(last)
    }

    /// As [`Self::sequence`], where nobody wants the value; what comes back makes a call of the last a tail call.
    pub(super) fn discard_all(&mut self, exprs: &[Expr]) -> Value {
        exprs.iter().fold(Value::atom("ok"), |_, expr| self.discard(expr))
    }

    /// Lowers an expression whose value nobody wants. As OTP has it, whether a key is there then does not matter to the
    /// update of a map.
    pub(super) fn discard(&mut self, expr: &Expr) -> Value {
        match &expr.kind {
            ExprKind::Map { base: Some(base), fields } => {
                let any = |field: &MapField| MapField { kind: MapFieldKind::Assoc, ..field.clone() };
                let fields: Vec<MapField> = fields.iter().map(any).collect();
                self.map(Some(base), &fields, expr.place);
                Value::atom("ok")
            }
            ExprKind::Match(pattern, value) if matches!(&pattern.kind, ExprKind::Var(name) if name.as_str() == "_") => {
                self.discard(value)
            }
            ExprKind::Tuple(elements) => {
                self.discard_all(elements);
                Value::atom("ok")
            }
            ExprKind::Lc(element, qualifiers) => {
                self.discard_list_comprehension(element, qualifiers, expr.place)
            }
            _ => self.expr(expr),
        }
    }

    /// Lowers expressions whose values are all needed.
    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Vec<Value> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// Lowers an expression.
    pub(super) fn expr(&mut self, expr: &Expr) -> Value {
        let place = expr.place;
        match &expr.kind {
            ExprKind::Atom(atom) => Value::Atom(*atom),
            ExprKind::Integer(integer) => Value::Int(*integer),
            ExprKind::BigInteger(integer) => self.constants.integer((**integer).clone()),
            ExprKind::Char(c) => Value::Int(i64::from(u32::from(*c))),
            ExprKind::Float(float) => self.constants.value(Literal::Float(*float)),
            ExprKind::String(text) => self.constants.value(literal::string(text)),
            ExprKind::Nil => Value::Nil,
            ExprKind::Var(name) => self.variable(*name),
            ExprKind::List(elements, tail) => {
                let elements = self.exprs(elements);
                let tail = self.expr(tail);
                self.list(elements, tail)
            }
            ExprKind::Tuple(elements) => {
                let elements = self.exprs(elements);
                self.tuple(elements)
            }
            ExprKind::Map { base, fields } => self.map(base.as_deref(), fields, place),
            ExprKind::Bin(elements) => self.bits(elements, place),
            ExprKind::Binary(BinaryOp::AndAlso, a, b) => self.short_circuit(a, b, false, expr.place),
            ExprKind::Binary(BinaryOp::OrElse, a, b) => self.short_circuit(a, b, true, expr.place),
            ExprKind::Binary(BinaryOp::Send, to, message) => {
                let args = vec![self.expr(to), self.expr(message)];
                let line = self.line(place);
                self.simple(Op::Send, args, line)
            }
            ExprKind::Binary(BinaryOp::Append | BinaryOp::Subtract, ..) => self.list_operators(expr),
            ExprKind::Binary(..) => self.operators(expr),
            ExprKind::Unary(op, operand) => {
                let operand = self.expr(operand);
                self.unary(*op, operand, place)
            }
            ExprKind::Match(pattern, value) => self.match_expr(pattern, value, place),
            ExprKind::Catch(body) => self.catch(body, place),
            ExprKind::Call { callee, args } => self.call(callee, args, place),
            ExprKind::Block(exprs) => self.sequence(exprs),
            ExprKind::If(clauses) => self.if_expr(clauses, place),
            ExprKind::Case(value, clauses) => self.case_expr(value, clauses, place),
            ExprKind::Receive { clauses, after } => self.receive(clauses, after.as_deref(), place),
            ExprKind::Try(parts) => self.try_expr(parts, place),
            ExprKind::Maybe(parts) => self.maybe(parts, place),
            ExprKind::FunLocal { name, arity } => self.fun_local(*name, *arity as usize, place),
            ExprKind::FunRemote(parts) => self.fun_remote(parts, place),
            ExprKind::Fun(clauses) => self.fun(None, clauses, place),
            ExprKind::NamedFun { name, clauses } => self.fun(Some(*name), clauses, place),
            ExprKind::Lc(element, qualifiers) => self.list_comprehension(element, qualifiers, place),
            ExprKind::Bc(element, qualifiers) => self.bits_comprehension(element, qualifiers, place),
            ExprKind::Mc(element, qualifiers) => self.map_comprehension(element, qualifiers, place),
            ExprKind::Remote(..)
            | ExprKind::MaybeMatch(..)
            | ExprKind::Record { .. }
            | ExprKind::RecordIndex { .. }
            | ExprKind::RecordAccess { .. } => unreachable!("expanded or refused before"),
        }
    }

    /// The value of a variable.
    pub(super) fn variable(&mut self, name: Atom) -> Value {
        match self.scope.get(name) {
            Some(Binding::Value(value)) => value,
            Some(Binding::OwnFun(function)) => self.simple(Op::MakeFun(function), Vec::new(), 0),
            // Only `_` is left, in places that the linter let through.
            None => Value::Nil,
        }
    }

    /// A tuple of values.
    pub(super) fn tuple(&mut self, elements: Vec<Value>) -> Value {
        match self.constant_tuple(&elements) {
            Some(constant) => constant,
            None => self.simple(Op::Tuple, elements, 0),
        }
    }

    /// A list of values.
    pub(super) fn list(&mut self, mut elements: Vec<Value>, tail: Value) -> Value {
        let mut tail = tail;
        let constant_from = if tail.is_constant() {
            elements.iter().rposition(|e| !e.is_constant()).map_or(0, |at| at + 1)
        } else {
            elements.len()
        };
        let suffix = elements.split_off(constant_from);
        if let Some(constant) = self.constant_list_value(&suffix, tail) {
            tail = constant;
        }
        for element in elements.into_iter().rev() {
            tail = self.simple(Op::Cons, vec![element, tail], 0);
        }
        tail
    }

    /// A call of a guard BIF, computed now where its operands are known.
    pub(super) fn bif(&mut self, name: Atom, args: Vec<Value>, line: Line) -> Value {
        if let Some(literals) = self.literals(&args) {
            match evaluate("erlang", name.as_str(), &literals) {
                Outcome::Value(result) => return self.constants.value(result),
                Outcome::Fails(reason) if reason == Literal::atom("badarith") => {
                    return self.raise(Value::atom("badarith"), line);
                }
                Outcome::Fails(_) | Outcome::Unknown => {}
            }
        }
        if bifs::class(name, args.len()).is_some() {
            self.simple(Op::Bif(name), args, line)
        } else {
            self.simple(Op::Call(Callee::Remote(Atom::new("erlang"), name)), args, line)
        }
    }

    /// The values, if all of them are known now.
    fn literals(&self, values: &[Value]) -> Option<Vec<Literal>> {
        values.iter().map(|&value| self.constants.literal(value)).collect()
    }

    fn unary(&mut self, op: UnaryOp, operand: Value, place: Place) -> Value {
        let line = self.line(place);
        self.bif(Atom::new(op.as_str()), vec![operand], line)
    }

    /// A chain of operators, which may be long: their left operands are walked down to first.
    fn operators(&mut self, expr: &Expr) -> Value {
        let mut chain = Vec::new();
        let mut first = expr;
        while let ExprKind::Binary(op, left, right) = &first.kind {
            match op {
                BinaryOp::AndAlso
                | BinaryOp::OrElse
                | BinaryOp::Send
                | BinaryOp::Append
                | BinaryOp::Subtract => break,
                BinaryOp::Add
                | BinaryOp::Sub
                | BinaryOp::Mul
                | BinaryOp::FloatDiv
                | BinaryOp::Div
                | BinaryOp::Rem
                | BinaryOp::Band
                | BinaryOp::Bor
                | BinaryOp::Bxor
                | BinaryOp::Bsl
                | BinaryOp::Bsr
                | BinaryOp::And
                | BinaryOp::Or
                | BinaryOp::Xor
                | BinaryOp::Eq
                | BinaryOp::Ne
                | BinaryOp::ExactEq
                | BinaryOp::ExactNe
                | BinaryOp::Lt
                | BinaryOp::Le
                | BinaryOp::Gt
                | BinaryOp::Ge => {}
            }
            chain.push((*op, &**right, first.place));
            first = left;
        }
        let mut value = self.expr(first);
        for (op, right, place) in chain.into_iter().rev() {
            let right = self.expr(right);
            let line = self.line(place);
            value = self.bif(Atom::new(op.as_str()), vec![value, right], line);
        }
        value
    }

    /// A chain of `++` and `--`, which group to the right. What a comprehension is put before is evaluated before
    /// it: OTP's compiler builds the one in front of the other.
    fn list_operators(&mut self, expr: &Expr) -> Value {
        let mut chain = Vec::new();
        let mut last = expr;

        while let ExprKind::Binary(op @ (BinaryOp::Append | BinaryOp::Subtract), left, right) = &last.kind {
            let is_late = *op == BinaryOp::Append && matches!(left.kind, ExprKind::Lc(..));
            let value = (!is_late).then(|| self.expr(left));
            chain.push((*op, &**left, value, last.place));
            last = right;
        }
        let mut value = self.expr(last);
        for (op, left, early, place) in chain.into_iter().rev() {
            let left = early.unwrap_or_else(|| self.expr(left));
            if op == BinaryOp::Append
                && let Some(Literal::List(..) | Literal::Str(_)) = self.constants.literal(left)
                && let Some(elements) = self.short_list(left)
            {
                // `"abc" ++ Tail` builds the cells in place.
                value = self.list(elements, value);
                continue;
            }
            let line = self.line(place);
            let callee = Callee::Remote(Atom::new("erlang"), Atom::new(op.as_str()));
            value = self.simple(Op::Call(callee), vec![left, value], line);
        }
        value
    }

    /// The elements of a constant proper list, if they are few.
    fn short_list(&mut self, list: Value) -> Option<Vec<Value>> {
        const MAX_CELLS: usize = 32;
        let elements = match self.constants.literal(list)? {
            Literal::Str(bytes) => bytes.iter().map(|&byte| Literal::Int(byte.into())).collect(),
            Literal::List(elements, tail) if *tail == Literal::Nil => elements,
            _ => return None,
        };
        if elements.len() > MAX_CELLS {
            return None;
        }
        Some(elements.into_iter().map(|element| self.constants.value(element)).collect())
    }

    fn map(&mut self, base: Option<&Expr>, fields: &[MapField], place: Place) -> Value {
        let line = self.line(place);
        let map = match base {
            None => self.constants.value(Literal::Map(Vec::new())),
            Some(base) => self.expr(base),
        };
        let fields: Vec<(MapFieldKind, Value, Value)> =
            fields.iter().map(|field| (field.kind, self.expr(&field.key), self.expr(&field.value))).collect();
        // Keys and values come first, whatever is to be updated.
        if base.is_some() {
            self.check_is_map(map, line);
        }
        self.put_fields(map, fields, line)
    }

    pub(super) fn put_fields(
        &mut self,
        base: Value,
        fields: Vec<(MapFieldKind, Value, Value)>,
        line: Line,
    ) -> Value {
        if let Some(literal) = self.constant_map(base, &fields) {
            return self.constants.value(literal);
        }
        let mut map = base;
        let mut rest = &fields[..];
        while let Some(&(kind, ..)) = rest.first() {
            // One instruction takes fields of one kind, whose keys are known to differ.
            let mut keys: Vec<Value> = Vec::new();
            let count = rest
                .iter()
                .take_while(|(other, key, _)| {
                    let fits = *other == kind && (keys.is_empty() || self.differs_from(*key, &keys));
                    keys.push(*key);
                    fits
                })
                .count();
            let (now, later) = rest.split_at(count);
            let mut args = vec![map];
            args.extend(now.iter().flat_map(|&(_, key, value)| [key, value]));
            map = self.simple(Op::PutMap { exact: kind == MapFieldKind::Exact }, args, line);
            rest = later;
        }
        map
    }

    /// Whether a key certainly differs from the others: all are constant.
    fn differs_from(&self, key: Value, others: &[Value]) -> bool {
        let Some(literal) = self.constants.literal(key) else { return false };
        others.iter().all(|&other| match self.constants.literal(other) {
            Some(other) => fold::certainly_differ(&literal, &other),
            None => false,
        })
    }

    fn constant_map(&self, base: Value, fields: &[(MapFieldKind, Value, Value)]) -> Option<Literal> {
        let Some(Literal::Map(mut pairs)) = self.constants.literal(base) else { return None };
        for &(kind, key, value) in fields {
            let (key, value) = (self.constants.literal(key)?, self.constants.literal(value)?);
            if kind == MapFieldKind::Exact
                || !pairs.iter().all(|(other, _)| fold::certainly_differ(&key, other))
            {
                return None;
            }
            pairs.push((key, value));
        }
        Some(Literal::Map(pairs))
    }

    fn call(&mut self, callee: &Expr, args: &[Expr], place: Place) -> Value {
        let line = self.line(place);
        match &callee.kind {
            ExprKind::Atom(name) => {
                let args = self.exprs(args);
                self.local_call(*name, args, line)
            }
            ExprKind::Remote(module, name) => {
                let module = self.expr(module);
                let name = self.expr(name);
                let args = self.exprs(args);
                self.remote_call(module, name, args, line)
            }
            ExprKind::Var(name) => {
                if let Some(Binding::OwnFun(function)) = self.scope.get(*name)
                    && self.own_fun_arity(function) == args.len()
                {
                    let args = self.exprs(args);
                    return self.simple(Op::Call(Callee::Local(function)), args, line);
                }
                let fun = self.variable(*name);
                self.fun_call(fun, args, line)
            }
            ExprKind::Fun(clauses) => match plain_clause(clauses, args.len()) {
                Some((names, body)) => self.call_in_place(&names, body, args),
                None => {
                    let fun = self.expr(callee);
                    self.fun_call(fun, args, line)
                }
            },
            _ => {
                let fun = self.expr(callee);
                self.fun_call(fun, args, line)
            }
        }
    }

    /// A fun that is called where it is made, and takes whatever it is given: its body, in a scope of its own.
    fn call_in_place(&mut self, names: &[Option<Atom>], body: &[Expr], args: &[Expr]) -> Value {
        let args = self.exprs(args);
        let mark = self.scope.mark();
        for (name, arg) in names.iter().zip(args) {
            if let Some(name) = name {
                self.scope.bind(*name, Binding::Value(arg));
            }
        }
        let value = self.sequence(body);
        self.scope.undo(mark);
        value
    }

    fn fun_call(&mut self, fun: Value, args: &[Expr], line: Line) -> Value {
        let mut args = self.exprs(args);
        args.push(fun);
        self.simple(Op::Call(Callee::Fun), args, line)
    }

    /// Whether a call of `Name/Arity` means the BIF.
    pub(super) fn means_bif(&self, name: Atom, arity: usize) -> bool {
        let function = FunctionName { name, arity: u32::try_from(arity).unwrap_or(u32::MAX) };
        !self.defined.contains_key(&(name, arity))
            && is_auto_imported(function)
            && !self.no_auto_import.contains(&None)
            && !self.no_auto_import.contains(&Some((name, arity)))
    }

    fn local_call(&mut self, name: Atom, args: Vec<Value>, line: Line) -> Value {
        if let Some(&function) = self.defined.get(&(name, args.len())) {
            return self.simple(Op::Call(Callee::Local(function)), args, line);
        }
        if self.means_bif(name, args.len()) {
            return self.bif_call(name, args, line);
        }
        // `module_info`, or what another pass provides: through the export entry.
        self.simple(Op::Call(Callee::Remote(self.module, name)), args, line)
    }

    pub(super) fn remote_call(
        &mut self,
        module: Value,
        name: Value,
        mut args: Vec<Value>,
        line: Line,
    ) -> Value {
        match (module, name) {
            (Value::Atom(module), Value::Atom(name)) if module.as_str() == "erlang" => {
                self.bif_call(name, args, line)
            }
            (Value::Atom(module), Value::Atom(name)) => {
                // Two functions of `maps` are BIFs by another name.
                match (module.as_str(), name.as_str(), args.len()) {
                    ("maps", "get", 2) => return self.bif(Atom::new("map_get"), args, line),
                    ("maps", "is_key", 2) => return self.bif(Atom::new("is_map_key"), args, line),
                    _ => {}
                }
                if let Some(literals) = self.literals(&args)
                    && let Outcome::Value(result) = evaluate(module.as_str(), name.as_str(), &literals)
                {
                    return self.constants.value(result);
                }
                if self.writes_loops
                    && module.as_str() == "lists"
                    && let Some(value) = self.list_loop(name, &args, line)
                {
                    return value;
                }
                self.simple(Op::Call(Callee::Remote(module, name)), args, line)
            }
            (module, name) => {
                args.extend([module, name]);
                self.simple(Op::Call(Callee::Apply), args, line)
            }
        }
    }

    /// A call of `erlang:Name(Args)`.
    fn bif_call(&mut self, name: Atom, args: Vec<Value>, line: Line) -> Value {
        match (name.as_str(), &args[..]) {
            ("apply", &[fun, list]) => {
                if let Some(mut elements) = self.known_list(list) {
                    elements.push(fun);
                    return self.simple(Op::Call(Callee::Fun), elements, line);
                }
            }
            ("apply", &[module, function, list]) => {
                if let Some(elements) = self.known_list(list) {
                    return self.remote_call(module, function, elements, line);
                }
            }
            ("is_record", &[value, Value::Atom(tag)]) => return self.is_record(value, tag, None, line),
            ("is_record", &[value, Value::Atom(tag), Value::Int(size)]) if size > 0 => {
                return self.is_record(value, tag, Some(size), line);
            }
            _ => {}
        }
        self.bif(name, args, line)
    }

    /// The elements of a proper list that was built just now, or is constant.
    fn known_list(&mut self, list: Value) -> Option<Vec<Value>> {
        if list.is_constant() {
            return if list == Value::Nil { Some(Vec::new()) } else { self.short_list(list) };
        }
        let mut elements = Vec::new();
        let mut rest = list;
        for statement in self.statements.iter().rev() {
            let Value::Var(var) = rest else { break };
            match &statement.kind {
                crate::core::Kind::Simple(Op::Cons, args) if statement.dsts == [var] => {
                    elements.push(args[0]);
                    rest = args[1];
                }
                _ => return None,
            }
        }
        match rest {
            Value::Nil => Some(elements),
            Value::Var(_) => None,
            constant => {
                elements.extend(self.short_list(constant)?);
                Some(elements)
            }
        }
    }
}

/// The variables and the body of a fun whose only clause matches all calls with so many arguments.
fn plain_clause(clauses: &[Clause], arity: usize) -> Option<(Vec<Option<Atom>>, &[Expr])> {
    let [clause] = clauses else { return None };
    if clause.patterns.len() != arity || !clause.guard.is_empty() {
        return None;
    }
    let mut names: Vec<Option<Atom>> = Vec::new();
    for pattern in &clause.patterns {
        let ExprKind::Var(name) = pattern.kind else { return None };
        let name = Some(name).filter(|name| name.as_str() != "_");
        if name.is_some() && names.contains(&name) {
            return None;
        }
        names.push(name);
    }
    Some((names, &clause.body))
}
