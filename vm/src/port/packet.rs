//! Where packets end, for sockets and `erlang:decode_packet/3`.

use super::http;
use crate::atom;
use crate::heap::Build;
use crate::term::Term;

/// The ways of cutting a stream into packets, as `{packet, Kind}` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Raw,
    /// A length of so many bytes before each packet.
    Length(usize),
    Asn1,
    Sunrm,
    Cdr,
    Fcgi,
    Line,
    Tpkt,
    Tls,
    /// Request and response lines, then headers.
    Http {
        binary: bool,
    },
    /// Headers alone.
    HttpHeader {
        binary: bool,
    },
}

impl Kind {
    /// From the name or number in an option.
    pub(crate) fn from_term(term: Term) -> Option<Self> {
        if let Some(number) = term.as_small() {
            return match number {
                0 => Some(Self::Raw),
                1 => Some(Self::Length(1)),
                2 => Some(Self::Length(2)),
                4 => Some(Self::Length(4)),
                _ => None,
            };
        }
        Some(match term.as_atom()?.text() {
            "raw" => Self::Raw,
            "asn1" => Self::Asn1,
            "sunrm" => Self::Sunrm,
            "cdr" => Self::Cdr,
            "fcgi" => Self::Fcgi,
            "line" => Self::Line,
            "tpkt" => Self::Tpkt,
            "ssl_tls" | "ssl" => Self::Tls,
            "http" => Self::Http { binary: false },
            "http_bin" => Self::Http { binary: true },
            "httph" => Self::HttpHeader { binary: false },
            "httph_bin" => Self::HttpHeader { binary: true },
            _ => return None,
        })
    }

    /// The number or name that `inet:getopts/2` gives.
    pub(crate) fn name(self) -> Result<i64, &'static str> {
        match self {
            Self::Raw => Ok(0),
            Self::Length(width) => Ok(i64::try_from(width).unwrap_or(4)),
            Self::Asn1 => Err("asn1"),
            Self::Sunrm => Err("sunrm"),
            Self::Cdr => Err("cdr"),
            Self::Fcgi => Err("fcgi"),
            Self::Line => Err("line"),
            Self::Tpkt => Err("tpkt"),
            Self::Tls => Err("ssl_tls"),
            Self::Http { binary: false } => Err("http"),
            Self::Http { binary: true } => Err("http_bin"),
            Self::HttpHeader { binary: false } => Err("httph"),
            Self::HttpHeader { binary: true } => Err("httph_bin"),
        }
    }

    /// Packets of this kind are terms, not bytes.
    pub(crate) fn is_parsed(self) -> bool {
        matches!(self, Self::Http { .. } | Self::HttpHeader { .. } | Self::Tls)
    }
}

/// Limits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Longer packets are errors; 0 for no limit.
    pub(crate) packet_size: usize,
    /// Longer lines are cut; 0 for no limit.
    pub(crate) line_length: usize,
    pub(crate) line_delimiter: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Self { packet_size: 0, line_length: 0, line_delimiter: b'\n' }
    }
}

/// What the bytes begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// A packet that ends at `end` and goes without the first `skip` bytes; what follows begins at `length`.
    Packet { skip: usize, end: usize, length: usize },
    /// Part of one, of this length if that is known yet.
    More(Option<usize>),
    /// None.
    Invalid,
}

/// The longest packet that a length may announce.
const MAX_LENGTH: usize = (1 << 31) - 1;

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, &byte| number << 8 | usize::from(byte))
}

/// Finds the end of the first packet.
pub(crate) fn find(kind: Kind, bytes: &[u8], limits: Limits) -> Found {
    let sized = |skip: usize, length: usize| {
        if limits.packet_size > 0 && length - skip > limits.packet_size {
            Found::Invalid
        } else if bytes.len() < length {
            Found::More(Some(length))
        } else {
            Found::Packet { skip, end: length, length }
        }
    };
    let with_header = |size: usize, length: &dyn Fn(&[u8]) -> Option<usize>| match bytes.get(..size) {
        None => Found::More(None),
        Some(header) => length(header).map_or(Found::Invalid, |length| sized(0, length)),
    };
    match kind {
        Kind::Raw if bytes.is_empty() => Found::More(None),
        Kind::Raw => Found::Packet { skip: 0, end: bytes.len(), length: bytes.len() },
        Kind::Length(width) => match bytes.get(..width) {
            None => Found::More(None),
            Some(header) if number(header) > MAX_LENGTH => Found::Invalid,
            Some(header) => sized(width, width + number(header)),
        },
        Kind::Sunrm => with_header(4, &|header| Some(4 + (number(header) & 0x7fff_ffff))),
        Kind::Tpkt => with_header(4, &|header| {
            let length = number(&header[2..4]);
            (header[0] == 3 && length >= 4).then_some(length)
        }),
        Kind::Fcgi => {
            let found = with_header(8, &|header| {
                (header[0] == 1).then(|| 8 + number(&header[4..6]) + usize::from(header[6]))
            });
            match found {
                // The padding is no part of the packet.
                Found::Packet { skip, end, length } => {
                    Found::Packet { skip, end: end - usize::from(bytes[6]), length }
                }
                other => other,
            }
        }
        Kind::Cdr => with_header(12, &|header| {
            let size = &header[8..12];
            let is_little = header[6] & 1 == 1;
            let length = if is_little { number(&[size[3], size[2], size[1], size[0]]) } else { number(size) };
            header.starts_with(b"GIOP").then_some(12 + length)
        }),
        Kind::Tls => with_header(5, &|header| {
            // The first message of version 2 has another header, with the length in front.
            if header[0] & 0x80 != 0 && header[2] == 1 {
                return Some(2 + (number(&header[..2]) & 0x7fff));
            }
            Some(5 + number(&header[3..5]))
        }),
        Kind::Asn1 => match asn1_length(bytes) {
            None => Found::More(None),
            Some(Some(length)) => sized(0, length),
            Some(None) => Found::Invalid,
        },
        Kind::Line => line(bytes, limits),
        Kind::Http { .. } => http_line(bytes, limits, false),
        Kind::HttpHeader { .. } => http_line(bytes, limits, true),
    }
}

