//! Where a bit string is made although a match context could do, and where one did (`bin_opt_info`).
//!
//! What is told of a call depends on what this compiler did with it. Where it made a bit string, the reason is told as
//! OTP looks for it: in the first block of the function that is called.

use super::{Located, Remark, Terms, function_of, reached, value};
use crate::ssa::contexts::{Handover, Openings, fetched_rest, pass_contexts_and};
use crate::ssa::{Attempt, BlockId, Callee, Function, FunctionId, Inst, Line, Op, Term, Test, Value, Var};
use std::collections::{HashMap, HashSet};
use swerl_beam::{Atom, Genop, Literal};

/// Passes match contexts on as [`pass_contexts`](crate::ssa::contexts::pass_contexts) does, and tells of it.
pub fn pass_contexts(functions: &mut [Function], located: &Located<'_>) -> Vec<Remark> {
    let mut remarks = Vec::new();
    pass_contexts_and(functions, |functions, openings, plans| {
        for (id, plans) in (0..).map(FunctionId).zip(plans) {
            let terms = Terms { functions, located };
            let mut walk = Walk { terms, openings, plans, id, found: Vec::new(), told: HashSet::new() };
            walk.run();
            remarks.append(&mut walk.found);
        }
    });
    remarks
}

/// The work on a function.
struct Walk<'a> {
    terms: Terms<'a>,
    openings: &'a Openings,
    plans: &'a [Handover],
    id: FunctionId,
    found: Vec<Remark>,
    /// Where something was told of the value that is followed.
    told: HashSet<(BlockId, usize)>,
}

/// A value that is followed to where it is used.
#[derive(Clone, Copy)]
struct Followed {
    var: Var,
    /// Whether it is a term with the bit string in it.
    is_nested: bool,
    /// Whether it is the variable with which it began.
    is_first: bool,
}

/// What the first block of a function does with a parameter.
enum Entry {
    /// It starts a match of it, or gives it to a function that does.
    Matches,
    /// It does something else with it first.
    Uses(Literal),
    Nothing,
}

