%%% Restricted shells: a callback module decides which calls the user may make.
-module(swerl_shell_restricted).

-export([handlers/3]).

%% The handlers of local and other calls, with the question to Module put before them.
-spec handlers(pid(), module(), {term(), term()}) -> {term(), term()}.
handlers(_Shell, Module, {{eval, Local}, {value, NonLocal}}) ->
    Ef = {value, fun(Function, As) ->
                         allow(Module, non_local_allowed, Function, As),
                         NonLocal(Function, As)
                 end},
    Lf = {eval, fun(Function, As, Bs) ->
                        always(Function, As) orelse allow(Module, local_allowed, Function, As),
                        Local(Function, As, Bs)
                end},
    {Lf, Ef}.

%% Without these no one could leave, or see what is there.
always(b, []) -> true;
always(f, [_]) -> true;
always(f, []) -> true;
always(h, []) -> true;
always(e, [_]) -> true;
always(v, [_]) -> true;
always(exit, []) -> true;
always(_, _) -> false.

allow(Module, Question, Function, As) ->
    State = get(restricted_shell_state),
    case Module:Question(Function, As, State) of
        {true, NewState} ->
            put(restricted_shell_state, NewState),
            true;
        {{redirect, _, _}, NewState} ->
            put(restricted_shell_state, NewState),
            true;
        {false, NewState} ->
            put(restricted_shell_state, NewState),
            exit({restricted_shell_disallowed, {Function, As}});
        Other ->
            exit({restricted_shell_bad_return, Other})
    end.
