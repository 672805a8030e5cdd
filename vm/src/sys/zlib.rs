//! zlib behind a safe face: streams that compress and expand, with all parameters.

use libz_sys as sys;
use std::ffi::{c_int, c_uint};
use std::mem::{MaybeUninit, size_of};

pub(crate) use sys::{
    Z_BEST_COMPRESSION as BEST_COMPRESSION, Z_BEST_SPEED as BEST_SPEED,
    Z_DEFAULT_COMPRESSION as DEFAULT_COMPRESSION, Z_DEFAULT_STRATEGY as DEFAULT_STRATEGY,
    Z_FILTERED as FILTERED, Z_FINISH as FINISH, Z_FULL_FLUSH as FULL_FLUSH, Z_HUFFMAN_ONLY as HUFFMAN_ONLY,
    Z_NO_COMPRESSION as NO_COMPRESSION, Z_NO_FLUSH as NO_FLUSH, Z_RLE as RLE, Z_SYNC_FLUSH as SYNC_FLUSH,
};

/// What kept the library from going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Data,
    Stream,
    Memory,
}

/// Where a stream stands after a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// More input or more room is needed.
    More,
    /// The stream has ended.
    Ended,
    /// A dictionary with this checksum is needed.
    Dictionary(u32),
}

/// What a step used and made.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) progress: Progress,
    pub(crate) used: usize,
    pub(crate) output: Vec<u8>,
    /// Was there room left?
    pub(crate) has_room: bool,
}

/// The library's state, which refers to its own place.
struct Raw(Box<MaybeUninit<sys::z_stream>>);

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("z_stream")
    }
}

// SAFETY: the state is memory of its own and bound to no thread.
unsafe impl Send for Raw {}

impl Raw {
    fn new() -> Self {
        // All zero: the library takes its own functions for memory.
        Self(Box::new(MaybeUninit::zeroed()))
    }

    fn pointer(&mut self) -> *mut sys::z_stream {
        self.0.as_mut_ptr()
    }

    fn checksum(&mut self) -> u32 {
        // SAFETY: the field is initialised since the beginning.
        unsafe { (*self.pointer()).adler as u32 }
    }

    /// Runs a function of the library on input, with room for so many bytes.
    fn step(
        &mut self,
        input: &[u8],
        room: usize,
        run: impl FnOnce(*mut sys::z_stream) -> c_int,
    ) -> Result<Step, Fault> {
        let mut output: Vec<u8> = Vec::with_capacity(room);
        let given = c_uint::try_from(input.len()).unwrap_or(c_uint::MAX);
        let room = c_uint::try_from(room).unwrap_or(c_uint::MAX);
        let stream = self.pointer();
        // SAFETY: the stream was set up by the library, input and output outlive the call, and the library writes
        // no more than it is given room for, which is within the vector's capacity.
        let (result, left, free) = unsafe {
            (*stream).next_in = input.as_ptr().cast_mut();
            (*stream).avail_in = given;
            (*stream).next_out = output.as_mut_ptr();
            (*stream).avail_out = room;
            let result = run(stream);
            let (left, free) = ((*stream).avail_in, (*stream).avail_out);
            (*stream).next_in = std::ptr::null_mut();
            (*stream).next_out = std::ptr::null_mut();
            (*stream).avail_in = 0;
            (*stream).avail_out = 0;
            output.set_len((room - free) as usize);
            (result, left, free)
        };
        let progress = match result {
            sys::Z_STREAM_END => Progress::Ended,
            // No progress was possible: no fault.
            sys::Z_OK | sys::Z_BUF_ERROR => Progress::More,
            sys::Z_NEED_DICT => Progress::Dictionary(self.checksum()),
            code => return Err(self.fault(code)),
        };
        Ok(Step { progress, used: (given - left) as usize, output, has_room: free > 0 })
    }

    fn fault(&self, code: c_int) -> Fault {
        match code {
            sys::Z_DATA_ERROR => Fault::Data,
            sys::Z_MEM_ERROR => Fault::Memory,
            _ => Fault::Stream,
        }
    }

    fn check(&mut self, code: c_int) -> Result<(), Fault> {
        if code == sys::Z_OK { Ok(()) } else { Err(self.fault(code)) }
    }
}

/// A stream that compresses.
#[derive(Debug)]
pub(crate) struct Deflate(Raw);

/// How a stream compresses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameters {
    pub(crate) level: i32,
    pub(crate) window_bits: i32,
    pub(crate) memory_level: i32,
    pub(crate) strategy: i32,
}

impl Parameters {
    /// With this level and window, and otherwise as by default.
    pub(crate) fn new(level: i32, window_bits: i32) -> Self {
        Self { level, window_bits, memory_level: 8, strategy: DEFAULT_STRATEGY }
    }
}

