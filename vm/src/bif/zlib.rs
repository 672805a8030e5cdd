//! Module `zlib`: compressing and expanding, whole binaries at once or through streams.
//!
//! A stream is a reference; what belongs to it is kept here until it is closed or its process ends. Input that
//! would take long is worked off on the dirty pool.

use super::argument::{self, name_of, named};
use super::{Interrupt, Native, NativeContext, NativeResult, iodata};
use crate::heap::Build as _;
use crate::natives;
use crate::proc::exception::Exception;
use crate::sys::zlib::{self, Deflate, Fault, Inflate, Parameters, Progress};
use crate::term::{Pid, Term};
use hashbrown::HashMap;
use parking_lot::Mutex;
use std::sync::Arc;

/// Input that a scheduler works on.
const SHORT: usize = 16 * 1024;
/// Input of a step of compressing, and its output.
const DEFLATE_STEP: usize = 8 * 1024;
/// Output of a step of expanding.
const INFLATE_STEP: usize = 16 * 1024;
/// Windows of the formats.
const ZLIB: i32 = 15;
const RAW: i32 = -15;
const GZIP: i32 = 31;

const OK: Term = Term::atom(crate::atom::OK);

/// What happens to input behind the end of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AtEnd {
    Cut,
    Reset,
    Error,
}

#[derive(Debug)]
enum Mode {
    Idle,
    Deflate(Deflate),
    Inflate { stream: Inflate, at_end: AtEnd, ended: bool, dictionary: Vec<u8> },
}

/// A stream.
#[derive(Debug)]
struct Stream {
    owner: Pid,
    mode: Mode,
    /// Input that waits, and how much of it is done.
    queue: Vec<u8>,
    done: usize,
    /// Output that changed parameters brought about.
    pending: Vec<u8>,
    /// The checksum of what went in or came out, where the format has none.
    crc: Option<crc32fast::Hasher>,
    buffer: usize,
}

/// The streams of a machine, by the numbers of their references.
#[derive(Debug, Default)]
pub(crate) struct Streams(Mutex<HashMap<u64, Arc<Mutex<Stream>>>>);

impl Streams {
    /// A process has ended, and its streams with it.
    pub(crate) fn owner_ended(&self, owner: Pid) {
        let mut streams = self.0.lock();
        if !streams.is_empty() {
            // One that is locked is being used by its owner, which is another.
            streams.retain(|_, stream| stream.try_lock().is_none_or(|stream| stream.owner != owner));
        }
    }
}

fn failure(name: &'static str) -> Exception {
    Exception::error(named(name))
}

fn fault(fault: Fault) -> Exception {
    match fault {
        Fault::Data => failure("data_error"),
        Fault::Stream => failure("stream_error"),
        Fault::Memory => failure("mem_error"),
    }
}

