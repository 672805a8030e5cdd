//! Maps of memory and of address space.

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

/// Asks for huge pages where `bytes` bytes from `start` cover them whole. It is a wish: failure changes nothing.
pub(super) fn prefer_huge_pages(start: *mut u8, bytes: usize) {
    const HUGE_PAGE: usize = 1 << 21;
    let before = start.align_offset(HUGE_PAGE);
    let whole = bytes.saturating_sub(before) / HUGE_PAGE * HUGE_PAGE;
    if whole > 0 {
        // SAFETY: the range lies within an mapping of the caller; the advice does not change its contents.
        unsafe { libc::madvise(start.wrapping_add(before).cast(), whole, libc::MADV_HUGEPAGE) };
    }
}
