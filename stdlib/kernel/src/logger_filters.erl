%%% logger_filters: ready-made filters.
-module(logger_filters).

-export([domain/2, level/2, progress/2, remote_gl/2]).

%% @doc With {Action, Compare, Domain}: logs or stops the events whose domain compares so with the given one
%% (super, sub, equal, not_equal, undefined), and ignores the others.
domain(#{meta := Meta} = Event, {Action, Compare, Domain})
  when Action =:= log orelse Action =:= stop, is_list(Domain) ->
    act(matches(Compare, maps:get(domain, Meta, undefined), Domain), Event, Action);
domain(Event, Extra) ->
    error(badarg, [Event, Extra]).

matches(undefined, Domain, _) -> Domain =:= undefined;
matches(_Compare, undefined, _) -> false;
matches(super, Domain, Given) -> lists:prefix(Domain, Given);
matches(sub, Domain, Given) -> lists:prefix(Given, Domain);
matches(equal, Domain, Given) -> Domain =:= Given;
matches(not_equal, Domain, Given) -> Domain =/= Given;
matches(Compare, _, _) -> error(badarg, [Compare]).

%% @doc With {Action, Operator, Level}: logs or stops the events whose level compares so with the given one
%% (eq, neq, gt, lt, gteq, lteq), and ignores the others.
level(#{level := Level} = Event, {Action, Compare, Given})
  when Action =:= log orelse Action =:= stop ->
    Order = logger:compare_levels(Level, Given),
    Is = case Compare of
             eq -> Order =:= eq;
             neq -> Order =/= eq;
             gt -> Order =:= gt;
             lt -> Order =:= lt;
             gteq -> Order =/= lt;
             lteq -> Order =/= gt;
             _ -> error(badarg, [Event, {Action, Compare, Given}])
         end,
    act(Is, Event, Action);
level(Event, Extra) ->
    error(badarg, [Event, Extra]).

%% @doc Logs or stops the progress reports of supervisors and applications, and ignores other events.
progress(#{msg := {report, #{label := {_, progress}}}} = Event, Action)
  when Action =:= log; Action =:= stop ->
    act(true, Event, Action);
progress(_Event, Action) when Action =:= log; Action =:= stop ->
    ignore;
progress(Event, Action) ->
    error(badarg, [Event, Action]).

%% @doc Logs or stops the events of processes whose group leader is on another node, and ignores the others.
remote_gl(#{meta := #{gl := Leader}} = Event, Action)
  when is_pid(Leader), node(Leader) =/= node(), Action =:= log orelse Action =:= stop ->
    act(true, Event, Action);
remote_gl(_Event, Action) when Action =:= log; Action =:= stop ->
    ignore;
remote_gl(Event, Action) ->
    error(badarg, [Event, Action]).

act(true, Event, log) -> Event;
act(true, _Event, stop) -> stop;
act(false, _Event, _Action) -> ignore.
