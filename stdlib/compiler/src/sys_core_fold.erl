%%% The words of what the compiler foresees: clauses that cannot match, calls that must fail, values that
%%% nobody uses. In OTP the module of that name comes upon them while it optimises.
-module(sys_core_fold).

-export([format_error/1]).

-spec format_error(term()) -> string().
format_error({Kind, What}) ->
    lists:flatten(text(Kind, What)).

text(failed, {eval_failure, Call, Reason}) ->
    io_lib:format("~ts will fail with a '~p' exception", [called(Call, "evaluation of", "the call to"), Reason]);
text(failed, bad_unicode) ->
    "binary construction will fail with a 'badarg' exception "
        "(invalid Unicode code point in a utf8/utf16/utf32 segment)";
text(failed, bad_float_size) ->
    "binary construction will fail with a 'badarg' exception (invalid size for a float segment)";
text(failed, embedded_binary_size) ->
    "binary construction will fail with a 'badarg' exception "
        "(field size for binary/bitstring greater than actual size)";
text(failed, {embedded_unit, Unit, Size}) ->
    io_lib:format("binary construction will fail with a 'badarg' exception "
                  "(size ~p cannot be evenly divided by unit ~p)", [Size, Unit]);
text(failed, bad_map_update) ->
    "map update will fail with a 'badmap' exception";
text(failed, bad_call) ->
    "invalid function call";
text(nomatch, {shadow, Line, {Name, Arity}}) ->
    io_lib:format("this clause for ~ts/~B cannot match because a previous clause at line ~p always matches",
                  [Name, Arity, Line]);
text(nomatch, {shadow, Line}) ->
    io_lib:format("this clause cannot match because a previous clause at line ~p always matches", [Line]);
text(nomatch, no_clause) ->
    "no clause will ever match";
text(nomatch, {bit_syntax_truncated, Sign, Value, Size}) ->
    Article = case Sign of signed -> "a"; unsigned -> "an" end,
    io_lib:format("this clause cannot match because the value ~P will not fit in ~s '~s' binary segment "
                  "of size ~p", [Value, 10, Article, Sign, Size]);
text(nomatch, {bit_syntax_unsigned, Value}) ->
    io_lib:format("this clause cannot match because the negative value ~P will never match the value of "
                  "an 'unsigned' binary segment", [Value, 10]);
text(nomatch, What) ->
    ["this clause cannot match because ", because(What)];
text(ignored, useless_building) ->
    "a term is constructed, but never used";
text(ignored, {no_effect, {erlang, F, A} = Call}) ->
    case erl_internal:comp_op(F, A) of
        true -> io_lib:format("use of operator ~p has no effect", [F]);
        false -> io_lib:format("~ts has no effect", [called(Call, "evaluating", "the call to")])
    end;
text(ignored, {result, Call}) ->
    io_lib:format("the result of ~ts is ignored (suppress the warning by assigning the expression to "
                  "the _ variable)", [called(Call, "evaluating", "calling")]).

because(shadow) -> "a previous clause always matches";
because(guard) -> "its guard evaluates to 'false'";
because(clause_type) -> "of different types/sizes";
because({bit_syntax_size, Size}) ->
    io_lib:format("'~P' is not a valid size for a binary segment", [Size, 10]);
because({bit_syntax_type, Value, Type}) ->
    io_lib:format("'~P' is not of the expected type '~p'", [Value, 10, Type]);
because({bit_syntax_unicode, Value}) ->
    io_lib:format("the value ~p is not a valid Unicode code point", [Value]).

%% A call in words; operators have words of their own.
called({erlang, make_fun, 3}, _, _) ->
    "fun construction";
called({Module, Name, Arity}, Evaluating, Calling) ->
    case Module =:= erlang andalso is_operator(Name, Arity) of
        true ->
            io_lib:format("~s operator ~p/~p", [Evaluating, Name, Arity]);
        false ->
            case Module =:= erlang andalso erl_internal:bif(Name, Arity) of
                true -> io_lib:format("~s ~p/~p", [Calling, Name, Arity]);
                false -> io_lib:format("~s ~p:~p/~p", [Calling, Module, Name, Arity])
            end
    end.

is_operator(Name, Arity) ->
    try erl_internal:op_type(Name, Arity) of
        _ -> true
    catch
        error:_ -> false
    end.
