%%% Tokens of Erlang. The scanning itself is done by the compiler's own scanner, in native code;
%%% here are the continuations of the io protocol, and the access to the parts of a token.
-module(erl_scan).

-export([string/1, string/2, string/3, tokens/3, tokens/4, continuation_location/1,
         format_error/1, reserved_word/1, f_reserved_word/1,
         category/1, column/1, end_location/1, line/1, location/1, symbol/1, text/1]).

-export_type([category/0, error_description/0, error_info/0, option/0, options/0,
              return_cont/0, symbol/0, token/0, tokens/0, tokens_result/0]).

-type category() :: atom().
-type symbol() :: atom() | float() | integer() | string().
-type token() :: {category(), erl_anno:anno(), symbol()} | {category(), erl_anno:anno()}.
-type tokens() :: [token()].
-type error_description() :: term().
-type error_info() :: {erl_anno:location(), module(), error_description()}.
-type option() :: return | return_white_spaces | return_comments | text
                | {reserved_word_fun, fun((atom()) -> boolean())}.
-type options() :: option() | [option()].
-type tokens_result() :: {ok, tokens(), erl_anno:location()} | {eof, erl_anno:location()}
                       | {error, error_info(), erl_anno:location()}.
%% The characters read so far, where they start, and how they are to be read.
-opaque return_cont() :: {erl_scan_continuation, string(), erl_anno:location(), [option()]}.

-define(IS_LOCATION(L), (is_integer(L) orelse tuple_size(L) =:= 2 andalso is_integer(element(1, L))
                                              andalso is_integer(element(2, L)) andalso element(2, L) > 0)).

