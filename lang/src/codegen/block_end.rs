//! How blocks end: returns, tail calls, branches, errors.

use super::function::FunctionCode;
use super::instructions::unsigned;
use crate::core::bifs;
use crate::core::{Value, Var};
use crate::ssa::{Attempt, BlockId, Callee, Entry, ErrorKind, Line, Term, Test};
use swerl_beam::guard_bifs::BifClass;
use swerl_beam::{Genop, Operand};

impl FunctionCode<'_, '_> {
    /// Emits the end of a block. `deaths` tells what it uses for the last time.
    pub(super) fn end(&mut self, term: &Term, deaths: &mut Vec<(usize, Var)>, position: usize) {
        match term {
            Term::Return(value) => {
                self.leave(*value);
            }
            Term::TailCall { callee, args, line } => self.tail_call(*callee, args, *line),
            Term::Jump(target, args) => {
                if self.function.block(*target).entry == Entry::Loop {
                    self.enter_loop(*target);
                }
                self.go(*target, args);
            }
            Term::Branch { test, yes, no } => self.branch(test, *yes, *no, deaths, position),
            Term::Switch { value, cases, default } => {
                if let [(case, target)] = cases[..] {
                    let test = Test { op: Genop::IsEqExact, args: vec![*value, case] };
                    self.branch(&test, target, *default, deaths, position);
                    return;
                }
                let value = self.register_operand(*value);
                let value = self.noted(value, position - 1, 0);
                let fail = self.branch_label(*default);
                let mut list = Vec::with_capacity(cases.len() * 2);
                for &(case, target) in cases {
                    list.push(self.out.constant(case));
                    list.push(self.branch_label(target));
                }
                self.out.push(Genop::SelectVal, vec![value, fail, Operand::List(list)]);
            }
            Term::SwitchArity { value, cases, default } => {
                if let [(arity, target)] = cases[..] {
                    let test =
                        Test { op: Genop::TestArity, args: vec![*value, Value::Int(i64::from(arity))] };
                    self.branch(&test, target, *default, deaths, position);
                    return;
                }
                let value = self.register_operand(*value);
                let fail = self.branch_label(*default);
                let mut list = Vec::with_capacity(cases.len() * 2);
                for &(arity, target) in cases {
                    list.push(Operand::U(u64::from(arity)));
                    list.push(self.branch_label(target));
                }
                self.out.push(Genop::SelectTupleArity, vec![value, fail, Operand::List(list)]);
            }
            Term::Attempt { op, args, dsts, ok, fail } => {
                self.attempt(*op, args, dsts, (*ok, *fail), deaths, position);
                self.go(*ok, &[]);
            }
            Term::Error { kind, args, line } => self.error(*kind, args, *line),
            Term::Raise(trace, reason) => {
                let (trace, reason) = (self.register_operand(*trace), self.register_operand(*reason));
                self.out.push(Genop::Raise, vec![trace, reason]);
            }
            Term::Try { tag, body, handler } => {
                let needed = self.facts.live_in[handler.index()].clone();
                self.save_in_frame(|var| needed.binary_search(&var).is_ok());
                let slot = self.assign_tag(*tag);
                // Whoever looks for handlers on the stack looks at every slot.
                self.initialise_frame();
                let label = self.prepare_handler(*handler);
                let op = match self.function.block(*handler).entry {
                    Entry::Catch(_) => Genop::Catch,
                    Entry::Try(_) | Entry::Plain | Entry::Loop => Genop::Try,
                };
                self.out.push(op, vec![Operand::Y(slot), label]);
                self.go(*body, &[]);
            }
            Term::LoopRec { message, found, empty, .. } => {
                let fail = self.branch_label(*empty);
                let register = self.registers.free_x(0);
                self.out.push(Genop::LoopRec, vec![fail, Operand::X(register)]);
                self.registers.set_x(register, *message);
                self.bury(deaths, position);
                self.go(*found, &[]);
            }
            Term::LoopRecEnd(head) => {
                let head = self.branch_label(*head);
                self.out.push(Genop::LoopRecEnd, vec![head]);
            }
            Term::Wait(again, None) => {
                let again = self.branch_label(*again);
                self.out.push(Genop::Wait, vec![again]);
            }
            Term::Wait(again, Some((time, after))) => {
                let time = self.operand(*time);
                self.bury(deaths, position);
                let again = self.branch_label(*again);
                self.out.push(Genop::WaitTimeout, vec![again, time]);
                self.registers.clear_x(0);
                self.go(*after, &[]);
            }
            // The call before does not return.
            Term::Unreachable => {}
        }
    }

