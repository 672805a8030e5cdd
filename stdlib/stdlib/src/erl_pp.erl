%%% The abstract format as Erlang source.
%%%
%%% A construct becomes a box: a list of lines, the first of which continues the line before, while
%%% the others are indented relative to where the first begins. Boxes are put beside each other or
%%% under each other; a construct of one line is broken where it would be too wide.
-module(erl_pp).

-export([form/1, form/2, attribute/1, attribute/2, function/1, function/2, guard/1, guard/2,
         exprs/1, exprs/2, exprs/3, expr/1, expr/2, expr/3, expr/4]).

-define(WIDTH, 72).
%% No string is broken into shorter ones.
-define(SHORTEST, 5).

-type option() :: {encoding, latin1 | unicode | utf8} | {hook, term()} | {indent, pos_integer()}
                | {linewidth, pos_integer()} | {quote_singleton_atom_types, boolean()} | term().
-type box() :: [string()].

%%% Entry points.

-spec form(erl_parse:abstract_form()) -> io_lib:chars().
form(Form) -> form(Form, []).

-spec form(erl_parse:abstract_form(), [option()]) -> io_lib:chars().
form({attribute, _, _, _} = Form, Options) -> attribute(Form, Options);
form({function, _, _, _, _} = Form, Options) -> function(Form, Options);
form({eof, _}, _) -> "\n";
form({error, Info}, _) -> io_lib:format("~p\n", [{error, Info}]);
form({warning, Info}, _) -> io_lib:format("~p\n", [{warning, Info}]).

-spec attribute(erl_parse:abstract_form()) -> io_lib:chars().
attribute(Form) -> attribute(Form, []).

-spec attribute(erl_parse:abstract_form(), [option()]) -> io_lib:chars().
attribute({attribute, _, Name, Value}, Options) ->
    [text(attribute_box(Name, Value, encoding(Options)), 0), "\n"].

-spec function(erl_parse:abstract_form()) -> io_lib:chars().
function(Form) -> function(Form, []).

-spec function(erl_parse:abstract_form(), [option()]) -> io_lib:chars().
function({function, _, Name, _, Clauses}, Options) ->
    Enc = encoding(Options),
    Heads = [function_clause(Name, C, Enc) || C <- Clauses],
    [text(beside(separated(Heads, ";"), ["."]), 0), "\n"].

-spec guard([[erl_parse:abstract_expr()]]) -> io_lib:chars().
guard(Guard) -> guard(Guard, []).

-spec guard([[erl_parse:abstract_expr()]], [option()]) -> io_lib:chars().
guard(Guard, Options) -> text(beside(["when "], guard_box(Guard, 5, encoding(Options))), 0).

-spec exprs([erl_parse:abstract_expr()]) -> io_lib:chars().
exprs(Es) -> exprs(Es, 0, []).

-spec exprs([erl_parse:abstract_expr()], [option()]) -> io_lib:chars().
exprs(Es, Options) -> exprs(Es, 0, Options).

%% Expressions one under the other; the first begins at the column Indent.
-spec exprs([erl_parse:abstract_expr()], integer(), [option()]) -> io_lib:chars().
exprs(Es, Indent, Options) ->
    Column = max(0, Indent),
    text(conjunction([box(E, 0, Column, encoding(Options)) || E <- Es], Column), Indent).

-spec expr(erl_parse:abstract_expr()) -> io_lib:chars().
expr(E) -> expr(E, 0, none, []).

-spec expr(erl_parse:abstract_expr(), [option()]) -> io_lib:chars().
expr(E, Options) -> expr(E, 0, none, Options).

-spec expr(erl_parse:abstract_expr(), integer(), [option()]) -> io_lib:chars().
expr(E, Indent, Options) -> expr(E, Indent, none, Options).

%% One expression that begins at the column Indent.
-spec expr(erl_parse:abstract_expr(), integer(), none | non_neg_integer(), [option()]) ->
          io_lib:chars().
expr(E, Indent, none, Options) -> expr(E, Indent, 0, Options);
expr(E, Indent, Precedence, Options) ->
    text(box(E, Precedence, max(0, Indent), encoding(Options)), Indent).

%% Characters beyond Latin-1 are only shown where unicode is asked for.
encoding(Options) when is_list(Options) ->
    case proplists:get_value(encoding, Options) of
        unicode -> unicode;
        _ -> latin1
    end;
encoding(_) ->
    latin1.

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

fits(Box, Column) -> is_line(Box) andalso Column + width(Box) =< ?WIDTH.

%% Things between brackets, in a line if they fit; else as many in each line as fit, or each in a
%% line of its own where one is more than a word.
bracketed(Open, [], Close, _Mark, _Column) ->
    [Open ++ Close];
