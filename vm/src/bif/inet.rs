//! Module `prim_inet`: sockets as ports. What may have to wait answers with a reference, and later with a message
//! `{inet_async, Socket, Ref, Answer}`.

use super::argument::{self, index, name_of, named};
use super::port::find_port;
use super::{Native, NativeContext, NativeResult};
use crate::atom::{self, Atom};
use crate::heap::Build as _;
use crate::natives;
use crate::port::packet::{self, Found, Kind, Limits};
use crate::port::socket::{Waiter, reason};
use crate::port::tcp::{Now, Stage, Tcp};
use crate::port::udp::Udp;
use crate::port::{After, Driver, Port, State, address};
use crate::proc::exception::Exception;
use crate::proc::relations::Link;
use crate::sys::socket as system;
use crate::term::{Pid, Term};
use socket2::{Domain, SockAddr, Socket, Type};
use std::io;
use std::net::Shutdown;
use std::sync::Arc;

fn error(ctx: &mut NativeContext<'_>, reason: Atom) -> NativeResult {
    Ok(argument::error(&mut ctx.process.heap, Term::atom(reason)))
}

fn failed(ctx: &mut NativeContext<'_>, error: &io::Error) -> NativeResult {
    self::error(ctx, reason(error))
}

fn done(ctx: &mut NativeContext<'_>, result: io::Result<()>) -> NativeResult {
    match result {
        Ok(()) => Ok(Term::atom(atom::OK)),
        Err(error) => failed(ctx, &error),
    }
}

fn domain(family: Term) -> Result<Domain, Exception> {
    match name_of(family) {
        "inet" => Ok(Domain::IPV4),
        "inet6" => Ok(Domain::IPV6),
        "local" => Ok(Domain::UNIX),
        _ => Err(Exception::badarg()),
    }
}

/// A new port for a socket, linked to the caller.
fn add_port(
    ctx: &mut NativeContext<'_>,
    title: &[u8],
    make: impl FnOnce(u64) -> io::Result<Driver>,
) -> NativeResult {
    match ctx.vm.ports.insert(ctx.process.pid, false, title.to_vec(), make) {
        Ok(Some(port)) => {
            ctx.process.relations().links.insert(Pid::of_port(port.number), Link::Active);
            Ok(argument::ok(&mut ctx.process.heap, Term::port(port.number)))
        }
        Ok(None) => Err(Exception::system_limit().into()),
        Err(error) => failed(ctx, &error),
    }
}

/// `open(tcp | udp, Family, new | Fd)`.
fn open(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let domain = domain(args[1])?;
    let is_tcp = name_of(args[0]) == "tcp";
    let socket = match args[2].as_usize() {
        Some(fd) => crate::sys::spawn::share(i32::try_from(fd).unwrap_or(-1))
            .map(|file| Socket::from(std::os::fd::OwnedFd::from(file))),
        None => Socket::new(domain, if is_tcp { Type::STREAM } else { Type::DGRAM }, None),
    };
    let socket = socket.and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
    let socket = match socket {
        Ok(socket) => socket,
        Err(error) => return failed(ctx, &error),
    };
    let vm = ctx.vm;
    if is_tcp {
        return add_port(ctx, b"tcp_inet", |number| {
            Ok(Driver::Tcp(Box::new(Tcp::new(number, socket, domain))))
        });
    }
    add_port(ctx, b"udp_inet", |number| Ok(Driver::Udp(Box::new(Udp::new(vm, number, socket, domain)?))))
}

