//! The instructions of a block.

use super::function::FunctionCode;
use super::heap_need::Need;
use super::limits::NO_REGISTER;
use super::moves::{Place, Source, Step, sequence};
use crate::core::bifs;
use crate::core::{Value, Var};
use crate::ssa::{Block, Callee, Inst, Line, Op};
use swerl_beam::guard_bifs::BifClass;
use swerl_beam::{Atom, Genop, Operand};

/// A count as an operand.
pub(super) fn unsigned(value: usize) -> Operand {
    Operand::U(u64::try_from(value).expect("counts fit 64 bits"))
}

impl FunctionCode<'_, '_> {
    /// Emits the instructions of a block. `deaths` tells what each uses for the last time.
    pub(super) fn instructions(&mut self, block: &Block, mut deaths: Vec<(usize, Var)>) {
        self.bury(&mut deaths, 0);
        let mut reserved = 0;
        if self.wants_frame() && self.registers.state().region.is_none() {
            reserved = self.allocate(&block.insts);
        }
        let mut at = 0;
        while at < block.insts.len() {
            let inst = &block.insts[at];
            if at >= reserved && Need::of(inst) != Need::default() {
                let (need, count) = Need::ahead(&block.insts[at..]);
                let live = self.collection_point();
                self.out.push(Genop::TestHeap, vec![need.operand(), live]);
                reserved = at + count;
            }
            let pair = block.insts.get(at + 1).and_then(|next| list_pair(inst, next));
            if let Some((head, tail)) = pair {
                let cell = self.register_operand(inst.args[0]);
                self.bury(&mut deaths, at + 1);
                // The second use of the cell may be its last, too; both results are written after it is read.
                self.release_argument(&deaths, at + 2, inst.args[0]);
                // Whoever has a place to go takes it first.
                let wish = |var: Var| self.facts.wanted_in[var.index()];
                let (head, tail) = if wish(head) == NO_REGISTER && wish(tail) != NO_REGISTER {
                    let tail = self.define(tail);
                    (self.define(head), tail)
                } else {
                    let head = self.define(head);
                    (head, self.define(tail))
                };
                self.out.push(Genop::GetList, vec![cell, head, tail]);
                self.bury(&mut deaths, at + 2);
                at += 2;
                continue;
            }
            if let Op::FloatArith(..) = inst.op {
                (at, reserved) = self.float_run(block, &mut deaths, at);
                continue;
            }
            self.instruction(inst, &mut deaths, at + 1);
            at += 1;
        }
        self.end(&block.term, &mut deaths, block.insts.len() + 1);
    }

    /// Releases the variables whose last use is by the instruction at `position`.
    pub(super) fn bury(&mut self, deaths: &mut Vec<(usize, Var)>, position: usize) {
        while let Some(&(at, var)) = deaths.last()
            && at <= position
        {
            self.registers.release(var);
            deaths.pop();
        }
    }

    fn release_argument(&mut self, deaths: &[(usize, Var)], position: usize, arg: Value) {
        if let Value::Var(var) = arg
            && Self::dies_at(deaths, position, var)
        {
            self.registers.release(var);
        }
    }

    /// Whether a variable is used for the last time by the instruction at `position`.
    fn dies_at(deaths: &[(usize, Var)], position: usize, var: Var) -> bool {
        deaths.iter().rev().take_while(|(at, _)| *at <= position).any(|&(_, dead)| dead == var)
    }

    /// Opens a frame; tells up to which instruction heap was reserved with it.
    fn allocate(&mut self, insts: &[Inst]) -> usize {
        let (need, count) = Need::ahead(insts);
        let live = self.collection_point();
        let at = if need == Need::default() {
            self.out.push(Genop::Allocate, vec![Operand::U(0), live])
        } else {
            self.out.push(Genop::AllocateHeap, vec![Operand::U(0), need.operand(), live])
        };
        self.open_frame(at);
        // What the frame is opened for goes there right away: then it is initialised before it is scanned.
        let crossing: Vec<Var> = self
            .registers
            .in_x()
            .map(|(_, var)| var)
            .filter(|var| self.facts.crosses_call[var.index()])
            .collect();
        self.save_in_frame(|var| crossing.contains(&var));
        count
    }

