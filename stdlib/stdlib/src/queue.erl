%%% First-in first-out queues with both ends open, as {Rear, Front}: the rear list has its last
%%% element first. A queue of two or more elements has neither list empty, so that both ends are
%%% at hand; when one runs out, half of the other is turned round.
-module(queue).

-export([new/0, is_queue/1, is_empty/1, len/1, to_list/1, from_list/1, member/2]).
-export([in/2, in_r/2, out/1, out_r/1, get/1, get_r/1, peek/1, peek_r/1, drop/1, drop_r/1]).
-export([reverse/1, join/2, split/2, filter/2, filtermap/2, fold/3, any/2, all/2, delete/2,
         delete_r/2, delete_with/2, delete_with_r/2]).
-export([cons/2, head/1, tail/1, snoc/2, last/1, daeh/1, init/1, liat/1, lait/1]).

-compile({no_auto_import, [get/1]}).

%% @doc An empty queue.
new() -> {[], []}.

%% @doc Whether a term looks like a queue.
is_queue({Rear, Front}) -> is_list(Rear) andalso is_list(Front);
is_queue(_) -> false.

%% @doc Whether the queue has no elements.
is_empty({[], []}) -> true;
is_empty({Rear, Front}) when is_list(Rear), is_list(Front) -> false;
is_empty(Q) -> erlang:error(badarg, [Q]).

%% @doc The number of elements.
len({Rear, Front}) when is_list(Rear), is_list(Front) -> length(Rear) + length(Front);
len(Q) -> erlang:error(badarg, [Q]).

%% @doc The elements from front to rear.
to_list({Rear, Front}) when is_list(Rear), is_list(Front) -> Front ++ lists:reverse(Rear, []);
to_list(Q) -> erlang:error(badarg, [Q]).

%% @doc The queue of a list, its first element at the front.
from_list([_] = List) -> {List, []};
from_list(List) when is_list(List) -> from_front(List);
from_list(List) -> erlang:error(badarg, [List]).

%% A queue of a list that starts at the front; of one that starts at the rear.
from_front([]) -> {[], []};
from_front([_] = Front) -> {[], Front};
from_front([A, B]) -> {[B], [A]};
from_front(List) ->
    {Front, Rear} = lists:split(length(List) div 2, List),
    {lists:reverse(Rear, []), Front}.

from_rear([]) -> {[], []};
from_rear([_] = Rear) -> {Rear, []};
from_rear([A, B]) -> {[A], [B]};
from_rear(List) ->
    {Rear, Front} = lists:split(length(List) div 2, List),
    {Rear, lists:reverse(Front, [])}.

%% @doc Whether the queue has an element.
member(Elem, {Rear, Front}) when is_list(Rear), is_list(Front) ->
    lists:member(Elem, Rear) orelse lists:member(Elem, Front);
member(Elem, Q) ->
    erlang:error(badarg, [Elem, Q]).

%% @doc The queue with an element at the rear.
in(Elem, {[_] = Rear, []}) -> {[Elem], Rear};
in(Elem, {Rear, Front}) when is_list(Rear), is_list(Front) -> {[Elem | Rear], Front};
in(Elem, Q) -> erlang:error(badarg, [Elem, Q]).

%% @doc The queue with an element at the front.
in_r(Elem, {[], [_] = Front}) -> {Front, [Elem]};
in_r(Elem, {Rear, Front}) when is_list(Rear), is_list(Front) -> {Rear, [Elem | Front]};
in_r(Elem, Q) -> erlang:error(badarg, [Elem, Q]).

%% @doc {{value, Elem}, Rest} from the front, or {empty, Queue}.
out({[], []} = Q) -> {empty, Q};
out({[Elem], []}) -> {{value, Elem}, {[], []}};
out({[Last | Rear], []}) ->
    [Elem | Front] = lists:reverse(Rear, []),
    {{value, Elem}, {[Last], Front}};
out({Rear, [Elem]}) when is_list(Rear) -> {{value, Elem}, rear_only(Rear)};
out({Rear, [Elem | Front]}) when is_list(Rear) -> {{value, Elem}, {Rear, Front}};
out(Q) -> erlang:error(badarg, [Q]).

%% @doc {{value, Elem}, Rest} from the rear, or {empty, Queue}.
out_r({[], []} = Q) -> {empty, Q};
out_r({[], [Elem]}) -> {{value, Elem}, {[], []}};
out_r({[], [First | Front]}) ->
    [Elem | Rear] = lists:reverse(Front, []),
    {{value, Elem}, {Rear, [First]}};
