%% Core Erlang made and taken apart by hand: cerl, core_scan, core_parse, core_pp, core_lint, compile with from_core.
-module(core_by_hand).
-export([main/0]).

main() ->
    Tree = tree(),
    p(lint, core_lint:module(Tree)),
    {ok, core_made, Code} = compile:forms(Tree, [from_core, binary]),
    {module, core_made} = code:load_binary(core_made, "core_made.beam", Code),
    p(run, {core_made:sum([1, 2, 3], 0), try core_made:sum(x, 0) catch error:E -> E end}),
    p(attributes, lists:keydelete(vsn, 1, core_made:module_info(attributes))),
    Text = lists:flatten(core_pp:format(Tree)),
    {ok, Tokens, _} = core_scan:string(Text),
    {ok, Again} = core_parse:parse(Tokens),
    p(name, cerl:concrete(cerl:module_name(Again))),
    p(exports, [{cerl:fname_id(E), cerl:fname_arity(E)} || E <- cerl:module_exports(Again)]),
    {ok, core_made, _} = compile:forms(Again, [from_core, binary]),
    parts(), texts(), faults().

tree() ->
    [L, S, H, T] = [cerl:c_var(V) || V <- ['L', 'S', 'H', 'T']],
    Sum = cerl:c_fname(sum, 2),
    Add = cerl:c_call(cerl:c_atom(erlang), cerl:c_atom('+'), [S, H]),
    Next = cerl:c_let([cerl:c_var('N')], Add, cerl:c_apply(Sum, [T, cerl:c_var('N')])),
    Fail = cerl:c_primop(cerl:c_atom(match_fail), [cerl:c_tuple([cerl:c_atom(case_clause), L])]),
    Case = cerl:c_case(L, [cerl:c_clause([cerl:c_cons(H, T)], Next),
                           cerl:c_clause([cerl:c_nil()], S),
                           cerl:c_clause([cerl:c_var('_')], Fail)]),
    Info = fun(Vars) ->
                   Call = cerl:c_call(cerl:c_atom(erlang), cerl:c_atom(get_module_info), [cerl:c_atom(core_made) | Vars]),
                   {cerl:c_fname(module_info, length(Vars)), cerl:c_fun(Vars, Call)}
           end,
    cerl:c_module(cerl:c_atom(core_made), [Sum, cerl:c_fname(module_info, 0), cerl:c_fname(module_info, 1)],
                  [{cerl:c_atom(author), cerl:abstract([me])}],
                  [{Sum, cerl:c_fun([L, S], Case)}, Info([]), Info([cerl:c_var('X')])]).