    /// Emits an instruction with one result: its operands are read before it is written.
    fn simple(
        &mut self,
        inst: &Inst,
        deaths: &mut Vec<(usize, Var)>,
        position: usize,
        emit: impl FnOnce(&mut Self, Operand),
    ) {
        let dst = inst.dst.expect("it is computed for its result");
        // What dies here dies before the result is placed; the result itself, if unused, after it.
        self.bury_but(deaths, position, dst);
        let to = self.define(dst);
        emit(self, to);
        self.bury(deaths, position);
    }

    /// The result of an instruction is its first operand under another name, which nobody needs any more.
    fn rename(&mut self, inst: &Inst, deaths: &mut Vec<(usize, Var)>, position: usize) {
        let (Some(dst), Value::Var(old)) = (inst.dst, inst.args[0]) else {
            unreachable!("a tuple becomes another")
        };
        let register = self.registers.x(old);
        self.bury_but(deaths, position, dst);
        match register {
            Some(register) if !self.is_saved_at_once(dst) => self.registers.set_x(register, dst),
            Some(register) => {
                let to = Place::Y(self.assign_y(dst));
                self.step(Step::Move(Source::Place(Place::X(register)), to));
            }
            None => unreachable!("a call gives its result in a register"),
        }
        self.bury(deaths, position);
    }

    /// Releases the variables whose last use is by the instruction at `position`, but for one.
    pub(super) fn bury_but(
        &mut self,
        deaths: &[(usize, Var)],
        position: usize,
        kept: impl Into<Option<Var>>,
    ) {
        let kept = kept.into();
        for &(at, var) in deaths.iter().rev() {
            if at > position {
                break;
            }
            if Some(var) != kept {
                self.registers.release(var);
            }
        }
    }

