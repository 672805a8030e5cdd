%%% unicode: what is no character, what is no text, large integers, characters that the other encoding lacks; normal
%%% forms and grapheme clusters of unusual text.
-module(st_unicode_faults).
-export([main/0]).

main() ->
    Big = 1 bsl 70,
    Texts = [[-5, foo], [16#D800, foo], [Big, foo], [["abc", [Big] | foo]], [1 bsl 59, foo], [-(1 bsl 59), foo], [300 | foo],
             ["a", [300] | foo], [$a | Big], [-5, Big, foo], Big, 5, foo, [<<1:3>>], [Big, <<1:3>>], [<<255>>, Big, foo],
             [<<195>>, Big], [<<195>>, <<168>>, 97], [<<195>>, [<<168>>, 97]], <<97, 245>>, [<<245, 217, 153>>, 97],
             [<<240, 65>>, <<97>>], [<<240, 65>>, 97], <<240, 65>>, <<224, 128>>, <<"a", 16#20AC/utf8, "b">>],
    [io:format("~w ~0p -> ~w~n", [Name, Text, try F(Text) catch C:E -> {C, E} end])
     || {Name, F} <- [{binary, fun unicode:characters_to_binary/1}, {list, fun unicode:characters_to_list/1},
                      {to_latin1, fun(T) -> unicode:characters_to_binary(T, unicode, latin1) end},
                      {from_latin1, fun(T) -> unicode:characters_to_binary(T, latin1, unicode) end},
                      {latin1, fun(T) -> unicode:characters_to_binary(T, latin1, latin1) end},
                      {to_utf16, fun(T) -> unicode:characters_to_binary(T, unicode, utf16) end},
                      {latin1_to_utf16, fun(T) -> unicode:characters_to_binary(T, latin1, {utf16, little}) end}],
        Text <- Texts],
    [io:format("~w ~w~n", [Text, [catch string:next_grapheme(Text), catch unicode:characters_to_nfc_list(Text),
                                  catch unicode:characters_to_nfkc_list(Text), catch unicode:characters_to_nfd_list(Text)]])
     || Text <- [[-18], [16#1F600, 16#200D, 16#301], [67, 16#200D, 16#301], [16#1F1E6, 16#1F1E7, 16#1F1E8],
                 [16#600, 16#1F1E6, 16#1F1E7], [16#1100, 16#AC01, 16#11A8], [16#1100, 16#1161, 16#11A8, 16#301], [16#FB01, 16#301],
                 [10, 16#301], [$\r, [$\n, $a]], [[], ["a", [<<16#301/utf8>>]]], [$a, 16#316, 16#301, 16#301]]],
    ok.