/// Works with a stream, which only its own process may do. A reference without a stream is one that was closed.
fn with<R>(
    ctx: &mut NativeContext<'_>,
    term: Term,
    work: impl FnOnce(&mut NativeContext<'_>, &mut Stream) -> Result<R, Exception>,
) -> Result<R, Exception> {
    let number = term.as_ref_number().ok_or_else(Exception::badarg)?;
    let stream = ctx.vm.natives.streams.0.lock().get(&number).cloned();
    let stream = stream.ok_or_else(|| failure("not_initialized"))?;
    let mut stream = stream.lock();
    if stream.owner != ctx.process.pid {
        return Err(failure("not_on_controlling_process"));
    }
    work(ctx, &mut stream)
}

impl Stream {
    fn deflate(&mut self) -> Result<&mut Deflate, Exception> {
        match &mut self.mode {
            Mode::Deflate(stream) => Ok(stream),
            Mode::Idle | Mode::Inflate { .. } => Err(failure("not_initialized")),
        }
    }

    fn inflate(&mut self) -> Result<&mut Inflate, Exception> {
        match &mut self.mode {
            Mode::Inflate { stream, .. } => Ok(stream),
            Mode::Idle | Mode::Deflate(_) => Err(failure("not_initialized")),
        }
    }

    /// Begins anew in another mode.
    fn set(&mut self, mode: Mode, keeps_crc: bool) {
        self.mode = mode;
        self.forget_input();
        self.crc = keeps_crc.then(crc32fast::Hasher::new);
    }

    fn forget_input(&mut self) {
        self.queue.clear();
        self.done = 0;
        self.pending.clear();
    }

    fn waiting(&self) -> usize {
        self.queue.len() - self.done
    }

    /// Queues input.
    fn enqueue(&mut self, data: Term) -> Result<(), Exception> {
        let bytes = iodata::to_bytes(data)?;
        self.queue.drain(..self.done);
        self.done = 0;
        self.queue.extend_from_slice(&bytes);
        Ok(())
    }

    /// Compresses a step's input. Answers the output, and whether the work is done.
    fn deflate_step(&mut self, flush: i32) -> Result<(Vec<u8>, bool), Exception> {
        if !self.pending.is_empty() {
            return Ok((std::mem::take(&mut self.pending), false));
        }
        let waiting = self.waiting();
        let given = waiting.min(DEFLATE_STEP);
        let flush = if given == waiting { flush } else { zlib::NO_FLUSH };
        let Mode::Deflate(stream) = &mut self.mode else { return Err(failure("not_initialized")) };
        let input = &self.queue[self.done..self.done + given];
        let step = stream.step(input, DEFLATE_STEP, flush).map_err(fault)?;
        if let Some(crc) = &mut self.crc {
            crc.update(&input[..step.used]);
        }
        self.done += step.used;
        let done = self.waiting() == 0 && step.has_room;
        Ok((step.output, done))
    }

    /// Expands queued input into so many bytes at most.
    fn inflate_step(&mut self, room: usize) -> Result<(Vec<u8>, bool), StepFault> {
        let Mode::Inflate { stream, at_end, ended, dictionary } = &mut self.mode else {
            return Err(StepFault::Exception(failure("not_initialized")));
        };
        if *ended {
            if self.done == self.queue.len() {
                return Ok((Vec::new(), true));
            }
            match at_end {
                AtEnd::Error => return Err(StepFault::Exception(failure("data_error"))),
                AtEnd::Cut => {
                    self.done = self.queue.len();
                    return Ok((Vec::new(), true));
                }
                AtEnd::Reset => {
                    stream.reset().map_err(|cause| StepFault::Exception(fault(cause)))?;
                    *ended = false;
                }
            }
        }
        let step = stream.step(&self.queue[self.done..], room);
        let step = step.map_err(|cause| StepFault::Exception(fault(cause)))?;
        if let Progress::Dictionary(checksum) = step.progress {
            self.done += step.used;
            return Err(StepFault::Dictionary(checksum));
        }
        if let Some(crc) = &mut self.crc {
            crc.update(&step.output);
        }
        self.done += step.used;
        *ended = step.progress == Progress::Ended;
        // The window, for programs that ask for it.
        dictionary.extend_from_slice(&step.output);
        let surplus = dictionary.len().saturating_sub(32 * 1024);
        dictionary.drain(..surplus);
        let done = if *ended { self.done == self.queue.len() } else { step.has_room };
        Ok((step.output, done))
    }
}

/// Why a step of expanding made nothing.
enum StepFault {
    /// A dictionary with this checksum is needed.
    Dictionary(u32),
    Exception(Exception),
}

/// Adds a step's output to a result: `[[[First], Second], Third]`.
fn gathered(ctx: &mut NativeContext<'_>, result: Term, bytes: Vec<u8>) -> Term {
    if bytes.is_empty() {
        return result;
    }
    let heap = &mut ctx.process.heap;
    let binary = heap.binary_from(bytes.into_boxed_slice());
    let last = heap.cons(binary, Term::NIL);
    if result.is_nil() { last } else { heap.cons(result, last) }
}

/// The same call on the dirty pool.
fn later(function: &'static str, args: &[Term]) -> Interrupt {
    Interrupt::call("zlib", function, args)
}

/// Is this input too much for a scheduler?
fn is_long(data: Term) -> bool {
    iodata::size(data).is_ok_and(|size| size > SHORT)
}

fn open(ctx: &mut NativeContext<'_>, _args: &[Term]) -> NativeResult {
    let number = ctx.vm.next_reference();
    let stream = Stream {
        owner: ctx.process.pid,
        mode: Mode::Idle,
        queue: Vec::new(),
        done: 0,
        pending: Vec::new(),
        crc: None,
        buffer: 4000,
    };
    ctx.vm.natives.streams.0.lock().insert(number, Arc::new(Mutex::new(stream)));
    Ok(ctx.process.heap.reference(number, None))
}

fn close(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |_, _| Ok(()))?;
    ctx.vm.natives.streams.0.lock().remove(&args[0].as_ref_number().unwrap_or(0));
    Ok(OK)
}