/// What is asked of a socket, which a closed one answers with `missing`.
fn with_socket<T>(
    ctx: &mut NativeContext<'_>,
    port: Term,
    run: impl FnOnce(&mut NativeContext<'_>, &mut State) -> T,
) -> Result<Option<T>, Exception> {
    if !port.is_port() {
        return Err(Exception::badarg());
    }
    let Some(port) = find_port(ctx.vm, port) else { return Ok(None) };
    Ok(port.with(|state| run(ctx, state)))
}

fn the_socket(state: &State) -> Option<(&Socket, Domain)> {
    match &state.driver {
        Driver::Tcp(tcp) => tcp.socket.as_ref().map(|socket| (socket, tcp.domain)),
        Driver::Udp(udp) => Some((&udp.socket, udp.domain)),
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => None,
    }
}

/// Does something with the system's socket; `{error, einval}` where there is none.
fn on_socket(
    ctx: &mut NativeContext<'_>,
    port: Term,
    run: impl FnOnce(&mut NativeContext<'_>, &Socket, Domain) -> NativeResult,
) -> NativeResult {
    let result = with_socket(ctx, port, |ctx, state| {
        the_socket(state).map(|(socket, domain)| run(ctx, socket, domain))
    })?;
    result.flatten().unwrap_or_else(|| error(ctx, atom::EINVAL))
}

/// `bind(Socket, Address, Port)`.
fn bind(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    on_socket(ctx, args[0], |ctx, socket, domain| match address::socket_address(args[1], args[2], domain) {
        Some(address) => done(ctx, socket.bind(&address)),
        None => error(ctx, atom::EINVAL),
    })
}

/// `listen(Socket, Backlog)`.
fn listen(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let backlog = i32::try_from(index(args[1])?).unwrap_or(i32::MAX);
    let vm = ctx.vm;
    let result = with_socket(ctx, args[0], |_, state| match &mut state.driver {
        Driver::Tcp(tcp) => Some(tcp.listen(vm, backlog)),
        Driver::Udp(_) | Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => None,
    })?;
    match result.flatten() {
        Some(result) => done(ctx, result),
        None => error(ctx, atom::EINVAL),
    }
}

fn waiter(ctx: &NativeContext<'_>) -> Waiter {
    Waiter { pid: ctx.process.pid, reference: ctx.vm.next_reference() }
}

/// `{wait, Ref}`.
fn later(ctx: &mut NativeContext<'_>, waiter: Waiter) -> NativeResult {
    let reference = ctx.process.heap.reference(waiter.reference, None);
    Ok(ctx.process.heap.tuple(&[named("wait"), reference]))
}

/// `connect(Socket, Address, Port)`: `ok`, `{wait, Ref}` or an error.
fn connect(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (vm, waiter) = (ctx.vm, waiter(ctx));
    let Some(port) = find_port(vm, args[0]) else { return error(ctx, atom::EINVAL) };
    let mut now = Now::Failed(atom::EINVAL);
    port.work(vm, |state| {
        let domain = the_socket(state).map(|(_, domain)| domain);
        let to = domain.and_then(|domain| address::socket_address(args[1], args[2], domain));
        now = match (&mut state.driver, to) {
            (Driver::Tcp(tcp), Some(to)) => tcp.connect(vm, &mut state.common, &to, waiter),
            (Driver::Udp(udp), Some(to)) => match udp.socket.connect(&to) {
                Ok(()) => Now::Done(()),
                Err(error) => Now::Failed(reason(&error)),
            },
            _ => Now::Failed(atom::EINVAL),
        };
        After::Open
    });
    match now {
        Now::Done(()) => Ok(Term::atom(atom::OK)),
        Now::Later => later(ctx, waiter),
        Now::Failed(reason) => error(ctx, reason),
    }
}

/// `accept(Socket)`: `{ok, Socket}`, `{wait, Ref}` or an error.
fn accept(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (vm, waiter) = (ctx.vm, waiter(ctx));
    let now = with_socket(ctx, args[0], |ctx, state| match &mut state.driver {
        Driver::Tcp(tcp) => match tcp.accept(vm, waiter) {
            Now::Done(socket) => match tcp.take_over(vm, &state.common, socket, ctx.process.pid) {
                Ok(number) => Now::Done(number),
                Err(error) => Now::Failed(reason(&error)),
            },
            Now::Later => Now::Later,
            Now::Failed(reason) => Now::Failed(reason),
        },
        Driver::Udp(_) | Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => {
            Now::Failed(atom::EINVAL)
        }
    })?;
    match now {
        None => error(ctx, atom::CLOSED),
        Some(Now::Later) => later(ctx, waiter),
        Some(Now::Failed(reason)) => error(ctx, reason),
        Some(Now::Done(number)) => {
            ctx.process.relations().links.insert(Pid::of_port(number), Link::Active);
            Ok(argument::ok(&mut ctx.process.heap, Term::port(number)))
        }
    }
}

/// A new connection gives what it reads only now that its owner is known.
fn start(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    pump(ctx, args[0]);
    Ok(Term::atom(atom::OK))
}

fn pump(ctx: &NativeContext<'_>, socket: Term) {
    let vm = ctx.vm;
    let Some(port) = find_port(vm, socket) else { return };
    port.work(vm, |state| match &mut state.driver {
        Driver::Tcp(tcp) => tcp.pump(vm, &mut state.common),
        Driver::Udp(udp) => {
            udp.pump(vm, &mut state.common);
            After::Open
        }
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => After::Open,
    });
}

/// `recv(Socket, Length)`: `{ok, Data}`, `{wait, Ref}` or an error.
fn recv(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let length = index(args[1])?;
    let (vm, waiter) = (ctx.vm, waiter(ctx));
    let now = with_socket(ctx, args[0], |ctx, state| match &mut state.driver {
        Driver::Tcp(tcp) => match tcp.receive(vm, &mut state.common, length, waiter) {
            Now::Done(packet) => Now::Done(tcp.received_term(&state.common, &packet, &mut ctx.process.heap)),
            Now::Later => Now::Later,
            Now::Failed(reason) => Now::Failed(reason),
        },
        Driver::Udp(udp) => match udp.receive(vm, &mut state.common, waiter) {
            Now::Done(datagram) => Now::Done(udp.content(&state.common, &datagram, &mut ctx.process.heap)),
            Now::Later => Now::Later,
            Now::Failed(reason) => Now::Failed(reason),
        },
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => Now::Failed(atom::EINVAL),
    })?;
    match now {
        None => error(ctx, atom::CLOSED),
        Some(Now::Done(data)) => Ok(argument::ok(&mut ctx.process.heap, data)),
        Some(Now::Later) => later(ctx, waiter),
        Some(Now::Failed(reason)) => error(ctx, reason),
    }
}

/// `send(Socket, Data)`: `ok`, `{wait, Ref}` or an error.
fn send(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Ok(bytes) = super::iodata::to_bytes(args[1]) else { return error(ctx, atom::EINVAL) };
    ctx.charge(bytes.len() / 64);
    let (vm, waiter) = (ctx.vm, waiter(ctx));
    let mut now = Now::Failed(atom::CLOSED);
    if !args[0].is_port() {
        return Err(Exception::badarg().into());
    }
    if let Some(port) = find_port(vm, args[0]) {
        port.work(vm, |state| {
            now = match &mut state.driver {
                Driver::Tcp(tcp) => tcp.send(vm, &mut state.common, bytes, waiter),
                Driver::Udp(udp) => match udp.send(vm, &mut state.common, None, &bytes) {
                    Ok(()) => Now::Done(()),
                    Err(reason) => Now::Failed(reason),
                },
                Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => Now::Failed(atom::EINVAL),
            };
            After::Open
        });
    }
    match now {
        Now::Done(()) => Ok(Term::atom(atom::OK)),
        Now::Later => later(ctx, waiter),
        Now::Failed(reason) => error(ctx, reason),
    }
}

/// `sendto(Socket, Address, Port, Data)`.
fn sendto(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Ok(bytes) = super::iodata::to_bytes(args[3]) else { return error(ctx, atom::EINVAL) };
    let vm = ctx.vm;
    let result = with_socket(ctx, args[0], |_, state| match &mut state.driver {
        Driver::Udp(udp) => match address::socket_address(args[1], args[2], udp.domain) {
            Some(to) => udp.send(vm, &mut state.common, Some(&to), &bytes),
            None => Err(atom::EINVAL),
        },
        Driver::Tcp(_) | Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => Err(atom::EINVAL),
    })?;
    match result {
        None => error(ctx, atom::CLOSED),
        Some(Ok(())) => Ok(Term::atom(atom::OK)),
        Some(Err(reason)) => error(ctx, reason),
    }
}

/// `cancel(Socket, Ref)`: whether the request was still open.
fn cancel(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let number = args[1].as_ref_number().ok_or_else(Exception::badarg)?;
    let cancelled = with_socket(ctx, args[0], |_, state| match &mut state.driver {
        Driver::Tcp(tcp) => tcp.cancel(number),
        Driver::Udp(udp) => udp.cancel(number),
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => false,
    })?;
    Ok(Term::bool(cancelled == Some(true)))
}

fn named_address(
    ctx: &mut NativeContext<'_>,
    port: Term,
    get: fn(&Socket) -> io::Result<SockAddr>,
) -> NativeResult {
    on_socket(ctx, port, |ctx, socket, _| match get(socket) {
        Ok(address) => {
            let address = address::term(&address, &mut ctx.process.heap);
            Ok(argument::ok(&mut ctx.process.heap, address))
        }
        Err(error) => failed(ctx, &error),
    })
}

fn sockname(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    named_address(ctx, args[0], Socket::local_addr)
}

fn peername(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    named_address(ctx, args[0], Socket::peer_addr)
}

/// `shutdown(Socket, read | write | read_write)`.
fn shutdown(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let how = match name_of(args[1]) {
        "read" => Shutdown::Read,
        "write" => Shutdown::Write,
        "read_write" => Shutdown::Both,
        _ => return Err(Exception::badarg().into()),
    };
    let result = with_socket(ctx, args[0], |_, state| match &mut state.driver {
        Driver::Tcp(tcp) if tcp.stage == Stage::Over => None,
        Driver::Tcp(tcp) => Some(tcp.shutdown(how)),
        Driver::Udp(udp) => Some(udp.socket.shutdown(how)),
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => None,
    })?;
    match result.flatten() {
        Some(result) => done(ctx, result),
        None => error(ctx, atom::CLOSED),
    }
}

/// `close(Socket)`: the caller hears nothing of the port's end.
fn close(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if !args[0].is_port() {
        return Err(Exception::badarg().into());
    }
    if let Some(port) = find_port(ctx.vm, args[0]) {
        let own = ctx.process.pid;
        port.with(|state| state.common.links.remove(&own));
        ctx.process.relations().links.remove(&Pid::of_port(port.number));
        port.close_for(ctx.vm, Term::atom(atom::NORMAL));
    }
    Ok(Term::atom(atom::OK))
}

/// `unrecv(Socket, Data)`: puts data back before what comes.
fn unrecv(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = super::iodata::to_bytes(args[1])?;
    let result = with_socket(ctx, args[0], |_, state| match &mut state.driver {
        Driver::Tcp(tcp) => tcp.unread(bytes),
        Driver::Udp(_) | Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => {}
    })?;
    if result.is_none() { error(ctx, atom::CLOSED) } else { Ok(Term::atom(atom::OK)) }
}

/// `stat(Socket)`: received bytes, packets, the largest, and the same of what was sent, then what waits.
fn stat(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let counts = with_socket(ctx, args[0], |_, state| match &state.driver {
        Driver::Tcp(tcp) => Some((tcp.counts, tcp.queued())),
        Driver::Udp(udp) => Some((udp.counts, 0)),
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => None,
    })?;
    let Some((counts, queued)) = counts.flatten() else { return error(ctx, atom::EINVAL) };
    let numbers = [
        counts.received,
        counts.receives,
        counts.most_received,
        counts.sent,
        counts.sends,
        counts.most_sent,
        queued as u64,
    ];
    let numbers = numbers.map(|number| ctx.process.heap.unsigned(number));
    let tuple = ctx.process.heap.tuple(&numbers);
    Ok(argument::ok(&mut ctx.process.heap, tuple))
}

/// `getstatus(Socket)`: `{ok, States}`, what the socket is ready for.
fn getstatus(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let states = with_socket(ctx, args[0], |_, state| match &state.driver {
        Driver::Tcp(tcp) => Some(tcp.states()),
        Driver::Udp(udp) if udp.socket.peer_addr().is_ok() => Some(&["connected", "open"][..]),
        Driver::Udp(_) => Some(&["open"][..]),
        Driver::Program(_) | Driver::Descriptor(_) | Driver::Closed => None,
    })?;
    let Some(states) = states.flatten() else { return error(ctx, atom::EINVAL) };
    let states: Vec<Term> = states.iter().filter_map(|state| Atom::new(state).ok()).map(Term::atom).collect();
    let list = ctx.process.heap.list(&states);
    Ok(argument::ok(&mut ctx.process.heap, list))
}

/// `resolve(Name, inet | inet6)`: `{ok, Official, Addresses}`.
fn resolve(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let name = super::unicode::text_bytes(args[0]).ok_or_else(Exception::badarg)?;
    match system::resolve(&name, name_of(args[1]) == "inet6") {
        Ok((official, addresses)) => {
            let heap = &mut ctx.process.heap;
            let official = heap.byte_list(&official);
            let addresses: Vec<Term> = addresses.into_iter().map(|ip| address::ip_term(ip, heap)).collect();
            let addresses = heap.list(&addresses);
            Ok(heap.tuple(&[Term::atom(atom::OK), official, addresses]))
        }
        Err(reason) => error(ctx, Atom::new(reason).unwrap_or(atom::EINVAL)),
    }
}

/// `name(Address)`: `{ok, Name}` of the host with this address.
fn name(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let ip = address::ip(args[0], false).ok_or_else(Exception::badarg)?;
    match system::name_of(ip) {
        Some(name) => {
            let name = ctx.process.heap.byte_list(&name);
            Ok(argument::ok(&mut ctx.process.heap, name))
        }
        None => error(ctx, Atom::new("nxdomain").unwrap_or(atom::EINVAL)),
    }
}

fn gethostname(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let name = ctx.process.heap.string(&system::host_name());
    Ok(argument::ok(&mut ctx.process.heap, name))
}

/// `interfaces()`: `[{Name, Flags, Address, Mask, Other, Hardware}]`, `undefined` for what is not there.
fn interfaces(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let all = match system::interfaces() {
        Ok(all) => all,
        Err(error) => return failed(ctx, &error),
    };
    let heap = &mut ctx.process.heap;
    let undefined = Term::atom(atom::UNDEFINED);
    let list: Vec<Term> = all
        .into_iter()
        .map(|interface| {
            let name = heap.string(&interface.name);
            let mut ip = |ip: Option<std::net::IpAddr>| ip.map_or(undefined, |ip| address::ip_term(ip, heap));
            let (address, mask, other) = (ip(interface.address), ip(interface.mask), ip(interface.other));
            let hardware = interface.hardware.map_or(undefined, |bytes| heap.byte_list(&bytes));
            let flags = Term::small(i64::from(interface.flags));
            heap.tuple(&[name, flags, address, mask, other, hardware])
        })
        .collect();
    let list = heap.list(&list);
    Ok(argument::ok(heap, list))
}

/// `erlang:decode_packet(Type, Binary, Options)`.
fn decode_packet(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let kind = Kind::from_term(args[0]).ok_or_else(argument::badopt)?;
    // Of a bit string the whole bytes; the bits behind them stay in the rest.
    let bits = args[1].as_bits().ok_or_else(Exception::badarg)?;
    let size = bits.size;
    let mut bytes = bits.to_bytes();
    bytes.truncate(size / 8);
    let mut limits = Limits::default();
    for option in argument::list(args[2])? {
        let Some(&[key, value]) = option.as_tuple() else { return Err(Exception::badarg().into()) };
        let value = index(value)?;
        match name_of(key) {
            "packet_size" => limits.packet_size = value,
            "line_length" => limits.line_length = value,
            "line_delimiter" => {
                limits.line_delimiter = u8::try_from(value).map_err(|_| Exception::badarg())?;
            }
            _ => return Err(Exception::badarg().into()),
        }
    }
    let heap = &mut ctx.process.heap;
    match packet::find(kind, &bytes, limits) {
        Found::Packet { skip, end, length } => {
            let packet = packet::parse(kind, &bytes[skip..end], heap);
            let rest = heap.part(args[1], length * 8, size - length * 8);
            Ok(heap.tuple(&[Term::atom(atom::OK), packet, rest]))
        }
        Found::More(length) => {
            let length = length.map_or(Term::atom(atom::UNDEFINED), |length| heap.unsigned(length as u64));
            Ok(heap.tuple(&[named("more"), length]))
        }
        Found::Invalid => Ok(argument::error(heap, named("invalid"))),
    }
}

/// For the options: the port of a socket, and a word on its state.
pub(super) fn socket_port(ctx: &NativeContext<'_>, socket: Term) -> Option<Arc<Port>> {
    find_port(ctx.vm, socket)
}

/// What is read now goes to whom the options say.
pub(super) fn after_change(ctx: &NativeContext<'_>, socket: Term) {
    pump(ctx, socket);
}

pub(super) const NATIVES: &[Native] = natives! {
    "prim_inet" {
        "open"/3 => open;
        "bind"/3 => bind;
        "listen"/2 => listen;
        "connect"/3 => connect;
        "accept"/1 => accept;
        "start"/1 => start;
        "recv"/2 => recv;
        "send"/2 => send;
        "sendto"/4 => sendto;
        "cancel"/2 => cancel;
        "sockname"/1 => sockname;
        "peername"/1 => peername;
        "shutdown"/2 => shutdown;
        "close"/1 => close;
        "unrecv"/2 => unrecv;
        "stat"/1 => stat;
        "getstatus"/1 => getstatus;
        "resolve"/2 = dirty => resolve;
        "name"/1 = dirty => name;
        "gethostname"/0 => gethostname;
        "interfaces"/0 = dirty => interfaces;
    }
    "erlang" {
        "decode_packet"/3 => decode_packet;
    }
};