parts() ->
    p(cons, cerl:c_cons(cerl:c_int(1), cerl:c_nil())),
    p(tuple, cerl:c_tuple([cerl:c_var('X'), cerl:c_atom(a)])),
    p(types, [cerl:type(N) || N <- [cerl:abstract({a}), cerl:c_var(x), cerl:c_values([]), cerl:c_seq(a, b)]]),
    p(vars, cerl:pat_vars(cerl:c_alias(cerl:c_var('A'), cerl:c_tuple([cerl:c_var('B'), cerl:c_int(1)])))),
    p(list, {cerl:is_c_list(cerl:abstract([1])), cerl:list_length(cerl:abstract("abc")),
             cerl:list_elements(cerl:make_list([cerl:c_var(x)]))}),
    p(data, {cerl:data_type(cerl:abstract([a])), cerl:data_type(cerl:abstract(7)), cerl:data_arity(cerl:abstract({1, 2}))}),
    p(ann, cerl:get_ann(cerl:add_ann([a], cerl:ann_c_int([b], 1)))),
    p(subtrees, cerl:subtrees(cerl:c_let([cerl:c_var(x)], cerl:c_int(1), cerl:c_var(x)))),
    p(map, {cerl:c_map([cerl:c_map_pair(cerl:c_atom(a), cerl:c_int(1))]), cerl:is_c_map(cerl:abstract(#{}))}),
    p(lits, {cerl:atom_lit(cerl:c_atom('A')), cerl:int_lit(cerl:c_int(5)), cerl:string_lit(cerl:c_string("a\n"))}).

texts() ->
    p(scan, core_scan:string("module 'a' [ -1 1.5 \n _x Foo $a \"bc\" -| => ~ % c\n 16#ff")),
    p(parse, core_parse:parse(element(2, core_scan:string("module 'm' [] attributes ['a' = [1,{'b'}]] end")))),
    run("'f'/1 = fun (X) -> try call 'erlang':'hd'(X) of <Y> -> {'ok',Y} catch <C,R,T> -> {C,R}", [[1], []]),
    run("'f'/1 = fun (X) -> case X of <{'a',Y}> when call 'erlang':'>'(Y, 1) -> Y\n"
        " <~{'k':=V}~> when 'true' -> V <#{#<A>(8,1,'integer',['unsigned'|['big']]),#<R>('all',8,'binary',['unsigned'|['big']])}#>\n"
        " when 'true' -> {A,R} ( <Z> when 'true' -> 'none' -| ['compiler_generated'] ) end",
        [{a, 2}, {a, 0}, #{k => v}, <<1, 2>>, <<>>]),
    run("'f'/1 = fun (X) -> let <A,B> = <X,[X|[1|[]]]> in letrec 'g'/1 = fun (Y) -> case Y of <0> when 'true' -> B\n"
        " <N> when 'true' -> apply 'g'/1(call 'erlang':'-'(N, 1)) end in apply 'g'/1(A)", [0, 3]),
    run("'f'/1 = fun (X) -> do call 'erlang':'!'(call 'erlang':'self'(), X)\n"
        " receive <{'t',Y}> when 'true' -> Y after 0 -> receive <Z> when 'true' -> {'other',Z} after 'infinity' -> 'true'",
        [{t, 1}, u]),
    run("'f'/1 = fun (X) -> let <F> = fun (Y) -> ~{'x'=>Y,'y'=>X}~ in let <M> = apply F(1) in case catch call 'erlang':'map_get'('y', M) of <2> when 'true' -> M end", [2]),
    run("'f'/1 = fun (X) -> #{#<X>(16,1,'integer',['unsigned'|['little']]),#<3>(8,1,'integer',['unsigned'|['big']])}#", [258]).

run(Function, Arguments) ->
    Text = "module 'core_text' ['f'/1] attributes []\n" ++ Function ++ "\nend\n",
    {ok, Tokens, _} = core_scan:string(Text),
    {ok, Tree} = core_parse:parse(Tokens),
    {ok, core_text, Code} = compile:forms(Tree, [from_core, binary]),
    {module, core_text} = code:load_binary(core_text, "core_text.beam", Code),
    p(text, [try core_text:f(A) catch C:R -> {C, R} end || A <- Arguments]),
    code:purge(core_text).

faults() ->
    file("module 'e' ['f'/0] attributes []\n'f'/0 = fun () ->\n  let <X> = 1 im X\nend\n"),
    file("module 'e' ['f'/0] attributes []\n'f'/0 = fun () -> 'a\n"),
    file("module 'e' ['f'/0,'n'/1] attributes []\n'f'/0 = fun () -> X\n'g'/1 = fun (A) -> apply 'h'/2(A, 1)\n"
         "'k'/0 = fun () -> <1,2>\n"
         "'o'/1 = fun (X) -> case X of <A> when apply 'f'/0() -> A end\n'q'/2 = fun (X,X) -> X\nend\n").

file(Text) ->
    File = "e.core",
    ok = file:write_file(File, Text),
    p(file, compile:file("e", [from_core, binary, return])),
    file:delete(File).

p(What, Value) -> io:format("~p: ~p~n", [What, Value]).