fn set_controlling_process(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let to = args[1].as_pid().ok_or_else(Exception::badarg)?;
    with(ctx, args[0], |_, stream| {
        stream.owner = to;
        Ok(OK)
    })
    .map_err(Interrupt::from)
}

fn level(term: Term) -> Result<i32, Exception> {
    match name_of(term) {
        "none" => return Ok(zlib::NO_COMPRESSION),
        "default" => return Ok(zlib::DEFAULT_COMPRESSION),
        "best_speed" => return Ok(zlib::BEST_SPEED),
        "best_compression" => return Ok(zlib::BEST_COMPRESSION),
        _ => {}
    }
    term.as_usize()
        .filter(|&level| level <= 9)
        .map(|level| level as i32)
        .ok_or_else(|| failure("bad_compression_level"))
}

fn strategy(term: Term) -> Result<i32, Exception> {
    match name_of(term) {
        "default" => Ok(zlib::DEFAULT_STRATEGY),
        "filtered" => Ok(zlib::FILTERED),
        "huffman_only" => Ok(zlib::HUFFMAN_ONLY),
        "rle" => Ok(zlib::RLE),
        _ => Err(failure("bad_compression_strategy")),
    }
}

fn window_bits(term: Term) -> Result<i32, Exception> {
    let bits = term.as_small().filter(|bits| matches!(bits.abs(), 8..=47));
    bits.map(|bits| bits as i32).ok_or_else(|| failure("bad_windowbits"))
}

/// Sets up a stream that is idle.
fn initialise(
    ctx: &mut NativeContext<'_>,
    stream: Term,
    mode: impl FnOnce() -> Result<Mode, Exception>,
    keeps_crc: bool,
) -> NativeResult {
    let number = stream.as_ref_number().ok_or_else(Exception::badarg)?;
    if !ctx.vm.natives.streams.0.lock().contains_key(&number) {
        return Err(failure("already_initialized").into());
    }
    with(ctx, stream, |_, stream| {
        if !matches!(stream.mode, Mode::Idle) {
            return Err(failure("already_initialized"));
        }
        stream.set(mode()?, keeps_crc);
        Ok(OK)
    })
    .map_err(Interrupt::from)
}

/// `deflateInit(Z, Level, Method, WindowBits, MemLevel, Strategy)`, and shorter.
fn deflate_init(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let given = args.get(1).map_or(Ok(zlib::DEFAULT_COMPRESSION), |&term| level(term))?;
    let mut parameters = Parameters::new(given, ZLIB);
    if let &[_, _, method, bits, memory, how] = args {
        if name_of(method) != "deflated" {
            return Err(failure("bad_compression_method").into());
        }
        parameters.window_bits = window_bits(bits)?;
        let memory = memory.as_usize().filter(|memory| (1..=9).contains(memory));
        parameters.memory_level = memory.ok_or_else(|| failure("bad_memlevel"))? as i32;
        parameters.strategy = strategy(how)?;
    }
    let raw = parameters.window_bits < 0;
    initialise(ctx, args[0], || Ok(Mode::Deflate(Deflate::new(parameters).map_err(fault)?)), raw)
}

