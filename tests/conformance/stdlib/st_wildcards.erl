%% Patterns of filelib:wildcard, and looking for and making folders.
-module(st_wildcards).
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
 file:make_dir("here"), file:set_cwd("here"),
 [filelib:ensure_dir(F)||F<-["a/b/c/x","a/d/x","e/x"]], [file:write_file(F,"x")||F<-["a/f1.erl","a/f2.erl","a/g.hrl","a/b/h.erl","a/b/c/i.erl","a/.hid","e/j.erl","k[1].txt","\x{e9}.txt","l-m_n"]],
 [?T({P,filelib:wildcard(P)}) || P <- ["*","*.erl","a/*","a/*.erl","a/f?.erl","a/f[12].erl","a/f[!1].erl","a/f[1-2].*","**/*.erl","a/**","a/**/*.erl","{a,e}/*.erl","a/{f1,g}.{erl,hrl}","*/*/*","nope*","a/.*","k\\[1\\].txt","?-*","[a-z]","\\*","a//f1.erl","./a/*.hrl","../x*zz","a/b/","*/","a/{b,d}","{k*,l*}","**/b","a/**/c","[^a]*"]],
 ?T(filelib:wildcard("*.erl","a")),?T(filelib:wildcard("**/*.erl","a")),?T(filelib:wildcard("*","nope")),
  ?T(filelib:wildcard(foo)),?T(filelib:wildcard("a/f[1.erl")),?T(filelib:wildcard("{a")),
 ?T(filelib:is_file("a")),?T(filelib:is_dir("a")),?T(filelib:is_regular("a")),?T(filelib:is_regular("a/f1.erl")),
  ?T(filelib:file_size("a/f1.erl")),?T(filelib:file_size("zz")),?T(filelib:last_modified("zz")),
 ?T(lists:sort(filelib:fold_files("a","\\.erl$",true,fun(F,A)->[F|A] end,[]))),?T(filelib:fold_files("a","f1",false,fun(F,A)->[F|A] end,[])),?T(filelib:fold_files("zz","f1",false,fun(F,A)->[F|A] end,[])),
 ?T(filelib:ensure_dir("q/r/s")),?T(filelib:is_dir("q/r")),?T(filelib:ensure_path("u/v/w")),
  ?T(filelib:is_dir("u/v/w")),?T(filelib:ensure_dir("a/f1.erl/x/y")),
 ?T(filelib:find_file("f1.erl","a")),?T(filelib:find_file("f9.erl","a")),?T(filelib:find_source("a/b/h.beam")),
  ?T(filelib:find_source("h.beam","a/b",[{"","x",[]}])),?T(filelib:safe_relative_path("a/../b","")),
  ?T(filelib:safe_relative_path("a/../../b","")),?T(filelib:safe_relative_path("/a","")),
  ?T(filelib:safe_relative_path("a/./b","")),ok.
