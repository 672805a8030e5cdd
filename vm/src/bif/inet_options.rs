//! Options of sockets: `prim_inet:setopt/3` and `prim_inet:getopt/2`.

use super::argument::{self, index, name_of, named};
use super::inet::{after_change, socket_port};
use super::{Native, NativeContext, NativeResult};
use crate::atom;
use crate::heap::Build as _;
use crate::natives;
use crate::port::packet::Kind;
use crate::port::socket::{Active, Modes, reason};
use crate::port::{Driver, State, address};
use crate::proc::exception::Exception;
use crate::sys::socket as system;
use crate::term::Term;
use socket2::Socket;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

/// Why an option was not set.
enum Failure {
    Invalid,
    System(io::Error),
}

impl From<Exception> for Failure {
    fn from(_: Exception) -> Self {
        Self::Invalid
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

type Outcome<T = ()> = Result<T, Failure>;

fn flag(value: Term) -> Outcome<bool> {
    value.as_bool().ok_or(Failure::Invalid)
}

fn size(value: Term) -> Outcome<u32> {
    u32::try_from(index(value)?).map_err(|_| Failure::Invalid)
}

fn parts(state: &mut State) -> Option<(&mut Modes, Option<&Socket>)> {
    match &mut state.driver {
        Driver::Tcp(tcp) => Some((&mut tcp.modes, tcp.socket.as_ref())),
        Driver::Udp(udp) => Some((&mut udp.modes, Some(&udp.socket))),
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => None,
    }
}

/// An option of this machine. `Ok(None)`: it is none. `Ok(Some(true))`: the owner is told that the socket is passive.
fn set_mode(modes: &mut Modes, is_binary: &mut bool, name: &str, value: Term) -> Outcome<Option<bool>> {
    match name {
        "active" => {
            modes.active = match (value.as_bool(), name_of(value), value.as_small()) {
                (Some(true), _, _) => Active::Yes,
                (Some(false), _, _) => Active::No,
                (None, "once", _) => Active::Once,
                (None, _, Some(count)) => {
                    let count = i16::try_from(count).map_err(|_| Failure::Invalid)?;
                    return modes.add_count(count).map(Some).map_err(|()| Failure::Invalid);
                }
                _ => return Err(Failure::Invalid),
            };
        }
        "mode" => match name_of(value) {
            "list" => *is_binary = false,
            "binary" => *is_binary = true,
            _ => return Err(Failure::Invalid),
        },
        "packet" => modes.packet = Kind::from_term(value).ok_or(Failure::Invalid)?,
        "packet_size" => modes.limits.packet_size = index(value)?,
        "line_delimiter" => {
            modes.limits.line_delimiter = u8::try_from(index(value)?).map_err(|_| Failure::Invalid)?;
        }
        "header" => modes.header = index(value)?,
        "buffer" => modes.buffer = index(value)?.max(1),
        "exit_on_close" => modes.exit_on_close = flag(value)?,
        "high_watermark" => modes.high_watermark = index(value)?,
        "low_watermark" => modes.low_watermark = index(value)?,
        "high_msgq_watermark" | "low_msgq_watermark" => drop(index(value)?),
        "send_timeout" if value == Term::atom(atom::INFINITY) => modes.send_timeout = None,
        "send_timeout" => modes.send_timeout = Some(size(value)?),
        "send_timeout_close" => modes.send_timeout_close = flag(value)?,
        "show_econnreset" => modes.show_reset = flag(value)?,
        "delay_send" => modes.delay_send = flag(value)?,
        "read_packets" => modes.read_packets = index(value)?.max(1),
        "deliver" if matches!(name_of(value), "term" | "port") => {}
        _ => return Ok(None),
    }
    Ok(Some(false))
}

/// An option of the system.
fn set_system(socket: &Socket, name: &str, value: Term) -> Outcome {
    let pair = || match value.as_tuple() {
        Some(&[first, second]) => Ok((first, second)),
        _ => Err(Failure::Invalid),
    };
    match name {
        "reuseaddr" => socket.set_reuse_address(flag(value)?)?,
        "reuseport" | "reuseport_lb" => socket.set_reuse_port(flag(value)?)?,
        "keepalive" => socket.set_keepalive(flag(value)?)?,
        "nodelay" => socket.set_tcp_nodelay(flag(value)?)?,
        "nopush" => drop(flag(value)?),
        "broadcast" => socket.set_broadcast(flag(value)?)?,
        "dontroute" => {
            let on = i32::from(flag(value)?);
            system::set_option(socket, libc::SOL_SOCKET, libc::SO_DONTROUTE, &on.to_ne_bytes())?;
        }
        "priority" => {
            let priority = i32::try_from(size(value)?).map_err(|_| Failure::Invalid)?;
            system::set_option(socket, libc::SOL_SOCKET, libc::SO_PRIORITY, &priority.to_ne_bytes())?;
        }
        "tos" => socket.set_tos_v4(size(value)?)?,
        "tclass" => socket.set_tclass_v6(size(value)?)?,
        "ttl" => socket.set_ttl_v4(size(value)?)?,
        "recbuf" => socket.set_recv_buffer_size(index(value)?)?,
        "sndbuf" => socket.set_send_buffer_size(index(value)?)?,
        "linger" => {
            let (on, seconds) = pair()?;
            let time = flag(on)?.then_some(Duration::from_secs(index(seconds)? as u64));
            socket.set_linger(time)?;
        }
        "ipv6_v6only" => socket.set_only_v6(flag(value)?)?,
        "multicast_ttl" => socket.set_multicast_ttl_v4(size(value)?)?,
        "multicast_loop" => socket.set_multicast_loop_v4(flag(value)?)?,
        "multicast_if" => match address::ip(value, false) {
            Some(IpAddr::V4(ip)) => socket.set_multicast_if_v4(&ip)?,
            _ => return Err(Failure::Invalid),
        },
        "add_membership" | "drop_membership" => {
            let (group, interface) = pair()?;
            match (address::ip(group, false), address::ip(interface, false), name) {
                (Some(IpAddr::V4(group)), Some(IpAddr::V4(interface)), "add_membership") => {
                    socket.join_multicast_v4(&group, &interface)?;
                }
                (Some(IpAddr::V4(group)), Some(IpAddr::V4(interface)), _) => {
                    socket.leave_multicast_v4(&group, &interface)?;
                }
                (Some(IpAddr::V6(group)), _, _) => {
                    let interface = interface.as_usize().and_then(|number| u32::try_from(number).ok());
                    let interface = interface.unwrap_or(0);
                    if name == "add_membership" {
                        socket.join_multicast_v6(&group, interface)?;
                    } else {
                        socket.leave_multicast_v6(&group, interface)?;
                    }
                }
                _ => return Err(Failure::Invalid),
            }
        }
        "raw" => {
            let Some(&[level, option, bytes]) = value.as_tuple() else { return Err(Failure::Invalid) };
            let number = |term: Term| i32::try_from(index(term)?).map_err(|_| Failure::Invalid);
            system::set_option(socket, number(level)?, number(option)?, &argument::bytes(bytes)?)?;
        }
        _ => return Err(Failure::Invalid),
    }
    Ok(())
}

/// `setopt(Socket, Name, Value)`: `ok`, or `{error, einval}` for one that cannot be set so.
fn setopt(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = name_of(args[1]);
    let Some(port) = socket_port(ctx, args[0]) else {
        return Ok(argument::error(&mut ctx.process.heap, named("einval")));
    };
    let vm = ctx.vm;
    let outcome = port.with(|state| {
        let mut is_binary = state.common.is_binary;
        let Some((modes, socket)) = parts(state) else { return Err(Failure::Invalid) };
        match set_mode(modes, &mut is_binary, name, args[2])? {
            Some(passive) => {
                state.common.is_binary = is_binary;
                if passive {
                    let tag =
                        if matches!(state.driver, Driver::Udp(_)) { "udp_passive" } else { "tcp_passive" };
                    crate::port::socket::notice(vm, &state.common, tag);
                }
                Ok(())
            }
            None => set_system(socket.ok_or(Failure::Invalid)?, name, args[2]),
        }
    });
    match outcome {
        Some(Ok(())) => {
            if name == "active" {
                after_change(ctx, args[0]);
            }
            Ok(Term::atom(atom::OK))
        }
        Some(Err(Failure::System(error))) => {
            Ok(argument::error(&mut ctx.process.heap, Term::atom(reason(&error))))
        }
        Some(Err(Failure::Invalid)) | None => Ok(argument::error(&mut ctx.process.heap, named("einval"))),
    }
}

/// The value of an option of this machine.
fn mode_value(modes: &Modes, is_binary: bool, name: &str) -> Option<Term> {
    let number = |number: usize| Term::small(i64::try_from(number).unwrap_or(0));
    Some(match name {
        "active" => match modes.active {
            Active::No => Term::bool(false),
            Active::Yes => Term::bool(true),
            Active::Once => named("once"),
            Active::Count(left) => Term::small(i64::from(left)),
        },
        "mode" => named(if is_binary { "binary" } else { "list" }),
        "packet" => match modes.packet.name() {
            Ok(width) => Term::small(width),
            Err(name) => named(name),
        },
        "packet_size" => number(modes.limits.packet_size),
        "line_delimiter" => Term::small(i64::from(modes.limits.line_delimiter)),
        "header" => number(modes.header),
        "buffer" => number(modes.buffer),
        "exit_on_close" => Term::bool(modes.exit_on_close),
        "high_watermark" => number(modes.high_watermark),
        "low_watermark" => number(modes.low_watermark),
        "high_msgq_watermark" => number(8192),
        "low_msgq_watermark" => number(4096),
        "send_timeout" => {
            modes.send_timeout.map_or(Term::atom(atom::INFINITY), |time| Term::small(i64::from(time)))
        }
        "send_timeout_close" => Term::bool(modes.send_timeout_close),
        "show_econnreset" => Term::bool(modes.show_reset),
        "delay_send" => Term::bool(modes.delay_send),
        "read_packets" => number(modes.read_packets),
        "deliver" => named("term"),
        _ => return None,
    })
}

fn system_value(ctx: &mut NativeContext<'_>, socket: &Socket, name: Term) -> Outcome<Term> {
    let heap = &mut ctx.process.heap;
    if let Some(&[key, level, option, value]) = name.as_tuple()
        && name_of(key) == "raw"
    {
        let number = |term: Term| i32::try_from(index(term)?).map_err(|_| Failure::Invalid);
        let value = match value.as_usize() {
            Some(size) => vec![0; size],
            None => argument::bytes(value)?.into_owned(),
        };
        let bytes = system::get_option(socket, number(level)?, number(option)?, value)?;
        let bytes = heap.binary(&bytes);
        return Ok(heap.tuple(&[key, level, option, bytes]));
    }
    let integer = |option: i32| -> Outcome<i64> {
        let bytes = system::get_option(socket, libc::SOL_SOCKET, option, vec![0; 4])?;
        let bytes: [u8; 4] = bytes.try_into().map_err(|_| Failure::Invalid)?;
        Ok(i64::from(i32::from_ne_bytes(bytes)))
    };
    Ok(match name_of(name) {
        "reuseaddr" => Term::bool(socket.reuse_address()?),
        "reuseport" | "reuseport_lb" => Term::bool(socket.reuse_port()?),
        "keepalive" => Term::bool(socket.keepalive()?),
        "nodelay" => Term::bool(socket.tcp_nodelay()?),
        "nopush" => Term::bool(false),
        "broadcast" => Term::bool(socket.broadcast()?),
        "dontroute" => Term::bool(integer(libc::SO_DONTROUTE)? != 0),
        "priority" => Term::small(integer(libc::SO_PRIORITY)?),
        "tos" => Term::small(i64::from(socket.tos_v4()?)),
        "tclass" => Term::small(i64::from(socket.tclass_v6()?)),
        "ttl" => Term::small(i64::from(socket.ttl_v4()?)),
        "recbuf" => heap.unsigned(socket.recv_buffer_size()? as u64),
        "sndbuf" => heap.unsigned(socket.send_buffer_size()? as u64),
        "linger" => {
            let time = socket.linger()?;
            let seconds = heap.unsigned(time.map_or(0, |time| time.as_secs()));
            heap.tuple(&[Term::bool(time.is_some()), seconds])
        }
        "ipv6_v6only" => Term::bool(socket.only_v6()?),
        "multicast_ttl" => Term::small(i64::from(socket.multicast_ttl_v4()?)),
        "multicast_loop" => Term::bool(socket.multicast_loop_v4()?),
        "multicast_if" => address::ip_term(socket.multicast_if_v4()?.into(), heap),
        _ => return Err(Failure::Invalid),
    })
}

/// `getopt(Socket, Name)`: `{ok, Value}`, `undefined` for one that this socket has not, or `{error, einval}`.
fn getopt(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Some(port) = socket_port(ctx, args[0]) else {
        return Ok(argument::error(&mut ctx.process.heap, named("einval")));
    };
    let value = port.with(|state| {
        let is_binary = state.common.is_binary;
        let (modes, socket) = parts(state)?;
        if let Some(value) = mode_value(modes, is_binary, name_of(args[1])) {
            return Some(Ok(value));
        }
        socket.map(|socket| system_value(ctx, socket, args[1]))
    });
    match value.flatten() {
        Some(Ok(value)) => Ok(argument::ok(&mut ctx.process.heap, value)),
        Some(Err(Failure::System(_))) => Ok(Term::atom(atom::UNDEFINED)),
        Some(Err(Failure::Invalid)) | None => Ok(argument::error(&mut ctx.process.heap, named("einval"))),
    }
}

pub(super) const NATIVES: &[Native] = natives! {
    "prim_inet" {
        "setopt"/3 => setopt;
        "getopt"/2 => getopt;
    }
};
