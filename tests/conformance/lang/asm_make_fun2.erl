%% Object code of compilers up to OTP 23, as OTP's own test_server_node has it: the environment of a fun in X registers.
-module(asm_make_fun2).
-export([main/0]).

main() ->
    File = "old_funs.S",
    ok = file:write_file(File, code()),
    {ok, Module, Binary} = compile:file(filename:rootname(File), [from_asm, binary]),
    {module, Module} = code:load_binary(Module, File, Binary),
    io:format("~p~n", [(Module:pair(one, two))(three)]),
    io:format("~p~n", [Module:increased([1, 2])]),
    erlang:garbage_collect(),
    Many = [Module:pair(N, [N]) || N <- lists:seq(1, 10000)],
    io:format("~p~n", [lists:sum([element(1, F(x)) || F <- Many])]).

code() ->
    "{module, old_funs}.\n"
    "{exports, [{increased,1},{pair,2}]}.\n"
    "{attributes, []}.\n"
    "{labels, 9}.\n"
    "{function, pair, 2, 2}.\n"
    "  {label,1}.\n"
    "    {func_info,{atom,old_funs},{atom,pair},2}.\n"
    "  {label,2}.\n"
    "    {make_fun2,{f,6},0,0,2}.\n"
    "    return.\n"
    "{function, increased, 1, 4}.\n"
    "  {label,3}.\n"
    "    {func_info,{atom,old_funs},{atom,increased},1}.\n"
    "  {label,4}.\n"
    "    {allocate,1,1}.\n"
    "    {move,{x,0},{y,0}}.\n"
    "    {make_fun2,{f,8},0,0,0}.\n"
    "    {move,{y,0},{x,1}}.\n"
    "    {call_ext_last,2,{extfunc,lists,map,2},1}.\n"
    "{function, '-pair/2-fun-0-', 3, 6}.\n"
    "  {label,5}.\n"
    "    {func_info,{atom,old_funs},{atom,'-pair/2-fun-0-'},3}.\n"
    "  {label,6}.\n"
    "    {test_heap,4,3}.\n"
    "    {put_tuple2,{x,0},{list,[{x,1},{x,2},{x,0}]}}.\n"
    "    return.\n"
    "{function, '-increased/1-fun-0-', 1, 8}.\n"
    "  {label,7}.\n"
    "    {func_info,{atom,old_funs},{atom,'-increased/1-fun-0-'},1}.\n"
    "  {label,8}.\n"
    "    {gc_bif,'+',{f,0},1,[{x,0},{integer,1}],{x,0}}.\n"
    "    return.\n".
