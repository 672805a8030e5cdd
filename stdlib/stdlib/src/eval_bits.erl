%%% The bit syntax, evaluated: building binaries and matching them segment by segment, for
%%% `erl_eval' and whatever else interprets the abstract format.
%%%
%%% Building first evaluates every expression, then makes the segments from the left, as compiled
%%% code does; so the exception is that of the first segment that cannot be made.
-module(eval_bits).

-export([expr_grp/3, expr_grp/4, match_bits/6, match_bits/7, bin_gen/6, bin_gen/7]).

-type bindings() :: erl_eval:binding_struct().
-type evalfun() :: fun((erl_parse:abstract_expr(), bindings()) -> {value, term(), bindings()}).
-type matchfun() :: fun((erl_parse:abstract_expr(), term(), bindings()) ->
                              {match, bindings()} | nomatch).
%% Called with a location, the word `type' and a reason, where a segment is malformed.
-type errorfun() :: fun((erl_anno:anno(), atom(), term()) -> no_return()).

%%% Building.

-spec expr_grp([tuple()], bindings(), evalfun()) -> {value, bitstring(), bindings()}.
expr_grp(Fields, Bs, EvalFun) ->
    expr_grp(Fields, Bs, EvalFun, fun malformed/3).

-spec expr_grp([tuple()], bindings(), evalfun(), errorfun() | list()) ->
          {value, bitstring(), bindings()}.
expr_grp(Fields, Bs, EvalFun, ErrorFun) when is_function(ErrorFun) ->
    expr_grp(Fields, Bs, EvalFun, <<>>, ErrorFun).

%% The frame that users see below create_binary/2.
expr_grp(Fields, Bs0, EvalFun, Acc, ErrorFun) ->
    {Segments, Bs} = segments(Fields, 1, Bs0, EvalFun, ErrorFun, []),
    {value, create_binary(Segments, Acc), Bs}.

%% Evaluates; gives for each segment a fun that makes its bits.
segments([Field | Fields], Pos, Bs0, EvalFun, ErrorFun, Acc) ->
    {Make, Bs} = segment(Field, Pos, Bs0, EvalFun, ErrorFun),
    segments(Fields, Pos + 1, Bs, EvalFun, ErrorFun, [Make | Acc]);
segments([], _Pos, Bs, _EvalFun, _ErrorFun, Acc) ->
    {lists:reverse(Acc), Bs}.

create_binary([Make | Segments], Acc) ->
    Bits = Make(),
    create_binary(Segments, <<Acc/bitstring, Bits/bitstring>>);
create_binary([], Acc) ->
    Acc.

segment({bin_element, A, {string, _, Chars}, Size0, Options}, Pos, Bs0, EvalFun, ErrorFun) ->
    {Size1, [Type, {unit, Unit}, Sign, Endian]} = bit_type(A, Size0, Options, ErrorFun),
    {value, Size, Bs} = EvalFun(Size1, Bs0),
    Make = fun() ->
                   << <<(eval_exp_field1(C, Size, Unit, Type, Endian, Sign, Pos, A, string))
                        /bitstring>> || C <- Chars >>
           end,
    {Make, Bs};
segment({bin_element, A, E, Size0, Options}, Pos, Bs0, EvalFun, ErrorFun) ->
    {value, V, Bs1} = EvalFun(E, Bs0),
    {Size1, [Type, {unit, Unit}, Sign, Endian]} = bit_type(A, Size0, Options, ErrorFun),
    {value, Size, Bs} = EvalFun(Size1, Bs1),
    Make = fun() -> eval_exp_field1(V, Size, Unit, Type, Endian, Sign, Pos, A, value) end,
    {Make, Bs}.

%% How many bits, and which.
eval_exp_field1(V, _Size, _Unit, Type, Endian, _Sign, Pos, _A, _From)
  when Type =:= utf8; Type =:= utf16; Type =:= utf32 ->
    try utf_field(V, Type, Endian)
    catch error:Reason:Stack -> failed_segment(Reason, Pos, {Type, V, none}, Stack)
    end;
eval_exp_field1(V, all, Unit, binary, _Endian, _Sign, Pos, _A, _From) ->
    case bit_size(V) rem Unit of
        0 -> V;
        _ -> raise_segment(badarg, {Pos, binary, unit, {V, Unit}})
    end;
eval_exp_field1(V, Size, Unit, Type, Endian, Sign, Pos, _A, _From) ->
    %% What is no number is a bad argument, as in compiled code.
    try Size * Unit of
        Bits -> eval_exp_field(V, Bits, Type, Endian, Sign, Pos)
    catch
        error:badarith:Stack -> erlang:raise(error, badarg, Stack)
    end.

