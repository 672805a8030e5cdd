//! What can only be seen once the code of a function stands: equal pieces are written once, jumps to jumps lead on
//! at once, labels that nobody names and source places that hold already are left out.
//!
//! Two pieces that are equal after registers were given out do the same, wherever they are reached from; what
//! each of them may rely on holds for the other, since it is all in their text.

use super::float_loads::remove_known_loads;
use super::known::remove_known_moves;
use std::collections::{HashMap, HashSet};
use swerl_beam::{Genop, Instr, Operand};

/// A label is looked up so many times in a row at most.
const CHAIN: usize = 16;
/// Pieces become equal when those that they lead to have become one.
const PASSES: usize = 4;

/// Tidies the code of a function, which begins at `start`; `entry` is the label where calls enter it.
pub(super) fn tidy(code: &mut Vec<Instr>, start: usize, entry: u32) {
    let mut body = code.split_off(start);
    remove_known_moves(&mut body);
    for _ in 0..PASSES {
        match share(&body, entry) {
            Some(shared) => body = shared,
            None => break,
        }
    }
    remove_known_loads(&mut body);
    finish(body, entry, code);
}

/// A piece of code between labels.
struct Piece<'c> {
    labels: Vec<u32>,
    code: &'c [Instr],
    /// Whether nothing falls into it from above.
    is_apart: bool,
}

fn label_of(instr: &Instr) -> Option<u32> {
    match (instr.op, &instr.args[..]) {
        (Genop::Label, [Operand::U(label)]) => u32::try_from(*label).ok(),
        _ => None,
    }
}

fn jump_of(instr: &Instr) -> Option<u32> {
    match (instr.op, &instr.args[..]) {
        (Genop::Jump, [Operand::Label(label)]) => Some(*label),
        _ => None,
    }
}

fn pieces(body: &[Instr]) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut is_apart = false;
    while at < body.len() {
        let mut labels = Vec::new();
        while let Some(label) = body.get(at).and_then(label_of) {
            labels.push(label);
            at += 1;
        }
        let first = at;
        while at < body.len() && body[at].op != Genop::Label {
            at += 1;
        }
        let code = &body[first..at];
        pieces.push(Piece { labels, code, is_apart });
        is_apart = code.last().is_some_and(|last| is_end(last.op));
    }
    pieces
}

/// Whether control never goes on behind an instruction.
fn is_end(op: Genop) -> bool {
    ends_quietly(op)
        || matches!(
            op,
            Genop::Badmatch
                | Genop::CaseEnd
                | Genop::IfEnd
                | Genop::Badrecord
                | Genop::TryCaseEnd
                | Genop::Raise
                | Genop::Wait
                | Genop::LoopRecEnd
                | Genop::FuncInfo
        )
}

fn ends_quietly(op: Genop) -> bool {
    matches!(
        op,
        Genop::Return
            | Genop::Jump
            | Genop::CallOnly
            | Genop::CallLast
            | Genop::CallExtOnly
            | Genop::CallExtLast
            | Genop::ApplyLast
            | Genop::SelectVal
            | Genop::SelectTupleArity
    )
}

/// Whether a piece may stand for others: it ends without an error, and has no part in `try` and `receive`.
fn is_shareable(code: &[Instr]) -> bool {
    let is_bound = |op: Genop| {
        matches!(
            op,
            Genop::Catch
                | Genop::CatchEnd
                | Genop::Try
                | Genop::TryEnd
                | Genop::TryCase
                | Genop::LoopRec
                | Genop::RemoveMessage
                | Genop::Timeout
                | Genop::WaitTimeout
                | Genop::RecvMarkerReserve
                | Genop::RecvMarkerBind
                | Genop::RecvMarkerUse
                | Genop::RecvMarkerClear
        )
    };
    code.last().is_some_and(|last| ends_quietly(last.op)) && !code.iter().any(|instr| is_bound(instr.op))
}