bracketed(Open, Boxes, Close, Mark, Column) ->
    Inline = case lists:all(fun is_line/1, Boxes) of
                 true -> [Open ++ lists:append(lists:join(Mark ++ " ", [B || [B] <- Boxes])) ++ Close];
                 false -> none
             end,
    case Inline =/= none andalso fits(Inline, Column) of
        true -> Inline;
        false ->
            Start = length(Open),
            Inner = rows(Boxes, Mark, ?WIDTH - Column - Start),
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
-spec box(term(), non_neg_integer(), non_neg_integer(), atom()) -> box().
box({var, _, Name}, _, _, _) when is_atom(Name) -> [atom_to_list(Name)];
box({var, _, N}, _, _, _) when is_integer(N) -> ["_" ++ integer_to_list(N)];
box({char, _, $\s}, _, _, _) -> ["$ "];
box({char, _, C}, _, _, latin1) -> [lists:flatten(io_lib:write_char_as_latin1(C))];
box({char, _, C}, _, _, _) -> [lists:flatten(io_lib:write_char(C))];
box({integer, _, I}, _, _, _) -> [integer_to_list(I)];
box({float, _, F}, _, _, _) -> [lists:flatten(io_lib:write(F))];
box({atom, _, A}, _, _, Enc) -> [name(A, Enc)];
box({string, _, S}, _, Column, Enc) -> string_box(S, Column, Enc);
box({nil, _}, _, _, _) -> ["[]"];
box({value, _, V}, _, _, Enc) ->
    Format = case Enc of latin1 -> "~p"; _ -> "~tp" end,
    string:split(lists:flatten(io_lib:format(Format, [V])), "\n", all);
box({cons, _, _, _} = List, _, Column, Enc) -> list_box(List, Column, Enc);
box({tuple, _, Es}, _, Column, Enc) ->
    bracketed("{", boxes(Es, 0, Column + 1, Enc), "}", ",", Column);
box({record, _, Name, Fields}, _, Column, Enc) ->
    record_box("#" ++ name(Name, Enc), Fields, Column, Enc);
box({record, _, E, Name, Fields}, Prec, Column, Enc) ->
    {Left, P, _} = erl_parse:inop_prec('#'),
    Base = lists:flatten(lists:join("\n", box(E, Left, Column, Enc))),
    parens(P < Prec, record_box(Base ++ "#" ++ name(Name, Enc), Fields, Column, Enc));
box({record_field, _, E, Name, Field}, Prec, Column, Enc) ->
    {Left, P, _} = erl_parse:inop_prec('#'),
    parens(P < Prec, beside([box(E, Left, Column, Enc), ["#" ++ name(Name, Enc) ++ "."],
                             box(Field, 0, Column, Enc)]));
box({record_index, _, Name, Field}, _, Column, Enc) ->
    beside(["#" ++ name(Name, Enc) ++ "."], box(Field, 0, Column, Enc));
box({map, _, Fields}, _, Column, Enc) -> map_box("#", Fields, Column, Enc);
box({map, _, E, Fields}, Prec, Column, Enc) ->
    {Left, P, _} = erl_parse:inop_prec('#'),
    Base = box(E, Left, Column, Enc),
    parens(P < Prec, beside(Base, map_box("#", Fields, Column + width(Base), Enc)));
box({bin, _, Segments}, _, Column, Enc) ->
    Boxes = [segment(S, Column + 2, Enc) || S <- Segments],
    Line = [lists:append(lists:join(",", [lists:append(B) || B <- Boxes]))],
    case lists:all(fun is_line/1, Boxes) andalso fits(Line, Column + 4) of
        true -> ["<<" ++ hd(Line) ++ ">>"];
        false ->
            Rows = case lists:all(fun is_number_text/1, Boxes) of
                       true -> close_rows(Boxes, ?WIDTH - Column - 2);
                       false -> separated(Boxes, ",")
                   end,
            beside(["<<"], beside_end(Rows, ">>"))
    end;
box({block, _, Es}, _, Column, Enc) ->
    Lines = under(under(["begin"], 4, body(Es, Column + 4, Enc)), 0, ["end"]),
    short(Lines, Column);
box({'if', _, Cs}, _, Column, Enc) ->
    Clauses = [clause(guard_box(Guard, ";", Column + 4, Enc), Body, Column + 4, Enc)
               || {clause, _, [], Guard, Body} <- Cs],
    under(under(["if"], 4, separated(Clauses, ";")), 0, ["end"]);
box({'case', _, E, Cs}, _, Column, Enc) ->
    Head = case beside([["case "], box(E, 0, Column + 5, Enc), [" of"]]) of
               [Line] when Column + length(Line) =< ?WIDTH -> [Line];
               _ -> under(under(["case"], 4, box(E, 0, Column + 4, Enc)), 0, ["of"])
           end,
    under(under(Head, 4, clauses(Cs, Column + 4, Enc)), 0, ["end"]);