impl<'a> Walk<'a> {
    fn function(&self) -> &'a Function {
        function_of(self.terms.functions, self.id)
    }

    fn run(&mut self) {
        let function = self.function();
        // By variable: the blocks where a match of it was started.
        let mut started: HashMap<Var, Vec<bool>> = HashMap::new();
        let mut rests: Vec<Var> = Vec::new();
        let mut matched: Vec<Var> = Vec::new();
        for id in function.reverse_postorder() {
            let block = function.block(id);
            if let Some((_, rest, _)) = fetched_rest(block) {
                rests.push(rest);
            }
            if let Term::Attempt { op: Attempt::StartMatch, args, ok, .. } = &block.term
                && let Value::Var(var) = args[0]
            {
                let after = reached(function, *ok);
                match started.get_mut(&var) {
                    Some(known) => known.iter_mut().zip(after).for_each(|(known, after)| *known |= after),
                    None => {
                        matched.push(var);
                        started.insert(var, after);
                    }
                }
            }
        }
        let is_open = |var: &Var| {
            let at = function.params.iter().position(|param| param == var);
            rests.contains(var) || at.is_some_and(|at| self.openings.contains_key(&(self.id, at)))
        };
        matched.retain(is_open);
        for var in matched {
            let after = &started[&var];
            self.follow(var, |id| after[id.index()]);
        }
        for rest in rests {
            let after = started.get(&rest);
            self.follow(rest, |id| after.is_none_or(|after| !after[id.index()]));
        }
    }

    /// Tells of the uses of a variable in the blocks that are `wanted`, and of all uses of what it is put into.
    fn follow(&mut self, var: Var, wanted: impl Fn(BlockId) -> bool) {
        let function = self.function();
        let order = function.reverse_postorder();
        let mut seen: HashSet<(Var, bool)> = HashSet::new();
        self.told.clear();
        let mut work = vec![Followed { var, is_nested: false, is_first: true }];
        while let Some(what) = work.pop() {
            if !seen.insert((what.var, what.is_nested)) {
                continue;
            }
            let used = Value::Var(what.var);
            for &id in order.iter().filter(|id| what.var != var || wanted(**id)) {
                let block = function.block(id);
                for (at, inst) in block.insts.iter().enumerate() {
                    if inst.args.contains(&used) && self.told.insert((id, at)) {
                        work.extend(self.inst(id, at, inst, what));
                    }
                }
                let mut is_used = false;
                block.term.for_each_value(|value| is_used |= value == used);
                let mut is_told =
                    || !matches!(block.term, Term::Jump(..)) && !self.told.insert((id, usize::MAX));
                if is_used && !is_told() {
                    self.end(id, what, &mut work);
                }
            }
        }
    }

    fn tell(&mut self, line: Line, what: Literal) {
        let line = if line == 0 { self.function().line } else { line };
        self.found.push(Remark { line, module: "beam_ssa_bsm", what });
    }

    fn tell_created(&mut self, line: Line, by: Literal, what: Followed) {
        let is_nested = Literal::atom(if what.is_nested { "true" } else { "false" });
        self.tell(line, Literal::tuple([Literal::atom("binary_created"), by, is_nested]));
    }

    /// Tells of a use by an instruction; what the value was put into is to be followed.
    fn inst(&mut self, id: BlockId, at: usize, inst: &Inst, what: Followed) -> Option<Followed> {
        if let Some((call, callee)) = self.terms.as_call(inst) {
            self.call(id, at, (call, callee), inst, what);
            return None;
        }
        match inst.op {
            Op::Tuple | Op::Cons | Op::PutMap { .. } | Op::Overwrite(_) => {
                return inst.dst.map(|var| Followed { var, is_nested: true, is_first: false });
            }
            _ => {}
        }
        if let Some(op) = inst_name(inst) {
            let args = inst.args.iter().map(|&arg| value(arg)).collect();
            let set = self.terms.set(inst.line, inst.dst, op, args);
            self.tell_created(inst.line, set, what);
        }
        None
    }

    fn call(
        &mut self,
        id: BlockId,
        at: usize,
        (call, callee): (Literal, Literal),
        inst: &Inst,
        what: Followed,
    ) {
        if !what.is_nested {
            let is_passed = |plan: &Handover| {
                plan.rest == what.var && plan.calls.iter().any(|call| call.block == id && call.at == at)
            };
            if self.plans.iter().any(is_passed) {
                self.tell(inst.line, Literal::atom("context_reused"));
                return;
            }
            if what.is_first
                && let Some(reason) = self.reason(callee, inst, what.var, &mut HashSet::new())
            {
                self.tell(inst.line, reason);
            }
        }
        self.tell_created(inst.line, call, what);
    }

    fn end(&mut self, id: BlockId, what: Followed, work: &mut Vec<Followed>) {
        let block = self.function().block(id);
        let used = Value::Var(what.var);
        match &block.term {
            Term::Return(result) => {
                let by = Literal::tuple([Literal::atom("b_ret"), Literal::Map(Vec::new()), value(*result)]);
                self.tell_created(0, by, what);
            }
            Term::TailCall { callee, args, line } => {
                let inst = Inst { dst: None, op: Op::Call(*callee), args: args.clone(), line: *line };
                work.extend(self.inst(id, block.insts.len(), &inst, what));
            }
            Term::Jump(target, args) => {
                let params = &self.function().block(*target).params;
                let given = args.iter().zip(params).filter(|(arg, _)| **arg == used);
                work.extend(given.map(|(_, &var)| Followed { var, is_first: false, ..what }));
            }
            Term::Branch { test, .. } => {
                if let Some(op) = test_name(test, used) {
                    let args = test.args.iter().map(|&arg| value(arg)).collect();
                    let set = self.terms.set(0, None, op, args);
                    self.tell_created(0, set, what);
                }
            }
            Term::Attempt { op, args, dsts, .. } => {
                let op = match op {
                    Attempt::Bif(name) => bif(*name),
                    Attempt::GetMapElements => Literal::atom("get_map_element"),
                    Attempt::BuildBits(_) => Literal::atom("bs_create_bin"),
                    Attempt::PutMap => {
                        work.extend(dsts.iter().map(|&var| Followed {
                            var,
                            is_nested: true,
                            is_first: false,
                        }));
                        return;
                    }
                    Attempt::StartMatch | Attempt::GetSegment(_) => return,
                };
                let args = args.iter().map(|&arg| value(arg)).collect();
                let set = self.terms.set(0, dsts.first().copied(), op, args);
                self.tell_created(0, set, what);
            }
            _ => {}
        }
    }

    /// Why a call was not given the context.
    fn reason(
        &self,
        callee: Literal,
        inst: &Inst,
        var: Var,
        seen: &mut HashSet<(FunctionId, usize)>,
    ) -> Option<Literal> {
        let told = |tag: &str| Some(Literal::tuple([Literal::atom(tag), callee.clone()]));
        match inst.op {
            Op::Call(Callee::Local(id)) => {
                let mut places = (0..inst.args.len()).filter(|&at| inst.args[at] == Value::Var(var));
                let (Some(place), None) = (places.next(), places.next()) else {
                    return told("multiple_uses_in_call");
                };
                let inner = match self.openings.contains_key(&(id, place)) || !seen.insert((id, place)) {
                    true => return None,
                    false => self.on_entry(id, place, seen),
                };
                match inner {
                    Entry::Matches => None,
                    Entry::Nothing => told("no_match_on_entry"),
                    Entry::Uses(inner) => {
                        let pair = Literal::tuple([callee, inner]);
                        Some(Literal::tuple([Literal::atom("unsuitable_call"), pair]))
                    }
                }
            }
            Op::Call(Callee::Fun) => told("fun_call"),
            _ => told("remote_call"),
        }
    }

    /// What a function does with a parameter in its first block.
    fn on_entry(&self, id: FunctionId, place: usize, seen: &mut HashSet<(FunctionId, usize)>) -> Entry {
        let function = function_of(self.terms.functions, id);
        let param = function.params[place];
        let used = Value::Var(param);
        let block = function.block(BlockId(0));
        let before = |set: Literal| Entry::Uses(Literal::tuple([Literal::atom("used_before_match"), set]));
        let passes = |reason: Option<Literal>| reason.map_or(Entry::Matches, Entry::Uses);
        for inst in &block.insts {
            if inst.args.contains(&used) {
                if let Some((_, callee)) = self.terms.as_call(inst) {
                    return passes(self.reason(callee, inst, param, seen));
                }
                if let Some(op) = inst_name(inst) {
                    let args = inst.args.iter().map(|&arg| value(arg)).collect();
                    return before(self.terms.set(inst.line, inst.dst, op, args));
                }
            }
            // What may fail ends the block.
            if matches!(inst.op, Op::Bif(_)) && inst.line != 0 {
                return Entry::Nothing;
            }
        }
        match &block.term {
            Term::Attempt { op: Attempt::StartMatch, args, .. } if args.contains(&used) => Entry::Matches,
            Term::TailCall { callee, args, line } if args.contains(&used) => {
                let inst = Inst { dst: None, op: Op::Call(*callee), args: args.clone(), line: *line };
                passes(self.reason(self.terms.callee(*callee, args), &inst, param, seen))
            }
            Term::Branch { test, .. } if test.args.contains(&used) => {
                let Some(op) = test_name(test, used) else { return Entry::Nothing };
                let args = test.args.iter().map(|&arg| value(arg)).collect();
                before(self.terms.set(0, None, op, args))
            }
            Term::Attempt { op: Attempt::Bif(name), args, dsts, .. } if args.contains(&used) => {
                let args = args.iter().map(|&arg| value(arg)).collect();
                before(self.terms.set(0, dsts.first().copied(), bif(*name), args))
            }
            _ => Entry::Nothing,
        }
    }
}

