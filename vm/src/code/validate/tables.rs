//! Where functions and labels lie in the code, and whether the module's tables agree with that.

use super::{Function, MAX_ARITY, ValidateError, ValidateErrorKind, never_returns};
use std::ops::Range;
use swerl_beam::{Atom, CodeOutline, Exit, FunctionOutline, Genop, Module, Operand};

/// No instruction: the place of a label that is not defined, and of code outside functions.
const NOWHERE: u32 = u32::MAX;

/// Functions and labels.
#[derive(Debug)]
pub(in crate::code) struct Layout {
    functions: Vec<Function>,
    /// By label: the instruction of the code at hand that defines it.
    labels: Vec<u32>,
    /// By label: the function whose entry it is.
    entries: Vec<u32>,
    /// The function whose code is at hand.
    at_hand: usize,
    /// The labels that its code may define.
    pub(super) reach: Range<u32>,
    /// By function: whether a call of it may come back.
    may_return: Vec<bool>,
}

impl Layout {
    /// The place of a label, if there is one.
    pub(super) fn position(&self, label: u32) -> Option<u32> {
        self.labels.get(label as usize).copied().filter(|&position| position != NOWHERE)
    }

    /// The function whose entry the label is.
    pub(super) fn entry(&self, label: u32) -> Option<&Function> {
        let index = self.entries.get(label as usize).copied()?;
        self.functions.get(index as usize)
    }

    /// Whether a call of the function with this entry may come back. Compilers leave out what would follow a call
    /// that does not.
    pub(super) fn may_return(&self, entry: &Operand) -> bool {
        let Operand::Label(label) = entry else { return true };
        let index = self.entries.get(*label as usize).copied().unwrap_or(NOWHERE);
        self.may_return.get(index as usize).copied().unwrap_or(true)
    }

    /// An error at an instruction.
    pub(super) fn error(
        &self,
        module: &Module,
        instruction: usize,
        kind: ValidateErrorKind,
    ) -> ValidateError {
        let function = self.functions.get(self.at_hand);
        ValidateError {
            function: function.map(|function| (function.name, function.arity)),
            instruction: Some(instruction),
            op: module.code.get(instruction).map(|instr| instr.op),
            kind,
        }
    }
}

/// Finds the functions that may return: those with a `return` or a tail call to anything that may.
fn find_returning(module: &Module, layout: &mut Layout, code: &CodeOutline) {
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); layout.functions.len()];
    let mut found = Vec::new();
    layout.may_return = vec![false; layout.functions.len()];
    let imported = |index: u32| module.imports.get(index as usize);
    // A native function stands in the place of one that says that it is missing.
    let is_replaced = |index| imported(index).is_some_and(|import| import.function.as_str() == "nif_error");
    for (index, function) in (0..).zip(&code.functions) {
        let mut returns = false;
        for &exit in &function.exits {
            returns |= match exit {
                Exit::Return => true,
                Exit::Call(import) => is_replaced(import),
                Exit::Import(import) => is_replaced(import) || !imported(import).is_some_and(never_returns),
                Exit::Local(label) => {
                    let callee = layout.entries.get(label as usize).copied().unwrap_or(NOWHERE);
                    callers.get_mut(callee as usize).map(|callers| callers.push(index)).is_none()
                }
            };
        }
        if returns {
            found.push(index);
        }
    }
    while let Some(index) = found.pop() {
        if !std::mem::replace(&mut layout.may_return[index as usize], true) {
            found.append(&mut callers[index as usize]);
        }
    }
}

