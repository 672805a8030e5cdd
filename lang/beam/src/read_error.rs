//! Why bytes are not a BEAM file or not an external term: always a value, with the place.

use std::fmt;

/// Four letters that name a chunk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChunkId(pub [u8; 4]);

impl fmt::Display for ChunkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}

impl fmt::Debug for ChunkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Bytes that could not be read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (at byte {offset} of {})", Place(*chunk))]
pub struct ReadError {
    /// The chunk that is at fault; `None` for the container itself, or a term on its own.
    pub chunk: Option<ChunkId>,
    /// Where in that chunk's contents (once decompressed).
    pub offset: usize,
    /// What is wrong.
    pub kind: ReadErrorKind,
}

struct Place(Option<ChunkId>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(id) => write!(f, "chunk {id}"),
            None => f.write_str("the data"),
        }
    }
}

/// What is wrong with bytes that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadErrorKind {
    /// The data does not begin as a BEAM file does.
    #[error("not a BEAM file")]
    NotBeam,
    /// The data ends early.
    #[error("cut off: {needed} more bytes are needed, {left} are left")]
    Truncated {
        /// Bytes that were asked for.
        needed: usize,
        /// Bytes that are there.
        left: usize,
    },
    /// There is more data than there should be.
    #[error("{0} bytes too many")]
    Trailing(usize),
    /// A chunk that every module has is not there.
    #[error("chunk {0} is missing")]
    MissingChunk(ChunkId),
    /// A chunk stands twice in the file.
    #[error("chunk {0} stands twice in the file")]
    DuplicateChunk(ChunkId),
    /// A table claims more entries than its bytes can hold.
    #[error("{count} entries cannot stand in {left} bytes")]
    Count {
        /// The claim.
        count: u64,
        /// Bytes that are there.
        left: usize,
    },
    /// Compressed data is damaged.
    #[error("compressed data is damaged")]
    Compression,
    /// A format version that is not known.
    #[error("unknown format version {0}")]
    Version(u32),
    /// An opcode that is not known.
    #[error("unknown opcode {0}")]
    Opcode(u32),
    /// The tag of an operand is not known or not allowed there.
    #[error("unknown or misplaced operand tag {0}")]
    OperandTag(u64),
    /// A number is out of the range that its place allows.
    #[error("{what} out of range")]
    Range {
        /// What the number is.
        what: &'static str,
    },
    /// An index into the atom table is too high or zero.
    #[error("no atom has index {0}")]
    AtomIndex(u64),
    /// Text is not valid UTF-8.
    #[error("text is not UTF-8")]
    Utf8,
    /// An atom has more than 255 characters.
    #[error("an atom of {0} characters")]
    LongAtom(usize),
    /// The tag of an external term is not known, or it stands for a term that cannot be a literal.
    #[error("a term with tag {0}, which a literal cannot have")]
    TermTag(u8),
    /// A term is nested too deep.
    #[error("a term nested more than {0} deep")]
    Depth(usize),
    /// A map has the same key twice.
    #[error("a map with the same key twice")]
    DuplicateKey,
    /// A float is not a finite number.
    #[error("a float that is not a number")]
    Float,
    /// The code does not end with `int_code_end`.
    #[error("the code does not end with int_code_end")]
    CodeEnd,
}
