%%% A file that could not be written or read is closed for good; wrong positions and lines do no harm. Errors of ports,
%%% tables and packets name the argument that is wrong.
-module(file_after_fault).
-export([main/0]).

main() ->
    Name = "fault_" ++ os:getpid(),
    ok = file:write_file(Name, "line1\nline2\n"),
    {ok, Read} = file:open(Name, [read]),
    show(position, file:position(Read, {bof, -1})),
    show(no_position, file:position(Read, foo)),
    show(count, file:read(Read, -1)),
    show(line, file:read_line(Read)),
    show(write, file:write(Read, "x")),
    show(after_write, [file:read(Read, 1), file:position(Read, 0), file:sync(Read), file:truncate(Read)]),
    {ok, Write} = file:open(Name, [write]),
    show(written, file:write(Write, "abc")),
    show(not_bytes, file:write(Write, foo)),
    show(read, file:read(Write, 2)),
    show(after_read, [file:write(Write, "x"), file:close(Write)]),
    {ok, Raw} = file:open(Name, [read, raw]),
    show(raw, [file:position(Raw, foo), file:write(Raw, "x"), file:read(Raw, 2), file:close(Raw)]),
    show(pid2name, file:pid2name(self())),
    ok = file:delete(Name),
    [fault(F, fun() -> open_port({spawn, "cat"}, F) end)
     || F <- [foo, [foo], [{packet, 3}], [{line, a}], [{env, [foo]}], [{args, ["x"]}]]],
    fault(args, fun() -> open_port({spawn_executable, "/bin/cat"}, [{args, foo}]) end),
    Bag = ets:new(bag, [bag]),
    Set = ets:new(set, [set, private]),
    ets:insert(Set, {1, 1}),
    fault(element_of_bag, fun() -> ets:update_element(Bag, 1, {2, foo}) end),
    fault(replace_in_bag, fun() -> ets:select_replace(Bag, [{{'$1', '$2'}, [], [{{'$1', x}}]}]) end),
    fault(default, fun() -> ets:update_counter(Set, 2, {2, 1}, b) end),
    fault(run, fun() -> ets:match_spec_run([a], foo) end),
    fault(init_table, fun() -> ets:init_table(Set, fun(_) -> foo end) end),
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() -> fault(give_away, fun() -> ets:give_away(Set, Self, 1) end) end),
    receive {'DOWN', Ref, process, Pid, _} -> ok end,
    show(test_ms, ets:test_ms(1, [{{'$1', '$2'}, [], [true]}])),
    fault(packet, fun() -> erlang:decode_packet(foo, <<"x">>, []) end),
    show(header, erlang:decode_packet(httph_bin, <<"X-foo-bar:  y \r\n\r\n">>, [])),
    fault(command, fun() -> os:cmd(1) end),
    fault(put_chars, fun() -> io:put_chars(foo) end),
    Plain = counters:new(2, []),
    fault(counter, fun() -> counters:put(Plain, 1, 1 bsl 64) end),
    fault(counters, fun() -> counters:new(1, [foo]) end),
    show(counters, counters:info(Plain)),
    show(no_name, [os:putenv("", "x"), os:getenv(""), os:unsetenv("")]).

show(What, Result) -> io:format("~w: ~0tp~n", [What, Result]).

fault(What, Fun) ->
    try Fun() of
        Result -> show(What, Result)
    catch
        Class:Reason:Stack ->
            [{M, F, A, Info} | _] = Stack,
            Arity = if is_list(A) -> length(A); true -> A end,
            Text = case lists:keyfind(error_info, 1, Info) of
                       {_, #{module := Module}} -> Module:format_error(Reason, Stack);
                       false -> none
                   end,
            case Class of
                error -> show(What, {Reason, {M, F, Arity}, Text});
                exit -> show(What, {exit, Reason})
            end
    end.
