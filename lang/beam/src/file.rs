//! Whole files: the container (`FOR1 size BEAM`, then chunks padded to four bytes) and the order of chunks.

use crate::chunk::atoms::{self, AtomTable};
use crate::chunk::outline::{self, CodeOutline};
use crate::chunk::{code, functions, imports, lambdas, lines, literals};
use crate::cursor::Cursor;
use crate::read_error::{ChunkId, ReadError, ReadErrorKind};
use crate::{Atom, Genop, Lambda, Literal, Module};
use md5::{Digest, Md5};
use std::borrow::Cow;

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteOptions {
    /// Compress the literal pool. Systems before OTP 28 demand it; without it the file loads faster.
    pub compress_literals: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { compress_literals: true }
    }
}

/// The chunks of a file as they stand in it.
struct Chunks<'a> {
    list: Vec<(ChunkId, Option<&'a [u8]>)>,
}

impl<'a> Chunks<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let mut cursor = Cursor::new(bytes, None);
        let not_beam = || Cursor::new(bytes, None).error(ReadErrorKind::NotBeam);
        if cursor.take(4).map_err(|_| not_beam())? != b"FOR1" {
            return Err(not_beam());
        }
        let size = cursor.len32().map_err(|_| not_beam())?;
        if cursor.clone().take(4).map_err(|_| not_beam())? != b"BEAM" {
            return Err(not_beam());
        }
        let mut body = Cursor::new(cursor.take(size)?, None);
        body.take(4)?;
        let mut list: Vec<(ChunkId, Option<&'a [u8]>)> = Vec::new();
        while !body.is_empty() {
            let id = ChunkId(body.take(4)?.try_into().expect("four bytes were asked for"));
            let length = body.len32()?;
            let contents = body.take(length)?;
            // The last chunk's padding may be missing.
            let padding = length.next_multiple_of(4) - length;
            body.take(padding.min(body.left()))?;
            if list.iter().any(|(other, _)| *other == id) {
                return Err(body.error(ReadErrorKind::DuplicateChunk(id)));
            }
            list.push((id, Some(contents)));
        }
        Ok(Self { list })
    }

    /// Takes a chunk out of the list.
    fn take(&mut self, name: &[u8; 4]) -> Option<Cursor<'a>> {
        let id = ChunkId(*name);
        let entry = self.list.iter_mut().find(|(other, _)| *other == id)?;
        Some(Cursor::new(entry.1.take()?, Some(id)))
    }

    fn require(&mut self, name: &[u8; 4]) -> Result<Cursor<'a>, ReadError> {
        let missing = ReadErrorKind::MissingChunk(ChunkId(*name));
        self.take(name).ok_or(ReadError { chunk: None, offset: 0, kind: missing })
    }

    /// The checksum of the chunks that decide what the code does, as they stand: that of [`Module::md5`] for a file
    /// that [`Module::write`] wrote.
    fn md5(&self) -> [u8; 16] {
        let mut hash = Md5::new();
        for name in ESSENTIAL {
            let found = self.list.iter().find(|(id, _)| id.0 == *name);
            let Some((_, Some(contents))) = found else { continue };
            if name == b"FunT" {
                // A fun's entry of 24 bytes ends in a hash of the module, which does not count.
                let (count, entries) = contents.split_at(contents.len().min(4));
                hash.update(count);
                for entry in entries.chunks(24) {
                    hash.update(&entry[..entry.len().min(20)]);
                    hash.update([0; 4]);
                }
            } else {
                hash.update(contents);
            }
        }
        hash.finalize().into()
    }

    /// The chunks that nobody took.
    fn rest(self) -> Vec<([u8; 4], Vec<u8>)> {
        self.list.into_iter().filter_map(|(id, bytes)| Some((id.0, bytes?.to_vec()))).collect()
    }
}

/// The chunks that [`Module`] has in a form of its own.
const INTERPRETED: [&[u8; 4]; 12] = [
    b"AtU8", b"Atom", b"Code", b"StrT", b"ImpT", b"ExpT", b"LocT", b"FunT", b"LitT", b"Line", b"Attr",
    b"CInf",
];

/// The chunks that decide what the code does, in the order in which a checksum takes them.
const ESSENTIAL: [&[u8; 4]; 9] =
    [b"Atom", b"AtU8", b"Code", b"StrT", b"ImpT", b"ExpT", b"FunT", b"LitT", b"Meta"];

/// The bytes of the chunk with this name in a plain BEAM file, or `None` if it has none such.
///
/// # Errors
/// Bytes that are no file of chunks.
pub fn chunk(bytes: &[u8], name: [u8; 4]) -> Result<Option<&[u8]>, ReadError> {
    let found = Chunks::read(bytes)?.list.into_iter().find(|(id, _)| id.0 == name);
    Ok(found.and_then(|(_, contents)| contents))
}

