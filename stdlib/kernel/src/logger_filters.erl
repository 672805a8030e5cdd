%%% logger_filters: ready-made filters.
-module(logger_filters).

-export([domain/2, level/2, progress/2, remote_gl/2]).

%% Compares the domain of an event with the given one.
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

progress(#{msg := {report, #{label := {_, progress}}}} = Event, Action)
  when Action =:= log; Action =:= stop ->
    act(true, Event, Action);
progress(_Event, Action) when Action =:= log; Action =:= stop ->
    ignore;
progress(Event, Action) ->
    error(badarg, [Event, Action]).

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