box({'receive', _, Cs}, _, Column, Enc) ->
    under(under(["receive"], 4, clauses(Cs, Column + 4, Enc)), 0, ["end"]);
box({'receive', _, [], Timeout, [_] = Es}, _, Column, Enc) ->
    Whole = receive_box([], Timeout, Es, Column, Enc),
    short(Whole, Column);
box({'receive', _, Cs, Timeout, Es}, _, Column, Enc) ->
    receive_box(Cs, Timeout, Es, Column, Enc);
box({'try', _, Es, Cases, Catches, After}, _, Column, Enc) ->
    Start = case {body(Es, Column + 4, Enc), Cases} of
                {Lines, []} ->
                    under(["try"], 4, Lines);
                {Lines, _} ->
                    Head = beside([["try "], Lines, [" of"]]),
                    case fits(Head, Column) of
                        true -> Head;
                        false -> under(["try"], 4, Lines) ++ ["of"]
                    end
            end,
    Of = case Cases of
             [] -> Start;
             _ -> under(Start, 4, clauses(Cases, Column + 4, Enc))
         end,
    Catch = case Catches of
                [] -> Of;
                _ -> under(Of ++ ["catch"], 4,
                           separated([catch_clause(C, Column + 4, Enc) || C <- Catches], ";"))
            end,
    Whole = case After of
                [] -> Catch;
                _ -> under(Catch ++ ["after"], 4, body(After, Column + 4, Enc))
            end,
    Ended = under(Whole, 0, ["end"]),
    case {Cases, Catches} of
        {[], []} -> short(Ended, Column);
        _ -> Ended
    end;
box({'maybe', _, Es}, _, Column, Enc) ->
    under(under(["maybe"], 4, body(Es, Column + 4, Enc)), 0, ["end"]);
box({'maybe', _, Es, {'else', _, Cs}}, _, Column, Enc) ->
    Body = under(["maybe"], 4, body(Es, Column + 4, Enc)),
    under(under(Body ++ ["else"], 4, clauses(Cs, Column + 4, Enc)), 0, ["end"]);
box({maybe_match, _, L, R}, _, Column, Enc) ->
    Left = box(L, 150, Column, Enc),
    beside([Left, [" ?= "], box(R, 100, Column + width(Left) + 4, Enc)]);
box({Kind, _, E, Quals}, _, Column, Enc) when Kind =:= lc; Kind =:= mc; Kind =:= bc ->
    {Open, Close} = case Kind of
                        lc -> {"[", "]"};
                        mc -> {"#{", "}"};
                        bc -> {"<<", ">>"}
                    end,
    Head = beside(comprehension_head(E, Column + 1, Enc), [" ||"]),
    Parts = separated([qualifier(Q, Column + 5, Enc) || Q <- Quals], ","),
    under(under([Open ++ " "], length(Open), under(Head, 4, Parts)), 0, [Close]);
box({'fun', _, {clauses, Cs}}, _, Column, Enc) ->
    Heads = [head_clause("", C, Column + 3, Enc) || C <- Cs],
    under(beside(["fun"], separated(Heads, ";")), 0, ["end"]);
box({named_fun, _, Name, Cs}, _, Column, Enc) ->
    Heads = [head_clause(atom_to_list(Name), C, Column + 4, Enc) || C <- Cs],
    under(beside(["fun "], separated(Heads, ";")), 0, ["end"]);
box({'fun', _, {function, F, A}}, _, _, Enc) ->
    ["fun " ++ name(F, Enc) ++ "/" ++ integer_to_list(A)];
box({'fun', _, {function, M, F, A}}, _, Column, Enc) when is_tuple(M), is_tuple(F), is_tuple(A) ->
    beside([["fun "], box(M, 0, Column, Enc), [":"], box(F, 0, Column, Enc), ["/"],
            box(A, 0, Column, Enc)]);
box({'fun', _, {function, M, F, A}}, _, _, Enc) ->
    ["fun " ++ name(M, Enc) ++ ":" ++ name(F, Enc) ++ "/" ++ integer_to_list(A)];
box({call, A, {remote, _, {atom, _, erlang}, {atom, _, F} = Name}, As}, Prec, Column, Enc) ->
    %% Functions that need no module are written without.
    case erl_internal:bif(F, length(As)) of
        true -> box({call, A, Name, As}, Prec, Column, Enc);
        false -> call_box([lists:append(["erlang:" | box(Name, 0, Column, Enc)])], As, Prec, Column, Enc)
    end;
