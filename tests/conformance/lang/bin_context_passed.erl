%% The rest of a binary that goes to the next call: errors, other clauses and later uses see it as it was.
-module(bin_context_passed).
-export([main/0]).
sum(<<X, R/binary>>, A) -> sum(R, A+X);
sum(<<>>, A) -> A.
hdr(<<"ab", R/binary>>, A) -> hdr(R, [ab|A]);
hdr(<<"cd", R/binary>>, A) -> hdr(R, [cd|A]);
hdr(<<X:16, R/bits>>, A) when X > 3 -> [X | hdr(R, A)];
hdr(<<>>, A) -> A.
loop(Bin) -> case Bin of <<X, R/binary>> -> [X|loop(R)]; <<>> -> [] end.
ws(<<C, R/binary>>) when C =:= $\s; C =:= $\n -> ws(R);
ws(B) -> B.
tok(<<$a, R/binary>>, x) -> tok(R, x);
tok(B, y) -> {y, B};
tok(<<$b, R/binary>>, Z) -> {Z, tok(R, Z)}.
rec(<<N, B:N/binary, R/binary>>, A) -> try rec(R, [binary_to_list(B)|A]) catch error:E -> {E, R} end;
rec(<<>>, A) -> A;
rec(B, A) -> {bad, B, A}.
two(<<A, R1/binary>>, <<B, R2/binary>>) -> [A+B | two(R1, R2)];
two(X, Y) -> {X, Y}.
bits(<<0:1, R/bits>>, N) -> bits(R, N);
bits(<<1:1, R/bits>>, N) -> bits(R, N+1);
bits(<<>>, N) -> N.
keep(<<A, R/binary>> = W, Acc) when A > 5 -> keep(R, [byte_size(W)|Acc]);
keep(<<A, R/binary>>, Acc) -> {A, keep(R, Acc), R};
keep(<<>>, Acc) -> Acc.
main() ->
  T = fun(F) -> R = try F() catch C:E:S -> {C,E,[begin {M,Fn,Ar,_}=X,{M,Fn,Ar} end||X<-lists:sublist(S,1)]} end, io:format("~p~n",[R]) end,
  [T(F)||F<-[fun()->sum(<<1,2,3>>,0) end, fun()->sum(<<1,2,3:4>>,0) end, fun()->sum(foo,0) end,
   fun()->hdr(<<"abcdxyab">>,[]) end, fun()->hdr(<<"abcda">>,[]) end, fun()->hdr(<<"ab",0,1>>,[]) end,
   fun()->loop(<<"abc">>) end, fun()->loop(<<"abc",1:1>>) end, fun()->loop(a) end,
   fun()->ws(<<"  \n x ">>) end, fun()->ws(<<"x">>) end, fun()->ws(a) end, fun() -> ws(<<" ">>) end,
   fun()->tok(<<"aab">>,x) end,fun()->tok(<<"bbb">>,z) end,fun()->tok(<<"aab">>,y) end,fun()->tok(<<"bbc">>,z) end,
   fun()->rec(<<1,$a,2,$b,$c>>,[]) end,fun()->rec(<<1,$a,3,$b,$c>>,[]) end, fun()->rec(q,[]) end,
   fun()->two(<<1,2,3>>,<<4,5>>) end, fun()->two(a,<<4,5>>) end, fun()->two(<<1,2>>,b) end,
   fun()->bits(<<7,3>>,0) end, fun()->bits(x,0) end, fun() -> keep(<<9,9,1,7>>,[]) end, fun() -> keep(<<9,9,1,7:9>>,[]) end,
   fun()-> [X || <<X:3>> <= <<1,2,3>>] end, fun() -> << <<(X+1)>> || <<X>> <= <<1,2,3:7>> >> end, fun() -> << <<(X+1)>> || <<X, 1>> <= <<1,2,3,1>> >> end]].
