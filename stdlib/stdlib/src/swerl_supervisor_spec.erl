%%% Flags of supervisors and specifications of children: what is allowed, and the forms they take.
-module(swerl_supervisor_spec).

-export([flags/1, children/2, child/2, to_map/1]).

-include("supervisor_child.hrl").

%% @doc The flags as a map with every key, or {error, What}.
flags(Flags) when is_map(Flags) ->
    Defaults = #{strategy => one_for_one, intensity => 1, period => 5, auto_shutdown => never},
    check_flags(maps:merge(Defaults, Flags));
flags({Strategy, Intensity, Period}) ->
    check_flags(#{strategy => Strategy, intensity => Intensity, period => Period,
                  auto_shutdown => never});
flags(Flags) ->
    {error, {invalid_type, Flags}}.

check_flags(Flags) ->
    Checks = [{strategy, invalid_strategy, fun is_strategy/1},
              {intensity, invalid_intensity, fun(N) -> is_integer(N) andalso N >= 0 end},
              {period, invalid_period, fun(N) -> is_integer(N) andalso N > 0 end},
              {auto_shutdown, invalid_auto_shutdown, fun is_auto_shutdown/1}],
    case [{Fault, maps:get(Key, Flags)} || {Key, Fault, Is} <- Checks, not Is(maps:get(Key, Flags))] of
        [] -> {ok, Flags};
        [What | _] ->
            {error, What}
    end.

is_strategy(Strategy) ->
    lists:member(Strategy, [one_for_one, one_for_all, rest_for_one, simple_one_for_one]).

is_auto_shutdown(Mode) ->
    lists:member(Mode, [never, any_significant, all_significant]).

%% @doc The children of a list of specifications, in order, or {error, What}.
children(Specs, AutoShutdown) when is_list(Specs) ->
    children(Specs, AutoShutdown, []);
children(Specs, _) ->
    {error, {badarg, Specs}}.

children([Spec | Specs], AutoShutdown, Children) ->
    case child(Spec, AutoShutdown) of
        {ok, #child{id = Id} = Child} ->
            case lists:keymember(Id, #child.id, Children) of
                true -> {error, {duplicate_child_name, Id}};
                false -> children(Specs, AutoShutdown, [Child | Children])
            end;
        Error ->
            Error
    end;
children([], _, Children) ->
    {ok, lists:reverse(Children)}.

%% @doc The child of a specification, or {error, What}. AutoShutdown is the mode of the supervisor,
%% or undefined where it is not known.
child(Spec, AutoShutdown) when is_map(Spec) ->
    case {maps:find(id, Spec), maps:find(start, Spec)} of
        {error, _} -> {error, missing_id};
        {_, error} -> {error, missing_start};
        {{ok, Id}, {ok, Start}} ->
            Type = maps:get(type, Spec, worker),
            Shutdown = case Type of
                           supervisor -> infinity;
                           _ -> 5000
                       end,
            Modules = case Start of
                          {Module, _, _} -> [Module];
                          _ -> []
                      end,
            check(#child{id = Id, mfargs = Start, restart_type = maps:get(restart, Spec, permanent),
                         significant = maps:get(significant, Spec, false),
                         shutdown = maps:get(shutdown, Spec, Shutdown), child_type = Type,
                         modules = maps:get(modules, Spec, Modules)}, AutoShutdown)
    end;
child({Id, Start, Restart, Shutdown, Type, Modules}, AutoShutdown) ->
    check(#child{id = Id, mfargs = Start, restart_type = Restart, significant = false,
                 shutdown = Shutdown, child_type = Type, modules = Modules}, AutoShutdown);
child(Spec, _) ->
    {error, {invalid_child_spec, Spec}}.

check(#child{mfargs = Start, restart_type = Restart, significant = Significant,
             shutdown = Shutdown, child_type = Type, modules = Modules} = Child, AutoShutdown) ->
    Checks = [{is_start(Start), {invalid_mfa, Start}},
              {lists:member(Restart, [permanent, transient, temporary]),
               {invalid_restart_type, Restart}},
              {lists:member(Type, [worker, supervisor]), {invalid_child_type, Type}},
              {is_boolean(Significant), {invalid_significant, Significant}},
              {not (Significant =:= true andalso (Restart =:= permanent orelse AutoShutdown =:= never)),
               {bad_combination, [{auto_shutdown, AutoShutdown}, {significant, Significant}]}},
              {is_shutdown(Shutdown), {invalid_shutdown, Shutdown}}
              | module_checks(Modules)],
    case [What || {false, What} <- Checks] of
        [] -> {ok, Child};
        [{bad_combination, _} | _] when Restart =:= permanent, AutoShutdown =/= never ->
            {error, {bad_combination, [{restart, permanent}, {significant, true}]}};
        [What | _] -> {error, What}
    end.

is_start({M, F, A}) -> is_atom(M) andalso is_atom(F) andalso is_list(A);
is_start(_) -> false.

is_shutdown(Shutdown) when is_integer(Shutdown) -> Shutdown >= 0;
is_shutdown(Shutdown) -> Shutdown =:= infinity orelse Shutdown =:= brutal_kill.

module_checks(dynamic) -> [];
module_checks(Modules) when is_list(Modules) ->
    [{is_atom(Module), {invalid_module, Module}} || Module <- Modules];
module_checks(Modules) -> [{false, {invalid_modules, Modules}}].

%% @doc The specification of a child, as a map.
to_map(#child{id = Id, mfargs = Start, restart_type = Restart, significant = Significant,
              shutdown = Shutdown, child_type = Type, modules = Modules}) ->
    #{id => Id, start => Start, restart => Restart, significant => Significant,
      shutdown => Shutdown, type => Type, modules => Modules}.
