%% release_handler: an application taken to another version and back by its .appup, and scripts that are wrong.
-module(upgrade_app_scripts).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> io:format("~w ~tp~n", [L, try F() catch C:R -> {C,R} end]).
main() ->
  Root = filename:absname("rhtest"), os:cmd("rm -rf " ++ Root),
  [app(Root, V) || V <- ["1.0","2.0"]],
  application:start(sasl),
  code:add_patha(filename:join([Root,"rapp-1.0","ebin"])),
  ?T(application:start(rapp)),
  ?T(rapp_server:get()),
  Dir2 = filename:join(Root,"rapp-2.0"), Dir1 = filename:join(Root,"rapp-1.0"),
  ?T(release_handler:upgrade_script(rapp, Dir2)),
  ?T(release_handler:upgrade_app(rapp, Dir2)),
  ?T(rapp_server:get()), ?T(rapp_lib:v()), ?T(rapp_new:v()),
  ?T(application:get_key(rapp, vsn)), ?T(application:get_env(rapp,e)),
  ?T(filename:basename(code:lib_dir(rapp))),
  ?T(release_handler:downgrade_script(rapp, "1.0", Dir1)),
  ?T(release_handler:downgrade_app(rapp, "1.0", Dir1)),
  ?T(rapp_server:get()), ?T(rapp_lib:v()), ?T(rapp_new:v()), ?T(application:get_key(rapp, vsn)),
  ?T(release_handler:upgrade_app(nosuch, Dir2)),
  ?T(release_handler:upgrade_app(rapp, "/nosuch/rapp-3.0")),
  ?T(release_handler:downgrade_app(rapp, Dir1)),
  {ok,_,Script} = {ok,x,[{load_object_code,{rapp,"2.0",[rapp_lib]}},point_of_no_return,{load,{rapp_lib,brutal_purge,brutal_purge}}]},
  ?T(release_handler:eval_appup_script(rapp, "2.0", Dir2, Script)), ?T(rapp_lib:v()),
  ?T(release_handler:eval_appup_script(rapp, "2.0", Dir2, [foo])),
  ?T(release_handler:eval_appup_script(rapp, "2.0", Dir2, [restart_new_emulator])),
  ?T(begin {_, {_, {X, _}}} = release_handler:eval_appup_script(rapp, "2.0", Dir2, [point_of_no_return, {apply, {foo, bar, []}}]), X end),
  ?T(begin {error,{no_such_file,F}} = release_handler:eval_appup_script(rapp, "2.0", Dir2, [{load_object_code,{rapp,"2.0",[nomod]}},point_of_no_return]), filename:basename(F) end),
  os:cmd("rm -rf " ++ Root).
app(Root, V) ->
  Dir = filename:join([Root,"rapp-"++V,"ebin"]), filelib:ensure_dir(filename:join(Dir,"x")),
  Mods = [rapp_server,rapp_lib,rapp_sup] ++ [rapp_new || V =:= "2.0"],
  w(Dir,"rapp.app",{application,rapp,[{description,"d"},{vsn,V},{modules,Mods},{registered,[]},{applications,[kernel,stdlib]},{env,[{e,V}]},{mod,{rapp_sup,[]}}]}),
  V =:= "2.0" andalso w(Dir,"rapp.appup",{"2.0",[{"1.0",[{update,rapp_server,{advanced,up}},{load_module,rapp_lib},{add_module,rapp_new}]}],[{"1.0",[{delete_module,rapp_new},{load_module,rapp_lib},{update,rapp_server,{advanced,down}}]}]}),
  c(Dir,"-module(rapp_lib).\n-export([v/0]).\nv() -> \""++V++"\".\n", rapp_lib),
  V =:= "2.0" andalso c(Dir,"-module(rapp_new).\n-export([v/0]).\nv() -> new.\n", rapp_new),
  c(Dir,"-module(rapp_sup).\n-export([start/2,stop/1,init/1]).\nstart(_,_) -> supervisor:start_link({local,?MODULE},?MODULE,[]).\nstop(_) -> ok.\ninit([]) -> {ok,{{one_for_one,1,1},[{s,{rapp_server,start_link,[]},permanent,1000,worker,[rapp_server]}]}}.\n",rapp_sup),
  c(Dir,"-module(rapp_server).\n-vsn(\""++V++"\").\n-export([start_link/0,init/1,handle_call/3,handle_cast/2,code_change/3,get/0]).\nstart_link() -> gen_server:start_link({local,?MODULE},?MODULE,[],[]).\ninit([]) -> {ok,[\""++V++"\"]}.\nget() -> gen_server:call(?MODULE,get).\nhandle_call(get,_,S) -> {reply,{\""++V++"\",S},S}.\nhandle_cast(_,S) -> {noreply,S}.\ncode_change(Old,S,X) -> {ok,[{Old,X}|S]}.\n",rapp_server).
w(D,F,T) -> file:write_file(filename:join(D,F),io_lib:format("~p.~n",[T])).
c(D,Src,M) -> F=filename:join(D,atom_to_list(M)++".erl"), file:write_file(F,Src), {ok,_}=compile:file(F,[{outdir,D}]).