    fn enter_loop(&mut self, head: BlockId) {
        let needed = self.facts.live_in[head.index()].clone();
        self.save_in_frame(|var| needed.binary_search(&var).is_ok());
        self.registers.clear_x(0);
        // A receive may wait for long.
        self.tidy_frame();
    }

    /// Returns.
    pub(super) fn leave(&mut self, value: Value) {
        self.place_arguments(&[value]);
        self.deallocate();
        self.out.push(Genop::Return, Vec::new());
    }

    fn deallocate(&mut self) {
        if self.registers.state().region.is_some() {
            let at = self.out.push(Genop::Deallocate, vec![Operand::U(0)]);
            self.frame_size_in(at, 0);
        }
    }

    fn tail_call(&mut self, callee: Callee, args: &[Value], line: Line) {
        let arity = args.len() - callee.extra_operands();
        self.initialise_frame();
        self.place_arguments(args);
        let has_frame = self.registers.state().region.is_some();
        let (op, mut operands) = match callee {
            Callee::Local(function) => {
                let entry = Operand::Label(self.out.entry(function));
                (if has_frame { Genop::CallLast } else { Genop::CallOnly }, vec![unsigned(arity), entry])
            }
            Callee::Remote(module, name) => {
                let import = self.out.import(module, name, arity);
                self.out.line(line);
                if has_frame && bifs::never_returns(module, name, arity) {
                    self.out.push(Genop::CallExt, vec![unsigned(arity), import]);
                    return;
                }
                let op = if has_frame { Genop::CallExtLast } else { Genop::CallExtOnly };
                (op, vec![unsigned(arity), import])
            }
            Callee::Fun => {
                self.out.line(line);
                self.out.push(Genop::CallFun, vec![unsigned(arity)]);
                self.deallocate();
                self.out.push(Genop::Return, Vec::new());
                return;
            }
            Callee::Apply => {
                self.out.line(line);
                (Genop::ApplyLast, vec![unsigned(arity)])
            }
        };
        let count = operands.len();
        if has_frame {
            operands.push(Operand::U(0));
        }
        let at = self.out.push(op, operands);
        if has_frame {
            self.frame_size_in(at, count);
        }
    }

    fn branch(
        &mut self,
        test: &Test,
        yes: BlockId,
        no: BlockId,
        deaths: &mut Vec<(usize, Var)>,
        position: usize,
    ) {
        let (op, yes, no) = match inverse(test.op) {
            Some(inverse) if self.is_next(no) => (inverse, no, yes),
            _ => (test.op, yes, no),
        };
        let operands = self.test_operands(test, position - 1);
        self.bury(deaths, position);
        let mut args = vec![self.branch_label(no)];
        args.extend(operands);
        self.out.push(op, args);
        self.go(yes, &[]);
    }

    fn test_operands(&mut self, test: &Test, place: usize) -> Vec<Operand> {
        let is_number_at = |at: usize| match test.op {
            Genop::TestArity | Genop::IsTaggedTuple | Genop::BsTestTail2 | Genop::BsTestUnit => at == 1,
            Genop::BsMatchString => at == 1,
            Genop::BsSkipBits2 => at >= 2,
            _ => false,
        };
        let mut operands = Vec::with_capacity(test.args.len());
        if test.op == Genop::HasMapFields {
            operands.push(self.register_operand(test.args[0]));
            operands.push(Operand::List(test.args[1..].iter().map(|&key| self.operand(key)).collect()));
            return operands;
        }
        for (at, &arg) in test.args.iter().enumerate() {
            operands.push(match arg {
                Value::Int(number) if is_number_at(at) => {
                    Operand::U(u64::try_from(number).expect("sizes are not negative"))
                }
                _ if at == 2 && test.op == Genop::BsMatchString => self.out.string(arg),
                _ if at == 0 && !is_comparison(test.op) => self.register_operand(arg),
                _ => {
                    let operand = self.operand(arg);
                    self.noted(operand, place, at)
                }
            });
        }
        operands
    }

