%%% Exceptions as text: what happened in a sentence, then the stack, then what was wrong with the
%%% arguments of a built-in function.
%%%
%%% All texts are laid out from a column on; terms are formatted by a function of the caller, which
%%% is told where they start. Nothing here ends with a newline.
-module(erl_error).

-export([format_exception/3, format_exception/4, format_exception/6, format_exception/7,
         format_exception/8, format_stacktrace/4, format_stacktrace/5, format_call/4,
         format_call/5, format_fun/1, format_fun/2]).

-export_type([format_options/0, format_fun/0, stack_trim_fun/0]).

-type column() :: pos_integer().
-type encoding() :: latin1 | unicode | utf8.
-type format_fun() :: fun((term(), column()) -> iolist())
                    | fun((term(), column(), integer()) -> {iolist(), integer()}).
-type stack_trim_fun() :: fun((module(), atom(), arity()) -> boolean()).
-type format_options() :: #{column => column(), stack_trim_fun => stack_trim_fun(),
                            format_fun => format_fun()}.

%% How to write: the text that lines start with, the formatter of terms, the encoding.
-record(style, {indent = "" :: string(),
                format :: fun((term(), column(), integer()) -> {iolist(), integer()}),
                encoding = latin1 :: encoding()}).

%%% Exceptions.

-spec format_exception(error | exit | throw, term(), erlang:stacktrace()) ->
          unicode:chardata().
