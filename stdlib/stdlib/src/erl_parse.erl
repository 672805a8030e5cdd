%%% The abstract format: parsing to it, which native code does, terms in it, and its annotations.
-module(erl_parse).

-export([parse/1, parse_exprs/1, parse_form/1, parse_term/1, parse_and_scan/1, format_error/1,
         abstract/1, abstract/2, normalise/1, tokens/1, tokens/2,
         map_anno/2, fold_anno/3, mapfold_anno/3, new_anno/1, anno_to_term/1, anno_from_term/1,
         first_anno/1,
         inop_prec/1, preop_prec/1, func_prec/0, max_prec/0, type_inop_prec/1,
         type_preop_prec/1]).

-export_type([abstract_clause/0, abstract_expr/0, abstract_form/0, abstract_type/0,
              error_info/0, form_info/0]).

-type abstract_clause() :: term().
-type abstract_expr() :: term().
-type abstract_form() :: term().
-type abstract_type() :: term().
-type form_info() :: {eof, erl_anno:location()} | {error, error_info()} | {warning, error_info()}.
-type error_info() :: {erl_anno:location(), module(), term()}.

%%% Parsing.

%% @doc The expressions that tokens up to a full stop stand for, in the abstract format; or {error, Info}.
-spec parse_exprs([erl_scan:token()]) -> {ok, [abstract_expr()]} | {error, error_info()}.
parse_exprs(Tokens) -> as_documented(Tokens, swerl_lang:parse_exprs(Tokens)).

%% @doc The form that tokens up to a full stop stand for, in the abstract format; or {error, Info}.
-spec parse_form([erl_scan:token()]) -> {ok, abstract_form()} | {error, error_info()}.
%% Where there is nothing to stand anywhere, the line is the last that there can be.
parse_form([]) -> {error, {999999, ?MODULE, ["syntax error before: ", []]}};
parse_form(Tokens) -> as_documented(Tokens, swerl_lang:parse_form(Tokens)).

%% Map comprehensions came after OTP 25: the compiler and the shell read them, here they are as unknown as there.
as_documented(Tokens, {ok, _} = Parsed) ->
    case lists:keymember('||', 1, Tokens) andalso map_bar(Tokens, []) of
        {true, Token} -> {error, {erl_anno:location(element(2, Token)), ?MODULE, ["syntax error before: ", "'||'"]}};
        false -> Parsed
    end;
as_documented(_Tokens, {error, _} = Error) ->
    Error.

%% The bar of a map comprehension, below the brackets that are open.
map_bar([{'#', _}, {'{', _} | Tokens], Open) -> map_bar(Tokens, [map | Open]);
map_bar([{'||', _} = Bar | _], [map | _]) -> {true, Bar};
map_bar([{Bracket, _} | Tokens], Open) ->
    case Bracket of
        _ when Bracket =:= '('; Bracket =:= '['; Bracket =:= '{'; Bracket =:= '<<' -> map_bar(Tokens, [other | Open]);
        _ when Bracket =:= ')'; Bracket =:= ']'; Bracket =:= '}'; Bracket =:= '>>' -> map_bar(Tokens, tl(Open));
        _ -> map_bar(Tokens, Open)
    end;
map_bar([_ | Tokens], Open) -> map_bar(Tokens, Open);
map_bar([], _Open) -> false.

%% @doc The term that tokens up to a full stop stand for, or {error, Info}.
-spec parse_term([erl_scan:token()]) -> {ok, term()} | {error, error_info()}.
parse_term(Tokens) -> swerl_lang:parse_term(Tokens).

%% @doc As parse_form/1.
-spec parse([erl_scan:token()]) -> {ok, abstract_form()} | {error, error_info()}.
parse(Tokens) -> parse_form(Tokens).

%% @doc As parse_form/1, with a function that gives tokens up to a full stop.
-spec parse_and_scan({fun((...) -> term()), [term()]} | {module(), atom(), [term()]}) ->
          {ok, abstract_form()} | {error, error_info()}.
parse_and_scan({M, F, As}) -> parse_and_scan({fun(Args) -> apply(M, F, Args) end, [As]});
parse_and_scan({Fun, As}) ->
    case apply(Fun, As) of
        {ok, Tokens, _} -> parse_form(Tokens);
        {eof, Location} -> {ok, {eof, Location}};
        {error, Info, _} -> {error, Info}
    end.