box({call, _, F, As}, Prec, Column, Enc) ->
    {FunPrec, _} = erl_parse:func_prec(),
    call_box(box(F, FunPrec, Column, Enc), As, Prec, Column, Enc);
box({remote, _, M, F}, Prec, Column, Enc) ->
    {Left, P, Right} = erl_parse:inop_prec(':'),
    parens(P < Prec, beside([box(M, Left, Column, Enc), [":"], box(F, Right, Column, Enc)]));
box({'catch', _, E}, Prec, Column, Enc) ->
    {P, OperandPrec} = erl_parse:preop_prec('catch'),
    Inline = beside(["catch "], box(E, OperandPrec, Column + 6, Enc)),
    Whole = case fits(Inline, Column) of
                true -> Inline;
                false -> under(["catch"], 4, box(E, OperandPrec, Column + 4, Enc))
            end,
    parens(P < Prec, Whole);
box({match, _, L, R}, Prec, Column, Enc) ->
    {LeftPrec, P, RightPrec} = erl_parse:inop_prec('='),
    Left = beside(box(L, LeftPrec, Column, Enc), [" ="]),
    parens(P < Prec, step(Left, Column, fun(At) -> box(R, RightPrec, At, Enc) end));
box({op, _, Op, E}, Prec, Column, Enc) ->
    {P, OperandPrec} = erl_parse:preop_prec(Op),
    Sign = case lists:member(Op, ['+', '-']) of
               true -> atom_to_list(Op);
               false -> atom_to_list(Op) ++ " "
           end,
    Operand = box(E, OperandPrec, Column + length(Sign), Enc),
    Apart = case {Sign, Operand} of
                {[S], [[C | _] | _]} when C =:= S -> Sign ++ " ";
                _ -> Sign
            end,
    parens(P < Prec, beside([Apart], Operand));
box({op, _, Op, L, R}, Prec, Column, Enc) ->
    {LeftPrec, P, RightPrec} = erl_parse:inop_prec(Op),
    Left = box(L, LeftPrec, Column, Enc),
    Right = box(R, RightPrec, Column, Enc),
    Inline = case is_line(Left) andalso is_line(Right) of
                 true -> [hd(Left) ++ " " ++ atom_to_list(Op) ++ " " ++ hd(Right)];
                 false -> none
             end,
    %% These always stand on lines of their own.
    IsApart = Op =:= 'andalso' orelse Op =:= 'orelse',
    Joined = case Inline =/= none andalso not IsApart andalso fits(Inline, Column) of
                 true -> Inline;
                 false -> Left ++ [atom_to_list(Op)] ++ Right
             end,
    parens(P < Prec, Joined);
box(Other, _, Column, Enc) ->
    type(Other, 0, Column, Enc).

%% What follows stands in the line if all of it fits there, or nothing is won by a new line; else on the
%% next line, four columns in.
step(Left, Column, Follow) ->
    Start = Column + width([lists:last(Left)]) + 1,
    Beside = Follow(Start),
    Joined = beside([Left, [" "], Beside]),
    case is_line(Left) andalso (width(Left) < 4 orelse fits(Joined, Column)) of
        true -> Joined;
        false -> under(Left, 4, Follow(Column + 4))
    end.

parens(true, Box) -> beside(["("], beside_end(Box, ")"));
parens(false, Box) -> Box.

call_box(Name, As, Prec, Column, Enc) ->
    {_, P} = erl_parse:func_prec(),
    Start = Column + width([lists:last(Name)]),
    Args = bracketed("(", boxes(As, 0, Start + 1, Enc), ")", ",", Start),
    parens(P < Prec, beside(Name, Args)).

receive_box(Cs, Timeout, Es, Column, Enc) ->
    Start = case Cs of
                [] -> ["receive"];
                _ -> under(["receive"], 4, clauses(Cs, Column + 4, Enc))
            end,
    Wait = beside(box(Timeout, 0, Column + 4, Enc), [" ->"]),
    After = case body(Es, Column + 8, Enc) of
                [Line] -> beside([Wait, [" "], [Line]]);
                Lines -> under(Wait, 4, Lines)
            end,
    under(under(Start ++ ["after"], 4, After), 0, ["end"]).

%% Lines that would make one that fits, as that.
short(Lines, Column) ->
    IsSimple = length(Lines) =< 5 andalso not lists:any(fun(L) -> lists:last(L) =:= $, end, Lines),
    Line = [lists:append(lists:join(" ", [string:trim(L, leading) || L <- Lines]))],
    case IsSimple andalso fits(Line, Column) of
        true -> Line;
        false -> Lines
    end.

boxes(Es, Prec, Column, Enc) -> [box(E, Prec, Column, Enc) || E <- Es].

