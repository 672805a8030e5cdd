//! Lines of HTTP as terms: `{http_request, ...}`, `{http_response, ...}`, `{http_header, ...}`.

use crate::atom::Atom;
use crate::heap::Build;
use crate::term::Term;

/// Headers that have an atom, each at the place of its number.
const HEADERS: &[&str] = &[
    "Cache-Control",
    "Connection",
    "Date",
    "Pragma",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
    "Accept",
    "Accept-Charset",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "From",
    "Host",
    "If-Modified-Since",
    "If-Match",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Max-Forwards",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "User-Agent",
    "Age",
    "Location",
    "Proxy-Authenticate",
    "Public",
    "Retry-After",
    "Server",
    "Vary",
    "Warning",
    "Www-Authenticate",
    "Allow",
    "Content-Base",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-Md5",
    "Content-Range",
    "Content-Type",
    "Etag",
    "Expires",
    "Last-Modified",
    "Accept-Ranges",
    "Set-Cookie",
    "Set-Cookie2",
    "X-Forwarded-For",
    "Cookie",
    "Keep-Alive",
    "Proxy-Connection",
];

/// Methods that have an atom.
const METHODS: &[&str] = &["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE"];

/// Names of headers up to this length are written with capitals at the words' starts.
const LONGEST_NAME: usize = 50;

fn atom(name: &str) -> Term {
    Term::atom(Atom::new(name).expect("names of the protocol are short"))
}

fn text(bytes: &[u8], binary: bool, memory: &mut dyn Build) -> Term {
    if binary { memory.binary(bytes) } else { memory.byte_list(bytes) }
}

fn failed(line: &[u8], binary: bool, memory: &mut dyn Build) -> Term {
    let line = text(line, binary, memory);
    memory.tuple(&[atom("http_error"), line])
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// `1.1` as numbers.
fn version(text: &[u8]) -> Option<(i64, i64)> {
    let text = std::str::from_utf8(text).ok()?;
    let (major, minor) = text.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn version_term((major, minor): (i64, i64), memory: &mut dyn Build) -> Term {
    memory.tuple(&[Term::small(major), Term::small(minor)])
}

fn split_word(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|&byte| byte == b' ' || byte == b'\t').unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    (word, rest.trim_ascii_start())
}

/// A request or status line.
pub(super) fn first_line(packet: &[u8], binary: bool, memory: &mut dyn Build) -> Term {
    let line = without_end(packet);
    if let Some(rest) = line.strip_prefix(b"HTTP/") {
        let (number, rest) = split_word(rest);
        let (status, phrase) = split_word(rest);
        let status = std::str::from_utf8(status).ok().and_then(|status| status.parse::<u16>().ok());
        return match (version(number), status) {
            (Some(version), Some(status)) => {
                let version = version_term(version, memory);
                let phrase = text(phrase, binary, memory);
                memory.tuple(&[atom("http_response"), version, Term::small(i64::from(status)), phrase])
            }
            _ => failed(packet, binary, memory),
        };
    }
    let (method, rest) = split_word(line);
    let (target, rest) = split_word(rest);
    if method.is_empty() || target.is_empty() {
        return failed(packet, binary, memory);
    }
    let version = match rest.trim_ascii_end() {
        b"" => Some((0, 9)),
        rest => rest.strip_prefix(b"HTTP/").and_then(version),
    };
    let Some(version) = version else { return failed(packet, binary, memory) };
    let method = match METHODS.iter().find(|known| known.as_bytes() == method) {
        Some(known) => atom(known),
        None => text(method, binary, memory),
    };
    let target = uri(target, binary, memory);
    let version = version_term(version, memory);
    memory.tuple(&[atom("http_request"), method, target, version])
}

fn uri(target: &[u8], binary: bool, memory: &mut dyn Build) -> Term {
    if target == b"*" {
        return atom("*");
    }
    if target.starts_with(b"/") {
        let path = text(target, binary, memory);
        return memory.tuple(&[atom("abs_path"), path]);
    }
    for scheme in ["http", "https"] {
        let prefix = scheme.len() + 3;
        if target.len() >= prefix
            && target[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes())
            && &target[scheme.len()..prefix] == b"://"
        {
            let rest = &target[prefix..];
            let slash = rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(slash);
            // The first colon ends the host, even within an address in brackets.
            let (host, port) = match authority.iter().position(|&byte| byte == b':') {
                Some(at) => {
                    let port = std::str::from_utf8(&authority[at + 1..]).ok();
                    (&authority[..at], port.and_then(|port| port.parse::<u32>().ok()))
                }
                None => (authority, None),
            };
            let host = text(host, binary, memory);
            let port = port.map_or(atom("undefined"), |port| Term::small(i64::from(port)));
            let path = text(if path.is_empty() { b"/" } else { path }, binary, memory);
            return memory.tuple(&[atom("absoluteURI"), atom(scheme), host, port, path]);
        }
    }
    if let Some(at) = target.iter().position(|&byte| byte == b':') {
        let scheme = text(&target[..at], binary, memory);
        let rest = text(&target[at + 1..], binary, memory);
        return memory.tuple(&[atom("scheme"), scheme, rest]);
    }
    text(target, binary, memory)
}

/// A header line, or the blank line behind the last.
pub(super) fn header(packet: &[u8], binary: bool, memory: &mut dyn Build) -> Term {
    let line = without_end(packet);
    if line.is_empty() {
        return atom("http_eoh");
    }
    let Some(colon) = line.iter().position(|&byte| byte == b':') else {
        return failed(packet, binary, memory);
    };
    let name = &line[..colon];
    if name.iter().any(|byte| byte.is_ascii_whitespace()) {
        return failed(packet, binary, memory);
    }
    let usual = if name.len() <= LONGEST_NAME { capitalised(name) } else { name.to_vec() };
    let known = HEADERS.iter().position(|known| known.as_bytes() == usual);
    let (number, field) = match known {
        Some(index) => (i64::try_from(index + 1).unwrap_or(0), atom(HEADERS[index])),
        None => (0, text(&usual, binary, memory)),
    };
    let unmodified = text(name, binary, memory);
    let value = text(line[colon + 1..].trim_ascii_start(), binary, memory);
    memory.tuple(&[atom("http_header"), Term::small(number), field, unmodified, value])
}

fn capitalised(name: &[u8]) -> Vec<u8> {
    let mut starts = true;
    name.iter()
        .map(|byte| {
            let byte = if starts { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
            starts = byte == b'-';
            byte
        })
        .collect()
}