impl Deflate {
    pub(crate) fn new(parameters: Parameters) -> Result<Self, Fault> {
        let Parameters { level, window_bits, memory_level, strategy } = parameters;
        let mut raw = Raw::new();
        // SAFETY: the stream is zeroed memory of the right size.
        let code = unsafe {
            sys::deflateInit2_(
                raw.pointer(),
                level,
                sys::Z_DEFLATED,
                window_bits,
                memory_level,
                strategy,
                sys::zlibVersion(),
                size_of::<sys::z_stream>() as c_int,
            )
        };
        raw.check(code)?;
        Ok(Self(raw))
    }

    /// Compresses some of the input into at most `room` bytes.
    pub(crate) fn step(&mut self, input: &[u8], room: usize, flush: i32) -> Result<Step, Fault> {
        // SAFETY: `step` hands over a stream that was set up.
        self.0.step(input, room, |stream| unsafe { sys::deflate(stream, flush) })
    }

    /// Changes level and strategy. What that makes of input so far comes out.
    pub(crate) fn set_parameters(&mut self, level: i32, strategy: i32, room: usize) -> Result<Step, Fault> {
        // SAFETY: as above.
        self.0.step(&[], room, |stream| unsafe { sys::deflateParams(stream, level, strategy) })
    }

    /// Sets the dictionary and answers its checksum.
    pub(crate) fn set_dictionary(&mut self, bytes: &[u8]) -> Result<u32, Fault> {
        // SAFETY: the stream was set up, and the bytes outlive the call.
        let code =
            unsafe { sys::deflateSetDictionary(self.0.pointer(), bytes.as_ptr(), bytes.len() as c_uint) };
        self.0.check(code)?;
        Ok(self.0.checksum())
    }

    pub(crate) fn reset(&mut self) -> Result<(), Fault> {
        // SAFETY: the stream was set up.
        let code = unsafe { sys::deflateReset(self.0.pointer()) };
        self.0.check(code)
    }

    /// Ends the stream; a fault if there was more to come out. What is asked of it afterwards fails.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        // SAFETY: the stream was set up; the library ends one only once.
        let code = unsafe { sys::deflateEnd(self.0.pointer()) };
        self.0.check(code)
    }
}

impl Drop for Deflate {
    fn drop(&mut self) {
        // SAFETY: the stream was set up and is used no more.
        unsafe { sys::deflateEnd(self.0.pointer()) };
    }
}

/// A stream that expands.
#[derive(Debug)]
pub(crate) struct Inflate(Raw);

impl Inflate {
    pub(crate) fn new(window_bits: i32) -> Result<Self, Fault> {
        let mut raw = Raw::new();
        // SAFETY: the stream is zeroed memory of the right size.
        let code = unsafe {
            sys::inflateInit2_(
                raw.pointer(),
                window_bits,
                sys::zlibVersion(),
                size_of::<sys::z_stream>() as c_int,
            )
        };
        raw.check(code)?;
        Ok(Self(raw))
    }

    /// Expands some of the input into at most `room` bytes.
    pub(crate) fn step(&mut self, input: &[u8], room: usize) -> Result<Step, Fault> {
        // SAFETY: `step` hands over a stream that was set up.
        self.0.step(input, room, |stream| unsafe { sys::inflate(stream, NO_FLUSH) })
    }

    pub(crate) fn set_dictionary(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        // SAFETY: the stream was set up, and the bytes outlive the call.
        let code =
            unsafe { sys::inflateSetDictionary(self.0.pointer(), bytes.as_ptr(), bytes.len() as c_uint) };
        self.0.check(code)
    }

    pub(crate) fn reset(&mut self) -> Result<(), Fault> {
        // SAFETY: the stream was set up.
        let code = unsafe { sys::inflateReset(self.0.pointer()) };
        self.0.check(code)
    }
}

impl Drop for Inflate {
    fn drop(&mut self) {
        // SAFETY: the stream was set up and is used no more.
        unsafe { sys::inflateEnd(self.0.pointer()) };
    }
}

/// All of the input, compressed.
pub(crate) fn compressed(input: &[u8], parameters: Parameters) -> Result<Vec<u8>, Fault> {
    let mut stream = Deflate::new(parameters)?;
    let (mut output, mut at) = (Vec::with_capacity(input.len() / 2 + 64), 0);
    loop {
        let step = stream.step(&input[at..], 64 * 1024, FINISH)?;
        at += step.used;
        output.extend_from_slice(&step.output);
        if step.progress == Progress::Ended {
            return Ok(output);
        }
    }
}

/// The start of the input, expanded: at most `most` bytes. Answers also how much of the input that was.
pub(crate) fn expanded(input: &[u8], window_bits: i32, most: usize) -> Result<(Vec<u8>, usize), Fault> {
    let mut stream = Inflate::new(window_bits)?;
    let (mut output, mut at) = (Vec::new(), 0);
    loop {
        let step = stream.step(&input[at..], 64 * 1024)?;
        at += step.used;
        output.extend_from_slice(&step.output);
        if step.progress == Progress::Ended && output.len() <= most {
            return Ok((output, at));
        }
        let stuck =
            matches!(step.progress, Progress::Dictionary(_)) || step.used == 0 && step.output.is_empty();
        if output.len() > most || stuck {
            return Err(Fault::Data);
        }
    }
}
