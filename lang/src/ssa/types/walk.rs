//! The walk over one function: what is known of its variables at each block.
//!
//! What a variable is where it is defined holds everywhere. What tests tell holds in the blocks that they
//! dominate: each block begins with what its immediate dominator knew, and with what the way from there says,
//! if that is the only way.

use super::Summaries;
use super::calls::{bif_operand, bif_result, remote_result};
use super::lattice::{Kinds, Type};
use super::outcome::{is_decided, outcomes};
use super::range::Range;
use crate::core::{Constants, Layout, SegmentType};
use crate::ssa::{Attempt, BlockId, Callee, Entry, Function, FunctionId, Inst, Op, Term, Value, Var};
use imbl::HashMap;

/// Order and dominators of a function's blocks.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) order: Vec<BlockId>,
    /// By block: the one that every way to it leads through last.
    dominator: Vec<BlockId>,
    /// By block: how many ways lead to it.
    ways: Vec<u32>,
}

impl Shape {
    pub(super) fn of(function: &Function) -> Self {
        let order = function.reverse_postorder();
        let count = function.blocks.len();
        let mut number = vec![u32::MAX; count];
        for (at, id) in (0..).zip(&order) {
            number[id.index()] = at;
        }
        let mut ways = vec![0; count];
        let mut dominator: Vec<BlockId> = vec![BlockId(u32::MAX); count];
        dominator[0] = BlockId(0);
        // Ways back come from blocks that their targets dominate, so one pass will do.
        for &id in &order {
            function.block(id).term.for_each_successor(|next| {
                ways[next.index()] += 1;
                let known = dominator[next.index()];
                if number[next.index()] <= number[id.index()] {
                    return;
                }
                dominator[next.index()] =
                    if known.0 == u32::MAX { id } else { common(known, id, &dominator, &number) };
            });
        }
        Self { order, dominator, ways }
    }
}

fn common(mut a: BlockId, mut b: BlockId, dominator: &[BlockId], number: &[u32]) -> BlockId {
    while a != b {
        if number[a.index()] > number[b.index()] {
            a = dominator[a.index()];
        } else {
            b = dominator[b.index()];
        }
    }
    a
}

/// What is known of variables beyond where they are defined.
pub(super) type Known = HashMap<Var, Type>;

/// What a walk finds.
#[derive(Debug)]
pub(super) struct Facts {
    pub(super) result: Type,
    /// The calls of functions of the module that may happen, with their operands.
    pub(super) calls: Vec<(FunctionId, Vec<Type>)>,
    /// By variable: what it is where it is defined.
    defined: Vec<Type>,
    /// By block: what is known at its beginning, if it can be reached.
    entry: Vec<Option<Known>>,
}

impl Facts {
    /// Whether a block can be reached.
    pub(super) fn reaches(&self, block: BlockId) -> bool {
        self.entry[block.index()].is_some()
    }

    /// What is known at the beginning of a block.
    pub(super) fn at(&self, block: BlockId) -> Known {
        self.entry[block.index()].clone().unwrap_or_default()
    }

    /// What a value is.
    pub(super) fn type_of(&self, value: Value, known: &Known, constants: &Constants) -> Type {
        match value {
            Value::Var(var) => known.get(&var).unwrap_or(&self.defined[var.index()]).clone(),
            constant => Type::of_value(constant, constants),
        }
    }

    fn refine(&self, value: Value, known: &mut Known, ty: &Type) {
        if let Value::Var(var) = value {
            let before = known.get(&var).unwrap_or(&self.defined[var.index()]);
            let after = before.and(ty);
            if after != *before {
                known.insert(var, after);
            }
        }
    }

