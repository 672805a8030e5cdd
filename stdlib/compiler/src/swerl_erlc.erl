%%% The part of `erlc' that needs a running system: programs that others rewrite, and listings.
%%% The first plain argument is the list of options as text, the others are files.
-module(swerl_erlc).

-export([main/0]).

-spec main() -> no_return().
main() ->
    [Text | Files] = init:get_plain_arguments(),
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, Options} = erl_parse:parse_term(Tokens),
    halt(compile(Files, Options)).

compile([], _Options) ->
    0;
compile([File | Files], Options) ->
    case compile:file(File, Options) of
        error -> 1;
        {error, _, _} -> 1;
        _ -> compile(Files, Options)
    end.