/// `inflateInit(Z, WindowBits, EoSBehavior)`, and shorter.
fn inflate_init(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bits = args.get(1).map_or(Ok(ZLIB), |&term| window_bits(term))?;
    let at_end = match args.get(2).map_or("cut", |&term| name_of(term)) {
        "cut" => AtEnd::Cut,
        "reset" => AtEnd::Reset,
        "error" => AtEnd::Error,
        _ => return Err(failure("bad_eos_behavior").into()),
    };
    let mode = || {
        let stream = Inflate::new(bits).map_err(fault)?;
        Ok(Mode::Inflate { stream, at_end, ended: false, dictionary: Vec::new() })
    };
    initialise(ctx, args[0], mode, bits < 0)
}

fn deflate_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let flush = match args.get(2).map_or("none", |&term| name_of(term)) {
        "none" => zlib::NO_FLUSH,
        "sync" => zlib::SYNC_FLUSH,
        "full" => zlib::FULL_FLUSH,
        "finish" => zlib::FINISH,
        _ => return Err(failure("bad_flush_mode").into()),
    };
    with(ctx, args[0], |ctx, stream| {
        stream.deflate()?;
        stream.enqueue(args[1])?;
        let mut result = Term::NIL;
        loop {
            let (bytes, done) = stream.deflate_step(flush)?;
            result = gathered(ctx, result, bytes);
            if done {
                return Ok(result);
            }
        }
    })
    .map_err(Interrupt::from)
}

fn deflate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_long(args[1]) {
        let flush = args.get(2).copied().unwrap_or_else(|| named("none"));
        return Err(later("deflate_long", &[args[0], args[1], flush]));
    }
    deflate_all(ctx, args)
}

fn deflate_reset(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |_, stream| {
        stream.deflate()?.reset().map_err(fault)?;
        stream.forget_input();
        Ok(OK)
    })
    .map_err(Interrupt::from)
}

fn deflate_params(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let (level, strategy) = (level(args[1])?, strategy(args[2])?);
    with(ctx, args[0], |_, stream| {
        let step = stream.deflate()?.set_parameters(level, strategy, 4 * DEFLATE_STEP).map_err(fault)?;
        stream.pending.extend(step.output);
        Ok(OK)
    })
    .map_err(Interrupt::from)
}

fn deflate_set_dictionary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = iodata::to_bytes(args[1])?;
    with(ctx, args[0], |_, stream| {
        let sum = stream.deflate()?.set_dictionary(&bytes).map_err(fault)?;
        // OTP shows its 32 bits with a sign.
        Ok(Term::small(i64::from(sum as i32)))
    })
    .map_err(Interrupt::from)
}

fn deflate_end(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |_, stream| {
        let complete = stream.deflate()?.end();
        let complete = complete.is_ok() && stream.waiting() == 0 && stream.pending.is_empty();
        stream.set(Mode::Idle, false);
        if complete { Ok(OK) } else { Err(failure("data_error")) }
    })
    .map_err(Interrupt::from)
}

fn need_dictionary(ctx: &mut NativeContext<'_>, sum: u32, result: Term) -> Term {
    ctx.process.heap.tuple(&[named("need_dictionary"), as_signed(sum), result])
}

/// The checksum of a dictionary is told as a signed number, as `zlib:deflateSetDictionary/2` answers it.
fn as_signed(sum: u32) -> Term {
    Term::small(i64::from(sum.cast_signed()))
}

/// Expands all queued input.
fn inflate_all(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let mut raises = true;
    for option in args.get(2).map_or(Ok(Vec::new()), |&options| argument::list(options))? {
        match option.as_tuple() {
            Some(&[key, value]) if name_of(key) == "exception_on_need_dict" => {
                raises = value.as_bool().ok_or_else(Exception::badarg)?;
            }
            _ => return Err(Exception::badarg().into()),
        }
    }
    with(ctx, args[0], |ctx, stream| {
        stream.inflate()?;
        stream.enqueue(args[1])?;
        let mut result = Term::NIL;
        loop {
            match stream.inflate_step(INFLATE_STEP) {
                Ok((bytes, done)) => {
                    result = gathered(ctx, result, bytes);
                    if done {
                        return Ok(result);
                    }
                }
                Err(StepFault::Dictionary(sum)) if !raises => return Ok(need_dictionary(ctx, sum, result)),
                Err(cause) => return Err(step_exception(ctx, cause)),
            }
        }
    })
    .map_err(Interrupt::from)
}

