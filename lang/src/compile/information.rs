//! What a file says about its own compilation: the options and the source in `CInf`, the forms in `Dbgi`.
//!
//! Options come as `compile:file/2` takes them. Those that only say where messages and results go leave no trace.

use swerl_beam::{Atom, Literal, WriteOptions};

/// The version that modules claim to be compiled by: that of OTP 25's compiler.
const COMPILER_VERSION: &str = "8.2.3";

/// What `inline_size` is, where it is not given.
const INLINE_SIZE: usize = 24;

/// Options that say what becomes of messages and results.
const FOR_THE_DRIVER: &[&str] = &[
    "beam",
    "report_warnings",
    "report_errors",
    "return_errors",
    "return_warnings",
    "warnings_as_errors",
    "binary",
    "verbose",
];

/// The options that stand for others, written out; what users give is `given`.
#[must_use]
pub fn expand_options(given: &[Literal]) -> Vec<Literal> {
    let has_key = tagged(given, "debug_info_key").is_some() || is_set(given, "encrypt_debug_info");
    let has_debug_info = is_set(given, "debug_info") || tagged(given, "debug_info").is_some();
    let mut all = Vec::with_capacity(given.len());
    if has_key && !has_debug_info {
        all.push(Literal::atom("debug_info"));
    }
    for option in given {
        expand_option(option, &mut all);
    }
    all
}

fn expand_option(option: &Literal, all: &mut Vec<Literal>) {
    let mut add = |names: &[&str]| all.extend(names.iter().map(|name| Literal::atom(name)));
    match option {
        Literal::Atom(name) => match name.as_str() {
            "report" => add(&["report_errors", "report_warnings"]),
            "return" => add(&["return_errors", "return_warnings"]),
            "no_bsm4" | "no_type_opt" => add(NO_TYPES),
            "no_make_fun3" => add(&["no_make_fun3", "no_fun_opt"]),
            "no_module_opt" => add(&["no_module_opt", "no_recv_opt"]),
            "r24" => {
                add(NO_TYPES);
                add(R24);
            }
            "r23" => {
                add(R23);
                add(NO_TYPES);
                add(R24);
            }
            "r22" => {
                add(R23);
                add(NO_TYPES);
                add(R24);
                add(R22);
                add(NO_TYPES);
            }
            _ => all.push(option.clone()),
        },
        Literal::Tuple(parts) if parts.first() == Some(&Literal::atom("debug_info_key")) => {
            add(&["encrypt_debug_info"]);
            all.push(option.clone());
        }
        _ => all.push(option.clone()),
    }
}

const NO_TYPES: &[&str] =
    &["no_type_opt", "no_ssa_opt_type_start", "no_ssa_opt_type_continue", "no_ssa_opt_type_finish"];
const R24: &[&str] = &["no_bs_create_bin", "no_ssa_opt_ranges"];
const R23: &[&str] =
    &["no_make_fun3", "no_fun_opt", "no_bs_create_bin", "no_ssa_opt_float", "no_recv_opt", "no_init_yregs"];
const R22: &[&str] = &["no_bs_create_bin", "no_shared_fun_wrappers", "no_swap"];

/// An option that older compilers had, and that is refused now.
#[must_use]
pub fn obsolete_option(options: &[Literal]) -> Option<Atom> {
    const OBSOLETE: &[&str] =
        &["r18", "r19", "r20", "r21", "no_bsm3", "no_get_hd_tl", "no_put_tuple2", "no_utf8_atoms"];
    options.iter().find_map(|option| match option {
        Literal::Atom(name) if OBSOLETE.contains(&name.as_str()) => Some(*name),
        _ => None,
    })
}

/// An option that asks for a listing that is not made here: of what comes on OTP's way to code.
#[must_use]
pub fn unsupported_option(options: &[Literal]) -> Option<Atom> {
    const UNSUPPORTED: &[&str] = &[
        "dcopt",
        "to_kernel",
        "dcorelint",
        "dkern",
        "dcbsm",
        "dssa",
        "dssabool",
        "dssashare",
        "dssaopt",
        "dprecg",
        "dcg",
        "djmp",
        "dclean",
        "dopt",
    ];
    options.iter().find_map(|option| match option {
        Literal::Atom(name) if UNSUPPORTED.contains(&name.as_str()) => Some(*name),
        _ => None,
    })
}

/// Whether the option is given, as an atom.
#[must_use]
pub fn is_set(options: &[Literal], name: &str) -> bool {
    options.iter().any(|option| matches!(option, Literal::Atom(known) if known.as_str() == name))
}

/// The value of the first option `{name, Value}`.
#[must_use]
pub fn tagged<'o>(options: &'o [Literal], name: &str) -> Option<&'o Literal> {
    options.iter().find_map(|option| match option {
        Literal::Tuple(parts) => match &parts[..] {
            [Literal::Atom(tag), value] if tag.as_str() == name => Some(value),
            _ => None,
        },
        _ => None,
    })
}

/// The options of a compilation: those that were given, and those of the attributes before them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Information<'o> {
    /// What the caller gave, written out.
    pub(super) given: &'o [Literal],
    /// The same after those of the attributes.
    pub(super) all: &'o [Literal],
    /// The absolute name of the source; empty if there is none.
    pub(super) source: &'o str,
}