%% @doc The text of what is wrong in an error of this module.
-spec format_error(term()) -> io_lib:chars().
format_error(Message) ->
    case io_lib:deep_char_list(Message) of
        true -> Message;
        false -> io_lib:write(Message)
    end.

%%% Terms.

%% @doc The abstract form of a term. Lists of characters become strings.
-spec abstract(term()) -> abstract_expr().
abstract(Term) ->
    abstract(Term, []).

%% @doc Options: a location, or {location, L} (or {line, L}) and {encoding, E}, which says what a character is.
-spec abstract(term(), erl_anno:location() | [tuple()]) -> abstract_expr().
abstract(Term, Location) when is_integer(Location); is_tuple(Location) ->
    abstract(Term, [{location, Location}]);
abstract(Term, Options) when is_list(Options) ->
    A = erl_anno:new(proplists:get_value(location, Options, proplists:get_value(line, Options, 0))),
    IsChar = case proplists:get_value(encoding, Options, epp:default_encoding()) of
                 latin1 -> fun(C) -> is_integer(C) andalso C >= 0 andalso C < 256 end;
                 none -> fun(_) -> false end;
                 Fun when is_function(Fun, 1) -> fun(C) -> is_integer(C) andalso Fun(C) end;
                 Unicode when Unicode =:= utf8; Unicode =:= unicode -> fun is_unicode/1;
                 Other -> erlang:error({badarg, Other})
             end,
    to_abstract(Term, A, IsChar).

