#!/usr/bin/env escript
%%% What the compilers say of code that does nothing or cannot work: constant and ill-typed expressions in all places of
%%% the language, compared line by line between Erlang/OTP and swerl.
%%%
%%%     escript tests/differential/optimiser_warnings.escript [-swerl PROGRAM] [-deep N] [-seed S] [-show N] [-keep FOLDER]
%%%
%%% Each expression of a list stands in each place of another list, one function a line; `-deep N' adds N functions with a
%%% place inside a place, chosen at random.

-mode(compile).

-define(LOT, 150).

main(Args) ->
    Options = options(Args, #{swerl => "target/debug/swerl", deep => "0", seed => "1", show => "40", keep => "/tmp/optimiser_warnings"}),
    #{swerl := Swerl, keep := Folder} = Options,
    [Deep, Seed, Show] = [list_to_integer(maps:get(Key, Options)) || Key <- [deep, seed, show]],
    rand:seed(exsss, Seed),
    ok = filelib:ensure_dir(filename:join(Folder, "x")),
    Bodies = case Deep of
        0 -> [fill(Place, Value) || Place <- places(), Value <- values()];
        _ -> [fill(pick(places()), "(" ++ fill(pick(places()), pick(values())) ++ ")") || _ <- lists:seq(1, Deep)]
    end ++ [fill(Place, Value) || Deep =:= 0, Place <- guard_places(), Value <- guard_values()],
    Different = lots(Folder, Swerl, Bodies, 1, []),
    [io:format("~ts~n~ts", [Body, [[Sign, Line, $\n] || {Sign, Line} <- Lines]]) || {Body, Lines} <- lists:sublist(Different, Show)],
    io:format("seed ~w, ~w functions, ~w differ~n", [Seed, length(Bodies), length(Different)]),
    halt(min(length(Different), 1)).

options(["-" ++ Name, Value | Rest], Options) -> options(Rest, Options#{list_to_existing_atom(Name) := Value});
options([], Options) -> Options.

pick(List) -> lists:nth(rand:uniform(length(List)), List).

%% The expression in the place of `@'.
fill(Place, Value) -> lists:flatten(string:replace(Place, "@", Value, all)).

lots(_, _, [], _, Different) -> Different;
lots(Folder, Swerl, Bodies, Number, Different) ->
    {Lot, Rest} = lists:split(min(?LOT, length(Bodies)), Bodies),
    Name = "lot_" ++ integer_to_list(Number),
    lots(Folder, Swerl, Rest, Number + 1, Different ++ lot(Folder, Swerl, Name, Lot)).

%% What differs, function by function. Functions with errors are taken out, and the others compiled again without them.
lot(Folder, Swerl, Name, Bodies) ->
    File = filename:join(Folder, Name ++ ".erl"),
    Lines = [[$f, integer_to_list(N), "(X, Y) -> ", Body, ".\n"] || {N, Body} <- lists:enumerate(Bodies)],
    ok = file:write_file(File, unicode:characters_to_binary([head(Name), Lines])),
    Otp = messages("erlc", Folder, File),
    Own = messages(Swerl ++ " erlc", Folder, File),
    All = [{Body, at(N, Otp), at(N, Own)} || {N, Body} <- lists:enumerate(Bodies)],
    case [Entry || {_, Theirs, Ours} = Entry <- All, has_error(Theirs) orelse has_error(Ours)] of
        [] ->
            Others = [{Line, Text} || {Line, Text} <- Otp ++ Own, Line < 5],
            [{Name, [{"not in a function: ", Text} || {_, Text} <- Others]} || Others =/= []] ++ different(All);
        Wrong ->
            different(Wrong) ++ lot(Folder, Swerl, Name, Bodies -- [Body || {Body, _, _} <- Wrong])
    end.

has_error(Said) -> lists:any(fun(Text) -> string:find(Text, "Warning:") =:= nomatch end, Said).

different(All) ->
    [{Body, [{"- ", Text} || Text <- Theirs -- Ours] ++ [{"+ ", Text} || Text <- Ours -- Theirs]}
     || {Body, Theirs, Ours} <- All, Theirs =/= Ours].

at(N, Messages) -> [Text || {Line, Text} <- Messages, Line =:= N + 4].

