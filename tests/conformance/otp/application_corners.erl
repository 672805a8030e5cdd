%% Applications: specifications that are wrong, what start functions and phases return, included applications, needs,
%% settings, permissions, kinds of starts. Of stack traces it is shown only that they are there.
-module(application_corners).
-compile([export_all,nowarn_export_all]).

t(Name, F) ->
    R = try F() catch C:E:S -> {C, E, hd(S)} end,
    io:format("~0tp: ~0tp~n", [Name, short(R)]).

short([{M,F,A,L} | _]) when is_atom(M), is_atom(F), is_list(L) -> {stack, is_list(A)};
short({M,F,A,[{file,_},{line,_}]}) -> {M, F, A};
short(P) when is_pid(P) -> pid;
short(L) when is_list(L) -> try [short(X) || X <- L] catch _:_ -> L end;
short(T) when is_tuple(T) -> list_to_tuple(short(tuple_to_list(T)));
short(X) -> X.

main() ->
    logger:set_primary_config(level, none),
    register(main, self()),
    args(), starts(), phases(), included(), deps(), all(), env(), types(), permits(), specs(), getapp().

app(Name, Keys) -> {application, Name, Keys}.
mk(Name, Keys) -> application:load(app(Name, Keys)).
cb(Arg) -> {mod, {?MODULE, Arg}}.

