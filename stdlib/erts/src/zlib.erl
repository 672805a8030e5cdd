%%% Compressing and expanding in the formats of zlib.
%%%
%%% The work is the virtual machine's; checksums are those of the module erlang.
-module(zlib).

-export([adler32/2, adler32/3, adler32_combine/4, close/1, compress/1, compress_long/1, crc32/1,
         crc32/2, crc32/3, crc32_combine/4, deflate/2, deflate/3, deflateEnd/1, deflateInit/1,
         deflateInit/2, deflateInit/6, deflateParams/3, deflateReset/1, deflateSetDictionary/2,
         deflate_long/3, getBufSize/1, gunzip/1, gunzip_long/1, gzip/1, gzip_long/1, inflate/2,
         inflate/3, inflateChunk/1, inflateChunk/2, inflateEnd/1, inflateGetDictionary/1,
         inflateInit/1, inflateInit/2, inflateInit/3, inflateReset/1, inflateSetDictionary/2,
         inflate_long/3, open/0, safeInflate/2, setBufSize/2, set_controlling_process/2,
         uncompress/1, uncompress_long/1, unzip/1, unzip_long/1, zip/1, zip_long/1]).

-export_type([zstream/0, zlevel/0, zflush/0, zmemlevel/0, zmethod/0, zstrategy/0, zwindowbits/0]).

-type zstream() :: reference().
-type zlevel() :: none | default | best_compression | best_speed | 0..9.
-type zflush() :: none | sync | full | finish.
-type zmemlevel() :: 1..9.
-type zmethod() :: deflated.
-type zstrategy() :: default | filtered | huffman_only | rle.
-type zwindowbits() :: -15..-8 | 8..47.

%% @doc A new stream.
open() -> erlang:nif_error(undef).

%% @doc Closes a stream.
close(_Z) -> erlang:nif_error(undef).

%% @doc Gives a stream to another process.
set_controlling_process(_Z, _Pid) -> erlang:nif_error(undef).

%% @doc Makes a stream compress.
deflateInit(_Z) -> erlang:nif_error(undef).

%% @doc Makes a stream compress at a level.
deflateInit(_Z, _Level) -> erlang:nif_error(undef).

%% @doc Makes a stream compress, with all parameters.
deflateInit(_Z, _Level, _Method, _WindowBits, _MemLevel, _Strategy) -> erlang:nif_error(undef).

%% @doc Compresses data; some may wait for more.
deflate(_Z, _Data) -> erlang:nif_error(undef).

%% @doc Compresses data and says what is to come out.
deflate(_Z, _Data, _Flush) -> erlang:nif_error(undef).

%% @private
deflate_long(_Z, _Data, _Flush) -> erlang:nif_error(undef).

%% @doc Begins a new stream with the same parameters.
deflateReset(_Z) -> erlang:nif_error(undef).

%% @doc Changes level and strategy.
deflateParams(_Z, _Level, _Strategy) -> erlang:nif_error(undef).

%% @doc Sets the text that data is expected to resemble, and gives its checksum.
deflateSetDictionary(_Z, _Dictionary) -> erlang:nif_error(undef).

%% @doc Ends compressing.
deflateEnd(_Z) -> erlang:nif_error(undef).

%% @doc Makes a stream expand.
inflateInit(_Z) -> erlang:nif_error(undef).

%% @doc Makes a stream expand a format.
inflateInit(_Z, _WindowBits) -> erlang:nif_error(undef).

%% @doc Makes a stream expand a format, and says what becomes of data behind its end.
inflateInit(_Z, _WindowBits, _EoSBehavior) -> erlang:nif_error(undef).

%% @doc Expands data.
inflate(_Z, _Data) -> erlang:nif_error(undef).

%% @doc Expands data, with options.
inflate(_Z, _Data, _Options) -> erlang:nif_error(undef).

%% @private
inflate_long(_Z, _Data, _Options) -> erlang:nif_error(undef).

%% @doc Expands data, so much at a time.
safeInflate(_Z, _Data) -> erlang:nif_error(undef).

%% @doc Goes on with inflateChunk/2.
inflateChunk(_Z) -> erlang:nif_error(undef).

%% @doc Expands data, as much as the buffer holds.
inflateChunk(_Z, _Data) -> erlang:nif_error(undef).

%% @doc Begins a new stream of the same format.
inflateReset(_Z) -> erlang:nif_error(undef).

%% @doc Sets the text that was given to deflateSetDictionary/2.
inflateSetDictionary(_Z, _Dictionary) -> erlang:nif_error(undef).

%% @doc The text that data is compared to.
inflateGetDictionary(_Z) -> erlang:nif_error(undef).

%% @doc Ends expanding.
inflateEnd(_Z) -> erlang:nif_error(undef).

%% @doc Sets the size of the buffer of inflateChunk/1.
setBufSize(_Z, _Size) -> erlang:nif_error(undef).

%% @doc The size of the buffer of inflateChunk/1.
getBufSize(_Z) -> erlang:nif_error(undef).

%% @doc The checksum of a stream so far.
crc32(_Z) -> erlang:nif_error(undef).

%% @doc The checksum of data.
crc32(Z, Data) when is_reference(Z) ->
    erlang:crc32(Data);
crc32(_, _) ->
    erlang:error(badarg).

%% @doc The checksum of data, going on from another.
crc32(Z, Sum, Data) when is_reference(Z) ->
    erlang:crc32(Sum, Data);
crc32(_, _, _) ->
    erlang:error(badarg).

%% @doc The checksum of data.
adler32(Z, Data) when is_reference(Z) ->
    erlang:adler32(Data);
adler32(_, _) ->
    erlang:error(badarg).

%% @doc The checksum of data, going on from another.
adler32(Z, Sum, Data) when is_reference(Z) ->
    erlang:adler32(Sum, Data);
adler32(_, _, _) ->
    erlang:error(badarg).

%% @doc The checksum of two stretches of data.
crc32_combine(_, Sum1, Sum2, Size2) -> erlang:crc32_combine(Sum1, Sum2, Size2).

%% @doc The checksum of two stretches of data.
adler32_combine(_, Sum1, Sum2, Size2) -> erlang:adler32_combine(Sum1, Sum2, Size2).

%% @doc Compresses, with head and checksum.
compress(_Data) -> erlang:nif_error(undef).

%% @private
compress_long(_Data) -> erlang:nif_error(undef).

%% @doc Expands what compress/1 made.
uncompress(_Data) -> erlang:nif_error(undef).

%% @private
uncompress_long(_Data) -> erlang:nif_error(undef).

%% @doc Compresses in the format of gzip files.
gzip(_Data) -> erlang:nif_error(undef).

%% @private
gzip_long(_Data) -> erlang:nif_error(undef).

%% @doc Expands the format of gzip files.
gunzip(_Data) -> erlang:nif_error(undef).

%% @private
gunzip_long(_Data) -> erlang:nif_error(undef).

%% @doc Compresses, without head and checksum.
zip(_Data) -> erlang:nif_error(undef).

%% @private
zip_long(_Data) -> erlang:nif_error(undef).

%% @doc Expands what zip/1 made.
unzip(_Data) -> erlang:nif_error(undef).

%% @private
unzip_long(_Data) -> erlang:nif_error(undef).