    pub(super) fn instruction(&mut self, inst: &Inst, deaths: &mut Vec<(usize, Var)>, position: usize) {
        match inst.op {
            Op::Tuple => {
                let elements = inst.args.iter().map(|&arg| self.operand(arg)).collect();
                self.simple(inst, deaths, position, |this, to| {
                    this.out.push(Genop::PutTuple2, vec![to, Operand::List(elements)]);
                });
            }
            Op::Cons => {
                let (head, tail) = (self.operand(inst.args[0]), self.operand(inst.args[1]));
                self.simple(inst, deaths, position, |this, to| {
                    this.out.push(Genop::PutList, vec![head, tail, to]);
                });
            }
            Op::Head | Op::Tail => {
                let op = if inst.op == Op::Head { Genop::GetHd } else { Genop::GetTl };
                let cell = self.register_operand(inst.args[0]);
                self.simple(inst, deaths, position, |this, to| {
                    this.out.push(op, vec![cell, to]);
                });
            }
            Op::Element(index) => {
                let tuple = self.register_operand(inst.args[0]);
                self.simple(inst, deaths, position, |this, to| {
                    let index = Operand::U(u64::from(index));
                    this.out.push(Genop::GetTupleElement, vec![tuple, index, to]);
                });
            }
            Op::MakeFun(function) => {
                let free = inst.args.iter().map(|&arg| self.operand(arg)).collect();
                self.simple(inst, deaths, position, |this, to| {
                    let index = this.out.lambda(function, inst.args.len());
                    this.out.push(Genop::MakeFun3, vec![index, to, Operand::List(free)]);
                });
            }
            Op::Overwrite(index) => {
                let (tuple, value) = (self.register_operand(inst.args[0]), self.operand(inst.args[1]));
                self.out
                    .push(Genop::SetTupleElement, vec![value, tuple.clone(), Operand::U(u64::from(index))]);
                self.rename(inst, deaths, position);
            }
            Op::SetElement { .. } => unreachable!("updates have become calls or new tuples"),
            Op::FloatArith(..) => unreachable!("it is part of a run"),
            Op::Bif(name) => {
                let (op, mut args) = self.bif(name, &inst.args, Operand::Label(0), inst.line, position - 1);
                self.simple(inst, deaths, position, |this, to| {
                    args.push(to);
                    this.out.push(op, args);
                });
            }
            Op::PutMap { exact } => {
                let (op, mut args) = self.put_map(exact, &inst.args, Operand::Label(0), inst.line);
                self.simple(inst, deaths, position, |this, to| {
                    args.insert(2, to);
                    this.out.push(op, args);
                });
            }
            Op::BuildBits(segments) => {
                let mut args = self.build_bits(segments, &inst.args, Operand::Label(0), inst.line);
                self.simple(inst, deaths, position, |this, to| {
                    args.insert(4, to);
                    this.out.push(Genop::BsCreateBin, args);
                });
            }
            Op::GetPosition | Op::GetTail => {
                let op = if inst.op == Op::GetTail { Genop::BsGetTail } else { Genop::BsGetPosition };
                let live = self.collection_point();
                let context = self.operand(inst.args[0]);
                self.simple(inst, deaths, position, |this, to| {
                    this.out.push(op, vec![context, to, live]);
                });
            }
            Op::SetPosition => {
                let args = inst.args.iter().map(|&arg| self.operand(arg)).collect();
                self.out.push(Genop::BsSetPosition, args);
                self.bury(deaths, position);
            }
            Op::Call(callee) => {
                self.prepare_call(inst, deaths, position);
                self.out.line(inst.line);
                let arity = inst.args.len() - callee.extra_operands();
                match callee {
                    Callee::Local(function) => {
                        let entry = Operand::Label(self.out.entry(function));
                        self.out.push(Genop::Call, vec![unsigned(arity), entry]);
                    }
                    Callee::Remote(module, name) => {
                        let import = self.out.import(module, name, arity);
                        self.out.push(Genop::CallExt, vec![unsigned(arity), import]);
                    }
                    Callee::Fun => {
                        self.out.push(Genop::CallFun, vec![unsigned(arity)]);
                    }
                    Callee::Apply => {
                        self.out.push(Genop::Apply, vec![unsigned(arity)]);
                    }
                }
                self.result_in_x0(inst, deaths, position);
            }
            Op::Send => {
                self.prepare_call(inst, deaths, position);
                self.out.line(inst.line);
                self.out.push(Genop::Send, Vec::new());
                self.result_in_x0(inst, deaths, position);
            }
            Op::BuildStacktrace => {
                self.prepare_call(inst, deaths, position);
                self.out.push(Genop::BuildStacktrace, Vec::new());
                self.result_in_x0(inst, deaths, position);
            }
            Op::RemoveMessage => {
                self.out.push(Genop::RemoveMessage, Vec::new());
            }
            Op::Timeout => {
                self.out.push(Genop::Timeout, Vec::new());
            }
            Op::ReserveMarker => self.simple(inst, deaths, position, |this, to| {
                this.out.push(Genop::RecvMarkerReserve, vec![to]);
            }),
            Op::BindMarker | Op::UseMarker | Op::ClearMarker => {
                let op = match inst.op {
                    Op::BindMarker => Genop::RecvMarkerBind,
                    Op::UseMarker => Genop::RecvMarkerUse,
                    _ => Genop::RecvMarkerClear,
                };
                let args = inst.args.iter().map(|&arg| self.operand(arg)).collect();
                self.out.push(op, args);
                self.bury(deaths, position);
            }
            Op::TryEnd => {
                let tag = inst.args[0].as_var().expect("the tag of a try is a variable");
                self.end_tag(Genop::TryEnd, tag);
                self.bury(deaths, position);
            }
        }
    }

