%%% The abstract format as Erlang source.
%%%
%%% A construct becomes a box: a list of lines, the first of which continues the line before, while
%%% the others are indented relative to where the first begins. Boxes are put beside each other or
%%% under each other; a construct of one line is broken where it would be too wide.
-module(erl_pp).

-export([form/1, form/2, attribute/1, attribute/2, function/1, function/2, guard/1, guard/2,
         exprs/1, exprs/2, exprs/3, expr/1, expr/2, expr/3, expr/4, legalize_vars/1]).

-record(options, {encoding = latin1 :: latin1 | unicode,
                  hook = none :: hook(),
                  %% What the caller gave: the hook gets it.
                  given = none :: term(),
                  width = 72 :: non_neg_integer(),
                  indent = 4 :: non_neg_integer(),
                  are_singletons_quoted = false :: boolean()}).

%% No string is broken into shorter ones.
-define(SHORTEST, 5).

-type option() :: {encoding, latin1 | unicode | utf8} | {hook, term()} | {indent, pos_integer()}
                | {linewidth, pos_integer()} | {quote_singleton_atom_types, boolean()} | term().
-type hook() :: none | function() | {module(), atom(), [term()]}.
-type options() :: hook() | [option()].
-type box() :: [string()].

%%% Entry points.

%% @doc The text of a form in the abstract format.
-spec form(erl_parse:abstract_form()) -> io_lib:chars().
form(Form) -> form(Form, none).

%% @doc The same, with options: encoding, hook, indent, linewidth, quote_singleton_atom_types; or with a hook alone.
-spec form(erl_parse:abstract_form(), options()) -> io_lib:chars().
form({attribute, _, _, _} = Form, Options) -> attribute(Form, Options);
form({function, _, _, _, _} = Form, Options) -> function(Form, Options);
form({eof, _}, _) -> "\n";
form({error, Info}, _) -> io_lib:format("~p\n", [{error, Info}]);
form({warning, Info}, _) -> io_lib:format("~p\n", [{warning, Info}]).

%% @doc The text of an attribute.
-spec attribute(erl_parse:abstract_form()) -> io_lib:chars().
attribute(Form) -> attribute(Form, none).

%% @doc The same, with the options of form/2.
-spec attribute(erl_parse:abstract_form(), options()) -> io_lib:chars().
attribute({attribute, _, Name, Value}, Options) ->
    [text(attribute_box(Name, Value, options(Options)), 0), "\n"].

%% @doc The text of a function.
-spec function(erl_parse:abstract_form()) -> io_lib:chars().
function(Form) -> function(Form, none).

%% @doc The same, with the options of form/2.
-spec function(erl_parse:abstract_form(), options()) -> io_lib:chars().
function({function, _, Name, _, Clauses}, Options) ->
    O = options(Options),
    Heads = [function_clause(Name, C, O) || C <- Clauses],
    [text(beside(separated(Heads, ";"), ["."]), 0), "\n"].