is_unicode(C) ->
    is_integer(C) andalso ((C >= 0 andalso C < 16#D800)
                           orelse (C > 16#DFFF andalso C < 16#FFFE)
                           orelse (C > 16#FFFF andalso C =< 16#10FFFF)).

to_abstract(T, A, _) when is_integer(T) -> {integer, A, T};
to_abstract(T, A, _) when is_float(T) -> {float, A, T};
to_abstract(T, A, _) when is_atom(T) -> {atom, A, T};
to_abstract([], A, _) -> {nil, A};
to_abstract(T, A, IsChar) when is_list(T) -> list_to_abstract(T, A, IsChar);
to_abstract(T, A, IsChar) when is_tuple(T) ->
    {tuple, A, [to_abstract(E, A, IsChar) || E <- tuple_to_list(T)]};
to_abstract(T, A, IsChar) when is_map(T) ->
    {map, A, [{map_field_assoc, A, to_abstract(K, A, IsChar), to_abstract(V, A, IsChar)}
              || {K, V} <- maps:to_list(T)]};
to_abstract(T, A, _) when is_binary(T) ->
    {bin, A, [{bin_element, A, {integer, A, B}, default, default} || B <- binary_to_list(T)]};
to_abstract(T, A, _) when is_bitstring(T) ->
    {Bytes, [Last]} = lists:split(byte_size(T) - 1, bitstring_to_list(T)),
    {bin, A, [{bin_element, A, {integer, A, B}, default, default} || B <- Bytes]
     ++ [last_bits(Last, A)]};
to_abstract(T, A, _) when is_function(T) ->
    case erlang:fun_info(T, type) of
        {type, external} ->
            [{_, M}, {_, F}, {_, Arity}] = [erlang:fun_info(T, I) || I <- [module, name, arity]],
            {'fun', A, {function, {atom, A, M}, {atom, A, F}, {integer, A, Arity}}};
        _ ->
            erlang:error(function_clause, [T])
    end;
to_abstract(T, _, _) ->
    erlang:error(function_clause, [T]).

last_bits(Bits, A) ->
    Size = bit_size(Bits),
    <<I:Size>> = Bits,
    {bin_element, A, {integer, A, I}, {integer, A, Size}, default}.

list_to_abstract(List, A, IsChar) ->
    case is_string(List, IsChar) of
        true -> {string, A, List};
        false -> cells(List, A, IsChar)
    end.

is_string([C | Cs], IsChar) -> IsChar(C) andalso is_string(Cs, IsChar);
is_string([], _IsChar) -> true;
is_string(_, _IsChar) -> false.

%% From the end: the longest tail of characters is a string where something else comes before it.
cells(List, A, IsChar) ->
    {Others, Tail} = case reversed(List, []) of
                         {Reversed, []} ->
                             {Chars, Front} = lists:splitwith(IsChar, Reversed),
                             {Front, string_tail(lists:reverse(Chars), A)};
                         {Reversed, End} ->
                             {Reversed, to_abstract(End, A, IsChar)}
                     end,
    lists:foldl(fun(E, Acc) -> {cons, A, to_abstract(E, A, IsChar), Acc} end, Tail, Others).

string_tail([], A) -> {nil, A};
string_tail(Chars, A) -> {string, A, Chars}.

reversed([H | T], Acc) -> reversed(T, [H | Acc]);
reversed(End, Acc) -> {Acc, End}.

%% @doc The term that an abstract form stands for.
-spec normalise(abstract_expr()) -> term().
normalise({Literal, _, V})
  when Literal =:= char; Literal =:= integer; Literal =:= float; Literal =:= atom;
       Literal =:= string ->
    V;
normalise({nil, _}) -> [];
normalise({bin, _, Segments}) ->
    {value, Bin, _} = eval_bits:expr_grp(Segments, [], fun(E, Bs) -> {value, normalise(E), Bs} end),
    Bin;
normalise({cons, _, H, T}) -> [normalise(H) | normalise(T)];
normalise({tuple, _, Es}) -> list_to_tuple([normalise(E) || E <- Es]);
normalise({map, _, Pairs}) ->
    maps:from_list([case Pair of
                        {map_field_assoc, _, K, V} -> {normalise(K), normalise(V)};
                        _ -> erlang:error({badarg, Pair})
                    end || Pair <- Pairs]);
normalise({'fun', _, {function, {atom, _, M}, {atom, _, F}, {integer, _, A}}}) ->
    erlang:make_fun(M, F, A);
normalise({op, _, '+', {char, _, I}}) -> I;
normalise({op, _, '+', {integer, _, I}}) -> I;
normalise({op, _, '+', {float, _, F}}) -> F;
normalise({op, _, '-', {char, _, I}}) -> -I;
normalise({op, _, '-', {integer, _, I}}) -> -I;
normalise({op, _, '-', {float, _, F}}) -> -F;
normalise({value, _, V}) -> V;
normalise(Other) -> erlang:error({badarg, Other}).

%% @doc The tokens that an abstract term is written with.
-spec tokens(abstract_expr()) -> [erl_scan:token()].
tokens(Abstract) ->
    tokens(Abstract, []).

%% @doc The same, before tokens that come behind.
-spec tokens(abstract_expr(), [erl_scan:token()]) -> [erl_scan:token()].
tokens({Literal, A, V}, More)
  when Literal =:= char; Literal =:= integer; Literal =:= float; Literal =:= atom;
       Literal =:= string; Literal =:= var ->
    [{Literal, A, V} | More];
tokens({nil, A}, More) ->
    [{'[', A}, {']', A} | More];
tokens({cons, A, H, T}, More) ->
    [{'[', A} | tokens(H, tail_tokens(T, More))];
tokens({tuple, A, []}, More) ->
    [{'{', A}, {'}', A} | More];
tokens({tuple, A, [E | Es]}, More) ->
    Rest = lists:foldr(fun(X, Acc) -> [{',', element(2, X)} | tokens(X, Acc)] end,
                       [{'}', A} | More], Es),
    [{'{', A} | tokens(E, Rest)].

tail_tokens({cons, A, H, T}, More) -> [{',', A} | tokens(H, tail_tokens(T, More))];
tail_tokens({nil, A}, More) -> [{']', A} | More];
tail_tokens(Other, More) ->
    A = element(2, Other),
    [{'|', A} | tokens(Other, [{']', A} | More])].

%%% Annotations.

%% @doc The abstract format with each annotation replaced by what a fun makes of it.
-spec map_anno(fun((erl_anno:anno()) -> erl_anno:anno()), Abstract) -> Abstract
              when Abstract :: abstract_form() | abstract_expr() | [abstract_form()].
map_anno(F, Abstract) ->
    {New, _} = mapfold_anno(fun(A, Acc) -> {F(A), Acc} end, ok, Abstract),
    New.

%% @doc Goes through all annotations of the abstract format with a fun of the annotation and an accumulator.
-spec fold_anno(fun((erl_anno:anno(), Acc) -> Acc), Acc, abstract_form() | abstract_expr()) -> Acc.
fold_anno(F, Acc0, Abstract) ->
    {_, Acc} = mapfold_anno(fun(A, Acc1) -> {A, F(A, Acc1)} end, Acc0, Abstract),
    Acc.

%% @doc map_anno/2 and fold_anno/3 in one: the fun gives {Annotation, Accumulator}.
-spec mapfold_anno(fun((erl_anno:anno(), Acc) -> {erl_anno:anno(), Acc}), Acc, Abstract) ->
          {Abstract, Acc} when Abstract :: abstract_form() | abstract_expr() | [abstract_form()].
mapfold_anno(F, Acc, List) when is_list(List) ->
    each(F, Acc, List);
mapfold_anno(F, Acc0, {Literal, A0, V})
  when Literal =:= char; Literal =:= integer; Literal =:= float; Literal =:= atom;
       Literal =:= string; Literal =:= var; Literal =:= value ->
    {A, Acc} = F(A0, Acc0),
    {{Literal, A, V}, Acc};
mapfold_anno(F, Acc0, {attribute, A0, Name, Value0}) ->
    {A, Acc1} = F(A0, Acc0),
    {Value, Acc} = attribute(F, Acc1, Name, Value0),
    {{attribute, A, Name, Value}, Acc};
mapfold_anno(F, Acc0, {typed_record_field, Field0, Type0}) ->
    {Field, Acc1} = mapfold_anno(F, Acc0, Field0),
    {Type, Acc} = mapfold_anno(F, Acc1, Type0),
    {{typed_record_field, Field, Type}, Acc};
mapfold_anno(F, Acc0, {bin_element, A0, E0, Size0, Types}) ->
    {A, Acc1} = F(A0, Acc0),
    {E, Acc2} = mapfold_anno(F, Acc1, E0),
    {Size, Acc} = part(F, Acc2, Size0),
    {{bin_element, A, E, Size, Types}, Acc};
mapfold_anno(F, Acc0, {clauses, Cs0}) ->
    {Cs, Acc} = each(F, Acc0, Cs0),
    {{clauses, Cs}, Acc};
mapfold_anno(F, Acc0, {function, M0, N0, Arity0}) ->
    {M, Acc1} = part(F, Acc0, M0),
    {N, Acc2} = part(F, Acc1, N0),
    {Arity, Acc} = part(F, Acc2, Arity0),
    {{function, M, N, Arity}, Acc};
mapfold_anno(_F, Acc, {function, _, _} = Local) ->
    {Local, Acc};
mapfold_anno(_F, Acc, {Info, _} = Form) when Info =:= error; Info =:= warning ->
    {Form, Acc};
mapfold_anno(F, Acc0, Node) when is_tuple(Node), tuple_size(Node) >= 2 ->
    [Tag, A0 | Parts0] = tuple_to_list(Node),
    {A, Acc1} = F(A0, Acc0),
    {Parts, Acc} = lists:mapfoldl(fun(P, Acc2) -> part(F, Acc2, P) end, Acc1, Parts0),
    {list_to_tuple([Tag, A | Parts]), Acc}.

part(F, Acc, Part) when is_tuple(Part) -> mapfold_anno(F, Acc, Part);
part(F, Acc, Part) when is_list(Part) -> each(F, Acc, Part);
part(_F, Acc, Part) -> {Part, Acc}.

each(F, Acc, Parts) ->
    lists:mapfoldl(fun(P, Acc1) -> part(F, Acc1, P) end, Acc, Parts).

attribute(F, Acc0, record, {Name, Fields0}) ->
    {Fields, Acc} = each(F, Acc0, Fields0),
    {{Name, Fields}, Acc};
attribute(F, Acc0, Kind, {Function, Types0})
  when Kind =:= spec; Kind =:= callback ->
    {Types, Acc} = each(F, Acc0, Types0),
    {{Function, Types}, Acc};
attribute(F, Acc0, Kind, {Name, Type0, Vars0})
  when Kind =:= type; Kind =:= opaque; Kind =:= nominal ->
    {Type, Acc1} = mapfold_anno(F, Acc0, Type0),
    {Vars, Acc} = each(F, Acc1, Vars0),
    {{Name, Type, Vars}, Acc};
attribute(_F, Acc, _Name, Value) ->
    {Value, Acc}.

%% @doc Locations in a term become annotations.
-spec new_anno(term()) -> abstract_form() | abstract_expr().
new_anno(Term) ->
    map_anno(fun erl_anno:new/1, Term).

%% @doc Annotations of the abstract format become plain terms, to be printed or stored.
-spec anno_to_term(abstract_form() | abstract_expr()) -> term().
anno_to_term(Abstract) ->
    map_anno(fun erl_anno:to_term/1, Abstract).

%% @doc Plain terms that anno_to_term/1 gave become annotations again.
-spec anno_from_term(term()) -> abstract_form() | abstract_expr().
anno_from_term(Term) ->
    map_anno(fun erl_anno:from_term/1, Term).

%% @doc The annotation that stands first in the source.
-spec first_anno(abstract_form() | abstract_expr()) -> erl_anno:anno().
first_anno(Abstract) ->
    fold_anno(fun(A, First) ->
                      case erl_anno:location(A) < erl_anno:location(First) of
                          true -> A;
                          false -> First
                      end
              end, element(2, Abstract), Abstract).

%%% Precedences: left operand, operator, right operand.

%% @doc The precedences of an operator: of its left operand, its own, and of its right one. Fails for what is none.
-spec inop_prec(atom()) -> {non_neg_integer(), non_neg_integer(), non_neg_integer()}.
inop_prec('=') -> {150, 100, 100};
inop_prec('!') -> {150, 100, 100};
inop_prec('orelse') -> {160, 150, 150};
inop_prec('andalso') -> {200, 160, 160};
inop_prec(Op) when Op =:= '=='; Op =:= '/='; Op =:= '=<'; Op =:= '<'; Op =:= '>='; Op =:= '>';
                   Op =:= '=:='; Op =:= '=/=' ->
    {300, 200, 300};
inop_prec(Op) when Op =:= '++'; Op =:= '--' -> {400, 300, 300};
inop_prec(Op) when Op =:= '+'; Op =:= '-'; Op =:= 'bor'; Op =:= 'bxor'; Op =:= 'bsl';
                   Op =:= 'bsr'; Op =:= 'or'; Op =:= 'xor' ->
    {400, 400, 500};
inop_prec(Op) when Op =:= '*'; Op =:= '/'; Op =:= 'div'; Op =:= 'rem'; Op =:= 'band';
                   Op =:= 'and' ->
    {500, 500, 600};
inop_prec('#') -> {800, 700, 800};
inop_prec(':') -> {900, 800, 900};
inop_prec('.') -> {900, 900, 1000}.

%% @doc The precedences of a prefix operator: its own and that of its operand. Fails for what is none.
-spec preop_prec(atom()) -> {non_neg_integer(), non_neg_integer()}.
preop_prec('catch') -> {700, 100};
preop_prec('#') -> {700, 800};
preop_prec(Op) when Op =:= '+'; Op =:= '-'; Op =:= 'bnot'; Op =:= 'not' -> {600, 700}.

%% @doc The precedences of a call: its own and that of the function called.
-spec func_prec() -> {non_neg_integer(), non_neg_integer()}.
func_prec() -> {800, 700}.

%% @doc The highest precedence, which is that of names and literals.
-spec max_prec() -> non_neg_integer().
max_prec() -> 900.

%% @doc As inop_prec/1, for operators in types.
-spec type_inop_prec(atom()) -> {non_neg_integer(), non_neg_integer(), non_neg_integer()}.
type_inop_prec('=') -> {150, 100, 100};
type_inop_prec('::') -> {150, 150, 160};
type_inop_prec('|') -> {180, 170, 170};
type_inop_prec('..') -> {300, 200, 300};
type_inop_prec(Op) when Op =:= '#'; Op =:= ':'; Op =:= '.' -> inop_prec(Op);
type_inop_prec(Op) -> inop_prec(Op).

%% @doc As preop_prec/1, for operators in types.
-spec type_preop_prec(atom()) -> {non_neg_integer(), non_neg_integer()}.
type_preop_prec(Op) -> preop_prec(Op).