fn step_exception(ctx: &mut NativeContext<'_>, cause: StepFault) -> Exception {
    match cause {
        StepFault::Exception(exception) => exception,
        StepFault::Dictionary(sum) => {
            let parts = [named("need_dictionary"), as_signed(sum)];
            Exception::error(ctx.process.heap.tuple(&parts))
        }
    }
}

fn inflate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    if is_long(args[1]) {
        let options = args.get(2).copied().unwrap_or(Term::NIL);
        return Err(later("inflate_long", &[args[0], args[1], options]));
    }
    inflate_all(ctx, args)
}

/// Expands a step's worth: `{continue | finished, Output}`.
fn safe_inflate(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |ctx, stream| {
        stream.inflate()?;
        stream.enqueue(args[1])?;
        let (bytes, done) = match stream.inflate_step(INFLATE_STEP) {
            Ok(step) => step,
            Err(StepFault::Dictionary(sum)) => return Ok(need_dictionary(ctx, sum, Term::NIL)),
            Err(cause) => return Err(step_exception(ctx, cause)),
        };
        let output = gathered(ctx, Term::NIL, bytes);
        Ok(ctx.process.heap.tuple(&[named(if done { "finished" } else { "continue" }), output]))
    })
    .map_err(Interrupt::from)
}

/// Expands a buffer's worth: `{more, Output}`, or the last output alone.
fn inflate_chunk(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |ctx, stream| {
        stream.inflate()?;
        if let Some(&data) = args.get(1) {
            stream.enqueue(data)?;
        }
        let room = stream.buffer;
        let (bytes, done) = match stream.inflate_step(room) {
            Ok(step) => step,
            Err(cause) => return Err(step_exception(ctx, cause)),
        };
        let output = gathered(ctx, Term::NIL, bytes);
        Ok(if done { output } else { ctx.process.heap.tuple(&[named("more"), output]) })
    })
    .map_err(Interrupt::from)
}

fn inflate_reset(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |_, stream| {
        stream.inflate()?.reset().map_err(fault)?;
        stream.forget_input();
        if let Mode::Inflate { ended, dictionary, .. } = &mut stream.mode {
            *ended = false;
            dictionary.clear();
        }
        Ok(OK)
    })
    .map_err(Interrupt::from)
}

fn inflate_set_dictionary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let bytes = iodata::to_bytes(args[1])?;
    with(ctx, args[0], |_, stream| {
        stream.inflate()?.set_dictionary(&bytes).map_err(fault)?;
        if let Mode::Inflate { dictionary, .. } = &mut stream.mode {
            *dictionary = bytes;
        }
        Ok(OK)
    })
    .map_err(Interrupt::from)
}

fn inflate_get_dictionary(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |ctx, stream| {
        stream.inflate()?;
        match &stream.mode {
            Mode::Inflate { dictionary, .. } => Ok(ctx.process.heap.binary(dictionary)),
            Mode::Idle | Mode::Deflate(_) => Err(failure("not_initialized")),
        }
    })
    .map_err(Interrupt::from)
}

fn inflate_end(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |_, stream| {
        stream.inflate()?;
        let complete = matches!(stream.mode, Mode::Inflate { ended: true, .. });
        stream.set(Mode::Idle, false);
        if complete { Ok(OK) } else { Err(failure("data_error")) }
    })
    .map_err(Interrupt::from)
}

fn set_buffer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let size = argument::index(args[1])?;
    with(ctx, args[0], |_, stream| {
        stream.buffer = size.max(1);
        Ok(OK)
    })
    .map_err(Interrupt::from)
}

fn buffer(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |_, stream| Ok(Term::small(stream.buffer as i64))).map_err(Interrupt::from)
}

fn checksum(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    with(ctx, args[0], |_, stream| {
        if matches!(stream.mode, Mode::Idle) {
            return Err(failure("not_initialized"));
        }
        Ok(Term::small(stream.crc.as_ref().map_or(0, |crc| i64::from(crc.clone().finalize()))))
    })
    .map_err(Interrupt::from)
}

