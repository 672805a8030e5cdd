//! The generic opcode table: the one list of what a BEAM file's code is made of.
//!
//! [`for_each_genop!`] hands every row to a callback macro, so that the opcode type, the reader, the writer,
//! the listing, the validator and the loader are all derived from the same facts. A row is
//! `(number, Variant, "erlang name", [operand kinds], "meaning");`. The numbers never change meaning.

/// What may stand in one operand position of a generic instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OperandKind {
    /// A plain number (`u` tag): a count, size, unit, index that has no kind of its own.
    Unsigned,
    /// The number of a label that is being defined (`u` tag).
    LabelNumber,
    /// The arity of a call (`u` tag): X0 up to it hold the arguments.
    Arity,
    /// How many X registers are live (`u` tag).
    Live,
    /// Size of the stack frame in slots (`u` tag).
    Frame,
    /// Heap words to reserve: a number or an allocation list.
    Need,
    /// A label that must be given.
    Jump,
    /// A label to go to on failure; 0 means "raise".
    Fail,
    /// The entry label of a function of this module.
    Entry,
    /// Index into the import table.
    Import,
    /// Index into the fun table.
    Lambda,
    /// Offset into the string pool.
    StringOffset,
    /// Index into the line table.
    Line,
    /// An atom.
    Atom,
    /// Any value: a register or a constant.
    Src,
    /// A value, or a number with the `u` tag: a size of the bit syntax.
    Size,
    /// X or Y register that is read.
    Reg,
    /// X or Y register that is written.
    Dst,
    /// Y register that is read.
    YReg,
    /// Y register that is written.
    YDst,
    /// Floating-point register that is read.
    FpReg,
    /// Floating-point register that is written.
    FpDst,
    /// A floating-point register, an X or Y register, or a float constant.
    FpSrc,
    /// A floating-point register, or an X or Y register, that is written.
    FpOrDst,
    /// Flags of a bit-syntax segment (`u` tag; old files: an empty list).
    Flags,
    /// A list of operands; what it holds depends on the opcode.
    List,
    /// Several possibilities that depend on the opcode.
    Special,
}

