//! Floats that a floating-point register holds already are not loaded again.
//!
//! A run of float operations ends with a block, and what is needed later becomes a term; the next run would load it from
//! there. Nothing but calls disturbs the registers, so on ways that only lead forward the next run finds it where it was. For
//! this each float gets a register of its own, as long as there are some.

use std::collections::HashMap;
use swerl_beam::{Genop, Instr, Operand};

/// Floating-point registers that are used at most.
const REGISTERS: u16 = 48;

/// Registers and constants, and the floating-point registers that hold the same floats.
type Known = HashMap<Operand, u16>;

struct Pass {
    /// What is known here; none where nothing comes from above.
    known: Option<Known>,
    /// What is known at labels further down, and how many ways lead there so far.
    ahead: HashMap<u32, (Known, usize)>,
    /// How many ways lead to a label.
    ways: HashMap<u32, usize>,
    /// The registers of this run, by the numbers that they had.
    names: HashMap<u16, u16>,
    next: u16,
}

/// Leaves out the loads. Code with more floats at a time than there are registers stays as it is.
pub(super) fn remove_known_loads(body: &mut Vec<Instr>) {
    if !body.iter().any(|instr| instr.op == Genop::Fmove) {
        return;
    }
    let mut ways = HashMap::new();
    body.iter()
        .for_each(|instr| for_each_label(&instr.args, &mut |label| *ways.entry(label).or_insert(0) += 1));
    let mut pass =
        Pass { known: Some(Known::new()), ahead: HashMap::new(), ways, names: HashMap::new(), next: 0 };
    let mut out = Vec::with_capacity(body.len());
    for instr in body.iter() {
        match pass.instruction(instr) {
            Some(Some(instr)) => out.push(instr),
            Some(None) => {}
            None => return,
        }
    }
    *body = out;
}

fn for_each_label(args: &[Operand], visit: &mut impl FnMut(u32)) {
    for arg in args {
        match arg {
            Operand::Label(label) if *label != 0 => visit(*label),
            Operand::List(parts) => parts.iter().for_each(|part| {
                if let Operand::Label(label) = part {
                    visit(*label);
                }
            }),
            _ => {}
        }
    }
}

/// What of both is the same.
fn common(mut one: Known, other: &Known) -> Known {
    one.retain(|place, register| other.get(place) == Some(register));
    one
}

impl Pass {
    /// The instruction as it is to be, which may be none at all; `None` if there are not enough registers.
    #[expect(clippy::option_option, reason = "the outer one ends the pass")]
    fn instruction(&mut self, instr: &Instr) -> Option<Option<Instr>> {
        use Genop::*;
        let args = &instr.args[..];
        match (instr.op, args) {
            (Label, [Operand::U(label)]) => self.label(u32::try_from(*label).unwrap_or(0)),
            (Line | TestHeap, _) => {}
            (Fmove, [Operand::Fr(from), to]) => {
                let from = *self.names.get(from)?;
                self.forget(to);
                self.note(to, from);
                return Some(Some(Instr { op: Fmove, args: vec![Operand::Fr(from), to.clone()] }));
            }
            (Fmove, [from, Operand::Fr(to)]) => {
                let held = self.known.as_ref().and_then(|known| known.get(from.untyped())).copied();
                if let Some(held) = held {
                    self.names.insert(*to, held);
                    return Some(None);
                }
                let to = self.fresh(*to)?;
                self.note(from, to);
                return Some(Some(Instr { op: Fmove, args: vec![from.clone(), Operand::Fr(to)] }));
            }
            (Fconv, [from, Operand::Fr(to)]) => {
                let to = self.fresh(*to)?;
                return Some(Some(Instr { op: Fconv, args: vec![from.clone(), Operand::Fr(to)] }));
            }
            (Fadd | Fsub | Fmul | Fdiv, [fail, sources @ .., Operand::Fr(to)]) => {
                let mut renamed = vec![fail.clone()];
                for source in sources {
                    let Operand::Fr(source) = source else { return None };
                    renamed.push(Operand::Fr(*self.names.get(source)?));
                }
                renamed.push(Operand::Fr(self.fresh(*to)?));
                return Some(Some(Instr { op: instr.op, args: renamed }));
            }
            (
                IsLt | IsGe | IsEq | IsNe | IsEqExact | IsNeExact | IsInteger | IsFloat | IsNumber | IsAtom
                | IsNil | IsList | IsNonemptyList | IsTuple | TestArity | IsTaggedTuple | IsBoolean,
                _,
            ) => self.leads_on(args),
            (Bif0 | Bif1 | Bif2 | GcBif1 | GcBif2 | GcBif3, [.., to]) => {
                self.leads_on(args);
                self.forget(to);
            }
            (Move, [from, to]) => {
                let held = self.known.as_ref().and_then(|known| known.get(from.untyped())).copied();
                self.forget(to);
                if let Some(held) = held {
                    self.note(to, held);
                }
            }
            (GetTupleElement | GetHd | GetTl | PutList, [.., to]) | (PutTuple2, [to, ..]) => self.forget(to),
            (GetList, [_, head, tail]) => {
                self.forget(head);
                self.forget(tail);
            }
            (Swap, [a, b]) => {
                self.forget(a);
                self.forget(b);
            }
            (Jump | SelectVal | SelectTupleArity, _) => {
                self.leads_on(args);
                self.known = None;
            }
            (Return | CallOnly | CallLast | CallExtOnly | CallExtLast, _) => self.known = None,
            _ => {
                self.known = Some(Known::new());
                self.leads_on(args);
            }
        }
        Some(Some(instr.clone()))
    }

