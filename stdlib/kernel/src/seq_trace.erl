%%% Sequential tracing: what follows from a message, told to one process. The machine carries the tokens.
-module(seq_trace).

-export([set_token/1, set_token/2, get_token/0, get_token/1, print/1, print/2, reset_trace/0, set_system_tracer/1,
         get_system_tracer/0]).

-export_type([token/0]).

-type flag() :: send | 'receive' | print | timestamp | monotonic_timestamp | strict_monotonic_timestamp.
-type component() :: label | serial | flag().
-type value() :: (Label :: term()) | {Previous :: non_neg_integer(), Current :: non_neg_integer()} | boolean().
-opaque token() :: {non_neg_integer(), term(), non_neg_integer(), pid() | port() | [], non_neg_integer()}.
-type tracer() :: (Tracer :: pid() | port() | {module(), term()}) | false.

-spec set_token(Token) -> PreviousToken | ok when Token :: [] | token(), PreviousToken :: [] | token().
set_token([]) ->
    erlang:seq_trace(sequential_trace_token, []);
set_token({_Flags, _Label, _Serial, _From, _Last} = Token) ->
    erlang:seq_trace(sequential_trace_token, Token),
    ok.

-spec set_token(Component, Val) -> OldVal when Component :: component(), Val :: value(), OldVal :: value().
set_token(Component, Value) ->
    erlang:seq_trace(Component, Value).

-spec get_token() -> [] | token().
get_token() ->
    erlang:seq_trace_info(sequential_trace_token).

-spec get_token(Component) -> {Component, Val} when Component :: component(), Val :: value().
get_token(Component) ->
    erlang:seq_trace_info(Component).

-spec print(TraceInfo) -> ok when TraceInfo :: term().
print(Info) ->
    erlang:seq_trace_print(Info),
    ok.

-spec print(Label, TraceInfo) -> ok when Label :: integer(), TraceInfo :: term().
print(Label, Info) ->
    erlang:seq_trace_print(Label, Info),
    ok.

-spec reset_trace() -> true.
reset_trace() ->
    %% The flag of this number takes all tokens away.
    erlang:system_flag(1, 0).

-spec set_system_tracer(Tracer) -> OldTracer when Tracer :: tracer(), OldTracer :: tracer().
set_system_tracer(Tracer) ->
    erlang:system_flag(sequential_tracer, Tracer).

-spec get_system_tracer() -> Tracer when Tracer :: tracer().
get_system_tracer() ->
    element(2, erlang:system_info(sequential_tracer)).
