%%% What larger applications of Erlang/OTP do, called as their users call them. Run by applications.escript, with OTP's own
%%% object code of them, on both systems: what is printed must be the same.
-module(otp_applications).
-export([names/0, main/1]).
-include_lib("stdlib/include/qlc.hrl").

names() -> [mnesia, inets, xmerl, asn1, parsetools, syntax_tools, edoc, cover].

%% Called by `-run': the name of an application, in a folder that may be written to.
main([Name]) ->
    io:setopts([{encoding, unicode}]),
    logger:set_primary_config(level, none),
    io:format("~tp~n", [catch run(list_to_existing_atom(Name))]),
    init:stop().

run(mnesia) ->
    application:set_env(mnesia, dir, "mnesia"),
    Begun = [mnesia:create_schema([node()]), mnesia:start() | [mnesia:create_table(Name, Options) || {Name, Options} <- tables()]],
    Waited = mnesia:wait_for_tables([t, o, s], 5000),
    Written = mnesia:transaction(fun write_all/0),
    Asked = mnesia:transaction(fun ask_all/0),
    Aborted = mnesia:transaction(fun() -> mnesia:write({t, 5, a, b}), mnesia:abort(no) end),
    Kept = mnesia:dirty_read(t, 5),
    Self = self(),
    [spawn(fun() -> [{atomic, _} = mnesia:transaction(fun count/0) || _ <- lists:seq(1, 50)], Self ! done end)
     || _ <- lists:seq(1, 4)],
    [receive done -> ok end || _ <- lists:seq(1, 4)],
    Counted = mnesia:dirty_read(t, c),
    Again = [mnesia:stop(), mnesia:start(), mnesia:wait_for_tables([t, o, s], 5000)],
    Sizes = [mnesia:table_info(Table, size) || Table <- [t, o, s]],
    Widen = fun({t, K, V, W}) -> {t, K, V, W, new} end,
    Changed = [mnesia:add_table_index(t, w), mnesia:transform_table(t, Widen, [k, v, w, n]), mnesia:dirty_read(t, 7)],
    Saved = [mnesia:backup("backup"), mnesia:clear_table(t),
             mnesia:restore("backup", [{clear_tables, [t]}, {skip_tables, [o, s]}]), mnesia:table_info(t, size)],
    {Begun, Waited, Written, Asked, Aborted, Kept, Counted, Again, Sizes, Changed, Saved, mnesia:stop()};
run(inets) ->
    ok = inets:start(),
    ok = file:write_file("index.html", "hello"),
    {ok, Folder} = file:get_cwd(),
    {ok, Server} = inets:start(httpd, [{port, 0}, {server_name, "x"}, {server_root, Folder}, {document_root, Folder},
                                       {bind_address, {127, 0, 0, 1}}, {modules, [mod_alias, mod_dir, mod_get, mod_head]}]),
    [{port, Port}] = httpd:info(Server, [port]),
    Address = "http://127.0.0.1:" ++ integer_to_list(Port),
    {ok, {Status, Headers, Body}} = httpc:request(Address ++ "/index.html"),
    {ok, {Missing, _, _}} = httpc:request(Address ++ "/none"),
    {Status, lists:keyfind("content-type", 1, Headers), Body, Missing, inets:stop()};
run(xmerl) ->
    Text = "<a x='1'><b>t&amp;x</b><c/></a>",
    {Document, _} = xmerl_scan:string(Text),
    Event = fun(Event, _, Before) -> [Event | Before] end,
    {xmerl_xpath:string("/a/b/text()", Document), lists:flatten(xmerl:export_simple([Document], xmerl_xml)),
     xmerl_sax_parser:stream(list_to_binary(Text), [{event_fun, Event}, {event_state, []}])};
run(asn1) ->
    ok = file:write_file("My.asn", "My DEFINITIONS AUTOMATIC TAGS ::= BEGIN P ::= SEQUENCE { a INTEGER (0..255), "
                                   "b OCTET STRING OPTIONAL, c CHOICE { d BOOLEAN, e UTF8String } } END\n"),
    Compiled = asn1ct:compile("My.asn", [per, noobj]),
    {ok, My} = compile:file("My"),
    {ok, Bytes} = My:encode('P', {'P', 5, <<"x">>, {e, <<"z">>}}),
    {Compiled, Bytes, My:decode('P', Bytes)};
run(parsetools) ->
    ok = file:write_file("words.xrl", "Definitions.\nD = [0-9]\nRules.\n{D}+ : {token,{int,TokenLine,"
                                      "list_to_integer(TokenChars)}}.\n[+*()] : {token,{list_to_atom(TokenChars),TokenLine}}.\n"
                                      "\\s : skip_token.\nErlang code.\n"),
    ok = file:write_file("sums.yrl", "Nonterminals e.\nTerminals int '+' '*' '(' ')'.\nRootsymbol e.\nLeft 1 '+'.\nLeft 2 '*'.\n"
                                     "e -> e '+' e : '$1' + '$3'.\ne -> e '*' e : '$1' * '$3'.\ne -> '(' e ')' : '$2'.\n"
                                     "e -> int : element(3,'$1').\n"),
    Made = [leex:file("words.xrl"), yecc:file("sums.yrl")],
    [{module, _} = code:load_binary(Name, atom_to_list(Name), Code) || {ok, Name, Code} <- [compile:file("words", [binary]), compile:file("sums", [binary])]],
    {ok, Tokens, _} = apply(words, string, ["1+2*(3+4)"]),
    {Made, [apply(sums, parse, [Some]) || Some <- [Tokens, [{int, 1, 1}, {int, 1, 2}]]]};
run(syntax_tools) ->
    {source, Source} = lists:keyfind(source, 1, proplists:get_value(compile, module_info(), [])),
    {ok, Forms} = epp_dodger:parse_file(Source),
    {erl_prettypr:format(erl_syntax:form_list(Forms)), merl:subst(merl:quote("f(_@X)"), [{'X', merl:term(1)}]),
     [erl_syntax_lib:analyze_form(Form) || Form <- Forms, erl_syntax:type(Form) =:= attribute]};
run(edoc) ->
    ok = file:write_file("told.erl", "%% @doc Hello.\n-module(told).\n-export([f/1]).\n%% @doc Does <em>f</em>.\n"
                                     "-spec f(integer()) -> atom().\nf(_) -> a.\n"),
    Done = edoc:files(["told.erl"], [{dir, "doc"}]),
    {Done, lists:sort(filelib:wildcard("doc/*"))};
run(cover) ->
    ok = file:write_file("seen.erl", "-module(seen).\n-export([f/1]).\nf(1) -> a;\nf(X) ->\n  Y = X + 1,\n  {b, Y}.\n"),
    {ok, _} = compile:file("seen", [debug_info]),
    true = code:add_patha("."),
    {ok, _} = cover:start(),
    {cover:compile_beam(seen), apply(seen, f, [3]), cover:analyse(seen, coverage, line), cover:analyse(seen, calls, function)}.

tables() ->
    [{t, [{attributes, [k, v, w]}, {disc_copies, [node()]}, {index, [v]}]},
     {o, [{attributes, [k, v]}, {disc_only_copies, [node()]}, {type, bag}]},
     {s, [{attributes, [k, v]}, {ram_copies, [node()]}, {type, ordered_set}]}].

write_all() ->
    [ok = mnesia:write({t, N, N rem 3, x}) || N <- lists:seq(1, 100)],
    [ok = mnesia:write({s, N, N rem 3}) || N <- lists:seq(1, 10)],
    [ok = mnesia:write({o, N rem 2, N}) || N <- lists:seq(1, 10)],
    mnesia:read(t, 5).

ask_all() ->
    {length(mnesia:index_read(t, 1, v)), mnesia:select(s, [{{s, '$1', 1}, [], ['$1']}]), lists:sort(mnesia:read(o, 1)),
     qlc:e(qlc:q([K || {s, K, V} <- mnesia:table(s), V =:= 2]))}.

count() ->
    Count = case mnesia:read(t, c) of
                [] -> 0;
                [{t, c, N, _}] -> N
            end,
    mnesia:write({t, c, Count + 1, y}).