    fn attempt(
        &mut self,
        op: Attempt,
        args: &[Value],
        dsts: &[Var],
        (ok, fail): (BlockId, BlockId),
        deaths: &mut Vec<(usize, Var)>,
        position: usize,
    ) {
        match op {
            Attempt::Bif(name) => {
                // Gaps are closed before the state is taken for the way out.
                if bifs::class(name, args.len()) == Some(BifClass::Collecting) {
                    self.collection_point();
                }
                let fail = self.branch_label(fail);
                let (op, mut operands) = self.bif(name, args, fail, 0, position - 1);
                self.bury_but(deaths, position, dsts[0]);
                operands.push(self.define(dsts[0]));
                self.out.push(op, operands);
            }
            Attempt::PutMap => {
                self.collection_point();
                let fail = self.branch_label(fail);
                let (op, mut operands) = self.put_map(true, args, fail, 0);
                self.bury_but(deaths, position, dsts[0]);
                operands.insert(2, self.define(dsts[0]));
                self.out.push(op, operands);
            }
            Attempt::BuildBits(segments) => {
                self.collection_point();
                let fail = self.branch_label(fail);
                let mut operands = self.build_bits(segments, args, fail, 0);
                self.bury_but(deaths, position, dsts[0]);
                operands.insert(4, self.define(dsts[0]));
                self.out.push(Genop::BsCreateBin, operands);
            }
            Attempt::StartMatch => self.start_match(args[0], dsts[0], (ok, fail), deaths, position),
            Attempt::GetSegment(layout) => self.get_segment(layout, args, dsts[0], fail, deaths, position),
            Attempt::GetMapElements => {
                let map = self.register_operand(args[0]);
                let keys: Vec<Operand> = args[1..].iter().map(|&key| self.operand(key)).collect();
                let fail = self.branch_label(fail);
                // The map is read once for each key: no result may overwrite it, nor a later key.
                let mut list = Vec::with_capacity(keys.len() * 2);
                for (key, &dst) in keys.into_iter().zip(dsts) {
                    list.push(key);
                    list.push(self.define(dst));
                }
                self.out.push(Genop::GetMapElements, vec![fail, map, Operand::List(list)]);
            }
        }
        self.bury(deaths, position);
    }

    /// Whether a variable is needed neither in a block nor by the handler of the current one.
    pub(super) fn is_free_at(&self, next: BlockId, var: Var) -> bool {
        let is_needed = |block: BlockId| self.facts.live_in[block.index()].binary_search(&var).is_ok();
        !is_needed(next) && !self.function.block(self.current).handler.is_some_and(is_needed)
    }

    fn error(&mut self, kind: ErrorKind, args: &[Value], line: Line) {
        let op = match kind {
            ErrorKind::FunctionClause => {
                self.place_arguments(args);
                self.deallocate();
                let func_info = self.out.entry(self.id) - 1;
                self.out.push(Genop::Jump, vec![Operand::Label(func_info)]);
                return;
            }
            ErrorKind::IfClause => Genop::IfEnd,
            ErrorKind::Badmatch => Genop::Badmatch,
            ErrorKind::CaseClause => Genop::CaseEnd,
            ErrorKind::TryClause => Genop::TryCaseEnd,
            ErrorKind::Badrecord => Genop::Badrecord,
        };
        let operands = args.iter().map(|&arg| self.operand(arg)).collect();
        self.initialise_frame();
        self.out.line(line);
        self.out.push(op, operands);
    }
}

fn is_comparison(op: Genop) -> bool {
    inverse(op).is_some()
}

/// The test that holds exactly when `op` does not.
fn inverse(op: Genop) -> Option<Genop> {
    Some(match op {
        Genop::IsLt => Genop::IsGe,
        Genop::IsGe => Genop::IsLt,
        Genop::IsEq => Genop::IsNe,
        Genop::IsNe => Genop::IsEq,
        Genop::IsEqExact => Genop::IsNeExact,
        Genop::IsNeExact => Genop::IsEqExact,
        _ => return None,
    })
}
