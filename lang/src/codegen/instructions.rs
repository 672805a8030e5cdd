//! The code of one block: its instructions and its end.

use super::function::FunctionCode;
use super::moves::{Place, Source, Step};
use crate::core::bifs;
use crate::core::{BuildSegment, Layout, SegmentType, SegmentsId, Value, Var};
use crate::ssa::liveness::is_call;
use crate::ssa::{Attempt, Block, BlockId, Callee, Entry, ErrorKind, Inst, Line, Op, Term, Test};
use swerl_beam::guard_bifs::BifClass;
use swerl_beam::{Atom, Genop, Operand};

/// Heap that a run of instructions needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Need {
    words: u32,
    funs: u32,
}

impl Need {
    fn of(inst: &Inst) -> Self {
        let operands = u32::try_from(inst.args.len()).expect("fewer than 2^32 operands");
        match inst.op {
            Op::Tuple => Self { words: operands + 1, funs: 0 },
            Op::Cons => Self { words: 2, funs: 0 },
            Op::MakeFun(_) => Self { words: operands, funs: 1 },
            Op::Head
            | Op::Tail
            | Op::Element(_)
            | Op::Bif(_)
            | Op::Call(_)
            | Op::Send
            | Op::RemoveMessage
            | Op::Timeout
            | Op::TryEnd
            | Op::BuildStacktrace
            | Op::PutMap { .. }
            | Op::BuildBits(_)
            | Op::GetPosition
            | Op::SetPosition => Self::default(),
        }
    }

    /// What is needed from here to where garbage may be collected next, and how many instructions that is.
    fn ahead(insts: &[Inst]) -> (Self, usize) {
        let mut need = Self::default();
        for (count, inst) in insts.iter().enumerate() {
            if may_collect(inst) {
                return (need, count);
            }
            let more = Self::of(inst);
            need = Self { words: need.words + more.words, funs: need.funs + more.funs };
        }
        (need, insts.len())
    }

    fn operand(self) -> Operand {
        if self.funs == 0 {
            Operand::U(u64::from(self.words))
        } else {
            Operand::Alloc { words: self.words, floats: 0, funs: self.funs }
        }
    }
}

fn may_collect(inst: &Inst) -> bool {
    match inst.op {
        Op::Bif(name) => bifs::class(name, inst.args.len()) == Some(BifClass::Collecting),
        Op::PutMap { .. } | Op::BuildBits(_) | Op::GetPosition => true,
        Op::Tuple
        | Op::Cons
        | Op::Head
        | Op::Tail
        | Op::Element(_)
        | Op::MakeFun(_)
        | Op::Call(_)
        | Op::Send
        | Op::RemoveMessage
        | Op::Timeout
        | Op::TryEnd
        | Op::SetPosition
        | Op::BuildStacktrace => is_call(inst.op),
    }
}