format_exception(Class, Reason, Stack) ->
    format_exception(Class, Reason, Stack, #{}).

-spec format_exception(error | exit | throw, term(), erlang:stacktrace(), format_options()) ->
          unicode:chardata().
format_exception(Class, Reason, Stack, Options) ->
    Column = maps:get(column, Options, 1),
    Trim = maps:get(stack_trim_fun, Options, fun(_, _, _) -> false end),
    Format = maps:get(format_fun, Options,
                      fun(Term, I) -> io_lib:print(Term, I, 80, 30) end),
    format_exception(Column, Class, Reason, Stack, Trim, Format, unicode).

-spec format_exception(column(), error | exit | throw, term(), erlang:stacktrace(),
                       stack_trim_fun(), format_fun()) -> iolist().
format_exception(Column, Class, Reason, Stack, Trim, Format) ->
    format_exception(Column, Class, Reason, Stack, Trim, Format, latin1).

-spec format_exception(column(), error | exit | throw, term(), erlang:stacktrace(),
                       stack_trim_fun(), format_fun(), encoding()) -> unicode:chardata().
format_exception(Column, Class, Reason, Stack, Trim, Format, Encoding) ->
    format_exception(Column, Class, Reason, Stack, Trim, with_limit(Format), Encoding, -1).

%% With a limit on the number of characters; a negative one is none. A third of it is for the
%% stack.
-spec format_exception(column(), error | exit | throw, term(), erlang:stacktrace(),
                       stack_trim_fun(), format_fun(), encoding(), integer()) ->
          unicode:chardata().
format_exception(Column, Class, Reason0, Stack0, Trim, Format, Encoding, Limit) ->
    Style = #style{indent = spaces(Column - 1), format = with_limit(Format), encoding = Encoding},
    {Reason, Head, Stack} = analyse(Class, Reason0, Stack0),
    Info = extended_info(Reason0, Stack),
    StackText = stack_text(Stack, Trim, Style, third(Limit), Info),
    Left = minus(minus(Limit, exception_title(Class), Style), StackText, Style),
    Sentence = case maps:find(reason, Info) of
                   {ok, Text} -> Text;
                   error -> explain(Reason, Class, Head, Style, Left)
               end,
    Explained = [exception_title(Class), Sentence],
    case StackText of
        [] -> Explained;
        _ -> [Explained, $\n, StackText]
    end.

with_limit(Format) when is_function(Format, 2) ->
    fun(Term, Column, Limit) -> {Format(Term, Column), Limit} end;
with_limit(Format) when is_function(Format, 3) ->
    Format.

third(Limit) when Limit < 0 -> Limit;
third(Limit) -> Limit div 3.

%% What is left of a limit after a text.
minus(Limit, _Text, _Style) when Limit < 0 -> Limit;
minus(Limit, Text, Style) -> max(0, Limit - text_size(Text, Style)).

text_size(Text, #style{encoding = latin1}) -> iolist_size(Text);
text_size(Text, _) -> string:length(Text).

exception_title(error) -> "exception error: ";
exception_title(exit) -> "exception exit: ";
exception_title(throw) -> "exception throw: ".

%% The reason, the frame that is part of it, and the frames to show beneath.
analyse(Class, Reason, Stack) ->
    case is_stacktrace(Stack) of
        true -> analyse_frames(Class, Reason, Stack);
        false -> {{Reason, Stack}, none, []}
    end.

analyse_frames(error, function_clause, [{_, _, As, _} = Frame | Stack]) when is_list(As) ->
    {function_clause, Frame, Stack};
analyse_frames(error, function_clause, [{shell, F, Arity, _} | _]) ->
    {function_clause, {F, Arity}, []};
analyse_frames(error, undef, [Frame | Stack]) ->
    {undef, Frame, Stack};
analyse_frames(_Class, Reason, Stack) ->
    {Reason, none, Stack}.

is_stacktrace([{M, F, A, Info} | Stack]) when is_atom(M), is_atom(F), is_list(Info) ->
    (is_integer(A) orelse is_proper_list(A)) andalso is_stacktrace(Stack);
is_stacktrace([]) -> true;
is_stacktrace(_) -> false.

is_proper_list(Term) -> is_list(Term) andalso length_or_none(Term) =/= none.

length_or_none(List) ->
    try length(List)
    catch error:_ -> none
    end.

%% What the module that raised the error has to say about it.
extended_info(Reason, [{M, _, _, Info} | _] = Stack) ->
    case lists:keyfind(error_info, 1, Info) of
        {error_info, Map} when is_map(Map) ->
            Module = maps:get(module, Map, M),
            Function = maps:get(function, Map, format_error),
            try Module:Function(Reason, Stack)
            catch error:_ -> #{}
            end;
        _ ->
            #{}
    end;
extended_info(_Reason, []) ->
    #{}.

%%% The sentence.

explain(function_clause, error, {F, Arity}, _Style, _Limit) ->
    io_lib:format("no function clause matching call to ~w/~w", [F, Arity]);
explain(function_clause, error = Class, {M, F, As, Info}, Style, Limit) ->
    Indented = Style#style{indent = Style#style.indent ++ spaces(title_size(Class))},
    [call_text("no function clause matching ", {M, F}, As, Indented, Limit), $\s
     | location_text(Info)];
explain(undef, error, {M, F, A, _}, Style, _Limit) ->
    ["undefined function ", mfa_text(M, F, arity(A), Style)];
explain({shell_undef, F, A, _}, error, none, Style, _Limit) ->
    io_lib:format("undefined shell command ~ts/~w", [atom_text(F, Style), arity(A)]);
explain({badarity, {Fun, As}}, error, none, Style, _Limit) when is_function(Fun), is_list(As) ->
    io_lib:format("~ts called with ~s",
                  [format_fun(Fun, Style#style.encoding), arguments_text(length(As))]);
explain({unbound, Name}, error, none, _Style, _Limit) ->
    io_lib:format("variable ~w is unbound", [Name]);
explain({argument_limit, _}, error, none, _Style, _Limit) ->
    "limit of number of arguments to interpreted function exceeded";
explain({restricted_shell_disallowed, {Function, As}}, exit = Class, none, Style, Limit) ->
    Indented = Style#style{indent = Style#style.indent ++ spaces(title_size(Class))},
    call_text("restricted shell does not allow ", Function, As, Indented, Limit);
explain({Kind, Value} = Reason, Class, none, Style, Limit) ->
    case value_sentence(Kind, Class) of
        none -> any_reason(Reason, Class, Style, Limit);
        Sentence -> value_text(Value, Sentence, Class, Style, Limit)
    end;
explain(Reason, Class, none, Style, Limit) when is_atom(Reason) ->
    case sentence(Reason, Class) of
        none -> any_reason(Reason, Class, Style, Limit);
        Sentence -> Sentence
    end;
explain(Reason, Class, none, Style, Limit) ->
    any_reason(Reason, Class, Style, Limit).

sentence(badarg, error) -> "bad argument";
sentence(badarith, error) -> "an error occurred when evaluating an arithmetic expression";
sentence(if_clause, error) -> "no true branch found when evaluating an if expression";
sentence(noproc, error) -> "no such process or port";
sentence(notalive, error) -> "the node cannot be part of a distributed system";
sentence(system_limit, error) -> "a system limit has been reached";
sentence(timeout_value, error) -> "bad receive timeout value";
sentence(restricted_shell_started, exit) -> "restricted shell starts now";
sentence(restricted_shell_stopped, exit) -> "restricted shell stopped";
sentence(calling_self, exit) -> "the current process attempted to call itself";
sentence(_, _) -> none.

%% The words before the value that is at fault.
value_sentence(badarg, error) -> "bad argument: ";
value_sentence(badkey, error) -> "bad key: ";
value_sentence(badmap, error) -> "bad map: ";
value_sentence(badfun, error) -> "bad function ";
value_sentence(badmatch, error) -> "no match of right hand side value ";
value_sentence(case_clause, error) -> "no case clause matching ";
value_sentence(try_clause, error) -> "no try clause matching ";
value_sentence(bad_filter, error) -> "bad filter ";
value_sentence(bad_generator, error) -> "bad generator ";
value_sentence(restricted_shell_bad_return, exit) ->
    "restricted shell module returned bad value ";
value_sentence(_, _) -> none.

any_reason(Reason, Class, #style{indent = Indent, format = Format}, Limit) ->
    {Text, _} = Format(Reason, length(Indent) + 1 + title_size(Class), Limit),
    Text.

title_size(Class) -> length(exception_title(Class)).

%% The value after its sentence, or beneath where it takes fewer lines there.
value_text(Value, Sentence, Class, #style{indent = Indent, format = Format}, Limit) ->
    Column = length(Indent) + title_size(Class) + 1,
    {Beside, _} = Format(Value, Column + length(Sentence), Limit),
    case newlines(Beside) of
        N when N > 1 ->
            {Beneath, _} = Format(Value, Column, Limit),
            case newlines(Beneath) < N of
                true -> [Sentence, $\n, Indent, spaces(title_size(Class)) | Beneath];
                false -> [Sentence | Beside]
            end;
        _ ->
            [Sentence | Beside]
    end.

arguments_text(0) -> "no arguments";
arguments_text(1) -> "one argument";
arguments_text(2) -> "two arguments";
arguments_text(N) -> io_lib:format("~w arguments", [N]).

arity(A) when is_integer(A) -> A;
arity(As) -> length(As).

%%% The stack.

-spec format_stacktrace(column(), erlang:stacktrace(), stack_trim_fun(), format_fun()) -> iolist().
format_stacktrace(Column, Stack, Trim, Format) ->
    format_stacktrace(Column, Stack, Trim, Format, latin1).

-spec format_stacktrace(column(), erlang:stacktrace(), stack_trim_fun(), format_fun(),
                        encoding()) -> unicode:chardata().
format_stacktrace(Column, Stack, Trim, Format, Encoding) ->
    Style = #style{indent = spaces(Column - 1), format = with_limit(Format), encoding = Encoding},
    stack_text(Stack, Trim, Style, -1, extended_info(none, Stack)).

%% The frames from which on Trim takes all are not shown.
stack_text(Stack, Trim, #style{indent = Indent} = Style, Limit, Info) ->
    Shown = lists:reverse(lists:dropwhile(fun({M, F, A, _}) -> Trim(M, F, A) end,
                                          lists:reverse(Stack))),
    frames(Shown, first, Style#style{indent = "  " ++ Indent}, Limit, Info).

frames(_Frames, _Place, _Style, 0, _Info) ->
    [];
frames([], _Place, _Style, _Limit, _Info) ->
    [];
frames([{M, F, A, Where} | Frames], Place, #style{indent = Indent} = Style, Limit, Info) ->
    Start = case Place of
                first -> Indent;
                later -> [$\n | Indent]
            end,
    Head = [Start, origin(Place, M, F, arity(A)), $\s, mfa_text(M, F, arity(A), Style)],
    Rest = case A of
               _ when is_integer(A) -> [$\s, location_text(Where)];
               As -> called_as(M, F, As, Style, Limit)
           end,
    Text = [Head, Rest, argument_texts(Info, arity(A), Start)],
    [Text | frames(Frames, later, Style, minus(Limit, Text, Style), #{})].

origin(later, _M, _F, _Arity) -> "in call from";
origin(first, M, F, Arity) ->
    case is_operator({M, F}, Arity) of
        true -> "in operator ";
        false -> "in function "
    end.

called_as(M, F, As, #style{indent = Indent} = Style, Limit) ->
    Before = Indent ++ "   called as ",
    [$\n, Before, call_text("", {M, F}, As, Style#style{indent = Before}, Limit)].

%% What was wrong with each argument, then in general.
argument_texts(Info, Arity, Start) ->
    Lines = lists:append([argument_lines(N, maps:find(N, Info)) || N <- lists:seq(1, Arity)])
        ++ case maps:find(general, Info) of
               {ok, Text} -> [["*** " | unicode:characters_to_list(Text)]];
               error -> []
           end,
    %% The first frame starts without a newline, but its texts stand on lines of their own.
    [[$\n, Start, "   ", Line] || Line <- Lines].

argument_lines(_N, error) ->
    [];
argument_lines(N, {ok, Text}) ->
    Mark = lists:flatten(io_lib:format("*** argument ~w: ", [N])),
    [First | Others] = string:lexemes(unicode:characters_to_list(Text), "\r\n"),
    [[Mark, First] | [[spaces(length(Mark)), Line] || Line <- Others]].

location_text(Info) ->
    case {proplists:get_value(file, Info), proplists:get_value(line, Info)} of
        {File, Line} when File =/= undefined, Line =/= undefined ->
            io_lib:format("(~ts, line ~w)", [File, Line]);
        _ ->
            ""
    end.

%%% Calls.

-spec format_call(column(), {module(), atom()} | atom() | fun(), [term()], format_fun()) ->
          iolist().
format_call(Column, Function, As, Format) ->
    format_call(Column, Function, As, Format, latin1).

-spec format_call(column(), {module(), atom()} | atom() | fun(), [term()], format_fun(),
                  encoding()) -> unicode:chardata().
format_call(Column, Function, As, Format, Encoding) ->
    call_text("", Function, As,
              #style{indent = spaces(Column - 1), format = with_limit(Format),
                     encoding = Encoding}, -1).

%% A call after some words; on a line of its own where that takes fewer lines, or where there is
%% no room for even two short arguments.
call_text(Words, Function, As, #style{indent = Indent} = Style, Limit) ->
    case is_operator(Function, length(As)) of
        true ->
            {_, Op} = Function,
            [Words | operation_text(Words, Op, As, Style, Limit)];
        false ->
            Name = function_text(Function, length(As), Style),
            After = string:length([Indent, Words, Name]),
            Beside = arguments(As, After, Style, Limit),
            Beneath = arguments(As, string:length([Indent, Name]), Style, Limit),
            Tiny = arguments([a2345, b2345], After, Style, Limit),
            case newlines(Tiny) > 0 orelse newlines(Beneath) < newlines(Beside) of
                true -> [Words, $\n, Indent, Name, Beneath];
                false -> [Words, Name, Beside]
            end
    end.

operation_text(Words, Op, [A], #style{indent = Indent, format = Format}, Limit) ->
    Sign = io_lib:format("~s ", [Op]),
    {Operand, _} = Format(A, iolist_size([Words, Indent, Sign]) + 1, Limit),
    [Sign | Operand];
operation_text(Words, Op, [A, B], #style{indent = Indent, format = Format} = Style, Limit0) ->
    Start = iolist_size([Words, Indent]),
    {Left, Limit} = Format(A, Start + 1, Limit0),
    {RightBeneath, _} = Format(B, Start + 1, Limit),
    Newline = [$\n | spaces(Start)],
    OnLines = [Left, Newline, atom_to_list(Op), Newline | RightBeneath],
    case newlines(Left) of
        0 ->
            Sign = io_lib:format(" ~s ", [Op]),
            {RightBeside, _} = Format(B, Start + iolist_size(Sign) + text_size(Left, Style) + 1,
                                      Limit),
            case newlines(RightBeneath) < newlines(RightBeside) of
                true -> OnLines;
                false -> [Left, Sign | RightBeside]
            end;
        _ ->
            OnLines
    end.

%% A list of arguments is printed as a list is, in other brackets. Were it printable as a string,
%% the first argument is replaced by an atom of the same size and put back.
arguments(As, Column, #style{format = Format, encoding = Encoding}, Limit) ->
    Printable = case Encoding of
                    latin1 -> io_lib:printable_latin1_list(As);
                    _ -> io_lib:printable_list(As)
                end,
    case As of
        [Int | Rest] when Printable ->
            Digits = integer_to_list(Int),
            StandIn = list_to_atom(lists:duplicate(length(Digits), $a)),
            {Text, _} = Format([StandIn | Rest], Column + 1, Limit),
            in_parentheses([$[, Digits | string:slice(Text, 1 + length(Digits))]);
        _ ->
            {Text, _} = Format(As, Column + 1, Limit),
            in_parentheses(Text)
    end.

in_parentheses(Text) ->
    [$[ | Inner] = unicode:characters_to_list(Text),
    [$(, lists:droplast(Inner), $)].

%%% Names.

-spec format_fun(fun()) -> iolist().
format_fun(Fun) ->
    format_fun(Fun, latin1).

-spec format_fun(fun(), encoding()) -> unicode:chardata().
format_fun(Fun, Encoding) when is_function(Fun) ->
    [{_, M}, {_, F}, {_, Arity}, {_, Type}] =
        [erlang:fun_info(Fun, Item) || Item <- [module, name, arity, type]],
    case Type of
        local when F =:= [] -> io_lib:format("~w", [Fun]);
        local when M =:= erl_eval ->
            io_lib:format("interpreted function with arity ~w", [Arity]);
        _ -> mfa_text(M, F, Arity, #style{format = with_limit(fun(_, _) -> "" end),
                                          encoding = Encoding})
    end.

mfa_text(M, F, Arity, Style) ->
    io_lib:format("~ts/~w", [function_text({M, F}, Arity, Style), Arity]).

function_text({erlang, '/'}, 2, _Style) ->
    "'/'";
function_text({M, F}, Arity, Style) ->
    case erl_internal:bif(M, F, Arity) of
        true ->
            atom_to_list(F);
        false ->
            case is_operator({M, F}, Arity) of
                true -> atom_to_list(F);
                false -> io_lib:format("~w:~ts", [M, atom_text(F, Style)])
            end
    end;
function_text(Fun, _Arity, Style) when is_function(Fun) ->
    format_fun(Fun, Style#style.encoding);
function_text(F, _Arity, Style) ->
    atom_text(F, Style).

atom_text(Atom, #style{encoding = latin1}) -> io_lib:write_atom_as_latin1(Atom);
atom_text(Atom, _) -> io_lib:write_atom(Atom).

is_operator({erlang, Op}, Arity) when is_atom(Op) ->
    erl_internal:arith_op(Op, Arity) orelse erl_internal:bool_op(Op, Arity)
        orelse erl_internal:comp_op(Op, Arity) orelse erl_internal:list_op(Op, Arity)
        orelse erl_internal:send_op(Op, Arity);
is_operator(_, _) ->
    false.

spaces(N) -> lists:duplicate(N, $\s).

newlines(Text) ->
    length([C || C <- unicode:characters_to_list(Text), C =:= $\n]).
