%% seq_trace: the parts of a token, and what setting them answers.
-module(seq_trace_tokens).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).

main() ->
    ?T(seq_trace:get_token()),
    ?T([seq_trace:get_token(Part) || Part <- [label, serial, send, 'receive', print, timestamp]]),
    ?T(seq_trace:get_token(nothing)),
    ?T(seq_trace:get_system_tracer()),
    ?T(seq_trace:set_system_tracer(an_atom)),
    ?T(seq_trace:set_system_tracer(1)),
    ?T(seq_trace:reset_trace()),
    ?T(begin seq_trace:set_token(label, 17), get() end),
    ?T(seq_trace:set_token(send, an_atom)),
    ?T(seq_trace:set_token(nothing, true)),
    ?T(seq_trace:set_token(serial, an_atom)),
    ?T(set([{label, 17}, {label, {any, "thing"}}, {send, true}, {send, true}, {send, false}])),
    ?T(set([{serial, {3, 4}}, {serial, {-1, 2}}, {send, true}])),
    ?T(set([{'receive', true}, {print, true}, {timestamp, true}])),
    ?T(set([{strict_monotonic_timestamp, true}, {monotonic_timestamp, true}, {monotonic_timestamp, false}])),
    ?T(whole([{label, 1}, {send, true}, {print, true}, {serial, {5, 9}}])),
    ?T(seq_trace:set_token([])),
    ?T(seq_trace:set_token(an_atom)),
    ?T(seq_trace:set_token({1, 2, 3})),
    ?T(seq_trace:print(nobody_listens)),
    ?T(seq_trace:print(a, b)),
    ?T(erlang:seq_trace(nothing, true)),
    ?T(process_info(self(), sequential_trace_token)),
    ?T(begin
           Tracer = spawn(fun() -> receive stop -> ok end end),
           Before = seq_trace:set_system_tracer(Tracer),
           Now = seq_trace:get_system_tracer() =:= Tracer,
           Info = erlang:system_info(sequential_tracer) =:= {sequential_tracer, Tracer},
           {Before, Now, Info, seq_trace:set_system_tracer(false) =:= Tracer, seq_trace:get_system_tracer()}
       end).

%% Sets parts; shows what each call answered, then the token without its sender.
set(Parts) ->
    Answers = [seq_trace:set_token(Part, Value) || {Part, Value} <- Parts],
    {Flags, Label, Serial, Sender, Last} = seq_trace:get_token(),
    Shown = [seq_trace:get_token(Part) || {Part, _} <- Parts],
    seq_trace:set_token([]),
    {Answers, {Flags, Label, Serial, Sender =:= self(), Last}, Shown}.

%% A token taken away and given back.
whole(Parts) ->
    [seq_trace:set_token(Part, Value) || {Part, Value} <- Parts],
    Token = seq_trace:get_token(),
    Same = seq_trace:set_token([]) =:= Token,
    None = seq_trace:get_token(),
    Answer = seq_trace:set_token(Token),
    Again = seq_trace:get_token() =:= Token,
    Info = process_info(self(), sequential_trace_token) =:= {sequential_trace_token, Token},
    seq_trace:set_token([]),
    {Same, None, Answer, Again, Info}.

t(Line, F) ->
    Result = try F() catch Class:Reason -> {Class, Reason} end,
    seq_trace:set_token([]),
    io:format("~w: ~p~n", [Line, Result]).
