//! Where functions and labels lie in the code, and whether the module's tables agree with that.

use super::{Function, MAX_ARITY, ValidateError, ValidateErrorKind, never_returns};
use std::ops::Range;
use swerl_beam::{Atom, CodeOutline, Exit, Genop, Instr, Module, Operand};

/// No instruction: the place of a label that is not defined, and of code outside functions.
const NOWHERE: u32 = u32::MAX;

/// Functions and labels.
#[derive(Debug)]
pub(in crate::code) struct Layout {
    pub(super) functions: Vec<Function>,
    /// By label: the instruction that defines it.
    pub(super) labels: Vec<u32>,
    /// By label: the function whose entry it is.
    pub(super) entries: Vec<u32>,
    /// By instruction: its function.
    function_of: Vec<u32>,
    /// The labels that the code at hand may define.
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
        let function =
            self.function_of.get(instruction).and_then(|&index| self.functions.get(index as usize));
        ValidateError {
            function: function.map(|function| (function.name, function.arity)),
            instruction: Some(instruction),
            op: module.code.get(instruction).map(|instr| instr.op),
            kind,
        }
    }
}

/// Finds the functions and labels, and checks the tables that name functions.
pub(super) fn layout(module: &Module) -> Result<Layout, ValidateError> {
    let name = module.name.ok_or_else(|| ValidateError::of_module(ValidateErrorKind::NoName))?;
    let code_size =
        u32::try_from(module.code.len()).map_err(|_| ValidateError::of_module(ValidateErrorKind::Layout))?;
    let mut layout = Layout {
        functions: Vec::new(),
        labels: vec![NOWHERE; module.label_count as usize],
        entries: vec![NOWHERE; module.label_count as usize],
        function_of: vec![NOWHERE; module.code.len()],
        reach: 0..module.label_count,
        may_return: Vec::new(),
    };
    for (index, (instr, position)) in module.code.iter().zip(0..code_size).enumerate() {
        if instr.op == Genop::Label {
            let [Operand::U(number)] = instr.args[..] else {
                return Err(layout.error(module, index, ValidateErrorKind::OperandCount));
            };
            match usize::try_from(number).ok().and_then(|number| layout.labels.get_mut(number)) {
                Some(place) if *place == NOWHERE && number > 0 => *place = position,
                _ => return Err(layout.error(module, index, ValidateErrorKind::BadLabel(number))),
            }
        }
    }
    find_functions(module, name, code_size, &mut layout)?;
    check_tables(module, &layout)?;
    let bodies: Vec<_> = layout.functions.iter().map(|f| f.start as usize..f.end as usize).collect();
    let exits = bodies.into_iter().map(|body| module.code[body].iter().filter_map(exit));
    find_returning(module, &mut layout, exits);
    Ok(layout)
}

fn find_functions(
    module: &Module,
    name: Atom,
    code_size: u32,
    layout: &mut Layout,
) -> Result<(), ValidateError> {
    let misplaced =
        |layout: &Layout, index: u32| Err(layout.error(module, index as usize, ValidateErrorKind::Layout));
    let at = |index: u32| module.code.get(index as usize);
    let is_header = |instr: &Instr| matches!(instr.op, Genop::Label | Genop::Line);
    if at(code_size.wrapping_sub(1)).map(|instr| instr.op) != Some(Genop::IntCodeEnd) {
        return misplaced(layout, code_size.saturating_sub(1));
    }
    for info in 0..code_size {
        let Some(instr) = at(info).filter(|instr| instr.op == Genop::FuncInfo) else { continue };
        let [Operand::Atom(of_module), Operand::Atom(function), Operand::U(arity)] = instr.args[..] else {
            return misplaced(layout, info);
        };
        let mut start = info;
        while start > 0 && at(start - 1).is_some_and(is_header) {
            start -= 1;
        }
        let entry = info + 1;
        let Some([Operand::U(entry_label)]) =
            at(entry).filter(|instr| instr.op == Genop::Label).map(|instr| &instr.args[..])
        else {
            return misplaced(layout, entry);
        };
        let starts_with_label = at(start).is_some_and(|instr| instr.op == Genop::Label);
        if start == info || !starts_with_label || arity > u64::from(MAX_ARITY) {
            return misplaced(layout, info);
        }
        let arity = u32::try_from(arity).expect("it is at most 255");
        match layout.functions.last_mut() {
            Some(before) if start > before.entry => before.end = start,
            None if start == 0 => {}
            _ => return misplaced(layout, info),
        }
        let index = u32::try_from(layout.functions.len()).expect("no more than instructions");
        layout.functions.push(Function {
            name: function,
            arity,
            start,
            info,
            entry,
            end: code_size - 1,
            needs_zeroed_frames: false,
        });
        // The label was found to be in range before.
        layout.entries[usize::try_from(*entry_label).unwrap_or_default()] = index;
        if of_module != name {
            layout.function_of[info as usize] = index;
            return Err(layout.error(module, info as usize, ValidateErrorKind::ForeignFunction));
        }
    }
    for (index, function) in layout.functions.iter().enumerate() {
        let range = function.start as usize..function.end as usize;
        layout.function_of[range].fill(u32::try_from(index).expect("no more than instructions"));
    }
    let found = layout.functions.len();
    if found != module.function_count as usize {
        let kind = ValidateErrorKind::FunctionCount { expected: module.function_count, found };
        return Err(ValidateError::of_module(kind));
    }
    Ok(())
}