    /// Brings the operands of a call into place, saves what is needed after it, and clears the rest of the frame.
    fn prepare_call(&mut self, inst: &Inst, deaths: &[(usize, Var)], position: usize) {
        let mut moves: Vec<(Source, Place)> =
            (0..).zip(&inst.args).map(|(register, &arg)| (self.source(arg), Place::X(register))).collect();
        // What dies here leaves its slot to what is saved here.
        self.bury_but(deaths, position, inst.dst);
        moves.extend(self.saves(|_| true));
        sequence(moves).into_iter().for_each(|step| self.step(step));
        self.tidy_frame();
    }

    fn result_in_x0(&mut self, inst: &Inst, deaths: &mut Vec<(usize, Var)>, position: usize) {
        self.registers.clear_x(0);
        match inst.dst {
            Some(dst) => self.registers.set_x(0, dst),
            None => self.registers.set_x_junk(0),
        }
        self.bury(deaths, position);
    }

    /// A guard BIF's instruction but for its result, the last operand. `place` is where it stands in its block.
    pub(super) fn bif(
        &mut self,
        name: Atom,
        args: &[Value],
        fail: Operand,
        line: Line,
        place: usize,
    ) -> (Genop, Vec<Operand>) {
        let kind = bifs::class(name, args.len()).expect("it has an instruction");
        if fail == Operand::Label(0) {
            // An exception looks for handlers in every slot.
            self.initialise_frame();
        }
        let mut operands = match (kind, args.len()) {
            (BifClass::Plain, 0) => Vec::new(),
            (BifClass::Plain, _) => vec![fail.clone()],
            (BifClass::Collecting, _) => vec![fail.clone(), self.collection_point()],
        };
        operands.push(self.out.import(Atom::new("erlang"), name, args.len()));
        match (kind, args) {
            // OTP's loader makes other instructions of these, which take no constant.
            (BifClass::Plain, &[arg]) => {
                let register = self.register_operand(arg);
                operands.push(self.noted(register, place, 0));
            }
            _ => {
                for (number, &arg) in args.iter().enumerate() {
                    let operand = self.operand(arg);
                    operands.push(self.noted(operand, place, number));
                }
            }
        }
        if fail == Operand::Label(0) {
            self.out.line(line);
        }
        let op = match (kind, args.len()) {
            (BifClass::Plain, 0) => Genop::Bif0,
            (BifClass::Plain, 1) => Genop::Bif1,
            (BifClass::Plain, _) => Genop::Bif2,
            (BifClass::Collecting, 1) => Genop::GcBif1,
            (BifClass::Collecting, 2) => Genop::GcBif2,
            (BifClass::Collecting, _) => Genop::GcBif3,
        };
        (op, operands)
    }

    /// `put_map_assoc` or `put_map_exact` but for its result, operand 2.
    pub(super) fn put_map(
        &mut self,
        exact: bool,
        args: &[Value],
        fail: Operand,
        line: Line,
    ) -> (Genop, Vec<Operand>) {
        let live = self.collection_point();
        let map = self.operand(args[0]);
        let pairs = args[1..].iter().map(|&arg| self.operand(arg)).collect();
        if fail == Operand::Label(0) {
            self.out.line(line);
        }
        let op = if exact { Genop::PutMapExact } else { Genop::PutMapAssoc };
        (op, vec![fail, map, live, Operand::List(pairs)])
    }
}

/// Two instructions that together take a list cell apart: the head's and the tail's variable.
fn list_pair(first: &Inst, second: &Inst) -> Option<(Var, Var)> {
    if first.args != second.args {
        return None;
    }
    match (first.op, second.op) {
        (Op::Head, Op::Tail) => Some((first.dst?, second.dst?)),
        (Op::Tail, Op::Head) => Some((second.dst?, first.dst?)),
        _ => None,
    }
}
