%%% The part of `erlc' that needs a running system: programs that others rewrite, and listings.
%%% The first plain argument is the list of options as text, the others are files.
-module(swerl_erlc).

-export([main/0, describe_features/0]).

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

%% The plain argument is the feature that is asked for; without one it is all of them.
-spec describe_features() -> no_return().
describe_features() ->
    case init:get_plain_arguments() of
        [] ->
            io:format(standard_error, "Available features:~n~s", [[io_lib:format(" ~-18s ~s~n", [Feature, erl_features:short(Feature)])
                                                   || Feature <- erl_features:all()]]);
        [Name] ->
            case [Feature || Feature <- erl_features:all(), atom_to_list(Feature) =:= Name] of
                [Feature] -> io:put_chars(standard_error, erl_features:long(Feature));
                [] -> io:format(standard_error, "Unknown feature: ~ts~n", [Name])
            end
    end,
    halt(1).