head(Name) ->
    ["-module(", Name, ").\n-compile([export_all, nowarn_export_all, nowarn_unused_vars, nowarn_shadow_vars, nowarn_export_vars]).\n",
     "-record(r, {a, b = 1}).\n-compile({no_auto_import, [g/1]}).\n"].

%% The messages with their lines.
messages(Command, Folder, File) ->
    Said = os:cmd("timeout -s KILL 120 " ++ Command ++ " -o " ++ Folder ++ " " ++ File),
    [message(Text) || Text <- string:split(Said, "\n", all), string:prefix(Text, "%") =:= nomatch,
                      string:find(Text, ".erl:") =/= nomatch orelse string:find(Text, "rror") =/= nomatch].

message(Text) ->
    case re:run(Text, "\\.erl:(\\d+):(.*)$", [{capture, all_but_first, list}]) of
        {match, [Line, Rest]} -> {list_to_integer(Line), Rest};
        nomatch -> {0, Text}
    end.

values() ->
    ["X", "foo", "1", "1.5", "-1", "\"abc\"", "[]", "{}", "{a, b}", "{X, 1}", "[X]", "[a, b]", "[X | Y]", "[a | b]", "#{}", "#{a => X}",
     "#{a => 1}", "<<>>", "<<1>>", "<<X>>", "<<1:3>>", "<<X/binary>>", "fun() -> 1 end", "fun f1/2", "fun m:f/1", "X + 1", "X + a", "1 + 2",
     "1 / 0", "length(X)", "length(a)", "length([1])", "self()", "not X", "is_atom(X)", "is_atom(a)", "X =:= 1", "1 =:= 2", "#r{}", "#r{a = X}",
     "X#r.a", "X#r{a = 1}", "#r.a", "[Z || Z <- X]", "<< <<Z>> || <<Z>> <= X >>", "(catch X)", "begin X, Y end",
     "case X of 1 -> a; 2 -> b end", "case X of 1 -> {a}; 2 -> {b} end", "if X -> 1; true -> 2 end", "throw(x)", "error(x)", "X ! Y",
     "X ++ Y", "[1] ++ Y", "true", "false", "X andalso Y", "X andalso true", "true andalso X", "hd([])", "element(1, {X})", "f1(X, Y)", "m:f(X)",
     "try X catch _:_ -> 1 end", "$a", "make_ref()", "tuple_to_list({X})", "maps:get(a, #{a => 1})", "atom_to_list(foo)", "max(1, 2)",
     "receive A -> A end", "(B = X)", "({C, D} = X)", "{X, throw(x)}", "spawn(X)", "put(a, X)", "16#100000000000000000", "lists:map(X, Y)",
     "lists:reverse(X)", "math:sqrt(-1)", "math:pi()", "element(3, {X, Y})", "binary_to_atom(X)", "X:f()"].

