//! Every file of the installed OTP reads, and what is written from it reads the same and runs on OTP.
#![allow(clippy::unwrap_used, reason = "tests")]

mod support;

use std::process::Command;
use swerl_beam::{Module, WriteOptions};

#[test]
fn every_file_reads_back_as_it_was() {
    for path in support::otp_beams() {
        let bytes = std::fs::read(&path).unwrap();
        let module = Module::read(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let written = module.write();
        let again = Module::read(&written).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(module == again, "{} reads back otherwise", path.display());
        let (tables, code, md5) = Module::read_outline(&written).unwrap();
        assert!(md5 == module.md5(), "{} has another checksum as it stands", path.display());
        assert!(tables.exports == module.exports);
        let functions: Vec<_> = (0..code.functions.len()).map(|at| code.decode(at).unwrap()).collect();
        let whole = &module.code[..module.code.len() - 1];
        assert!(functions.concat() == whole, "{}: functions are found elsewhere", path.display());
        let plain = module.write_with(WriteOptions { compress_literals: false });
        assert!(Module::read(&plain) == Ok(module), "{} reads back otherwise, uncompressed", path.display());
    }
}

#[test]
fn written_files_run_on_otp() {
    let beams = support::otp_beams();
    let folder = std::env::temp_dir().join(format!("swerl-beam-{}", std::process::id()));
    for name in ["orddict", "gb_trees", "erl_scan"] {
        let file = format!("{name}.beam");
        let Some(path) = beams.iter().find(|path| path.file_name().is_some_and(|f| *f == *file)) else {
            return;
        };
        std::fs::create_dir_all(&folder).unwrap();
        let module = Module::read(&std::fs::read(path).unwrap()).unwrap();
        std::fs::write(folder.join(file), module.write()).unwrap();
    }
    let script = "[begin code:unstick_mod(M), code:purge(M), \
                     {module,M} = code:load_abs(filename:join(hd(init:get_plain_arguments()), M)) \
                   end || M <- [orddict,gb_trees,erl_scan]], \
                  {ok,[{atom,1,a},{dot,1}],1} = erl_scan:string(\"a.\"), \
                  [{a,1}] = orddict:store(a, 1, []), \
                  {1,_} = gb_trees:insert(k, v, gb_trees:empty()), \
                  io:put_chars(\"fine\"), halt().";
    let output =
        Command::new("erl").args(["-noshell", "-eval", script, "-extra"]).arg(&folder).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "fine");
}

/// The checksum is what OTP computes for the file.
#[test]
fn checksums_are_those_of_otp() {
    let Some(path) = support::otp_beams().into_iter().find(|path| path.ends_with("lists.beam")) else {
        return;
    };
    let module = Module::read(&std::fs::read(&path).unwrap()).unwrap();
    let folder = std::env::temp_dir().join(format!("swerl-md5-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let copy = folder.join("lists.beam");
    std::fs::write(&copy, module.write()).unwrap();
    let script = format!(
        "{{ok,{{_,<<N:128>>}}}} = beam_lib:md5({:?}), io:format(\"~.16b\", [N]), halt().",
        copy.display().to_string()
    );
    let output = Command::new("erl").args(["-noshell", "-eval", &script]).output().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let number = u128::from_be_bytes(module.md5());
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{number:x}"));
}

/// The listing of a real module, in the words of OTP's own.
#[test]
fn listings_read_as_those_of_otp() {
    let Some(path) = support::otp_beams().into_iter().find(|path| path.ends_with("queue.beam")) else {
        return;
    };
    let listing = Module::read(&std::fs::read(&path).unwrap()).unwrap().listing();
    for line in [
        "{module, queue}.  %% version = 0",
        "{function, new, 0, 2}.",
        "    {move,{literal,{[],[]}},{x,0}}.",
        "    {test,test_arity,{f,5},[{x,0},2]}.",
        "    {bif,is_list,{f,0},[{x,0}],{x,0}}.",
        "    return.",
    ] {
        assert!(listing.lines().any(|found| found == line), "no line {line:?} in:\n{listing}");
    }
}
