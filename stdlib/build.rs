//! Compiles the Erlang libraries beside this file and packs them into one archive.
//!
//! Each folder with a `src` is an application. Its modules are compiled on all cores; they go into the archive
//! under their names. Beside them go the application resource as `APP.app` with the list of modules filled in,
//! the header files under `APP/include/NAME.hrl`, and as `$index` what there is: a line for each application, with
//! its name, its version and the names of its modules.

mod documentation;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, fs, io, thread};

use swerl_beam::{Genop, Module, Operand, ReadError, WriteOptions};
use swerl_lang::compile::{Includes, Options, SourceText, compile};
use swerl_lang::diag::{Diagnostic, erlc};

fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("packing the libraries: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Builds the archive. What each module that does not compile has wrong goes to standard error.
fn build() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=documentation.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    let applications = Application::all(&root)?;
    let mut archive = BTreeMap::new();
    let mut failures = Vec::new();
    for (module, result) in compile_all(&root, &applications) {
        match result {
            Ok(bytes) => {
                archive.insert(module, bytes);
            }
            Err(report) => {
                failures.push(module);
                eprintln!("{report}");
            }
        }
    }
    if !failures.is_empty() {
        return Err(io::Error::other(format!("modules that do not compile: {}", failures.join(", "))));
    }
    for application in &applications {
        application.pack(&mut archive)?;
    }
    archive.insert("$index".to_owned(), index(&applications));
    write_archive(&out, &archive, &applications)
}

/// An application: a folder with sources.
struct Application {
    name: String,
    folder: PathBuf,
    /// The names of its modules, sorted.
    modules: Vec<String>,
    /// The text of its `.app.src`.
    resource: String,
}

impl Application {
    fn all(root: &Path) -> io::Result<Vec<Self>> {
        let mut applications = Vec::new();
        for folder in sorted_entries(root)? {
            let source = folder.join("src");
            if folder.file_name().is_none_or(|name| name == "src") || !source.is_dir() {
                continue;
            }
            println!("cargo::rerun-if-changed={}", folder.display());
            let name = file_name(&folder);
            let files = sorted_entries(&source)?;
            let modules: Vec<_> = files
                .iter()
                .filter_map(|file| Some(file_name(file).strip_suffix(".erl")?.to_owned()))
                .collect();
            let Ok(resource) = fs::read_to_string(source.join(format!("{name}.app.src"))) else {
                if modules.is_empty() {
                    continue;
                }
                return Err(io::Error::other(format!("{name}.app.src is missing")));
            };
            applications.push(Self { name, folder, modules, resource });
        }
        Ok(applications)
    }

    /// What `{vsn, "..."}` says.
    fn version(&self) -> &str {
        let text = self.resource.split("{vsn,").nth(1).unwrap_or_default();
        text.split('"').nth(1).unwrap_or_default()
    }

    /// Puts the resource and the header files into the archive.
    fn pack(&self, archive: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
        let modules = format!("{{modules, [{}]}}", self.modules.join(", "));
        let resource = self.resource.replace("{modules, []}", &modules);
        archive.insert(format!("{}.app", self.name), resource.into_bytes());
        let include = self.folder.join("include");
        if include.is_dir() {
            for file in sorted_entries(&include)? {
                archive.insert(format!("{}/include/{}", self.name, file_name(&file)), fs::read(&file)?);
            }
        }
        Ok(())
    }
}

fn index(applications: &[Application]) -> Vec<u8> {
    let line = |application: &Application| {
        format!("{} {} {}\n", application.name, application.version(), application.modules.join(" "))
    };
    applications.iter().map(line).collect::<String>().into_bytes()
}

/// All modules, each compiled or with a report why not.
fn compile_all(root: &Path, applications: &[Application]) -> Vec<(String, Result<Vec<u8>, String>)> {
    let modules: Vec<_> = applications
        .iter()
        .flat_map(|application| application.modules.iter().map(move |module| (application, module)))
        .collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(modules.len()));
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((application, module)) = modules.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = compile_module(root, application, module);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(((*module).clone(), result));
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Compiles one module. Stack traces show its file without a folder.
fn compile_module(root: &Path, application: &Application, module: &str) -> Result<Vec<u8>, String> {
    let name = format!("{module}.erl");
    let source = application.folder.join("src");
    let bytes = fs::read(source.join(&name)).map_err(|error| format!("{name}: {error}"))?;
    let files = Sources { root: root.to_owned(), folder: source };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let outcome = compile(SourceText { name: Arc::from(name.as_str()), bytes }, &Options::default(), &files);
    let beam = outcome.file.ok_or_else(|| {
        let errors = outcome.diagnostics.iter().filter(|one| Diagnostic::is_error(one));
        errors.map(|error| erlc::render(error, &outcome.sources)).collect::<String>()
    })?;
    finished(&beam, &text, application.name == "erts").map_err(|error| format!("{name}: {error}"))
}

/// The module with its documentation.
fn finished(beam: &[u8], text: &str, is_preloaded: bool) -> Result<Vec<u8>, ReadError> {
    let mut module = Module::read(beam)?;
    let docs = documentation::chunk(text, &module);
    module.other_chunks.push((*b"Docs", docs));
    if is_preloaded {
        without_places(&mut module);
    }
    // Only this program reads them.
    Ok(module.write_with(WriteOptions { compress_literals: false }))
}

/// The modules that OTP has in its machine show no source places in stack traces, and so neither do ours.
fn without_places(module: &mut Module) {
    module.lines.locations.clear();
    for instruction in module.code.iter_mut().filter(|instruction| instruction.op == Genop::Line) {
        instruction.args = vec![Operand::U(0)];
    }
}

/// Where a module's headers are.
struct Sources {
    root: PathBuf,
    folder: PathBuf,
}

impl Includes for Sources {
    fn read(&self, path: &str) -> Option<Vec<u8>> {
        fs::read(self.folder.join(path)).ok()
    }

    fn application_folder(&self, application: &str) -> Option<String> {
        let folder = self.root.join(application);
        folder.is_dir().then(|| folder.display().to_string())
    }

    fn variable(&self, _name: &str) -> Option<String> {
        None
    }
}

/// The archive is all contents one after the other; the table of names beside it is Rust source.
fn write_archive(
    out: &Path,
    archive: &BTreeMap<String, Vec<u8>>,
    applications: &[Application],
) -> io::Result<()> {
    let mut bytes = Vec::new();
    let mut table = String::from("static TABLE: &[(&str, usize, usize, [u8; 16])] = &[\n");
    for (name, content) in archive {
        let start = bytes.len();
        bytes.extend_from_slice(content);
        let checksum = Module::read_outline(content).map(|(.., checksum)| checksum).unwrap_or_default();
        let _ = writeln!(table, "    ({name:?}, {start}, {}, {checksum:?}),", bytes.len());
    }
    table.push_str("];\n\nstatic APPLICATIONS: &[(&str, &str)] = &[\n");
    for application in applications {
        let _ = writeln!(table, "    ({:?}, {:?}),", application.name, application.version());
    }
    table.push_str("];\n");
    fs::write(out.join("archive.bin"), bytes)?;
    fs::write(out.join("table.rs"), table)
}

fn sorted_entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