/// Compresses or expands a whole binary.
fn whole(
    ctx: &mut NativeContext<'_>,
    data: Term,
    work: impl FnOnce(&[u8]) -> Result<Vec<u8>, Fault>,
) -> NativeResult {
    let bytes = iodata::to_bytes(data)?;
    ctx.charge(bytes.len() / 16);
    let made = work(&bytes).map_err(fault)?;
    Ok(ctx.process.heap.binary_from(made.into_boxed_slice()))
}

fn packed(window_bits: i32) -> impl FnOnce(&[u8]) -> Result<Vec<u8>, Fault> {
    move |bytes| zlib::compressed(bytes, Parameters::new(zlib::DEFAULT_COMPRESSION, window_bits))
}

fn unpacked(window_bits: i32) -> impl FnOnce(&[u8]) -> Result<Vec<u8>, Fault> {
    move |bytes| Ok(zlib::expanded(bytes, window_bits, usize::MAX)?.0)
}

/// A file of the format may consist of several.
fn unpacked_gzip(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let (mut output, mut rest) = (Vec::new(), bytes);
    loop {
        let (more, used) = zlib::expanded(rest, GZIP, usize::MAX)?;
        output.extend(more);
        rest = &rest[used..];
        if rest.is_empty() {
            return Ok(output);
        }
    }
}

macro_rules! wholes {
    ($($native:ident, $long:ident, $name:literal => $work:expr;)*) => {
        $(
            fn $native(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
                if is_long(args[0]) {
                    return Err(later($name, args));
                }
                whole(ctx, args[0], $work)
            }
            fn $long(ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
                whole(ctx, args[0], $work)
            }
        )*
    };
}

wholes! {
    compress, compress_long, "compress_long" => packed(ZLIB);
    uncompress, uncompress_long, "uncompress_long" => unpacked(ZLIB);
    gzip, gzip_long, "gzip_long" => packed(GZIP);
    gunzip, gunzip_long, "gunzip_long" => unpacked_gzip;
    zip, zip_long, "zip_long" => packed(RAW);
    unzip, unzip_long, "unzip_long" => unpacked(RAW);
}

pub(super) const NATIVES: &[Native] = natives! {
    "zlib" {
        "open"/0 => open;
        "close"/1 => close;
        "set_controlling_process"/2 => set_controlling_process;
        "deflateInit"/1 => deflate_init;
        "deflateInit"/2 => deflate_init;
        "deflateInit"/6 => deflate_init;
        "deflate"/2 => deflate;
        "deflate"/3 => deflate;
        "deflate_long"/3 = dirty => deflate_all;
        "deflateReset"/1 => deflate_reset;
        "deflateParams"/3 => deflate_params;
        "deflateSetDictionary"/2 => deflate_set_dictionary;
        "deflateEnd"/1 => deflate_end;
        "inflateInit"/1 => inflate_init;
        "inflateInit"/2 => inflate_init;
        "inflateInit"/3 => inflate_init;
        "inflate"/2 => inflate;
        "inflate"/3 => inflate;
        "inflate_long"/3 = dirty => inflate_all;
        "safeInflate"/2 => safe_inflate;
        "inflateChunk"/1 => inflate_chunk;
        "inflateChunk"/2 => inflate_chunk;
        "inflateReset"/1 => inflate_reset;
        "inflateSetDictionary"/2 => inflate_set_dictionary;
        "inflateGetDictionary"/1 => inflate_get_dictionary;
        "inflateEnd"/1 => inflate_end;
        "setBufSize"/2 => set_buffer;
        "getBufSize"/1 => buffer;
        "crc32"/1 => checksum;
        "compress"/1 => compress;
        "compress_long"/1 = dirty => compress_long;
        "uncompress"/1 => uncompress;
        "uncompress_long"/1 = dirty => uncompress_long;
        "gzip"/1 => gzip;
        "gzip_long"/1 = dirty => gzip_long;
        "gunzip"/1 => gunzip;
        "gunzip_long"/1 = dirty => gunzip_long;
        "zip"/1 => zip;
        "zip_long"/1 = dirty => zip_long;
        "unzip"/1 => unzip;
        "unzip_long"/1 = dirty => unzip_long;
    }
};
