//! Addresses of sockets as terms: `{127,0,0,1}`, `{0,0,0,0,0,0,0,1}`, `{local, Path}`.

use crate::atom::Atom;
use crate::bif::argument::name_of;
use crate::heap::Build;
use crate::term::Term;
use socket2::{Domain, SockAddr};
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

fn atom(name: &'static str) -> Term {
    Term::atom(Atom::own(name))
}

/// The address of a tuple of numbers, or of `any` and `loopback` in this family.
pub(crate) fn ip(term: Term, is_v6: bool) -> Option<IpAddr> {
    match name_of(term) {
        "any" if is_v6 => return Some(Ipv6Addr::UNSPECIFIED.into()),
        "any" => return Some(Ipv4Addr::UNSPECIFIED.into()),
        "loopback" if is_v6 => return Some(Ipv6Addr::LOCALHOST.into()),
        "loopback" => return Some(Ipv4Addr::LOCALHOST.into()),
        "broadcast" if !is_v6 => return Some(Ipv4Addr::BROADCAST.into()),
        _ => {}
    }
    let elements = term.as_tuple()?;
    let numbers: Option<Vec<u16>> =
        elements.iter().map(|element| u16::try_from(element.as_small()?).ok()).collect();
    match *numbers?.as_slice() {
        [a, b, c, d] => {
            let byte = |number: u16| u8::try_from(number).ok();
            Some(Ipv4Addr::new(byte(a)?, byte(b)?, byte(c)?, byte(d)?).into())
        }
        [a, b, c, d, e, f, g, h] => Some(Ipv6Addr::new(a, b, c, d, e, f, g, h).into()),
        _ => None,
    }
}

/// An address and port, or `{local, Path}` whose port does not matter.
pub(crate) fn socket_address(address: Term, port: Term, domain: Domain) -> Option<SockAddr> {
    if let Some([family, path]) = address.as_tuple()
        && name_of(*family) == "local"
    {
        let bytes = match path.as_binary() {
            Some(bytes) => bytes.into_owned(),
            None => crate::bif::unicode::text_bytes(*path)?,
        };
        return SockAddr::unix(OsString::from_vec(bytes)).ok();
    }
    let port = u16::try_from(port.as_small()?).ok()?;
    let ip = ip(address, domain == Domain::IPV6)?;
    // An address of the older kind reaches a socket of the newer as one that stands for it.
    let ip = match ip {
        IpAddr::V4(v4) if domain == Domain::IPV6 => v4.to_ipv6_mapped().into(),
        ip => ip,
    };
    Some(SocketAddr::new(ip, port).into())
}

/// The tuple of an address.
pub(crate) fn ip_term<B: Build + ?Sized>(ip: IpAddr, memory: &mut B) -> Term {
    let numbers: Vec<Term> = match ip {
        IpAddr::V4(ip) => ip.octets().iter().map(|&number| Term::small(i64::from(number))).collect(),
        IpAddr::V6(ip) => ip.segments().iter().map(|&number| Term::small(i64::from(number))).collect(),
    };
    memory.tuple(&numbers)
}

/// `{Address, Port}` or `{local, Path}`.
pub(crate) fn term<B: Build + ?Sized>(address: &SockAddr, memory: &mut B) -> Term {
    if let Some(address) = address.as_socket() {
        let ip = ip_term(address.ip(), memory);
        return memory.tuple(&[ip, Term::small(i64::from(address.port()))]);
    }
    let path = address.as_pathname().map_or(&b""[..], |path| path.as_os_str().as_bytes());
    let path = memory.binary(path);
    memory.tuple(&[atom("local"), path])
}

/// The two as they stand in a `udp` message: address and port, which is 0 for a local one.
pub(crate) fn parts<B: Build + ?Sized>(address: &SockAddr, memory: &mut B) -> (Term, Term) {
    match address.as_socket() {
        Some(address) => (ip_term(address.ip(), memory), Term::small(i64::from(address.port()))),
        None => (term(address, memory), Term::small(0)),
    }
}
