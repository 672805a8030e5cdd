%%% The words of what the compiler tells of receives (`recv_opt_info`). In OTP the module of that name looks at them.
-module(beam_ssa_recv).

-export([format_error/1]).

-spec format_error(term()) -> iolist().
format_error(reserved_receive_marker) ->
    "OPTIMIZED: reference used to mark a message queue position";
format_error(matches_any_message) ->
    "INFO: receive matches any message, this is always fast";
format_error(unoptimized_selective_receive) ->
    "NOT OPTIMIZED: all clauses do not match a suitable reference";
format_error({used_receive_marker, {parameter, Number}}) ->
    io_lib:format("OPTIMIZED: all clauses match reference in function parameter ~p", [Number]);
format_error({used_receive_marker, Call}) ->
    ["OPTIMIZED: all clauses match reference ", made(Call)];
format_error({passed_marker, Call}) ->
    ["INFO: passing reference ", made(Call)].

made({b_set, #{location := {File, Line}}, _, call, [{b_remote, _, {b_literal, Name}, Arity} | _]}) ->
    io_lib:format("created by ~p/~p at ~ts:~p", [Name, Arity, File, Line]).