%% One segment of a known size. A failure names the segment by its place in what was written.
eval_exp_field(V, Bits, integer, Endian, _Sign, Pos) ->
    try integer_field(V, Bits, Endian)
    catch error:Reason:Stack -> failed_segment(Reason, Pos, {integer, V, Bits}, Stack)
    end;
eval_exp_field(V, Bits, float, Endian, _Sign, Pos) ->
    try float_field(V, Bits, Endian)
    catch error:Reason:Stack -> failed_segment(Reason, Pos, {float, V, Bits}, Stack)
    end;
eval_exp_field(V, Bits, binary, _Endian, _Sign, Pos) ->
    try <<V:Bits/bitstring>>
    catch error:Reason:Stack -> failed_segment(Reason, Pos, {binary, V, Bits}, Stack)
    end.

integer_field(V, Bits, big) -> <<V:Bits/big>>;
integer_field(V, Bits, little) -> <<V:Bits/little>>;
integer_field(V, Bits, native) -> <<V:Bits/native>>.

float_field(V, Bits, big) -> <<V:Bits/float-big>>;
float_field(V, Bits, little) -> <<V:Bits/float-little>>;
float_field(V, Bits, native) -> <<V:Bits/float-native>>.

utf_field(V, utf8, _) -> <<V/utf8>>;
utf_field(V, utf16, big) -> <<V/utf16-big>>;
utf_field(V, utf16, little) -> <<V/utf16-little>>;
utf_field(V, utf16, native) -> <<V/utf16-native>>;
utf_field(V, utf32, big) -> <<V/utf32-big>>;
utf_field(V, utf32, little) -> <<V/utf32-little>>;
utf_field(V, utf32, native) -> <<V/utf32-native>>.

%% Raises again, with the place of the segment and the name of the function that users know.
-spec failed_segment(term(), pos_integer(), {atom(), term(), term()}, list()) -> no_return().
failed_segment(Reason, Pos, {Type, V, Bits}, [{?MODULE, _F, _A, Info} | _] = Stack) ->
    Cause = case segment_fault(Type, V, Bits) of
                none -> none;
                {What, Value} -> {Pos, Type, What, Value}
            end,
    raise(Reason, Cause, proplists:delete(error_info, Info), Stack);
failed_segment(Reason, _Pos, _Segment, Stack) ->
    erlang:raise(error, Reason, Stack).

%% What is wrong with a segment: its size, the type of its value, or its value.
segment_fault(_, _, Bits) when is_integer(Bits), Bits < 0 -> {size, Bits};
segment_fault(integer, V, _) when not is_integer(V) -> {type, V};
segment_fault(float, _, Bits) when Bits =/= 16, Bits =/= 32, Bits =/= 64 -> {invalid, Bits};
segment_fault(float, V, _) when not is_number(V) -> {type, V};
segment_fault(float, V, _) -> {no_float, V};
segment_fault(binary, V, _) when not is_bitstring(V) -> {type, V};
segment_fault(binary, V, Bits) when bit_size(V) < Bits -> {short, V};
segment_fault(Type, V, _) when Type =:= utf8; Type =:= utf16; Type =:= utf32 -> {type, V};
segment_fault(_, _, _) -> none.

raise(Reason, none, Info, Stack) ->
    erlang:raise(error, Reason, [{?MODULE, eval_exp_field, 6, Info} | below(Stack)]);
raise(Reason, Cause, Info, Stack) ->
    ErrorInfo = #{cause => Cause, function => format_bs_fail, module => erl_erts_errors},
    erlang:raise(error, Reason,
                 [{?MODULE, eval_exp_field, 6, Info ++ [{error_info, ErrorInfo}]} | below(Stack)]).

raise_segment(Reason, Cause) ->
    ErrorInfo = #{cause => Cause, function => format_bs_fail, module => erl_erts_errors},
    erlang:raise(error, Reason, [{?MODULE, eval_exp_field, 6, [{error_info, ErrorInfo}]}
                                 | below(element(2, process_info(self(), current_stacktrace)))]).

%% The frames from create_binary on.
below(Stack) ->
    case lists:dropwhile(fun({M, F, _, _}) -> {M, F} =/= {?MODULE, create_binary} end, Stack) of
        [] -> tl(Stack);
        Frames -> Frames
    end.

%% Size and specifiers, completed. Raises what a malformed segment deserves.
bit_type(A, Size0, Options, ErrorFun) ->
    case erl_bits:set_bit_type(Size0, Options) of
        {ok, default, Type} -> {{value, A, undefined}, erl_bits:as_list(Type)};
        {ok, Size, Type} when is_tuple(Size) -> {Size, erl_bits:as_list(Type)};
        {ok, Size, Type} -> {{value, A, Size}, erl_bits:as_list(Type)};
        {error, Reason} -> ErrorFun(A, type, Reason)
    end.

