%%% Merging, for `lists'. Lists that are sorted could be merged in any way; these steps are taken one by one as their
%%% order of comparing and taking can be seen in what becomes of lists that are not sorted, or are none.
%%%
%%% What comes of two lists is {Taken, Rest}: what was taken, the last first, and what was left when one list had ended,
%%% which nobody has looked at. Of the first list what is equal goes first, and where duplicates go it is the first list's
%%% that stay.
-module(swerl_lists_merge).

-export([up/4, down/4, up_once/4, down_once/4]).
-export([up/3, down/3, up_once/3, down_once/3]).
-export([whole/1, joined/1]).
-export([all/1, all_once/1]).

-import(lists, [reverse/2]).

%% @doc The merged list; what was left must be a list.
whole(Merged) -> reverse(backwards(Merged), []).

%% @doc The merged list with whatever was left as its end.
joined({Taken, Rest}) -> reverse(Taken, Rest).

backwards({Taken, Rest}) -> reverse(Rest, Taken).

%% ---- two ascending lists --------------------------------------------------------------------------------------

%% @doc Merges a list with the list [B | Bs].
up(As, B, Bs) -> up_second(As, B, Bs, []).

up_second([A | As], B, Bs, Out) when A =< B -> up_second(As, B, Bs, [A | Out]);
up_second([A | As], B, Bs, Out) -> up_first(A, As, Bs, [B | Out]);
up_second([], B, Bs, Out) -> {[B | Out], Bs}.

up_first(A, As, [B | Bs], Out) when A =< B -> up_second(As, B, Bs, [A | Out]);
up_first(A, As, [B | Bs], Out) -> up_first(A, As, Bs, [B | Out]);
up_first(A, As, [], Out) -> {[A | Out], As}.

%% @doc The same by an order of one's own.
up(InOrder, As, B, Bs) -> up_second(InOrder, As, B, Bs, []).

up_second(InOrder, [A | As], B, Bs, Out) ->
    case InOrder(A, B) of
        true -> up_second(InOrder, As, B, Bs, [A | Out]);
        false -> up_first(InOrder, A, As, Bs, [B | Out])
    end;
up_second(_, [], B, Bs, Out) ->
    {[B | Out], Bs}.

up_first(InOrder, A, As, [B | Bs], Out) ->
    case InOrder(A, B) of
        true -> up_second(InOrder, As, B, Bs, [A | Out]);
        false -> up_first(InOrder, A, As, Bs, [B | Out])
    end;
up_first(_, A, As, [], Out) ->
    {[A | Out], As}.

%% @doc Merges the list [A | As] with a list, whose elements are left out where they equal what was taken of the first
%% list while they waited.
up_once(A, As, Bs) -> once_first(A, As, Bs, []).

once_first(A, As, [B | Bs], Out) when A =< B -> once_second(A, As, B, Bs, [A | Out]);
once_first(A, As, [B | Bs], Out) -> once_first(A, As, Bs, [B | Out]);
once_first(A, As, [], Out) -> {[A | Out], As}.

once_second(_, [A | As], B, Bs, Out) when A =< B -> once_second(A, As, B, Bs, [A | Out]);
once_second(Taken, [A | As], B, Bs, Out) when B == Taken -> once_first(A, As, Bs, Out);
once_second(_, [A | As], B, Bs, Out) -> once_first(A, As, Bs, [B | Out]);
once_second(Taken, [], B, Bs, Out) when B == Taken -> {Out, Bs};
once_second(_, [], B, Bs, Out) -> {[B | Out], Bs}.

%% @doc The same by an order of one's own.
up_once(InOrder, A, As, Bs) -> once_first(InOrder, A, As, Bs, []).

once_first(InOrder, A, As, [B | Bs], Out) ->
    case InOrder(A, B) of
        true -> once_second(InOrder, A, As, B, Bs, [A | Out]);
        false -> once_first(InOrder, A, As, Bs, [B | Out])
    end;
once_first(_, A, As, [], Out) ->
    {[A | Out], As}.

once_second(InOrder, Taken, [A | As], B, Bs, Out) ->
    case InOrder(A, B) of
        true -> once_second(InOrder, A, As, B, Bs, [A | Out]);
        false -> once_first(InOrder, A, As, Bs, unless_same(InOrder, B, Taken, Out))
    end;
once_second(InOrder, Taken, [], B, Bs, Out) ->
    {unless_same(InOrder, B, Taken, Out), Bs}.

%% What is in order both ways is the same; one way is known.
unless_same(InOrder, B, Taken, Out) ->
    case InOrder(B, Taken) of
        true -> Out;
        false -> [B | Out]
    end.

%% ---- two descending lists -------------------------------------------------------------------------------------

%% @doc Merges a list with the list [B | Bs], both descending.
down(As, B, Bs) -> down(fun not_greater/2, As, B, Bs).

%% @doc The same by an order of one's own.
down(InOrder, As, B, Bs) -> down_second(InOrder, As, B, Bs, []).

down_second(InOrder, [A | As], B, Bs, Out) ->
    case InOrder(A, B) of
        true -> down_first(InOrder, A, As, Bs, [B | Out]);
        false -> down_second(InOrder, As, B, Bs, [A | Out])
    end;
down_second(_, [], B, Bs, Out) ->
    {[B | Out], Bs}.

down_first(InOrder, A, As, [B | Bs], Out) ->
    case InOrder(A, B) of
        true -> down_first(InOrder, A, As, Bs, [B | Out]);
        false -> down_second(InOrder, As, B, Bs, [A | Out])
    end;
down_first(_, A, As, [], Out) ->
    {[A | Out], As}.

%% @doc Merges a list with the list [B | Bs], both descending, without what the first list has as well.
down_once(As, B, Bs) -> down_once(fun not_greater/2, As, B, Bs).

%% @doc The same by an order of one's own.
down_once(InOrder, As, B, Bs) -> down_once_second(InOrder, As, B, Bs, []).

down_once_second(InOrder, [A | As], B, Bs, Out) ->
    case InOrder(A, B) of
        true -> down_once_first(InOrder, A, As, B, Bs, Out);
        false -> down_once_second(InOrder, As, B, Bs, [A | Out])
    end;
down_once_second(_, [], B, Bs, Out) ->
    {[B | Out], Bs}.

%% Waiting is the last of the second list, which only goes out if A is not the same.
down_once_first(InOrder, A, As, Waiting, [B | Bs], Out) ->
    case InOrder(A, B) of
        true -> down_once_first(InOrder, A, As, B, Bs, [Waiting | Out]);
        false -> down_once_second(InOrder, As, B, Bs, [A | unless_same(InOrder, Waiting, A, Out)])
    end;
down_once_first(InOrder, A, As, Waiting, [], Out) ->
    {[A | unless_same(InOrder, Waiting, A, Out)], As}.

not_greater(A, B) -> A =< B.

%% ---- many lists -----------------------------------------------------------------------------------------------

%% @doc Merges lists, three at a time; what comes of them is merged backwards, and so on.
all(Lists) -> round_up(Lists, [], fun(As, B, Bs) -> up(As, B, Bs) end, fun(As, B, Bs) -> down(As, B, Bs) end).

round_up([[] | Lists], Done, Up, Down) -> round_up(Lists, Done, Up, Down);
round_up([As, [B | Bs], [C | Cs] | Lists], Done, Up, Down) ->
    round_up(Lists, [backwards(Up(joined(Up(As, B, Bs)), C, Cs)) | Done], Up, Down);
round_up([As, [B | Bs]], Done, Up, Down) -> round_down([backwards(Up(As, B, Bs)) | Done], [], Up, Down);
round_up([As], [], _, _) -> As;
round_up([As], Done, Up, Down) -> round_down([reverse(As, []) | Done], [], Up, Down);
round_up([], [], _, _) -> [];
round_up([], Done, Up, Down) -> round_down(Done, [], Up, Down);
round_up([As, [] | Lists], Done, Up, Down) -> round_up([As | Lists], Done, Up, Down);
round_up([As, Bs, [] | Lists], Done, Up, Down) -> round_up([As, Bs | Lists], Done, Up, Down).

round_down([[C | Cs], [B | Bs], As | Lists], Done, Up, Down) ->
    round_down(Lists, [backwards(Down(joined(Down(As, B, Bs)), C, Cs)) | Done], Up, Down);
round_down([[B | Bs], As], Done, Up, Down) -> round_up([backwards(Down(As, B, Bs)) | Done], [], Up, Down);
round_down([As], Done, Up, Down) -> round_up([reverse(As, []) | Done], [], Up, Down);
round_down([], Done, Up, Down) -> round_up(Done, [], Up, Down).

%% @doc The same without duplicates.
all_once(Lists) -> round_up_once(Lists, []).

round_up_once([[] | Lists], Done) -> round_up_once(Lists, Done);
round_up_once([As, [B | Bs], [C | Cs] | Lists], Done) ->
    round_up_once(Lists, [merged_once(As, [B | Bs], [C | Cs]) | Done]);
round_up_once([As, [] | Lists], Done) -> round_up_once([As | Lists], Done);
round_up_once([As, Bs, [] | Lists], Done) -> round_up_once([As, Bs | Lists], Done);
round_up_once([[A | As], Bs | Lists], Done) -> round_up_once(Lists, [backwards(up_once(A, As, Bs)) | Done]);
round_up_once([As], []) -> As;
round_up_once([As], Done) -> round_down_once([reverse(As, []) | Done], []);
round_up_once([], []) -> [];
round_up_once([], Done) -> round_down_once(Done, []).

%% The first of three may be empty.
merged_once([A | As], Bs, Cs) ->
    [First | Others] = joined(up_once(A, As, Bs)),
    backwards(up_once(First, Others, Cs));
merged_once([], [B | Bs], Cs) ->
    backwards(up_once(B, Bs, Cs)).

round_down_once([[C | Cs], [B | Bs], As | Lists], Done) ->
    round_down_once(Lists, [backwards(down_once(joined(down_once(As, B, Bs)), C, Cs)) | Done]);
round_down_once([[B | Bs], As | Lists], Done) -> round_down_once(Lists, [backwards(down_once(As, B, Bs)) | Done]);
round_down_once([As], Done) -> round_up_once([reverse(As, []) | Done], []);
round_down_once([], Done) -> round_up_once(Done, []).
