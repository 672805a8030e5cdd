%%% Functions that should not be called any more. The compiler knows them.
-module(otp_internal).

-export([obsolete/3]).

%% What to do instead of calling a function, or `no' where there is nothing wrong with it.
-spec obsolete(module(), atom(), arity()) ->
          no | {deprecated, string()} | {deprecated, string(), string()} | {removed, string()}.
obsolete(Module, Function, Arity) ->
    swerl_lang:obsolete(Module, Function, Arity).
