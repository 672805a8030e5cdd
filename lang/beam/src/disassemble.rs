//! A module as terms, as `beam_disasm` gives them: the instructions of each function, with names in the place of
//! indices.

use crate::match_command::{is_flags, split};
use crate::{Atom, Export, Genop, Instr, Literal, Module, Operand, OperandKind};
use std::collections::HashMap;

/// Why a module has no such terms.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
#[error("{}: an operand that names nothing", .op.name())]
pub struct BadOperand {
    /// The instruction that has it.
    pub op: Genop,
}

impl Module {
    /// `[{function, Name, Arity, Entry, [Instruction]}]`.
    ///
    /// # Errors
    /// When an operand names something that the module does not have.
    pub fn disassemble(&self) -> Result<Literal, BadOperand> {
        let functions = self.exports.iter().chain(&self.locals).map(|function| (function.label, *function));
        let mut writer = Disassembler { module: self, functions: functions.collect(), types: self.types() };
        // Funs' bodies have their entry here, whether or not the file names its local functions.
        for lambda in &self.lambdas {
            let entry = Export { function: lambda.function, arity: lambda.arity, label: lambda.label };
            writer.functions.entry(lambda.label).or_insert(entry);
        }
        let mut starts: Vec<(usize, usize)> = Vec::new();
        for (at, instr) in self.code.iter().enumerate() {
            if instr.op == Genop::FuncInfo {
                let head =
                    self.code[..at].iter().rev().take_while(|i| matches!(i.op, Genop::Label | Genop::Line));
                starts.push((at - head.count(), at));
            }
        }
        writer.name_entries(&starts);
        let end = self.code.iter().position(|instr| instr.op == Genop::IntCodeEnd).unwrap_or(self.code.len());
        let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([end]);
        let functions =
            starts.iter().zip(ends).map(|(&(start, info), end)| writer.function(start, info, end));
        Ok(Literal::list(functions.collect::<Result<_, _>>()?))
    }

    /// The entries of the `Type` chunk, where it is of the version that OTP 25 writes.
    fn types(&self) -> Vec<Literal> {
        const ENTRY: usize = 18;
        let Some((_, bytes)) = self.other_chunks.iter().find(|(id, _)| id == b"Type") else {
            return Vec::new();
        };
        let Some(([0, 0, 0, 1], rest)) = bytes.split_first_chunk() else { return Vec::new() };
        rest.get(4..).unwrap_or_default().chunks_exact(ENTRY).map(type_entry).collect()
    }
}

struct Disassembler<'a> {
    module: &'a Module,
    /// By entry label.
    functions: HashMap<u32, Export>,
    types: Vec<Literal>,
}

fn atom(text: &str) -> Literal {
    Literal::atom(text)
}

fn tagged(tag: &str, value: Literal) -> Literal {
    Literal::tuple([atom(tag), value])
}

fn number(value: u64) -> Literal {
    Literal::integer(value.into())
}

fn name_and_arity(name: Atom, arity: u32) -> [Literal; 2] {
    [Literal::Atom(name), Literal::Int(i64::from(arity))]
}

