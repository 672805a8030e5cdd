//! A module from the terms of a listing: what `erlc -S` writes, read again.
//!
//! The terms are those of OTP's compiler after its last pass. What they say about types is not kept.

use crate::{Atom, Export, Genop, Import, Instr, Lambda, Literal, Module, Operand, OperandKind};
use std::collections::HashMap;

/// Why terms are no code.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum AssembleError {
    /// The term as a whole is not `{Module, Exports, Attributes, Functions, LabelCount}`.
    #[error("not a module in assembly code")]
    NotAModule,
    /// An instruction that there is none of, or with operands that it does not take.
    #[error("bad instruction: {0}")]
    BadInstruction(Literal),
}

impl Module {
    /// Assembles `{Module, Exports, Attributes, [{function, Name, Arity, Entry, [Instruction]}], LabelCount}`.
    ///
    /// # Errors
    /// When the term is not that, or an instruction is none.
    pub fn assemble(code: &Literal) -> Result<Self, AssembleError> {
        let Literal::Tuple(parts) = code else { return Err(AssembleError::NotAModule) };
        let [Literal::Atom(name), exports, attributes, functions, Literal::Int(labels)] = &parts[..] else {
            return Err(AssembleError::NotAModule);
        };
        let mut assembler =
            Assembler { module: Module { name: Some(*name), ..Self::default() }, ..Assembler::default() };
        assembler.module.lines.files.push(format!("{}.erl", name.as_str()));
        assembler.module.label_count = u32::try_from(*labels).map_err(|_| AssembleError::NotAModule)?;
        assembler.module.attributes = Some(attributes.clone());
        let exported: Vec<(Atom, u32)> = elements(exports).iter().filter_map(name_and_arity).collect();
        let functions = elements(functions);
        for function in &functions {
            assembler.declare(function, &exported)?;
        }
        for function in &functions {
            let Literal::Tuple(parts) = function else { return Err(AssembleError::NotAModule) };
            for instruction in elements(&parts[4]) {
                assembler.instruction(&instruction)?;
            }
        }
        assembler.push(Genop::IntCodeEnd, Vec::new());
        let mut module = assembler.module;
        module.function_count = u32::try_from(functions.len()).map_err(|_| AssembleError::NotAModule)?;
        module.exports.reverse();
        Ok(module)
    }
}

#[derive(Default)]
struct Assembler {
    module: Module,
    /// Functions by entry label.
    entries: HashMap<u32, (Atom, u32)>,
    imports: HashMap<(Atom, Atom, u32), u64>,
    places: HashMap<(u32, u32), u64>,
}

/// The elements of a proper list.
fn elements(list: &Literal) -> Vec<Literal> {
    match list {
        Literal::List(elements, _) => elements.clone(),
        Literal::Str(bytes) => bytes.iter().map(|byte| Literal::Int(i64::from(*byte))).collect(),
        _ => Vec::new(),
    }
}

fn name_and_arity(term: &Literal) -> Option<(Atom, u32)> {
    match term {
        Literal::Tuple(parts) => match parts[..] {
            [Literal::Atom(name), Literal::Int(arity)] => Some((name, u32::try_from(arity).ok()?)),
            _ => None,
        },
        _ => None,
    }
}

fn tagged<'t>(term: &'t Literal, tag: &str) -> Option<&'t [Literal]> {
    match term {
        Literal::Tuple(parts) => match &parts[..] {
            [Literal::Atom(known), rest @ ..] if known.as_str() == tag => Some(rest),
            _ => None,
        },
        _ => None,
    }
}

fn number(term: &Literal) -> Option<u64> {
    match term {
        Literal::Int(value) => u64::try_from(*value).ok(),
        _ => None,
    }
}

impl Assembler {
    fn push(&mut self, op: Genop, args: Vec<Operand>) {
        self.module.code.push(Instr { op, args });
    }

    fn declare(&mut self, function: &Literal, exported: &[(Atom, u32)]) -> Result<(), AssembleError> {
        let parts = tagged(function, "function").ok_or(AssembleError::NotAModule)?;
        let [Literal::Atom(name), Literal::Int(arity), Literal::Int(entry), _] = parts else {
            return Err(AssembleError::NotAModule);
        };
        let number = |value: i64| u32::try_from(value).map_err(|_| AssembleError::NotAModule);
        let (arity, label) = (number(*arity)?, number(*entry)?);
        self.entries.insert(label, (*name, arity));
        let export = Export { function: *name, arity, label };
        let is_exported = exported.contains(&(*name, arity));
        if is_exported {
            self.module.exports.push(export)
        } else {
            self.module.locals.push(export)
        }
        Ok(())
    }