/// The functions of a module that is decoded one by one; none has its place yet.
pub(super) fn of_outline(module: &Module, code: &CodeOutline) -> Result<Layout, ValidateError> {
    use ValidateErrorKind::{BadLabel, FunctionCount, Layout as Misplaced, NoName};
    if module.name.is_none() {
        return Err(ValidateError::of_module(NoName));
    }
    let mut layout = Layout {
        functions: Vec::with_capacity(code.functions.len()),
        labels: vec![NOWHERE; module.label_count as usize],
        entries: vec![NOWHERE; module.label_count as usize],
        at_hand: 0,
        reach: 0..0,
        may_return: Vec::new(),
    };
    let (expected, found) = (module.function_count, code.functions.len());
    if found != expected as usize {
        return Err(ValidateError::of_module(FunctionCount { expected, found }));
    }
    for (index, function) in (0..).zip(&code.functions) {
        let FunctionOutline { name, arity, entry, .. } = *function;
        let fault = |kind| ValidateError { function: Some((name, arity)), ..ValidateError::of_module(kind) };
        match layout.entries.get_mut(entry as usize) {
            Some(place) if *place == NOWHERE && entry > 0 => *place = index,
            _ => return Err(fault(BadLabel(u64::from(entry)))),
        }
        if arity > u32::from(MAX_ARITY) {
            return Err(fault(Misplaced));
        }
        layout.functions.push(Function { name, arity, info: 0, entry: 0 });
    }
    check_tables(module, &layout)?;
    find_returning(module, &mut layout, code);
    Ok(layout)
}

impl Layout {
    /// Gives the function with this number, which is all the code that the module has now, its place.
    pub(super) fn place(&mut self, module: &Module, index: usize) -> Result<Function, ValidateError> {
        let this = u32::try_from(index).expect("no more than bytes");
        self.at_hand = index;
        self.reach = 0..0;
        let (mut first, mut behind) = (u32::MAX, 0);
        let mut info = None;
        for (position, instr) in (0u32..).zip(&module.code) {
            let refused = |layout: &Self, kind| Err(layout.error(module, position as usize, kind));
            match (instr.op, &instr.args[..]) {
                (Genop::Label, [Operand::U(number)]) => {
                    let is_entry = position > 0 && info == Some(position - 1);
                    let Some(label) = u32::try_from(*number)
                        .ok()
                        .filter(|&label| self.is_free(label, if is_entry { this } else { NOWHERE }))
                    else {
                        return refused(self, ValidateErrorKind::BadLabel(*number));
                    };
                    self.labels[label as usize] = position;
                    (first, behind) = (first.min(label), behind.max(label + 1));
                    self.reach = first..behind;
                }
                (Genop::Label, _) => return refused(self, ValidateErrorKind::OperandCount),
                (Genop::FuncInfo, args) => {
                    let Function { name, arity, .. } = self.functions[index];
                    let header = [Operand::Atom(name), Operand::U(u64::from(arity))];
                    if args.first() != module.name.map(Operand::Atom).as_ref() {
                        return refused(self, ValidateErrorKind::ForeignFunction);
                    }
                    if args.get(1..) != Some(&header[..])
                        || position == 0
                        || module.code[0].op != Genop::Label
                    {
                        return refused(self, ValidateErrorKind::Layout);
                    }
                    info = Some(position);
                }
                _ => {}
            }
        }
        let info = info.ok_or_else(|| ValidateError::of_module(ValidateErrorKind::Layout))?;
        Ok(Function { info, entry: info + 1, ..self.functions[index] })
    }

    /// May the label be defined, where `entry_of` is the function that begins there, if one does?
    fn is_free(&self, label: u32, entry_of: u32) -> bool {
        label > 0
            && self.labels.get(label as usize) == Some(&NOWHERE)
            && self.entries.get(label as usize) == Some(&entry_of)
    }

    /// Takes its place from the function again: its labels are nobody's.
    pub(super) fn leave(&mut self) {
        let reach = self.reach.start as usize..self.reach.end as usize;
        self.labels[reach].fill(NOWHERE);
    }
}

fn check_tables(module: &Module, layout: &Layout) -> Result<(), ValidateError> {
    let check = |table: &'static str, name: Atom, arity: u32, label: u32| match layout.entry(label) {
        Some(function) if function.name == name && function.arity == arity => Ok(()),
        _ => Err(ValidateError::of_module(ValidateErrorKind::BadEntry { table, name, arity })),
    };
    for export in &module.exports {
        check("export", export.function, export.arity, export.label)?;
    }
    for local in &module.locals {
        check("local function", local.function, local.arity, local.label)?;
    }
    for (index, lambda) in module.lambdas.iter().enumerate() {
        check("fun", lambda.function, lambda.arity, lambda.label)?;
        if lambda.num_free > lambda.arity {
            return Err(ValidateError::of_module(ValidateErrorKind::BadLambda(index)));
        }
    }
    Ok(())
}
