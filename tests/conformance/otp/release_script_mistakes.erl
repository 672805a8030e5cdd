%% systools: scripts and packages of releases, and what is wrong with them
-module(release_script_mistakes).
-compile([export_all,nowarn_export_all]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> R = try F() catch C:X -> {C,X} end,
  case R =/= [] andalso io_lib:printable_unicode_list(R) of true -> io:format("~w: ~ts~n",[L,R]); false -> io:format("~w: ~tp~n",[L,R]) end.
w(F,T) -> ok = file:write_file(F,io_lib:format("~tp.~n",[T])).
app(Dir,Name,Vsn,Mods) -> app(Dir,Name,Vsn,Mods,[]).
app(Dir,Name,Vsn,Mods,Extra) ->
  Eb = filename:join([Dir,atom_to_list(Name)++"-"++Vsn,"ebin"]), filelib:ensure_dir(filename:join(Eb,"x")),
  w(filename:join(Eb,atom_to_list(Name)++".app"),{application,Name,[{description,"d"},{vsn,Vsn},{modules,Mods},{registered,[]},{applications,[kernel,stdlib]}]++Extra}),
  [begin {ok,M,B} = compile:forms([{attribute,1,module,M},{attribute,2,vsn,Vsn},{attribute,3,export,[]}]), file:write_file(filename:join(Eb,atom_to_list(M)++".beam"),B) end || M <- Mods], code:add_patha(Eb), Eb.
v(A) -> _ = application:load(A), {ok,V} = application:get_key(A,vsn), V.
rel(File,Name,Vsn,Apps) -> w(File++".rel",{release,{Name,Vsn},{erts,erlang:system_info(version)},Apps}).
c({error,M,E}) -> {error,M,E}; c(X) -> X.
ff({error,M,E}) -> {lists:flatten(M:format_error(E))}; ff({ok,M,W}) -> {ok,lists:flatten(M:format_warning(W))}; ff(X) -> X.
main() ->
 K = {kernel,v(kernel)}, S = {stdlib,v(stdlib)}, Sasl = {sasl,v(sasl)},
 app("lib",aa,"1.0",[aa_m]), app("lib",bb,"1.0",[bb_m],[{included_applications,[cc]}]), app("lib",cc,"1.0",[cc_m]),
 rel("r1","r","1",[K,S,{aa,"1.0"}]), rel("r2","r","2",[K,S,Sasl,{aa,"1.0"},{bb,"1.0"},{cc,"1.0",load}]),
 ?T(systools:make_script("r1",[silent,no_warn_sasl])), ?T(systools:make_script("r1",[silent])), ?T(systools:make_script("r1")), ?T(systools:make_script("r1",[no_warn_sasl])), ?T(systools:make_script("r1",[warnings_as_errors,silent])),?T(systools:make_script("r1",[warnings_as_errors])),
 ?T(systools:make_script("r2",[silent])), ?T(systools:make_script("nosuch",[silent])), ?T(systools:make_script("nosuch")), ?T(systools:make_script("r1",[foo])), ?T(systools:make_script(r1,[])), ?T(systools:make_script("r1",[{path,foo}])),
 {ok,[{script,_,Script}]} = file:consult("r1.script"), ?T([case X of {path,_} -> path; {apply,_} -> X; {primLoad,_} -> primload; {progress,_} -> X; {kernelProcess,N,_} -> {kp,N}; preLoaded -> X; {preLoaded,_} -> preloaded; {kernel_load_completed} -> X; _ -> element(1,X) end || X <- Script, case X of {apply,{application,load,_}} -> false; {path,_} -> false; _ -> true end]),
 ?T([M || {primLoad,Ms} <- Script, M <- Ms, M =:= aa_m]),
 [begin rel("x","x","1",Apps), ?T(systools:make_script("x",[silent])), ?T(ff(systools:make_script("x",[silent]))) end || Apps <- [[K],[K,S,{nosuch,"1"}],[K,S,{aa,"9"}],[K,S,{aa,"1.0"},{aa,"1.0"}],[K,S,{bb,"1.0"}],[K,S,{bb,"1.0",[]},{cc,"1.0"}],[K,S,{aa,"1.0",foo}],[K,S,foo],[S,{aa,"1.0"}],[K,S,{aa,"1.0",none}],[K,S,{bb,"1.0",permanent,[nosuch]}],[K,S,Sasl,{aa,"1.0",temporary}]]],
 w("y.rel",foo), ?T(systools:make_script("y",[silent])), ?T(ff(systools:make_script("y",[silent]))), file:write_file("y.rel","{release,."), ?T(systools:make_script("y",[silent])), ?T(ff(systools:make_script("y",[silent]))), ?T(systools:make_script("y")),
 %% modules
 app("lib",dd,"1.0",[aa_m]), rel("x","x","1",[K,S,{aa,"1.0"},{dd,"1.0"}]), ?T(systools:make_script("x",[silent])), ?T(ff(systools:make_script("x",[silent]))),
 E = app("lib",ee,"1.0",[ee_m]), file:delete(filename:join(E,"ee_m.beam")), rel("x","x","1",[K,S,{ee,"1.0"}]), ?T(systools:make_script("x",[silent])),?T(systools:make_script("x",[silent,no_module_tests])), ?T(ff(systools:make_script("x",[silent]))),
 app("lib",ff,"1.0",[ff_m],[{registered,[r1]}]), app("lib",gg,"1.0",[gg_m]), 
 app("lib",c1,"1.0",[],[{applications,[kernel,c2]}]), app("lib",c2,"1.0",[]), 
 w("lib/gg-1.0/ebin/gg.app",{application,gg,[{vsn,"1.0"}]}), rel("x","x","1",[K,S,{gg,"1.0"}]), ?T(systools:make_script("x",[silent])), w("lib/gg-1.0/ebin/gg.app",{application,gg,foo}), ?T(systools:make_script("x",[silent])), ?T(ff(systools:make_script("x",[silent]))), file:write_file("lib/gg-1.0/ebin/gg.app","foo bar"), ?T(systools:make_script("x",[silent])),
 ?T(systools:make_script("r1",[local,silent,no_warn_sasl])), ?T(systools:make_script("r1",[{variables,[{"V","lib"}]},silent,no_warn_sasl])), ?T(systools:make_script("r1",[{outdir,"nosuch"},silent])), ?T(systools:make_script("r1",[no_dot_erlang,silent,no_warn_sasl])), ?T(systools:make_script("r1",[{script_name,"zz"},silent,no_warn_sasl])), ?T(filelib:wildcard("*.{script,boot}")),
 ?T(systools:script2boot("r1")), ?T(systools:script2boot("nosuch")),
 ?T(systools:make_tar("r1",[silent])), ?T(lists:sort(begin {ok,Ns} = erl_tar:table("r1.tar.gz",[compressed]), [N || N <- Ns, string:find(N,"aa") =/= nomatch orelse string:prefix(N,"releases") =/= nomatch] end)), ?T(systools:make_tar("r1",[{dirs,[src,include]},silent])), ?T(systools:make_tar("r1",[{outdir,"nosuch"},silent])), ?T(systools:make_tar("nosuch",[silent])), ?T(systools:make_tar("r1",[bad])), ?T(systools:make_tar("r1",[{extra_files,[{"r1.rel","xx/r1.rel"}]},silent])),
 ok.
