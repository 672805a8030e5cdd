-module(compile_shown_data).
-export([main/0, f/1]).
-record(r, {a}).
-shown({var, 1, []}).
-shown({var, 1, rec1}).

%% Data in attributes that looks like a variable is not one, in the listing of expanded records.
main() ->
    {ok, _} = compile:file("compile_shown_data.erl", ['E']),
    {ok, Listing} = file:read_file("compile_shown_data.E"),
    ok = file:delete("compile_shown_data.E"),
    [io:format("~s~n", [Line]) || Line <- string:split(Listing, "\n", all), string:find(Line, "var") =/= nomatch].

f(R) -> R#r{a = {var, 1, []}}.
