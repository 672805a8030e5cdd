//! The command lines of `swerl` and `swerl erlc` from outside: names, exit statuses, messages, and what
//! a failure leaves untouched.

use std::path::Path;
use std::process::{Command, Output};

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Place { folder: tempfile::tempdir().expect("a scratch folder") }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path().join(name), content).expect("a file in the scratch folder");
        self
    }

    fn run_as(&self, program: &Path, words: &[&str]) -> Output {
        Command::new(program).args(words).current_dir(self.path()).output().expect("swerl runs")
    }

    fn swerl(&self, words: &[&str]) -> Output {
        self.run_as(Path::new(env!("CARGO_BIN_EXE_swerl")), words)
    }
}

/// Checks output and exit status of `swerl WORDS`.
fn check(place: &Place, words: &[&str], status: i32, stdout: &str, stderr: &str) {
    let output = place.swerl(words);
    let printed = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((printed.0.as_ref(), printed.1.as_ref()), (stdout, stderr), "{words:?}");
    assert_eq!(output.status.code(), Some(status), "{words:?}");
}

const HELLO: &str = "-module(hello).\n-export([main/0]).\nmain() -> io:format(\"hello~n\").\n";

#[test]
fn a_file_is_compiled_and_run() {
    let place = Place::new().with("hello.erl", HELLO);
    check(&place, &["erlc", "hello.erl"], 0, "", "");
    check(&place, &["erl", "-noshell", "-s", "hello", "main", "-s", "init", "stop"], 0, "hello\n", "");
}

#[test]
fn results_go_where_they_should() {
    let place = Place::new().with("hello.erl", HELLO);
    std::fs::create_dir(place.path().join("ebin")).expect("a folder");
    check(&place, &["erlc", "-o", "ebin", "hello.erl"], 0, "", "");
    assert!(place.path().join("ebin/hello.beam").exists() && !place.path().join("hello.beam").exists());
    std::fs::rename(place.path().join("hello.erl"), place.path().join("ebin/hello.erl")).expect("it moves");
    check(&place, &["erlc", "ebin/hello.erl"], 0, "", "");
    assert!(place.path().join("hello.beam").exists());
}

#[test]
fn the_name_decides_what_the_program_is() {
    let place = Place::new().with("hello.erl", HELLO);
    let link = place.path().join("erlc");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_swerl"), &link).expect("a link");
    let output = place.run_as(&link, &["hello.erl"]);
    assert!(output.status.success() && place.path().join("hello.beam").exists());
}

#[test]
fn expressions_are_evaluated() {
    let place = Place::new();
    let expression = "io:format(\"~p~n\", [init:get_plain_arguments()]).";
    check(&place, &["-e", expression, "a", "-b"], 0, "[\"a\",\"-b\"]\n", "");
    check(&place, &["erl", "-noshell", "-eval", "halt(7)."], 7, "", "");
}

#[test]
fn a_start_that_fails_says_why() {
    // Nothing was printed before: the reason is written by modules that are not loaded yet.
    let words = ["erl", "-noshell", "-s", "erlang", "exit", "reason"];
    let stdout = "{\"init terminating in do_boot\",[reason]}\r\n";
    let stderr = "init terminating in do_boot ([reason])\r\n\r\n\
                  Crash dump is being written to: erl_crash.dump...done\r\n";
    let place = Place::new();
    check(&place, &words, 1, stdout, stderr);
    let dump = std::fs::read_to_string(place.path().join("erl_crash.dump")).expect("the dump was written");
    assert!(dump.starts_with("=erl_crash_dump:0.5\n") && dump.ends_with("\n=end\n"), "{dump}");
    assert!(dump.contains("\nSlogan: init terminating in do_boot ([reason])\n"), "{dump}");
}

#[test]
fn a_start_with_wrong_settings_says_what_is_wrong() {
    let why = "error in config file \\\"./none.config\\\" (none): configuration file not found";
    let stdout = format!("{{\"could not start kernel pid\",application_controller,\"{why}\"}}\r\n");
    let stderr =
        format!("could not start kernel pid (application_controller) ({})\r\n", why.replace('\\', ""));
    let words =
        ["erl", "-noshell", "-env", "ERL_CRASH_DUMP_SECONDS", "0", "-config", "none", "-s", "init", "stop"];
    check(&Place::new(), &words, 1, &stdout, &stderr);
}