start(Type, {fail, R}) -> say({start, Type, fail}), {error, R};
start(Type, {ret, R}) -> say({start, Type, ret}), R;
start(Type, {crash, R}) -> say({start, Type, crash}), error(R);
start(Type, {throw, R}) -> say({start, Type, throw}), throw(R);
start(Type, {exit, R}) -> say({start, Type, exit}), exit(R);
start(Type, {state, R}) -> say({start, Type, state}), {ok, sup(), R};
start(Type, Arg) -> say({start, Type, Arg}), {ok, sup()}.
sup() -> {ok, P} = supervisor:start_link(?MODULE, []), P.
init(_) -> {ok, {#{}, []}}.
start_phase(P, T, {fail, X}) -> say({phase, P, T, fail}), {error, X};
start_phase(P, T, {crash, X}) -> say({phase, P, T, crash}), error(X);
start_phase(P, T, {ret, X}) -> say({phase, P, T, ret}), X;
start_phase(P, T, A) -> say({phase, P, T, A}), ok.
prep_stop(S) -> say({prep_stop, S}), {prep, S}.
stop(S) -> say({stop, S}).
config_change(A,B,C) -> say({cc,A,B,C}), ok.
say(X) -> io:format("   ~0p~n", [X]).

args() ->
    t(load1, fun() -> application:load("x") end),
    t(load2, fun() -> application:load(1) end),
    t(load3, fun() -> application:load({application, foo}) end),
    t(load4, fun() -> application:load({application, "foo", []}) end),
    t(load5, fun() -> application:load({application, foo, bar}) end),
    t(load6, fun() -> application:load({application, foo, [bar]}) end),
    t(load6b, fun() -> application:unload(foo) end),
    t(load7, fun() -> application:load({application, foo, [{applications, bar}]}) end),
    t(load7b, fun() -> application:unload(foo) end),
    t(load8, fun() -> application:load({application, foo, [{env, bar}]}) end),
    t(load8b, fun() -> application:load({application, foo, [{env, [bar]}]}) end),
    t(load8c, fun() -> application:load({application, foo, [{env, [{1,2}]}]}) end),
    t(load8d, fun() -> application:unload(foo) end),
    t(load9, fun() -> application:load({application, foo, [{mod, bar}]}) end),
    t(load9b, fun() -> application:load({application, foo, [{mod, {bar}}]}) end),
    t(load9c, fun() -> application:start(foo) end),
    t(load9d, fun() -> application:unload(foo) end),
    t(load10, fun() -> application:load(nonexistent_app) end),
    t(load11, fun() -> application:load(stdlib) end),
    t(load12, fun() -> application:load({application, foo, [{description, 1}, {vsn, 2}, {modules, x}, {registered, y}, {maxT, z}, {start_phases, q}]}) end),
    t(load12b, fun() -> application:get_all_key(foo) end),
    t(load12d, fun() -> application:load({application, foo, []}) end),
    t(load12e, fun() -> application:load(foo) end),
    t(load12c, fun() -> application:unload(foo) end),
    t(load17, fun() -> application:load({application, foo, [{included_applications, [nonex]}]}) end),
    t(load17c, fun() -> application:unload(foo) end),
    t(unload2, fun() -> application:unload(nonex) end),
    t(unload3, fun() -> application:unload(kernel) end),
    t(start1, fun() -> application:start("x") end),
    t(start2, fun() -> application:start(nonex) end),
    t(start3, fun() -> application:start(stdlib, foo) end),
    t(start4, fun() -> application:start(nonex, foo) end),
    t(start5, fun() -> application:start(kernel) end),
    t(stop1, fun() -> application:stop("x") end),
    t(stop2, fun() -> application:stop(nonex) end),
    t(es1, fun() -> application:ensure_started("x") end),
    t(es2, fun() -> application:ensure_started(kernel) end),
    t(es3, fun() -> application:ensure_started(kernel, foo) end),
    t(eas3, fun() -> application:ensure_all_started(kernel) end),
    t(eas5, fun() -> application:ensure_all_started(nonex) end),
    t(eas8, fun() -> application:ensure_all_started(kernel, foo) end),
    t(which, fun() -> [element(1, X) || X <- application:which_applications()] end),
    t(which2, fun() -> [element(1, X) || X <- application:which_applications(1000)] end),
    t(which3, fun() -> application:which_applications(foo) end),
    t(which4, fun() -> application:which_applications(-1) end),
    t(info, fun() -> [{K, if is_list(V) -> length(V); true -> V end} || {K, V} <- application:info()] end),
    t(st, fun() -> application:start_type() end).

starts() ->
    [begin
       t({start, A}, fun() -> mk(foo, [cb(A)]) end),
       t("start", fun() -> case application:start(foo) of {error, {bad_return, {X, {'EXIT', {R, S}}}}} when is_list(S) -> {bad_return, X, R, length(S) > 0}; O -> O end end),
       t("again", fun() -> element(2, application:start(foo)) =:= {already_started, foo} end),
       t("stop", fun() -> application:stop(foo) end),
       t("unload", fun() -> application:unload(foo) end)
     end || A <- [[], x, {fail, r}, {ret, ok}, {ret, {ok, self}}, {ret, x}, {ret, {error}}, {ret, {error, a, b}}, {ret, ignore}, {crash, boo}, {throw, t}, {exit, e}, {exit, normal}, {state, st}, {ret, {error, {already_started, self}}}]],
    t(nomod, fun() -> mk(foo, [{mod, {nomod, []}}]) end),
    t(nomod, fun() -> {error,{bad_return,{X,{'EXIT',{undef,[H|_]}}}}} = application:start(foo), {X,H} end),
    t(nomod, fun() -> application:unload(foo) end).

phases() ->
    [begin
       t({phase, A}, fun() -> mk(foo, [cb([]), {start_phases, A}]) end),
       t("start", fun() -> case application:start(foo) of {error, {bad_return, {X, {'EXIT', {R, S}}}}} when is_list(S) -> {bad_return, X, R, length(S) > 0}; O -> O end end),
       t("stop", fun() -> application:stop(foo) end),
       t("unload", fun() -> application:unload(foo) end)
     end || A <- [[], [{one, a}], [{one, a}, {two, b}], undefined, [{one, {fail, x}}, {two, b}], [{one, a}, {two, {crash, b}}], [{one, {ret, foo}}], [{one, {ret, {ok, 1}}}], [{one, {ret, {error, a, b}}}]]].

included() ->
    t(inc, fun() -> mk(inner, [cb(inner), {start_phases, [{two, i2}, {three, i3}]}, {env, [{a, 1}]}]) end),
    t(inc, fun() -> mk(inner2, [cb(inner2), {start_phases, [{one, j1}, {three, j3}]}]) end),
    t(inc, fun() -> mk(outer, [{mod, {application_starter, [?MODULE, outer]}}, {included_applications, [inner, inner2]}, {start_phases, [{one, o1}, {two, o2}, {three, o3}, {four, o4}]}]) end),
    t(inc, fun() -> application:start(outer) end),
    t(inc, fun() -> application:get_application(whereis(main)) end),
    t(inc, fun() -> application:start(inner) end),
    t(inc, fun() -> application:unload(inner) end),
    t(inc, fun() -> application:stop(outer) end),
    t(inc, fun() -> application:unload(outer) end),
    t(inc, fun() -> application:start(inner) end),
    t(inc, fun() -> [application:stop(inner), application:unload(inner), application:unload(inner2)] end),
    t(inc2, fun() -> mk(outer, [{mod, {application_starter, [?MODULE, outer]}}, {included_applications, [inner, inner2]}, {start_phases, []}]) end),
    t(inc2, fun() -> application:start(outer) end),
    t(inc2, fun() -> [application:stop(outer), application:unload(outer)] end),
    t(inc3, fun() -> mk(outer, [{mod, {application_starter, [?MODULE, outer]}}, {start_phases, [{a,1}]}]) end),
    t(inc3, fun() -> application:start(outer) end),
    t(inc3, fun() -> [application:stop(outer), application:unload(outer)] end),
    t(inc4, fun() -> mk(outer, [{mod, {application_starter, [?MODULE, outer]}}]) end),
    t(inc4, fun() -> application:start(outer) end),
    t(inc4, fun() -> [application:stop(outer), application:unload(outer)] end).

deps() ->
    mk(d1, [cb(d1)]), mk(d2, [cb(d2), {applications, [d1]}]), mk(d3, [cb(d3), {applications, [kernel, d2, d1]}]),
    t(d, fun() -> application:start(d3) end),
    t(d, fun() -> application:start(d2) end),
    t(d, fun() -> application:ensure_all_started(d3) end),
    t(d, fun() -> application:ensure_all_started(d3) end),
    t(d, fun() -> [element(1, A) || A <- application:which_applications()] -- [stdlib, kernel] end),
    t(d, fun() -> application:stop(d1) end),
    t(d, fun() -> application:ensure_all_started(d3) end),
    t(d, fun() -> [application:stop(A) || A <- [d1, d2, d3]] end),
    t(d, fun() -> application:ensure_all_started(d3, permanent) end),
    t(d, fun() -> [application:stop(A) || A <- [d1, d2, d3]] end),
    t(d, fun() -> application:ensure_all_started(d3, foo) end),
    t(d, fun() -> [application:stop(A) || A <- [d1, d2, d3]] end),
    t(d, fun() -> [application:unload(A) || A <- [d1, d2, d3]] end),
    t(opt, fun() -> mk(o1, [cb(o1), {applications, [nonex1, nonex2]}, {optional_applications, [nonex1]}]) end),
    t(opt, fun() -> application:start(o1) end),
    t(opt, fun() -> application:ensure_all_started(o1) end),
    t(opt, fun() -> application:unload(o1) end),
    t(opt, fun() -> mk(o1, [cb(o1), {applications, [nonex1]}, {optional_applications, [nonex1, kernel]}]) end),
    t(opt, fun() -> application:ensure_all_started(o1) end),
    t(opt, fun() -> [application:stop(o1), application:unload(o1)] end),
    t(opt, fun() -> mk(o1, [cb(o1), {applications, [nonex1]}, {optional_applications, [nonex1, nonex2]}]) end),
    t(opt, fun() -> [application:stop(o1), application:unload(o1)] end),
    t(opt, fun() -> mk(o1, [cb(o1), {applications, [kernel]}, {optional_applications, kernel}]) end),
    t(opt, fun() -> [application:start(o1), application:stop(o1), application:unload(o1)] end).

all() ->
    mk(e1, [cb(e1)]), mk(e2, [cb({fail, why}), {applications, [e1]}]), mk(e3, [cb(e3), {applications, [e2]}]),
    t(e, fun() -> application:ensure_all_started(e3) end),
    t(e, fun() -> application:ensure_all_started(e3) end),
    t(e, fun() -> [element(1, A) || A <- application:which_applications()] -- [stdlib, kernel] end),
    t(e, fun() -> application:ensure_all_started(e3, permanentx) end),
    t(e, fun() -> [application:unload(A) || A <- [e1, e2, e3]] end),
    mk(c1, [cb(c1), {applications, [c2]}]), mk(c2, [cb(c2), {applications, [nonex]}]),
    t(c, fun() -> application:ensure_all_started(c1) end),
    t(e, fun() -> [application:unload(A) || A <- [c1, c2]] end).

env() ->
    t(env, fun() -> mk(v, [{env, [{a, 1}, {b, 2}, {a, 3}, {"c", 4}, {5, 6}]}]) end),
    t(env, fun() -> lists:sort(application:get_all_env(v)) end),
    t(env, fun() -> application:set_env(v, a, 7) end),
    t(env, fun() -> application:set_env(v, "x", 7) end),
    t(env, fun() -> application:get_env(v, "x") end),
    t(env, fun() -> application:get_env(v, "x", d) end),
    t(env, fun() -> application:get_env(v, zz, d) end),
    t(env, fun() -> application:get_env("v", zz, d) end),
    t(env, fun() -> application:get_env("v", zz) end),
    t(env, fun() -> application:get_env({x}) end),
    t(env, fun() -> application:get_env(a) end),
    t(env, fun() -> application:get_all_env() end),
    t(env, fun() -> application:get_all_env("v") end),
    t(env, fun() -> application:get_all_env(nonex) end),
    t(env, fun() -> application:get_key(v, foo) end),
    t(env, fun() -> application:get_key("v", foo) end),
    t(env, fun() -> application:get_all_key("v") end),
    t(env, fun() -> application:get_all_key() end),
    t(env, fun() -> application:set_env(v, a, 7, 1000) end),
    t(env, fun() -> application:set_env(v, a, 7, infinity) end),
    t(env, fun() -> application:set_env(v, a, 7, [{timeout, 1000}]) end),
    t(env, fun() -> application:set_env(v, a, 7, [{persistent, true}]) end),
    t(env, fun() -> application:set_env(v, a, 7, foo) end),
    t(env, fun() -> application:set_env(v, a, 7, [foo]) end),
    t(env, fun() -> application:set_env("v", a, 7) end),
    t(env, fun() -> application:unset_env(v, a) end),
    t(env, fun() -> application:unset_env("v", a) end),
    t(env, fun() -> application:unset_env(v, a, foo) end),
    t(env, fun() -> application:unset_env(v, a, 10) end),
    t(env, fun() -> application:unset_env(nonex, "a", [{timeout, 10}]) end),
    t(env, fun() -> application:set_env(nonex, a, 1, [{persistent, true}]) end),
    t(env, fun() -> application:get_env(nonex, a) end),
    t(env, fun() -> application:get_all_env(nonex) end),
    t(env, fun() -> mk(nonex, [{env, [{a, 2}, {b, 3}]}]) end),
    t(env, fun() -> lists:sort(application:get_all_env(nonex)) end),
    t(env, fun() -> application:unload(nonex) end),
    t(env, fun() -> lists:sort(application:get_all_env(nonex)) end),
    t(env, fun() -> application:set_env([{v, [{q, 1}]}, {w, [{r, 2}]}]) end),
    t(env, fun() -> {application:get_env(v, q), application:get_env(w, r)} end),
    [t({senv, X}, fun() -> application:set_env(X) end) || X <- [foo, [foo], [{foo}], [{"foo", []}], [{foo, bar}], [{foo, [bar]}], [{foo, [{bar}]}], [{foo, [{1, 2}]}], [{v, []}, {v, []}], [{v, [{a, 1}, {a, 2}]}], [], #{}]],
    t(senv, fun() -> application:set_env([], foo) end),
    t(senv, fun() -> application:set_env([{v, [{k, 1}]}], [{persistent, true}, {timeout, infinity}]) end),
    t(senv, fun() -> application:unload(v) end),
    t(senv, fun() -> application:get_env(v, k) end).

types() ->
    [begin
       t({types, T}, fun() -> mk(foo, [cb(x)]) end),
       t("start", fun() -> application:start(foo, T) end),
       t("info", fun() -> proplists:get_value(foo, proplists:get_value(running, application:info(), []), none) =/= none end),
       t("stop", fun() -> application:stop(foo) end),
       t("unload", fun() -> application:unload(foo) end)
     end || T <- [permanent, transient, temporary, foo, "x", {a}]].

permits() ->
    t(p, fun() -> mk(pp, [cb(pp)]) end),
    t(p, fun() -> application:permit(pp, false) end),
    t(p, fun() -> application:start(pp) end),
    t(p, fun() -> lists:keymember(pp, 1, application:which_applications()) end),
    t(p, fun() -> application:permit(pp, true) end),
    t(p, fun() -> timer:sleep(100), lists:keymember(pp, 1, application:which_applications()) end),
    t(p, fun() -> application:permit(pp, true) end),
    t(p, fun() -> application:permit(pp, false) end),
    t(p, fun() -> timer:sleep(100), lists:keymember(pp, 1, application:which_applications()) end),
    t(p, fun() -> application:start(pp) end),
    t(p, fun() -> application:stop(pp) end),
    t(p, fun() -> application:start(pp) end),
    t(p, fun() -> application:stop(pp) end),
    t(p, fun() -> application:unload(pp) end),
    t(p, fun() -> application:permit(nonex, true) end),
    t(p, fun() -> application:permit(kernel, foo) end),
    t(p, fun() -> application:permit(nonex, foo) end),
    t(p, fun() -> application:permit(stdlib, true) end),
    t(p, fun() -> mk(lib, []) end),
    t(p, fun() -> application:start(lib) end),
    t(p, fun() -> application:permit(lib, true) end),
    t(p, fun() -> application:permit(lib, false) end),
    t(p, fun() -> lists:keymember(lib, 1, application:which_applications()) end),
    t(p, fun() -> [application:stop(lib), application:unload(lib)] end),
    t(p, fun() -> mk(lib, []), application:permit(lib, false) end),
    t(p, fun() -> application:start(lib) end),
    t(p, fun() -> lists:keymember(lib, 1, application:which_applications()) end),
    t(p, fun() -> application:start(lib) end),
    t(p, fun() -> application:permit(lib, true) end),
    t(p, fun() -> timer:sleep(50), lists:keymember(lib, 1, application:which_applications()) end),
    t(p, fun() -> [application:stop(lib), application:unload(lib)] end).

specs() ->
    [t({file, N}, fun() -> file:write_file("zzz.app", T), R = application:load(zzz), application:unload(zzz), R end)
     || {N, T} <- [{1, "foo"}, {2, "foo."}, {3, "{application, zzz, []}"}, {4, "{application, zzz, []}."}, {5, "{application, other, []}."},
        {6, "{application, zzz, [x]}."}, {7, "{application, zzz, [{env, x}]}."}, {8, "{application, zzz, [{mod, x}]}."}, {9, ""}, {10, "%% c\n{application, zzz, [\n,]}."},
        {11, "{application, zzz, []}.\n{foo}."}, {12, "{application, zzz, []}. foo"}, {13, "{application, zzz, [{description, \"a"}, {14, "{application, zzz, [{applications, x}]}."}, {15, "{application, zzz}."},
        {16, <<"%% coding: latin-1\n{application, zzz, [{description, \"", 233, "\"}]}.">>}, {17, <<"{application, zzz, [{description, \"", 233, "\"}]}.">>}]],
    file:delete("zzz.app").


getapp() ->
    t(ga, fun() -> mk(gg, [cb(gg), {modules, [m1, m2]}]), application:start(gg) end),
    t(ga, fun() -> application:get_application(m1) end),
    t(ga, fun() -> application:get_application(nonexm) end),
    t(ga, fun() -> application:get_application(lists) end),
    t(ga, fun() -> application:get_application(self()) end),
    t(ga, fun() -> application:get_application() end),
    t(ga, fun() -> application:get_application("x") end),
    t(ga, fun() -> {P, R} = spawn_monitor(fun() -> ok end), receive {'DOWN', R, _, _, _} -> ok end, application:get_application(P) end),
    t(ga, fun() -> application:set_env(gg, x, 1), application:get_env(gg, x) end),
    t(ga, fun() -> application:unload(gg) end),
    t(ga, fun() -> application:stop(gg) end),
    t(ga, fun() -> application:stop(gg) end).
