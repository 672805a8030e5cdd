%% Specifications of children that are no proper list, applications with settings that are none, and events that
%% error_logger_tty_h writes or gives back as text.
-module(wrong_lists_and_events).
-export([main/0, init/1, worker/0, start/2, stop/1]).

init(Answer) -> Answer.
worker() -> {ok, spawn_link(fun() -> receive stop -> ok end end)}.
start(_, works) -> worker();
start(_, Answer) -> Answer.
stop(_) -> ok.

main() ->
    ok = logger:remove_handler(default),
    process_flag(trap_exit, true),
    Spec = #{id => a, start => {?MODULE, worker, []}},
    Simple = #{strategy => simple_one_for_one},
    _ = [begin
             Answer = supervisor:start_link(?MODULE, {ok, {Flags, Specs}}),
             io:format("~0p ~0p: ~0p~n", [Flags, Specs, plain(Answer)])
         end || {Flags, Specs} <- [{#{}, b}, {#{}, #{}}, {#{}, [Spec | b]}, {#{}, [a]}, {#{}, [Spec, Spec]}, {Simple, b}, {Simple, []},
                                   {Simple, [Spec | b]}, {Simple, [Spec, Spec]}, {Simple, [a]}, {[], []}]],
    _ = [io:format("~0p~n", [plain(catch supervisor:check_childspecs(Specs))]) || Specs <- [b, [Spec | b], [a], [Spec]]],
    _ = [begin
             Loaded = application:load({application, Name, [{mod, {?MODULE, Answer}} | Keys]}),
             io:format("~0p: ~0p ~0p ~0p ~0p~n", [Keys, Loaded, application:start(Name), application:stop(Name), application:unload(Name)])
         end || {Name, Answer, Keys} <- [{p1, {error, no}, [{start_phases, foo}]}, {p2, works, [{start_phases, foo}, {applications, [none]}]},
                                         {p3, works, [foo]}, {p4, works, [{vsn, 1}]}]],
    _ = [io:format("~0p~n", [plain(catch application:ensure_all_started(Name))]) || Name <- ["x", [], [none], none, 1]],
    Leader = group_leader(),
    Events = [{error, Leader, {self(), "text ~p~n", [a]}}, {error, Leader, {self(), "text ~p~n", []}}, {error, Leader, {emulator, "text~n", []}},
              {error_report, Leader, {self(), std_error, [{a, 1}, b]}}, {error_report, Leader, {self(), own, [{a, 1}]}},
              {warning_report, Leader, {self(), std_warning, "text"}}, {info_report, Leader, {self(), std_info, {a, b}}},
              {warning_msg, Leader, {self(), "text~n", []}}, {info_msg, Leader, {self(), x, []}}, {other, Leader, {self(), "x", []}}],
    Time = {{2020, 1, 2}, {3, 4, 5}},
    _ = [begin
             Text = error_logger_tty_h:write_event({Time, Event}, io_lib),
             io:format("~tp~n", [case Text of ok -> ok; _ -> lists:flatten(Text) end]),
             io:format("~p~n", [error_logger_tty_h:write_event({Time, Event}, io)])
         end || Event <- Events],
    io:format("~0p~n", [error_logger_tty_h:write_event(none, io)]),
    io:format("~0p~n", [plain(catch error_logger_tty_h:write_event({Time, hd(Events)}, other))]).

plain([{M, F, A, [{file, _} | _]} | _]) when is_atom(M), is_atom(F), is_integer(A) orelse is_list(A) -> trace;
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(Pid) when is_pid(Pid) -> pid;
plain(Other) -> Other.