fn read_table<T>(
    chunk: Option<Cursor<'_>>,
    read: impl FnOnce(Cursor<'_>) -> Result<T, ReadError>,
) -> Result<T, ReadError>
where
    T: Default,
{
    chunk.map_or_else(|| Ok(T::default()), read)
}

fn read_term(chunk: Option<Cursor<'_>>) -> Result<Option<Literal>, ReadError> {
    let Some(mut cursor) = chunk else { return Ok(None) };
    if cursor.is_empty() {
        return Ok(None);
    }
    let term = Literal::read_etf(&mut cursor)?;
    cursor.finish()?;
    Ok(Some(term))
}

/// Reads the atom table, whose first is the module's name.
fn read_atoms(chunks: &mut Chunks<'_>) -> Result<Vec<Atom>, ReadError> {
    let atoms = match chunks.take(b"AtU8") {
        Some(chunk) => atoms::read(chunk, false)?,
        None => match chunks.take(b"Atom") {
            Some(chunk) => atoms::read(chunk, true)?,
            None => atoms::read(chunks.require(b"AtU8")?, false)?,
        },
    };
    if atoms.is_empty() {
        let kind = ReadErrorKind::AtomIndex(1);
        return Err(ReadError { chunk: Some(ChunkId(*b"AtU8")), offset: 0, kind });
    }
    Ok(atoms)
}

impl Module {
    /// Reads a BEAM file, also one that is compressed with gzip as a whole.
    ///
    /// # Errors
    /// Bytes that are no well-formed file give an error that says where and why. A file that can be read is not
    /// therefore one that can be run: the operands of its code are not checked against each other.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        if bytes.starts_with(GZIP_MAGIC) {
            let plain = crate::deflate::inflate_gzip(bytes)
                .ok_or_else(|| Cursor::new(bytes, None).error(ReadErrorKind::Compression))?;
            return Self::read_plain(Chunks::read(&plain)?);
        }
        Self::read_plain(Chunks::read(bytes)?)
    }

    /// What [`Module::read`] reads as far as it takes part in running, without the chunks that are carried only, and
    /// the checksum of the file as it is. The functions are only found: the module has no code.
    ///
    /// # Errors
    /// As [`Module::read`]; faults within operands are found when a function is decoded.
    pub fn read_outline(bytes: &[u8]) -> Result<(Self, CodeOutline, [u8; 16]), ReadError> {
        if bytes.starts_with(GZIP_MAGIC) {
            let plain = crate::deflate::inflate_gzip(bytes)
                .ok_or_else(|| Cursor::new(bytes, None).error(ReadErrorKind::Compression))?;
            return Self::read_outline(&plain);
        }
        let chunks = Chunks::read(bytes)?;
        let md5 = chunks.md5();
        let (module, code) = Self::outline_of(chunks, |code| Cow::Owned(code.to_vec()))?;
        Ok((module, code, md5))
    }

    /// As [`Module::read_outline`] of a plain file that stays, and without the checksum.
    ///
    /// # Errors
    /// As [`Module::read_outline`].
    pub fn read_outline_of_static(bytes: &'static [u8]) -> Result<(Self, CodeOutline), ReadError> {
        Self::outline_of(Chunks::read(bytes)?, Cow::Borrowed)
    }

    fn outline_of<'a>(
        mut chunks: Chunks<'a>,
        keep: impl FnOnce(&'a [u8]) -> Cow<'static, [u8]>,
    ) -> Result<(Self, CodeOutline), ReadError> {
        chunks.list.retain(|(id, _)| INTERPRETED.contains(&&id.0));
        let atoms = read_atoms(&mut chunks)?;
        let mut module = Self { name: atoms.first().copied(), ..Self::default() };
        let code = keep(chunks.require(b"Code")?.rest());
        module.read_tables(&mut chunks, &atoms)?;
        let code = outline::read(code, atoms, &mut module)?;
        Ok((module, code))
    }

    fn read_plain(mut chunks: Chunks<'_>) -> Result<Self, ReadError> {
        let atoms = read_atoms(&mut chunks)?;
        let mut module = Module { name: atoms.first().copied(), ..Module::default() };
        code::read(chunks.require(b"Code")?, &atoms, &mut module)?;
        module.read_tables(&mut chunks, &atoms)?;
        module.other_chunks = chunks.rest();
        Ok(module)
    }

    /// Reads what is neither atoms nor code nor carried only.
    fn read_tables(&mut self, chunks: &mut Chunks<'_>, atoms: &[Atom]) -> Result<(), ReadError> {
        let module = self;
        module.strings = chunks.take(b"StrT").map(|mut chunk| chunk.rest().to_vec()).unwrap_or_default();
        module.imports = imports::read(chunks.require(b"ImpT")?, atoms)?;
        module.exports = functions::read(chunks.require(b"ExpT")?, atoms)?;
        module.locals = read_table(chunks.take(b"LocT"), |chunk| functions::read(chunk, atoms))?;
        module.lambdas = read_table(chunks.take(b"FunT"), |chunk| lambdas::read(chunk, atoms))?;
        module.literals = read_table(chunks.take(b"LitT"), literals::read)?;
        let name = module.name.map_or_else(String::new, |name| name.to_string());
        module.lines = read_table(chunks.take(b"Line"), |chunk| lines::read(chunk, format!("{name}.erl")))?;
        module.attributes = read_term(chunks.take(b"Attr"))?;
        module.compile_info = read_term(chunks.take(b"CInf"))?;
        Ok(())
    }

    /// The BEAM file, as any system from OTP 25 on loads it (when its opcodes are no newer).
    ///
    /// # Panics
    /// When the module has no name, or a table has 2^32 entries.
    #[must_use]
    pub fn write(&self) -> Vec<u8> {
        self.write_with(WriteOptions::default())
    }

    /// The BEAM file, written in a particular way.
    ///
    /// # Panics
    /// As [`Module::write`].
    #[must_use]
    pub fn write_with(&self, options: WriteOptions) -> Vec<u8> {
        let mut atoms = AtomTable::default();
        let essential = self.essential_chunks(&self.lambdas, options, &mut atoms);
        let mut out = b"FOR1\0\0\0\0BEAM".to_vec();
        for (id, contents) in essential {
            write_chunk(&mut out, &id, &contents);
        }
        if !self.locals.is_empty() {
            // Its atoms are in the table already: the essential chunks made place for them.
            write_chunk(&mut out, b"LocT", &functions::write(&self.locals, &mut atoms));
        }
        for (id, term) in [(b"Attr", &self.attributes), (b"CInf", &self.compile_info)] {
            if let Some(term) = term {
                write_chunk(&mut out, id, &term.to_etf());
            }
        }
        for (id, contents) in self.other_chunks.iter().filter(|(id, _)| id != b"Meta") {
            write_chunk(&mut out, id, contents);
        }
        if !self.lines.files.is_empty() || !self.lines.locations.is_empty() {
            let line_instructions = self.code.iter().filter(|instr| instr.op == Genop::Line).count();
            write_chunk(&mut out, b"Line", &lines::write(&self.lines, line_instructions));
        }
        let size = u32::try_from(out.len() - 8).expect("a file of less than 4 GiB");
        out[4..8].copy_from_slice(&size.to_be_bytes());
        out
    }

    /// The checksum that `Module:module_info(md5)` shows: of the chunks that decide what the code does.
    #[must_use]
    pub fn md5(&self) -> [u8; 16] {
        let lambdas: Vec<Lambda> = self.lambdas.iter().map(|&l| Lambda { old_uniq: 0, ..l }).collect();
        let mut hash = Md5::new();
        for (_, contents) in
            self.essential_chunks(&lambdas, WriteOptions::default(), &mut AtomTable::default())
        {
            hash.update(&contents);
        }
        hash.finalize().into()
    }

    /// Completes a module that was just built with what follows from its code: the funs' `uniq`, and the `vsn`
    /// attribute if it has none.
    pub fn seal(&mut self) {
        let md5 = self.md5();
        let head = u32::from_be_bytes([md5[0], md5[1], md5[2], md5[3]]);
        for lambda in &mut self.lambdas {
            lambda.old_uniq = head >> 5;
        }
        let vsn = Literal::atom("vsn");
        let is_vsn = |entry: &Literal| matches!(entry, Literal::Tuple(parts) if parts.first() == Some(&vsn));
        let mut entries = match self.attributes.take() {
            Some(Literal::List(entries, _)) => entries,
            _ => Vec::new(),
        };
        if !entries.iter().any(is_vsn) {
            let number = Literal::integer(num_bigint::BigInt::from_bytes_be(num_bigint::Sign::Plus, &md5));
            entries.insert(0, Literal::tuple([vsn.clone(), Literal::list(vec![number])]));
        }
        self.attributes = Some(Literal::list(entries));
    }

    /// The chunks that decide what the code does, in their order.
    fn essential_chunks(
        &self,
        lambdas: &[Lambda],
        options: WriteOptions,
        atoms: &mut AtomTable,
    ) -> Vec<([u8; 4], Vec<u8>)> {
        atoms.index(self.name.expect("a module has a name when it is written"));
        let code = code::write(self, atoms);
        let imports = imports::write(&self.imports, atoms);
        let exports = functions::write(&self.exports, atoms);
        let lambdas = lambdas::write(lambdas, atoms);
        functions::write(&self.locals, atoms);
        let mut chunks = vec![
            (*b"AtU8", atoms.write()),
            (*b"Code", code),
            (*b"StrT", self.strings.clone()),
            (*b"ImpT", imports),
            (*b"ExpT", exports),
        ];
        if !self.lambdas.is_empty() {
            chunks.push((*b"FunT", lambdas));
        }
        if !self.literals.is_empty() {
            chunks.push((*b"LitT", literals::write(&self.literals, options.compress_literals)));
        }
        if let Some((_, meta)) = self.other_chunks.iter().find(|(id, _)| id == b"Meta") {
            chunks.push((*b"Meta", meta.clone()));
        }
        chunks
    }
}

fn write_chunk(out: &mut Vec<u8>, id: &[u8; 4], contents: &[u8]) {
    out.extend_from_slice(id);
    out.extend_from_slice(&functions::count(contents.len()));
    out.extend_from_slice(contents);
    out.resize(out.len().next_multiple_of(4), 0);
}
