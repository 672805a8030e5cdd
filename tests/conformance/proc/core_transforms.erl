%% Modules that rewrite the program in Core Erlang: the option and the attribute core_transform.
-module(core_transforms).
-export([main/0, core_transform/2]).

core_transform(Core, Options) ->
    io:format("~p ~p~n", [cerl:concrete(cerl:module_name(Core)), lists:member(debug_info, Options)]),
    case lists:member(failing, Options) of
        true -> error(wanted);
        false -> ok
    end,
    cerl_trees:map(fun(Node) ->
                           case cerl:is_literal(Node) andalso cerl:concrete(Node) of
                               42 -> cerl:ann_c_int(cerl:get_ann(Node), 43);
                               _ -> Node
                           end
                   end, Core).

main() ->
    Forms = forms("-module(changed). -export([f/1]). -vsn(3). f(X) -> {X, 42}."),
    load(compile:forms(Forms, [debug_info, return, {core_transform, ?MODULE}])),
    load(compile:forms(forms("-module(changed). -export([f/1]). -compile({core_transform, core_transforms}). "
                             "f(X) -> Y = X, [42 | X]."), [return])),
    {ok, changed, Core} = compile:forms(Forms, [to_core, binary]),
    load(compile:forms(Core, [from_core, {core_transform, ?MODULE}])),
    {ok, changed, Changed} = compile:forms(Forms, [to_core, binary, {core_transform, ?MODULE}]),
    load(compile:forms(Changed, [from_core])),
    {error, [{_, [{none, compile, {core_transform, ?MODULE, {error, wanted, _}} = Fault}]}], []} =
        compile:forms(Forms, [return, failing, {core_transform, ?MODULE}]),
    io:format("~ts", [hd(string:split(compile:format_error(Fault), "\n  in"))]),
    {error, [{_, [{none, compile, {core_transform, nowhere_to_be_found, {error, undef, _}}}]}], []} =
        compile:forms(Forms, [return, {core_transform, nowhere_to_be_found}]),
    error = compile:forms(Forms, [{core_transform, nowhere_to_be_found}]),
    io:format("~n").

forms(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    forms(Tokens, []).

forms([], []) ->
    [];
forms([{dot, _} = Dot | Tokens], Form) ->
    {ok, Parsed} = erl_parse:parse_form(lists:reverse([Dot | Form])),
    [Parsed | forms(Tokens, [])];
forms([Token | Tokens], Form) ->
    forms(Tokens, [Token | Form]).

load(Result) ->
    Code = element(3, Result),
    {module, changed} = code:load_binary(changed, "changed.beam", Code),
    {ok, {changed, [{abstract_code, Kept}]}} = beam_lib:chunks(Code, [abstract_code]),
    io:format("~p ~p ~p~n", [changed:f([]), Kept =:= no_abstract_code orelse length(element(2, Kept)),
                             [Warnings || {ok, _, _, Warnings} <- [Result]]]).