/// The way out of its function that an instruction is.
fn exit(instr: &Instr) -> Option<Exit> {
    let index = |value: &u64| u32::try_from(*value).unwrap_or(NOWHERE);
    match (instr.op, &instr.args[..]) {
        (Genop::Return | Genop::ApplyLast | Genop::NifStart, _) => Some(Exit::Return),
        (Genop::CallExt, [_, Operand::U(import), ..]) => Some(Exit::Call(index(import))),
        (Genop::CallExtLast | Genop::CallExtOnly, [_, Operand::U(import), ..]) => {
            Some(Exit::Import(index(import)))
        }
        (Genop::CallLast | Genop::CallOnly, [_, Operand::Label(label), ..]) => Some(Exit::Local(*label)),
        _ => None,
    }
}

/// Finds the functions that may return: those with a `return` or a tail call to anything that may. `exits` are those of
/// each function.
fn find_returning<E: Iterator<Item = Exit>>(
    module: &Module,
    layout: &mut Layout,
    exits: impl Iterator<Item = E>,
) {
    let mut callers: Vec<Vec<u32>> = vec![Vec::new(); layout.functions.len()];
    let mut found = Vec::new();
    layout.may_return = vec![false; layout.functions.len()];
    let imported = |index: u32| module.imports.get(index as usize);
    // A native function stands in the place of one that says that it is missing.
    let is_replaced = |index| imported(index).is_some_and(|import| import.function.as_str() == "nif_error");
    for (index, exits) in (0..).zip(exits) {
        let mut returns = false;
        for exit in exits {
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
    let unfit = || ValidateError::of_module(ValidateErrorKind::Layout);
    let mut layout = Layout {
        functions: Vec::with_capacity(code.functions.len()),
        labels: vec![NOWHERE; module.label_count as usize],
        entries: vec![NOWHERE; module.label_count as usize],
        function_of: Vec::new(),
        reach: 0..0,
        may_return: Vec::new(),
    };
    if code.functions.len() != module.function_count as usize {
        return Err(unfit());
    }
    for (index, function) in (0..).zip(&code.functions) {
        *layout.entries.get_mut(function.entry as usize).ok_or_else(unfit)? = index;
        let (name, arity) = (function.name, function.arity);
        layout.functions.push(Function {
            name,
            arity,
            start: 0,
            info: 0,
            entry: 0,
            end: 0,
            needs_zeroed_frames: false,
        });
    }
    check_tables(module, &layout)?;
    find_returning(module, &mut layout, code.functions.iter().map(|function| function.exits.iter().copied()));
    Ok(layout)
}

impl Layout {
    /// Gives the function with this number, which is all the code that the module has now, its place.
    pub(super) fn place(&mut self, module: &Module, index: usize) -> Result<(), ValidateError> {
        let unfit = || ValidateError::of_module(ValidateErrorKind::Layout);
        let (mut first, mut behind) = (u32::MAX, 0);
        for (position, instr) in (0..).zip(&module.code) {
            if let (Genop::Label, [Operand::U(number)]) = (instr.op, &instr.args[..]) {
                let label = usize::try_from(*number).ok().and_then(|number| self.labels.get_mut(number));
                *label.ok_or_else(unfit)? = position;
                let label = u32::try_from(*number).map_err(|_| unfit())?;
                (first, behind) = (first.min(label), behind.max(label + 1));
            }
        }
        self.reach = first.min(behind)..behind;
        let info = module.code.iter().position(|instr| instr.op == Genop::FuncInfo).ok_or_else(unfit)?;
        let function = self.functions.get_mut(index).ok_or_else(unfit)?;
        function.info = u32::try_from(info).map_err(|_| unfit())?;
        function.entry = function.info + 1;
        function.end = u32::try_from(module.code.len()).map_err(|_| unfit())?;
        self.function_of = vec![u32::try_from(index).map_err(|_| unfit())?; module.code.len()];
        Ok(())
    }

    /// Takes its place from the function again: its labels are nobody's.
    pub(super) fn leave(&mut self, module: &Module) {
        for instr in &module.code {
            if let (Genop::Label, [Operand::U(number)]) = (instr.op, &instr.args[..])
                && let Some(label) =
                    usize::try_from(*number).ok().and_then(|number| self.labels.get_mut(number))
            {
                *label = NOWHERE;
            }
        }
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
