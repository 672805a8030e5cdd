%%% escript:create/2 and extract/2.
-module(st_escript_sections).
-export([main/0]).
p(X) -> io:format("~p~n",[X]).
main() -> Src = <<"main(A) -> io:format(\"~p~n\",[A]).\n">>,
 {ok,Bin} = escript:create(binary,[shebang,comment,{emu_args,"-kernel foo bar"},{source,Src}]), p(Bin),
 p(escript:create(binary,[shebang,{source,Src}])), p(escript:create(binary,[{shebang,"/bin/x"},{comment,"zz"},{source,Src}])), p(escript:create(binary,[{source,Src}])), p(escript:create(binary,[shebang,{comment,undefined},{emu_args,undefined},{source,Src}])),
 p(escript:create(binary,[shebang])), p(escript:create(binary,[foo,{source,Src}])), p(escript:create(binary,[{source,"nofile.erl"}])), p(catch escript:create(binary,[shebang,shebang,{source,Src}])), p(catch escript:create(binary,[{source,Src},{source,Src}])),
 p(escript:create("esx.escript",[shebang,comment,{source,Src}])), p(escript:extract("esx.escript",[])), p(element(1,element(2,{x,escript:extract("esx.escript",[compile_source])}))),
 file:write_file("esy",["#!/usr/bin/env escript\n%%! -a b\nmain(_) -> ok.\n"]), p(escript:extract("esy",[])), file:write_file("esy",["main(_) -> ok.\n"]), p(escript:extract("esy",[])), file:write_file("esy",["#!/usr/bin/env escript\n%% hello\n%%! -x\nmain(_) -> ok.\n"]), p(escript:extract("esy",[])), file:write_file("esy",["#!/x\n%% hello\n\nmain(_) -> ok.\n"]), p(escript:extract("esy",[])), p(escript:extract("nofile",[])),
 {ok,foo_es,B} = compile:forms([{attribute,1,module,foo_es},{attribute,1,export,[{main,1}]},{function,1,main,1,[{clause,1,[{var,1,'A'}],[],[{call,1,{remote,1,{atom,1,io},{atom,1,format}},[{string,1,"foo ~p~n"},{cons,1,{var,1,'A'},{nil,1}}]}]}]}]),
 p(escript:create("esb",[shebang,{beam,B}])), {ok,[S,C,E,{beam,B2}]} = escript:extract("esb",[]), p({S,C,E,B2=:=B}),
 p(escript:create("foo_es",[shebang,{archive,[{"foo_es.beam",B}],[]}])), {ok,[_,_,_,{archive,Z}]} = escript:extract("foo_es",[]), p(is_binary(Z)),
 p(escript:create("esd",[shebang,{emu_args,"-escript main foo_es"},{archive,[{"foo_es.beam",B}],[]}])).
