%%% The text of the report of a state machine that ended.
-module(swerl_statem_text).

-import(swerl_report_text, [control/1, args/2]).
-export([log_format/2]).

%% The format and its arguments, made from a list of pieces: text, or a value to be printed.
log_format(#{label := {gen_statem, terminate}, reason := {Class, Reason0, Stack0}} = Report, Options) ->
    {Reason, Stack} = missing_code(Class, Reason0, Stack0),
    Pieces = case Options of
                 #{single_line := true} -> sentence(Report, Reason, Stack);
                 _ -> lines(Report, Class, Reason, Stack)
             end,
    P = control(Options),
    {lists:append([case Piece of {value, _} -> P; _ -> Piece end || Piece <- Pieces]),
     lists:append([args(Value, Options) || {value, Value} <- Pieces])}.

lines(#{name := Name, queue := Queue, postponed := Postponed, modules := Modules, state := State,
        timeouts := Timeouts, log := Log, client_info := Client} = Report, Class, Reason, Stack) ->
    ["** State machine ", {value, Name}, " terminating~n"]
        ++ [Piece || [Event | _] <- [Queue], Piece <- ["** Last event = ", {value, Event}, "~n"]]
        ++ ["** When server state  = ", {value, State},
            "~n** Reason for termination = ", {value, Class}, ":", {value, Reason},
            "~n** Callback modules = ", {value, Modules},
            "~n** Callback mode = ", {value, mode(Report)}, "~n"]
        ++ [Piece || [_ | [_ | _] = Events] <- [Queue], Piece <- ["** Queued = ", {value, Events}, "~n"]]
        ++ [Piece || Postponed =/= [], Piece <- ["** Postponed = ", {value, Postponed}, "~n"]]
        ++ [Piece || Stack =/= [], Piece <- ["** Stacktrace =~n**  ", {value, Stack}, "~n"]]
        ++ [Piece || element(1, Timeouts) > 0, Piece <- ["** Time-outs: ", {value, Timeouts}, "~n"]]
        ++ [Piece || Log =/= [], Piece <- ["** Log =~n**  ", {value, Log}, "~n"]]
        ++ client_lines(Client).

client_lines(undefined) -> [];
client_lines({Pid, dead}) -> ["** Client ", {value, Pid}, " is dead~n"];
client_lines({Pid, remote}) -> ["** Client ", {value, Pid}, " is remote on node ", {value, node(Pid)}, "~n"];
client_lines({_, {Name, Stack}}) -> ["** Client ", {value, Name}, " stacktrace~n** ", {value, Stack}, "~n"].

sentence(#{name := Name, queue := Queue, state := State, log := Log, client_info := Client}, Reason, Stack) ->
    ["State machine ", {value, Name}, " terminating. Reason: ", {value, Reason}, "."]
        ++ [Piece || Stack =/= [], Piece <- [" Stack: ", {value, Stack}, "."]]
        ++ [Piece || [Event | _] <- [Queue], Piece <- [" Last event: ", {value, Event}, "."]]
        ++ [" State: ", {value, State}, "."]
        ++ [Piece || Log =/= [], Piece <- [" Log: ", {value, Log}, "."]]
        ++ client_sentence(Client).

client_sentence(undefined) -> [];
client_sentence({Pid, dead}) -> [" Client ", {value, Pid}, " is dead."];
client_sentence({Pid, remote}) -> [" Client ", {value, Pid}, " is remote on node ", {value, node(Pid)}, "."];
client_sentence({_, {Name, Stack}}) -> [" Client ", {value, Name}, " stacktrace: ", {value, Stack}, "."].

mode(#{callback_mode := Mode, state_enter := true}) -> [Mode, state_enter];
mode(#{callback_mode := Mode}) -> Mode.

%% Says so where a function was not found because its module could not be loaded.
missing_code(error, undef, [{M, F, A, _} | Rest] = Stack) ->
    Arity = if is_list(A) -> length(A); true -> A end,
    case code:is_loaded(M) of
        false -> {{'module could not be loaded', M}, Rest};
        _ ->
            case erlang:function_exported(M, F, Arity) of
                true -> {undef, Stack};
                false -> {{'function not exported', {M, F, Arity}}, Rest}
            end
    end;
missing_code(_, Reason, Stack) ->
    {Reason, Stack}.