#[test]
fn a_start_with_a_value_that_is_no_term_says_so() {
    let words = ["erl", "-noshell", "-env", "ERL_CRASH_DUMP_SECONDS", "0", "-kernel", "k", "'abc"];
    let output = Place::new().swerl(&words);
    let stdout = "{\"could not start kernel pid\",application_controller,\
                  \"{bad_environment_value,\\\"'abc\\\"}\"}\r\n";
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), stdout);
    assert!(
        stderr.contains("\napplication_controller: unterminated atom starting with 'abc': 'abc\n"),
        "{stderr}"
    );
    assert!(
        stderr.ends_with(
            "could not start kernel pid (application_controller) ({bad_environment_value,\"'abc\"})\r\n"
        ),
        "{stderr}"
    );
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_start_with_a_logger_that_cannot_be_says_so() {
    let wrong = [
        ("logger_level", "foo", "logger config: {logger_level,foo}"),
        ("logger", "foo", "logger config: foo"),
        ("logger", "[foo]", "logger config: [foo]"),
        ("logger_metadata", "x", "logger config: {logger_metadata,x}"),
        ("error_logger", "foo", "default handler config: {error_logger,foo}"),
        (
            "logger",
            "[{handler,default,logger_std_h,#{level=>foo}}]",
            "logger handler config: {kernel,{invalid_level,foo}}",
        ),
    ];
    for (key, value, complaint) in wrong {
        let words = ["erl", "-noshell", "-env", "ERL_CRASH_DUMP_SECONDS", "0", "-kernel", key, value];
        let output = Place::new().swerl(&words);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(&format!("\nInvalid {complaint}\n")), "{stderr}");
        let slogan = "Kernel pid terminated (application_controller) ({application_start_failure,kernel,";
        assert!(stderr.contains(slogan), "{stderr}");
        assert_eq!(output.status.code(), Some(1));
    }
}

#[test]
fn an_abort_ends_by_its_signal() {
    use std::os::unix::process::ExitStatusExt as _;
    let output = Place::new().swerl(&["erl", "-noshell", "-eval", "erlang:halt(abort)."]);
    assert_eq!(output.status.signal(), Some(6));
}

#[test]
fn files_are_compiled_by_a_flag() {
    let place = Place::new().with("hello.erl", HELLO).with("bad.erl", "-module(bad).\nf( -> .\n");
    check(&place, &["erl", "-compile", "hello"], 0, "", "");
    assert!(place.path().join("hello.beam").exists());
    check(&place, &["erl", "-compile", "none"], 1, "none.erl: no such file or directory\n", "");
    assert_eq!(place.swerl(&["erl", "-compile", "bad"]).status.code(), Some(1));
}

#[test]
fn what_has_changed_is_made_again() {
    let emakefile = "{'src/*',[{outdir,\"ebin\"},{i,\"include\"}]}.\n";
    let place = Place::new().with("Emakefile", emakefile);
    for folder in ["src", "ebin", "include"] {
        std::fs::create_dir(place.path().join(folder)).expect("a folder");
    }
    let place = place
        .with("src/hello.erl", HELLO)
        .with("src/other.erl", "-module(other).\n-include(\"own.hrl\").\n?FORM.\n")
        .with("include/own.hrl", "-define(FORM, -export([])).\n");
    check(&place, &["erl", "-make"], 0, "Recompile: src/other\nRecompile: src/hello\n", "");
    check(&place, &["erl", "-make", "whatever"], 0, "", "");
    // As if what came of it was of last year.
    let long_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(30_000_000);
    let object = place.path().join("ebin/other.beam");
    let object = std::fs::File::options().write(true).open(object).expect("it was compiled");
    object.set_modified(long_ago).expect("a time");
    check(&place, &["erl", "-make"], 0, "Recompile: src/other\n", "");
    let place = place.with("Emakefile", "{{x.\n");
    let trouble = "make: Trouble reading 'Emakefile':\n{1,erl_parse,[\"syntax error before: \",\"'.'\"]}\n";
    check(&place, &["erl", "-make"], 1, trouble, "");
    let place = place.with("Emakefile", "none.\n");
    check(&place, &["erl", "-make"], 1, "Recompile: none\nnone.erl: no such file or directory\n", "");
}

