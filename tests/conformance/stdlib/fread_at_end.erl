%% io_lib:fread/3 where the input ends: formats that want nothing more, and those that have begun.
-module(fread_at_end).
-export([main/0]).

main() ->
    Formats = ["", " ", "\n", "a", "~l", "~l~l", "~la", "~l a", "~l ~d", "~d", "~d ~d", "~l~+", "~+", "~", "~l~*d", "~~", "~c", "~3c", "~s",
               " ~l", "~l\n~l", "~a", "~-", "~ts", "~f", "~l~"],
    Inputs = [[eof], [[], eof], [" ", eof], ["\n", eof], ["1", eof], ["1 ", eof], ["a", [], eof]],
    [io:format("~0p ~0p: ~0p~n", [Format, Input, pieces([], Input, Format)]) || Format <- Formats, Input <- Inputs],
    ok.

pieces(Continuation, [Piece | Pieces], Format) ->
    case io_lib:fread(Continuation, Piece, Format) of
        {more, Continuation1} -> [more | pieces(Continuation1, Pieces, Format)];
        Done -> [Done]
    end;
pieces(_, [], _) ->
    [].
