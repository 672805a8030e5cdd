%%% error_handler: what happens when a process calls a function that is not there.
%%%
%%% The machine calls `undefined_function/3` and `undefined_lambda/3` in the
%%% process that made the call, in place of the missing function. The module is
%%% loaded if it can be and the call is made again, as a tail call, so that
%%% nothing of this module shows in later stack traces; otherwise the process
%%% gets the `undef` error it would have got without any of this.
-module(error_handler).

-export([undefined_function/3, undefined_lambda/3,
         raise_undef_exception/3, stub_function/3, breakpoint/3]).

undefined_function(Module, Function, Args) ->
    case ensure_loaded(Module) of
        true ->
            case erlang:function_exported(Module, Function, length(Args)) of
                true -> apply(Module, Function, Args);
                false -> handle_undefined(Module, Function, Args)
            end;
        false ->
            raise_undef({Module, Function, Args, []})
    end.

undefined_lambda(Module, Fun, Args) ->
    case ensure_loaded(Module) of
        true -> apply(Fun, Args);
        false -> raise_undef({Fun, Args, []})
    end.

%% A module may take calls to its missing functions itself.
handle_undefined(Module, Function, Args) ->
    Handler = '$handle_undefined_function',
    case erlang:function_exported(Module, Handler, 2) of
        true -> Module:Handler(Function, Args);
        false -> raise_undef({Module, Function, Args, []})
    end.

raise_undef_exception(Module, Function, Args) ->
    raise_undef({Module, Function, Args, []}).

stub_function(Module, Function, Args) ->
    raise_undef({Module, Function, Args, []}).

breakpoint(Module, Function, Args) ->
    raise_undef({Module, Function, Args, []}).

%% The trace begins with the missing function and continues with its caller.
raise_undef(Frame) ->
    try
        erlang:error(undef)
    catch
        error:undef:Trace ->
            erlang:raise(error, undef, [Frame | without_handler(Trace)])
    end.

without_handler([{?MODULE, _, _, _} | Trace]) -> without_handler(Trace);
without_handler(Trace) -> Trace.

%% The code server cannot ask itself, nor be asked for the modules that ask it;
%% and the other processes of the core wake without it. Then only the embedded
%% libraries are within reach.
ensure_loaded(Module) ->
    Self = self(),
    case whereis(code_server) of
        undefined -> load_embedded(Module);
        Self -> load_embedded(Module);
        _ when Module =:= code; Module =:= code_server; Module =:= group ->
            load_embedded(Module);
        _ -> element(1, code:ensure_loaded(Module)) =:= module
    end.

load_embedded(Module) ->
    case erlang:module_loaded(Module) of
        true ->
            true;
        false ->
            case swerl_code:embedded(Module) of
                {ok, Beam} ->
                    %% Others may have been faster.
                    _ = erlang:load_module(Module, Beam),
                    erlang:module_loaded(Module);
                error -> false
            end
    end.
