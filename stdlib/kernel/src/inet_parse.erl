%%% inet_parse: addresses as text.
-module(inet_parse).

-export([address/1, ipv4_address/1, ipv4strict_address/1, ipv6_address/1, ipv6strict_address/1,
         strict_address/1, ntoa/1, visible_string/1, domain/1, dots/1]).

%%% Text to address.

address(Text) -> either(Text, fun ipv4_address/1).

strict_address(Text) -> either(Text, fun ipv4strict_address/1).

either(Text, Ipv4) ->
    case Ipv4(Text) of
        {ok, _} = Ok -> Ok;
        {error, _} -> ipv6strict_address(Text)
    end.

%% Fewer than four numbers stand for the same bits: the last fills what is left.
ipv4_address(Text) ->
    case ipv4_numbers(Text) of
        {ok, [A, B, C, D]} -> ipv4([A, B, C, D]);
        {ok, [A, B, C]} when C =< 16#ffff -> ipv4([A, B, C bsr 8, C band 255]);
        {ok, [A, B]} when B =< 16#ffffff -> ipv4([A, B bsr 16, (B bsr 8) band 255, B band 255]);
        {ok, [A]} when A =< 16#ffffffff ->
            ipv4([A bsr 24, (A bsr 16) band 255, (A bsr 8) band 255, A band 255]);
        _ -> {error, einval}
    end.

%% Four decimal numbers without needless zeros.
ipv4strict_address(Text) ->
    case ipv4_numbers(Text) of
        {ok, [_, _, _, _] = Numbers} ->
            case lists:flatten(lists:join($., [integer_to_list(N) || N <- Numbers])) of
                Text -> ipv4(Numbers);
                _ -> {error, einval}
            end;
        _ -> {error, einval}
    end.

ipv4(Numbers) ->
    case lists:all(fun(N) -> N =< 255 end, Numbers) of
        true -> {ok, list_to_tuple(Numbers)};
        false -> {error, einval}
    end.

ipv4_numbers(Text) ->
    try
        {ok, [number(Part) || Part <- split(Text, $.)]}
    catch
        _:_ -> {error, einval}
    end.

%% Decimal, or as in C with 0 or 0x before.
number([$0, X | Digits]) when (X =:= $x orelse X =:= $X), Digits =/= [] -> unsigned(Digits, 16);
number([$0 | Digits]) when Digits =/= [] -> unsigned(Digits, 8);
number(Digits) -> unsigned(Digits, 10).

unsigned([C | _] = Digits, Base) when C =/= $+, C =/= $- -> list_to_integer(Digits, Base).

split(Text, Separator) -> string:split(Text, [Separator], all).

ipv6_address(Text) ->
    case ipv4_address(Text) of
        {ok, {A, B, C, D}} -> {ok, {0, 0, 0, 0, 0, 16#ffff, A bsl 8 bor B, C bsl 8 bor D}};
        {error, _} -> ipv6strict_address(Text)
    end.

ipv6strict_address(Text) ->
    try
        {ok, list_to_tuple(ipv6(without_scope(Text)))}
    catch
        _:_ -> {error, einval}
    end.

%% "%eth0" names an interface, which the tuple has no place for.
without_scope(Text) ->
    case string:split(Text, "%") of
        [Address, _] -> Address;
        [Address] -> Address
    end.

ipv6(Text) ->
    case string:split(Text, "::") of
        [All] ->
            Words = words(All),
            8 = length(Words),
            Words;
        [Head, Tail] ->
            %% Only the end may be dotted.
            false = lists:member($., Head),
            {Before, After} = {words(Head), words(Tail)},
            Gap = 8 - length(Before) - length(After),
            true = Gap >= 1,
            Before ++ lists:duplicate(Gap, 0) ++ After
    end.

words("") -> [];
words(Text) -> words_of(split(Text, $:)).

words_of([Last]) ->
    case lists:member($., Last) of
        true ->
            {ok, {A, B, C, D}} = ipv4strict_address(Last),
            [A bsl 8 bor B, C bsl 8 bor D];
        false ->
            [word(Last)]
    end;
words_of([Word | Words]) ->
    [word(Word) | words_of(Words)].

word(Digits) when length(Digits) =< 4 -> unsigned(Digits, 16).

%%% Address to text.

ntoa({A, B, C, D}) when A band 255 =:= A, B band 255 =:= B, C band 255 =:= C, D band 255 =:= D ->
    lists:flatten(lists:join($., [integer_to_list(N) || N <- [A, B, C, D]]));
ntoa({_, _, _, _, _, _, _, _} = Address) ->
    case lists:all(fun(W) -> is_integer(W) andalso W band 16#ffff =:= W end,
                   tuple_to_list(Address)) of
        true -> ntoa6(Address);
        false -> {error, einval}
    end;
ntoa(_) ->
    {error, einval}.

ntoa6({0, 0, 0, 0, 0, 0, 0, 0}) -> "::";
ntoa6({0, 0, 0, 0, 0, 0, 0, 1}) -> "::1";
ntoa6({0, 0, 0, 0, 0, 16#ffff, X, Y}) -> "::ffff:" ++ dotted(X, Y);
ntoa6({0, 0, 0, 0, 0, 0, X, Y}) when X =/= 0 -> "::" ++ dotted(X, Y);
ntoa6(Address) ->
    Words = tuple_to_list(Address),
    case longest_gap(Words, 0, {0, 0}) of
        {_, Length} when Length < 2 ->
            hex(Words);
        {Start, Length} ->
            {Before, Rest} = lists:split(Start, Words),
            hex(Before) ++ "::" ++ hex(lists:nthtail(Length, Rest))
    end.

dotted(X, Y) -> ntoa({X bsr 8, X band 255, Y bsr 8, Y band 255}).

hex(Words) -> lists:flatten(lists:join($:, [string:lowercase(integer_to_list(W, 16)) || W <- Words])).

%% The first of the longest runs of zeros: {Start, Length}.
longest_gap([], _At, Best) ->
    Best;
longest_gap([0 | _] = Words, At, {_, Most} = Best) ->
    Rest = lists:dropwhile(fun(W) -> W =:= 0 end, Words),
    Length = length(Words) - length(Rest),
    longest_gap(Rest, At + Length, case Length > Most of true -> {At, Length}; false -> Best end);
longest_gap([_ | Words], At, Best) ->
    longest_gap(Words, At + 1, Best).

%%% Names.

visible_string([C | Cs]) when C >= $!, C =< $~ -> Cs =:= [] orelse visible_string(Cs);
visible_string([_ | _]) -> false;
visible_string([]) -> false.

%% Whether this is a name of a host: labels of letters, digits, - and _, between
%% dots.
domain([_ | _] = Name) ->
    lists:all(fun([]) -> false;
                 (Label) -> lists:all(fun is_label_char/1, Label)
              end, split(string:trim(Name, trailing, "."), $.));
domain(_) ->
    false.

is_label_char(C) when C >= $a, C =< $z; C >= $A, C =< $Z; C >= $0, C =< $9 -> true;
is_label_char(C) -> C =:= $- orelse C =:= $_.

dots(Name) -> length([C || C <- Name, C =:= $.]).
