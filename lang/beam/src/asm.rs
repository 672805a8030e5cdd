//! A module as text, in the manner of `erlc -S`.
//!
//! Differences: type information is the number of its entry in the `Type` chunk, and lines are not broken.

use crate::match_command::{is_flags, split};
use crate::print::QuotedAtom;
use crate::{Atom, Export, Genop, Instr, Literal, Module, Operand, OperandKind};
use std::collections::HashMap;
use std::fmt::Write as _;

impl Module {
    /// The listing.
    #[must_use]
    pub fn listing(&self) -> String {
        self.list(false)
    }

    /// A listing in which a change of one function leaves the others as they are: labels are counted in each
    /// function, its own name stands for that of its entry, and funs have no numbers.
    #[must_use]
    pub fn diffable_listing(&self) -> String {
        self.list(true)
    }

    fn list(&self, is_diffable: bool) -> String {
        let functions = self.exports.iter().chain(&self.locals).map(|function| (function.label, *function));
        let functions = functions.collect();
        let mut writer = Writer { module: self, functions, label_names: None, out: String::new() };
        writer.label_names = is_diffable.then(|| writer.local_labels());
        writer.module();
        writer.out
    }
}

struct Writer<'a> {
    module: &'a Module,
    /// By entry label.
    functions: HashMap<u32, Export>,
    /// What labels are called, where each function has its own.
    label_names: Option<HashMap<u32, String>>,
    out: String,
}

