% What stands before `#', a colon or arguments, and `maybe', printed.
-module(st_erl_pp_bases).
-export([main/0]).

texts() ->
    ["maybe a end.",
     "maybe a, b end.",
     "maybe A ?= b else c -> d end.",
     "maybe A ?= b, c else c -> d; e when f -> g, h end.",
     "f(maybe a end, maybe A ?= b else c -> d end).",
     "X = maybe A ?= b else c -> d end.",
     "X = maybe a end.",
     "maybe aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, ccccccccccccccccc end.",
     "maybe A = b ?= c = d end.",
     "(maybe a end) + 1.",
     "#r{}#r.a.",
     "(#r{a=1})#r.a.",
     "X#r{a=1}#r.a.",
     "#r{}#r{a=1}.",
     "#r{}#r.a#r.b.",
     "#r{}#r.a#r{c=d}.",
     "#{}#{a=>1}.",
     "#{a=>1}#{a=>1}#{b:=2}.",
     "2 #{a=>1}.",
     "2 #r{}.",
     "$a#r{}.",
     "\"a\"#r{}.",
     "a#r{}.",
     "(1.0)#r{}.",
     "(2)#r.a.",
     "(f)()#r.a.",
     "(a:b)#r.a.",
     "(a+b)#r.a.",
     "[]#r.a.",
     "{a}#r.a.",
     "<<>>#r.a.",
     "fun() -> a end#r.a.",
     "fun a/1#r.a.",
     "begin a end#r.a.",
     "(case a of b -> c end)#r.a.",
     "(catch a)#r.a.",
     "[X||X<-Y]#r.a.",
     "- (1).",
     "-(-(1)).",
     "#r.a#r.b.",
     "(#r{})(a).",
     "(#r{}):f().",
     "(#{}):f().",
     "-#r{}.",
     "#r{} + #r{a=b}.",
     "(X#r{})(a).",
     "(X#r.a)(b).",
     "(#r.a)(b).",
     "#r.a + 1.",
     "(#{a=>1})(b).",
     "(X#{a=>1})(b).",
     "(X#{a=>1}):f().",
     "X#{a=>1}#{b=>2}.",
     "X#r{a=1}#r{b=2}.",
     "X#r.a#r.b#r{c=d}.",
     "X#r.a#{b=>c}.",
     "f()#r.a#{b=>c}.",
     "2 #r.a + 1.",
     "2#{a=>1} + 1.",
     "(-2)#r.a.",
     "X#{a=>#{}#{}}.",
     "#r{a=(#r{})#r.a}.",
     "maybe A ?= b, A end.",
     "maybe A = b else _ -> c end.",
     "maybe (A ?= b) end.",
     "maybe A = (b = c) ?= d end.",
     "maybe A ?= catch b end.",
     "maybe catch A end.",
     "maybe {A = B} ?= f(maybe x end) end."].

main() ->
    lists:foreach(fun print/1, texts()),
    io:format("~p~n", [[lists:flatten(erl_pp:guard([])), lists:flatten(erl_pp:form({attribute, 1, module, {m, ['A', 'B']}}))]]).

print(Text) ->
    IsReserved = fun(W) -> W =:= 'maybe' orelse W =:= else orelse erl_scan:reserved_word(W) end,
    case erl_scan:string(Text, 1, [{reserved_word_fun, IsReserved}]) of
        {ok, Tokens, _} ->
            case erl_parse:parse_exprs(Tokens) of
                {ok, Exprs} -> io:format("~ts~n", [erl_pp:exprs(Exprs)]);
                {error, Info} -> io:format("~p~n", [Info])
            end;
        {error, Info, _} -> io:format("~p~n", [Info])
    end.
