//! Results recorded from OTP 25.

use super::*;

fn at(line: i64, column: i64) -> Literal {
    Literal::tuple([Literal::Int(line), Literal::Int(column)])
}

/// A term as `io:format("~w")` prints it, for the kinds of term that occur here.
fn written(term: &Literal) -> String {
    match term {
        Literal::Int(value) => value.to_string(),
        Literal::Float(value) => syntax::float_text(*value),
        Literal::Atom(atom) => crate::lex::write_atom(atom.as_str()),
        Literal::Nil => "[]".to_owned(),
        Literal::List(elements, _) => format!("[{}]", joined(elements)),
        Literal::Tuple(elements) => format!("{{{}}}", joined(elements)),
        other => format!("{other:?}"),
    }
}

fn joined(terms: &[Literal]) -> String {
    terms.iter().map(written).collect::<Vec<_>>().join(",")
}

fn scanned(text: &str, start: &Literal, options: &[&str]) -> String {
    let options = Literal::list(options.iter().map(|option| Literal::atom(option)).collect());
    written(&scan(text, start, &options).unwrap())
}

#[test]
fn tokens_as_erl_scan_gives_them() {
    for (text, expected) in [
        (
            "foo X 1.5 $a \"s\" -> begin. ",
            "{ok,[{atom,{1,1},foo},{var,{1,5},'X'},{float,{1,7},1.5},{char,{1,11},97},{string,{1,14},[115]},{'->',{1,18}},{'begin',{1,21}},{dot,{1,26}}],{1,28}}",
        ),
        ("a.\n", "{ok,[{atom,{1,1},a},{dot,{1,2}}],{2,1}}"),
        ("a\n  b.\n ", "{ok,[{atom,{1,1},a},{atom,{2,3},b},{dot,{2,4}}],{3,2}}"),
        ("\"abc", "{error,{{1,1},erl_scan,{string,34,[97,98,99]}},{1,5}}"),
        ("$", "{error,{{1,1},erl_scan,char},{1,2}}"),
        ("1.0e", "{error,{{1,1},erl_scan,{illegal,float}},{1,5}}"),
        ("99#1", "{error,{{1,1},erl_scan,{base,99}},{1,3}}"),
        ("", "{ok,[],{1,1}}"),
        ("% c", "{ok,[],{1,4}}"),
        ("a .b", "{ok,[{atom,{1,1},a},{'.',{1,3}},{atom,{1,4},b}],{1,5}}"),
        ("\"a\nb\" c.", "{ok,[{string,{1,1},[97,10,98]},{atom,{2,4},c},{dot,{2,5}}],{2,6}}"),
        ("a.%c\n", "{ok,[{atom,{1,1},a},{dot,{1,2}}],{2,1}}"),
        ("`", "{ok,[{'`',{1,1}}],{1,2}}"),
    ] {
        assert_eq!(scanned(text, &at(1, 1), &[]), expected, "{text}");
    }
    assert_eq!(scanned("a\n.\n", &Literal::Int(3), &[]), "{ok,[{atom,3,a},{dot,4}],5}");
    assert_eq!(scanned("a .b", &at(3, 5), &[]), "{ok,[{atom,{3,5},a},{'.',{3,7}},{atom,{3,8},b}],{3,9}}");
    assert_eq!(
        scanned("a. ", &Literal::Int(1), &["text"]),
        "{ok,[{atom,[{text,[97]},{location,1}],a},{dot,[{text,[46,32]},{location,1}]}],1}"
    );
    assert_eq!(
        scanned("a % c\nb", &at(1, 1), &["return"]),
        "{ok,[{atom,{1,1},a},{white_space,{1,2},[32]},{comment,{1,3},[37,32,99]},{white_space,{1,6},[10]},{atom,{2,1},b}],{2,2}}"
    );
}

