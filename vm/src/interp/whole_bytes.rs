//! Integers of whole bytes, the high one first: most of those that bit strings are made of.

/// How many whole bytes an integer takes, where the loader chooses a handler by that.
pub(crate) trait WholeBytes {
    /// How many; `operand` is what the instruction says.
    fn count(operand: usize) -> usize;

    /// The integer at `from`, the high byte first.
    ///
    /// # Safety
    /// So many bytes are there.
    unsafe fn read(from: *const u8, count: usize) -> i64;

    /// Writes the low bytes of `value` at `to`, the high byte first.
    ///
    /// # Safety
    /// There is room for so many bytes.
    unsafe fn write(to: *mut u8, value: u64, count: usize);
}

macro_rules! whole_bytes {
    ($($name:ident $word:ident $count:literal)*) => {$(
        pub(crate) struct $name;

        impl WholeBytes for $name {
            #[inline(always)]
            fn count(_: usize) -> usize {
                $count
            }

            #[inline(always)]
            unsafe fn read(from: *const u8, _: usize) -> i64 {
                // SAFETY: by the contract.
                i64::from($word::from_be(unsafe { from.cast::<$word>().read_unaligned() }))
            }

            #[inline(always)]
            unsafe fn write(to: *mut u8, value: u64, _: usize) {
                // SAFETY: by the contract.
                unsafe { to.cast::<$word>().write_unaligned((value as $word).to_be()) }
            }
        }
    )*};
}

whole_bytes! { OneByte u8 1 TwoBytes u16 2 FourBytes u32 4 }

/// As many as the instruction says, at most 8.
pub(crate) struct SomeBytes;

impl WholeBytes for SomeBytes {
    #[inline(always)]
    fn count(operand: usize) -> usize {
        operand
    }

    #[inline(always)]
    unsafe fn read(from: *const u8, count: usize) -> i64 {
        let (mut value, mut index) = (0i64, 0);
        while index < count {
            // SAFETY: by the contract.
            value = value << 8 | i64::from(unsafe { *from.add(index) });
            index += 1;
        }
        value
    }

    #[inline(always)]
    unsafe fn write(to: *mut u8, value: u64, count: usize) {
        let (mut left, mut index) = (value << (64 - count * 8), 0);
        while index < count {
            // SAFETY: by the contract.
            unsafe { *to.add(index) = (left >> 56) as u8 };
            left <<= 8;
            index += 1;
        }
    }
}
