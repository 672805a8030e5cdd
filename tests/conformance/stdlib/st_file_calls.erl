%% Files: reading, writing, positions, links, folders, terms, scripts, errors.
-module(st_file_calls).
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
 ?T(file:write_file("a.txt","hello\nworld\n")), ?T(file:read_file("a.txt")), ?T(file:read_file("nope")), ?T(file:read_file("")),?T(file:read_file([0])),?T(file:read_file({a})),
 ?T(file:write_file("a.txt",<<"more">>,[append])), ?T(file:read_file("a.txt")), ?T(file:write_file("a.txt",foo)), ?T(file:write_file("a.txt","x",[exclusive])), ?T(file:write_file("no/dir","x")),
 ?T(file:make_dir("d")),?T(file:make_dir("d")),?T(file:make_dir("x/y")),?T(file:list_dir("d")),
  ?T(file:list_dir("nope")),?T(file:del_dir("nope")),?T(file:del_dir("a.txt")),
 ?T(file:rename("a.txt","d/b.txt")),?T(file:rename("a.txt","z")),?T(file:list_dir("d")),?T(file:del_dir("d")),
  ?T(file:copy("d/b.txt","c.txt")),?T(file:copy("d/b.txt","c.txt",3)),?T(file:read_file("c.txt")),
  ?T(file:copy("nope","c.txt")),
 ?T(file:make_link("c.txt","l.txt")),?T(file:make_symlink("c.txt","s.txt")),?T(file:read_link("s.txt")),
  ?T(file:read_link("c.txt")),?T(file:read_link_all("s.txt")),
 ?T(element(2,file:read_link_info("s.txt")) =/= x),?T(element(3,element(2,file:read_link_info("s.txt")))),
  ?T(element(3,element(2,file:read_file_info("s.txt")))),?T(file:read_file_info("zz")),
 ?T(file:delete("s.txt")),?T(file:delete("s.txt")),?T(file:delete("d")),?T(file:truncate(x)),
 {ok,F}=file:open("c.txt",[read,write]), ?T(file:read(F,2)),?T(file:position(F,cur)),?T(file:position(F,
  {eof,-1})),?T(file:read(F,10)),?T(file:read(F,10)),?T(file:position(F,-1)),?T(file:position(F,{bof,1})),
  ?T(file:write(F,"XY")),?T(file:truncate(F)),?T(file:position(F,bof)),?T(file:read(F,100)),?T(file:pread(F,1,1)),
  ?T(file:pread(F,[{0,1},{2,1},{9,1}])),?T(file:pwrite(F,5,"zz")),?T(file:pwrite(F,[{0,"A"},{1,<<"B">>}])),
  ?T(file:pread(F,0,20)),?T(file:sync(F)),?T(file:datasync(F)),?T(file:advise(F,0,0,normal)),
  ?T(file:allocate(F,0,10)),?T(file:close(F)),?T(file:read(F,1)),?T(file:close(F)),
 ?T(element(1,file:open("c.txt",[foo]))),?T(file:open("c.txt",[foo])),?T(file:open("nope",[read])),
  ?T(file:open("d",[write])),?T(file:open("c.txt",[exclusive])),?T(file:open(foo,read)),
 {ok,G}=file:open("c.txt",[read,binary,raw]),?T(file:read_line(G)),?T(file:read(G,3)),?T(file:write(G,"x")),
  ?T(file:close(G)),?T(file:read(G,1)),
 {ok,H}=file:open("lines",[write,{encoding,utf8}]),?T(io:format(H,"~ts~n~w.~n{a,b}.~n",[[229,228],foo])),
  ?T(file:close(H)),?T(file:read_file("lines")),?T(file:consult("lines")),
 ?T(file:write_file("t.terms","a. {b,1}.\n\"c\".")),?T(file:consult("t.terms")),
  ?T(file:write_file("t2.terms","a. {b,.\n")),?T(file:consult("t2.terms")),?T(file:consult("nope")),
  ?T(file:path_consult([".","d"],"t.terms")),?T(file:path_consult(["d"],"t.terms")),
 ?T(file:write_file("s.script","X=1, Y=X+A.")),?T(file:script("s.script",[{'A',41}])),?T(file:script("s.script")),
  ?T(file:eval("s.script",[{'A',1}])),?T(file:write_file("s2.script","1/0.")),?T(file:script("s2.script")),
  ?T(file:eval("s2.script")),?T(file:write_file("s3.script","1+.")),?T(file:script("s3.script")),
 ?T(file:format_error(enoent)),?T(file:format_error({3,erl_parse,["syntax error before: ","'.'"]})),
  ?T(file:format_error(foo)),?T(file:format_error(badarg)),
  ?T([file:format_error(E)||E<-[eacces,eexist,enotdir,eisdir,enospc,terminated,system_limit,einval,emfile,eperm,exdev,enotsup,eagain,ebadf]]),
 ?T(file:get_cwd() =:= file:get_cwd()),?T(file:set_cwd("nope")),?T(file:set_cwd("d")),?T(file:list_dir(".")),
  ?T(file:set_cwd("..")),
 ?T(file:change_mode("c.txt",8#600)),?T(element(8,element(2,file:read_file_info("c.txt"))) band 8#777),
  ?T(file:change_time("c.txt",{{2020,1,2},{3,4,5}})),?T(element(6,element(2,
  file:read_file_info("c.txt",[{time,universal}])))),?T(element(6,element(2,
  file:read_file_info("c.txt",[{time,posix}])))),?T(file:change_owner("nope",1)),?T(file:change_mode("nope",1)),
 ?T(file:del_dir_r("d")),?T(file:del_dir_r("d")),?T(file:native_name_encoding()),?T(file:list_dir_all(".") =/= x),
  ?T(file:altname("c.txt")),?T(file:read_file_info("c.txt",[raw]) =/= x),
 {ok,K}=file:open("delayed",[write,delayed_write,raw,binary]),?T(file:write(K,[<<"a">>,$b,"c"])),
  ?T(file:close(K)),?T(file:read_file("delayed")),
 {ok,L}=file:open("delayed",[read,read_ahead,{read_ahead,10}]),?T(file:read_line(L)),?T(file:read_line(L)),
  ?T(file:close(L)),
 {ok,R}=file:open("abcdef",[ram,read,write]),?T(file:read(R,3)),?T(file:position(R,cur)),?T(file:write(R,"ZZ")),
  ?T(file:position(R,0)),?T(file:read(R,100)),?T(ram_file:get_size(R)),?T(ram_file:get_file(R)),?T(file:close(R)),
 {ok,Z}=file:open("z.gz",[write,compressed]),?T(file:write(Z,"compressed text")),?T(file:close(Z)),
  {ok,Z2}=file:open("z.gz",[read,compressed]),?T(file:read(Z2,100)),?T(file:close(Z2)),?T(byte_size(element(2,
  file:read_file("z.gz")))>10),ok.