/// The code with equal pieces written once; none if there are no such.
fn share(body: &[Instr], entry: u32) -> Option<Vec<Instr>> {
    let pieces = pieces(body);
    let mut known: HashMap<&[Instr], u32> = HashMap::new();
    let mut instead: HashMap<u32, u32> = HashMap::new();
    for piece in &pieces {
        let Some(&label) = piece.labels.first() else { continue };
        if piece.labels.contains(&entry) || !is_shareable(piece.code) {
            continue;
        }
        let target = match piece.code {
            [only] if jump_of(only).is_some() => jump_of(only),
            code => match known.get(code) {
                Some(&other) => Some(other),
                None => {
                    known.insert(code, label);
                    None
                }
            },
        };
        if let Some(target) = target.filter(|target| !piece.labels.contains(target)) {
            instead.extend(piece.labels.iter().map(|&label| (label, target)));
        }
    }
    if instead.is_empty() {
        return None;
    }
    let resolve = |mut label: u32| {
        for _ in 0..CHAIN {
            match instead.get(&label) {
                Some(&next) => label = next,
                None => break,
            }
        }
        label
    };
    let mut shared = Vec::with_capacity(body.len());
    for piece in &pieces {
        let replaced = piece.labels.first().filter(|label| instead.contains_key(label));
        // In a ring of jumps some label is left, and with it its piece.
        let target = replaced.map(|&label| resolve(label)).filter(|target| !instead.contains_key(target));
        if let Some(target) = target {
            if !piece.is_apart {
                match piece.code {
                    [only] => shared.push(with_labels(only, &resolve)),
                    _ => shared.push(Instr { op: Genop::Jump, args: vec![Operand::Label(target)] }),
                }
            }
            continue;
        }
        let labels = piece
            .labels
            .iter()
            .map(|&label| Instr { op: Genop::Label, args: vec![Operand::U(u64::from(label))] });
        shared.extend(labels);
        shared.extend(piece.code.iter().map(|instr| with_labels(instr, &resolve)));
    }
    Some(shared)
}

fn with_labels(instr: &Instr, resolve: &dyn Fn(u32) -> u32) -> Instr {
    let mut instr = instr.clone();
    let change = |operand: &mut Operand| {
        if let Operand::Label(label) = operand
            && *label != 0
        {
            *label = resolve(*label);
        }
    };
    for operand in &mut instr.args {
        match operand {
            Operand::List(operands) => operands.iter_mut().for_each(change),
            single => change(single),
        }
    }
    instr
}

/// Leaves out what says nothing.
fn finish(body: Vec<Instr>, entry: u32, code: &mut Vec<Instr>) {
    let mut named: HashSet<u32> = HashSet::from([entry - 1, entry]);
    for instr in &body {
        for operand in &instr.args {
            match operand {
                Operand::Label(label) => {
                    named.insert(*label);
                }
                Operand::List(operands) => {
                    named.extend(operands.iter().filter_map(|operand| match operand {
                        Operand::Label(label) => Some(*label),
                        _ => None,
                    }))
                }
                _ => {}
            }
        }
    }
    let first = code.len();
    let mut place: Option<Instr> = None;
    let mut is_reached = true;
    for instr in body {
        if let Some(label) = label_of(&instr) {
            if !named.contains(&label) {
                continue;
            }
            let before = code[first..].iter().rposition(|instr| instr.op != Genop::Label);
            // What comes next need not be jumped to.
            if let Some(before) = before
                && jump_of(&code[first + before]) == Some(label)
            {
                code.remove(first + before);
            }
            is_reached = true;
            code.push(instr);
            continue;
        }
        if !is_reached {
            continue;
        }
        match instr.op {
            Genop::Line => {
                if place.as_ref() == Some(&instr) {
                    continue;
                }
                place = Some(instr.clone());
            }
            // What was noted before this instruction does not hold after it.
            Genop::FuncInfo => place = None,
            op => {
                is_reached = !is_end(op);
                // OTP's loader forgets the place that is noted before a tail call.
                if matches!(
                    op,
                    Genop::CallLast
                        | Genop::CallOnly
                        | Genop::CallExtLast
                        | Genop::CallExtOnly
                        | Genop::ApplyLast
                ) {
                    place = None;
                }
            }
        }
        code.push(instr);
    }
}
