//! Damaged modules, loaded and run: the machine refuses them or survives them. `SWERL_MUTANTS=N` makes so many of
//! each module; the same number makes the same mutants.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use libtest_mimic::{Arguments, Trial};
use swerl_beam::{Atom, Genop, Instr, Module, Operand, WriteOptions};
use swerl_tests::mutation::{Numbers, damage_bytes, damage_code};
use swerl_tests::process::{Errors, run};

const SWERL: &str = env!("CARGO_BIN_EXE_swerl");
const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/mutants/mutants.erl");
/// Modules of swerl's library that are damaged under another name.
const MODULES: &[&str] = &[
    "queue",
    "orddict",
    "gb_trees",
    "base64",
    "proplists",
    "array",
    "string",
    "calendar",
    "maps",
    "digraph",
];
/// Mutants of each module where nothing else is asked for.
const USUAL: usize = 250;
/// Mutants that one machine runs.
const BATCH: usize = 500;

fn main() -> ExitCode {
    let asked = std::env::var("SWERL_MUTANTS").ok().and_then(|number| number.parse().ok());
    let count = asked.unwrap_or(USUAL);
    let mut trials: Vec<_> =
        MODULES.iter().map(|&name| Trial::test(name, move || Ok(check(name, count)?))).collect();
    trials.push(Trial::test("one_function", || Ok(check_one_function()?)));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn check(name: &str, count: usize) -> Result<()> {
    let beam = swerl_stdlib::module(name).context("a module of the library")?;
    let mut module = Module::read(beam)?;
    let other_name = format!("mutant_{name}");
    module.name = Some(Atom::new(&other_name));
    for instr in module.code.iter_mut().filter(|instr| instr.op == Genop::FuncInfo) {
        instr.args[0] = Operand::Atom(Atom::new(&other_name));
    }
    module.other_chunks.clear();
    let sound = module.write_with(WriteOptions { compress_literals: false });
    let mut numbers = Numbers::new(0x5eed_0001);
    let mut made = 0;
    while made < count {
        let folder = tempfile::tempdir()?;
        for number in made..count.min(made + BATCH) {
            let mut bytes = sound.clone();
            // The first is whole, so that something runs in any case.
            if number % 4 == 0 && number != made {
                damage_bytes(&mut bytes, &mut numbers);
            } else if number != made {
                let mut mutant = module.clone();
                damage_code(&mut mutant, &mut numbers);
                bytes = mutant.write();
            }
            std::fs::write(folder.path().join(format!("{other_name}-{number:06}.beam")), bytes)?;
        }
        made = count.min(made + BATCH);
        play(folder.path())?;
    }
    Ok(())
}

/// A large module of which one function is damaged: that function fails when it is called, and the log says why.
fn check_one_function() -> Result<()> {
    let mut module = Module::read(swerl_stdlib::module("array").context("a module of the library")?)?;
    let name = Atom::new("mutant_array");
    module.name = Some(name);
    for instr in module.code.iter_mut().filter(|instr| instr.op == Genop::FuncInfo) {
        instr.args[0] = Operand::Atom(name);
    }
    module.other_chunks.clear();
    let is_size = |instr: &Instr| instr.args.get(1) == Some(&Operand::Atom(Atom::new("size")));
    let at = module.code.iter().position(|instr| instr.op == Genop::FuncInfo && is_size(instr));
    let body = at.context("array:size/1")? + 2;
    module.code[body] = Instr { op: Genop::Move, args: vec![Operand::X(7), Operand::X(0)] };
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("mutant_array.beam"), module.write())?;
    let script = "{module, M} = code:load_file(mutant_array), A = M:set(2, x, M:new()), \
                  io:format(\"~p ~p~n\", [M:to_list(A), catch M:size(A)]), timer:sleep(50), halt().";
    let mut command = Command::new(SWERL);
    command.args(["erl", "-noshell", "-eval", script]).current_dir(folder.path());
    let ran = run(command, None, Errors::Joined, Duration::from_secs(60), folder.path())?;
    let printed = String::from_utf8_lossy(&ran.stdout);
    for part in ["[undefined,undefined,x]", "{badfile,", "size/1: instruction", "x7 is not initialised"] {
        ensure!(printed.contains(part), "{part:?} is missing:\n{printed}");
    }
    Ok(())
}

/// Runs all files of a folder in one machine.
fn play(folder: &Path) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let swerl = |args: &[&str], limit| {
        let mut command = Command::new(SWERL);
        command.args(args).current_dir(scratch.path());
        run(command, None, Errors::Joined, Duration::from_secs(limit), scratch.path())
    };
    let compiled = swerl(&["erlc", SOURCE], 60)?;
    ensure!(compiled.status == Some(0), "does not compile: {}", String::from_utf8_lossy(&compiled.stdout));
    let folder = folder.to_str().context("a path in UTF-8")?;
    let ran = swerl(&["erl", "-noshell", "-s", "mutants", "main", folder], 600)?;
    let printed = String::from_utf8_lossy(&ran.stdout);
    let last: Vec<&str> = printed.lines().rev().take(12).collect();
    ensure!(ran.status == Some(0), "the machine ended ({:?}):\n{}", ran.status, last.join("\n"));
    let ended = last.first().is_some_and(|line| line.ends_with(" ran") && !line.ends_with(" 0 ran"));
    ensure!(ended, "no result, or nothing ran:\n{}", last.join("\n"));
    Ok(())
}