name(Atom, latin1) -> lists:flatten(io_lib:write_atom_as_latin1(Atom));
name(Atom, _) when is_atom(Atom) -> lists:flatten(io_lib:write_atom(Atom)).

string_text(S, latin1) -> lists:flatten(io_lib:write_string_as_latin1(S));
string_text(S, _) -> lists:flatten(io_lib:write_string(S)).

%% A long string is several short ones.
string_box(S, Column, Enc) ->
    Whole = string_text(S, Enc),
    case Column + length(Whole) =< ?WIDTH of
        true -> [Whole];
        false -> pieces(S, max(?SHORTEST, ?WIDTH - Column - 2), Enc, [], 0)
    end.

pieces([], _Room, Enc, Piece, _Length) ->
    [string_text(lists:reverse(Piece), Enc)];
pieces([C | S], Room, Enc, Piece, Length) ->
    Width = length(string_text([C], Enc)) - 2,
    case Piece =/= [] andalso Length + Width > Room of
        true -> [string_text(lists:reverse(Piece), Enc) | pieces([C | S], Room, Enc, [], 0)];
        false -> pieces(S, Room, Enc, [C | Piece], Length + Width)
    end.

list_box(List, Column, Enc) ->
    {Es, Tail} = elements(List, []),
    Boxes = boxes(Es, 0, Column + 1, Enc),
    case Tail of
        {nil, _} -> bracketed("[", Boxes, "]", ",", Column);
        _ ->
            TailBox = box(Tail, 0, Column + 1, Enc),
            Last = beside([lists:last(Boxes), [" | "], TailBox]),
            case bracketed("[", lists:droplast(Boxes) ++ [Last], "]", ",", Column) of
                [Line] when Column + length(Line) =< ?WIDTH ->
                    [Line];
                _ ->
                    Rows = beside_end(rows(Boxes, ",", ?WIDTH - Column - 1), " |"),
                    Row = beside([[lists:last(Rows)], [" "], beside_end(TailBox, "]")]),
                    Lines = case is_word(lists:last(Boxes)) andalso is_word(TailBox)
                                andalso fits(Row, Column + 1) of
                                true -> lists:droplast(Rows) ++ Row;
                                false -> beside_end(Rows ++ TailBox, "]")
                            end,
                    beside(["["], Lines)
            end
    end.

elements({cons, _, H, T}, Acc) -> elements(T, [H | Acc]);
elements(Tail, Acc) -> {lists:reverse(Acc), Tail}.

record_box(Start, Fields, Column, Enc) ->
    Boxes = [field(F, Column + length(Start) + 1, Enc) || F <- Fields],
    beside([Start], bracketed("{", Boxes, "}", ",", Column + length(Start))).

field({record_field, _, Name, Value}, Column, Enc) ->
    assigned(box(Name, 0, Column, Enc), " =", Value, Column, Enc);
field({record_field, _, Name}, Column, Enc) ->
    box(Name, 0, Column, Enc);
field({typed_record_field, {record_field, _, Name, Default} = Field, Type}, Column, Enc) ->
    %% Name, default and type in a line, or else the default and the type on the next.
    Inline = beside([field(Field, Column, Enc), [" :: "], type(Type, 0, Column, Enc)]),
    case fits(Inline, Column) of
        true ->
            Inline;
        false ->
            Start = beside(box(Default, 0, Column + 4, Enc), [" ::"]),
            Value = step(Start, Column + 4, fun(At) -> type(Type, 0, At, Enc) end),
            under(beside(box(Name, 0, Column, Enc), [" ="]), 4, Value)
    end;
field({typed_record_field, Field, Type}, Column, Enc) ->
    Left = field(Field, Column, Enc),
    Beside = type(Type, 0, Column + width(Left) + 4, Enc),
    case is_line(Left) andalso fits(beside([Left, [" :: "], Beside]), Column) of
        true -> beside([Left, [" :: "], Beside]);
        false when Left =:= [hd(Left)] ->
            under(beside(Left, [" ::"]), 4, type(Type, 0, Column + 4, Enc));
        false -> beside([Left, [" :: "], Beside])
    end.

%% A name with a value, which goes to the next line where it does not fit.
assigned(Left, Sign, Value, Column, Enc) ->
    step(beside(Left, [Sign]), Column, fun(At) -> box(Value, 0, At, Enc) end).

map_box(Start, Fields, Column, Enc) ->
    Boxes = [map_field(F, Column + length(Start) + 1, Enc) || F <- Fields],
    beside([Start], bracketed("{", Boxes, "}", ",", Column + length(Start))).

map_field({map_field_assoc, _, K, V}, Column, Enc) ->
    assigned(box(K, 0, Column, Enc), " =>", V, Column, Enc);
