%% Reading by format from pieces: what is left of a line.
-module(st_fread_pieces).
-export([main/0]).
main() ->
 [io:format("~p~n",[{C,F,catch io_lib:fread([],C,F)}]) || {C,F} <- [{"12 z\n","~d"},{"12 z\nq","~d"},
  {"1\n2 x\ny\n","~d ~d"},{"ab cd\n","~s~s~s"},{"x\n","~d"}]],
 [begin {more,K}=io_lib:fread([],C,F), io:format("~p~n",[{C,F,catch io_lib:fread(K,E,F)}]) end || {C,F} <- [{"12","~d"},{"12 z","~d"},{"ab","~s~s"},{"a","~d"},{" ","~d"}], E<-[eof,"7 8\n","\n"]].