    /// What an instruction gives, and what is known of its operands after it.
    pub(super) fn inst(
        &self,
        inst: &Inst,
        known: &mut Known,
        summaries: &Summaries,
        constants: &Constants,
    ) -> Type {
        let args: Vec<Type> = inst.args.iter().map(|&arg| self.type_of(arg, known, constants)).collect();
        match inst.op {
            Op::Tuple => Type::tuple(args.into_iter()),
            Op::Cons => Type::cell(&args[0], &args[1]),
            Op::Head => args[0].head(),
            Op::Tail => args[0].tail(),
            Op::Overwrite(at) => {
                args[0].with_element(&Type::integer(Range::one(i64::from(at) + 1)), &args[1])
            }
            Op::SetElement { size, .. } => {
                self.refine(inst.args[1], known, &Type::tuple_of_size(size as usize));
                args[1].with_element(&args[0], &args[2])
            }
            Op::Element(at) => {
                let elements = args[0].tuple.as_ref();
                elements.and_then(|elements| elements.get(at as usize).cloned()).unwrap_or(Type::ANY)
            }
            Op::Bif(name) => {
                let result = bif_result(name, &args);
                for (at, &arg) in inst.args.iter().enumerate() {
                    self.refine(arg, known, &bif_operand(name, args.len(), at));
                }
                result
            }
            Op::FloatArith(..) => Type::of(Kinds::FLOAT),
            Op::MakeFun(_) => Type::of(Kinds::FUN),
            Op::Call(Callee::Local(callee)) => summaries.functions[callee.index()].result.clone(),
            Op::Call(Callee::Remote(module, name)) => remote_result(module, name, &args),
            Op::PutMap { .. } => {
                self.refine(inst.args[0], known, &Type::of(Kinds::MAP));
                Type::of(Kinds::MAP)
            }
            Op::BuildBits(_) | Op::GetTail => Type::of(Kinds::BITS),
            Op::Call(Callee::Fun | Callee::Apply)
            | Op::Send
            | Op::RemoveMessage
            | Op::Timeout
            | Op::ReserveMarker
            | Op::BindMarker
            | Op::UseMarker
            | Op::ClearMarker
            | Op::TryEnd
            | Op::BuildStacktrace
            | Op::GetPosition
            | Op::SetPosition => Type::ANY,
        }
    }
}

/// Walks a function.
pub(super) fn walk(
    function: &Function,
    shape: &Shape,
    summaries: &Summaries,
    id: FunctionId,
    constants: &Constants,
) -> Facts {
    let mut facts = Facts {
        result: Type::NONE,
        calls: Vec::new(),
        defined: vec![Type::ANY; function.var_count as usize],
        entry: vec![None; function.blocks.len()],
    };
    for (param, ty) in function.params.iter().zip(&summaries.functions[id.index()].params) {
        facts.defined[param.index()] = ty.clone();
    }
    for block in &function.blocks {
        if block.entry == Entry::Plain {
            block.params.iter().for_each(|param| facts.defined[param.index()] = Type::NONE);
        }
    }
    // By block: what is known at its end.
    let mut ends: Vec<Option<Known>> = vec![None; function.blocks.len()];
    facts.entry[0] = Some(Known::new());
    for &at in &shape.order {
        let Some(mut known) = facts.entry[at.index()].take() else { continue };
        // What leads here from several sides is only known as far as the dominator knew it.
        if at.0 != 0 && shape.ways[at.index()] != 1 {
            known = ends[shape.dominator[at.index()].index()].clone().unwrap_or_default();
        }
        facts.entry[at.index()] = Some(known.clone());
        let block = function.block(at);
        let mut comes_back = true;
        for inst in &block.insts {
            if let Op::Call(Callee::Local(callee)) = inst.op {
                let args = inst.args.iter().map(|&arg| facts.type_of(arg, &known, constants)).collect();
                facts.calls.push((callee, args));
            }
            let ty = facts.inst(inst, &mut known, summaries, constants);
            if let Op::Call(Callee::Local(_)) = inst.op
                && ty.is_none()
            {
                comes_back = false;
                break;
            }
            if let Some(dst) = inst.dst {
                facts.defined[dst.index()] = ty;
            }
        }
        if comes_back {
            end(function, &mut facts, at, &known, summaries, constants);
        }
        ends[at.index()] = Some(known);
    }
    facts
}

