%% erl_tar with absolute names, file_sorter and zip with wrong objects and arguments
-module(st_archives_sorter_mistakes).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> R = try F() catch C:X -> {C,X} end,
  case R =/= [] andalso io_lib:printable_unicode_list(R) of true -> io:format("~w: ~ts~n",[L,R]); false -> io:format("~w: ~tp~n",[L,R]) end.
main() -> logger:set_primary_config(level,none), ?T(erl_tar:create("abs.tar",[{"/abs/x",<<"a">>},{"b",<<"b">>}])), ?T(erl_tar:table("abs.tar")), ?T(erl_tar:extract("abs.tar",[memory])), ?T(erl_tar:extract("abs.tar",[{cwd,"to2"}])), ?T(filelib:wildcard("to2/**")),
 W = fun(F,Ts) -> file:write_file(F,[begin B = term_to_binary(T), <<(byte_size(B)):32,B/binary>> end || T <- Ts]) end, W("f1",[3,1]), W("f2",[{1,2},{1}]),
 [?T(case catch F() of {error,{A,B}} -> {error,{A,filename:basename(B)}}; {'EXIT',{R,_}} -> R; X -> X end) || F <- [fun() -> file_sorter:keysort(2,["f1"],"o") end,fun() -> file_sorter:keysort(2,["f2"],"o") end,fun() -> file_sorter:keycheck(2,["f2"],[]) end,fun() -> file_sorter:keymerge(2,["f2"],"o") end,fun() -> file_sorter:sort(foo,"o",[]) end,fun() -> file_sorter:sort(["f1"],bar,[]) end,fun() -> file_sorter:sort(["f1"],"o",baz) end,fun() -> file_sorter:keysort(0,["f1"],"o") end,fun() -> file_sorter:keysort(a,["f1"],"o") end,fun() -> file_sorter:check(foo,[]) end, fun() -> file_sorter:sort([],"o") end, fun() -> file_sorter:sort(["f1"],"nodir/x") end, fun() -> file_sorter:keysort([],["f1"],"o") end]],
 [?T(catch zip:zip("q",X)) || X <- [foo,[],[1],["nosuch"],[{"a",b}]]], [?T(catch zip:unzip(X)) || X <- [foo,1,{}]].