impl Information<'_> {
    /// The `CInf` chunk.
    pub(super) fn compile_info(&self) -> Literal {
        let entry = |name: &str, value: Literal| Literal::tuple([Literal::atom(name), value]);
        let is_deterministic = is_set(self.all, "deterministic");
        let mut entries = vec![entry("version", Literal::string(COMPILER_VERSION))];
        if !is_deterministic {
            entries.push(entry("options", Literal::list(self.options_to_show())));
            if !self.source.is_empty() {
                entries.push(entry("source", Literal::string(self.source)));
            }
        }
        if let Some(Literal::List(more, _)) = tagged(self.given, "compile_info") {
            entries.extend(more.iter().cloned());
        }
        Literal::list(entries)
    }

    fn options_to_show(&self) -> Vec<Literal> {
        let is_tagged = |option: &Literal, names: &[&str]| match option {
            Literal::Tuple(parts) => {
                matches!(parts.first(), Some(Literal::Atom(tag)) if names.contains(&tag.as_str()))
            }
            Literal::Atom(name) => names.contains(&name.as_str()),
            _ => false,
        };
        let mut shown: Vec<Literal> = Vec::new();
        let has_debug_info = self.debug_info();
        let moves_debug_info = has_debug_info != DebugInfo::None;
        if has_debug_info == DebugInfo::Forms {
            shown.push(Literal::atom("debug_info"));
        }
        let kept = self.given.iter().filter(|option| leaves_a_trace(option));
        let kept =
            kept.filter(|option| !is_tagged(option, &["compile_info", "extra_chunks", "debug_info_key"]));
        shown
            .extend(kept.filter(|option| !(moves_debug_info && is_tagged(option, &["debug_info"]))).cloned());
        if tagged(self.given, "debug_info_key").is_some() {
            // The key itself is nobody's business.
            shown.insert(0, Literal::tuple([Literal::atom("debug_info_key"), Literal::atom("********")]));
        }
        shown
    }

    /// What the `Dbgi` chunk is to hold.
    fn debug_info(&self) -> DebugInfo {
        for option in self.all {
            match option {
                Literal::Atom(name) if name.as_str() == "debug_info" => return DebugInfo::Forms,
                Literal::Tuple(parts) => match &parts[..] {
                    [Literal::Atom(tag), Literal::Tuple(backend)] if tag.as_str() == "debug_info" => {
                        if let [Literal::Atom(backend), data] = &backend[..] {
                            return DebugInfo::Other(*backend, data.clone());
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        DebugInfo::None
    }

    /// The term of the `Dbgi` chunk; `forms` are written only where they are wanted.
    pub(super) fn debug_chunk(&self, forms: impl FnOnce() -> Literal) -> Literal {
        let (backend, data) = match self.debug_info() {
            DebugInfo::Other(backend, data) => (Literal::Atom(backend), data),
            kind => {
                let code = if kind == DebugInfo::Forms { forms() } else { Literal::atom("none") };
                let options = Literal::list(self.options_to_compile_again());
                (Literal::atom("erl_abstract_code"), Literal::tuple([code, options]))
            }
        };
        Literal::tuple([Literal::atom("debug_info_v1"), backend, data])
    }

    /// The options without what has been done to the forms already.
    fn options_to_compile_again(&self) -> Vec<Literal> {
        let is_deterministic = is_set(self.given, "deterministic");
        let is_wanted = |option: &&Literal| match option {
            Literal::Atom(name) => !matches!(name.as_str(), "from_asm" | "from_core" | "from_abstr"),
            Literal::Tuple(parts) => match &parts[..] {
                [Literal::Atom(tag), _] => match tag.as_str() {
                    "i" | "cwd" => !is_deterministic,
                    "parse_transform" | "extra_chunks" => false,
                    _ => true,
                },
                [Literal::Atom(tag), _, _] => tag.as_str() != "d",
                _ => true,
            },
            _ => true,
        };
        self.given.iter().filter(|option| leaves_a_trace(option)).filter(is_wanted).cloned().collect()
    }

    /// The chunks that the option `{extra_chunks, [{Name, Bytes}]}` asks for.
    pub(super) fn extra_chunks(&self) -> Vec<([u8; 4], Vec<u8>)> {
        let Some(Literal::List(chunks, _)) = tagged(self.given, "extra_chunks") else { return Vec::new() };
        let chunk = |chunk: &Literal| match chunk {
            Literal::Tuple(parts) => match &parts[..] {
                [Literal::Bits(name, 8), Literal::Bits(bytes, 8)] => {
                    Some((<[u8; 4]>::try_from(&name[..]).ok()?, bytes.to_vec()))
                }
                _ => None,
            },
            _ => None,
        };
        chunks.iter().filter_map(chunk).collect()
    }

    /// With the option `inline`: the size up to which functions are written out where they are called.
    pub(super) fn inline_size(&self) -> Option<usize> {
        let size = match tagged(self.all, "inline_size") {
            Some(Literal::Int(size)) => usize::try_from(*size).unwrap_or(0),
            _ => INLINE_SIZE,
        };
        is_set(self.all, "inline").then_some(size)
    }

    /// The option `slim`: nothing beside what the machine needs.
    pub(super) fn is_slim(&self) -> bool {
        is_set(self.all, "slim")
    }

    /// How the file is written. `swerl_plain_literals` is for one that this system loads at once and nobody else sees.
    pub(super) fn write_options(&self) -> WriteOptions {
        WriteOptions { compress_literals: !is_set(self.all, "swerl_plain_literals") }
    }
}

/// What is kept of a program.
#[derive(Clone, PartialEq, Debug)]
enum DebugInfo {
    /// Nothing.
    None,
    /// Its forms.
    Forms,
    /// What another compiler that came before this one gave: the module that explains it, and the term.
    Other(Atom, Literal),
}

/// Whether an option may bear on the code.
fn leaves_a_trace(option: &Literal) -> bool {
    match option {
        Literal::Atom(name) => !FOR_THE_DRIVER.contains(&name.as_str()),
        Literal::Tuple(parts) => {
            !matches!(&parts[..], [Literal::Atom(tag), _] if matches!(tag.as_str(), "cwd" | "outdir"))
        }
        _ => true,
    }
}
