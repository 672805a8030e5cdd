//! Maps of memory and of address space; what is about to be read.

/// Maps `bytes` of zeroed memory. `None` if the system refuses.
pub(super) fn map(bytes: usize) -> Option<*mut u8> {
    map_with(bytes, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS)
}

/// Reserves `bytes` of zeroed, readable and writable address space that costs memory only where touched.
/// `None` if the system refuses.
pub(crate) fn reserve(bytes: usize) -> Option<*mut u64> {
    let address = map_with(bytes, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE)?;
    let _ = address.expose_provenance();
    Some(address.cast())
}

fn map_with(bytes: usize, flags: libc::c_int) -> Option<*mut u8> {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: an anonymous private mapping at an address of the system's choice touches no existing memory.
    let address = unsafe { libc::mmap(std::ptr::null_mut(), bytes, access, flags, -1, 0) };
    (address != libc::MAP_FAILED).then_some(address.cast())
}

/// Makes a mapping, or a part of one, larger: what is new is zeroed. It moves where there is no room behind it. `None` if the
/// system refuses, and nothing happened.
///
/// # Safety
/// The part lies in a mapping of [`map`], page aligned; the caller owns it.
pub(super) unsafe fn enlarge(address: *mut u8, from: usize, to: usize) -> Option<*mut u8> {
    // SAFETY: by the contract above.
    let moved = unsafe { libc::mremap(address.cast(), from, to, libc::MREMAP_MAYMOVE) };
    (moved != libc::MAP_FAILED).then_some(moved.cast())
}

/// Ends a mapping, or a part of one.
///
/// # Safety
/// The part lies in a mapping of [`map`], page aligned; the caller owns it, and lets it go.
pub(super) unsafe fn unmap(address: *mut u8, bytes: usize) {
    // SAFETY: by the contract above.
    unsafe { libc::munmap(address.cast(), bytes) };
}

/// Gives the pages of a part of a reservation back to the system; they read as zero afterwards.
///
/// # Safety
/// The part lies in a mapping of [`reserve`], page aligned, and nothing reads its contents any more.
pub(crate) unsafe fn discard(address: *mut u64, bytes: usize) {
    // SAFETY: by the contract above.
    unsafe {
        libc::madvise(address.cast(), bytes, libc::MADV_DONTNEED);
    }
}

/// Asks for huge pages. It is a wish: failure changes nothing.
pub(super) fn prefer_huge_pages(start: *mut u8, bytes: usize) {
    // SAFETY: the range lies within a mapping of the caller; the advice does not change its contents.
    unsafe { libc::madvise(start.cast(), bytes, libc::MADV_HUGEPAGE) };
}

/// Says that what is there is about to be read. Any address will do; it is a wish.
#[inline(always)]
pub(crate) fn prefetch<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the instruction touches nothing that a program could see, whatever the address.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}
