%%% Parsing of expressions in which pids, ports, references and external funs may be written as the
%%% shell prints them: `<0.84.0>', `#Port<0.5>', `#Ref<0.1.2.3>', `fun lists:map/2'.
%%%
%%% The tokens of such a form must carry their text and stand side by side. Each form is replaced
%%% by a variable before parsing, and the variable by its value after.
-module(swerl_erl_eval_extended).

-export([parse_exprs/1, parse_term/1, eval_str/1]).

%% Parses expressions; the bindings give the values of the variables put in.
-spec parse_exprs([erl_scan:token()]) ->
          {ok, [erl_parse:abstract_expr()], erl_eval:binding_struct()}
        | {error, {erl_anno:location(), module(), term()}}.
parse_exprs(Tokens0) ->
    Tokens = replace(Tokens0),
    case swerl_lang:parse_exprs(strip(Tokens)) of
        {ok, Exprs} -> {ok, Exprs, erl_eval:new_bindings()};
        {error, _} = Error -> Error
    end.

%% Parses one term.
-spec parse_term([erl_scan:token()]) ->
          {ok, term()} | {error, {erl_anno:location(), module(), term()}}.
parse_term(Tokens0) ->
    Tokens = replace(Tokens0),
    case swerl_lang:parse_exprs(strip(Tokens)) of
        {ok, [Expr]} ->
            try {ok, term(Expr)}
            catch error:_ -> {error, {location(Expr), erl_parse, "bad term"}}
            end;
        {ok, [_, Expr | _]} -> {error, {location(Expr), erl_parse, "bad term"}};
        {error, _} = Error -> Error
    end.

location(Expr) -> erl_anno:location(element(2, Expr)).

term({call, _, {atom, _, F}, [{string, _, Text}]})
  when F =:= list_to_pid; F =:= list_to_port; F =:= list_to_ref ->
    erlang:F(Text);
term({'fun', _, {function, {atom, _, M}, {atom, _, F}, {integer, _, A}}}) ->
    erlang:make_fun(M, F, A);
term(Expr) ->
    erl_parse:normalise(Expr).

%% Puts calls of list_to_pid and the like in place of printed forms.
replace([{'<', A} = First | Rest] = Tokens) ->
    printed(Tokens, {'<', A}, list_to_pid, First, Rest);
replace([{'#', A} = First, {var, _, Kind}, {'<', _} | _] = [_ | Rest])
  when Kind =:= 'Ref'; Kind =:= 'Port' ->
    printed([First | Rest], {'#', A}, converter(Kind), First, Rest);
replace([Token | Rest]) ->
    [Token | replace(Rest)];
replace([]) ->
    [].

converter('Ref') -> list_to_ref;
converter('Port') -> list_to_port.

printed(Tokens, {_, A}, Converter, First, Rest) ->
    case closing(Tokens, []) of
        {ok, Text, After} ->
            try erlang:Converter(Text) of
                _ ->
                    [{atom, A, Converter}, {'(', A}, {string, A, Text}, {')', A} | replace(After)]
            catch
                error:_ -> [First | replace(Rest)]
            end;
        error ->
            [First | replace(Rest)]
    end.

%% The text from here through the next `>', if only numbers and dots come before it.
closing([{'>', _} | Rest], Acc) ->
    {ok, lists:append(lists:reverse([">" | Acc])), Rest};
closing([Token | Rest], Acc) ->
    case printable_part(Token, Acc =:= []) of
        true ->
            case erl_scan:text(Token) of
                Text when is_list(Text) -> closing(Rest, [Text | Acc]);
                undefined -> error
            end;
        false ->
            error
    end;
closing([], _Acc) ->
    error.

printable_part({'<', _}, _) -> true;
printable_part({'#', _}, First) -> First;
printable_part({var, _, Kind}, _) -> Kind =:= 'Ref' orelse Kind =:= 'Port';
printable_part({'.', _}, _) -> true;
printable_part({float, _, _}, _) -> true;
printable_part({integer, _, _}, _) -> true;
printable_part(_, _) -> false.

%% Tokens without their text, so that the parsed form carries locations alone.
strip(Tokens) ->
    [setelement(2, Token, erl_anno:new(erl_scan:location(Token))) || Token <- Tokens].

%%% Evaluating text.

eval_str(Str) when is_binary(Str) ->
    eval_str(unicode:characters_to_list(Str));
eval_str(Str) when is_list(Str) ->
    case erl_scan:tokens([], Str, 0) of
        {more, _} -> {error, "Incomplete form (missing .<cr>)??"};
        {done, {ok, Toks, _}, Rest} ->
            case lists:all(fun(C) -> lists:member(C, "\s\t\r\n") end, Rest) of
                true -> eval_tokens(Toks);
                false -> {error, lists:flatten(io_lib:format("Non-white space found after end-of-form :~ts", [Rest]))}
            end;
        {done, {error, {_, Mod, Reason}, _}, _} ->
            {error, lists:flatten(Mod:format_error(Reason))};
        {done, {eof, _}, _} -> {error, "Incomplete form (missing .<cr>)??"}
    end.

eval_tokens(Toks) ->
    case erl_parse:parse_exprs(Toks) of
        {ok, Exprs} ->
            try erl_eval:exprs(Exprs, erl_eval:new_bindings()) of
                {value, V, _} -> {ok, lists:flatten(io_lib:format("~tp", [V]))}
            catch
                _:Reason -> {error, lists:flatten(io_lib:format("~tp", [Reason]))}
            end;
        {error, {_, Mod, Reason}} ->
            {error, lists:flatten(Mod:format_error(Reason))}
    end.