out_r({[Elem], Front}) when is_list(Front) -> {{value, Elem}, front_only(Front)};
out_r({[Elem | Rear], Front}) when is_list(Front) -> {{value, Elem}, {Rear, Front}};
out_r(Q) -> erlang:error(badarg, [Q]).

%% What is left when one list has run out.
rear_only([_] = Rear) -> {[], Rear};
rear_only(Rear) -> from_rear(Rear).

front_only([_] = Front) -> {Front, []};
front_only(Front) -> from_front(Front).

%% @doc The front element of a queue that is not empty.
get({[], []} = Q) -> erlang:error(empty, [Q]);
get({Rear, Front}) when is_list(Rear), is_list(Front) -> front(Rear, Front);
get(Q) -> erlang:error(badarg, [Q]).

front(_, [Elem | _]) -> Elem;
front([Elem], []) -> Elem;
front([_ | Rear], []) -> lists:last(Rear).

%% @doc The rear element of a queue that is not empty.
get_r({[], []} = Q) -> erlang:error(empty, [Q]);
get_r({Rear, Front}) when is_list(Rear), is_list(Front) -> front(Front, Rear);
get_r(Q) -> erlang:error(badarg, [Q]).

%% @doc {value, Elem} from the front, or empty.
peek({[], []}) -> empty;
peek({Rear, Front}) when is_list(Rear), is_list(Front) -> {value, front(Rear, Front)};
peek(Q) -> erlang:error(badarg, [Q]).

%% @doc {value, Elem} from the rear, or empty.
peek_r({[], []}) -> empty;
peek_r({Rear, Front}) when is_list(Rear), is_list(Front) -> {value, front(Front, Rear)};
peek_r(Q) -> erlang:error(badarg, [Q]).

%% @doc The queue without its front element.
drop({[], []} = Q) -> erlang:error(empty, [Q]);
drop({Rear, Front} = Q) when is_list(Rear), is_list(Front) ->
    {_, Rest} = out(Q),
    Rest;
drop(Q) -> erlang:error(badarg, [Q]).

%% @doc The queue without its rear element.
drop_r({[], []} = Q) -> erlang:error(empty, [Q]);
drop_r({Rear, Front} = Q) when is_list(Rear), is_list(Front) ->
    {_, Rest} = out_r(Q),
    Rest;
drop_r(Q) -> erlang:error(badarg, [Q]).

%% @doc The queue backwards.
reverse({Rear, Front}) when is_list(Rear), is_list(Front) -> {Front, Rear};
reverse(Q) -> erlang:error(badarg, [Q]).

%% @doc The second queue behind the first.
join({Rear, Front} = Q, {[], []}) when is_list(Rear), is_list(Front) -> Q;
join({[], []}, {Rear, Front} = Q) when is_list(Rear), is_list(Front) -> Q;
join({R1, F1}, {R2, F2}) when is_list(R1), is_list(F1), is_list(R2), is_list(F2) ->
    {R2, F1 ++ lists:reverse(R1, F2)};
join(Q1, Q2) -> erlang:error(badarg, [Q1, Q2]).

%% @doc The first N elements, and the rest.
split(N, {Rear, Front} = Q) when is_integer(N), N >= 0, is_list(Rear), is_list(Front) ->
    InFront = length(Front),
    InRear = length(Rear),
    if
        N > InFront + InRear ->
            erlang:error(badarg, [N, Q]);
        N =:= 0 ->
            {{[], []}, Q};
        N < InFront ->
            {[First | More], Rest} = lists:split(N, Front),
            {{lists:reverse(More), [First]}, {Rear, Rest}};
        N =:= InFront ->
            {front_only(Front), rear_only(Rear)};
        N =:= InFront + InRear ->
            {Q, {[], []}};
        true ->
            {[Last | Rest], Moved} = lists:split(InRear - (N - InFront), Rear),
            {{Moved, Front}, {[Last], lists:reverse(Rest)}}
    end;
split(N, Q) -> erlang:error(badarg, [N, Q]).

%% A queue of two lists, of which one may be empty.
balanced([], Front) -> front_only(Front);
balanced(Rear, []) -> rear_only(Rear);
balanced(Rear, Front) -> {Rear, Front}.

%% @doc The elements that Fun keeps (true) or replaces by the elements of a list.
filter(Fun, {Rear, Front}) when is_function(Fun, 1), is_list(Rear), is_list(Front) ->
    Keep = fun(Elem) ->
                   case Fun(Elem) of
                       true -> [Elem];
                       false -> [];
                       List when is_list(List) -> List
                   end
           end,
    Front1 = lists:flatmap(Keep, Front),
    Rear1 = lists:foldr(fun(Elem, Acc) -> lists:reverse(Keep(Elem), Acc) end, [], Rear),
    balanced(Rear1, Front1);
