%%% dbg: tracing from the shell.
%%%
%%% A server, registered `dbg', keeps the match specifications that have been
%%% given so far and knows who gets the messages: a process that runs a handler
%%% on each, or one that writes them to a file. The server sets the flags of
%%% processes and the patterns of functions, so that they belong to nobody who
%%% may end before the tracing does.
-module(dbg).

-export([h/0, h/1, p/1, p/2, c/3, c/4, i/0,
         tp/2, tp/3, tp/4, tpl/2, tpl/3, tpl/4, tpe/2,
         ctp/0, ctp/1, ctp/2, ctp/3, ctpl/0, ctpl/1, ctpl/2, ctpl/3,
         ctpg/0, ctpg/1, ctpg/2, ctpg/3, ctpe/1,
         ltp/0, dtp/0, dtp/1, wtp/1, rtp/1, n/1, cn/1, ln/0,
         tracer/0, tracer/2, trace_port/2, trace_client/2, trace_client/3,
         stop_trace_client/1, flush_trace_port/0, flush_trace_port/1, get_tracer/0, get_tracer/1, stop/0, stop_clear/0,
         dhandler/2, fun2ms/1]).

-record(state, {tracer = none, kind = process, saved = [], next = 1}).

%% Patterns that need no number: letters, and names that stand for them.
-define(BUILT_IN, [{c, [{'_', [], [{message, {caller}}]}]},
                   {caller_exception_trace, cx},
                   {caller_trace, c},
                   {cx, [{'_', [], [{exception_trace}, {message, {caller}}]}]},
                   {exception_trace, x},
                   {x, [{'_', [], [{exception_trace}]}]}]).

%%% What to trace of processes.

%% Messages to and from a process.
p(Item) -> p(Item, [m]).

p(Item, Flag) when is_atom(Flag) -> p(Item, [Flag]);
p(Item, Flags) ->
    case process(Item) of
        {error, _} = Error ->
            Error;
        Whom ->
            case flags(Flags) of
                {error, _} = Error -> Error;
                {On, Real} -> request({p, Item, Whom, On, Real})
            end
    end.

process(Item) when is_pid(Item); is_port(Item) -> Item;
process(Item) when Item =:= all; Item =:= new; Item =:= existing; Item =:= processes;
                   Item =:= ports; Item =:= new_processes; Item =:= new_ports;
                   Item =:= existing_processes; Item =:= existing_ports ->
    Item;
process(Item) when is_atom(Item) ->
    case whereis(Item) of
        undefined -> {no_proc, Item};
        Pid -> Pid
    end;
process(Item) when is_integer(Item) -> process({0, Item, 0});
process({A, B, C} = Item) ->
    try list_to_pid(lists:concat(["<", A, ".", B, ".", C, ">"]))
    catch error:_ -> {error, {badpid, Item}}
    end;
process([$< | _] = Item) ->
    try list_to_pid(Item)
    catch error:_ -> {error, {badpid, Item}}
    end;
process(Item) -> {error, {badpid, Item}}.

flags(Flags) -> flags(Flags, true, []).

flags([], On, Real) -> {On, Real};
flags([clear | Rest], _, Real) -> flags(Rest, false, [all | Real]);
flags([Flag | Rest], On, Real) ->
    case flag(Flag) of
        [] -> {error, {bad_flags, [F || F <- [Flag | Rest], flag(F) =:= []]}};
        Meant -> flags(Rest, On, Meant ++ Real)
    end.

flag(s) -> [send];
flag(r) -> ['receive'];
flag(m) -> [send, 'receive'];
flag(c) -> [call];
flag(p) -> [procs];
flag(sos) -> [set_on_spawn];
flag(sol) -> [set_on_link];
flag(sofs) -> [set_on_first_spawn];
flag(sofl) -> [set_on_first_link];
flag(clear) -> [all];
flag(Flag) ->
    Known = [all, send, 'receive', procs, ports, call, arity, return_to, silent, running, exiting,
             running_procs, running_ports, garbage_collection, timestamp, cpu_timestamp,
             monotonic_timestamp, strict_monotonic_timestamp, set_on_spawn, set_on_first_spawn,
             set_on_link, set_on_first_link],
    [Flag || lists:member(Flag, Known)].

%% Evaluates a call with flags set, and answers its value.
c(M, F, As) -> c(M, F, As, all).

c(M, F, As, Flag) when is_atom(Flag) -> c(M, F, As, [Flag]);
c(M, F, As, Flags) ->
    case flags(Flags) of
        {error, _} = Error ->
            {error, Error};
        {_, Real} ->
            _ = tracer(),
            {ok, Tracer} = get_tracer(),
            Self = self(),
            {Pid, Ref} = spawn_monitor(fun() -> evaluate(Self, M, F, As, [{tracer, Tracer} | Real]) end),
            receive
                {Pid, Value} ->
                    erlang:demonitor(Ref, [flush]),
                    Value;
                {'DOWN', Ref, process, Pid, Reason} ->
                    {error, Reason}
            end
    end.

%% Nothing of this but the call itself is to be seen.
evaluate(Parent, M, F, As, Flags) ->
    _ = erlang:trace(self(), true, Flags),
    Value = apply(M, F, As),
    _ = erlang:trace(self(), false, [all]),
    Parent ! {self(), Value}.

%%% What to trace of functions.

tp({_, _, _} = Mfa, Pattern) -> pattern(Mfa, Pattern, []);
tp(M, Pattern) when is_atom(M) -> pattern({M, '_', '_'}, Pattern, []).
tp(M, F, Pattern) -> pattern({M, F, '_'}, Pattern, []).
tp(M, F, A, Pattern) -> pattern({M, F, A}, Pattern, []).

tpl({_, _, _} = Mfa, Pattern) -> pattern(Mfa, Pattern, [local]);
tpl(M, Pattern) when is_atom(M) -> pattern({M, '_', '_'}, Pattern, [local]).
tpl(M, F, Pattern) -> pattern({M, F, '_'}, Pattern, [local]).
tpl(M, F, A, Pattern) -> pattern({M, F, A}, Pattern, [local]).

tpe(Event, Pattern) when Event =:= send; Event =:= 'receive' -> pattern(Event, Pattern, []).

pattern(What, Pattern, Flags) -> request({tp, What, Pattern, Flags}).

ctp() -> ctp({'_', '_', '_'}).
ctp({_, _, _} = Mfa) -> clear(Mfa, [local, global]);
ctp(M) -> ctp({M, '_', '_'}).
ctp(M, F) -> ctp({M, F, '_'}).
ctp(M, F, A) -> ctp({M, F, A}).

ctpl() -> ctpl({'_', '_', '_'}).
ctpl({_, _, _} = Mfa) -> clear(Mfa, [local]);
ctpl(M) -> ctpl({M, '_', '_'}).
ctpl(M, F) -> ctpl({M, F, '_'}).
ctpl(M, F, A) -> ctpl({M, F, A}).

ctpg() -> ctpg({'_', '_', '_'}).
ctpg({_, _, _} = Mfa) -> clear(Mfa, [global]);
ctpg(M) -> ctpg({M, '_', '_'}).
ctpg(M, F) -> ctpg({M, F, '_'}).
ctpg(M, F, A) -> ctpg({M, F, A}).

ctpe(Event) when Event =:= send; Event =:= 'receive' -> request({ctpe, Event}).

clear(Mfa, Kinds) -> request({ctp, Mfa, Kinds}).

%% Lists the patterns that have a name or number.
ltp() ->
    lists:foreach(fun({Name, Pattern}) -> io:format("~p: ~tp~n", [Name, Pattern]) end,
                  request(saved) ++ ?BUILT_IN).

dtp() -> request({dtp, all}).
dtp(Number) -> request({dtp, Number}).

%% Writes the saved patterns to a file.
wtp(Name) ->
    Lines = [io_lib:format("~tp.~n", [Pattern]) || {_, Pattern} <- request(saved)],
    file:write_file(Name, unicode:characters_to_binary(["%% -*- coding: utf-8 -*-\n" | Lines])).

rtp(Name) ->
    case file:consult(Name) of
        {ok, Patterns} -> request({save, Patterns});
        {error, Reason} -> {error, {read_error, Reason}}
    end.

%% For the shell: ms_transform has done this where it is compiled.
fun2ms(Fun) when is_function(Fun) ->
    case erl_eval:fun_data(Fun) of
        {fun_data, Bindings, Clauses} ->
            ms_transform:transform_from_shell(?MODULE, Clauses, Bindings);
        _ ->
            exit({badarg, {?MODULE, fun2ms, [function, called, with, real, 'fun', should, be,
                                             transformed, with, parse_transform, 'or', called,
                                             with, a, 'fun', generated, in, the, shell]}})
    end.

%%% Nodes: this one is traced, and it alone.

n(Node) when Node =:= node() -> {error, cant_add_local_node};
n(Node) -> {error, {nodedown, Node}}.

cn(_Node) -> ok.

ln() -> io:format("~p~n", [node()]).

%%% Who is told.

tracer() -> tracer(process, {fun dhandler/2, standard_io}).

tracer(process, {Handler, State}) when is_function(Handler, 2) ->
    Leader = group_leader(),
    start_tracer(process, fun() -> group_leader(Leader, self()), handle(Handler, State) end);
tracer(port, Open) when is_function(Open, 0) ->
    start_tracer(port, Open()).

start_tracer(Kind, Run) ->
    case request({tracer, Kind, Run}) of
        ok -> {ok, whereis(?MODULE)};
        Error -> Error
    end.

%% Messages to a file, from where trace_client reads them.
trace_port(file, {Name, wrap, Suffix}) -> trace_port(file, Name ++ "0" ++ Suffix);
trace_port(file, Name) ->
    fun() ->
            fun() ->
                    {ok, File} = file:open(Name, [write, raw, binary]),
                    write(File)
            end
    end.

write(File) ->
    receive
        {flush, From, Ref} ->
            From ! {Ref, flushed},
            write(File);
        {stop, From, Ref} ->
            ok = file:close(File),
            From ! {Ref, stopped};
        Message ->
            Bytes = term_to_binary(Message),
            ok = file:write(File, [<<0, (byte_size(Bytes)):32>>, Bytes]),
            write(File)
    end.

trace_client(file, Name) -> trace_client(file, Name, {fun dhandler/2, standard_io}).

trace_client(file, Name, {Handler, State}) ->
    case file:read_file(Name) of
        {ok, Bytes} -> spawn(fun() -> replay(Bytes, Handler, State) end);
        {error, Reason} -> exit({client_cannot_open, Reason})
    end.

replay(<<0, Size:32, Bytes:Size/binary, Rest/binary>>, Handler, State) ->
    replay(Rest, Handler, Handler(binary_to_term(Bytes), State));
replay(_, Handler, State) ->
    Handler(end_of_trace, State).

%% What has been told so far is in the file when this returns.
flush_trace_port() -> flush_trace_port(node()).

flush_trace_port(Node) when Node =:= node() -> request(flush);
flush_trace_port(Node) -> {error, {nodedown, Node}}.

stop_trace_client(Pid) when is_pid(Pid) ->
    exit(Pid, kill),
    ok.

get_tracer() -> get_tracer(node()).

get_tracer(Node) when Node =:= node() -> request(get_tracer);
get_tracer(Node) -> {error, {no_tracer_on_node, Node}}.

stop() -> stop(false).
stop_clear() -> stop(true).

stop(Clear) ->
    case whereis(?MODULE) of
        undefined ->
            [_ = clear_patterns() || Clear],
            ok;
        Pid ->
            Ref = erlang:monitor(process, Pid),
            Pid ! {stop, Clear},
            receive {'DOWN', Ref, process, Pid, _} -> ok end
    end.

%%% Who is traced, in a table.

i() ->
    io:format("~nNode ~w:~n~-12s ~-21s ~s ~n", [node(), "Pid", "Initial call", "Trace"]),
    lists:foreach(fun show/1, processes()).

show(Pid) ->
    case {erlang:trace_info(Pid, flags), process_info(Pid, initial_call)} of
        {{flags, [_ | _] = Flags}, {initial_call, {M, F, A}}} ->
            Call = io_lib:format("~tw", [{M, F, A}]),
            Short = lists:join(" | ", [io_lib:format("~tw", [short(Flag)]) || Flag <- Flags]),
            io:format("~-12w ~-21ts ~ts~n", [Pid, Call, Short]);
        _ ->
            ok
    end.

short(send) -> s;
short('receive') -> r;
short(call) -> c;
short(procs) -> p;
short(set_on_spawn) -> sos;
short(set_on_first_spawn) -> sofs;
short(set_on_link) -> sol;
short(set_on_first_link) -> sofl;
short(Flag) -> Flag.

%%% The server.

request(Request) ->
    Pid = server(),
    Ref = erlang:monitor(process, Pid),
    Pid ! {request, self(), Ref, Request},
    receive
        {Ref, Reply} ->
            erlang:demonitor(Ref, [flush]),
            Reply;
        {'DOWN', Ref, process, Pid, Reason} ->
            {error, Reason}
    end.

server() ->
    case whereis(?MODULE) of
        undefined -> start_server();
        Pid -> Pid
    end.

start_server() ->
    Starter = self(),
    Pid = spawn(fun() -> init(Starter) end),
    Ref = erlang:monitor(process, Pid),
    receive
        {Pid, registered} ->
            erlang:demonitor(Ref, [flush]),
            Pid;
        {'DOWN', Ref, process, Pid, _} ->
            server()
    end.

init(Starter) ->
    register(?MODULE, self()),
    process_flag(trap_exit, true),
    Starter ! {self(), registered},
    loop(#state{}).

loop(#state{tracer = Tracer} = State) ->
    receive
        {request, From, Ref, Request} ->
            {Reply, NewState} = handle_request(Request, State),
            From ! {Ref, Reply},
            loop(NewState);
        {'EXIT', Tracer, _} ->
            loop(State#state{tracer = none});
        {stop, Clear} ->
            end_tracing(Tracer),
            [clear_patterns() || Clear],
            ok;
        _ ->
            loop(State)
    end.

%% What has been told so far reaches the tracer before it is told to end.
end_tracing(none) ->
    ok;
end_tracing(Tracer) ->
    _ = (catch erlang:trace(all, false, [all, {tracer, Tracer}])),
    Ref = erlang:trace_delivered(all),
    receive {trace_delivered, all, Ref} -> ok after 5000 -> ok end,
    Tracer ! {stop, self(), Ref},
    receive
        {Ref, stopped} -> ok;
        {'EXIT', Tracer, _} -> ok
    after 5000 ->
        exit(Tracer, kill)
    end.

clear_patterns() ->
    _ = clear_functions({'_', '_', '_'}, [local, global]),
    _ = erlang:trace_pattern({'_', '_', '_'}, false, [meta]),
    _ = erlang:trace_pattern(send, true, []),
    erlang:trace_pattern('receive', true, []).

clear_functions(Mfa, Kinds) ->
    lists:max([erlang:trace_pattern(Mfa, false, [Kind]) || Kind <- Kinds]).

handle_request({tracer, Kind, Run}, #state{tracer = none} = State) ->
    {ok, State#state{tracer = spawn_link(Run), kind = Kind}};
handle_request(flush, #state{tracer = Tracer, kind = port} = State) when Tracer =/= none ->
    Ref = erlang:trace_delivered(all),
    receive {trace_delivered, all, Ref} -> ok end,
    Tracer ! {flush, self(), Ref},
    receive
        {Ref, flushed} -> {ok, State};
        {'EXIT', Tracer, _} -> {{error, no_trace_driver}, State#state{tracer = none}}
    end;
handle_request(flush, State) ->
    {{error, no_trace_driver}, State};
handle_request({tracer, _, _}, State) ->
    {{error, already_started}, State};
handle_request(get_tracer, State) ->
    {tracer_of(State), State};
handle_request({p, Item, Whom, On, Flags}, State) ->
    case tracer_of(State) of
        {ok, Tracer} -> {{ok, [set_flags(Item, Whom, On, [{tracer, Tracer} | Flags])]}, State};
        Error -> {Error, State}
    end;
handle_request({tp, What, Pattern, Flags}, State) ->
    set_pattern(What, Pattern, Flags, State);
handle_request({ctp, Mfa, Kinds}, State) ->
    {{ok, [matched(clear_functions(Mfa, Kinds)) || has_tracer(State)]}, State};
handle_request({ctpe, Event}, State) ->
    {{ok, [matched(erlang:trace_pattern(Event, true, [])) || has_tracer(State)]}, State};
handle_request(saved, #state{saved = Saved} = State) ->
    {lists:keysort(1, Saved), State};
handle_request({save, Patterns}, State) ->
    {ok, lists:foldl(fun(Pattern, Acc) -> element(2, save(Pattern, Acc)) end, State, Patterns)};
handle_request({dtp, all}, State) ->
    {ok, State#state{saved = []}};
handle_request({dtp, Number}, #state{saved = Saved} = State) ->
    {ok, State#state{saved = lists:keydelete(Number, 1, Saved)}}.

has_tracer(#state{tracer = Tracer}) -> Tracer =/= none.

tracer_of(#state{tracer = none}) -> {error, {no_tracer_on_node, node()}};
tracer_of(#state{tracer = Tracer}) -> {ok, Tracer}.

set_flags(Item, Whom, On, Flags) ->
    try erlang:trace(Whom, On, Flags) of
        Count -> matched(Count)
    catch
        error:_ when is_pid(Whom) -> {matched, node(), 0, {no_proc, Whom}};
        error:_ -> {matched, node(), 0, {no_proc, Item}}
    end.

matched(Count) -> {matched, node(), Count}.

%% A pattern is a specification, or the name or number of one.
set_pattern(What, Pattern, Flags, State) ->
    case specification(Pattern, State) of
        {ok, Spec, Name, NewState} ->
            Matched = [set_trace_pattern(What, Spec, Flags) || has_tracer(State)],
            {{ok, Matched ++ [{saved, Name} || Name =/= none]}, NewState};
        {error, _} = Error ->
            {Error, State}
    end.

%% What is refused is answered as the nodes answer it that are asked.
set_trace_pattern(What, Spec, Flags) ->
    try
        matched(erlang:trace_pattern(What, Spec, Flags))
    catch
        error:Reason:Stack ->
            {matched, node(), 0, {badrpc, {'EXIT', {Reason, lists:sublist(Stack, 1)}}}}
    end.

specification([], State) ->
    {ok, [], none, State};
specification(Spec, State) when is_list(Spec) ->
    case erlang:match_spec_test([], Spec, trace) of
        {ok, _, _, _} ->
            {Number, NewState} = save(Spec, State),
            {ok, Spec, Number, NewState};
        {error, Faults} ->
            {error, Faults}
    end;
specification(Name, #state{saved = Saved} = State) ->
    case lists:keyfind(Name, 1, Saved ++ ?BUILT_IN) of
        {Name, Other} when is_atom(Other), Other =/= [] ->
            specification(Other, State);
        {Name, Spec} ->
            {ok, Spec, Name, State};
        false ->
            {error, unknown_pattern}
    end.

save(Spec, #state{saved = Saved, next = Next} = State) ->
    case lists:keyfind(Spec, 2, Saved) of
        {Number, Spec} -> {Number, State};
        false -> {Next, State#state{saved = [{Next, Spec} | Saved], next = Next + 1}}
    end.

%%% The process that is told.

handle(Handler, State) ->
    receive
        {stop, From, Ref} -> From ! {Ref, stopped};
        Message -> handle(Handler, Handler(Message, State))
    end.

%% Prints a message of tracing.
dhandler(end_of_trace, Out) ->
    Out;
dhandler(Message, Out) ->
    print(device(Out), Message),
    Out.

%% The handler's own group leader is where the tracer was started from.
device(standard_io) -> group_leader();
device(Out) -> Out.

print(Out, {trace, Pid, Kind, Info}) ->
    event(Out, Pid, Kind, Info, "");
print(Out, {trace, Pid, Kind, Info, More}) ->
    event(Out, Pid, Kind, Info, More, "");
print(Out, {trace_ts, Pid, Kind, Info, Time}) ->
    event(Out, Pid, Kind, Info, stamp(Time));
print(Out, {trace_ts, Pid, Kind, Info, More, Time}) ->
    event(Out, Pid, Kind, Info, More, stamp(Time));
print(Out, {seq_trace, Label, Info}) ->
    io:format(Out, "SeqTrace [~0p]: ", [Label]),
    sequential(Out, Info);
print(Out, {seq_trace, Label, Info, Time}) ->
    io:format(Out, "SeqTrace ~0p [~0p]: ", [Time, Label]),
    sequential(Out, Info);
print(Out, {drop, Count}) ->
    io:format(Out, "*** Dropped ~p messages.~n", [Count]);
print(Out, Message) when element(1, Message) =:= trace ->
    [trace, Pid, Kind | Rest] = tuple_to_list(Message),
    io:format(Out, "(~p) ~tp ~ts~n", [Pid, Kind, lists:join($\s, [io_lib:format("~tp", [T]) || T <- Rest])]);
print(Out, Message) when element(1, Message) =:= trace_ts ->
    [trace_ts, Pid, Kind | Rest] = tuple_to_list(Message),
    Shown = [io_lib:format("~tp", [T]) || T <- lists:droplast(Rest)],
    io:format(Out, "(~p) ~tp ~ts~ts~n", [Pid, Kind, lists:join($\s, Shown), stamp(lists:last(Rest))]);
print(_, _) ->
    ok.

stamp(Time) -> io_lib:format(" (Timestamp: ~p)", [Time]).

event(Out, Pid, 'receive', Message, Time) ->
    io:format(Out, "(~p) << ~tp~ts~n", [Pid, Message, Time]);
event(Out, Pid, call, Call, Time) ->
    io:format(Out, "(~p) call ~ts~ts~n", [Pid, call(Call), Time]);
event(Out, Pid, return_to, Place, Time) ->
    io:format(Out, "(~p) returning to ~ts~ts~n", [Pid, call(Place), Time]);
event(Out, Pid, Kind, Info, Time) ->
    io:format(Out, "(~p) ~tp ~tp~ts~n", [Pid, Kind, Info, Time]).

event(Out, Pid, send, Message, To, Time) ->
    io:format(Out, "(~p) ~tp ! ~tp~ts~n", [Pid, To, Message, Time]);
event(Out, Pid, call, Call, Message, Time) ->
    io:format(Out, "(~p) call ~ts (~tp)~ts~n", [Pid, call(Call), Message, Time]);
event(Out, Pid, return_from, Mfa, Value, Time) ->
    io:format(Out, "(~p) returned from ~ts -> ~tp~ts~n", [Pid, call(Mfa), Value, Time]);
event(Out, Pid, spawn, New, Call, Time) ->
    io:format(Out, "(~p) spawn ~p as ~ts~ts~n", [Pid, New, call(Call), Time]);
event(Out, Pid, Kind, Info, More, Time) ->
    io:format(Out, "(~p) ~tp ~tp ~tp~ts~n", [Pid, Kind, Info, More, Time]).

call({M, F, A}) when is_integer(A) ->
    io_lib:format("~tp:~tp/~p", [M, F, A]);
call({M, F, As}) when is_list(As) ->
    Shown = [io_lib:format("~tp", [A]) || A <- As],
    io_lib:format("~tp:~tp(~ts)", [M, F, lists:join($,, Shown)]);
call(Other) ->
    io_lib:format("~tp", [Other]).

sequential(Out, {send, Serial, From, To, Message}) ->
    io:format(Out, "(~p) ~tp ! ~tp [Serial: ~p]~n", [From, To, Message, Serial]);
sequential(Out, {'receive', Serial, From, To, Message}) ->
    io:format(Out, "(~p) << ~tp [Serial: ~p, From: ~p]~n", [To, Message, Serial, From]);
sequential(Out, {print, Serial, From, _, Info}) ->
    io:format(Out, "-> ~tp [Serial: ~p, From: ~p]~n", [Info, Serial, From]);
sequential(Out, Other) ->
    io:format(Out, "~tp~n", [Other]).

%%% Help.

h() ->
    io:format("The following help items are available:~n"
              "   p, c~n       - Set trace flags for processes~n"
              "   tp, tpl, ctp, ctpl, ctpg, ltp, dtp, wtp, rtp~n"
              "       - Manipulate trace patterns for functions~n"
              "   n, cn, ln~n       - Add/remove traced nodes.~n"
              "   tracer, trace_port, trace_client, get_tracer, stop, stop_clear~n"
              "       - Manipulate tracer process/port~n"
              "   i~n       - Info~n~n"
              "call dbg:h(Item) for brief help a brief description~n"
              "of one of the items above.~n~n").

%% The ways to call a function of this module.
h(Item) ->
    case [Text || {Name, Text} <- calls(), Name =:= Item] of
        [Text] -> io:format("~s~n~n", [Text]);
        [] -> erlang:error(function_clause, [Item])
    end.

calls() ->
    [{p, "p(Item)\np(Item, Flags)\n - Sets flags of processes: s, r, m, c, p, sos, sol, sofs, sofl, all, clear"},
     {c, "c(Mod, Fun, Args)\nc(Mod, Fun, Args, Flags)\n - Evaluates a call with flags set"},
     {i, "i()\n - Who is traced"},
     {tp, "tp(Module, MatchSpec)\ntp(Module, Function, MatchSpec)\n"
          "tp(Module, Function, Arity, MatchSpec)\n - Traces calls from outside the module"},
     {tpl, "tpl(Module, MatchSpec)\ntpl(Module, Function, MatchSpec)\n"
           "tpl(Module, Function, Arity, MatchSpec)\n - Traces all calls"},
     {ctp, "ctp()\nctp(Module)\nctp(Module, Function)\nctp(Module, Function, Arity)\n"
           " - Traces calls no longer"},
     {ctpl, "ctpl()\nctpl(Module)\nctpl(Module, Function)\nctpl(Module, Function, Arity)\n"
            " - As ctp, for what tpl has set"},
     {ctpg, "ctpg()\nctpg(Module)\nctpg(Module, Function)\nctpg(Module, Function, Arity)\n"
            " - As ctp, for what tp has set"},
     {ltp, "ltp()\n - Lists the patterns that have a name or number"},
     {dtp, "dtp()\ndtp(Number)\n - Forgets saved patterns"},
     {wtp, "wtp(Name)\n - Writes saved patterns to a file"},
     {rtp, "rtp(Name)\n - Reads saved patterns from a file"},
     {n, "n(Node)\n - Adds a node"},
     {cn, "cn(Node)\n - Removes a node"},
     {ln, "ln()\n - Lists the nodes"},
     {tracer, "tracer()\ntracer(Type, Data)\n - Starts the process that is told"},
     {trace_port, "trace_port(file, Name)\n - For tracer(port, _): to a file"},
     {trace_client, "trace_client(file, Name)\ntrace_client(file, Name, Handler)\n"
                    " - Reads such a file"},
     {get_tracer, "get_tracer()\nget_tracer(Node)\n - Who is told"},
     {stop, "stop()\n - Ends tracing; patterns stay"},
     {stop_clear, "stop_clear()\n - Ends tracing and clears the patterns"}].
