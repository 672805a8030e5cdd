%% Match specifications: what a body gives where a call in it fails, and what a guard does then.
-module(match_spec_failing).
-export([main/0]).
main() -> [io:format("~p ~p~n",[B,ets:match_spec_run([{1,a}],ets:match_spec_compile([{{'$1','$2'},[],B}]))]) || B <- [[{abs,'$2'}],[{{1,{abs,'$2'}}}],[[{abs,'$2'}|3]],[{'+',1,{abs,'$2'}}],[#{a=>{abs,'$2'}}],[#{{abs,'$2'}=>1}],[{{{'+','$1',1},{'+','$2',1},{hd,'$1'}}}],[{element,3,'$_'}],[{{{element,3,'$_'},2}}],[{is_atom,{abs,'$2'}}],[{'orelse',true,{abs,'$2'}}],[{'andalso',{abs,'$2'},true}],[{'andalso',true,'$1'}],[{'not','$1'}],[{'and',true,1}],[[['$1',{abs,'$2'}],{abs,'$1'}]]]],
 [io:format("~p ~p~n",[G,ets:match_spec_run([{1,a}],ets:match_spec_compile([{{'$1','$2'},G,['$_']}]))]) || G <- [[{'orelse',{abs,'$2'},true}],[{'orelse',true,{abs,'$2'}}],[{'==',{abs,'$2'},1}],[{'not',{abs,'$2'}}],[{'=:=',{{{abs,'$2'}}},{{'EXIT'}}}],[{'andalso',true,1}],['$1'],[{is_atom,{abs,'$2'}}]]].
