//! Terms that are written as text on a command line.

use swerl_beam::Literal;
use swerl_lang::host::{parse_term as parse_tokens, scan};

/// Reads one term; a full stop at its end may be left away.
///
/// # Errors
/// When the text is no term: the message, as Erlang's parser words it.
pub fn parse_term(text: &str) -> Result<Literal, String> {
    let dotted = format!("{text}. ");
    let scanned = scan(&dotted, &Literal::Int(1), &Literal::Nil).map_err(|error| error.to_string())?;
    let tokens = match &scanned {
        Literal::Tuple(parts) => match parts.as_slice() {
            [Literal::Atom(ok), tokens, _] if ok.as_str() == "ok" => tokens,
            _ => return Err("illegal token".to_owned()),
        },
        _ => return Err("illegal token".to_owned()),
    };
    let parsed = parse_tokens(tokens).map_err(|error| error.to_string())?;
    match parsed {
        Literal::Tuple(mut parts) if parts.first() == Some(&Literal::atom("ok")) && parts.len() == 2 => {
            Ok(parts.remove(1))
        }
        Literal::Tuple(parts) => Err(reason(&parts).unwrap_or_else(|| "bad term".to_owned())),
        _ => Err("bad term".to_owned()),
    }
}

/// The text of `{error, {Location, erl_parse, Message}}`.
fn reason(parts: &[Literal]) -> Option<String> {
    let [_, Literal::Tuple(info)] = parts else { return None };
    let mut text = String::new();
    append_text(info.get(2)?, &mut text);
    Some(text)
}

/// Flattens a message: a string, or a list of strings.
fn append_text(message: &Literal, text: &mut String) {
    match message {
        Literal::Str(bytes) => text.extend(bytes.iter().map(|byte| char::from(*byte))),
        Literal::List(parts, _) => {
            for part in parts {
                match part {
                    Literal::Int(code) => text.extend(u32::try_from(*code).ok().and_then(char::from_u32)),
                    nested => append_text(nested, text),
                }
            }
        }
        _ => {}
    }
}