places() ->
    ["@", "@, ok", "Z = @, ok", "_ = @, ok", "Z = @, Z", "Z = @, {Z, Z}", "Z = @, Z + 1", "Z = @, Z(X)", "{a, @}", "{a, @}, ok", "[@]", "[a | @]", "[@ | X], ok", "@ + 1",
     "1 + @", "X - @", "@ * 1.5", "@ div 0", "@ rem 2", "@ band 7", "@ bsl 1", "-(@)", "bnot (@)", "@ ++ X", "X ++ @", "@ -- X", "X -- @", "@ ++ [a]", "@ ! X", "X ! @", "not (@)", "@ andalso X",
     "@ orelse X", "X andalso @", "X orelse @", "@ and X", "X or @", "@ xor true", "@ =:= X", "@ == 1", "foo =/= @", "@ < 1", "X >= @, ok",
     "case @ of a -> 1; _ -> 2 end", "case @ of {A1, B1} -> A1; [A1 | B1] -> B1; _ -> X end", "case @ of true -> 1; false -> 2 end",
     "case @ of true -> 1; _ -> 2 end", "case @ of #{a := A1} -> A1; #{} -> x end", "case @ of <<A1>> -> A1; <<_/binary>> -> 1 end", "case @ of \"abc\" -> 1; [] -> 2 end",
     "case @ of A1 when is_atom(A1) -> 1; A1 when A1 > 1 -> 2 end", "case @ of 1 -> 1; 1.5 -> 2 end", "case @ of #r{a = A1} -> A1; {} -> 2 end",
     "case {@, X} of {a, 1} -> 1; {_, A1} -> A1 end", "case {@, X} of {A1, A1} -> 1; A1 -> A1 end", "case [@] of [a] -> 1; [_] -> 2; _ -> 3 end", "case X of @ -> 1 end",
     "case X of a -> @; b -> 1 end", "case X of a -> @; b -> 1 end, ok", "if X -> @; true -> 1 end", "if X -> @; true -> 1 end, ok", "if @ =:= 1 -> 1; true -> 2 end",
     "f1(@, X)", "f1(X, @), ok", "(@)(X)", "(@):foo(X)", "foo:(@)(X)", "(@)#{a => 1}", "(@)#{a := 1}", "(@)#{a := 1}, ok", "X#{(@) => 1}", "X#{a => @}", "X#{a => @}, ok", "#{(@) => 1, b => 2}",
     "#{a => @}", "#{a => @}, ok", "#{(@) => @, (@) => 2}", "(@)#r.a", "(@)#r.a, ok", "(@)#r{a = 1}", "(@)#r{a = 1}, ok", "#r{a = @}", "#r{a = @}, ok", "#r{_ = @}", "<<(@)>>", "<<(@)>>, ok", "<<(@):4>>", "<<(@)/binary>>", "<<(@)/float>>", "<<(@)/utf8>>",
     "<<X:(@)>>", "<<X:(@)/binary>>", "<<(@):8/bitstring>>", "<<X, (@), Y>>", "[Z || Z <- @]", "[Z || Z <- @], ok", "[{Z, W} || {Z, W} <- @]", "[Z || Z <- X, @]", "[Z || Z <- X, @, Z > 1]", "[X || @]", "[@ || Z <- X]", "[@ || Z <- X], ok", "[@ || 1 <- X]",
     "[Z || <<Z>> <= @]", "<< <<Z>> || <<Z>> <= @ >>", "<< <<Z>> || Z <- @ >>", "<< (@) || Z <- X >>", "<< <<(@)>> || Z <- X >>", "<< <<1>> || @ >>", "<< <<(@)/binary>> || Z <- X >>, ok", "<< <<1:(@)>> || Z <- X >>",
     "try @ catch _:_ -> x end", "try @ catch _:_ -> x end, ok", "try @ of {A1, B1} -> A1 catch _:_ -> 1 end", "try @ of a -> 1; _ -> 2 catch error:b -> 1; _ -> 3 end",
     "try X after @ end", "try f1(X, Y) catch error:_ -> @ end", "try f1(X, Y) of X -> @ catch error:_ -> ok end, ok", "try @, f1(X, Y) catch error:_ -> ok end", "receive after @ -> ok end", "receive X -> @ end", "receive A1 -> @ after 10 -> ok end, ok", "receive X -> a after 10 -> @ end",
     "receive A1 when A1 =:= @ -> ok end", "fun() -> @ end", "fun(Z) -> @, Z end", "fun F() -> F(), @ end", "(fun(A1) -> A1 end)(@)", "(fun(a) -> 1; (_) -> 2 end)(@)", "(fun({A1}) -> A1 end)(@), ok", "F = fun(a) -> 1 end, F(@)", "{A1, B1} = @", "{A1, B1} = @, ok", "[A1 | B1] = @", "#{a := A1} = @", "<<A1>> = @",
     "<<A1, B1/binary>> = @, ok", "foo = @", "1 = @", "X = @", "\"abc\" = @", "{a, A1} = {b, @}", "{A1, _} = {X, @}", "{_, _} = {X, @}", "[A1] = [@]", "[_] = [@], ok", "#r{a = A1} = @", "#r{} = @, ok", "{A1, B1} = C1 = @", "{{A1}, B1} = {@, X}", "element(1, @)", "element(@, X)", "element(2, {X, @})", "hd(@)", "tl(@), ok",
     "length(@)", "length([a | @])", "tuple_size(@)", "map_size(@)", "byte_size(@)", "bit_size(@)", "size(@)", "setelement(1, @, x)", "setelement(@, X, 1)", "setelement(1, {a}, @)", "atom_to_list(@)", "list_to_tuple(@)", "abs(@)", "float(@)", "round(@)", "is_atom(@)", "is_list(@), ok", "is_tuple(@)", "is_record(@, r)", "is_function(@, 1)", "is_map_key(a, @)",
     "map_get(@, X)", "maps:get(a, @)", "max(@, 1)", "apply(@, [X])", "apply(m, @, [X])", "apply(m, f, @)", "erlang:apply(@, f, [])", "spawn(@)", "exit(@)", "throw(@)", "throw({@, X})", "error(@)", "catch @", "catch @, ok", "(catch (@) + 1)", "[@ || true]", "begin @ end, ok", "begin @, X end",
     "lists:append(@, X)", "lists:reverse(@)", "lists:map(@, X)", "math:sqrt(@)", "list_to_integer(@)", "binary_to_list(@)", "integer_to_list(@)", "node(@)", "is_binary(@) andalso X", "not is_atom(@)", "is_integer(@) orelse is_float(@)"].