%% @doc The function with names for its variables that can be read again: a name in small letters is written large,
%% behind as many X as it takes to be none that there is. As in OTP, the names of funs stay.
-spec legalize_vars(erl_parse:abstract_form()) -> erl_parse:abstract_form().
legalize_vars({function, A, Name, Arity, Clauses}) ->
    Known = lists:usort(variables(Clauses)),
    {Renamed, _} = lists:foldl(fun(Var, {Renamed, Taken}) ->
                                       New = new_name(string:to_upper(atom_to_list(Var)), Taken),
                                       {Renamed#{Var => New}, [New | Taken]}
                               end, {#{}, Known}, [Var || Var <- Known, is_small(Var)]),
    {function, A, Name, Arity, renamed(Clauses, Renamed)};
legalize_vars(Form) ->
    erlang:error(badarg, [Form]).

is_small(Var) ->
    C = hd(atom_to_list(Var)),
    C >= $a andalso C =< $z.

new_name(Text, Taken) ->
    Name = list_to_atom(Text),
    case lists:member(Name, Taken) of
        true -> new_name([$X | Text], Taken);
        false -> Name
    end.

variables({var, _, Name}) -> [Name];
variables(Tuple) when is_tuple(Tuple) -> variables(tuple_to_list(Tuple));
variables([Part | Parts]) -> variables(Part) ++ variables(Parts);
variables(_) -> [].

renamed({var, A, Name}, Renamed) -> {var, A, maps:get(Name, Renamed, Name)};
renamed(Tuple, Renamed) when is_tuple(Tuple) -> list_to_tuple(renamed(tuple_to_list(Tuple), Renamed));
renamed([Part | Parts], Renamed) -> [renamed(Part, Renamed) | renamed(Parts, Renamed)];
renamed(Other, _Renamed) -> Other.

%% @doc The text of a guard, with its `when'.
-spec guard([[erl_parse:abstract_expr()]]) -> io_lib:chars().
guard(Guard) -> guard(Guard, none).

%% @doc The same, with the options of form/2.
-spec guard([[erl_parse:abstract_expr()]], options()) -> io_lib:chars().
guard([], _Options) -> "";
guard(Guard, Options) -> text(beside(["when "], guard_box(Guard, 5, options(Options))), 0).

%% @doc The text of expressions, with commas between them.
-spec exprs([erl_parse:abstract_expr()]) -> io_lib:chars().
exprs(Es) -> exprs(Es, 0, none).

%% @doc The same, with the options of form/2.
-spec exprs([erl_parse:abstract_expr()], options()) -> io_lib:chars().
exprs(Es, Options) -> exprs(Es, 0, Options).

%% @doc Expressions one under the other; the first begins at the column Indent.
-spec exprs([erl_parse:abstract_expr()], integer(), options()) -> io_lib:chars().
exprs(Es, Indent, Options) ->
    {Column, O} = {max(0, Indent), options(Options)},
    text(conjunction([box(E, 0, Column, O) || E <- Es], Column, O), Indent).

%% @doc The text of one expression.
-spec expr(erl_parse:abstract_expr()) -> io_lib:chars().
expr(E) -> expr(E, 0, 0, none).

%% @doc The same, with the options of form/2.
-spec expr(erl_parse:abstract_expr(), options()) -> io_lib:chars().
expr(E, Options) -> expr(E, 0, 0, Options).

%% @doc The same, where the expression begins at a column.
-spec expr(erl_parse:abstract_expr(), integer(), options()) -> io_lib:chars().
expr(E, Indent, Options) -> expr(E, Indent, 0, Options).

%% @doc One expression that begins at the column Indent.
-spec expr(erl_parse:abstract_expr(), integer(), non_neg_integer(), options()) -> io_lib:chars().
expr(E, Indent, Precedence, Options) ->
    text(box(E, Precedence, max(0, Indent), options(Options)), Indent).

%% Without a list of options characters beyond Latin-1 are not shown, and what is given is a hook.
options(Given) when is_list(Given) ->
    Columns = fun(Name, Default) ->
                      case proplists:get_value(Name, Given, Default) of
                          Value when is_integer(Value) -> max(0, Value);
                          _ -> Default
                      end
              end,
    #options{encoding = encoding(proplists:get_value(encoding, Given, epp:default_encoding())),
             hook = proplists:get_value(hook, Given, none),
             given = Given,
             width = Columns(linewidth, 72),
             indent = Columns(indent, 4),
             are_singletons_quoted = proplists:get_bool(quote_singleton_atom_types, Given)};
options(Hook) ->
    #options{hook = Hook, given = Hook}.

encoding(Encoding) ->
    case Encoding of
        latin1 -> latin1;
        utf8 -> unicode;
        unicode -> unicode
    end.

%%% Boxes.

text([First | Rest], Indent) ->
    [First | [["\n", spaces(Indent), Line] || Line <- Rest]].

spaces(N) when N > 0 -> lists:duplicate(N, $\s);
spaces(_) -> "".

%% The second box begins where the first ends.
-spec beside(box(), box()) -> box().
beside(A, [First | Rest]) ->
    Last = lists:last(A),
    Shift = spaces(string:length(Last)),
    lists:droplast(A) ++ [Last ++ First] ++ [Shift ++ Line || Line <- Rest].

beside(Boxes) -> lists:foldl(fun(B, A) -> beside(A, B) end, hd(Boxes), tl(Boxes)).

%% The boxes one under the other, each indented.
under(A, Indent, B) -> A ++ [spaces(Indent) ++ Line || Line <- B].

%% One under the other, with a mark after each but the last.
separated([Box], _Mark) -> Box;
separated([Box | Boxes], Mark) -> beside_end(Box, Mark) ++ separated(Boxes, Mark).

beside_end(Box, Mark) -> lists:droplast(Box) ++ [lists:last(Box) ++ Mark].

width([Line]) -> string:length(Line);
width(Lines) -> lists:max([string:length(Line) || Line <- Lines]).

is_line([_]) -> true;
is_line(_) -> false.

fits(Box, Column, O) -> is_line(Box) andalso Column + width(Box) =< O#options.width.

%% Things between brackets, in a line if they fit; else as many in each line as fit, or each in a
%% line of its own where one is more than a word.
bracketed(Open, [], Close, _Mark, _Column, _O) ->
    [Open ++ Close];
bracketed(Open, Boxes, Close, Mark, Column, O) ->
    Inline = case lists:all(fun is_line/1, Boxes) of
                 true -> [Open ++ lists:append(lists:join(Mark ++ " ", [B || [B] <- Boxes])) ++ Close];
                 false -> none
             end,
    case Inline =/= none andalso fits(Inline, Column, O) of
        true -> Inline;
        false ->
            Start = length(Open),
            Inner = rows(Boxes, Mark, O#options.width - Column - Start),
            beside([Open], beside_end(Inner, Close))
    end.

%% Neighbours that are words share lines; anything else has lines of its own.
rows(Boxes, Mark, Room) ->
    case lists:splitwith(fun is_word/1, Boxes) of
        {[], [Box]} -> Box;
        {[], [Box | Rest]} -> beside_end(Box, Mark) ++ rows(Rest, Mark, Room);
        {Words, []} -> filled(Words, Mark, Room);
        {Words, Rest} -> beside_end(filled(Words, Mark, Room), Mark) ++ rows(Rest, Mark, Room)
    end.

is_word([[]]) -> true;
is_word(["[]"]) -> true;
is_word(["{}"]) -> true;
is_word(["<<>>"]) -> true;
is_word([[C | _] = Word]) when C =/= $", C =/= $', C =/= $<, C =/= $$, C =/= $- ->
    string:find(Word, "..") =:= nomatch
        andalso not lists:any(fun(Char) -> lists:member(Char, " ([{#") end, Word);
is_word([[$' | _] = Word]) -> string:find(Word, "' ") =:= nomatch;
is_word(_) -> false.

filled([[First] | Rest], Mark, Room) -> filled(Rest, Mark, Room, First).

filled([[Word] | Rest], Mark, Room, Line) ->
    Longer = Line ++ Mark ++ " " ++ Word,
    After = case Rest of
                [] -> 1;
                _ -> length(Mark)
            end,
    case length(Longer) + After =< Room of
        true -> filled(Rest, Mark, Room, Longer);
        false -> [Line ++ Mark | filled(Rest, Mark, Room, Word)]
    end;
filled([], _Mark, _Room, Line) ->
    [Line].

is_number_text([Text]) -> lists:all(fun(C) -> C >= $0 andalso C =< $9 end, Text);
is_number_text(_) -> false.

%% Numbers with nothing but commas between them share lines as if there were spaces, too.
close_rows([], _Room) -> [""];
close_rows([[First] | Rest], Room) -> close_rows(Rest, Room, First, length(First) + 2).

close_rows([[Word] | Rest], Room, Line, Width) ->
    case Width + length(Word) + 2 =< Room of
        true -> close_rows(Rest, Room, Line ++ "," ++ Word, Width + length(Word) + 2);
        false -> [Line ++ "," | close_rows([[Word] | Rest], Room)]
    end;
close_rows([], _Room, Line, _Width) ->
    [Line].

%%% Expressions.

%% The box of an expression that begins at a column, in parentheses if its operator binds less
%% than what is around it.
-spec box(term(), non_neg_integer(), non_neg_integer(), #options{}) -> box().
box({var, _, Name}, _, _, _) when is_atom(Name) -> [atom_to_list(Name)];
box({var, _, N}, _, _, _) when is_integer(N) -> ["_" ++ integer_to_list(N)];
box({char, _, C}, _, _, #options{encoding = latin1}) -> [lists:flatten(io_lib:write_char_as_latin1(C))];
box({char, _, C}, _, _, _) -> [lists:flatten(io_lib:write_char(C))];
box({integer, _, I}, _, _, _) -> [integer_to_list(I)];
box({float, _, F}, _, _, _) -> [lists:flatten(io_lib:write(F))];
box({atom, _, A}, _, _, O) -> [name(A, O)];
box({string, _, S}, _, Column, O) -> string_box(S, Column, O);
box({nil, _}, _, _, _) -> ["[]"];
box({value, _, V}, _, _, O) ->
    Format = case O#options.encoding of latin1 -> "~p"; _ -> "~tp" end,
    string:split(lists:flatten(io_lib:format(Format, [V])), "\n", all);
box({cons, _, _, _} = List, _, Column, O) -> list_box(List, Column, O);
box({tuple, _, Es}, _, Column, O) ->
    bracketed("{", boxes(Es, 0, Column + 1, O), "}", ",", Column, O);
box({record, _, Name, Fields}, Prec, Column, O) ->
    {P, _} = erl_parse:preop_prec('#'),
    parens(P < Prec, record_box("#" ++ name(Name, O), Fields, Column, O));
box({record, _, E, Name, Fields}, Prec, Column, O) ->
    {P, Base} = base(E, Column, O),
    Text = lists:flatten(lists:join("\n", Base)),
    parens(P < Prec, record_box(Text ++ "#" ++ name(Name, O), Fields, Column, O));
box({record_field, _, E, Name, Field}, Prec, Column, O) ->
    {P, Base} = base(E, Column, O),
    parens(P < Prec, beside([Base, ["#" ++ name(Name, O) ++ "."], box(Field, 0, Column, O)]));
box({record_index, _, Name, Field}, Prec, Column, O) ->
    {P, _} = erl_parse:preop_prec('#'),
    parens(P < Prec, beside(["#" ++ name(Name, O) ++ "."], box(Field, 0, Column, O)));
box({map, _, Fields}, Prec, Column, O) ->
    {P, _} = erl_parse:preop_prec('#'),
    parens(P < Prec, map_box("#", Fields, Column, O));
box({map, _, E, Fields}, Prec, Column, O) ->
    {P, Base} = base(E, Column, O),
    parens(P < Prec, beside(Base, map_box("#", Fields, Column + width(Base), O)));
box({bin, _, Segments}, _, Column, O) ->
    Boxes = [segment(S, Column + 2, O) || S <- Segments],
    Line = [lists:append(lists:join(",", [lists:append(B) || B <- Boxes]))],
    case lists:all(fun is_line/1, Boxes) andalso fits(Line, Column + 2, O) of
        true -> ["<<" ++ hd(Line) ++ ">>"];
        false ->
            Rows = case lists:all(fun is_number_text/1, Boxes) of
                       true -> close_rows(Boxes, O#options.width - Column - 2);
                       false -> separated(Boxes, ",")
                   end,
            beside(["<<"], beside_end(Rows, ">>"))
    end;
box({block, _, Es}, _, Column, O) ->
    Lines = under(under(["begin"], O#options.indent, body(Es, Column + O#options.indent, O)), 0, ["end"]),
    short(Lines, Column, O);
box({'if', _, Cs}, _, Column, O) ->
    Clauses = [clause(guard_box(Guard, ";", Column + O#options.indent, O), Body, Column + O#options.indent, O)
               || {clause, _, [], Guard, Body} <- Cs],
    under(under(["if"], O#options.indent, separated(Clauses, ";")), 0, ["end"]);
box({'case', _, E, Cs}, _, Column, O) ->
    Head = case beside([["case "], box(E, 0, Column + 5, O), [" of"]]) of
               [Line] when Column + length(Line) =< O#options.width -> [Line];
               _ -> under(under(["case"], O#options.indent, box(E, 0, Column + O#options.indent, O)), 0, ["of"])
           end,
    under(under(Head, O#options.indent, clauses(Cs, Column + O#options.indent, O)), 0, ["end"]);
box({'receive', _, Cs}, _, Column, O) ->
    under(under(["receive"], O#options.indent, clauses(Cs, Column + O#options.indent, O)), 0, ["end"]);
box({'receive', _, [], Timeout, [_] = Es}, _, Column, O) ->
    Whole = receive_box([], Timeout, Es, Column, O),
    short(Whole, Column, O);
box({'receive', _, Cs, Timeout, Es}, _, Column, O) ->
    receive_box(Cs, Timeout, Es, Column, O);
box({'try', _, Es, Cases, Catches, After}, _, Column, O) ->
    Start = case {body(Es, Column + O#options.indent, O), Cases} of
                {Lines, []} ->
                    under(["try"], O#options.indent, Lines);
                {Lines, _} ->
                    Head = beside([["try "], Lines, [" of"]]),
                    case fits(Head, Column, O) of
                        true -> Head;
                        false -> under(["try"], O#options.indent, Lines) ++ ["of"]
                    end
            end,
    Of = case Cases of
             [] -> Start;
             _ -> under(Start, O#options.indent, clauses(Cases, Column + O#options.indent, O))
         end,
    Catch = case Catches of
                [] -> Of;
                _ -> under(Of ++ ["catch"], O#options.indent,
                           separated([catch_clause(C, Column + O#options.indent, O) || C <- Catches], ";"))
            end,
    Whole = case After of
                [] -> Catch;
                _ -> under(Catch ++ ["after"], O#options.indent, body(After, Column + O#options.indent, O))
            end,
    Ended = under(Whole, 0, ["end"]),
    case {Cases, Catches} of
        {[], []} -> short(Ended, Column, O);
        _ -> Ended
    end;
box({'maybe', _, Es}, _, Column, O) ->
    Lines = under(under(["maybe"], O#options.indent, body(Es, Column + O#options.indent, O)), 0, ["end"]),
    short(Lines, Column, O);
box({'maybe', _, Es, {'else', _, Cs}}, _, Column, O) ->
    Body = under(["maybe"], O#options.indent, body(Es, Column + O#options.indent, O)),
    under(under(Body ++ ["else"], O#options.indent, clauses(Cs, Column + O#options.indent, O)), 0, ["end"]);
box({maybe_match, _, L, R}, _, Column, O) ->
    Left = box(L, 100, Column, O),
    beside([Left, [" ?= "], box(R, 100, Column + width(Left) + 4, O)]);
box({Kind, _, E, Quals}, _, Column, O) when Kind =:= lc; Kind =:= mc; Kind =:= bc ->
    {Open, Close} = case Kind of
                        lc -> {"[", "]"};
                        mc -> {"#{", "}"};
                        bc -> {"<<", ">>"}
                    end,
    Head = beside(comprehension_head(E, Column + 1, O), [" ||"]),
    Parts = separated([qualifier(Q, Column + 5, O) || Q <- Quals], ","),
    under(under([Open ++ " "], length(Open), under(Head, O#options.indent, Parts)), 0, [Close]);
box({'fun', _, {clauses, Cs}}, _, Column, O) ->
    Heads = [head_clause("", C, Column + 3, O) || C <- Cs],
    under(beside(["fun"], separated(Heads, ";")), 0, ["end"]);
box({named_fun, _, Name, Cs}, _, Column, O) ->
    Shown = atom_to_list(Name),
    Heads = [head_clause(Shown, length(Shown), C, Column + O#options.indent, O) || C <- Cs],
    under(beside(["fun "], separated(Heads, ";")), 0, ["end"]);
box({'fun', _, {function, F, A}}, _, _, O) ->
    ["fun " ++ name(F, O) ++ "/" ++ integer_to_list(A)];
box({'fun', _, {function, M, F, A}}, _, Column, O) when is_tuple(M), is_tuple(F), is_tuple(A) ->
    beside([["fun "], box(M, 0, Column, O), [":"], box(F, 0, Column, O), ["/"],
            box(A, 0, Column, O)]);
box({'fun', _, {function, M, F, A}}, _, _, O) ->
    ["fun " ++ name(M, O) ++ ":" ++ name(F, O) ++ "/" ++ integer_to_list(A)];
box({call, A, {remote, _, {atom, _, erlang}, {atom, _, F} = Name}, As}, Prec, Column, O) ->
    %% Functions that need no module are written without.
    case erl_internal:bif(F, length(As)) of
        true -> box({call, A, Name, As}, Prec, Column, O);
        false -> call_box([lists:append(["erlang:" | box(Name, 0, Column, O)])], As, Prec, Column, O)
    end;
box({call, _, F, As}, Prec, Column, O) ->
    {FunPrec, _} = erl_parse:func_prec(),
    call_box(box(F, FunPrec, Column, O), As, Prec, Column, O);
box({remote, _, M, F}, Prec, Column, O) ->
    {Left, P, Right} = erl_parse:inop_prec(':'),
    parens(P < Prec, beside([box(M, Left, Column, O), [":"], box(F, Right, Column, O)]));
box({'catch', _, E}, Prec, Column, O) ->
    {P, OperandPrec} = erl_parse:preop_prec('catch'),
    Inline = beside(["catch "], box(E, OperandPrec, Column + 6, O)),
    Whole = case fits(Inline, Column, O) of
                true -> Inline;
                false -> under(["catch"], O#options.indent, box(E, OperandPrec, Column + O#options.indent, O))
            end,
    parens(P < Prec, Whole);
box({match, _, L, R}, Prec, Column, O) ->
    {LeftPrec, P, RightPrec} = erl_parse:inop_prec('='),
    Left = beside(box(L, LeftPrec, Column, O), [" ="]),
    parens(P < Prec, step(Left, Column, fun(At) -> box(R, RightPrec, At, O) end, O));
box({op, _, Op, E}, Prec, Column, O) ->
    {P, OperandPrec} = erl_parse:preop_prec(Op),
    Sign = case lists:member(Op, ['+', '-']) of
               true -> atom_to_list(Op);
               false -> atom_to_list(Op) ++ " "
           end,
    Operand = box(E, OperandPrec, Column + length(Sign), O),
    Apart = case {Sign, Operand} of
                {[S], [[C | _] | _]} when C =:= S -> Sign ++ " ";
                _ -> Sign
            end,
    parens(P < Prec, beside([Apart], Operand));
box({op, _, Op, L, R}, Prec, Column, O) ->
    {LeftPrec, P, RightPrec} = erl_parse:inop_prec(Op),
    Inner = case P < Prec of
                true -> Column + 1;
                false -> Column
            end,
    Left = box(L, LeftPrec, Inner, O),
    Right = box(R, RightPrec, Inner, O),
    Inline = case is_line(Left) andalso is_line(Right) of
                 true -> [hd(Left) ++ " " ++ atom_to_list(Op) ++ " " ++ hd(Right)];
                 false -> none
             end,
    %% These always stand on lines of their own.
    IsApart = Op =:= 'andalso' orelse Op =:= 'orelse',
    Joined = case Inline =/= none andalso not IsApart andalso fits(Inline, Inner, O) of
                 true -> Inline;
                 false -> Left ++ [atom_to_list(Op)] ++ Right
             end,
    parens(P < Prec, Joined);
box(Other, Prec, Column, O) ->
    case is_type(Other) of
        true -> type(Other, 0, Column, O);
        false -> lines(hooked(Other, Prec, Column, O))
    end.

is_type(Term) when is_tuple(Term), tuple_size(Term) >= 3 ->
    lists:member(element(1, Term), [type, user_type, remote_type, ann_type]);
is_type(_) ->
    false.

%% What is no expression is the matter of the hook, if there is one.
hooked(E, _Prec, _Column, #options{hook = none}) -> ["INVALID-FORM:", io_lib:format("~w", [E]), ":"];
hooked(E, Prec, Column, #options{hook = {Module, Function, More}, given = Given}) ->
    apply(Module, Function, [E, Column, Prec, Given | More]);
hooked(E, Prec, Column, #options{hook = Hook, given = Given}) ->
    Hook(E, Column, Prec, Given).

lines(Text) -> string:split(lists:flatten(Text), "\n", all).

%% What follows stands in the line if all of it fits there, or nothing is won by a new line; else on the
%% next line, four columns in.
step(Left, Column, Follow, O) ->
    step(Left, Column, Follow, O#options.indent, O).

%% Nothing is won where what stands before is narrower than a step in.
step(Left, Column, Follow, Narrow, O) ->
    Start = Column + width([lists:last(Left)]) + 1,
    Beside = Follow(Start),
    Joined = beside([Left, [" "], Beside]),
    case is_line(Left) andalso (width(Left) < Narrow orelse fits(Joined, Column, O)) of
        true -> Joined;
        false -> under(Left, O#options.indent, Follow(Column + O#options.indent))
    end.

%% What stands before a `#', and the precedence of the whole. After a number, `#' would be part of it.
base(E, Column, O) ->
    {Left, P, _} = erl_parse:inop_prec('#'),
    Space = case E of {integer, _, _} -> " "; _ -> "" end,
    {P, beside(box(E, Left, Column, O), [Space])}.

parens(true, Box) -> beside(["("], beside_end(Box, ")"));
parens(false, Box) -> Box.

call_box(Name, As, Prec, Column, O) ->
    {_, P} = erl_parse:func_prec(),
    Start = Column + width([lists:last(Name)]),
    Args = bracketed("(", boxes(As, 0, Start + 1, O), ")", ",", Start, O),
    parens(P < Prec, beside(Name, Args)).

receive_box(Cs, Timeout, Es, Column, O) ->
    Start = case Cs of
                [] -> ["receive"];
                _ -> under(["receive"], O#options.indent, clauses(Cs, Column + O#options.indent, O))
            end,
    Wait = beside(box(Timeout, 0, Column + O#options.indent, O), [" ->"]),
    Used = width([lists:last(Wait)]) + 1,
    After = case body(Es, Column + 2 * O#options.indent, O) of
                [Line] when length(Line) =< O#options.width - Column - O#options.indent - Used ->
                    beside([Wait, [" "], [Line]]);
                Lines -> under(Wait, O#options.indent, Lines)
            end,
    under(under(Start ++ ["after"], O#options.indent, After), 0, ["end"]).

%% Lines that would make one that fits, as that.
short(Lines, Column, O) ->
    IsSimple = length(Lines) =< 5 andalso not lists:any(fun(L) -> lists:last(L) =:= $, end, Lines),
    Line = [lists:append(lists:join(" ", [string:trim(L, leading) || L <- Lines]))],
    case IsSimple andalso fits(Line, Column, O) of
        true -> Line;
        false -> Lines
    end.

boxes(Es, Prec, Column, O) -> [box(E, Prec, Column, O) || E <- Es].

name(Atom, #options{encoding = latin1}) -> lists:flatten(io_lib:write_atom_as_latin1(Atom));
name(Atom, _) when is_atom(Atom) -> lists:flatten(io_lib:write_atom(Atom)).

string_text(S, #options{encoding = latin1}) -> lists:flatten(io_lib:write_string_as_latin1(S));
string_text(S, _) -> lists:flatten(io_lib:write_string(S)).

%% A long string is several short ones.
string_box(S, Column, O) ->
    Whole = string_text(S, O),
    case Column + length(Whole) =< O#options.width of
        true -> [Whole];
        false -> pieces(S, max(?SHORTEST, O#options.width - Column - 2), O, [], 0)
    end.

pieces([], _Room, O, Piece, _Length) ->
    [string_text(lists:reverse(Piece), O)];
pieces([C | S], Room, O, Piece, Length) ->
    Width = length(string_text([C], O)) - 2,
    case Piece =/= [] andalso Length + Width > Room of
        true -> [string_text(lists:reverse(Piece), O) | pieces([C | S], Room, O, [], 0)];
        false -> pieces(S, Room, O, [C | Piece], Length + Width)
    end.

list_box(List, Column, O) ->
    {Es, Tail} = elements(List, []),
    Boxes = boxes(Es, 0, Column + 1, O),
    case Tail of
        {nil, _} -> bracketed("[", Boxes, "]", ",", Column, O);
        _ ->
            TailBox = box(Tail, 0, Column + 1, O),
            Last = beside([lists:last(Boxes), [" | "], TailBox]),
            case bracketed("[", lists:droplast(Boxes) ++ [Last], "]", ",", Column, O) of
                [Line] when Column + length(Line) =< O#options.width ->
                    [Line];
                _ ->
                    Rows = beside_end(rows(Boxes, ",", O#options.width - Column - 1), " |"),
                    Row = beside([[lists:last(Rows)], [" "], beside_end(TailBox, "]")]),
                    Lines = case is_word(lists:last(Boxes)) andalso is_word(TailBox)
                                andalso fits(Row, Column + 1, O) of
                                true -> lists:droplast(Rows) ++ Row;
                                false -> beside_end(Rows ++ TailBox, "]")
                            end,
                    beside(["["], Lines)
            end
    end.

elements({cons, _, H, T}, Acc) -> elements(T, [H | Acc]);
elements(Tail, Acc) -> {lists:reverse(Acc), Tail}.

record_box(Start, Fields, Column, O) ->
    Boxes = [field(F, Column + length(Start) + 1, O) || F <- Fields],
    beside([Start], bracketed("{", Boxes, "}", ",", Column + length(Start), O)).

field({record_field, _, Name, Value}, Column, O) ->
    assigned(box(Name, 0, Column, O), " =", Value, Column, O);
field({record_field, _, Name}, Column, O) ->
    box(Name, 0, Column, O);
field({typed_record_field, {record_field, _, Name, Default} = Field, Type}, Column, O) ->
    %% Name, default and type in a line, or else the default and the type on the next.
    Inline = beside([field(Field, Column, O), [" :: "], type(Type, 0, Column, O)]),
    case fits(Inline, Column, O) of
        true ->
            Inline;
        false ->
            Start = beside(box(Default, 0, Column + O#options.indent, O), [" ::"]),
            Value = step(Start, Column + O#options.indent, fun(At) -> type(Type, 0, At, O) end, O),
            under(beside(box(Name, 0, Column, O), [" ="]), O#options.indent, Value)
    end;
field({typed_record_field, Field, Type}, Column, O) ->
    Left = field(Field, Column, O),
    Beside = type(Type, 0, Column + width(Left) + 4, O),
    case is_line(Left) andalso fits(beside([Left, [" :: "], Beside]), Column, O) of
        true -> beside([Left, [" :: "], Beside]);
        false when Left =:= [hd(Left)] ->
            under(beside(Left, [" ::"]), O#options.indent, type(Type, 0, Column + O#options.indent, O));
        false -> beside([Left, [" :: "], Beside])
    end.

%% A name with a value, which goes to the next line where it does not fit.
assigned(Left, Sign, Value, Column, O) ->
    step(beside(Left, [Sign]), Column, fun(At) -> box(Value, 0, At, O) end, O).

map_box(Start, Fields, Column, O) ->
    Boxes = [map_field(F, Column + length(Start) + 1, O) || F <- Fields],
    beside([Start], bracketed("{", Boxes, "}", ",", Column + length(Start), O)).

map_field({map_field_assoc, _, K, V}, Column, O) ->
    assigned(box(K, 0, Column, O), " =>", V, Column, O);
map_field({map_field_exact, _, K, V}, Column, O) ->
    assigned(box(K, 0, Column, O), " :=", V, Column, O).

segment({bin_element, _, E, Size, Types}, Column, O) ->
    Value = box(E, 900, Column, O),
    WithSize = case Size of
                   default -> Value;
                   _ -> beside([Value, [":"], box(Size, 900, Column, O)])
               end,
    case Types of
        default -> WithSize;
        _ -> beside(WithSize, ["/" ++ lists:append(lists:join("-", [specifier(T) || T <- Types]))])
    end.

specifier({Name, N}) -> atom_to_list(Name) ++ ":" ++ integer_to_list(N);
specifier(Name) -> atom_to_list(Name).

comprehension_head({map_field_assoc, _, _, _} = Field, Column, O) -> map_field(Field, Column, O);
comprehension_head(E, Column, O) -> box(E, 0, Column, O).

qualifier({Kind, _, P, E}, Column, O)
  when Kind =:= generate; Kind =:= b_generate; Kind =:= m_generate; Kind =:= generate_strict;
       Kind =:= b_generate_strict; Kind =:= m_generate_strict ->
    Arrow = case Kind of
                generate -> " <- ";
                b_generate -> " <= ";
                m_generate -> " <- ";
                generate_strict -> " <:- ";
                b_generate_strict -> " <:= ";
                m_generate_strict -> " <:- "
            end,
    Pattern = case P of
                  {map_field_exact, _, _, _} -> map_field(P, Column, O);
                  _ -> box(P, 0, Column, O)
              end,
    Line = beside([Pattern, [Arrow], box(E, 0, Column + width(Pattern) + length(Arrow), O)]),
    case fits(Line, Column, O) of
        true -> Line;
        false ->
            Step = O#options.indent,
            under(beside(Pattern, [string:trim(Arrow, trailing)]), Step, box(E, 0, Column + Step, O))
    end;
qualifier(Filter, Column, O) ->
    box(Filter, 0, Column, O).

%%% Clauses.

body(Es, Column, O) ->
    separated([box(E, 0, Column, O) || E <- Es], ",").

clauses(Cs, Column, O) ->
    separated([pattern_clause(C, Column, O) || C <- Cs], ";").

pattern_clause({clause, _, [P], Guard, Body}, Column, O) ->
    clause(guarded(box(P, 0, Column, O), Guard, Column, O), Body, Column, O).

catch_clause({clause, _, [{tuple, _, [Class, Reason, Stack]}], Guard, Body}, Column, O) ->
    Parts = case {Class, Stack} of
                {_, {var, _, '_'}} ->
                    [box(Class, 0, Column, O), [":"], box(Reason, 0, Column, O)];
                _ ->
                    [box(Class, 0, Column, O), [":"], box(Reason, 0, Column, O), [":"],
                     box(Stack, 0, Column, O)]
            end,
    clause(guarded(beside(Parts), Guard, Column, O), Body, Column, O).

function_clause(Name, Clause, O) ->
    head_clause(name(Name, O), Clause, 0, O).

head_clause(Name, Clause, Column, O) ->
    head_clause(Name, 0, Clause, Column, O).

%% A guard below the head is put so much further to the right.
head_clause(Name, Shift, {clause, _, Ps, Guard, Body}, Column, O) ->
    Start = Column + length(Name),
    Head = beside([Name], bracketed("(", boxes(Ps, 0, Start + 1, O), ")", ",", Start, O)),
    clause(guarded(Head, Guard, Shift, Column, O), Body, Column, O).

guarded(Head, Guard, Column, O) ->
    guarded(Head, Guard, 0, Column, O).

guarded(Head, [], _Shift, _Column, _O) -> Head;
guarded(Head, Guard, Shift, Column, O) ->
    Beside = guard_box(Guard, Column + width([lists:last(Head)]) + 6, O),
    Inline = beside([Head, [" when "], Beside]),
    case is_line(Beside) andalso is_line(Head) andalso fits(Inline, Column, O) of
        true ->
            Inline;
        false ->
            Step = O#options.indent,
            Indent = Shift + Step,
            Below = beside(["when "], guard_box(Guard, Column + Indent + 5, O)),
            case fits(Below, Column + Indent, O) of
                true -> under(Head, Indent, Below);
                false ->
                    Tests = guard_box(Guard, Column + Indent + Step, O),
                    under(under(Head, Indent, ["when"]), Indent + Step, Tests)
            end
    end.

clause(Head, Body, Column, O) ->
    under(beside(Head, [" ->"]), O#options.indent, body(Body, Column + O#options.indent, O)).

guard_box(Alternatives, Column, O) ->
    guard_box(Alternatives, "; ", Column, O).

%% Alternatives of an `if' stand close together.
guard_box(Alternatives, Between, Column, O) ->
    Boxes = [conjunction([box(T, 0, Column, O) || T <- Tests], Column, O) || Tests <- Alternatives],
    joined(Boxes, Between, ";", Column, O).

%% Tests that are words share lines.
conjunction(Boxes, Column, O) ->
    case in_line(Boxes, ", ", Column, O) of
        none -> rows(Boxes, ",", O#options.width - Column);
        Line -> Line
    end.

%% In a line if they fit, or one under the other.
joined(Boxes, Between, Mark, Column, O) ->
    case in_line(Boxes, Between, Column, O) of
        none -> separated(Boxes, Mark);
        Line -> Line
    end.

in_line(Boxes, Between, Column, O) ->
    Line = case lists:all(fun is_line/1, Boxes) of
               true -> [lists:append(lists:join(Between, [B || [B] <- Boxes]))];
               false -> none
           end,
    case Line =/= none andalso fits(Line, Column, O) of
        true -> Line;
        false -> none
    end.

%%% Attributes and types.

attribute_box(record, {Name, Fields}, O) ->
    Start = "-record(" ++ name(Name, O) ++ ",",
    Boxes = [field(F, length(Start) + 1, O) || F <- Fields],
    beside([[Start], bracketed("{", Boxes, "}", ",", length(Start), O), [")."]]);
attribute_box(Kind, {Name, Type, Args}, O) when Kind =:= type; Kind =:= opaque; Kind =:= nominal ->
    Start = "-" ++ atom_to_list(Kind) ++ " ",
    Head = name(Name, O) ++ "(" ++ lists:append(lists:join(", ", [hd(box(A, 0, 0, O)) || A <- Args]))
        ++ ") ::",
    Column = length(Start),
    beside([[Start], step([Head], Column, fun(At) -> type(Type, 0, At, O) end, O), ["."]]);
attribute_box(Kind, {Function, Types}, O) when Kind =:= spec; Kind =:= callback ->
    Name = case Function of
               {F, _} -> name(F, O);
               {M, F, _} -> name(M, O) ++ ":" ++ name(F, O)
           end,
    Start = "-" ++ atom_to_list(Kind) ++ " " ++ Name,
    Boxes = [function_type(T, length(Start), O) || T <- Types],
    beside([[Start], separated(Boxes, ";"), ["."]]);
attribute_box(module, Name, O) when is_atom(Name) ->
    ["-module(" ++ name(Name, O) ++ ")."];
attribute_box(module, {Name, Parameters}, O) when is_atom(Name), is_list(Parameters) ->
    ["-module(" ++ name(Name, O) ++ ", [" ++ lists:append(lists:join(", ", [atom_to_list(P) || P <- Parameters])) ++ "])."];
attribute_box(Kind, Functions, O)
  when Kind =:= export; Kind =:= export_type; Kind =:= optional_callbacks ->
    Start = "-" ++ atom_to_list(Kind) ++ "(",
    case is_function_list(Functions) of
        true -> beside([[Start], function_list(Functions, length(Start), O), [")."]]);
        false -> other_attribute(Kind, Functions, O)
    end;
attribute_box(import, {Module, Functions}, O) ->
    Left = name(Module, O) ++ ",",
    List = step([Left], 8, fun(At) -> function_list(Functions, At, O) end, O),
    Box = case List of
              [_] -> List;
              _ -> [Left | function_list(Functions, 8, O)]
          end,
    beside([["-import("], Box, [")."]]);
attribute_box(file, {Name, Line}, O) when is_list(Name), is_integer(Line) ->
    Parts = [string_box(Name, 6, O), [integer_to_list(Line)]],
    beside([["-file"], bracketed("(", Parts, ")", ",", 5, O), ["."]]);
attribute_box(Name, Value, O) ->
    other_attribute(Name, Value, O).

is_function_list(Functions) ->
    is_list(Functions) andalso lists:all(fun({F, A}) -> is_atom(F) andalso is_integer(A);
                                            (_) -> false
                                         end, Functions).

%% In a line without spaces, or one under the other.
function_list(Functions, Column, O) ->
    Texts = [[name(F, O) ++ "/" ++ integer_to_list(A)] || {F, A} <- Functions],
    Line = ["[" ++ lists:append(lists:join(",", [T || [T] <- Texts])) ++ "]"],
    case Texts =:= [] orelse fits(Line, Column, O) of
        true -> Line;
        false -> beside(["["], beside_end(separated(Texts, ","), "]"))
    end.

other_attribute(Name, Value, O) ->
    Start = "-" ++ name(Name, O) ++ "(",
    beside([[Start], box(erl_parse:abstract(Value), 0, length(Start), O), [")."]]).

function_type({type, _, 'fun', [{type, _, product, As}, Result]}, Column, O) ->
    Args = bracketed("(", [type(A, 0, Column + 1, O) || A <- As], ")", ",", Column, O),
    step(beside(Args, [" ->"]), Column, fun(At) -> type(Result, 0, At, O) end, 0, O);
function_type({type, _, bounded_fun, [Fun, Constraints]}, Column, O) ->
    Box = function_type(Fun, Column, O),
    Texts = fun(At) ->
                    [constraint(V, T, At, O) || {type, _, constraint, [_, [V, T]]} <- Constraints]
            end,
    Inline = Texts(Column),
    Line = beside([Box, [" when "], [lists:append(lists:join(", ", [T || [T | _] <- Inline]))]]),
    case is_line(Box) andalso lists:all(fun is_line/1, Inline) andalso fits(Line, Column, O) of
        true ->
            Line;
        false ->
            Step = O#options.indent,
            After = Column + Step + 5,
            Beside = beside(["when "], conjunction(Texts(After), After, O)),
            case fits(Beside, Column + O#options.indent, O) of
                true -> under(Box, O#options.indent, Beside);
                false ->
                    Below = Column + 2 * Step,
                    under(under(Box, Step, ["when"]), 2 * Step, conjunction(Texts(Below), Below, O))
            end
    end.

constraint(V, T, Column, O) ->
    step(beside(type(V, 0, Column, O), [" ::"]), Column, fun(At) -> type(T, 0, At, O) end, O).

type({atom, _, A}, _, _, #options{are_singletons_quoted = true}) ->
    [lists:flatten(io_lib:write_string(atom_to_list(A), $'))];
type({ann_type, _, [V, T]}, Prec, Column, O) ->
    Box = step(beside(type(V, 0, Column, O), [" ::"]), Column, fun(At) -> type(T, 160, At, O) end, O),
    parens(150 < Prec, Box);
type({remote_type, _, [M, N, As]}, _, Column, O) ->
    Name = beside([box(M, 0, Column, O), [":"], box(N, 0, Column, O)]),
    beside(Name, type_args(As, Column + width(Name), O));
type({user_type, _, N, As}, _, Column, O) ->
    beside([name(N, O)], type_args(As, Column + length(name(N, O)), O));
type({type, _, union, Ts}, Prec, Column, O) ->
    Boxes = [type(T, 170, Column, O) || T <- Ts],
    Inline = case lists:all(fun is_line/1, Boxes) of
                 true -> [lists:append(lists:join(" | ", [B || [B] <- Boxes]))];
                 false -> none
             end,
    Box = case Inline =/= none andalso fits(Inline, Column, O) of
              true -> Inline;
              false ->
                  rows(Boxes, " |", O#options.width - Column)
          end,
    parens(170 < Prec, Box);
type({type, _, range, [From, To]}, _, Column, O) ->
    beside([type(From, 0, Column, O), [".."], type(To, 0, Column, O)]);
type({type, _, tuple, any}, _, _, _) -> ["tuple()"];
type({type, _, tuple, Ts}, _, Column, O) ->
    bracketed("{", [type(T, 0, Column + 1, O) || T <- Ts], "}", ",", Column, O);
type({type, _, list, [T]}, _, Column, O) ->
    beside([["["], type(T, 0, Column + 1, O), ["]"]]);
type({type, _, nonempty_list, [T]}, _, Column, O) ->
    beside([["["], type(T, 0, Column + 1, O), [", ...]"]]);
type({type, _, nil, []}, _, _, _) -> ["[]"];
type({type, _, map, any}, _, _, _) -> ["map()"];
type({type, _, map, Pairs}, _, Column, O) ->
    bracketed("#{", [type(P, 0, Column + 2, O) || P <- Pairs], "}", ",", Column, O);
type({type, _, map_field_assoc, [K, V]}, _, Column, O) ->
    step(beside(type(K, 0, Column, O), [" =>"]), Column, fun(At) -> type(V, 0, At, O) end, O);
type({type, _, map_field_exact, [K, V]}, _, Column, O) ->
    step(beside(type(K, 0, Column, O), [" :="]), Column, fun(At) -> type(V, 0, At, O) end, O);
type({type, _, record, [{atom, _, Name} | Fields]}, _, Column, O) ->
    Start = "#" ++ name(Name, O),
    Boxes = [type(F, 0, Column + length(Start) + 1, O) || F <- Fields],
    beside([Start], bracketed("{", Boxes, "}", ",", Column + length(Start), O));
type({type, _, field_type, [Name, T]}, _, Column, O) ->
    step(beside(box(Name, 0, Column, O), [" ::"]), Column, fun(At) -> type(T, 0, At, O) end, O);
type({type, _, binary, [{integer, _, 0}, {integer, _, 0}]}, _, _, _) -> ["<<>>"];
type({type, _, binary, [{integer, _, N}, {integer, _, 0}]}, _, _, _) ->
    ["<<_:" ++ integer_to_list(N) ++ ">>"];
type({type, _, binary, [{integer, _, 0}, {integer, _, U}]}, _, _, _) ->
    ["<<_:_*" ++ integer_to_list(U) ++ ">>"];
type({type, _, binary, [{integer, _, N}, {integer, _, U}]}, _, _, _) ->
    ["<<_:" ++ integer_to_list(N) ++ ", _:_*" ++ integer_to_list(U) ++ ">>"];
type({type, _, 'fun', []}, _, _, _) -> ["fun()"];
type({type, _, 'fun', [{type, _, any}, Result]}, _, Column, O) ->
    beside([["fun((...) -> "], type(Result, 0, Column, O), [")"]]);
type({type, _, 'fun', _} = Fun, _, Column, O) ->
    beside([["fun("], function_type(Fun, Column + 4, O), [")"]]);
type({type, _, Name, As}, _, Column, O) ->
    beside([name(Name, O)], type_args(As, Column + length(name(Name, O)), O));
type(Literal, Prec, Column, O) when element(1, Literal) =/= type ->
    box(Literal, Prec, Column, O).

type_args(As, Column, O) ->
    bracketed("(", [type(A, 0, Column + 1, O) || A <- As], ")", ",", Column, O).