/// Header and content of a BER value: `None` if the header is incomplete, `Some(None)` if it has no fixed length.
fn asn1_length(bytes: &[u8]) -> Option<Option<usize>> {
    let mut at = 1;
    if bytes.first()? & 0x1f == 0x1f {
        while bytes.get(at)? & 0x80 != 0 {
            at += 1;
        }
        at += 1;
    }
    let first = *bytes.get(at)?;
    at += 1;
    if first & 0x80 == 0 {
        return Some(Some(at + usize::from(first)));
    }
    let width = usize::from(first & 0x7f);
    if width > 4 {
        return Some(None);
    }
    let length = number(bytes.get(at..at + width)?);
    Some(Some(at + width + length))
}

fn line(bytes: &[u8], limits: Limits) -> Found {
    let end = memchr::memchr(limits.line_delimiter, bytes).map(|at| at + 1);
    let length = end.unwrap_or(bytes.len());
    if limits.packet_size > 0 && length > limits.packet_size {
        return Found::Invalid;
    }
    if limits.line_length > 0
        && (length > limits.line_length || end.is_none() && length == limits.line_length)
    {
        let length = limits.line_length;
        return Found::Packet { skip: 0, end: length, length };
    }
    if end.is_some() { Found::Packet { skip: 0, end: length, length } } else { Found::More(None) }
}

/// A line; a header goes on where the next line begins with white space.
fn http_line(bytes: &[u8], limits: Limits, is_header: bool) -> Found {
    let mut start = 0;
    loop {
        let Some(at) = memchr::memchr(b'\n', &bytes[start..]) else {
            let too_long = (limits.packet_size > 0 && bytes.len() > limits.packet_size)
                || (limits.line_length > 0 && bytes.len() >= limits.line_length);
            return if too_long { Found::Invalid } else { Found::More(None) };
        };
        let length = start + at + 1;
        let is_blank = matches!(&bytes[..length], b"\n" | b"\r\n");
        if is_header && !is_blank {
            match bytes.get(length) {
                None => return Found::More(None),
                Some(b' ' | b'\t') => {
                    start = length;
                    continue;
                }
                Some(_) => {}
            }
        }
        let is_above = |limit| limit > 0 && length > limit;
        if is_above(limits.packet_size) || is_above(limits.line_length) {
            return Found::Invalid;
        }
        return Found::Packet { skip: 0, end: length, length };
    }
}

/// The term of a packet that is parsed.
pub(crate) fn parse(kind: Kind, packet: &[u8], memory: &mut dyn Build) -> Term {
    match kind {
        Kind::Http { binary } => http::first_line(packet, binary, memory),
        Kind::HttpHeader { binary } => http::header(packet, binary, memory),
        Kind::Tls => tls(packet, memory),
        Kind::Raw
        | Kind::Length(_)
        | Kind::Asn1
        | Kind::Sunrm
        | Kind::Cdr
        | Kind::Fcgi
        | Kind::Line
        | Kind::Tpkt => memory.binary(packet),
    }
}

/// `{ssl_tls, Port, ContentType, {Major, Minor}, Data}`.
fn tls(packet: &[u8], memory: &mut dyn Build) -> Term {
    let small = |byte: u8| Term::small(i64::from(byte));
    let (kind, major, minor, data) = if packet[0] & 0x80 != 0 && packet[2] == 1 {
        // Shown with the header that later versions have.
        let length = (packet.len() - 3).to_be_bytes();
        let data = [&[1], &length[length.len() - 3..], &packet[3..]].concat();
        (small(22), small(packet[3]), small(packet.get(4).copied().unwrap_or(0)), data)
    } else {
        (small(packet[0]), small(packet[1]), small(packet[2]), packet[5..].to_vec())
    };
    let version = memory.tuple(&[major, minor]);
    let data = memory.binary(&data);
    let name = Term::atom(atom::Atom::new("ssl_tls").expect("a short name"));
    memory.tuple(&[name, Term::NIL, kind, version, data])
}
