-record(r, {d, e}).
-type t() :: integer() | undef().
-opaque o() :: ok.
-callback x() -> ok.
-spec q() -> ok.
-spec z() -> ok.
-export([nope/1]).
-import(lists, [map/2]).
q() -> X = 1, y().
