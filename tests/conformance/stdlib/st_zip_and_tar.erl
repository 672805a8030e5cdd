%% Archives: zip and erl_tar, on disk and in memory, and their errors.
-module(st_zip_and_tar).
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
 file:make_dir("in"),file:write_file("in/a.txt",lists:duplicate(2000,$a)),file:write_file("in/b.bin",<<1,2,3>>),
 ?T(zip:zip("x.zip",["in"])),?T(zip:list_dir("x.zip") =/= x),{ok,L}=zip:list_dir("x.zip"),
  ?T([element(2,E)||E<-L,element(1,E)==zip_file]),?T(zip:t("x.zip")),?T(zip:unzip("x.zip",[{cwd,"out"}])),
  ?T(file:read_file("out/in/b.bin")),?T(zip:unzip("x.zip",[memory,{file_list,["in/b.bin"]}])),
 ?T(zip:zip("m.zip",[{"k.txt",<<"hello">>},{"e/",<<>>}],[memory]) =/= x),{ok,
  {N,B}}=zip:zip("m.zip",[{"k.txt",<<"hello">>}],[memory]),?T(N),?T(zip:unzip(B,[memory])),?T(zip:table(B) =/= x),
  
 {ok,H}=zip:zip_open("x.zip",[memory]),?T(zip:zip_get("in/b.bin",H)),?T(zip:zip_get("nope",H)),?T(element(1,
  zip:zip_list_dir(H))),?T(zip:zip_close(H)),?T(zip:unzip("nope.zip")),?T(zip:zip("y.zip",["nofile"])),
  ?T(zip:create("c.zip",["in/a.txt"],[{comment,"hi"},{compress,[".txt"]}])),{ok,[C|_]}=zip:list_dir("c.zip"),
  ?T(C),?T(zip:extract("c.zip",[verbose,memory]) =/= x),?T(zip:unzip("x.zip",[keep_old_files,{cwd,"out"}])),
  ?T(zip:zip("z.zip",["in/a.txt"],[foo])),
 ?T(erl_tar:create("t.tar",["in"])),?T(erl_tar:table("t.tar")),?T(erl_tar:extract("t.tar",[memory])=/=x),
  ?T(erl_tar:create("t.tgz",["in/b.bin"],[compressed])),?T(erl_tar:table("t.tgz",[compressed])),
  ?T(erl_tar:extract("t.tgz",[compressed,memory])),?T(erl_tar:extract("nope.tar")),?T(erl_tar:table("in/b.bin")),
  ?T(erl_tar:format_error(bad_header)),?T(erl_tar:format_error({"x",enoent})),
  ?T(erl_tar:create("n.tar",["nofile"])),?T(erl_tar:create("q.tar",[{"nm",<<"bin">>},{"in2","in/a.txt"}])),
  ?T(erl_tar:table("q.tar")),?T(erl_tar:extract("q.tar",[{files,["nm"]},memory])),
  {ok,Tt}=erl_tar:open("w.tar",[write]),?T(erl_tar:add(Tt,<<"zz">>,"zz.txt",[])),
  ?T(erl_tar:add(Tt,"in/b.bin",[])),?T(erl_tar:close(Tt)),?T(erl_tar:table("w.tar")),ok.