-spec malformed(erl_anno:anno(), atom(), term()) -> no_return().
malformed(_A, _What, Reason) ->
    erlang:error(Reason).

%%% Matching.

-spec match_bits([tuple()], bitstring(), bindings(), bindings(), matchfun(), evalfun()) ->
          {match, bindings()} | nomatch.
match_bits(Fields, Bin, Bs, BBs, MatchFun, EvalFun) ->
    match_bits(Fields, Bin, Bs, BBs, MatchFun, EvalFun, fun malformed/3).

%% BBs has the values that sizes may refer to; it grows by what the segments bind.
-spec match_bits([tuple()], bitstring(), bindings(), bindings(), matchfun(), evalfun(),
                 errorfun()) -> {match, bindings()} | nomatch.
match_bits(Fields, Bin, Bs0, BBs, MatchFun, EvalFun, ErrorFun) ->
    case take_segments(Fields, Bin, Bs0, BBs, MatchFun, EvalFun, ErrorFun) of
        {match, <<>>, Bs} -> {match, Bs};
        _ -> nomatch
    end.

%% Takes one element of a binary generator off Bin.
-spec bin_gen(tuple(), bitstring(), bindings(), bindings(), matchfun(), evalfun()) ->
          {match, bitstring(), bindings()} | {nomatch, bitstring()} | done.
bin_gen(Pattern, Bin, Bs, BBs, MatchFun, EvalFun) ->
    bin_gen(Pattern, Bin, Bs, BBs, MatchFun, EvalFun, fun malformed/3).

-spec bin_gen(tuple(), bitstring(), bindings(), bindings(), matchfun(), evalfun(), errorfun()) ->
          {match, bitstring(), bindings()} | {nomatch, bitstring()} | done.
bin_gen({bin, _, Fields}, Bin, Bs0, BBs, MatchFun, EvalFun, ErrorFun) ->
    case take_segments(Fields, Bin, Bs0, BBs, MatchFun, EvalFun, ErrorFun) of
        {match, Rest, Bs} -> {match, Rest, Bs};
        {nomatch, Rest} -> {nomatch, Rest};
        done -> done
    end.

%% done: there are too few bits. {nomatch, Rest}: a value did not match, the sizes did.
take_segments([Field | Fields], Bin, Bs0, BBs0, MatchFun, EvalFun, ErrorFun) ->
    case take_segment(Field, Bin, Bs0, BBs0, MatchFun, EvalFun, ErrorFun) of
        {match, Rest, Bs, BBs} ->
            take_segments(Fields, Rest, Bs, BBs, MatchFun, EvalFun, ErrorFun);
        {nomatch, Rest, BBs} ->
            skip_segments(Fields, Rest, BBs, EvalFun, ErrorFun);
        done ->
            done
    end;
take_segments([], Rest, Bs, _BBs, _MatchFun, _EvalFun, _ErrorFun) ->
    {match, Rest, Bs}.

skip_segments(Fields, Bin, BBs, EvalFun, ErrorFun) ->
    Any = fun(_, _, Bs) -> {match, Bs} end,
    case take_segments(Fields, Bin, [], BBs, Any, EvalFun, ErrorFun) of
        {match, Rest, _} -> {nomatch, Rest};
        Other -> Other
    end.

take_segment({bin_element, A, {string, _, Chars}, Size0, Options}, Bin, Bs, BBs, _MatchFun,
             EvalFun, ErrorFun) ->
    {Size1, [Type, {unit, Unit}, Sign, Endian]} = bit_type(A, Size0, Options, ErrorFun),
    Size = size(Size1, BBs, EvalFun),
    take_string(Chars, {Size, Unit, Type, Sign, Endian}, Bin, Bs, BBs, match);
take_segment({bin_element, A, Pattern, Size0, Options}, Bin, Bs0, BBs0, MatchFun, EvalFun,
             ErrorFun) ->
    {Size1, [Type, {unit, Unit}, Sign, Endian]} = bit_type(A, Size0, Options, ErrorFun),
    Size = size(Size1, BBs0, EvalFun),
    case get_value(Bin, Type, Size, Unit, Sign, Endian) of
        {ok, V, Rest} ->
            case MatchFun(segment_pattern(Pattern, Type), V, Bs0) of
                {match, Bs} -> {match, Rest, Bs, bind(Pattern, V, BBs0)};
                nomatch -> {nomatch, Rest, BBs0}
            end;
        error ->
            done
    end.

%% With a size that cannot be computed, nothing matches.
size(Expr, BBs, EvalFun) ->
    erl_lint:is_guard_expr(Expr) orelse erlang:error(illegal_bitsize),
    try EvalFun(Expr, BBs) of
        {value, Size, _} -> Size
    catch
        error:{unbound_var, _} = Reason:Stack -> erlang:raise(error, Reason, Stack);
        error:_ -> impossible
    end.

