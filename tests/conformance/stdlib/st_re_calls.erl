%% Regular expressions: options of run, replace and split; compiled ones.
-module(st_re_calls).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(??E, fun() -> E end)).
t(S,F) -> put(n,case get(n) of undefined->1; N->N+1 end), io:format("~w ~ts => ~0tp~n", [get(n), [C0||C0<-S,C0<128], try strip(F()) catch C:R -> {C,strip(R)} end]).
strip({'EXIT',{R,[{_,_,_,_}|_]}}) -> {'EXIT',strip(R)};
strip([{M,F,A,I}|_]) when is_atom(M),is_atom(F),is_list(I),(is_integer(A) orelse is_list(A)) -> stack;
strip([H|T]) -> [strip(H)|strip(T)];
strip(T) when is_tuple(T) -> list_to_tuple(strip(tuple_to_list(T)));
strip(P) when is_pid(P) -> pid;
strip(X) -> X.
main() ->
 [?T({S,R,O,catch re:run(S,R,O)})||{S,R,O}<-[{"abc","b",[]},{"abc","B",[caseless]},{"abcabc","b",[global]},
  {"abc","(a)(x)?(c)?",[]},{"abc","(?<n>b)(?<m>c)",[{capture,[m,n],list}]},
  {"abc","(?<n>b)",[{capture,all_names,binary}]},{"abc","b",[{capture,none}]},{"abc","b",[{capture,first,list}]},
  {"abc","(b)(c)",[{capture,all_but_first,list}]},{"abc","(b)(c)",[{capture,[2,1,0,7],list}]},
  {"a\nb","^b",[multiline]},{"a\nb","a.b",[dotall]},{"a\nb","a.b",[]},{"abc","",[global]},
  {"abc","c$",[{offset,1}]},{"abc","a",[{offset,1}]},{"abc","a",[anchored,{offset,1}]},{"abc","x",[]},{"aaa","a+?",[]},{"aaa","a+",[ungreedy]},{"abc","(?i)B",[]},{[229,228],[228],[unicode]},{<<229/utf8>>,".",[unicode,{capture,all,list}]},{<<229/utf8>>,".",[]},{"ab","(",[]},{"ab","[",[]},{"ab","a{2",[]},{"ab","*",[]},{"foo","\\x{100}",[]},{"abc",foo,[]},{foo,"a",[]},{"abc","a",[foo]},{"abc","a",{x}},{"x","(?<=a)x",[notempty]},{"","a*",[notempty]},{"ba","a*",[notempty_atstart]},{"a\r\nb","a$",[multiline,{newline,crlf}]},{"a\r\nb","\\R",[]},{"abab","(ab)\\1",[]},{"aXb","a(?#c)Xb",[]},{"a b","a\\ b",[extended]},{"foobar","foo\\Kbar",[]},{"aaab","^(a+)+$",[{match_limit,5},report_errors]},{"aaab","^(a+)+$",[{match_limit_recursion,2},report_errors]},{"ab","(?|(a)|(b))",[global]},{"2024-01-02","(\\d+)-(\\d+)-(\\d+)",[{capture,all_but_first,list}]},{"word1 word2","\\b\\w+\\b",[global,{capture,all,list}]},{"abc","(?(?=a)ab|c)",[]},{"((a))","\\((?:[^()]|(?R))*\\)",[]},{"tEsT","test",[caseless,{capture,all,list}]},{"aé","\\w+",[ucp,unicode]},{"x=1;y=2","(\\w)=(\\d)",[global,{capture,[1,2],list}]}]],
 [?T({S,R,W,O,catch re:replace(S,R,W,O)})||{S,R,W,O}<-[{"abc","b","X",[{return,list}]},{"abcb","b","[&]",[global,
  {return,list}]},{"abc","(b)(c)","\\2\\1",[{return,binary}]},{"abc","b","\\g{0}\\g0",[{return,list}]},
  {"abc","b","\\\\&\\&",[{return,list}]},{"abc","x","y",[]},{"abc","b","y",[]},{"aaa","a","b",[{offset,1},
  {return,list}]},{"abc","","-",[global,{return,list}]},{[1024],"x","y",[unicode,{return,list}]},{"abc","b",x,[]},
  {"abc","b","X",[foo]},{"abc","(","X",[]},{"a.b.c","\\.","",[global,{return,list}]}]],
 [?T({S,R,O,catch re:split(S,R,O)})||{S,R,O}<-[{"a,b,c",",",[{return,list}]},{"a,b,c","(,)",[{return,list}]},
  {"a,b,c",",",[{parts,2},{return,list}]},{"a,b,,",",",[trim,{return,list}]},{"abc","",[{return,list}]},
  {"a1b2","\\d",[]},{"a,b","(,)",[group,{return,list}]},{"",",",[]},{"a","x",[{return,list}]},
  {"a b  c"," +",[{return,binary}]},{"abc","(",[]},{"abc","b",[foo]}]],
 ?T(re:compile("(")),?T(re:compile("a")=/=x),?T(re:compile("[b-a]")),
  ?T(re:compile("\\")),?T(re:compile("(?<n>a)(?<n>b)")),?T(re:compile("(?<n>a)(?<n>b)",[dupnames])=/=x),?T(re:compile(foo)),?T(re:compile("a",[foo])),{ok,M}=re:compile("(?<x>a)(?<y>b)"),?T(re:inspect(M,namelist)),?T(re:inspect(M,foo)),?T(re:run("xxab",M)),?T(re:run("ab",M,[caseless])),?T(re:version()=/=x),?T(element(1,M)),?T(re:run("ab",{re_pattern,1,2,3,<<>>})),ok.
