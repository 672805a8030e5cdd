%% Types of all sorts, and callbacks.
-module(att_types_assorted).
-export([main/0]).
-record(r, {a :: integer() | undefined, b = 2 :: pos_integer()}).
-callback cb(integer()) -> ok.
-callback cb2() -> T when T :: t(a).
-optional_callbacks([cb2/0]).
-type t(A) :: {A, [A]} | #{a := A, b => integer(), _ => _}.
-opaque o() :: fun((...) -> any()) | fun(() -> ok) | fun((integer(), atom()) -> 1..10).
-export_type([t/1, o/0]).
-type n() :: -1 | 16#ff | $a | 1 bsl 3 | (2+3)*4 | <<>> | <<_:8>> | <<_:_*4>> | <<_:8, _:_*2>> | [] | [a, ...] | {} | #{} | map() | tuple() | maybe_improper_list(a, b) | nonempty_list(c) | char() | 'x y' | ?MODULE:t(1) | #r{} | #r{a :: 1}.
-spec f(X, Y) -> {X, Y} when X :: integer(), Y :: n(); (a, b) -> c.
f(a, b) -> c; f(X, Y) -> {X, Y}.
-spec ?MODULE:g(A :: t(integer())) -> no_return().
g(_) -> error(x).
-spec h() -> o().
h() -> fun() -> ok end.
main() -> io:format("~p~n", [run()]).

run() -> {f(1,2), is_function(h()), catch g(1), ?MODULE:behaviour_info(callbacks), ?MODULE:behaviour_info(optional_callbacks)}.