fn unsigned(value: usize) -> Operand {
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
                let head = self.define(head);
                let tail = self.define(tail);
                self.out.push(Genop::GetList, vec![cell, head, tail]);
                self.bury(&mut deaths, at + 2);
                at += 2;
                continue;
            }
            self.instruction(inst, &mut deaths, at + 1);
            at += 1;
        }
        self.end(&block.term, &mut deaths, block.insts.len() + 1);
    }

    /// Releases the variables whose last use is by the instruction at `position`.
    fn bury(&mut self, deaths: &mut Vec<(usize, Var)>, position: usize) {
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

    fn bury_but(&mut self, deaths: &[(usize, Var)], position: usize, kept: Var) {
        for &(at, var) in deaths.iter().rev() {
            if at > position {
                break;
            }
            if var != kept {
                self.registers.release(var);
            }
        }
    }

    fn instruction(&mut self, inst: &Inst, deaths: &mut Vec<(usize, Var)>, position: usize) {
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
            Op::Bif(name) => {
                let (op, mut args) = self.bif(name, &inst.args, Operand::Label(0), inst.line);
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
            Op::GetPosition => {
                let live = self.collection_point();
                let context = self.operand(inst.args[0]);
                self.simple(inst, deaths, position, |this, to| {
                    this.out.push(Genop::BsGetPosition, vec![context, to, live]);
                });
            }
            Op::SetPosition => {
                let args = inst.args.iter().map(|&arg| self.operand(arg)).collect();
                self.out.push(Genop::BsSetPosition, args);
                self.bury(deaths, position);
            }
            Op::Call(callee) => {
                self.save_for_call(inst, deaths, position);
                self.place_arguments(&inst.args);
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
                self.save_for_call(inst, deaths, position);
                self.place_arguments(&inst.args);
                self.out.line(inst.line);
                self.out.push(Genop::Send, Vec::new());
                self.result_in_x0(inst, deaths, position);
            }
            Op::BuildStacktrace => {
                self.save_for_call(inst, deaths, position);
                self.place_arguments(&inst.args);
                self.out.push(Genop::BuildStacktrace, Vec::new());
                self.result_in_x0(inst, deaths, position);
            }
            Op::RemoveMessage => {
                self.out.push(Genop::RemoveMessage, Vec::new());
            }
            Op::Timeout => {
                self.out.push(Genop::Timeout, Vec::new());
            }
            Op::TryEnd => {
                let tag = self.operand(inst.args[0]);
                self.out.push(Genop::TryEnd, vec![tag]);
                self.bury(deaths, position);
            }
        }
    }

    /// Saves what is needed after a call, and sees to it that garbage may be collected in it.
    fn save_for_call(&mut self, inst: &Inst, deaths: &[(usize, Var)], position: usize) {
        self.save_in_frame(|var| Some(var) != inst.dst && !Self::dies_at(deaths, position, var));
        self.initialise_frame();
    }

    fn result_in_x0(&mut self, inst: &Inst, deaths: &mut Vec<(usize, Var)>, position: usize) {
        self.registers.clear_x(0);
        match inst.dst {
            Some(dst) => self.registers.set_x(0, dst),
            None => self.registers.set_x_junk(0),
        }
        self.bury(deaths, position);
    }

    /// A guard BIF's instruction but for its result, the last operand.
    fn bif(&mut self, name: Atom, args: &[Value], fail: Operand, line: Line) -> (Genop, Vec<Operand>) {
        let kind = bifs::class(name, args.len()).expect("it has an instruction");
        let mut operands = match (kind, args.len()) {
            (BifClass::Plain, 0) => Vec::new(),
            (BifClass::Plain, _) => vec![fail.clone()],
            (BifClass::Collecting, _) => vec![fail.clone(), self.collection_point()],
        };
        operands.push(self.out.import(Atom::new("erlang"), name, args.len()));
        operands.extend(args.iter().map(|&arg| self.operand(arg)));
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
    fn put_map(&mut self, exact: bool, args: &[Value], fail: Operand, line: Line) -> (Genop, Vec<Operand>) {
        let live = self.collection_point();
        let map = self.operand(args[0]);
        let pairs = args[1..].iter().map(|&arg| self.operand(arg)).collect();
        if fail == Operand::Label(0) {
            self.out.line(line);
        }
        let op = if exact { Genop::PutMapExact } else { Genop::PutMapAssoc };
        (op, vec![fail, map, live, Operand::List(pairs)])
    }

    fn end(&mut self, term: &Term, deaths: &mut Vec<(usize, Var)>, position: usize) {
        match term {
            Term::Return(value) => {
                self.place_arguments(&[*value]);
                self.deallocate();
                self.out.push(Genop::Return, Vec::new());
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
                self.attempt(*op, args, dsts, *fail, deaths, position);
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
                let label = self.prepare_handler(*handler);
                let op = match self.function.block(*handler).entry {
                    Entry::Catch(_) => Genop::Catch,
                    Entry::Try(_) | Entry::Plain | Entry::Loop => Genop::Try,
                };
                self.out.push(op, vec![Operand::Y(slot), label]);
                self.go(*body, &[]);
            }
            Term::LoopRec { message, found, empty } => {
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
            Term::Unreachable => {
                // The call before does not return; the machine must still find an instruction.
                self.step(Step::Move(Source::Constant(Value::atom("ok")), Place::X(0)));
                self.deallocate();
                self.out.push(Genop::Return, Vec::new());
            }
        }
    }

    fn enter_loop(&mut self, head: BlockId) {
        let needed = self.facts.live_in[head.index()].clone();
        self.save_in_frame(|var| needed.binary_search(&var).is_ok());
        self.registers.clear_x(0);
        self.initialise_frame();
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
        let operands = self.test_operands(test);
        self.bury(deaths, position);
        let mut args = vec![self.branch_label(no)];
        args.extend(operands);
        self.out.push(op, args);
        self.go(yes, &[]);
    }

    fn test_operands(&mut self, test: &Test) -> Vec<Operand> {
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
                _ => self.operand(arg),
            });
        }
        operands
    }

    fn attempt(
        &mut self,
        op: Attempt,
        args: &[Value],
        dsts: &[Var],
        fail: BlockId,
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
                let (op, mut operands) = self.bif(name, args, fail, 0);
                self.bury_but(deaths, position, dsts[0]);
                operands.push(self.define(dsts[0]));
                self.out.push(op, operands);
            }
            Attempt::PutMap { exact } => {
                self.collection_point();
                let fail = self.branch_label(fail);
                let (op, mut operands) = self.put_map(exact, args, fail, 0);
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
            Attempt::StartMatch => self.start_match(args[0], dsts[0], fail, deaths, position),
            Attempt::GetSegment(layout) => {
                let live = self.collection_point();
                let fail = self.branch_label(fail);
                let context = self.operand(args[0]);
                let flags = Operand::U(field_flags(layout));
                let mut operands = vec![fail, context, live];
                if !layout.is_utf() {
                    operands.push(match args.get(1) {
                        Some(&size) => self.operand(size),
                        None => Operand::Atom(Atom::new("all")),
                    });
                    operands.push(Operand::U(layout.unit.into()));
                }
                operands.push(flags);
                self.bury_but(deaths, position, dsts[0]);
                operands.push(self.define(dsts[0]));
                let op = match layout.ty {
                    SegmentType::Integer => Genop::BsGetInteger2,
                    SegmentType::Float => Genop::BsGetFloat2,
                    SegmentType::Binary => Genop::BsGetBinary2,
                    SegmentType::Utf8 => Genop::BsGetUtf8,
                    SegmentType::Utf16 => Genop::BsGetUtf16,
                    SegmentType::Utf32 => Genop::BsGetUtf32,
                };
                self.out.push(op, operands);
            }
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

    fn start_match(
        &mut self,
        bits: Value,
        context: Var,
        fail: BlockId,
        deaths: &[(usize, Var)],
        position: usize,
    ) {
        let mut live = self.collection_point();
        let fail = self.branch_label(fail);
        let source = match self.source(bits) {
            Source::Place(place) => place.into(),
            constant @ Source::Constant(_) => {
                // In the first register above the live ones, which counts as live for this instruction.
                let register = self.registers.live();
                self.step(Step::Move(constant, Place::X(register)));
                self.registers.set_x_junk(register);
                live = Operand::U(u64::from(register) + 1);
                Operand::X(register)
            }
        };
        self.bury_but(deaths, position, context);
        let to = self.define(context);
        self.out.push(Genop::BsStartMatch3, vec![fail, source, live, to]);
    }

    /// `bs_create_bin` but for its result, operand 4.
    fn build_bits(&mut self, id: SegmentsId, args: &[Value], fail: Operand, line: Line) -> Vec<Operand> {
        let live = self.collection_point();
        let mut args = args.iter();
        let mut list = Vec::new();
        let segments = self.out.segments(id);
        let is_bytes = |segment: &BuildSegment| match segment {
            BuildSegment::Text(_) => true,
            BuildSegment::Value { layout, .. } => layout.is_utf() || layout.unit.is_multiple_of(8),
        };
        let unit = if segments.iter().all(is_bytes) { 8 } else { 1 };
        for (at, segment) in segments.iter().enumerate() {
            match segment {
                BuildSegment::Text(bytes) => {
                    list.extend([
                        Operand::Atom(Atom::new("string")),
                        Operand::U(0),
                        Operand::U(8),
                        Operand::Nil,
                    ]);
                    list.push(self.out.text(bytes));
                    list.push(Operand::Int(
                        i64::try_from(bytes.len()).expect("strings are shorter than 2^63"),
                    ));
                }
                BuildSegment::Value { layout, has_size } => {
                    let value = *args.next().expect("a segment has its value");
                    let size = has_size.then(|| *args.next().expect("a segment has its size"));
                    let is_appended =
                        at == 0 && segments.len() > 1 && layout.ty == SegmentType::Binary && size.is_none();
                    list.push(Operand::Atom(Atom::new(match layout.ty {
                        SegmentType::Binary if is_appended => "append",
                        SegmentType::Binary => "binary",
                        SegmentType::Integer => "integer",
                        SegmentType::Float => "float",
                        SegmentType::Utf8 => "utf8",
                        SegmentType::Utf16 => "utf16",
                        SegmentType::Utf32 => "utf32",
                    })));
                    list.push(unsigned(at + 1));
                    list.push(Operand::U(if layout.is_utf() { 0 } else { layout.unit.into() }));
                    list.push(self.out.endianness(*layout));
                    list.push(self.operand(value));
                    list.push(match size {
                        Some(size) => self.operand(size),
                        None if layout.is_utf() => Operand::Atom(Atom::new("undefined")),
                        None => Operand::Atom(Atom::new("all")),
                    });
                }
            }
        }
        if fail == Operand::Label(0) {
            self.out.line(line);
        }
        vec![fail, Operand::U(0), live, Operand::U(unit), Operand::List(list)]
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
        self.out.line(line);
        self.out.push(op, operands);
    }
}

/// Flags of a segment that is matched, as the file has them.
fn field_flags(layout: Layout) -> u64 {
    const LITTLE: u64 = 2;
    const SIGNED: u64 = 4;
    const NATIVE: u64 = 16;
    let flag = |is_set: bool, flag: u64| if is_set { flag } else { 0 };
    flag(layout.is_little, LITTLE) | flag(layout.is_signed, SIGNED) | flag(layout.is_native, NATIVE)
}

fn is_comparison(op: Genop) -> bool {
    inverse(op).is_some()
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