take_string([C | Cs], {Size, Unit, Type, Sign, Endian} = How, Bin, Bs, BBs, Sofar) ->
    case get_value(Bin, Type, Size, Unit, Sign, Endian) of
        {ok, C, Rest} -> take_string(Cs, How, Rest, Bs, BBs, Sofar);
        {ok, V, Rest} when is_float(V), V == C -> take_string(Cs, How, Rest, Bs, BBs, Sofar);
        {ok, _, Rest} -> take_string(Cs, How, Rest, Bs, BBs, nomatch);
        error -> done
    end;
take_string([], _How, Rest, Bs, BBs, match) ->
    {match, Rest, Bs, BBs};
take_string([], _How, Rest, _Bs, BBs, nomatch) ->
    {nomatch, Rest, BBs}.

%% A literal integer matches a float segment of the same value.
segment_pattern({integer, A, I}, float) -> {float, A, float(I)};
segment_pattern(Pattern, _Type) -> Pattern.

bind({var, _, '_'}, _V, BBs) -> BBs;
bind({var, _, Name}, V, BBs) -> erl_eval:add_binding(Name, V, BBs);
bind(_, _V, BBs) -> BBs.

%% The value at the front of Bin, and what follows it.
get_value(Bin, integer, Size, Unit, Sign, Endian) when is_integer(Size), Size >= 0 ->
    Bits = Size * Unit,
    case Bin of
        <<Field:Bits/bitstring, Rest/bitstring>> -> {ok, get_integer(Field, Bits, Sign, Endian), Rest};
        _ -> error
    end;
get_value(Bin, float, Size, Unit, _Sign, Endian) when is_integer(Size), Size >= 0 ->
    get_float(Bin, Size * Unit, Endian);
get_value(Bin, utf8, undefined, _Unit, _Sign, _Endian) ->
    case Bin of
        <<C/utf8, Rest/bitstring>> -> {ok, C, Rest};
        _ -> error
    end;
get_value(Bin, utf16, undefined, _Unit, _Sign, Endian) ->
    get_utf16(Bin, Endian);
get_value(Bin, utf32, undefined, _Unit, _Sign, Endian) ->
    get_utf32(Bin, Endian);
get_value(Bin, binary, all, Unit, _Sign, _Endian) when bit_size(Bin) rem Unit =:= 0 ->
    {ok, Bin, <<>>};
get_value(Bin, binary, Size, Unit, _Sign, _Endian) when is_integer(Size), Size >= 0 ->
    Bits = Size * Unit,
    case Bin of
        <<Field:Bits/bitstring, Rest/bitstring>> -> {ok, Field, Rest};
        _ -> error
    end;
get_value(_Bin, _Type, _Size, _Unit, _Sign, _Endian) ->
    error.

get_integer(Field, Bits, signed, little) -> <<I:Bits/signed-little>> = Field, I;
get_integer(Field, Bits, signed, native) -> <<I:Bits/signed-native>> = Field, I;
get_integer(Field, Bits, signed, big) -> <<I:Bits/signed-big>> = Field, I;
get_integer(Field, Bits, unsigned, little) -> <<I:Bits/little>> = Field, I;
get_integer(Field, Bits, unsigned, native) -> <<I:Bits/native>> = Field, I;
get_integer(Field, Bits, unsigned, big) -> <<I:Bits/big>> = Field, I.

get_float(Bin, Bits, big) ->
    case Bin of
        <<F:Bits/float-big, Rest/bitstring>> -> {ok, F, Rest};
        _ -> error
    end;
get_float(Bin, Bits, little) ->
    case Bin of
        <<F:Bits/float-little, Rest/bitstring>> -> {ok, F, Rest};
        _ -> error
    end;
get_float(Bin, Bits, native) ->
    case Bin of
        <<F:Bits/float-native, Rest/bitstring>> -> {ok, F, Rest};
        _ -> error
    end.

get_utf16(Bin, Endian) ->
    case {Endian, Bin} of
        {big, <<C/utf16-big, Rest/bitstring>>} -> {ok, C, Rest};
        {little, <<C/utf16-little, Rest/bitstring>>} -> {ok, C, Rest};
        {native, <<C/utf16-native, Rest/bitstring>>} -> {ok, C, Rest};
        _ -> error
    end.

get_utf32(Bin, Endian) ->
    case {Endian, Bin} of
        {big, <<C/utf32-big, Rest/bitstring>>} -> {ok, C, Rest};
        {little, <<C/utf32-little, Rest/bitstring>>} -> {ok, C, Rest};
        {native, <<C/utf32-native, Rest/bitstring>>} -> {ok, C, Rest};
        _ -> error
    end.