#[test]
fn forms_are_found_in_a_stream() {
    let form = |text: &str, at_end| scan_form(text, &Literal::Int(1), &Literal::Nil, at_end).unwrap();
    let done = |scan: FormScan| match scan {
        FormScan::Done { result, rest } => (written(&result), rest),
        FormScan::More => panic!("more"),
    };
    assert_eq!(done(form("foo. bar", false)), ("{ok,[{atom,1,foo},{dot,1}],1}".into(), 5));
    assert_eq!(done(form("foo.%bar", false)), ("{ok,[{atom,1,foo},{dot,1}],1}".into(), 4));
    for incomplete in ["foo", "", "foo.", "\"foo. ", "a $", "'a", "a.b"] {
        assert_eq!(form(incomplete, false), FormScan::More, "{incomplete}");
    }
    assert_eq!(done(form("foo.", true)), ("{ok,[{atom,1,foo},{dot,1}],1}".into(), 4));
    assert_eq!(done(form("foo", true)), ("{ok,[{atom,1,foo}],1}".into(), 3));
    assert_eq!(done(form(" \n", true)), ("{eof,2}".into(), 2));
    assert_eq!(done(form("1.0e400 bar", false)), ("{error,{1,erl_scan,{illegal,float}},1}".into(), 7));
}

fn exprs(text: &str) -> String {
    let Ok(Literal::Tuple(parts)) = scan(text, &at(1, 1), &Literal::Nil) else { panic!() };
    written(&parse_exprs(&parts[1]).unwrap())
}

#[test]
fn expressions_as_erl_parse_gives_them() {
    for (text, expected) in [
        (
            "X + f(1).",
            "{ok,[{op,{1,3},'+',{var,{1,1},'X'},{call,{1,5},{atom,{1,5},f},[{integer,{1,7},1}]}}]}",
        ),
        (
            "[1, 2|T], m:f().",
            "{ok,[{cons,{1,1},{integer,{1,2},1},{cons,{1,5},{integer,{1,5},2},{var,{1,7},'T'}}},{call,{1,11},{remote,{1,12},{atom,{1,11},m},{atom,{1,13},f}},[]}]}",
        ),
        (
            "a b.",
            "{error,{{1,3},erl_parse,[[115,121,110,116,97,120,32,101,114,114,111,114,32,98,101,102,111,114,101,58,32],[98]]}}",
        ),
        (
            "1 +",
            "{error,{{1,3},erl_parse,[[115,121,110,116,97,120,32,101,114,114,111,114,32,98,101,102,111,114,101,58,32],[]]}}",
        ),
    ] {
        assert_eq!(exprs(text), expected, "{text}");
    }
    let Ok(Literal::Tuple(parts)) = scan("{a, [1]}.", &at(1, 1), &Literal::Nil) else { panic!() };
    assert_eq!(written(&parse_term(&parts[1]).unwrap()), "{ok,{a,[1]}}");
    assert_eq!(parse_exprs(&Literal::Int(1)), Err(BadArgument));
}

#[test]
fn files_as_epp_gives_them() {
    let source = "-module(e).\n-include(\"nope.hrl\").\n-warning(\"hm\").\nf( -> 1.\n-ifdef(FOO).\ng() -> ?FOO.\n-endif.\n\
                  h() -> ?BAR.\ni() -> \"abc\n";
    let forms = |options: &str| {
        let Ok(Literal::Tuple(parts)) = scan(&format!("{options}."), &Literal::Int(1), &Literal::Nil) else {
            panic!()
        };
        let Ok(Literal::Tuple(parsed)) = parse_term(&parts[1]) else { panic!() };
        written(&parse_file("e.erl", source.as_bytes(), &parsed[1], &crate::pp::NoFiles).unwrap())
    };
    let before =
        "[115,121,110,116,97,120,32,101,114,114,111,114,32,98,101,102,111,114,101,58,32],[39,45,62,39]";
    assert_eq!(
        forms("[{location, {1, 1}}]"),
        format!(
            "{{ok,[{{attribute,{{1,1}},file,{{[101,46,101,114,108],1}}}},{{attribute,{{1,2}},module,e}},\
             {{error,{{{{2,10}},epp,{{include,file,[110,111,112,101,46,104,114,108]}}}}}},\
             {{warning,{{{{3,2}},epp,{{warning,[104,109]}}}}}},{{error,{{{{4,4}},erl_parse,[{before}]}}}},\
             {{error,{{{{8,9}},epp,{{undefined,'BAR',none}}}}}},\
             {{error,{{{{9,8}},erl_scan,{{string,34,[97,98,99,10]}}}}}},{{eof,{{10,1}}}}]}}"
        )
    );
    assert!(
        forms("[{macros, [{'FOO', {a, \"c\"}}]}]")
            .contains("{function,6,g,0,[{clause,6,[],[],[{tuple,6,[{atom,6,a},{string,6,[99]}]}]}]}")
    );
    assert_eq!(parse_file("e", b"", &Literal::Int(1), &crate::pp::NoFiles), Err(BadArgument));
}
