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

%% @doc Gives the calling process a token that get_token/0 gave; [] takes its token away.
-spec set_token(Token) -> PreviousToken | ok when Token :: [] | token(), PreviousToken :: [] | token().
set_token([]) ->
    erlang:seq_trace(sequential_trace_token, []);
set_token({_Flags, _Label, _Serial, _From, _Last} = Token) ->
    erlang:seq_trace(sequential_trace_token, Token),
    ok.

%% @doc Sets one component of the caller's token (label, serial, or a flag), and gives its value before.
-spec set_token(Component, Val) -> OldVal when Component :: component(), Val :: value(), OldVal :: value().
set_token(Component, Value) ->
    erlang:seq_trace(Component, Value).

%% @doc The token of the calling process, or [].
-spec get_token() -> [] | token().
get_token() ->
    erlang:seq_trace_info(sequential_trace_token).

%% @doc {Component, Value} of the caller's token, or [] without one.
-spec get_token(Component) -> {Component, Val} when Component :: component(), Val :: value().
get_token(Component) ->
    erlang:seq_trace_info(Component).

%% @doc Tells the tracer something, where the caller has a token with the flag print.
-spec print(TraceInfo) -> ok when TraceInfo :: term().
print(Info) ->
    erlang:seq_trace_print(Info),
    ok.

%% @doc As print/1, only where the token has this label.
-spec print(Label, TraceInfo) -> ok when Label :: integer(), TraceInfo :: term().
print(Label, Info) ->
    erlang:seq_trace_print(Label, Info),
    ok.

%% @doc Ends sequential tracing: all processes, and all messages on their way, lose their tokens.
-spec reset_trace() -> true.
reset_trace() ->
    %% The flag of this number takes all tokens away.
    erlang:system_flag(1, 0).

%% @doc Sets who is told of what happens under tokens: a process, a port, a tracer module, or false for nobody.
%% Gives the one before.
-spec set_system_tracer(Tracer) -> OldTracer when Tracer :: tracer(), OldTracer :: tracer().
set_system_tracer(Tracer) ->
    erlang:system_flag(sequential_tracer, Tracer).

%% @doc Who is told of what happens under tokens, or false.
-spec get_system_tracer() -> Tracer when Tracer :: tracer().
get_system_tracer() ->
    element(2, erlang:system_info(sequential_tracer)).