/// What the end of a block tells of where it leads.
fn end(
    function: &Function,
    facts: &mut Facts,
    at: BlockId,
    known: &Known,
    summaries: &Summaries,
    constants: &Constants,
) {
    let reach = |facts: &mut Facts, next: BlockId, known: &Known| {
        facts.entry[next.index()].get_or_insert_with(|| known.clone());
    };
    match &function.block(at).term {
        Term::Return(value) => facts.result = facts.result.or(&facts.type_of(*value, known, constants)),
        Term::TailCall { callee, args, .. } => {
            let types: Vec<Type> = args.iter().map(|&arg| facts.type_of(arg, known, constants)).collect();
            let result = match callee {
                Callee::Local(callee) => {
                    let result = summaries.functions[callee.index()].result.clone();
                    facts.calls.push((*callee, types));
                    result
                }
                Callee::Remote(module, name) => remote_result(*module, *name, &types),
                Callee::Fun | Callee::Apply => Type::ANY,
            };
            facts.result = facts.result.or(&result);
        }
        Term::Jump(target, args) => {
            if function.block(*target).entry == Entry::Plain {
                for (&param, &arg) in function.block(*target).params.iter().zip(args) {
                    let ty = facts.defined[param.index()].or(&facts.type_of(arg, known, constants));
                    facts.defined[param.index()] = ty;
                }
            }
            reach(facts, *target, known);
        }
        Term::Branch { test, yes, no } => {
            let (when, otherwise) = outcomes(test, facts, known, constants);
            for (next, outcome) in [(*yes, when), (*no, otherwise)] {
                let Some(told) = outcome else { continue };
                let mut known = known.clone();
                told.iter().for_each(|(value, ty)| facts.refine(*value, &mut known, ty));
                reach(facts, next, &known);
            }
        }
        Term::Switch { value, cases, default } => {
            let ty = facts.type_of(*value, known, constants);
            let mut left = ty.clone();
            for &(case, next) in cases {
                let case_type = Type::of_value(case, constants);
                if ty.and(&case_type).is_none() {
                    continue;
                }
                left = left.without(case_type.kinds.and(Kinds::BOOLEAN));
                let mut known = known.clone();
                facts.refine(*value, &mut known, &case_type);
                reach(facts, next, &known);
            }
            if !left.is_none() && !is_decided(&ty, cases) {
                let mut known = known.clone();
                facts.refine(*value, &mut known, &left);
                reach(facts, *default, &known);
            }
        }
        Term::SwitchArity { value, cases, default } => {
            let ty = facts.type_of(*value, known, constants);
            let mut is_certain = false;
            for &(size, next) in cases {
                let case_type = Type::tuple_of_size(size as usize);
                if ty.and(&case_type).is_none() {
                    continue;
                }
                is_certain |= ty.elements().is_some_and(|elements| elements.len() == size as usize);
                let mut known = known.clone();
                facts.refine(*value, &mut known, &case_type);
                reach(facts, next, &known);
            }
            if !is_certain {
                reach(facts, *default, known);
            }
        }
        Term::Attempt { op, args, dsts, ok, fail } => {
            let types: Vec<Type> = args.iter().map(|&arg| facts.type_of(arg, known, constants)).collect();
            let mut after = known.clone();
            let result = match op {
                Attempt::Bif(name) => {
                    for (at, &arg) in args.iter().enumerate() {
                        facts.refine(arg, &mut after, &bif_operand(*name, args.len(), at));
                    }
                    bif_result(*name, &types)
                }
                Attempt::GetMapElements => {
                    facts.refine(args[0], &mut after, &Type::of(Kinds::MAP));
                    Type::ANY
                }
                Attempt::PutMap => Type::of(Kinds::MAP),
                Attempt::BuildBits(_) => Type::of(Kinds::BITS),
                Attempt::StartMatch => {
                    facts.refine(args[0], &mut after, &Type::of(Kinds::BITS));
                    Type::ANY
                }
                Attempt::GetSegment(layout) => segment(*layout, args.get(1).copied()),
            };
            dsts.iter().for_each(|dst| facts.defined[dst.index()] = result.clone());
            reach(facts, *ok, &after);
            reach(facts, *fail, known);
        }
        Term::Error { .. } | Term::Raise(..) | Term::Unreachable => {}
        term @ (Term::Try { .. } | Term::LoopRec { .. } | Term::LoopRecEnd(_) | Term::Wait(..)) => {
            term.for_each_successor(|next| reach(facts, next, known));
        }
    }
}

/// What a segment of a match gives, with its size.
fn segment(layout: Layout, size: Option<Value>) -> Type {
    match (layout.ty, size) {
        (SegmentType::Float, _) => Type::of(Kinds::FLOAT),
        (SegmentType::Binary, _) => Type::of(Kinds::BITS),
        (SegmentType::Integer, Some(Value::Int(size))) => {
            let bits = u32::try_from(size).ok().and_then(|size| size.checked_mul(layout.unit));
            Type::integer(bits.map_or(Range::ALL, |bits| Range::of_bits(bits, layout.is_signed)))
        }
        (SegmentType::Integer, _) => Type::of(Kinds::INTEGER),
        (SegmentType::Utf8 | SegmentType::Utf16 | SegmentType::Utf32, _) => {
            Type::integer(Range::of(0, 0x10_FFFF))
        }
    }
}