map_field({map_field_exact, _, K, V}, Column, Enc) ->
    assigned(box(K, 0, Column, Enc), " :=", V, Column, Enc).

segment({bin_element, _, E, Size, Types}, Column, Enc) ->
    Value = box(E, 900, Column, Enc),
    WithSize = case Size of
                   default -> Value;
                   _ -> beside([Value, [":"], box(Size, 900, Column, Enc)])
               end,
    case Types of
        default -> WithSize;
        _ -> beside(WithSize, ["/" ++ lists:append(lists:join("-", [specifier(T) || T <- Types]))])
    end.

specifier({Name, N}) -> atom_to_list(Name) ++ ":" ++ integer_to_list(N);
specifier(Name) -> atom_to_list(Name).

comprehension_head({map_field_assoc, _, _, _} = Field, Column, Enc) -> map_field(Field, Column, Enc);
comprehension_head(E, Column, Enc) -> box(E, 0, Column, Enc).

qualifier({Kind, _, P, E}, Column, Enc)
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
                  {map_field_exact, _, _, _} -> map_field(P, Column, Enc);
                  _ -> box(P, 0, Column, Enc)
              end,
    Line = beside([Pattern, [Arrow], box(E, 0, Column + width(Pattern) + length(Arrow), Enc)]),
    case fits(Line, Column) of
        true -> Line;
        false -> under(beside(Pattern, [string:trim(Arrow, trailing)]), 4, box(E, 0, Column + 4, Enc))
    end;
qualifier(Filter, Column, Enc) ->
    box(Filter, 0, Column, Enc).

%%% Clauses.

body(Es, Column, Enc) ->
    separated([box(E, 0, Column, Enc) || E <- Es], ",").

clauses(Cs, Column, Enc) ->
    separated([pattern_clause(C, Column, Enc) || C <- Cs], ";").

pattern_clause({clause, _, [P], Guard, Body}, Column, Enc) ->
    clause(guarded(box(P, 0, Column, Enc), Guard, Column, Enc), Body, Column, Enc).

catch_clause({clause, _, [{tuple, _, [Class, Reason, Stack]}], Guard, Body}, Column, Enc) ->
    Parts = case {Class, Stack} of
                {_, {var, _, '_'}} ->
                    [box(Class, 0, Column, Enc), [":"], box(Reason, 0, Column, Enc)];
                _ ->
                    [box(Class, 0, Column, Enc), [":"], box(Reason, 0, Column, Enc), [":"],
                     box(Stack, 0, Column, Enc)]
            end,
    clause(guarded(beside(Parts), Guard, Column, Enc), Body, Column, Enc).

function_clause(Name, Clause, Enc) ->
    head_clause(name(Name, Enc), Clause, 0, Enc).

head_clause(Name, {clause, _, Ps, Guard, Body}, Column, Enc) ->
    Start = Column + length(Name),
    Head = beside([Name], bracketed("(", boxes(Ps, 0, Start + 1, Enc), ")", ",", Start)),
    clause(guarded(Head, Guard, Column, Enc), Body, Column, Enc).

guarded(Head, [], _Column, _Enc) -> Head;
guarded(Head, Guard, Column, Enc) ->
    Tests = guard_box(Guard, Column + width([lists:last(Head)]) + 6, Enc),
    Inline = beside([Head, [" when "], Tests]),
    case is_line(Tests) andalso is_line(Head) andalso fits(Inline, Column) of
        true ->
            Inline;
        false ->
            Below = beside(["when "], guard_box(Guard, Column + 9, Enc)),
            case fits(Below, Column + 4) of
                true -> under(Head, 4, Below);
                false -> under(under(Head, 4, ["when"]), 8, guard_box(Guard, Column + 8, Enc))
            end
    end.

clause(Head, Body, Column, Enc) ->
    under(beside(Head, [" ->"]), 4, body(Body, Column + 4, Enc)).

guard_box(Alternatives, Column, Enc) ->
    guard_box(Alternatives, "; ", Column, Enc).

