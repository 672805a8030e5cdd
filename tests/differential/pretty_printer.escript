#!/usr/bin/env escript
%%% The text that erl_pp gives for the forms of all sources of an installed Erlang/OTP, by OTP's own module and by another
%%% one, both run by OTP; and whether that text gives the forms again when it is read.
%%%
%%%     escript pretty_printer.escript -module BEAM_FILE [-forms FOLDER] [-show N]
%%%
%%% BEAM_FILE is an erl_pp compiled by `swerl erlc`. The forms are those that otp_sources.escript keeps (its folder of
%%% -keep, and there `otp').
-mode(compile).

main(Arguments) ->
    Options = options(Arguments, #{forms => "/tmp/otp_sources/otp", show => 3}),
    Files = filelib:wildcard(filename:join(maps:get(forms, Options), "*")),
    Own = [texts(File) || File <- Files],
    code:unstick_mod(erl_pp),
    {ok, Beam} = file:read_file(maps:get(module, Options)),
    {module, erl_pp} = code:load_binary(erl_pp, "erl_pp.beam", Beam),
    Others = [texts(File) || File <- Files],
    Differing = [{File, A, B} || {File, A, B} <- lists:zip3(Files, Own, Others), A =/= B],
    [show(One) || One <- lists:sublist(Differing, maps:get(show, Options))],
    io:format("~w files, ~w differ; ~w forms, ~w differ; not the same forms when read: ~w of OTP, ~w of the other~n",
              [length(Files), length(Differing), length(lists:append(Own)), length(differing(Own, Others)),
               changed(Own), changed(Others)]),
    halt(min(length(Differing), 1)).

options([], Options) -> Options;
options(["-module", File | Rest], Options) -> options(Rest, Options#{module => filename:absname(File)});
options(["-forms", Folder | Rest], Options) -> options(Rest, Options#{forms := filename:absname(Folder)});
options(["-show", N | Rest], Options) -> options(Rest, Options#{show := list_to_integer(N)}).

differing(Own, Others) ->
    [A || {A, B} <- lists:zip(lists:append(Own), lists:append(Others)), A =/= B].

changed(Texts) ->
    length([Text || {Text, false} <- lists:append(Texts)]).

texts(File) ->
    {ok, Bytes} = file:read_file(File),
    case binary_to_term(Bytes) of
        {{ok, Forms}, _} -> [text(Form) || Form <- Forms, is_form(Form)];
        _ -> []
    end.

is_form({attribute, _, _, _}) -> true;
is_form({function, _, _, _, _}) -> true;
is_form(_) -> false.

text(Form) ->
    Text = lists:flatten(erl_pp:form(Form)),
    {Text, is_read_again(Text, Form)}.

is_read_again(Text, Form) ->
    case erl_scan:string(Text) of
        {ok, Tokens, _} ->
            case erl_parse:parse_form(Tokens) of
                {ok, Read} -> without_places(Read) =:= without_places(Form);
                {error, _} -> false
            end;
        {error, _, _} ->
            false
    end.

without_places(Form) ->
    erl_parse:map_anno(fun(_) -> erl_anno:new(0) end, Form).

show({File, Own, Others}) ->
    io:format("~ts~n", [File]),
    [io:format("  OTP~n~ts~n  the other~n~ts~n", [A, B])
     || {{A, _}, {B, _}} <- lists:sublist([Pair || {X, Y} = Pair <- lists:zip(Own, Others), X =/= Y], 2)].
