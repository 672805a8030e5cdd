//! The files of an installed OTP, where there is one.

use std::path::{Path, PathBuf};
use std::process::Command;

/// All `.beam` files of the installed OTP; empty where there is none.
pub(crate) fn otp_beams() -> Vec<PathBuf> {
    let answer =
        Command::new("erl").args(["-noshell", "-eval", "io:put_chars(code:lib_dir()), halt()."]).output();
    let Ok(answer) = answer else { return Vec::new() };
    let root = PathBuf::from(String::from_utf8_lossy(&answer.stdout).into_owned());
    let mut found = Vec::new();
    collect(&root, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "beam") {
            found.push(path);
        }
    }
}