    fn instruction(&mut self, term: &Literal) -> Result<(), AssembleError> {
        match self.try_instruction(term) {
            Some(()) => Ok(()),
            None => Err(AssembleError::BadInstruction(term.clone())),
        }
    }

    fn try_instruction(&mut self, term: &Literal) -> Option<()> {
        let (name, args) = match term {
            Literal::Atom(name) => (*name, &[][..]),
            Literal::Tuple(parts) => match &parts[..] {
                [Literal::Atom(name), args @ ..] => (*name, args),
                _ => return None,
            },
            _ => return None,
        };
        match (name.as_str(), args) {
            // Remarks of the compiler to itself.
            ("%", _) => Some(()),
            ("line", [place]) => {
                let index = self.place(place)?;
                self.push(Genop::Line, vec![Operand::U(index)]);
                Some(())
            }
            ("test", [Literal::Atom(test), args @ ..]) => self.test(*test, args),
            ("bif", [Literal::Atom(bif), fail, sources, dst]) => self.bif(*bif, fail, sources, dst),
            ("gc_bif", [Literal::Atom(bif), fail, live, sources, dst]) => {
                let sources = elements(sources);
                let op = Genop::from_name(&format!("gc_bif{}", sources.len()))?;
                let import = self.import(Atom::new("erlang"), *bif, u32::try_from(sources.len()).ok()?);
                let mut args = vec![self.operand(fail)?, self.operand(live)?, import];
                args.extend(self.operands(&sources)?);
                args.push(self.operand(dst)?);
                self.push(op, args);
                Some(())
            }
            ("make_fun3", [entry, _, _, dst, environment]) => {
                let environment = self.operand(environment)?;
                let Operand::List(list) = &environment else { return None };
                let lambda = self.lambda(entry, u32::try_from(list.len()).ok()?)?;
                let args = vec![lambda, self.operand(dst)?, environment];
                self.push(Genop::MakeFun3, args);
                Some(())
            }
            ("make_fun2", [entry, _, _, Literal::Int(num_free)]) => {
                let lambda = self.lambda(entry, u32::try_from(*num_free).ok()?)?;
                self.push(Genop::MakeFun2, vec![lambda]);
                Some(())
            }
            ("bs_add", [fail, sources, dst]) => {
                let mut args = vec![self.operand(fail)?];
                args.extend(self.operands(&elements(sources))?);
                args.push(self.operand(dst)?);
                self.push(Genop::BsAdd, args);
                Some(())
            }
            ("bs_create_bin", [fail, need, live, unit, dst, segments]) => {
                let segments = self.segments(segments)?;
                let mut args =
                    self.operands(&[fail.clone(), need.clone(), live.clone(), unit.clone(), dst.clone()])?;
                args.push(segments);
                self.push(Genop::BsCreateBin, args);
                Some(())
            }
            (name, args) => self.plain(name, args),
        }
    }

    /// An instruction whose operands stand as they are.
    fn plain(&mut self, name: &str, args: &[Literal]) -> Option<()> {
        let op = Genop::from_name(name).filter(|op| op.arity() == args.len())?;
        let mut operands = Vec::with_capacity(args.len());
        for (kind, arg) in op.operands().iter().zip(args) {
            let operand = match (kind, arg) {
                (OperandKind::Import, arg) => {
                    let [Literal::Atom(module), Literal::Atom(function), Literal::Int(arity)] =
                        tagged(arg, "extfunc")?
                    else {
                        return None;
                    };
                    self.import(*module, *function, u32::try_from(*arity).ok()?)
                }
                (_, arg) => self.operand(arg)?,
            };
            operands.push(operand);
        }
        self.push(op, operands);
        Some(())
    }