#[test]
fn rules_for_make_are_written() {
    let program = "-module(m).\n-include(\"k.hrl\").\n";
    let place = Place::new().with("m.erl", program);
    std::fs::create_dir(place.path().join("include")).expect("a folder");
    let place = place.with("include/k.hrl", "\n");
    let here = place.path().canonicalize().expect("the scratch folder is there");
    let rule = format!("m.beam: m.erl {}/include/k.hrl\n", here.display());
    check(&place, &["erlc", "-M", "-I", "include", "m.erl"], 0, &rule, "");
    check(&place, &["erlc", "-MT", "a", "-M", "-MG", "m.erl"], 0, "a: m.erl k.hrl\n", "");
    assert!(!place.path().join("m.beam").exists());
    check(&place, &["erlc", "-MD", "-I", "include", "m.erl"], 0, "", "");
    let written = std::fs::read_to_string(place.path().join("m.Pbeam")).expect("the rules");
    assert_eq!((written, place.path().join("m.beam").exists()), (rule.clone(), false));
    check(&place, &["erlc", "-MMD", "-MF", "rules", "-I", "include", "m.erl"], 0, "", "");
    let written = std::fs::read_to_string(place.path().join("rules")).expect("the rules");
    assert_eq!((written, place.path().join("m.beam").exists()), (rule, true));
    std::fs::remove_file(place.path().join("m.beam")).expect("it was there");
    // Alone they ask for nothing.
    check(&place, &["erlc", "-MT", "a", "-MQ", "b", "-MP", "-I", "include", "m.erl"], 0, "", "");
    assert!(place.path().join("m.beam").exists());
}

#[test]
fn a_name_with_two_hosts_is_refused() {
    let message = "Protocol 'inet_tcp': invalid node name: a@b@c\n";
    check(&Place::new(), &["erl", "-noshell", "-name", "a@b@c", "-s", "init", "stop"], 1, "", message);
}

#[test]
fn the_words_of_a_machine_are_printed() {
    let output = Place::new().swerl(&["erl", "-emu_args_exit", "-noshell", "+P", "5000", "-extra", "+x"]);
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.starts_with("-P\n5000\n--\n-root\n"), "{printed}");
    assert!(printed.ends_with("\n--\n-noshell\n-extra\n+x\n"), "{printed}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn without_input_reading_waits() {
    let program = "spawn(fun() -> timer:sleep(300), io:put_chars(\"still\"), init:stop() end), \
                   io:get_line(\"? \"), io:put_chars(\"read\").";
    check(&Place::new(), &["erl", "-noinput", "-eval", program], 0, "? still", "");
}

#[test]
fn a_script_that_fails_shows_what_called_it() {
    let script = "#!/usr/bin/env escript\nmain(_) -> {ok, _} = g(1).\ng(X) -> X + id(a).\nid(X) -> X.\n";
    let shown = |mode: &str| {
        let place = Place::new().with("s", script);
        let output = place.swerl(&["escript", mode, "s"]);
        assert_eq!(output.status.code(), Some(127));
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        let calls = text.lines().filter_map(|line| line.trim().strip_prefix("in call from "));
        calls.map(|call| call.split_whitespace().next().unwrap_or("").to_owned()).collect::<Vec<_>>()
    };
    let below = ["escript:start/1", "init:start_em/1", "init:do_boot/3"];
    let functions = ["erl_eval:local_func/8", "erl_eval:expr/6", "erl_eval:local_func/8"];
    assert_eq!(shown("-i"), [&functions[..], &["escript:interpret/4"], &below[..]].concat());
    let compiled = shown("-c");
    assert!(compiled[0].ends_with(":g/1"), "{compiled:?}");
    assert_eq!(compiled[compiled.len() - 4..], [&["escript:run/2"], &below[..]].concat());
}

#[test]
fn variables_are_set_for_the_program() {
    let place = Place::new();
    let words =
        ["erl", "-noshell", "-env", "A", "one two", "-eval", "io:put_chars(os:getenv(\"A\")), halt()."];
    check(&place, &words, 0, "one two", "");
}