filter(Fun, Q) -> erlang:error(badarg, [Fun, Q]).

%% @doc The elements that Fun keeps (true) or replaces ({true, Value}).
filtermap(Fun, {Rear, Front}) when is_function(Fun, 1), is_list(Rear), is_list(Front) ->
    Front1 = lists:filtermap(Fun, Front),
    Rear1 = lists:reverse(lists:filtermap(Fun, lists:reverse(Rear))),
    balanced(Rear1, Front1);
filtermap(Fun, Q) -> erlang:error(badarg, [Fun, Q]).

%% @doc Folds over the elements from the front.
fold(Fun, Acc, {Rear, Front}) when is_function(Fun, 2), is_list(Rear), is_list(Front) ->
    lists:foldr(Fun, lists:foldl(Fun, Acc, Front), Rear);
fold(Fun, Acc, Q) -> erlang:error(badarg, [Fun, Acc, Q]).

%% @doc Whether Pred holds for some element.
any(Pred, {Rear, Front}) when is_function(Pred, 1), is_list(Rear), is_list(Front) ->
    lists:any(Pred, Front) orelse lists:any(Pred, Rear);
any(Pred, Q) -> erlang:error(badarg, [Pred, Q]).

%% @doc Whether Pred holds for all elements.
all(Pred, {Rear, Front}) when is_function(Pred, 1), is_list(Rear), is_list(Front) ->
    lists:all(Pred, Front) andalso lists:all(Pred, Rear);
all(Pred, Q) -> erlang:error(badarg, [Pred, Q]).

%% @doc The queue without the first element that matches, from the front.
delete(Elem, {Rear, Front} = Q) when is_list(Rear), is_list(Front) ->
    without(fun(E) -> E =:= Elem end, Q);
delete(Elem, Q) -> erlang:error(badarg, [Elem, Q]).

%% @doc The queue without the first element that matches, from the rear.
delete_r(Elem, {Rear, Front}) when is_list(Rear), is_list(Front) ->
    reverse(without(fun(E) -> E =:= Elem end, {Front, Rear}));
delete_r(Elem, Q) -> erlang:error(badarg, [Elem, Q]).

%% @doc The queue without the first element for which Pred holds, from the front.
delete_with(Pred, {Rear, Front} = Q) when is_function(Pred, 1), is_list(Rear), is_list(Front) ->
    without(Pred, Q);
delete_with(Pred, Q) -> erlang:error(badarg, [Pred, Q]).

%% @doc The queue without the first element for which Pred holds, from the rear.
delete_with_r(Pred, {Rear, Front}) when is_function(Pred, 1), is_list(Rear), is_list(Front) ->
    reverse(without(Pred, {Front, Rear}));
delete_with_r(Pred, Q) -> erlang:error(badarg, [Pred, Q]).

without(Pred, {Rear, Front} = Q) ->
    case without_first(Pred, Front) of
        none ->
            case without_first(Pred, lists:reverse(Rear)) of
                none -> Q;
                Rear1 -> balanced(lists:reverse(Rear1), Front)
            end;
        Front1 ->
            balanced(Rear, Front1)
    end.

%% The list without the first element for which Pred holds, or none.
without_first(Pred, List) ->
    case lists:splitwith(fun(Elem) -> not Pred(Elem) end, List) of
        {_, []} -> none;
        {Before, [_ | After]} -> Before ++ After
    end.

%% The names of Okasaki's queues.

%% @doc in_r/2.
cons(Elem, Q) -> in_r(Elem, Q).
%% @doc get/1.
head({[], []} = Q) -> erlang:error(empty, [Q]);
head({Rear, Front}) when is_list(Rear), is_list(Front) -> front(Rear, Front);
head(Q) -> erlang:error(badarg, [Q]).
%% @doc drop/1.
tail(Q) -> drop(Q).
%% @doc in/2, the arguments the other way round.
snoc(Q, Elem) -> in(Elem, Q).
%% @doc get_r/1.
last(Q) -> get_r(Q).
%% @doc get_r/1.
daeh(Q) -> get_r(Q).
%% @doc drop_r/1.
init(Q) -> drop_r(Q).
%% @doc drop_r/1.
liat(Q) -> drop_r(Q).
%% @doc drop_r/1, in its old spelling.
lait(Q) -> drop_r(Q).