    fn test(&mut self, test: Atom, args: &[Literal]) -> Option<()> {
        let op = Genop::from_name(test.as_str())?;
        let operands = match (op, args) {
            (Genop::BsMatchString, [fail, sources]) => {
                let sources = elements(sources);
                let [context, bits, string] = &sources[..] else { return None };
                vec![self.operand(fail)?, self.operand(context)?, self.operand(bits)?, self.operand(string)?]
            }
            // A list of a kind of its own: {list, Elements}.
            (Genop::HasMapFields, [fail, source, list]) => {
                vec![self.operand(fail)?, self.operand(source)?, self.operand(list)?]
            }
            (_, [fail, sources]) => {
                let mut operands = vec![self.operand(fail)?];
                operands.extend(self.operands(&elements(sources))?);
                operands
            }
            (_, [fail, live, sources, dst]) => {
                let sources = elements(sources);
                let (context, more) = sources.split_first()?;
                let mut operands = vec![self.operand(fail)?, self.operand(context)?, self.operand(live)?];
                operands.extend(self.operands(more)?);
                operands.push(self.operand(dst)?);
                operands
            }
            _ => return None,
        };
        if operands.len() != op.arity() {
            return None;
        }
        self.push(op, operands);
        Some(())
    }

    fn bif(&mut self, bif: Atom, fail: &Literal, sources: &Literal, dst: &Literal) -> Option<()> {
        let sources = elements(sources);
        let op = match bif.as_str() {
            "raise" => {
                let args = self.operands(&sources)?;
                self.push(Genop::Raise, args);
                return Some(());
            }
            "fadd" | "fsub" | "fmul" | "fdiv" | "fnegate" => Genop::from_name(bif.as_str())?,
            _ => Genop::from_name(&format!("bif{}", sources.len()))?,
        };
        let mut args = if op == Genop::Bif0 { Vec::new() } else { vec![self.operand(fail)?] };
        if matches!(op, Genop::Bif0 | Genop::Bif1 | Genop::Bif2) {
            args.push(self.import(Atom::new("erlang"), bif, u32::try_from(sources.len()).ok()?));
        }
        args.extend(self.operands(&sources)?);
        args.push(self.operand(dst)?);
        self.push(op, args);
        Some(())
    }

    fn operands(&mut self, terms: &[Literal]) -> Option<Vec<Operand>> {
        terms.iter().map(|term| self.operand(term)).collect()
    }

    fn operand(&mut self, term: &Literal) -> Option<Operand> {
        match term {
            Literal::Int(value) => Some(Operand::U(u64::try_from(*value).ok()?)),
            Literal::Atom(name) if name.as_str() == "nil" => Some(Operand::Nil),
            Literal::Tuple(parts) => {
                let [Literal::Atom(tag), rest @ ..] = &parts[..] else { return None };
                self.tagged_operand(tag.as_str(), rest)
            }
            _ => None,
        }
    }

    fn tagged_operand(&mut self, tag: &str, rest: &[Literal]) -> Option<Operand> {
        let small = |value: &Literal| u16::try_from(number(value)?).ok();
        Some(match (tag, rest) {
            ("x", [register]) => Operand::X(small(register)?),
            ("y", [slot]) => Operand::Y(small(slot)?),
            ("fr", [register]) => Operand::Fr(small(register)?),
            ("f", [label]) => Operand::Label(u32::try_from(number(label)?).ok()?),
            ("u", [value]) => Operand::U(number(value)?),
            ("integer", [Literal::Int(value)]) => Operand::Int(*value),
            ("integer", [Literal::Big(value)]) => Operand::Big(value.clone()),
            ("atom", [Literal::Atom(name)]) => Operand::Atom(*name),
            ("char", [char]) => Operand::Char(u32::try_from(number(char)?).ok()?),
            ("literal", [Literal::Nil]) => Operand::Nil,
            ("literal" | "float", [value]) => self.literal(value)?,
            ("tr", [register, _type]) => self.operand(register)?,
            ("list", [list]) => Operand::List(self.operands(&elements(list))?),
            ("commands", [commands]) => {
                let mut list = Vec::new();
                for command in elements(commands) {
                    let Literal::Tuple(parts) = &command else { return None };
                    let (Literal::Atom(name), operands) = parts.split_first()? else { return None };
                    list.push(Operand::Atom(*name));
                    list.extend(self.operands(operands)?);
                }
                Operand::List(list)
            }
            ("field_flags", [flags]) => flag_word(flags)?,
            ("string", [Literal::Bits(bytes, _)]) => self.string(bytes)?,
            ("alloc", [needs]) => {
                let needs = elements(needs);
                let need = |name: &str| {
                    let found = needs.iter().find_map(|need| tagged(need, name));
                    u32::try_from(found.and_then(|found| number(found.first()?)).unwrap_or(0)).ok()
                };
                Operand::Alloc { words: need("words")?, floats: need("floats")?, funs: need("funs")? }
            }
            _ => return None,
        })
    }