impl Disassembler<'_> {
    /// Functions whose names stand in their `func_info` only.
    fn name_entries(&mut self, starts: &[(usize, usize)]) {
        let code = &self.module.code;
        for &(_, info) in starts {
            let [_, Operand::Atom(function), Operand::U(arity)] = code[info].args[..] else { continue };
            if let (Some(label), Ok(arity)) = (self.entry(info), u32::try_from(arity)) {
                self.functions.entry(label).or_insert(Export { function, arity, label });
            }
        }
    }

    /// The label after a `func_info`.
    fn entry(&self, info: usize) -> Option<u32> {
        match self.module.code.get(info + 1) {
            Some(Instr { op: Genop::Label, args }) => match args[..] {
                [Operand::U(label)] => u32::try_from(label).ok(),
                _ => None,
            },
            _ => None,
        }
    }

    fn function(&self, start: usize, info: usize, end: usize) -> Result<Literal, BadOperand> {
        let code = &self.module.code;
        let bad = BadOperand { op: Genop::FuncInfo };
        let [_, Operand::Atom(name), Operand::U(arity)] = code[info].args[..] else { return Err(bad) };
        let entry = self.entry(info).ok_or(bad)?;
        // The label and the line before a function change places, but for the first function.
        let head = code[start..info].iter();
        let head: Vec<&Instr> = if start == 0 { head.collect() } else { head.rev().collect() };
        let instrs = head.into_iter().chain(&code[info..end]).map(|instr| self.instr(instr));
        let instrs = instrs.collect::<Result<_, _>>()?;
        let entry = Literal::Int(i64::from(entry));
        Ok(Literal::tuple([
            atom("function"),
            Literal::Atom(name),
            number(arity),
            entry,
            Literal::list(instrs),
        ]))
    }

    fn instr(&self, instr: &Instr) -> Result<Literal, BadOperand> {
        let op = instr.op;
        let name = atom(op.name());
        let kinds = op.operands();
        let bad = || BadOperand { op };
        let at = |index: usize| self.operand(kinds.get(index).copied(), &instr.args[index]).ok_or_else(bad);
        let many = |range: std::ops::Range<usize>| range.map(at).collect::<Result<Vec<_>, _>>();
        let count = instr.args.len();
        let bif = |index: usize| match at(index)? {
            Literal::Tuple(parts) => parts.into_iter().nth(2).ok_or_else(bad),
            _ => Err(bad()),
        };
        Ok(match op {
            _ if count == 0 => name,
            Genop::Bif0 => Literal::tuple([atom("bif"), bif(0)?, atom("nofail"), Literal::Nil, at(1)?]),
            Genop::Bif1 | Genop::Bif2 => {
                let sources = Literal::list(many(2..count - 1)?);
                Literal::tuple([atom("bif"), bif(1)?, at(0)?, sources, at(count - 1)?])
            }
            Genop::GcBif1 | Genop::GcBif2 | Genop::GcBif3 => {
                let sources = Literal::list(many(3..count - 1)?);
                Literal::tuple([atom("gc_bif"), bif(2)?, at(0)?, at(1)?, sources, at(count - 1)?])
            }
            Genop::Fadd | Genop::Fsub | Genop::Fmul | Genop::Fdiv | Genop::Fnegate => {
                let sources = Literal::list(many(1..count - 1)?);
                Literal::tuple([atom("arithfbif"), name, at(0)?, sources, at(count - 1)?])
            }
            Genop::BsAdd => {
                Literal::tuple([name, at(0)?, Literal::list(many(1..count - 1)?), at(count - 1)?])
            }
            Genop::Raise => {
                let no_label = tagged("f", Literal::Int(0));
                Literal::tuple([name, no_label, Literal::list(many(0..2)?), tagged("x", Literal::Int(0))])
            }
            Genop::MakeFun2 | Genop::MakeFun3 => {
                let lambda = self.indexed(&self.module.lambdas, &instr.args[0]).ok_or_else(bad)?;
                let [function, arity] = name_and_arity(lambda.function, lambda.arity);
                let function = Literal::tuple([self.module_name(), function, arity]);
                let [index, uniq] = [lambda.index, lambda.old_uniq].map(|n| Literal::Int(i64::from(n)));
                let mut parts = vec![name, function, index, uniq];
                if op == Genop::MakeFun2 {
                    parts.push(Literal::Int(i64::from(lambda.num_free)));
                }
                parts.extend(many(1..count)?);
                Literal::Tuple(parts)
            }
            Genop::PutString | Genop::BsPutString => {
                let string = self.string(&instr.args[1], &instr.args[0], 1).ok_or_else(bad)?;
                let string = tagged(
                    "string",
                    Literal::list(string.iter().map(|b| Literal::Int((*b).into())).collect()),
                );
                Literal::Tuple([name, at(0)?, string].into_iter().chain(many(2..count)?).collect())
            }
            Genop::BsMatchString => {
                let string = self.string(&instr.args[3], &instr.args[2], 8).ok_or_else(bad)?;
                let sources = vec![at(1)?, at(2)?, Literal::Bits(string.into(), 8)];
                Literal::tuple([atom("test"), name, at(0)?, Literal::list(sources)])
            }
            Genop::BsCreateBin => {
                let parts = instr.args.iter().map(|arg| self.raw(arg)).collect::<Option<Vec<_>>>();
                let mut parts = parts.ok_or_else(bad)?;
                let Some(Literal::Tuple(list)) = parts.pop() else { return Err(bad()) };
                parts.extend(list);
                Literal::tuple([name, Literal::list(vec![Literal::Tuple(parts)])])
            }
            Genop::BsMatch => {
                let Operand::List(list) = &instr.args[2] else { return Err(bad()) };
                let command = |(name, operands): (Atom, &[Operand])| {
                    let operands = operands.iter().enumerate().map(|(at, operand)| match operand {
                        Operand::Nil if is_flags(name, at) => Some(tagged("literal", Literal::Nil)),
                        operand => self.plain(operand),
                    });
                    std::iter::once(Some(Literal::Atom(name))).chain(operands).collect::<Option<_>>()
                };
                let commands = split(list).ok_or_else(bad)?.into_iter();
                let commands = commands.map(|part| command(part).map(Literal::Tuple)).collect::<Option<_>>();
                let commands = tagged("commands", Literal::list(commands.ok_or_else(bad)?));
                Literal::tuple([name, at(0)?, at(1)?, commands])
            }
            Genop::HasMapFields => {
                let [fail, source, list] = [at(0)?, at(1)?, at(2)?];
                Literal::tuple([atom("test"), name, fail, source, list])
            }
            // Of these the numbers keep their tags.
            Genop::BsStartMatch3 | Genop::BsStartMatch4 | Genop::BsGetTail | Genop::BsGetPosition => {
                let args = instr.args.iter().map(|arg| self.raw(arg).ok_or_else(bad));
                Literal::Tuple(std::iter::once(Ok(name)).chain(args).collect::<Result<_, _>>()?)
            }
            Genop::CallFun2 => {
                Literal::tuple([name, self.raw(&instr.args[0]).ok_or_else(bad)?, at(1)?, at(2)?])
            }
            _ if is_test(op) => Literal::tuple([atom("test"), name, at(0)?, Literal::list(many(1..count)?)]),
            _ => {
                Literal::Tuple(std::iter::once(Ok(name)).chain((0..count).map(at)).collect::<Result<_, _>>()?)
            }
        })
    }

    fn module_name(&self) -> Literal {
        Literal::Atom(self.module.name.unwrap_or_else(|| Atom::new("")))
    }

    fn indexed<'t, T>(&self, table: &'t [T], operand: &Operand) -> Option<&'t T> {
        match operand {
            Operand::U(index) => table.get(usize::try_from(*index).ok()?),
            _ => None,
        }
    }

    /// An operand in a place of that kind; `None` when it names nothing.
    fn operand(&self, kind: Option<OperandKind>, arg: &Operand) -> Option<Literal> {
        match (kind, arg) {
            (Some(OperandKind::Import), _) => {
                let import = self.indexed(&self.module.imports, arg)?;
                let [function, arity] = name_and_arity(import.function, import.arity);
                Some(Literal::tuple([atom("extfunc"), Literal::Atom(import.module), function, arity]))
            }
            (Some(OperandKind::Entry), Operand::Label(label)) => {
                let function = self.functions.get(label)?;
                let [name, arity] = name_and_arity(function.function, function.arity);
                Some(Literal::tuple([self.module_name(), name, arity]))
            }
            (Some(OperandKind::Flags), Operand::U(flags)) => Some(tagged("field_flags", number(*flags))),
            (_, Operand::List(list)) => {
                let list = list.iter().map(|arg| self.operand(None, arg)).collect::<Option<_>>()?;
                Some(tagged("list", Literal::list(list)))
            }
            _ => self.plain(arg),
        }
    }

    /// An operand whose place says nothing of it.
    fn plain(&self, arg: &Operand) -> Option<Literal> {
        let register = |tag: &str, value: u32| tagged(tag, Literal::Int(i64::from(value)));
        Some(match arg {
            Operand::U(value) => number(*value),
            Operand::Int(value) => tagged("integer", Literal::Int(*value)),
            Operand::Big(value) => tagged("integer", Literal::Big(value.clone())),
            Operand::Atom(value) => tagged("atom", Literal::Atom(*value)),
            Operand::Nil => atom("nil"),
            Operand::X(index) => register("x", u32::from(*index)),
            Operand::Y(index) => register("y", u32::from(*index)),
            Operand::Fr(index) => register("fr", u32::from(*index)),
            Operand::Label(label) => register("f", *label),
            Operand::Char(char) => register("h", *char),
            Operand::Literal(index) => match self.module.literals.get(usize::try_from(*index).ok()?)? {
                value @ Literal::Float(_) => tagged("float", value.clone()),
                value => tagged("literal", value.clone()),
            },
            Operand::Alloc { words, floats, funs } => {
                let parts = [("words", words), ("floats", floats), ("funs", funs)];
                tagged("alloc", Literal::list(parts.map(|(tag, count)| register(tag, *count)).into()))
            }
            Operand::Typed(inner, index) => {
                let ty = self.types.get(usize::try_from(*index).ok()?)?;
                Literal::tuple([atom("tr"), self.plain(inner)?, ty.clone()])
            }
            Operand::List(list) => {
                let list = list.iter().map(|arg| self.plain(arg)).collect::<Option<_>>()?;
                Literal::list(list)
            }
        })
    }

    /// An operand as it stands in the file: numbers with their tag, lists with their length.
    fn raw(&self, arg: &Operand) -> Option<Literal> {
        match arg {
            Operand::U(value) => Some(tagged("u", number(*value))),
            Operand::Alloc { .. } => Some(tagged("u", self.plain(arg)?)),
            Operand::Int(value) => Some(tagged("i", Literal::Int(*value))),
            Operand::Big(value) => Some(tagged("i", Literal::Big(value.clone()))),
            Operand::List(list) => {
                let length = tagged("u", number(u64::try_from(list.len()).ok()?));
                let list = list.iter().map(|arg| self.raw(arg)).collect::<Option<_>>()?;
                Some(Literal::tuple([tagged("z", Literal::Int(1)), length, Literal::list(list)]))
            }
            _ => self.plain(arg),
        }
    }

    /// Bytes of the string pool; how many in units of so many bits.
    fn string(&self, offset: &Operand, length: &Operand, bits: u64) -> Option<&[u8]> {
        let (Operand::U(offset), Operand::U(length)) = (offset, length) else { return None };
        let offset = usize::try_from(*offset).ok()?;
        let length = usize::try_from(length.div_ceil(bits)).ok()?;
        self.module.strings.get(offset..offset.checked_add(length)?)
    }
}