fn bif(name: Atom) -> Literal {
    Literal::tuple([Literal::atom("bif"), Literal::Atom(name)])
}

/// What OTP calls an instruction that is neither a call nor puts something into a term; none, if it only looks at
/// contexts, references or tags.
fn inst_name(inst: &Inst) -> Option<Literal> {
    let name = match inst.op {
        Op::Bif(name) => return Some(bif(name)),
        Op::FloatArith(..) => return Some(bif(Atom::new("+"))),
        Op::MakeFun(_) => "make_fun",
        Op::BuildBits(_) => "bs_create_bin",
        Op::Head => "get_hd",
        Op::Tail => "get_tl",
        Op::Element(_) => "get_tuple_element",
        _ => return None,
    };
    Some(Literal::atom(name))
}

/// What OTP calls a test. Those that read the other way round there are known by the side on which the value stands.
fn test_name(test: &Test, used: Value) -> Option<Literal> {
    let is_second = test.args.first() != Some(&used);
    let name = match test.op {
        Genop::IsEqExact | Genop::IsNil => "=:=",
        Genop::IsNeExact => "=/=",
        Genop::IsEq => "==",
        Genop::IsNe => "/=",
        Genop::IsLt if is_second => ">",
        Genop::IsLt => "<",
        Genop::IsGe if is_second => "=<",
        Genop::IsGe => ">=",
        Genop::IsNonemptyList | Genop::IsTaggedTuple => return Some(Literal::atom(test.op.name())),
        Genop::IsFunction2 => "is_function",
        op if op.name().starts_with("is_") => op.name(),
        _ => return None,
    };
    Some(bif(Atom::new(name)))
}
