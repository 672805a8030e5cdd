%% Text whose last part is a binary in the place of the rest of the list.
-module(string_improper).
-export([main/0]).

t(F, A) -> io:format("~p ~0p ~0p~n", [F, A, try apply(string, F, A) catch C:R -> {C, R} end]).

main() -> T = [[$,|<<"b,c">>],[$a,$b|<<"c">>],[$a|<<>>],[[$a]|<<"b">>]],
 [t(trim,[X,D,W]) || X <- T, D <- [leading,trailing,both], W <- [",","c","cb,","ab"]],
 [t(F,[X]) || X <- T, F <- [trim,length,reverse,uppercase,titlecase,chomp,is_empty,next_grapheme,next_codepoint,to_graphemes,casefold]],
 [t(F,[X,"b"]) || X <- T, F <- [find,split,prefix,lexemes,take,equal]], [t(F,[X,N]) || X <- T, F <- [slice,pad], N <- [1,3,5]],
 [t(F,[X,"b",P]) || X <- T, F <- [find,split], P <- [leading,trailing]],[t(split,[X,"b",all]) || X <- T],[t(replace,[X,"b","z",all]) || X <- T],[t(nth_lexeme,[X,N,"b"]) || X <- T, N <- [1,2]],
 [t(take,[X,"ab",C,D]) || X <- T, C <- [true,false], D <- [leading,trailing]].