/// Hands all generic opcodes to `$callback!`, as `(number, Variant, "name", [kinds], "meaning");` rows.
#[macro_export]
macro_rules! for_each_genop {
    ($callback:ident) => {
        $callback! {
            (1, Label, "label", [LabelNumber], "Defines a label here.");
            (2, FuncInfo, "func_info", [Atom, Atom, Unsigned], "Module, name and arity of the function that follows; running it raises `function_clause`.");
            (3, IntCodeEnd, "int_code_end", [], "Ends the code of the module.");
            (4, Call, "call", [Arity, Entry], "Calls a function of this module.");
            (5, CallLast, "call_last", [Arity, Entry, Frame], "Drops the frame, then tail-calls a function of this module.");
            (6, CallOnly, "call_only", [Arity, Entry], "Tail-calls a function of this module where no frame is open.");
            (7, CallExt, "call_ext", [Arity, Import], "Calls a function by its export entry.");
            (8, CallExtLast, "call_ext_last", [Arity, Import, Frame], "Drops the frame, then tail-calls by export entry.");
            (9, Bif0, "bif0", [Import, Dst], "Calls a guard BIF without arguments, which cannot fail.");
            (10, Bif1, "bif1", [Fail, Import, Src, Dst], "Calls a guard BIF of one argument that does not build.");
            (11, Bif2, "bif2", [Fail, Import, Src, Src, Dst], "Calls a guard BIF of two arguments that does not build.");
            (12, Allocate, "allocate", [Frame, Live], "Opens a frame whose slots are not initialised.");
            (13, AllocateHeap, "allocate_heap", [Frame, Need, Live], "Opens a frame and reserves heap.");
            (14, AllocateZero, "allocate_zero", [Frame, Live], "Opens a frame with initialised slots.");
            (15, AllocateHeapZero, "allocate_heap_zero", [Frame, Need, Live], "Opens a frame with initialised slots and reserves heap.");
            (16, TestHeap, "test_heap", [Need, Live], "Reserves heap, collecting when it must.");
            (17, Init, "init", [YDst], "Initialises one slot of the frame.");
            (18, Deallocate, "deallocate", [Frame], "Closes the frame.");
            (19, Return, "return", [], "Returns X0 to the caller.");
            (20, Send, "send", [], "Sends X1 to X0; X0 becomes the message.");
            (21, RemoveMessage, "remove_message", [], "Takes the current message out of the mailbox.");
            (22, Timeout, "timeout", [], "Ends a receive by its timeout: the mailbox is to be read from its start again.");
            (23, LoopRec, "loop_rec", [Jump, Dst], "Fetches the current message, or jumps when there is none left.");
            (24, LoopRecEnd, "loop_rec_end", [Jump], "Steps to the next message and jumps back.");
            (25, Wait, "wait", [Jump], "Suspends the process until a message comes, then goes on at the label.");
            (26, WaitTimeout, "wait_timeout", [Jump, Src], "As `wait`, but falls through when the time is over.");
            (27, MPlus, "m_plus", [Fail, Src, Src, Dst], "Obsolete: `+`.");
            (28, MMinus, "m_minus", [Fail, Src, Src, Dst], "Obsolete: `-`.");
            (29, MTimes, "m_times", [Fail, Src, Src, Dst], "Obsolete: `*`.");
            (30, MDiv, "m_div", [Fail, Src, Src, Dst], "Obsolete: `/`.");
            (31, IntDiv, "int_div", [Fail, Src, Src, Dst], "Obsolete: `div`.");
            (32, IntRem, "int_rem", [Fail, Src, Src, Dst], "Obsolete: `rem`.");
            (33, IntBand, "int_band", [Fail, Src, Src, Dst], "Obsolete: `band`.");
            (34, IntBor, "int_bor", [Fail, Src, Src, Dst], "Obsolete: `bor`.");
            (35, IntBxor, "int_bxor", [Fail, Src, Src, Dst], "Obsolete: `bxor`.");
            (36, IntBsl, "int_bsl", [Fail, Src, Src, Dst], "Obsolete: `bsl`.");
            (37, IntBsr, "int_bsr", [Fail, Src, Src, Dst], "Obsolete: `bsr`.");
            (38, IntBnot, "int_bnot", [Fail, Src, Dst], "Obsolete: `bnot`.");
            (39, IsLt, "is_lt", [Jump, Src, Src], "Goes on when the first is less than the second.");
            (40, IsGe, "is_ge", [Jump, Src, Src], "Goes on when the first is not less than the second.");
            (41, IsEq, "is_eq", [Jump, Src, Src], "Goes on when both are equal as by `==`.");
            (42, IsNe, "is_ne", [Jump, Src, Src], "Goes on when both differ as by `/=`.");
            (43, IsEqExact, "is_eq_exact", [Jump, Src, Src], "Goes on when both are equal as by `=:=`.");
            (44, IsNeExact, "is_ne_exact", [Jump, Src, Src], "Goes on when both differ as by `=/=`.");
            (45, IsInteger, "is_integer", [Jump, Src], "Goes on for an integer.");
            (46, IsFloat, "is_float", [Jump, Src], "Goes on for a float.");
            (47, IsNumber, "is_number", [Jump, Src], "Goes on for a number.");
            (48, IsAtom, "is_atom", [Jump, Src], "Goes on for an atom.");
            (49, IsPid, "is_pid", [Jump, Src], "Goes on for a process identifier.");
            (50, IsReference, "is_reference", [Jump, Src], "Goes on for a reference.");
            (51, IsPort, "is_port", [Jump, Src], "Goes on for a port.");
            (52, IsNil, "is_nil", [Jump, Src], "Goes on for the empty list.");
            (53, IsBinary, "is_binary", [Jump, Src], "Goes on for a binary.");
            (54, IsConstant, "is_constant", [Jump, Src], "Obsolete.");
            (55, IsList, "is_list", [Jump, Src], "Goes on for a list cell or the empty list.");
            (56, IsNonemptyList, "is_nonempty_list", [Jump, Src], "Goes on for a list cell.");
            (57, IsTuple, "is_tuple", [Jump, Src], "Goes on for a tuple.");
            (58, TestArity, "test_arity", [Jump, Src, Unsigned], "Goes on when the tuple has so many elements.");
            (59, SelectVal, "select_val", [Src, Jump, List], "Jumps by value: pairs of constant and label.");
            (60, SelectTupleArity, "select_tuple_arity", [Src, Jump, List], "Jumps by the size of a tuple: pairs of size and label.");
            (61, Jump, "jump", [Jump], "Jumps.");
            (62, Catch, "catch", [YDst, Jump], "Opens a `catch`, its handler at the label.");
            (63, CatchEnd, "catch_end", [YReg], "Closes a `catch`; X0 becomes its value.");
            (64, Move, "move", [Src, Dst], "Copies a value.");
            (65, GetList, "get_list", [Reg, Dst, Dst], "Takes a list cell apart.");
            (66, GetTupleElement, "get_tuple_element", [Reg, Unsigned, Dst], "Fetches an element of a tuple, counted from 0.");
            (67, SetTupleElement, "set_tuple_element", [Src, Reg, Unsigned], "Overwrites an element of a tuple that was just made.");
            (68, PutString, "put_string", [Unsigned, StringOffset, Dst], "Obsolete: builds a string.");
            (69, PutList, "put_list", [Src, Src, Dst], "Builds a list cell.");
            (70, PutTuple, "put_tuple", [Unsigned, Dst], "Obsolete: builds a tuple from the `put` instructions after it.");
            (71, Put, "put", [Src], "Obsolete: an element for `put_tuple`.");
            (72, Badmatch, "badmatch", [Src], "Raises `{badmatch, Value}`.");
            (73, IfEnd, "if_end", [], "Raises `if_clause`.");
            (74, CaseEnd, "case_end", [Src], "Raises `{case_clause, Value}`.");
            (75, CallFun, "call_fun", [Arity], "Calls the fun in the X register after the arguments.");
            (76, MakeFun, "make_fun", [Entry, Unsigned, Unsigned], "Obsolete.");
            (77, IsFunction, "is_function", [Jump, Src], "Goes on for a fun.");
            (78, CallExtOnly, "call_ext_only", [Arity, Import], "Tail-calls by export entry where no frame is open.");
            (79, BsStartMatch, "bs_start_match", [Jump, Reg], "Obsolete.");
            (80, BsGetInteger, "bs_get_integer", [Jump, Src, Unsigned, Flags, Dst], "Obsolete.");
            (81, BsGetFloat, "bs_get_float", [Jump, Src, Unsigned, Flags, Dst], "Obsolete.");
            (82, BsGetBinary, "bs_get_binary", [Jump, Src, Unsigned, Flags, Dst], "Obsolete.");
            (83, BsSkipBits, "bs_skip_bits", [Jump, Src, Unsigned, Flags], "Obsolete.");
            (84, BsTestTail, "bs_test_tail", [Jump, Unsigned], "Obsolete.");
            (85, BsSave, "bs_save", [Unsigned], "Obsolete.");
            (86, BsRestore, "bs_restore", [Unsigned], "Obsolete.");
            (87, BsInit, "bs_init", [Unsigned, Flags], "Obsolete.");
            (88, BsFinal, "bs_final", [Fail, Dst], "Obsolete.");
            (89, BsPutInteger, "bs_put_integer", [Fail, Size, Unsigned, Flags, Src], "Puts an integer into the binary being built.");
            (90, BsPutBinary, "bs_put_binary", [Fail, Size, Unsigned, Flags, Src], "Puts a bit string into the binary being built.");
            (91, BsPutFloat, "bs_put_float", [Fail, Size, Unsigned, Flags, Src], "Puts a float into the binary being built.");
            (92, BsPutString, "bs_put_string", [Unsigned, StringOffset], "Puts bytes of the string pool into the binary being built.");
            (93, BsNeedBuf, "bs_need_buf", [Unsigned], "Obsolete.");
            (94, Fclearerror, "fclearerror", [], "Clears the floating-point error flag.");
            (95, Fcheckerror, "fcheckerror", [Fail], "Raises `badarith` when a floating-point error was flagged.");
            (96, Fmove, "fmove", [FpSrc, FpOrDst], "Moves a float into or out of a floating-point register.");
            (97, Fconv, "fconv", [Src, FpDst], "Converts a number to a float in a floating-point register.");
            (98, Fadd, "fadd", [Fail, FpReg, FpReg, FpDst], "Adds floats.");
            (99, Fsub, "fsub", [Fail, FpReg, FpReg, FpDst], "Subtracts floats.");
            (100, Fmul, "fmul", [Fail, FpReg, FpReg, FpDst], "Multiplies floats.");
            (101, Fdiv, "fdiv", [Fail, FpReg, FpReg, FpDst], "Divides floats.");
            (102, Fnegate, "fnegate", [Fail, FpReg, FpDst], "Negates a float.");
            (103, MakeFun2, "make_fun2", [Lambda], "Builds a fun in X0 from the first X registers (up to OTP 23).");
            (104, Try, "try", [YDst, Jump], "Opens a `try`, its handler at the label.");
            (105, TryEnd, "try_end", [YReg], "Closes a `try` whose body came to its end.");
            (106, TryCase, "try_case", [YReg], "Begins a handler: X0, X1, X2 hold class, reason and raw trace.");
            (107, TryCaseEnd, "try_case_end", [Src], "Raises `{try_clause, Value}`.");
            (108, Raise, "raise", [Src, Src], "Raises again: raw trace and reason.");
            (109, BsInit2, "bs_init2", [Fail, Size, Need, Live, Flags, Dst], "Begins a binary of a number of bytes.");
            (110, BsBitsToBytes, "bs_bits_to_bytes", [Fail, Src, Dst], "Obsolete.");
            (111, BsAdd, "bs_add", [Fail, Src, Src, Unsigned, Dst], "First plus second times unit, for sizes.");
            (112, Apply, "apply", [Arity], "Calls Module:Function; both stand in the X registers after the arguments.");
            (113, ApplyLast, "apply_last", [Arity, Frame], "As `apply`, as a tail call that drops the frame.");
            (114, IsBoolean, "is_boolean", [Jump, Src], "Goes on for `true` or `false`.");
            (115, IsFunction2, "is_function2", [Jump, Src, Src], "Goes on for a fun of this arity.");
            (116, BsStartMatch2, "bs_start_match2", [Jump, Reg, Live, Unsigned, Dst], "Makes a match context with so many save slots (up to OTP 21).");
            (117, BsGetInteger2, "bs_get_integer2", [Jump, Reg, Live, Src, Unsigned, Flags, Dst], "Matches an integer.");
            (118, BsGetFloat2, "bs_get_float2", [Jump, Reg, Live, Src, Unsigned, Flags, Dst], "Matches a float.");
            (119, BsGetBinary2, "bs_get_binary2", [Jump, Reg, Live, Src, Unsigned, Flags, Dst], "Matches a bit string; size `all` takes the rest.");
            (120, BsSkipBits2, "bs_skip_bits2", [Jump, Reg, Src, Unsigned, Flags], "Skips bits.");
            (121, BsTestTail2, "bs_test_tail2", [Jump, Reg, Unsigned], "Goes on when exactly so many bits are left.");
            (122, BsSave2, "bs_save2", [Reg, Special], "Saves the position in a slot (up to OTP 21).");
            (123, BsRestore2, "bs_restore2", [Reg, Special], "Restores the position from a slot (up to OTP 21).");
            (124, GcBif1, "gc_bif1", [Fail, Live, Import, Src, Dst], "Calls a guard BIF of one argument that may build.");
            (125, GcBif2, "gc_bif2", [Fail, Live, Import, Src, Src, Dst], "Calls a guard BIF of two arguments that may build.");
            (126, BsFinal2, "bs_final2", [Src, Dst], "Obsolete.");
            (127, BsBitsToBytes2, "bs_bits_to_bytes2", [Src, Dst], "Obsolete.");
            (128, PutLiteral, "put_literal", [Unsigned, Dst], "Obsolete.");
            (129, IsBitstr, "is_bitstr", [Jump, Src], "Goes on for a bit string.");
            (130, BsContextToBinary, "bs_context_to_binary", [Dst], "Turns a match context back into a bit string (up to OTP 21).");
            (131, BsTestUnit, "bs_test_unit", [Jump, Reg, Unsigned], "Goes on when the bits left are a multiple of the unit.");
            (132, BsMatchString, "bs_match_string", [Jump, Reg, Unsigned, StringOffset], "Matches so many bits of the string pool.");
            (133, BsInitWritable, "bs_init_writable", [], "Makes an empty binary with room of X0 bytes, to append to.");
            (134, BsAppend, "bs_append", [Fail, Size, Need, Live, Unsigned, Src, Flags, Dst], "Begins a binary that continues another.");
            (135, BsPrivateAppend, "bs_private_append", [Fail, Size, Unsigned, Src, Flags, Dst], "As `bs_append` for a binary nobody else refers to.");
            (136, Trim, "trim", [Unsigned, Unsigned], "Drops so many slots at the frame's low end; the second tells how many are left.");
            (137, BsInitBits, "bs_init_bits", [Fail, Size, Need, Live, Flags, Dst], "Begins a bit string of a number of bits.");
            (138, BsGetUtf8, "bs_get_utf8", [Jump, Reg, Live, Flags, Dst], "Matches a UTF-8 character.");
            (139, BsSkipUtf8, "bs_skip_utf8", [Jump, Reg, Live, Flags], "Skips a UTF-8 character.");
            (140, BsGetUtf16, "bs_get_utf16", [Jump, Reg, Live, Flags, Dst], "Matches a UTF-16 character.");
            (141, BsSkipUtf16, "bs_skip_utf16", [Jump, Reg, Live, Flags], "Skips a UTF-16 character.");
            (142, BsGetUtf32, "bs_get_utf32", [Jump, Reg, Live, Flags, Dst], "Matches a UTF-32 character.");
            (143, BsSkipUtf32, "bs_skip_utf32", [Jump, Reg, Live, Flags], "Skips a UTF-32 character.");
            (144, BsUtf8Size, "bs_utf8_size", [Fail, Src, Dst], "How many bytes a character takes in UTF-8.");
            (145, BsPutUtf8, "bs_put_utf8", [Fail, Flags, Src], "Puts a character as UTF-8.");
            (146, BsUtf16Size, "bs_utf16_size", [Fail, Src, Dst], "How many bytes a character takes in UTF-16.");
            (147, BsPutUtf16, "bs_put_utf16", [Fail, Flags, Src], "Puts a character as UTF-16.");
            (148, BsPutUtf32, "bs_put_utf32", [Fail, Flags, Src], "Puts a character as UTF-32.");
            (149, OnLoad, "on_load", [], "Marks the function that runs when the module is loaded.");
            (150, RecvMark, "recv_mark", [Jump], "Remembers the mailbox's end (up to OTP 23).");
            (151, RecvSet, "recv_set", [Jump], "Continues reading where `recv_mark` was (up to OTP 23).");
            (152, GcBif3, "gc_bif3", [Fail, Live, Import, Src, Src, Src, Dst], "Calls a guard BIF of three arguments that may build.");
            (153, Line, "line", [Line], "The source place of the instruction after it.");
            (154, PutMapAssoc, "put_map_assoc", [Fail, Src, Dst, Live, List], "Builds a map from another: pairs of key and value.");
            (155, PutMapExact, "put_map_exact", [Fail, Src, Dst, Live, List], "As `put_map_assoc`; the keys must be there already.");
            (156, IsMap, "is_map", [Jump, Src], "Goes on for a map.");
            (157, HasMapFields, "has_map_fields", [Jump, Src, List], "Goes on when all keys are in the map.");
            (158, GetMapElements, "get_map_elements", [Jump, Src, List], "Fetches the values of keys: pairs of key and register.");
            (159, IsTaggedTuple, "is_tagged_tuple", [Jump, Src, Unsigned, Atom], "Goes on for a tuple of this size with this first element.");
            (160, BuildStacktrace, "build_stacktrace", [], "Turns the raw trace in X0 into a list.");
            (161, RawRaise, "raw_raise", [], "Raises: class, reason and raw trace in X0 to X2; goes on when the class is none.");
            (162, GetHd, "get_hd", [Reg, Dst], "Fetches the head of a list cell.");
            (163, GetTl, "get_tl", [Reg, Dst], "Fetches the tail of a list cell.");
            (164, PutTuple2, "put_tuple2", [Dst, List], "Builds a tuple of the values listed.");
            (165, BsGetTail, "bs_get_tail", [Reg, Dst, Live], "Makes the rest of a match context a bit string.");
            (166, BsStartMatch3, "bs_start_match3", [Jump, Reg, Live, Dst], "Makes a match context.");
            (167, BsGetPosition, "bs_get_position", [Reg, Dst, Live], "Saves the position of a match context.");
            (168, BsSetPosition, "bs_set_position", [Reg, Reg], "Restores the position of a match context.");
            (169, Swap, "swap", [Reg, Reg], "Exchanges two registers.");
            (170, BsStartMatch4, "bs_start_match4", [Special, Live, Src, Dst], "Makes a match context; the first may be `no_fail` or `resume`.");
            (171, MakeFun3, "make_fun3", [Lambda, Dst, List], "Builds a fun with the values listed as its environment.");
            (172, InitYregs, "init_yregs", [List], "Initialises the slots listed.");
            (173, RecvMarkerBind, "recv_marker_bind", [Reg, Reg], "Ties a receive marker to a reference.");
            (174, RecvMarkerClear, "recv_marker_clear", [Reg], "Drops the receive marker tied to a reference.");
            (175, RecvMarkerReserve, "recv_marker_reserve", [Dst], "Makes a receive marker at the mailbox's end.");
            (176, RecvMarkerUse, "recv_marker_use", [Reg], "Starts reading the mailbox at the marker of a reference.");
            (177, BsCreateBin, "bs_create_bin", [Fail, Need, Live, Unsigned, Dst, List], "Builds a bit string from segments.");
            (178, CallFun2, "call_fun2", [Special, Arity, Reg], "Calls a fun; the first tells what is known of it.");
            (179, NifStart, "nif_start", [], "Begins a function that native code may replace.");
            (180, Badrecord, "badrecord", [Src], "Raises `{badrecord, Value}`.");
            (181, UpdateRecord, "update_record", [Atom, Unsigned, Src, Dst, List], "Copies a tuple with changes: pairs of position and value (OTP 26).");
            (182, BsMatch, "bs_match", [Jump, Reg, List], "Runs a list of match commands on a match context (OTP 26).");
            (183, ExecutableLine, "executable_line", [Line, Unsigned], "A line for coverage (OTP 27).");
            (184, DebugLine, "debug_line", [Special, Line, Unsigned, Live], "A line for the debugger (OTP 28).");
        }
    };
}

