%%! erlc +bin_opt_info
-module(bin_opt_remarks).
-export([all/1, parts/1, rest/1, sizes/2, local/1, remote/1, other_place/2, fun_call/2, many/1]).
-export([twice/2, mixed/1, in_fun/1, chain/1, later/2, choice/1, numbers/1]).

%% What is passed on as it is.
all(<<A, T/binary>>) -> [A | all(T)];
all(<<>>) -> [].

numbers(<<A:4, B:12/little, C/float, D:4/binary, T/bitstring>>) -> {A, B, C, D, numbers(T)};
numbers(<<>>) -> [].

choice(<<C/utf8, T/binary>>) -> [C | choice(T)];
choice(<<_, T/binary>>) -> choice(T);
choice(_) -> bad.

%% What is made a binary.
parts(<<A, T/binary>>) ->
    {A, T}.

rest(<<_, T/binary>>) ->
    T.

sizes(<<A, T/binary>>, Acc) ->
    B = byte_size(T),
    sizes(T, [A, B | Acc]);
sizes(<<>>, Acc) -> Acc.

local(<<_, T/binary>>) ->
    not_matched(T).
not_matched(X) -> io:format("~p", [X]).

remote(<<_, T/binary>>) ->
    lists:foo(T),
    ok.

other_place(<<1, T/binary>>, X) ->
    other_place(X, T);
other_place(_, X) -> X.

fun_call(<<1, T/binary>>, F) ->
    F(T).

many(<<1, T/binary>>) -> self() ! T, T;
many(<<2, T/binary>>) -> erlang:error({bad, T});
many(<<3, T/binary>>) -> error(T);
many(<<4, T/binary>>) -> throw(T);
many(<<5, T/binary>>) -> <<T/binary, 1>>;
many(<<6, T/binary>>) -> io:format("~p", [#{a => T}]);
many(<<7, T/binary>>) -> setelement(1, {a, b}, T).

twice(<<1, T/binary>>, _) -> twice(T, T);
twice(_, _) -> ok.

mixed(<<1, T/binary>>) -> if T =:= <<>> -> ok; true -> mixed(T) end;
mixed(<<2, T/binary>>) when is_binary(T) -> ok;
mixed(<<>>) -> done.

in_fun(<<7, T/binary>>) ->
    fun() -> T end.

chain(<<1, T/binary>>) ->
    first(T).
first(B) -> second(B).
second(B) -> binary:split(B, <<"a">>).

later(<<1, T/binary>>, F) ->
    case F(a) of
        b -> later(T, F);
        c -> [T]
    end;
later(_, _) -> ok.