    /// A label: only what is known on all ways to it is known here.
    fn label(&mut self, label: u32) {
        let above = self.known.take();
        let (ahead, seen) = self.ahead.remove(&label).map_or((None, 0), |(known, seen)| (Some(known), seen));
        let all = self.ways.get(&label).copied().unwrap_or(0) == seen;
        self.known = Some(match (all, above, ahead) {
            (true, Some(above), Some(ahead)) => common(above, &ahead),
            (true, None, Some(known)) | (true, Some(known), None) => known,
            _ => Known::new(),
        });
        self.names.clear();
    }

    /// Ways lead to labels from here.
    fn leads_on(&mut self, args: &[Operand]) {
        let Self { known, ahead, .. } = self;
        let Some(known) = known else { return };
        for_each_label(args, &mut |label| {
            let (there, seen) = ahead.remove(&label).unwrap_or_else(|| (known.clone(), 0));
            ahead.insert(label, (common(there, known), seen + 1));
        });
    }

    fn forget(&mut self, place: &Operand) {
        if let Some(known) = &mut self.known {
            known.remove(place.untyped());
        }
    }

    fn note(&mut self, place: &Operand, register: u16) {
        if let Some(known) = &mut self.known {
            known.insert(place.untyped().clone(), register);
        }
    }

    /// A register for what had this number, that holds nothing of this run. `None`: there is none.
    fn fresh(&mut self, number: u16) -> Option<u16> {
        self.names.remove(&number);
        let mut next = (0..REGISTERS).map(|more| (self.next + more) % REGISTERS);
        let register = next.find(|register| !self.names.values().any(|used| used == register))?;
        self.next = (register + 1) % REGISTERS;
        let stays = |_: &Operand, held: &mut u16| *held != register;
        self.known.iter_mut().for_each(|known| known.retain(stays));
        self.ahead.values_mut().for_each(|(known, _)| known.retain(stays));
        self.names.insert(number, register);
        Some(register)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Genop::*;

    fn fr(number: u16) -> Operand {
        Operand::Fr(number)
    }

    fn x(number: u16) -> Operand {
        Operand::X(number)
    }

    fn label(number: u32) -> Operand {
        Operand::Label(number)
    }

    fn left(code: &[(Genop, Vec<Operand>)]) -> Vec<(Genop, Vec<Operand>)> {
        let mut body = code.iter().map(|(op, args)| Instr { op: *op, args: args.clone() }).collect();
        remove_known_loads(&mut body);
        body.into_iter().map(|instr| (instr.op, instr.args)).collect()
    }

    /// A square that becomes a term, a way, and a sum of it and another.
    fn two_runs(between: Vec<(Genop, Vec<Operand>)>) -> Vec<(Genop, Vec<Operand>)> {
        let mut code = vec![
            (Fmove, vec![x(0), fr(0)]),
            (Fmul, vec![label(0), fr(0), fr(0), fr(1)]),
            (Fmove, vec![fr(1), x(2)]),
        ];
        code.extend(between);
        code.extend([
            (Fmove, vec![x(2), fr(0)]),
            (Fmove, vec![x(1), fr(1)]),
            (Fadd, vec![label(0), fr(0), fr(1), fr(2)]),
            (Fmove, vec![fr(2), x(0)]),
            (Return, vec![]),
        ]);
        code
    }

    #[test]
    fn a_float_is_found_where_it_was() {
        let test = (IsLt, vec![label(5), x(2), x(1)]);
        let code = two_runs(vec![test, (Label, vec![Operand::U(5)])]);
        let out = left(&code);
        assert_eq!(out[..5], code[..5]);
        assert_eq!(out[5], (Fmove, vec![x(1), fr(2)]));
        assert_eq!(out[6], (Fadd, vec![label(0), fr(1), fr(2), fr(3)]));
        assert_eq!(out[7], (Fmove, vec![fr(3), x(0)]));
    }

    #[test]
    fn what_may_have_changed_is_loaded() {
        let back = (IsLt, vec![label(5), x(2), x(1)]);
        for between in [
            vec![(Call, vec![Operand::U(1), label(7)])],
            vec![(Move, vec![x(1), x(2)])],
            vec![(Label, vec![Operand::U(5)]), back],
        ] {
            let count = two_runs(between.clone()).len();
            assert_eq!(left(&two_runs(between)).len(), count);
        }
    }
}
