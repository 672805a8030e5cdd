%%% What was wrong with the arguments of functions of the application stdlib. Tables and devices
%%% have modules of their own: `swerl_ets_faults' and `swerl_io_faults'.
-module(erl_stdlib_errors).

-export([format_error/2]).

-import(swerl_argument_fault, [binary/1, fun_/2, int/1, int/3, iodata/1, list/1, map_/1, non_neg_int/1,
                         number/1]).

-define(RANGE, "out of range").

%% The faults of the arguments, by their numbers, and of the call in general.
-spec format_error(term(), erlang:stacktrace()) ->
          #{pos_integer() | general => unicode:chardata()}.
format_error(_Reason, [{M, F, As, Info} | _]) ->
    Cause = maps:get(cause, proplists:get_value(error_info, Info, #{}), none),
    case M of
        binary -> swerl_argument_fault:map(binary_faults(F, As, Cause));
        ets -> swerl_argument_fault:map(swerl_ets_faults:faults(F, As, Cause));
        lists -> swerl_argument_fault:map(lists_faults(F, As));
        maps -> swerl_argument_fault:map(maps_faults(F, As));
        math -> swerl_argument_fault:map(math_faults(F, As));
        re -> swerl_argument_fault:map(re_faults(F, As, Cause));
        unicode -> swerl_argument_fault:map(unicode_faults(As));
        io -> swerl_io_faults:map(F, As, Cause);
        _ -> #{}
    end.

%%% binary

binary_faults(at, [Bin, Pos], _) -> [bytes(Bin), non_neg_int(Pos)];
binary_faults(bin_to_list, [Bin], _) -> [bytes(Bin)];
binary_faults(bin_to_list, As, Cause) -> binary_faults(part, As, Cause);
binary_faults(compile_pattern, [_], _) -> ["not a valid pattern"];
binary_faults(copy, [Bin | Times], _) -> [bytes(Bin) | [non_neg_int(N) || N <- Times]];
binary_faults(decode_unsigned, [Bin | Endian], _) -> [bytes(Bin) | [endian(E) || E <- Endian]];
binary_faults(encode_unsigned, [N | Endian], _) -> [non_neg_int(N) | [endian(E) || E <- Endian]];
binary_faults(encode_hex, [Bin | _], _) -> [bytes(Bin)];
binary_faults(decode_hex, [Bin], _) when is_binary(Bin), byte_size(Bin) rem 2 =:= 1 ->
    ["must contain an even number of bytes"];
binary_faults(decode_hex, [Bin], _) -> [bytes(Bin)];
binary_faults(unhex, [Bin], _) -> [[Bin, " is not a valid hex"]];
binary_faults(F, [Bin], _) when F =:= first; F =:= last ->
    [if is_binary(Bin), byte_size(Bin) =:= 0 -> "a zero-sized binary is not allowed";
        true -> bytes(Bin)
     end];
binary_faults(list_to_bin, [_], _) -> ["not an iodata term"];
binary_faults(F, [_], _) when F =:= longest_common_prefix; F =:= longest_common_suffix ->
    ["not a flat list of binaries"];
binary_faults(F, [Bin, Pattern | Options], _) when F =:= match; F =:= matches ->
    case [bytes(Bin), pattern(Pattern)] of
        ["", ""] ->
            case Options of
                [[{scope, {Start, Length}}]] when is_integer(Start), is_integer(Length) ->
                    ["", "", "specified part is not wholly inside binary"];
                [_] -> ["", "", "invalid options"];
                [] -> []
            end;
        Faults -> Faults
    end;
binary_faults(part, [Bin, {Pos, Len}], Cause) when is_integer(Pos), is_integer(Len) ->
    case binary_faults(part, [Bin, Pos, Len], Cause) of
        [Fault, "", ""] -> [Fault];
        [Fault | _] -> [Fault, ?RANGE]
    end;
binary_faults(part, [Bin, _], _) -> [bytes(Bin), "not a valid {Pos,Length} tuple"];
binary_faults(part, [Bin, Pos, Len], _) ->
    case [bytes(Bin), non_neg_int(Pos), int(Len)] of
        ["", "", ""] when Pos > byte_size(Bin) -> ["", ?RANGE];
        ["", "", ""] -> ["", "", ?RANGE];
        Faults -> Faults
    end;
binary_faults(referenced_byte_size, [Bin], _) -> [bytes(Bin)];
binary_faults(split, [Bin, Pattern | Options], _) ->
    case [bytes(Bin), pattern(Pattern)] of
        ["", ""] -> ["", "" | ["invalid options" || _ <- Options]];
        Faults -> Faults
    end;
binary_faults(replace, [Bin, Pattern, With | Options], Cause) ->
    Faults = [bytes(Bin), pattern(Pattern), bytes(With)],
    case Options of
        [_] when Cause =:= badopt; Faults =:= ["", "", ""] -> Faults ++ ["invalid options"];
        _ -> Faults
    end;
binary_faults(_, _, _) -> [].

bytes(V) when is_bitstring(V), not is_binary(V) -> "is a bitstring (expected a binary)";
bytes(V) -> binary(V).

endian(big) -> "";
endian(little) -> "";
endian(_) -> "must be 'big' or 'little'".

pattern(V) ->
    try binary:match(<<"a">>, V) of
        _ -> ""
    catch
        error:_ -> "not a valid pattern"
    end.

%%% lists

lists_faults(F, [_, Pos, List]) when F =:= keyfind; F =:= keymember; F =:= keysearch ->
    ["", int(Pos, 1, infinity), list(List)];
lists_faults(member, [_, List]) -> ["", list(List)];
lists_faults(reverse, [List, _]) -> [list(List)];
lists_faults(seq, [First, Last]) -> [int(First), int(Last)];
lists_faults(seq, [First, Last, Step]) ->
    case [int(First), int(Last), int(Step)] of
        ["", "", ""] when Step =< 0, First - Step =< Last -> ["", "", "not a positive increment"];
        ["", "", ""] -> ["", "", "not a negative increment"];
        Faults -> Faults
    end;
lists_faults(_, _) -> [].

%%% maps

maps_faults(F, [Fun, Map])
  when F =:= map; F =:= filter; F =:= filtermap; F =:= foreach ->
    [fun_(Fun, 2), map_or_iterator(Map)];
maps_faults(fold, [Fun, _, Map]) -> [fun_(Fun, 3), "", map_or_iterator(Map)];
maps_faults(from_keys, [List, _]) -> [list(List)];
maps_faults(from_list, [List]) -> [list(List)];
maps_faults(get, [_, Map]) when is_map(Map) -> ["not present in map"];
maps_faults(groups_from_list, [Fun, List]) -> [fun_(Fun, 1), list(List)];
maps_faults(groups_from_list, [Fun1, Fun2, List]) ->
    [fun_(Fun1, 1), fun_(Fun2, 1), list(List)];
maps_faults(F, [Map1, Map2]) when F =:= intersect; F =:= merge -> [map_(Map1), map_(Map2)];
maps_faults(F, [Fun, Map1, Map2]) when F =:= intersect_with; F =:= merge_with ->
    [fun_(Fun, 3), map_(Map1), map_(Map2)];
maps_faults(next, [_]) -> ["not a valid iterator"];
maps_faults(F, [_])
  when F =:= iterator; F =:= keys; F =:= size; F =:= to_list; F =:= values ->
    ["not a map"];
maps_faults(F, [_, _]) when F =:= find; F =:= get; F =:= is_key; F =:= remove; F =:= take ->
    ["", "not a map"];
maps_faults(get, [_, _, _]) -> ["", "not a map"];
maps_faults(F, [_, _, _]) when F =:= put; F =:= update -> ["", "", "not a map"];
maps_faults(update_with, [_, Fun, Map]) -> ["", fun_(Fun, 1), map_(Map)];
maps_faults(update_with, [_, Fun, _, Map]) -> ["", fun_(Fun, 1), "", map_(Map)];
maps_faults(F, [List, Map]) when F =:= with; F =:= without -> [list(List), map_(Map)];
maps_faults(_, _) -> [].

map_or_iterator(V) when is_map(V) -> "";
map_or_iterator(V) ->
    try maps:next(V) of
        _ -> ""
    catch
        error:_ -> "not a map or an iterator"
    end.

%%% math

maths_domain() -> [acos, acosh, asin, atanh, log, log2, log10, sqrt].

math_faults(fmod, [A, B]) ->
    case [number(A), number(B)] of
        ["", ""] when B == 0 -> ["", "is outside the domain for this function"];
        Faults -> Faults
    end;
math_faults(F, [A]) ->
    case number(A) of
        "" ->
            case lists:member(F, maths_domain()) of
                true -> ["is outside the domain for this function"];
                false -> []
            end;
        Fault -> [Fault]
    end;
math_faults(_, As) ->
    [number(A) || A <- As].

%%% re

re_faults(compile, [_], _) ->
    ["not an iodata term"];
re_faults(compile, [Pattern, _], Cause) ->
    Fault = try re:compile(Pattern) of
                {ok, _} -> "";
                {error, Reason} -> bad_pattern(Reason)
            catch
                _:_ -> "not an iodata term"
            end,
    [Fault | ["invalid options" || Cause =:= badopt]];
re_faults(inspect, [Compiled, Item], _) ->
    Fault = try re:inspect(Compiled, namelist) of
                _ -> ""
            catch
                error:_ -> "not a compiled regular expression"
            end,
    [Fault | ["not a valid item" || Fault =:= "" orelse not is_atom(Item)]];
re_faults(replace, [Subject, Pattern, With | _], Cause) ->
    [iodata(Subject), regexp(Pattern), iodata(With) | ["invalid options" || Cause =:= badopt]];
re_faults(_, [Subject, Pattern | _], Cause) ->
    [iodata(Subject), regexp(Pattern) | ["invalid options" || Cause =:= badopt]];
re_faults(_, _, _) ->
    [].

bad_pattern({Text, Column}) ->
    io_lib:format("could not parse regular expression~n~ts on character ~p", [Text, Column]).

regexp(V) ->
    try re:compile(V) of
        {ok, _} -> "";
        {error, Reason} -> bad_pattern(Reason)
    catch
        error:_ ->
            try re:run("", V) of
                _ -> ""
            catch
                error:_ -> "neither an iodata term nor a compiled regular expression"
            end
    end.

%%% unicode

unicode_faults([_]) -> ["not valid character data (an iodata term)"];
unicode_faults([Chars | Encodings]) ->
    [swerl_io_faults:character_data(Chars) | [encoding(E) || E <- Encodings]].

encoding(V) ->
    try unicode:characters_to_binary(<<"a">>, V) of
        _ -> ""
    catch
        error:_ -> "not a valid encoding"
    end.