impl Writer<'_> {
    fn module(&mut self) {
        let name = self.module.name.unwrap_or_else(|| Atom::new(""));
        let mut exports: Vec<&Export> = self.module.exports.iter().collect();
        exports.sort_by_key(|export| (export.function, export.arity));
        let exports: Vec<String> =
            exports.iter().map(|e| format!("{{{},{}}}", QuotedAtom(e.function), e.arity)).collect();
        let attributes = self.module.attributes.as_ref().unwrap_or(&Literal::Nil);
        let (name, exports, labels) = (QuotedAtom(name), exports.join(","), self.module.label_count);
        self.text(format_args!("{{module, {name}}}.  %% version = 0\n\n{{exports, [{exports}]}}.\n"));
        self.text(format_args!("\n{{attributes, {attributes}}}.\n\n{{labels, {labels}}}.\n"));
        let module = self.module;
        for (index, instr) in module.code.iter().enumerate() {
            if instr.op == Genop::IntCodeEnd {
                continue;
            }
            if let Some(info) = self.function_start(index) {
                self.function_head(info);
            }
            let text = self.instr(instr);
            let indent = if instr.op == Genop::Label { "  " } else { "    " };
            let callee = self.callee(instr);
            self.text(format_args!("{indent}{text}.{callee}\n"));
        }
    }

    fn local_labels(&self) -> HashMap<u32, String> {
        let mut names = HashMap::new();
        let mut count = 0;
        for (index, instr) in self.module.code.iter().enumerate() {
            if self.function_start(index).is_some() {
                count = 0;
            }
            let (Genop::Label, [Operand::U(label)]) = (instr.op, &instr.args[..]) else { continue };
            let Ok(label) = u32::try_from(*label) else { continue };
            let name = match self.functions.get(&label) {
                Some(function) => format!("{{{},{}}}", QuotedAtom(function.function), function.arity),
                None => {
                    count += 1;
                    format!("{count}")
                }
            };
            names.insert(label, name);
        }
        names
    }

    fn label(&self, label: u32) -> String {
        let name = self.label_names.as_ref().and_then(|names| names.get(&label));
        name.cloned().unwrap_or_else(|| label.to_string())
    }

    fn text(&mut self, text: std::fmt::Arguments<'_>) {
        self.out.write_fmt(text).expect("writing to a string does not fail");
    }

    /// The index of the `func_info` of the function that begins here.
    fn function_start(&self, index: usize) -> Option<usize> {
        let code = &self.module.code;
        let is_header = |at: usize| matches!(code[at].op, Genop::Label | Genop::Line);
        if index > 0 && is_header(index - 1) {
            return None;
        }
        let info = (index..code.len()).find(|&at| !is_header(at))?;
        (code[info].op == Genop::FuncInfo).then_some(info)
    }

    fn function_head(&mut self, info: usize) {
        let code = &self.module.code;
        let entry = match code.get(info + 1).map(|instr| &instr.args[..]) {
            Some([Operand::U(label)]) => u32::try_from(*label).unwrap_or(0),
            _ => 0,
        };
        let entry = self.label(entry);
        if let [_, Operand::Atom(name), Operand::U(arity)] = code[info].args[..] {
            self.text(format_args!("\n\n{{function, {}, {arity}, {entry}}}.\n", QuotedAtom(name)));
        }
    }

    /// The comment after a call.
    fn callee(&self, instr: &Instr) -> String {
        let (Genop::Call | Genop::CallLast | Genop::CallOnly, Some(Operand::Label(label))) =
            (instr.op, instr.args.get(1))
        else {
            return String::new();
        };
        match self.functions.get(label) {
            Some(function) => format!(" % {}/{}", QuotedAtom(function.function), function.arity),
            None => String::new(),
        }
    }

    fn instr(&self, instr: &Instr) -> String {
        let name = QuotedAtom(Atom::new(instr.op.name())).to_string();
        let kinds = instr.op.operands();
        let args: Vec<String> = instr
            .args
            .iter()
            .enumerate()
            .map(|(at, arg)| self.operand(kinds.get(at).copied(), arg))
            .collect();
        let bif = |at: usize| self.import_name(instr.args.get(at));
        match (instr.op, &args[..]) {
            (_, []) => name,
            (Genop::Label, [_]) => {
                let label = u32::try_from(number(&instr.args[0])).unwrap_or(0);
                format!("{{{name},{}}}", self.label(label))
            }
            (Genop::Bif0, [_, dst]) => format!("{{bif,{},{{f,0}},[],{dst}}}", bif(0)),
            (Genop::Bif1 | Genop::Bif2, [fail, _, sources @ .., dst]) => {
                format!("{{bif,{},{fail},[{}],{dst}}}", bif(1), sources.join(","))
            }
            (Genop::GcBif1 | Genop::GcBif2 | Genop::GcBif3, [fail, live, _, sources @ .., dst]) => {
                format!("{{gc_bif,{},{fail},{live},[{}],{dst}}}", bif(2), sources.join(","))
            }
            (
                Genop::Fadd | Genop::Fsub | Genop::Fmul | Genop::Fdiv | Genop::Fnegate,
                [fail, sources @ .., dst],
            ) => format!("{{bif,{name},{fail},[{}],{dst}}}", sources.join(",")),
            (Genop::Raise, [trace, reason]) => format!("{{bif,raise,{{f,0}},[{trace},{reason}],{{x,0}}}}"),
            (Genop::HasMapFields, _) => format!("{{test,{name},{}}}", args.join(",")),
            (
                Genop::BsStartMatch3
                | Genop::BsGetInteger2
                | Genop::BsGetFloat2
                | Genop::BsGetBinary2
                | Genop::BsGetUtf8
                | Genop::BsGetUtf16
                | Genop::BsGetUtf32,
                [fail, context, live, more @ .., dst],
            ) => {
                let sources: Vec<&str> = std::iter::once(context).chain(more).map(String::as_str).collect();
                format!("{{test,{name},{fail},{live},[{}],{dst}}}", sources.join(","))
            }
            (Genop::BsMatchString, [fail, context, bits, _]) => {
                let length = number(&instr.args[2]).div_ceil(8);
                let string = self.string(&instr.args[3], length);
                format!("{{test,{name},{fail},[{context},{bits},{string}]}}")
            }
            (Genop::MakeFun3, [_, dst, environment]) => {
                format!("{{{name},{},{dst},{environment}}}", self.lambda(&instr.args[0]))
            }
            (Genop::MakeFun2, _) => format!("{{{name},{}}}", self.lambda(&instr.args[0])),
            (Genop::BsCreateBin, [fail, need, live, unit, dst, _]) => {
                format!("{{{name},{fail},{need},{live},{unit},{dst},{}}}", self.segments(&instr.args[5]))
            }
            (Genop::BsAdd, [fail, sources @ .., dst]) => {
                format!("{{{name},{fail},[{}],{dst}}}", sources.join(","))
            }
            (Genop::BsPutString, [length, _]) => {
                let string = self.string(&instr.args[1], number(&instr.args[0]));
                format!("{{{name},{length},{string}}}")
            }
            (Genop::BsMatch, [fail, context, _]) => {
                format!("{{{name},{fail},{context},{{commands,[{}]}}}}", self.commands(&instr.args[2]))
            }
            (_, [fail, sources @ ..]) if is_test(instr.op) => {
                format!("{{test,{name},{fail},[{}]}}", sources.join(","))
            }
            _ => format!("{{{name},{}}}", args.join(",")),
        }
    }

    fn operand(&self, kind: Option<OperandKind>, arg: &Operand) -> String {
        match (kind, arg) {
            (Some(OperandKind::Import), Operand::U(index)) => {
                match usize::try_from(*index).ok().and_then(|index| self.module.imports.get(index)) {
                    Some(import) => {
                        let (module, function) = (QuotedAtom(import.module), QuotedAtom(import.function));
                        format!("{{extfunc,{module},{function},{}}}", import.arity)
                    }
                    None => format!("{{extfunc,{index}}}"),
                }
            }
            (Some(OperandKind::Line), Operand::U(index)) => self.location(*index),
            (Some(OperandKind::Flags), Operand::U(flags)) => field_flags(*flags),
            _ => self.plain(arg),
        }
    }

    /// The commands of a `bs_match`.
    fn commands(&self, list: &Operand) -> String {
        let Operand::List(list) = list else { return String::new() };
        let command = |(name, operands): (Atom, &[Operand])| {
            let operands = operands.iter().enumerate().map(|(at, operand)| match operand {
                Operand::Nil if is_flags(name, at) => "{literal,[]}".to_owned(),
                operand => self.plain(operand),
            });
            let parts: Vec<String> = std::iter::once(QuotedAtom(name).to_string()).chain(operands).collect();
            format!("{{{}}}", parts.join(","))
        };
        let commands: Vec<String> = split(list).unwrap_or_default().into_iter().map(command).collect();
        commands.join(",")
    }

    fn plain(&self, arg: &Operand) -> String {
        match arg {
            Operand::U(value) => value.to_string(),
            Operand::Int(value) => format!("{{integer,{value}}}"),
            Operand::Big(value) => format!("{{integer,{value}}}"),
            Operand::Atom(atom) => format!("{{atom,{}}}", QuotedAtom(*atom)),
            Operand::Nil => "nil".to_owned(),
            Operand::X(register) => format!("{{x,{register}}}"),
            Operand::Y(slot) => format!("{{y,{slot}}}"),
            Operand::Fr(register) => format!("{{fr,{register}}}"),
            Operand::Label(label) => format!("{{f,{}}}", self.label(*label)),
            Operand::Char(char) => format!("{{char,{char}}}"),
            Operand::Literal(index) => match self.module.literals.get(*index as usize) {
                Some(literal @ Literal::Float(_)) => format!("{{float,{literal}}}"),
                Some(literal) => format!("{{literal,{literal}}}"),
                None => format!("{{literal,{index}}}"),
            },
            Operand::List(list) => {
                let list: Vec<String> = list.iter().map(|arg| self.plain(arg)).collect();
                format!("{{list,[{}]}}", list.join(","))
            }
            Operand::Alloc { words, floats, funs } => {
                format!("{{alloc,[{{words,{words}}},{{floats,{floats}}},{{funs,{funs}}}]}}")
            }
            Operand::Typed(register, index) => format!("{{tr,{},{index}}}", self.plain(register)),
        }
    }

    fn location(&self, index: u64) -> String {
        let lines = &self.module.lines;
        let place = usize::try_from(index).ok().and_then(|index| lines.locations.get(index.checked_sub(1)?));
        match place {
            Some((file, line)) => {
                let file = lines.files.get(*file as usize).map_or("", String::as_str);
                format!("[{{location,{},{line}}}]", Literal::string(file))
            }
            None => "[]".to_owned(),
        }
    }

    fn import_name(&self, arg: Option<&Operand>) -> String {
        let index = arg.map(number).and_then(|index| usize::try_from(index).ok());
        match index.and_then(|index| self.module.imports.get(index)) {
            Some(import) => QuotedAtom(import.function).to_string(),
            None => "undefined".to_owned(),
        }
    }

    fn lambda(&self, arg: &Operand) -> String {
        let index = number(arg);
        match usize::try_from(index).ok().and_then(|index| self.module.lambdas.get(index)) {
            Some(lambda) if self.label_names.is_some() => format!("{{f,{}}},0,0", self.label(lambda.label)),
            Some(lambda) => format!("{{f,{}}},{},{}", lambda.label, lambda.index, lambda.old_uniq),
            None => index.to_string(),
        }
    }

    /// Bytes of the string pool.
    fn string(&self, offset: &Operand, length: u64) -> String {
        let bytes = usize::try_from(number(offset))
            .ok()
            .zip(usize::try_from(length).ok())
            .and_then(|(offset, length)| self.module.strings.get(offset..offset.checked_add(length)?));
        format!("{{string,{}}}", Literal::Bits(bytes.unwrap_or_default().into(), 8))
    }

    /// The segments of `bs_create_bin`, with strings in full.
    fn segments(&self, list: &Operand) -> String {
        let Operand::List(list) = list else { return self.plain(list) };
        let mut shown = Vec::with_capacity(list.len());
        for segment in list.chunks(6) {
            let is_string = matches!(&segment[0], Operand::Atom(kind) if kind.as_str() == "string");
            for (at, arg) in segment.iter().enumerate() {
                shown.push(match (at, segment.get(5)) {
                    (4, Some(Operand::Int(length))) if is_string => {
                        self.string(arg, u64::try_from(*length).unwrap_or(0))
                    }
                    _ => self.plain(arg),
                });
            }
        }
        format!("{{list,[{}]}}", shown.join(","))
    }
}

fn number(arg: &Operand) -> u64 {
    match arg {
        Operand::U(value) => *value,
        _ => 0,
    }
}

/// Flags of a bit-syntax segment.
fn field_flags(flags: u64) -> String {
    let names: Vec<&str> = [(0x02, "little"), (0x04, "signed"), (0x10, "native")]
        .into_iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, name)| name)
        .collect();
    format!("{{field_flags,[{}]}}", names.join(","))
}

/// Whether the listing writes the instruction as a test.
fn is_test(op: Genop) -> bool {
    let name = op.name();
    op.operands().first() == Some(&OperandKind::Jump)
        && (name.starts_with("is_") || name.starts_with("bs_") || op == Genop::TestArity)
}
