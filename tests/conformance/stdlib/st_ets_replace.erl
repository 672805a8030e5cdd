%% Replacements that keep keys and those that do not, HTTP lines that are too long, dictionaries of zlib.
-module(st_ets_replace).
-export([main/0]).

-define(T(E), t(?LINE, fun() -> E end)).

t(Line, Fun) ->
    Value = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~p: ~p~n", [Line, Value]).

main() ->
 [?T({D,O,erlang:decode_packet(Ty,D,O)}) || {Ty,D,O} <- [{http,<<"GET / HTTP/1.1\r\n">>,[{line_length,5}]},{http,<<"GET / HTTP/1.1\r\n">>,[{line_length,16}]},{http,<<"GET / HTTP/1.1\r\n">>,[{line_length,15}]},{http,<<"GET / HTTP/1.1\r\n">>,[{packet_size,5}]},{http,<<"GET / HTTP/1.1\r\n">>,[{packet_size,16}]},{http,<<"GET / HTTP/1">>,[{line_length,5}]},{http,<<"GET / HTTP/1">>,[{line_length,12}]},{http,<<"GET / HTTP/1">>,[{line_length,13}]},{httph,<<"A: b\r\nC">>,[{line_length,3}]},{httph,<<"A: b\r\nC">>,[{line_length,6}]},{httph,<<"A: b\r\nC">>,[{packet_size,3}]},{httph,<<"\r\nC">>,[{line_length,1}]},{http_bin,<<"GET /aaaaaaaaaaaa HTTP/1.1\r\n">>,[{line_length,5}]}]],
 T = ets:new(t,[ordered_set]),
 F = fun() -> ets:delete_all_objects(T), ets:insert(T,[{1,a,x},{2,b,y}]) end,
 [begin F(), ?T({R,ets:select_replace(T,R),ets:tab2list(T)}) end || R <- [
  [{{'$1','$2','$3'},[],[{{{'+','$1',0},'$3','$2'}}]}], [{{'$1','$2','$3'},[],[{{'$1','$3','$2'}}]}], [{{'$1','$2','$3'},[],['$_']}], [{{'$1','$2','$3'},[],[{{{element,1,'$_'},'$3','$2'}}]}], [{{'$1','$2','$3'},[],[{{'$2','$3','$1'}}]}], [{{1,'$2','$3'},[],[{{1,'$3','$2'}}]}], [{{1,'$2','$3'},[],[{{{const,1},'$3','$2'}}]}], [{{1,'$2','$3'},[],[{{1.0,'$3','$2'}}]}], [{{{'$1','$4'},'$2','$3'},[],[{{{{'$1','$4'}},'$3','$2'}}]}], [{{['$1'],'$2','$3'},[],[{{['$1'],'$3','$2'}}]}], [{{'_','$2','$3'},[],[{{{element,1,'$_'},'$3','$2'}}]}], [{{'_','$2','$3'},[],[{{'$2','$3','$2'}}]}],[{'$1',[],[{{{element,1,'$1'},z,z}}]}],[{'$1',[],['$1']}],[{{'$1','$2','$3'},[],[{setelement,2,'$_',q}]}],[{{'$1','$2','$3'},[],[{const,{1,z,z}}]}],[{{1,'_','_'},[],[{const,{1,z,z}}]}],[{{1,'_','_'},[],[{const,{2,z,z}}]}],[{{1,'_','_'},[],[{const,foo}]}],[{{'$1','$2','$3'},[],[foo]}],[{{'$1','$1','$3'},[],[{{'$1','$3','$3'}}]}],[{{'$1','$2','$3'},[],[{{'$1'}}]}],[{{'$1','$2','$3'},[],[{{}}]}],[{{'$1','$2','$3'},[{'==','$1',1}],[{{'$1',{'+',1,'$1'},w}}]}],[{{1,'$2','$3'},[],[{{1,{'+',foo,1},w}}]}],[{{1,'_','_'},[],[true,{{1,u,u}}]}],[{{1,'_','_'},[],[{{2,u,u}}, {{1,u,u}}]}],[{{{1,2},'$2','$3'},[],[{{{{1,2}},'$3','$2'}}]}],[{{{1,2},'$2','$3'},[],[{{{const,{1,2}},'$3','$2'}}]}],[{{#{a=>'$1'},'$2','$3'},[],[{{#{a=>'$1'},'$3','$2'}}]}]]],
 B = ets:new(b,[bag]), ets:insert(B,{1,a}), ?T(ets:select_replace(B,[{'_',[],['$_']}])),
 Z = zlib:open(),
 ok = zlib:deflateInit(Z),
 ?T(zlib:deflateSetDictionary(Z, <<"hello world ">>)),
 zlib:close(Z).