#[test]
fn what_is_missing_is_named() {
    let place = Place::new();
    check(&place, &["erlc", "nofile.erl"], 1, "nofile.erl: no such file or directory\n", "");
    check(&place, &["erlc", "a.bar"], 1, "", "Unknown extension: '.bar'\n");
    let here = place.path().canonicalize().expect("the scratch folder is there");
    check(&place, &["erlc", "a"], 1, "", &format!("File has no extension: {}/a\n", here.display()));
    check(&place, &["erlc", "--", "-a.erl"], 1, "-a.erl: no such file or directory\n", "");
    check(&place, &["erlc", "-DX=Y"], 1, "", "bad term: Y\n");
    check(&place, &["erlc", "-describe-feature", "foo"], 1, "", "Unknown feature: foo\n");
    assert_eq!(place.swerl(&["erlc", "-help"]).status.code(), Some(1));
    check(&place, &["erlc", "-I"], 1, "", "No value given to -I option\n");
    check(&place, &["nothing-here"], 1, "", "nothing-here: no such command or file\n");
    check(&place, &["erl", "+zz"], 1, "", "bad -z option -zz\n");
    check(&place, &["erl", "+l"], 1, "", "unknown flag -l\n");
    check(&place, &["erl", "+"], 1, "", "unknown flag -\n");
    let not_parallel = "Argument '-smp disable' not supported. Use \"+S 1\" instead.\n";
    check(&place, &["erl", "-smp", "disable"], 1, "", not_parallel);
}

#[test]
fn a_failing_compilation_leaves_the_old_file() {
    let place = Place::new().with("hello.erl", HELLO);
    check(&place, &["erlc", "hello.erl"], 0, "", "");
    let before = std::fs::read(place.path().join("hello.beam")).expect("the compiled file");
    let place = place.with("hello.erl", HELLO.replace("main() ->", "main() "));
    assert_eq!(place.swerl(&["erlc", "hello.erl"]).status.code(), Some(1));
    assert_eq!(std::fs::read(place.path().join("hello.beam")).expect("the compiled file"), before);
    let names = std::fs::read_dir(place.path()).expect("the folder").count();
    assert_eq!(names, 2, "nothing is left lying about");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let place = Place::new().with("hello.erl", HELLO);
    // As OTP names it: the file that was being written, by its whole name.
    let folder = place.path().canonicalize().expect("the scratch folder is there");
    let message =
        format!("{}/missing/hello.bea#: error writing file: no such file or directory\n", folder.display());
    check(&place, &["erlc", "-o", "missing", "hello.erl"], 1, &message, "");
}

#[test]
fn text_that_is_not_utf8_is_refused() {
    let place = Place::new().with("bad.erl", b"-module(bad).\nf() -> \"\xff\".\n");
    let output = place.swerl(&["erlc", "bad.erl"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("bad.erl:2:"), "{output:?}");
}

#[test]
fn help_and_version_are_printed() {
    let place = Place::new();
    let help = place.swerl(&["--help"]);
    assert!(help.status.success() && String::from_utf8_lossy(&help.stdout).contains("swerl erlc"));
    assert!(String::from_utf8_lossy(&place.swerl(&["--version"]).stdout).starts_with("swerl "));
}

#[test]
fn a_script_is_a_program() {
    let script = "#!/usr/bin/env escript\nmain(Args) -> io:format(\"~p~n\", [Args]).\n";
    let place = Place::new().with("s", script);
    check(&place, &["s", "x", "-y"], 0, "[\"x\",\"-y\"]\n", "");
    check(&place, &["escript", "s"], 0, "[]\n", "");
}

#[test]
fn the_time_zone_is_that_of_the_environment() {
    let local = |zone: &str| {
        let program =
            "io:format(\"~w\", [calendar:universal_time_to_local_time({{2026,7,1},{12,0,0}})]), halt().";
        let output = Command::new(env!("CARGO_BIN_EXE_swerl"))
            .args(["erl", "-noshell", "-eval", program])
            .env("TZ", zone)
            .output()
            .expect("swerl runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert_eq!(local("UTC"), "{{2026,7,1},{12,0,0}}");
    assert_eq!(local("XYZ-3"), "{{2026,7,1},{15,0,0}}");
    // Names are looked up in the system's files, which a small system may lack.
    if Path::new("/usr/share/zoneinfo/Europe/Berlin").exists() {
        assert_eq!(local("Europe/Berlin"), "{{2026,7,1},{14,0,0}}");
    }
}
