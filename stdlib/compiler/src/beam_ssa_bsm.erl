%%% The words of what the compiler tells of bit strings (`bin_opt_info`). In OTP the module of that name passes match
%%% contexts on.
-module(beam_ssa_bsm).

-export([format_error/1]).

-spec format_error(term()) -> iolist().
format_error(context_reused) ->
    "OPTIMIZED: match context reused";
format_error({binary_created, By, IsNested}) ->
    ["BINARY CREATED: binary is ", created(By, IsNested)];
format_error(Reason) ->
    ["NOT OPTIMIZED: " | reason(Reason)].

created({b_ret, _, _}, false) -> "returned from the function";
created({b_ret, _, _}, true) -> "used in a term that is returned from the function";
created(Set, true) -> ["used in term passed to ", name(Set)];
created({b_set, _, _, call, _} = Set, false) -> ["used in call to ", name(Set), " which doesn't support context reuse"];
created(Set, false) -> ["used in ", name(Set), " which doesn't support context reuse"].

reason({no_match_on_entry, Call}) ->
    ["binary is used in call to ", called(Call), " which does not begin with a suitable binary match"];
reason({remote_call, Call}) ->
    ["binary is used in remote call to ", called(Call)];
reason({fun_call, Call}) ->
    ["binary is used in fun call (", called(Call), ")"];
reason({multiple_uses_in_call, Call}) ->
    ["binary is passed as multiple arguments to ", called(Call)];
reason({used_before_match, Set}) ->
    ["binary is used in ", name(Set), " before being matched"];
reason({unsuitable_call, {Call, Inner}}) ->
    ["binary used in call to ", called(Call), ", where " | reason(Inner)].

name({b_set, _, _, call, [Called | _]}) -> called(Called);
name({b_set, _, _, {bif, Name}, Args}) -> io_lib:format("~p/~p", [Name, length(Args)]);
name({b_set, _, _, Op, _}) -> io_lib:format("'~p'", [Op]).

called({b_local, {b_literal, Name}, Arity}) ->
    io_lib:format("~p/~p", [Name, Arity]);
called({b_remote, {b_literal, Module}, {b_literal, Name}, Arity}) ->
    io_lib:format("~p:~p/~p", [Module, Name, Arity]);
called(Other) ->
    io_lib:format("~p", [Other]).