macro_rules! define_genop {
    ($(($number:literal, $variant:ident, $name:literal, [$($kind:ident),*], $doc:literal);)*) => {
        /// A generic opcode.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Genop {
            $(#[doc = $doc] $variant = $number,)*
        }

        /// Every opcode, by number less one.
        const ALL: &[Genop] = &[$(Genop::$variant),*];
        const NAMES: &[&str] = &[$($name),*];
        const KINDS: &[&[OperandKind]] = &[$(&[$(OperandKind::$kind),*]),*];
    };
}
for_each_genop!(define_genop);

impl Genop {
    /// The highest opcode number that is known.
    pub const MAX: u8 = 184;

    /// The opcode with this number.
    #[must_use]
    #[inline]
    pub fn from_u8(number: u8) -> Option<Self> {
        ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The opcode with this name in Erlang's own listings, such as `call_ext_last`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES.iter().position(|n| *n == name).map(|index| ALL[index])
    }

    /// All opcodes in order.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().copied()
    }

    /// Its number in the file.
    #[must_use]
    #[inline]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Its name, as Erlang's listings write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.number()) - 1]
    }

    /// How many operands it has.
    #[must_use]
    #[inline]
    pub fn arity(self) -> usize {
        self.operands().len()
    }

    /// What may stand in each operand position.
    #[must_use]
    #[inline]
    pub fn operands(self) -> &'static [OperandKind] {
        KINDS[usize::from(self.number()) - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_dense_and_names_distinct() {
        assert_eq!(ALL.len(), usize::from(Genop::MAX));
        for (index, op) in Genop::all().enumerate() {
            assert_eq!(usize::from(op.number()), index + 1);
            assert_eq!(Genop::from_u8(op.number()), Some(op));
            assert_eq!(Genop::from_name(op.name()), Some(op));
        }
        assert_eq!(Genop::from_u8(0), None);
        assert_eq!(Genop::from_u8(Genop::MAX + 1), None);
    }
}
