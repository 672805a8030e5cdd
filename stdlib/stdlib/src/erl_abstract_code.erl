%%% The backend of debug information in the form of Erlang's abstract code.
-module(erl_abstract_code).

-export([debug_info/4]).

%% @doc The abstract code of a module's debug information, in the wanted format.
debug_info(_, _, {none, _}, _) -> {error, missing};
debug_info(erlang_v1, _, {Forms, _}, _) -> {ok, Forms};
debug_info(core_v1, _, {Forms, CompilerOptions}, Options) ->
    case compile:noenv_forms(Forms, [to_core | CompilerOptions ++ Options]) of
        {ok, _, Core, _} -> {ok, Core};
        {ok, _, Core} -> {ok, Core};
        _ -> {error, failed_conversion}
    end;
debug_info(_, _, _, _) -> {error, unknown_format}.
