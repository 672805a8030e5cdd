%%% erts_code_purger: getting rid of old code.
%%%
%%% The machine asks each process whether it still runs the old code of a
%%% module, in that process's own turn; the caller waits for the answers.
-module(erts_code_purger).

-export([purge/1, soft_purge/1]).

%% {HadOldCode, KilledAProcess}.
purge(Module) ->
    erts_internal:purge_module(Module, kill).

%% Whether the old code is gone: not if a process still needs it.
soft_purge(Module) ->
    case erts_internal:purge_module(Module, soft) of
        {_HadOld, _Killed} -> true;
        false -> false
    end.