    fn literal(&mut self, value: &Literal) -> Option<Operand> {
        match value {
            Literal::Atom(name) => return Some(Operand::Atom(*name)),
            Literal::Int(value) => return Some(Operand::Int(*value)),
            Literal::Big(value) => return Some(Operand::Big(value.clone())),
            _ => {}
        }
        let known = self.module.literals.iter().position(|known| is_same(known, value));
        let index = known.unwrap_or_else(|| {
            self.module.literals.push(value.clone());
            self.module.literals.len() - 1
        });
        Some(Operand::Literal(u32::try_from(index).ok()?))
    }

    fn string(&mut self, bytes: &[u8]) -> Option<Operand> {
        let strings = &mut self.module.strings;
        let known = match bytes.len() {
            0 => Some(0),
            length => strings.windows(length).position(|window| window == bytes),
        };
        let offset = known.unwrap_or_else(|| {
            strings.extend_from_slice(bytes);
            strings.len() - bytes.len()
        });
        Some(Operand::U(u64::try_from(offset).ok()?))
    }

    /// The segments of a binary, where strings stand in full.
    fn segments(&mut self, list: &Literal) -> Option<Operand> {
        let [list] = tagged(list, "list")? else { return None };
        Some(Operand::List(self.operands(&elements(list))?))
    }

    fn import(&mut self, module: Atom, function: Atom, arity: u32) -> Operand {
        let imports = &mut self.module.imports;
        let index = *self.imports.entry((module, function, arity)).or_insert_with(|| {
            imports.push(Import { module, function, arity });
            u64::try_from(imports.len() - 1).expect("a count fits")
        });
        Operand::U(index)
    }

    fn lambda(&mut self, entry: &Literal, num_free: u32) -> Option<Operand> {
        let label = u32::try_from(number(tagged(entry, "f")?.first()?)?).ok()?;
        let lambdas = &mut self.module.lambdas;
        let known = lambdas.iter().position(|lambda| lambda.label == label);
        let index = match known {
            Some(index) => index,
            None => {
                let (function, arity) = *self.entries.get(&label)?;
                let index = u32::try_from(lambdas.len()).ok()?;
                lambdas.push(Lambda { function, arity, label, index, num_free, old_uniq: 0 });
                lambdas.len() - 1
            }
        };
        Some(Operand::U(u64::try_from(index).ok()?))
    }

    /// `[]` or `[{location, File, Line}]`.
    fn place(&mut self, place: &Literal) -> Option<u64> {
        let list = elements(place);
        let Some([file, line]) = list.iter().find_map(|one| tagged(one, "location")) else { return Some(0) };
        let name: String = elements(file)
            .iter()
            .map(|code| char::from_u32(u32::try_from(number(code)?).ok()?))
            .collect::<Option<_>>()?;
        let table = &mut self.module.lines;
        // The first stands for the source of the module, whatever it is called.
        let known = table.files.iter().position(|known| *known == name);
        let file = known.unwrap_or_else(|| {
            table.files.push(name);
            table.files.len() - 1
        });
        let place = (u32::try_from(file).ok()?, u32::try_from(number(line)?).ok()?);
        let locations = &mut table.locations;
        Some(*self.places.entry(place).or_insert_with(|| {
            locations.push(place);
            u64::try_from(locations.len()).expect("a count fits")
        }))
    }
}

/// The flags of a segment as a number, from their names.
fn flag_word(flags: &Literal) -> Option<Operand> {
    if let Some(word) = number(flags) {
        return Some(Operand::U(word));
    }
    let mut word = 0;
    for flag in elements(flags) {
        word |= match &flag {
            Literal::Atom(name) => match name.as_str() {
                "aligned" => 1,
                "little" => 2,
                "signed" => 4,
                "exact" => 8,
                "native" => 16,
                "big" | "unsigned" => 0,
                _ => return None,
            },
            // Where in the source it stands.
            _ => 0,
        };
    }
    Some(Operand::U(word))
}

/// Equal, floats by their bits.
fn is_same(a: &Literal, b: &Literal) -> bool {
    a == b && a.to_etf() == b.to_etf()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_have_numbers() {
        let flags = Literal::list(vec![Literal::atom("little"), Literal::atom("signed")]);
        assert_eq!(flag_word(&flags), Some(Operand::U(6)));
        assert_eq!(flag_word(&Literal::Nil), Some(Operand::U(0)));
        assert_eq!(flag_word(&Literal::list(vec![Literal::atom("odd")])), None);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert_eq!(Module::assemble(&Literal::Nil), Err(AssembleError::NotAModule));
    }
}