guard_places() ->
    ["if @ -> 1; true -> 2 end", "if @ -> 1 end", "if not (@) -> 1; true -> 2 end", "if @; X -> 1; true -> 2 end", "if X, @ -> 1; true -> 2 end", "if X; @ -> 1; true -> 2 end", "if @ andalso X -> 1; true -> 2 end",
     "if @ orelse X -> 1; true -> 2 end", "if X andalso @ -> 1; true -> 2 end", "if X orelse @ -> 1; true -> 2 end", "if @ and X -> 1; true -> 2 end", "if X or @ -> 1; true -> 2 end", "if @ =:= 1 -> 1; true -> 2 end", "if @ > X -> 1; true -> 2 end", "if @ + 1 > X -> 1; true -> 2 end",
     "if is_atom(@) -> 1; true -> 2 end", "if is_list(@), X -> 1; true -> 2 end", "if length(@) > 1 -> 1; true -> 2 end", "if hd(@) =:= a -> 1; true -> 2 end", "if element(1, @) =:= a -> 1; true -> 2 end", "if tuple_size(@) > 1 -> 1; true -> 2 end", "if is_record(@, r) -> 1; true -> 2 end", "if (@)#r.a =:= 1 -> 1; true -> 2 end",
     "if map_size(@) > 1 -> 1; true -> 2 end", "if is_map_key(a, @) -> 1; true -> 2 end", "if map_get(a, @) -> 1; true -> 2 end", "if X =:= #{a => @} -> 1; true -> 2 end", "if X =:= <<(@)>> -> 1; true -> 2 end", "if X =:= {@} -> 1; true -> 2 end", "if X =:= [@ | Y] -> 1; true -> 2 end", "if X =:= (@)#{a => 1} -> 1; true -> 2 end",
     "case X of Z when @ -> Z; _ -> Y end", "case X of 1 when @ -> 1; 2 -> 2 end", "case X of {Z} when @, Z -> Z; _ when @ -> Y end", "receive Z when @ -> Z end", "fun(Z) when @ -> Z; (Z) -> {Z} end", "try X of Z when @ -> Z; _ -> 2 catch _:_ -> 3 end", "try X catch _:Z when @ -> Z end", "[Z || Z <- X, @]", "[Z || Z <- X, @, Y]", "[X || @]",
     "[Z || Z <- X, not (@)]", "<< <<Z>> || <<Z>> <= X, @ >>"].

guard_values() ->
    ["X", "foo", "1", "1.5", "\"abc\"", "[]", "{}", "{X, 1}", "[X]", "[X | Y]", "#{}", "#{a => X}", "#{a => 1}", "<<>>", "<<1>>", "<<X>>", "X + 1", "X + a", "1 + 2", "1 / 0", "length(X)", "length(a)", "length([1])",
     "self()", "not X", "is_atom(X)", "is_atom(a)", "is_list(a)", "X =:= 1", "1 =:= 2", "1 =:= 1", "#r{}", "#r{a = X}", "X#r.a", "#r.a", "true", "false", "not true", "X andalso Y", "X andalso true", "X orelse true", "true andalso X", "hd([])", "element(1, {X})", "element(3, {X})", "tuple_size({X})",
     "is_record(X, r)", "is_record(X, z, 1)", "is_function(X, -1)", "is_map_key(a, #{a => 1})", "X#{a => 1}", "X and false", "X or true", "bnot a", "-a", "abs(-1)", "node()", "X > 1 andalso X < 1", "binary_part(X, 1, a)", "float(a)", "map_get(a, #{b => 1})"].