%% Alternatives of an `if' stand close together.
guard_box(Alternatives, Between, Column, Enc) ->
    Boxes = [conjunction([box(T, 0, Column, Enc) || T <- Tests], Column) || Tests <- Alternatives],
    joined(Boxes, Between, ";", Column).

conjunction(Boxes, Column) -> joined(Boxes, ", ", ",", Column).

%% In a line if they fit, or one under the other.
joined(Boxes, Between, Mark, Column) ->
    case lists:all(fun is_line/1, Boxes) of
        true ->
            Line = [lists:append(lists:join(Between, [B || [B] <- Boxes]))],
            case fits(Line, Column) of
                true -> Line;
                false -> separated(Boxes, Mark)
            end;
        false ->
            separated(Boxes, Mark)
    end.

%%% Attributes and types.

attribute_box(record, {Name, Fields}, Enc) ->
    Start = "-record(" ++ name(Name, Enc) ++ ",",
    Boxes = [field(F, length(Start) + 1, Enc) || F <- Fields],
    beside([[Start], bracketed("{", Boxes, "}", ",", length(Start)), [")."]]);
attribute_box(Kind, {Name, Type, Args}, Enc) when Kind =:= type; Kind =:= opaque; Kind =:= nominal ->
    Start = "-" ++ atom_to_list(Kind) ++ " ",
    Head = name(Name, Enc) ++ "(" ++ lists:append(lists:join(", ", [hd(box(A, 0, 0, Enc)) || A <- Args]))
        ++ ") ::",
    Column = length(Start),
    beside([[Start], step([Head], Column, fun(At) -> type(Type, 0, At, Enc) end), ["."]]);
attribute_box(Kind, {Function, Types}, Enc) when Kind =:= spec; Kind =:= callback ->
    Name = case Function of
               {F, _} -> name(F, Enc);
               {M, F, _} -> name(M, Enc) ++ ":" ++ name(F, Enc)
           end,
    Start = "-" ++ atom_to_list(Kind) ++ " " ++ Name,
    Boxes = [function_type(T, length(Start), Enc) || T <- Types],
    beside([[Start], separated(Boxes, ";"), ["."]]);
attribute_box(module, Name, Enc) when is_atom(Name) ->
    ["-module(" ++ name(Name, Enc) ++ ")."];
attribute_box(Kind, Functions, Enc)
  when Kind =:= export; Kind =:= export_type; Kind =:= optional_callbacks ->
    Start = "-" ++ atom_to_list(Kind) ++ "(",
    case is_function_list(Functions) of
        true -> beside([[Start], function_list(Functions, length(Start), Enc), [")."]]);
        false -> other_attribute(Kind, Functions, Enc)
    end;
attribute_box(import, {Module, Functions}, Enc) ->
    Left = name(Module, Enc) ++ ",",
    List = step([Left], 8, fun(At) -> function_list(Functions, At, Enc) end),
    Box = case List of
              [_] -> List;
              _ -> [Left | function_list(Functions, 8, Enc)]
          end,
    beside([["-import("], Box, [")."]]);
attribute_box(file, {Name, Line}, Enc) when is_list(Name), is_integer(Line) ->
    Parts = [string_box(Name, 6, Enc), [integer_to_list(Line)]],
    beside([["-file"], bracketed("(", Parts, ")", ",", 5), ["."]]);
attribute_box(Name, Value, Enc) ->
    other_attribute(Name, Value, Enc).

is_function_list(Functions) ->
    is_list(Functions) andalso lists:all(fun({F, A}) -> is_atom(F) andalso is_integer(A);
                                            (_) -> false
                                         end, Functions).

%% In a line without spaces, or one under the other.
function_list(Functions, Column, Enc) ->
    Texts = [[name(F, Enc) ++ "/" ++ integer_to_list(A)] || {F, A} <- Functions],
    Line = ["[" ++ lists:append(lists:join(",", [T || [T] <- Texts])) ++ "]"],
    case Texts =:= [] orelse fits(Line, Column) of
        true -> Line;
        false -> beside(["["], beside_end(separated(Texts, ","), "]"))
    end.

other_attribute(Name, Value, Enc) ->
    Start = "-" ++ name(Name, Enc) ++ "(",
    beside([[Start], box(erl_parse:abstract(Value), 0, length(Start), Enc), [")."]]).

function_type({type, _, 'fun', [{type, _, product, As}, Result]}, Column, Enc) ->
    Args = bracketed("(", [type(A, 0, Column, Enc) || A <- As], ")", ",", Column),
    step(beside(Args, [" ->"]), Column, fun(At) -> type(Result, 0, At, Enc) end);
function_type({type, _, bounded_fun, [Fun, Constraints]}, Column, Enc) ->
    Box = function_type(Fun, Column, Enc),
    Texts = fun(At) ->
                    [constraint(V, T, At, Enc) || {type, _, constraint, [_, [V, T]]} <- Constraints]
            end,
    Inline = Texts(Column),
    Line = beside([Box, [" when "], [lists:append(lists:join(", ", [T || [T | _] <- Inline]))]]),
    case is_line(Box) andalso lists:all(fun is_line/1, Inline) andalso fits(Line, Column) of
        true ->
            Line;
        false ->
            Beside = beside(["when "], conjunction(Texts(Column + 9), Column + 9)),
            case fits(Beside, Column + 4) of
                true -> under(Box, 4, Beside);
                false -> under(under(Box, 4, ["when"]), 8, conjunction(Texts(Column + 8), Column + 8))
            end
    end.

constraint(V, T, Column, Enc) ->
    step(beside(type(V, 0, Column, Enc), [" ::"]), Column, fun(At) -> type(T, 0, At, Enc) end).

type({ann_type, _, [V, T]}, Prec, Column, Enc) ->
    Box = step(beside(type(V, 0, Column, Enc), [" ::"]), Column, fun(At) -> type(T, 0, At, Enc) end),
    parens(150 < Prec, Box);
type({remote_type, _, [M, N, As]}, _, Column, Enc) ->
    beside([type(M, 0, Column, Enc), [":"], type(N, 0, Column, Enc), type_args(As, Column, Enc)]);
type({user_type, _, N, As}, _, Column, Enc) ->
    beside([name(N, Enc)], type_args(As, Column, Enc));
type({type, _, union, Ts}, Prec, Column, Enc) ->
    Boxes = [type(T, 170, Column, Enc) || T <- Ts],
    Inline = case lists:all(fun is_line/1, Boxes) of
                 true -> [lists:append(lists:join(" | ", [B || [B] <- Boxes]))];
                 false -> none
             end,
    Box = case Inline =/= none andalso fits(Inline, Column) of
              true -> Inline;
              false ->
                  rows(Boxes, " |", ?WIDTH - Column)
          end,
    parens(170 < Prec, Box);
type({type, _, range, [From, To]}, _, Column, Enc) ->
    beside([type(From, 0, Column, Enc), [".."], type(To, 0, Column, Enc)]);
type({type, _, tuple, any}, _, _, _) -> ["tuple()"];
type({type, _, tuple, Ts}, _, Column, Enc) ->
    bracketed("{", [type(T, 0, Column + 1, Enc) || T <- Ts], "}", ",", Column);
type({type, _, list, [T]}, _, Column, Enc) ->
    beside([["["], type(T, 0, Column + 1, Enc), ["]"]]);
type({type, _, nonempty_list, [T]}, _, Column, Enc) ->
    beside([["["], type(T, 0, Column + 1, Enc), [", ...]"]]);
type({type, _, nil, []}, _, _, _) -> ["[]"];
type({type, _, map, any}, _, _, _) -> ["map()"];
type({type, _, map, Pairs}, _, Column, Enc) ->
    bracketed("#{", [type(P, 0, Column + 2, Enc) || P <- Pairs], "}", ",", Column);
type({type, _, map_field_assoc, [K, V]}, _, Column, Enc) ->
    step(beside(type(K, 0, Column, Enc), [" =>"]), Column, fun(At) -> type(V, 0, At, Enc) end);
type({type, _, map_field_exact, [K, V]}, _, Column, Enc) ->
    beside([type(K, 0, Column, Enc), [" := "], type(V, 0, Column, Enc)]);
type({type, _, record, [{atom, _, Name} | Fields]}, _, Column, Enc) ->
    Boxes = [type(F, 0, Column, Enc) || F <- Fields],
    beside(["#" ++ name(Name, Enc)], bracketed("{", Boxes, "}", ",", Column));
type({type, _, field_type, [Name, T]}, _, Column, Enc) ->
    beside([type(Name, 0, Column, Enc), [" :: "], type(T, 0, Column, Enc)]);
type({type, _, binary, [{integer, _, 0}, {integer, _, 0}]}, _, _, _) -> ["<<>>"];
type({type, _, binary, [{integer, _, N}, {integer, _, 0}]}, _, _, _) ->
    ["<<_:" ++ integer_to_list(N) ++ ">>"];
type({type, _, binary, [{integer, _, 0}, {integer, _, U}]}, _, _, _) ->
    ["<<_:_*" ++ integer_to_list(U) ++ ">>"];
type({type, _, binary, [{integer, _, N}, {integer, _, U}]}, _, _, _) ->
    ["<<_:" ++ integer_to_list(N) ++ ", _:_*" ++ integer_to_list(U) ++ ">>"];
type({type, _, 'fun', []}, _, _, _) -> ["fun()"];
type({type, _, 'fun', [{type, _, any}, Result]}, _, Column, Enc) ->
    beside([["fun((...) -> "], type(Result, 0, Column, Enc), [")"]]);
type({type, _, 'fun', _} = Fun, _, Column, Enc) ->
    beside([["fun("], function_type(Fun, Column + 4, Enc), [")"]]);
type({type, _, Name, As}, _, Column, Enc) ->
    beside([name(Name, Enc)], type_args(As, Column, Enc));
type(Literal, Prec, Column, Enc) when element(1, Literal) =/= type ->
    box(Literal, Prec, Column, Enc).

type_args(As, Column, Enc) ->
    bracketed("(", [type(A, 0, Column, Enc) || A <- As], ")", ",", Column).
