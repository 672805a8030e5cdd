%%% What is wrong with an argument, in the words that users see under `*** argument N:'.
%%%
%%% Each function gives the empty string for an argument that is as it should be. Where a second
%%% argument is taken, it is the fault of one that is of the right type all the same.
-module(swerl_argument_fault).

-export([map/1, atom/1, boolean/1, binary/1, binary/2, tuple/1, map_/1, fun_/1, fun_/2, ref/1,
         float_/1, number/1, iodata/1, list/1, list/2, option_list/1, option_list_after/2,
         int/1, int/3, non_neg_int/1, pos_int/1, base/1, pid/1, local_pid/1, local_pid/2,
         local_port/1, time_unit/1]).

%% The faults of the arguments, by their numbers.
-spec map([unicode:chardata()]) -> #{pos_integer() => unicode:chardata()}.
map(Faults) ->
    maps:from_list([{N, unicode:characters_to_binary(Text)}
                    || {N, Text} <- lists:zip(lists:seq(1, length(Faults)), Faults), Text =/= ""]).

atom(V) when is_atom(V) -> "";
atom(_) -> "not an atom".

boolean(V) when is_boolean(V) -> "";
boolean(_) -> "not a boolean ('true' or 'false')".

binary(V) -> binary(V, "").

binary(V, Fault) when is_binary(V) -> Fault;
binary(_, _) -> "not a binary".

tuple(V) when is_tuple(V) -> "";
tuple(_) -> "not a tuple".

map_(V) when is_map(V) -> "";
map_(_) -> "not a map".

fun_(V) when is_function(V) -> "";
fun_(_) -> "not a fun".

fun_(V, Arity) when is_function(V, Arity) -> "";
fun_(_, 1) -> "not a fun that takes one argument";
fun_(_, 2) -> "not a fun that takes two arguments";
fun_(_, 3) -> "not a fun that takes three arguments".

ref(V) when is_reference(V) -> "";
ref(_) -> "not a reference".

float_(V) when is_float(V) -> "";
float_(_) -> "not a float".

number(V) when is_number(V) -> "";
number(_) -> "not a number".

iodata(V) ->
    try iolist_size(V) of
        _ -> ""
    catch
        error:_ -> "not an iodata term"
    end.

list(V) -> list(V, "").

list(V, Fault) when is_list(V) ->
    try length(V) of
        _ -> Fault
    catch
        error:_ -> "not a proper list"
    end;
list(_, _) -> "not a list".

%% A list that has a wrong option in it.
option_list(V) -> list(V, "invalid option in list").

%% The same, if the arguments before it were as they should be.
option_list_after("", V) -> option_list(V);
option_list_after(_, V) -> list(V).

int(V) when is_integer(V) -> "";
int(_) -> "not an integer".

int(V, Min, Max) when is_integer(V), V >= Min, V =< Max -> "";
int(V, _, _) when is_integer(V) -> "out of range";
int(_, _, _) -> "not an integer".

%% An atom is greater than any number.
non_neg_int(V) -> int(V, 0, infinity).

pos_int(V) -> int(V, 1, infinity).

base(V) when is_integer(V), V >= 2, V =< 36 -> "";
base(_) -> "not an integer in the range 2 through 36".

pid(V) when is_pid(V) -> "";
pid(_) -> "not a pid".

local_pid(V) -> local_pid(V, "").

local_pid(V, _) when is_pid(V), node(V) =/= node() -> "not a local pid";
local_pid(V, Fault) when is_pid(V) -> Fault;
local_pid(_, _) -> "not a pid".

local_port(V) when is_port(V), node(V) =/= node() -> "not a local port";
local_port(V) when is_port(V); is_atom(V) -> "";
local_port(_) -> "not a port".

time_unit(V) ->
    try erlang:convert_time_unit(1, native, V) of
        _ -> ""
    catch
        error:_ -> "invalid time unit"
    end.
