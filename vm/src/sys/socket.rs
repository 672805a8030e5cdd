//! What the system knows of sockets beyond the portable interface: raw options, interfaces, host names.

use socket2::{SockAddr, Socket};
use std::ffi::{CStr, CString};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::fd::AsRawFd as _;

/// Reads a datagram of at most `most` bytes, and its sender.
pub(crate) fn receive_from(socket: &Socket, most: usize) -> io::Result<(Vec<u8>, SockAddr)> {
    let mut buffer: Vec<u8> = Vec::with_capacity(most);
    let (count, from) = socket.recv_from(buffer.spare_capacity_mut())?;
    // SAFETY: the system has written the first `count` bytes.
    unsafe { buffer.set_len(count) };
    buffer.shrink_to_fit();
    Ok((buffer, from))
}

/// Sets an option by its numbers.
pub(crate) fn set_option(socket: &Socket, level: i32, option: i32, value: &[u8]) -> io::Result<()> {
    let length = libc::socklen_t::try_from(value.len()).unwrap_or(0);
    // SAFETY: the value is read only, for its length.
    let result =
        unsafe { libc::setsockopt(socket.as_raw_fd(), level, option, value.as_ptr().cast(), length) };
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// An option by its numbers; `value` is what the system gets to change.
pub(crate) fn get_option(
    socket: &Socket,
    level: i32,
    option: i32,
    mut value: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let mut length = libc::socklen_t::try_from(value.len()).unwrap_or(0);
    // SAFETY: the system writes at most `length` bytes to the value.
    let result = unsafe {
        libc::getsockopt(socket.as_raw_fd(), level, option, value.as_mut_ptr().cast(), &raw mut length)
    };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    value.truncate(length as usize);
    Ok(value)
}

/// One address of an interface, or its hardware address.
#[derive(Clone, Debug)]
pub(crate) struct Interface {
    pub(crate) name: String,
    pub(crate) flags: u32,
    pub(crate) address: Option<IpAddr>,
    pub(crate) mask: Option<IpAddr>,
    pub(crate) other: Option<IpAddr>,
    pub(crate) hardware: Option<Vec<u8>>,
}

/// All interfaces, an entry for each of their addresses.
pub(crate) fn interfaces() -> io::Result<Vec<Interface>> {
    let mut first: *mut libc::ifaddrs = std::ptr::null_mut();
    // SAFETY: the system makes the list and hands it over.
    if unsafe { libc::getifaddrs(&raw mut first) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let mut all = Vec::new();
    let mut next = first;
    while !next.is_null() {
        // SAFETY: an entry of the list, whose parts are valid until it is freed.
        unsafe {
            let entry = &*next;
            all.push(Interface {
                name: CStr::from_ptr(entry.ifa_name).to_string_lossy().into_owned(),
                flags: entry.ifa_flags,
                address: ip_of(entry.ifa_addr),
                mask: ip_of(entry.ifa_netmask),
                other: ip_of(entry.ifa_ifu),
                hardware: hardware_of(entry.ifa_addr),
            });
            next = entry.ifa_next;
        }
    }
    // SAFETY: the list that the system handed over.
    unsafe { libc::freeifaddrs(first) };
    Ok(all)
}

/// The address in a structure of the system.
///
/// # Safety
/// Null, or a structure as large as its family says.
unsafe fn ip_of(address: *const libc::sockaddr) -> Option<IpAddr> {
    if address.is_null() {
        return None;
    }
    // SAFETY: by the contract.
    unsafe {
        match i32::from((*address).sa_family) {
            libc::AF_INET => {
                let v4 = address.cast::<libc::sockaddr_in>().read_unaligned();
                Some(Ipv4Addr::from(u32::from_be(v4.sin_addr.s_addr)).into())
            }
            libc::AF_INET6 => {
                let v6 = address.cast::<libc::sockaddr_in6>().read_unaligned();
                Some(Ipv6Addr::from(v6.sin6_addr.s6_addr).into())
            }
            _ => None,
        }
    }
}

/// The hardware address in a structure of the system.
///
/// # Safety
/// As for [`ip_of`].
#[cfg(target_os = "linux")]
unsafe fn hardware_of(address: *const libc::sockaddr) -> Option<Vec<u8>> {
    // SAFETY: by the contract.
    unsafe {
        if address.is_null() || i32::from((*address).sa_family) != libc::AF_PACKET {
            return None;
        }
        let link = address.cast::<libc::sockaddr_ll>().read_unaligned();
        Some(link.sll_addr[..usize::from(link.sll_halen).min(8)].to_vec())
    }
}

/// # Safety
/// Anything will do.
#[cfg(not(target_os = "linux"))]
unsafe fn hardware_of(_address: *const libc::sockaddr) -> Option<Vec<u8>> {
    None
}

/// The name of this host.
pub(crate) fn host_name() -> String {
    let mut buffer = [0_u8; 256];
    // SAFETY: the system writes at most that many bytes.
    let result = unsafe { libc::gethostname(buffer.as_mut_ptr().cast(), buffer.len() - 1) };
    let end = buffer.iter().position(|&byte| byte == 0).unwrap_or(0);
    if result == 0 { String::from_utf8_lossy(&buffer[..end]).into_owned() } else { "localhost".into() }
}

/// The official name and the addresses of a host in one family, or why there are none.
pub(crate) fn resolve(name: &[u8], v6: bool) -> Result<(Vec<u8>, Vec<IpAddr>), &'static str> {
    let Ok(name) = CString::new(name) else { return Err("einval") };
    // SAFETY: all-zero is a valid value of this plain structure.
    let mut hints: libc::addrinfo = unsafe { std::mem::zeroed() };
    hints.ai_family = if v6 { libc::AF_INET6 } else { libc::AF_INET };
    hints.ai_socktype = libc::SOCK_STREAM;
    hints.ai_flags = libc::AI_CANONNAME;
    let mut first: *mut libc::addrinfo = std::ptr::null_mut();
    // SAFETY: the system makes the list and hands it over.
    let result =
        unsafe { libc::getaddrinfo(name.as_ptr(), std::ptr::null(), &raw const hints, &raw mut first) };
    if result != 0 {
        return Err(match result {
            libc::EAI_AGAIN => "try_again",
            _ => "nxdomain",
        });
    }
    let (mut official, mut addresses) = (name.into_bytes(), Vec::new());
    let mut next = first;
    while !next.is_null() {
        // SAFETY: an entry of the list, valid until it is freed.
        unsafe {
            let entry = &*next;
            if !entry.ai_canonname.is_null() {
                official = CStr::from_ptr(entry.ai_canonname).to_bytes().to_vec();
            }
            if let Some(ip) = ip_of(entry.ai_addr)
                && !addresses.contains(&ip)
            {
                addresses.push(ip);
            }
            next = entry.ai_next;
        }
    }
    // SAFETY: the list that the system handed over.
    unsafe { libc::freeaddrinfo(first) };
    if addresses.is_empty() { Err("nxdomain") } else { Ok((official, addresses)) }
}

/// The name of a host by its address.
pub(crate) fn name_of(ip: IpAddr) -> Option<Vec<u8>> {
    let address = SockAddr::from(std::net::SocketAddr::new(ip, 0));
    let mut buffer = [0_u8; 1025];
    // SAFETY: the address is valid for its length; the system writes at most the buffer's length.
    let result = unsafe {
        libc::getnameinfo(
            address.as_ptr().cast(),
            address.len(),
            buffer.as_mut_ptr().cast(),
            libc::socklen_t::try_from(buffer.len()).unwrap_or(0),
            std::ptr::null_mut(),
            0,
            libc::NI_NAMEREQD,
        )
    };
    let end = buffer.iter().position(|&byte| byte == 0)?;
    (result == 0).then(|| buffer[..end].to_vec())
}