/// Whether an instruction is written as a test.
fn is_test(op: Genop) -> bool {
    op.operands().first() == Some(&OperandKind::Jump)
        && (op.name().starts_with("is_") || op.name().starts_with("bs_") || op == Genop::TestArity)
}

/// What is known of a register, with the lowest and the highest integer that it may be.
fn type_entry(entry: &[u8]) -> Literal {
    let word = |at: usize| {
        let bytes = entry[at..at + 8].iter();
        number(bytes.fold(0, |value, byte| value << 8 | u64::from(*byte)))
    };
    let bits = u16::from_be_bytes([entry[0], entry[1]]);
    Literal::tuple([type_of(bits), word(2), word(10)])
}

/// The type of a set of kinds of terms.
fn type_of(bits: u16) -> Literal {
    let any = || atom("any");
    let named = |tag: &str, parts: usize| {
        let parts = (0..parts).map(|_| any());
        Literal::Tuple(std::iter::once(atom(tag)).chain(parts).collect())
    };
    let none = || atom("none");
    let atoms = if bits & 1 != 0 { named("t_atom", 1) } else { none() };
    let list = match (bits & 8 != 0, bits & 256 != 0) {
        (true, true) => named("t_list", 2),
        (true, false) => named("t_cons", 2),
        (false, true) => atom("nil"),
        (false, false) => none(),
    };
    let numeric = match (bits & 16 != 0, bits & 64 != 0) {
        (true, true) => atom("number"),
        (true, false) => named("t_float", 1),
        (false, true) => named("t_integer", 1),
        (false, false) => none(),
    };
    let tuple = if bits & 4096 != 0 {
        Literal::tuple([atom("t_tuple"), Literal::Int(0), atom("false"), Literal::Map(Vec::new())])
    } else {
        none()
    };
    let of_bits = match bits & 6 {
        2 => Some("t_bitstring"),
        4 => Some("t_bs_context"),
        6 => Some("t_bs_matchable"),
        _ => None,
    };
    let others: Vec<Literal> = [
        of_bits.map(|tag| tagged(tag, Literal::Int(1))),
        (bits & 32 != 0).then(|| named("t_fun", 3)),
        (bits & 128 != 0).then(|| named("t_map", 2)),
        (bits & 512 != 0).then(|| atom("pid")),
        (bits & 1024 != 0).then(|| atom("port")),
        (bits & 2048 != 0).then(|| atom("reference")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if others.len() > 1 {
        return any();
    }
    let parts = [atoms, list, numeric, tuple, others.into_iter().next().unwrap_or_else(none)];
    let known: Vec<&Literal> = parts.iter().filter(|part| **part != none()).collect();
    match known[..] {
        [] => none(),
        [only] => only.clone(),
        _ => Literal::Tuple(std::iter::once(atom("t_union")).chain(parts).collect()),
    }
}