%% Lines up to this one are counted natively.
-define(NEAR, 16#3FFFFFFF).

%%% Scanning.

%% @doc All tokens of a text that begins on line 1: {ok, Tokens, End} or {error, Info, End}.
-spec string(string()) ->
          {ok, tokens(), erl_anno:location()} | {error, error_info(), erl_anno:location()}.
string(String) ->
    string(String, 1, []).

%% @doc The same, of a text that begins at a line or {Line, Column}.
-spec string(string(), erl_anno:location()) ->
          {ok, tokens(), erl_anno:location()} | {error, error_info(), erl_anno:location()}.
string(String, Start) ->
    string(String, Start, []).

%% @doc All tokens of a text.
-spec string(string(), erl_anno:location(), options()) ->
          {ok, tokens(), erl_anno:location()} | {error, error_info(), erl_anno:location()}.
string(String, Start, Options0) when is_list(String), ?IS_LOCATION(Start) ->
    Options = options(Options0),
    {Text, Wrong} = to_text(String),
    {Near, Lines} = near(Start),
    Native = native_options(Options),
    case swerl_lang:scan(Text, Near, Native) of
        {error, {_, _, Reason}, _} = Error when Wrong =:= []; element(1, Reason) =:= illegal ->
            tokens_before(Text, Native, Lines),
            moved(Error, Lines);
        _ when Wrong =/= [] -> erlang:error(function_clause, [String, Start, Options0]);
        Result -> wanted_result(moved(Result, Lines), Options)
    end.

%% @doc As tokens/4, without options.
-spec tokens(return_cont() | [], string() | eof, erl_anno:location()) ->
          {done, tokens_result(), string() | eof} | {more, return_cont()}.
tokens(Continuation, Chars, Start) ->
    tokens(Continuation, Chars, Start, []).

%% @doc The tokens up to and with the next full stop, from characters that come piece by piece.
-spec tokens(return_cont() | [], string() | eof, erl_anno:location(), options()) ->
          {done, tokens_result(), string() | eof} | {more, return_cont()}.
tokens([], Chars, Start, Options) when ?IS_LOCATION(Start) ->
    tokens({erl_scan_continuation, [], Start, options(Options)}, Chars, Start, Options);
tokens({erl_scan_continuation, Before, Start, Options}, eof, _Start, _Options) ->
    case scan_form(Before, Start, Options, true) of
        {done, Result, []} -> {done, Result, eof};
        {done, Result, Rest} -> {done, Result, Rest}
    end;
tokens({erl_scan_continuation, Before, Start, Options}, Chars, _Start, _Options) ->
    All = Before ++ Chars,
    case scan_form(All, Start, Options, false) of
        {done, _, _} = Done -> Done;
        more -> {more, {erl_scan_continuation, All, Start, Options}}
    end.

scan_form(Chars, Start, Options, AtEnd) ->
    {Text, Wrong} = to_text(Chars),
    {Near, Lines} = near(Start),
    Native = native_options(Options),
    case swerl_lang:scan_form(Text, Near, Native, AtEnd) of
        more when Wrong =/= [] ->
            erlang:error(function_clause, [Chars, Start, Options]);
        more ->
            tokens_before(Text, Native, Lines),
            more;
        {done, Result, Offset} ->
            element(1, Result) =:= error andalso tokens_before(Text, Native, Lines),
            {Read, _} = split_binary(Text, Offset),
            {done, wanted_result(moved(Result, Lines), Options), lists:nthtail(length(unicode:characters_to_list(Read)), Chars)}
    end.

%% Lines of any size are counted from one near by: the location to begin at, and by how many lines all move then.
near(Line) when is_integer(Line), Line > ?NEAR orelse Line < 0 -> {1, Line - 1};
near({Line, Column}) when Line > ?NEAR; Line < 0 -> {{1, Column}, Line - 1};
near(Start) -> {Start, 0}.

moved(Result, 0) -> Result;
moved({ok, Tokens, End}, Lines) ->
    {ok, [setelement(2, Token, moved_token_anno(element(2, Token), Lines)) || Token <- Tokens], moved_anno(End, Lines)};
moved({eof, End}, Lines) -> {eof, moved_anno(End, Lines)};
moved({error, {At, Module, Reason}, End}, Lines) ->
    {error, {moved_anno(At, Lines), Module, Reason}, moved_anno(End, Lines)}.

%% No token is before line 0: where some come before what is wrong or not complete yet, that is what is told.
tokens_before(_, _, Lines) when Lines >= 0 ->
    ok;
tokens_before(Text, Native, Lines) ->
    case swerl_lang:scan(Text, {1, 1}, Native) of
        {ok, [_ | _] = Tokens, End} ->
            Done = case is_whole(lists:last(Tokens)) of
                       true -> Tokens;
                       false -> lists:droplast(Tokens)
                   end,
            moved({ok, Done, End}, Lines);
        {ok, [], _} -> ok;
        {error, {{Line, Column}, _, _}, _} ->
            {Whole, [Last | _]} = lists:split(Line - 1, binary:split(Text, <<"\n">>, [global])),
            Before = [[[Part, $\n] || Part <- Whole], string:slice(Last, 0, Column - 1)],
            {ok, Tokens, End} = swerl_lang:scan(unicode:characters_to_binary(Before), {1, 1}, Native),
            moved({ok, Tokens, End}, Lines)
    end.

%% Whether a token at the end of a text is one whatever follows.
is_whole({Sign, _}) ->
    lists:member(Sign, ['||', '->', '=>', ':=', '::', '==', '/=', '=:=', '=/=', '>=', '>>', '<<', '<-', '++', '--', '...',
                        '(', ')', '[', ']', '{', '}', ',', ';', '!', '#', '*']);
is_whole(Token) ->
    element(1, Token) =:= string.

moved_anno({Line, Column}, Lines) -> {Line + Lines, Column};
moved_anno(Line, Lines) -> Line + Lines.

moved_token_anno(Anno, Lines) ->
    Location = moved_anno(erl_anno:location(Anno), Lines),
    _ = erl_anno:new(Location),
    erl_anno:set_location(Location, Anno).

%% @doc Where the token would begin that a continuation is waiting for.
-spec continuation_location(return_cont()) -> erl_anno:location().
continuation_location({erl_scan_continuation, _, Start, _}) ->
    Start.

%% A text up to what is no character in it, and what follows. A number that stands for no character becomes one that
%% is never legal.
to_text(Chars) ->
    {Good, Wrong} = case is_flat(Chars) of
                        true -> {Chars, []};
                        false -> up_to_wrong(Chars, [])
                    end,
    case unicode:characters_to_binary(Good) of
        Text when is_binary(Text) -> {Text, Wrong};
        _ -> {unicode:characters_to_binary([legal(Char) || Char <- Good]), Wrong}
    end.

is_flat([Char | Chars]) when is_integer(Char), Char >= 0 -> is_flat(Chars);
is_flat(Rest) -> Rest =:= [].

up_to_wrong([Char | Chars], Good) when is_integer(Char), Char >= 0 -> up_to_wrong(Chars, [Char | Good]);
up_to_wrong(Wrong, Good) -> {lists:reverse(Good), Wrong}.

legal(Char) when Char < 16#D800; Char > 16#DFFF, Char =< 16#10FFFF -> Char;
legal(_) -> 16#FFFE.

%% Options that nobody knows count for nothing.
options(Options) when is_list(Options) ->
    All = lists:foldr(fun(Option, Before) -> [Option | Before] end, [], Options),
    case lists:keyfind(reserved_word_fun, 1, [Option || {_, _} = Option <- All]) of
        {reserved_word_fun, IsReserved} when not is_function(IsReserved, 1) -> error(badarg, [Options]);
        _ -> All
    end;
options(Option) -> options([Option]).

%% A function for reserved words matters where it knows the two words that are not always ones.
native_options(All) ->
    Options = [Option || Option <- All, is_known(Option)],
    case lists:keymember(reserved_word_fun, 1, Options) of
        true -> lists:append([native_option(Option) || Option <- Options]);
        false ->
            [maybe_expr || lists:member(maybe_expr, erl_features:enabled())]
                ++ lists:append([native_option(Option) || Option <- Options])
    end.

is_known({Key, _}) -> lists:member(Key, [reserved_word_fun, text_fun, compiler_internal]);
is_known(Option) -> lists:member(Option, [return, return_comments, return_white_spaces, text]).

native_option({reserved_word_fun, IsReserved}) ->
    case IsReserved('maybe') of
        true -> [maybe_expr];
        false -> []
    end;
native_option({text_fun, _}) ->
    [text];
native_option(Option) ->
    [Option].

wanted_result({ok, Tokens, End}, Options) -> {ok, texts(reserved(Tokens, Options), Options), End};
wanted_result(Other, _Options) -> Other.

%% Only the texts that the caller wants stay.
texts(Tokens, Options) ->
    case lists:keyfind(text_fun, 1, Options) of
        {text_fun, Keeps} ->
            case lists:member(text, Options) of
                true -> Tokens;
                false -> [with_text(Token, Keeps) || Token <- Tokens]
            end;
        false -> Tokens
    end.

with_text(Token, Keeps) ->
    case Keeps(category(Token), text(Token)) of
        true -> Token;
        false -> setelement(2, Token, location(Token))
    end.

%% Words that the caller does not reserve are atoms.
reserved(Tokens, Options) ->
    case lists:keyfind(reserved_word_fun, 1, Options) of
        {reserved_word_fun, IsReserved} ->
            [case Token of
                 {Word, Anno} ->
                     case reserved_word(Word) andalso not IsReserved(Word) of
                         true -> {atom, Anno, Word};
                         false -> Token
                     end;
                 _ ->
                     Token
             end || Token <- Tokens];
        false ->
            Tokens
    end.

%% @doc Words of the language that are no atoms.
-spec reserved_word(atom()) -> boolean().
reserved_word(Word) ->
    f_reserved_word(Word) orelse lists:member(Word, erl_features:keywords()).

%% @doc The same without those that features reserve.
-spec f_reserved_word(atom()) -> boolean().
f_reserved_word(Word) ->
    lists:member(Word, ['after', 'begin', 'case', 'try', 'cond', 'catch', 'andalso', 'orelse',
                        'end', 'fun', 'if', 'let', 'of', 'receive', 'when', 'bnot', 'not', 'div',
                        'rem', 'band', 'and', 'bor', 'bxor', 'bsl', 'bsr', 'or', 'xor']).

%%% Tokens.

%% @doc What kind of token it is: atom, integer, var and so on, or the word or sign itself.
-spec category(token()) -> category().
category(Token) ->
    element(1, checked(Token)).

%% @doc The value or name that a token stands for; of words and signs, the category.
-spec symbol(token()) -> symbol().
symbol({Category, _}) -> Category;
symbol({_, _, Symbol}) -> Symbol;
symbol(Token) -> erlang:error(badarg, [Token]).

%% @doc Where a token begins: a line or {Line, Column}.
-spec location(token()) -> erl_anno:location().
location(Token) ->
    erl_anno:location(anno(Token)).

%% @doc The line on which a token begins.
-spec line(token()) -> erl_anno:line().
line(Token) ->
    erl_anno:line(anno(Token)).

%% @doc The column in which a token begins, or undefined if it was not kept.
-spec column(token()) -> erl_anno:column() | undefined.
column(Token) ->
    erl_anno:column(anno(Token)).

%% @doc The text of a token, or undefined if it was not kept.
-spec text(token()) -> erl_anno:text() | undefined.
text(Token) ->
    erl_anno:text(anno(Token)).

%% @doc Where the text of a token ends, or undefined if the text was not kept.
-spec end_location(token()) -> erl_anno:location() | undefined.
end_location(Token) ->
    erl_anno:end_location(anno(Token)).

anno(Token) when tuple_size(Token) >= 2 -> element(2, Token);
anno(Token) -> erlang:error(badarg, [Token]).

checked({_, _} = Token) -> Token;
checked({_, _, _} = Token) -> Token;
checked(Token) -> erlang:error(badarg, [Token]).

%%% Texts.

%% @doc The text of what is wrong in an error of this module.
-spec format_error(error_description()) -> string().
format_error({unterminated, What, Start}) ->
    lists:flatten(io_lib:format("unterminated ~ts starting with ~ts",
                                [unterminated(What), io_lib:write_string(Start)]));
format_error({unterminated, What}) ->
    lists:flatten(io_lib:format("unterminated ~ts", [unterminated(What)]));
format_error({string, $', Start}) ->
    lists:flatten(["unterminated atom starting with ", io_lib:write_string(Start, $')]);
format_error({string, Quote, Start}) ->
    lists:flatten(["unterminated string starting with ", io_lib:write_string(Start, Quote)]);
format_error({illegal, What}) ->
    lists:flatten(io_lib:format("illegal ~w", [What]));
format_error({base, Base}) ->
    lists:flatten(io_lib:format("illegal base '~w'", [Base]));
format_error(char) ->
    "unterminated character";
format_error(Other) ->
    lists:flatten(io_lib:write(Other)).

unterminated(What) when is_atom(What) -> atom_to_list(What);
unterminated(What) -> What.
