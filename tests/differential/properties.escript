#!/usr/bin/env escript
%%! -kernel logger_level none
%%% Random calls of the pure modules, answered by OTP and by swerl, which must agree: values, exceptions, and the
%%% words that an exception is explained with.
%%%
%%%     escript properties.escript PATH_OF_SWERL [-count N] [-seed N] [-each N] [Module ...]
%%%
%%% The calls come from properties.terms and from a seed: call number I of a module is the same on both machines.
%%% Each machine writes a hash of every outcome and one of its explanation; where two differ, the call is made once
%%% more and shown: of each function the first, or the first N. Two explanations are not asked for: that of an operator or of a function allowed in guards which the
%%% library itself uses somewhere inside (`base64' looks bytes up in a table of OTP's own), and one that OTP's
%%% explaining function fails to give (`binary:match/2' with a wrong pattern raises `badarg' with no word for the case).
-mode(compile).

%% So many different calls of a module are shown.
-define(SHOWN, 25).
%% Stands for an explanation that failed.
-define(UNEXPLAINED, 16#FFFFFFFF).
%% Stands for a call that did not end in time: where it is so on OTP, as with `string:chars($x, 1.0e22)', anything goes.
-define(ENDLESS, 16#FFFFFFFE).
%% Stands for a process that the machine ended with an error of its own, past every `catch': `re:run/3' on OTP with an
%% offset behind the subject.
-define(CRASHED, 16#FFFFFFFF).

main(["-dump", File, Module, Seed, Count]) -> dump(File, list_to_atom(Module), number(Seed), number(Count));
main(["-show", Module, Seed | Indices]) -> [show(list_to_atom(Module), number(Seed), number(I)) || I <- Indices];
main([Swerl | Args]) -> compare(Swerl, Args, #{count => 2000, seed => 1, each => 1, modules => []}).

number(Text) -> list_to_integer(Text).

%% ---- the comparison -----------------------------------------------------------------------------------------

compare(Swerl, ["-count", N | Rest], How) -> compare(Swerl, Rest, How#{count := number(N)});
compare(Swerl, ["-seed", N | Rest], How) -> compare(Swerl, Rest, How#{seed := number(N)});
compare(Swerl, ["-each", N | Rest], How) -> compare(Swerl, Rest, How#{each := number(N)});
compare(Swerl, [Module | Rest], #{modules := Modules} = How) ->
    compare(Swerl, Rest, How#{modules := Modules ++ [list_to_atom(Module)]});
compare(Swerl, [], #{count := Count, seed := Seed, each := Each, modules := Chosen}) ->
    Modules = case Chosen of [] -> [Module || {Module, _} <- specs()]; _ -> Chosen end,
    Different = lists:sum([compare_module(Swerl, Module, Seed, Count, Each) || Module <- Modules]),
    io:format("~w calls in ~w modules, ~w different~n", [Count * length(Modules), length(Modules), Different]),
    halt(case Different of 0 -> 0; _ -> 1 end).

compare_module(Swerl, Module, Seed, Count, Each) ->
    [Theirs, Ours] = [outcomes(Command, Module, Seed, Count) || Command <- ["escript", Swerl ++ " escript"]],
    Theirs =/= <<>> orelse halt(2),
    Different = [I || {I, A, B} <- numbered(Theirs, Ours, 1), not same(A, B)],
    Different =:= [] orelse show_both(Swerl, Module, Seed, first_of_each(Each, Different, Module, Seed)),
    io:format("~w: ~w different~n", [Module, length(Different)]),
    length(Different).

%% Of each function the first calls, up to a number of all.
first_of_each(Each, Indices, Module, Seed) ->
    Functions = functions(Module),
    ByFunction = maps:groups_from_list(fun(I) -> element(2, call(Module, Functions, Seed, I)) end, Indices),
    Chosen = [lists:sublist(Calls, Each) || Calls <- maps:values(ByFunction)],
    lists:sublist(lists:sort(lists:append(Chosen)), Each * ?SHOWN).

%% Theirs first: where OTP ends the process with an error of its own, anything goes, and what OTP cannot explain, the
%% other need not.
same(<<?CRASHED:32, 0:32>>, _) -> true;
same(<<?ENDLESS:32, 0:32>>, _) -> true;
same(<<Outcome:4/binary, ?UNEXPLAINED:32>>, <<Outcome:4/binary, _:32>>) -> true;
same(A, B) -> A =:= B.

numbered(<<A:8/binary, As/binary>>, <<B:8/binary, Bs/binary>>, I) -> [{I, A, B} | numbered(As, Bs, I + 1)];
numbered(<<>>, <<>>, _) -> [];
numbered(As, Bs, I) -> [{I, As, Bs}].

outcomes(Command, Module, Seed, Count) ->
    File = "properties." ++ os:getpid() ++ ".bin",
    io:put_chars(run(Command, ["-dump", File, atom_to_list(Module), integer_to_list(Seed), integer_to_list(Count)])),
    case file:read_file(File) of
        {ok, Bytes} -> ok = file:delete(File), Bytes;
        {error, _} -> <<>>
    end.

show_both(Swerl, Module, Seed, Indices) ->
    Args = ["-show", atom_to_list(Module), integer_to_list(Seed) | [integer_to_list(I) || I <- Indices]],
    [Theirs, Ours] = [string:split(run(Command, Args), "\n@@ ", all) || Command <- ["escript", Swerl ++ " escript"]],
    case length(Theirs) =:= length(Ours) of
        true -> [io:format("~ts~nSWERL ~ts~n~n", [short(A), short(outcome_only(B))]) || {A, B} <- lists:zip(Theirs, Ours), A =/= B];
        false -> io:format("~ts~n~ts~n", [short(hd(Theirs)), short(hd(Ours))])
    end.

short(Text) -> string:slice(Text, 0, 900).

outcome_only(Text) -> lists:last(string:split(Text, "\n  ")).

run(Command, Args) ->
    os:cmd(lists:join(" ", [Command, escript:script_name() | Args])).

%% ---- one machine --------------------------------------------------------------------------------------------

dump(File, Module, Seed, Count) ->
    Functions = functions(Module),
    ok = file:write_file(File, [hashes(outcome(call(Module, Functions, Seed, I))) || I <- lists:seq(1, Count)]).

hashes(timeout) -> <<?ENDLESS:32, 0:32>>;
hashes({down, {internal_error, _}}) -> <<?CRASHED:32, 0:32>>;
hashes({Class, Reason, unexplained}) -> <<(erlang:phash2({Class, Reason}, 1 bsl 32)):32, ?UNEXPLAINED:32>>;
hashes({Class, Reason, Words}) -> <<(erlang:phash2({Class, Reason}, 1 bsl 32)):32, (erlang:phash2(Words, ?UNEXPLAINED)):32>>;
hashes(Outcome) -> <<(erlang:phash2(Outcome, 1 bsl 32)):32, 0:32>>.

show(Module, Seed, I) ->
    {M, F, Args} = Call = call(Module, functions(Module), Seed, I),
    io:format("@@ ~w ~w:~tw(~ts)~n  ~ts~n", [I, M, F, lists:join(", ", [written(A) || A <- Args]), written(outcome(Call))]).

%% Of what is very large the beginning.
written(Term) -> io_lib:format("~0tp", [Term], [{chars_limit, 4000}]).

functions(Module) ->
    {Module, Functions} = lists:keyfind(Module, 1, specs()),
    list_to_tuple(Functions).

specs() ->
    {ok, Specs} = file:consult(filename:join(filename:dirname(escript:script_name()), "properties.terms")),
    Specs.

call(Module, Functions, Seed, I) ->
    rand:seed(exsss, {erlang:phash2({Seed, I}), I, erlang:phash2({Module, Seed})}),
    {F, Makers} = element(rand:uniform(tuple_size(Functions)), Functions),
    Args = args(Makers),
    case F of
        {M, F1} -> {M, F1, Args};
        _ -> {Module, F, Args}
    end.

args({args, Name}) -> arguments(Name);
args(Makers) ->
    Args = [make(Maker) || Maker <- Makers],
    case rand:uniform(12) of
        1 when Args =/= [] -> spoil(Args);
        _ -> Args
    end.

%% One argument becomes something else.
spoil(Args) ->
    {Before, [_ | After]} = lists:split(rand:uniform(length(Args)) - 1, Args),
    Before ++ [make(any)] ++ After.

%% So many bytes take all memory, where they do not take too long.
outcome({rand, bytes_s, [N | _]}) when is_integer(N), N > 1 bsl 24 -> left_out;
outcome({binary, copy, [_, N]}) when is_integer(N), N > 1 bsl 24 -> left_out;
%% Sigils came after OTP 25, where `~' is a token for itself; numbers with a point are digits, letters or something else
%% to it, by their size.
outcome({erl_scan, F, Args}) when F =:= string; F =:= tokens ->
    case lists:any(fun has_tilde/1, Args) orelse lists:any(fun has_float/1, Args) of
        false -> outcome({erl_scan, F}, fun() -> apply(erl_scan, F, Args) end);
        true -> left_out
    end;
%% The last binary of what could not be read stands in a list of its own or not, by how it was built: OTP says one of a
%% literal and the other of the same bytes put together.
outcome({unicode, F, Args}) when F =:= characters_to_binary; F =:= characters_to_list ->
    outcome({unicode, F}, fun() ->
                                  case apply(unicode, F, Args) of
                                      {Fault, Read, [Rest]} when is_atom(Fault), is_binary(Rest) -> {Fault, Read, Rest};
                                      Value -> Value
                                  end
                          end);
%% Numbers with a point are characters to OTP's normal forms, or not, by what stands behind them.
outcome({unicode, F, [Text] = Args}) ->
    case has_float(Text) of
        false -> outcome({unicode, F}, fun() -> apply(unicode, F, Args) end);
        true -> left_out
    end;
%% So they are to strings, where they are small enough.
outcome({string, F, Args}) ->
    case has_float(Args) andalso F =/= to_float andalso F =/= list_to_float of
        false -> outcome({string, F}, fun() -> apply(string, F, Args) end);
        true -> left_out
    end;
outcome({properties, F, Args}) -> outcome({properties, F}, fun() -> local(F, Args) end);
outcome({M, F, Args}) when M =:= io_lib; M =:= io_lib_pretty; M =:= erl_pp ->
    outcome({M, F}, fun() -> flat_text(apply(M, F, Args)) end);
outcome({M, F, Args}) -> outcome({M, F}, fun() -> apply(M, F, Args) end).

has_float([Head | Tail]) -> has_float(Head) orelse has_float(Tail);
has_float(Part) -> is_float(Part).

has_tilde([Head | Tail]) -> has_tilde(Head) orelse has_tilde(Tail);
has_tilde(Part) -> Part =:= $~.

outcome(Called, Run) ->
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() -> rand:seed(exsss, {1, 2, 3}), Self ! {self(), outcome_here(Called, Run)} end),
    receive
        {Pid, Outcome} -> erlang:demonitor(Ref, [flush]), Outcome;
        {'DOWN', Ref, _, _, Why} -> {down, Why}
    after 20000 -> exit(Pid, kill), erlang:demonitor(Ref, [flush]), timeout
    end.

%% Text may be nested differently.
flat_text(Text) ->
    case io_lib:deep_char_list(Text) of
        true -> lists:flatten(Text);
        false -> Text
    end.

outcome_here(Called, Run) ->
    try Run() of
        Value -> {value, plain(Value)}
    catch
        Class:Reason:Stack -> {Class, plain(Reason), explained(Called, Reason, Stack)}
    end.

%% What the explanation of the innermost call says.
explained({Called, Function}, Reason, [{M, F, Args, Info} | _] = Stack) when is_list(Args) ->
    case lists:keyfind(error_info, 1, Info) of
        {error_info, How} when M =:= Called, F =:= Function ->
            Explain = maps:get(module, How, M),
            try Explain:format_error(Reason, Stack) of
                Words -> {M, F, plain(Args), maps:map(fun(_, Text) -> text(Text) end, Words)}
            catch
                _:_ -> unexplained
            end;
        %% Raised anew by OTP's `re', without the explanation.
        false when Reason =:= badarg, M =:= re, Called =:= re, F =:= Function -> unexplained;
        _ -> none
    end;
explained(_, _, _) -> none.

text(Text) when is_atom(Text) -> Text;
text(Text) ->
    case unicode:characters_to_binary(Text) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ -> Text
    end.

%% Without what is private to a machine.
plain({bm, _}) -> compiled_pattern;
plain({more, Continuation}) when element(1, Continuation) =:= erl_scan_continuation -> more;
plain({re_pattern, Groups, Unicode, Lines, Code}) when is_binary(Code) -> {re_pattern, Groups, Unicode, Lines};
plain(F) when is_function(F) -> {'fun', element(2, erlang:fun_info(F, arity))};
plain(T) when is_tuple(T) -> list_to_tuple(plain(tuple_to_list(T)));
plain([H | T]) -> [plain(H) | plain(T)];
plain(M) when is_map(M) -> {map, lists:sort([{plain(K), plain(V)} || {K, V} <- maps:to_list(M)])};
plain(X) when is_pid(X) -> pid;
plain(X) when is_reference(X) -> reference;
plain(X) -> X.

%% ---- terms --------------------------------------------------------------------------------------------------

one(List) -> lists:nth(rand:uniform(length(List)), List).
below(N) -> rand:uniform(N) - 1.
many(Max, Make) -> [Make() || _ <- lists:seq(1, below(Max + 1))].

make(any) -> term(3);
make(small) -> term(1);
make(nat) -> below(13);
make(pos) -> rand:uniform(12);
make(int) -> below(26) - 5;
make(big) ->
    case rand:uniform(3) of
        1 -> below(200) - 100;
        2 -> (below(1 bsl 32) - (1 bsl 31)) * one([1, 1, 1 bsl 29, 1 bsl 32, 17]);
        3 -> one([1, -1]) * (rand:uniform(1 bsl 62) bsl below(80)) + below(3)
    end;
make(float) ->
    case rand:uniform(4) of
        1 -> (below(2000) - 1000) / one([1, 2, 3, 7, 10, 100]);
        2 -> rand:normal();
        3 -> one([0.0, -0.0, 1.0, -1.0, 1.0e300, 1.0e-300, 5.0e-324, 1.7976931348623157e308, 0.1, 1.0e22, 123456789.125]);
        4 -> rand:normal() * math:pow(10, below(60) - 30)
    end;
make(num) -> make(one([int, big, float, int]));
make(atom) -> one([a, b, c, foo, '', 'B c', true, false, undefined, infinity, '\x{e9}', '\x{3a9}', error, ok, nil]);
make(bool) -> one([true, false]);
make(list) ->
    case rand:uniform(30) of
        1 -> [a, b | c];
        _ -> many(8, fun() -> term(1) end)
    end;
make({list, Maker}) -> many(7, fun() -> make(Maker) end);
make({some, Maker}) -> [make(Maker) | make({list, Maker})];
make({many, N, Maker}) -> many(N, fun() -> make(Maker) end);
make({sorted, Maker}) -> lists:sort(make({list, Maker}));
make({usorted, Maker}) -> lists:usort(make({list, Maker}));
make({tuple, Makers}) -> list_to_tuple([make(Maker) || Maker <- Makers]);
make({tuple_list, Makers}) -> [make(Maker) || Maker <- Makers];
make({local_pid}) -> self();
make({one, Makers}) -> make(one(Makers));
make({lit, Term}) -> Term;
make({among, Terms}) -> one(Terms);
make({call, M, F, Makers}) -> apply(M, F, [make(Maker) || Maker <- Makers]);
make({local, F, Makers}) -> local(F, [make(Maker) || Maker <- Makers]);
make({map, K, V}) -> maps:from_list(make({list, {tuple, [K, V]}}));
make(text) -> make(one([string, utf8, ascii]));
make({maybe_wrong, Maker}) -> case rand:uniform(5) of 1 -> make(any); _ -> make(Maker) end;
make(key) -> one([a, b, c, d, 1, 2, 3, 1.5, -2.5, "k", {x}]);
make(kv) -> {make(key), term(1)};
make(usortedkv) -> lists:ukeysort(1, [{K, V} || {K, V} <- make({list, kv}), not is_float(K)]);
make(prop) -> one([make(atom), {make(atom), term(1)}, {make(key), make(key)}, {make(atom), 1, 2}]);
make(char) -> character();
make(string) -> many(10, fun character/0);
make(ascii) -> many(10, fun ascii/0);
make(latin1) -> many(10, fun() -> one([ascii(), ascii(), below(256)]) end);
make(digits) -> many(6, fun() -> one("0123456789") end);
make(binary) -> << <<(below(256))>> || _ <- many(12, fun() -> x end) >>;
make(asciibin) -> list_to_binary(make(ascii));
make(bits) -> <<(make(binary))/binary, (below(128)):(below(8))>>;
make(utf8) -> unicode:characters_to_binary(make(string));
make(chardata) ->
    case rand:uniform(6) of
        1 -> make(utf8);
        2 -> [make(utf8), make(string)];
        3 -> [make(char), [make(string) | make(utf8)]];
        _ -> make(string)
    end;
make(iodata) -> one([make(latin1), make(binary), [make(binary), [below(256) | make(binary)]], []]);
make(date) -> one([{below(3000), rand:uniform(12), rand:uniform(28)}, {below(3000), below(14), below(33)},
                   {one([1900, 2000, 2004, 2023, 1600, 0]), 2, one([28, 29])}, {1969 + below(3), one([1, 12]), one([1, 31])}]);
make(time) -> one([{below(24), below(60), below(60)}, {below(24), below(60), below(60)}, {below(30), below(62), below(62)}]);
make(fun0) -> fun() -> x end;
make(pred) -> one([fun(X) -> X > 3 end, fun is_atom/1, fun(X) -> erlang:phash2(X) rem 2 =:= 0 end, fun(_) -> true end,
                   fun(_) -> false end, fun(X) -> X =:= a orelse is_number(X) end]);
make(fun1) -> one([fun(X) -> {X} end, fun(X) -> X + 1 end, fun erlang:phash2/1, fun(X) -> X end, fun(_) -> a end]);
make(filtermap) -> one([fun(X) -> {true, {X}} end, fun(X) -> is_integer(X) end, fun(_) -> false end, fun(X) -> X end,
                        fun(X) -> erlang:phash2(X) rem 2 =:= 0 andalso {true, X} end]);
make(tolist) -> fun(X) -> case erlang:phash2(X) rem 3 of 0 -> []; 1 -> [X]; 2 -> [X, {X}] end end;
make(pred2) -> one([fun(K, _) -> is_atom(K) end, fun(_, V) -> erlang:phash2(V) rem 2 =:= 0 end, fun(_, _) -> true end]);
make(fun2) -> one([fun(A, B) -> {A, B} end, fun(_, B) -> B end, fun(A, B) -> [A | B] end, fun(A, _) -> A end]);
make(fold) -> one([fun(X, A) -> [X | A] end, fun(X, A) -> {X, A} end, fun(_, A) -> A end]);
make(mapfold) -> one([fun(X, A) -> {{X}, [X | A]} end, fun(X, A) -> {A, X} end]);
make(order) -> fun erlang:'=<'/2;
make(less) -> one([fun(A, B) -> A =< B end, fun(A, B) -> A >= B end, fun(A, B) -> A < B end,
                   fun(A, B) -> erlang:phash2(A, 5) =< erlang:phash2(B, 5) end]);
make(fun3) -> one([fun(K, A, B) -> {K, A, B} end, fun(K, V, A) -> [{K, V} | A] end, fun(_, _, C) -> C end]);
make(graph) ->
    Vertices = many(6, fun() -> below(6) end),
    {Vertices, many(8, fun() -> {below(6), below(6)} end), one([[], [cyclic], [acyclic]])};
make(path) -> lists:append(many(6, fun() -> one(["/", "a", "b.erl", ".", "..", "//", "foo", "~", "x.beam", "\\", "c:", "d.e.f", "-", " ", "\x{e9}"]) end));
make(anypath) -> one([make(path), make(path), unicode:characters_to_binary(make(path)), [make(path), make(path)], make(atom)]);
make(relation) -> sofs:relation(make({list, {tuple, [key, key]}}));
make(family) -> sofs:family(maps:to_list(make({map, key, {list, key}})));
make(families) -> sofs:from_term(maps:to_list(make({map, key, {list, {list, key}}})), [{atom, [[atom]]}]);
make(sofs_set) -> sofs:set(make({list, key}));
make(sofs_sets) -> sofs:from_sets([make(sofs_set) || _ <- lists:seq(1, rand:uniform(3))]);
make(reals) -> rand:seed_s(one([exsss, exrop, exs1024s, exro928ss]), below(1000));
make(location) -> one([0, 1, 17, {3, 4}, {0, 1}, {5, 0}]);
make(anno) ->
    Anno = erl_anno:new(one([0, 1, 17, {3, 4}])),
    one([Anno, erl_anno:set_file("f.erl", Anno), erl_anno:set_generated(true, Anno), erl_anno:set_text("ab\nc", Anno),
         erl_anno:set_record(true, erl_anno:set_text("abc", Anno))]);
make(uri) -> uri();
make(regex) -> regex(3);
make(subject) -> many(14, fun() -> one("aabbccddAB12 \n\r_.-xyz") end);
make(source) -> source();
make(address) -> address();
make(format) -> format_text(below(4));
make(maybe_number) -> number_text();
make(Maker) -> error({no_maker, Maker}).

term(0) -> one([make(int), make(atom), make(float), [], make(key)]);
term(Depth) ->
    case rand:uniform(14) of
        1 -> list_to_tuple(many(3, fun() -> term(Depth - 1) end));
        2 -> many(4, fun() -> term(Depth - 1) end);
        3 -> maps:from_list(many(3, fun() -> {term(0), term(Depth - 1)} end));
        4 -> make(asciibin);
        5 -> make(bits);
        6 -> make(ascii);
        7 -> make(string);
        8 -> make(float);
        9 -> -make(big);
        10 -> [term(0) | term(0)];
        11 -> make(key);
        12 -> {make(atom), term(Depth - 1)};
        _ -> term(0)
    end.

ascii() -> one("abcdefgh ABCXYZ0123456789 ,.;:-_/\\\"'\n\t(){}[]#~%+=e").

character() ->
    case rand:uniform(8) of
        1 -> one("\x{e9}\x{c4}\x{df}\x{ff}\x{a1}\x{a7}");
        2 -> one([16#3A9, 16#301, 16#308, 16#65E5, 16#1F600, 16#200D, 16#FB01, 16#130, 16#1C5, 16#D7FF, 16#10FFFF, 16#AC00, 16#11A8, 13, 10]);
        _ -> ascii()
    end.

number_text() ->
    Sign = one(["", "", "-", "+"]),
    Sign ++ make(digits) ++ one(["", "", "." ++ make(digits), "." ++ make(digits) ++ "e" ++ one(["", "-", "+"]) ++ make(digits),
                                 "e5", "#1F", "x", " 1", "_1"]).

uri() ->
    lists:append([one(["", "http:", "HTTP:", "mailto:", "a+b.c:", "1a:", "urn:"]),
                  one(["", "//", "//example.com", "//user:pw@Ex%61mple.com:80", "//[::1]:8080", "//host:", "//@h"]),
                  one(["", "/", "/a/b", "/a/../b/./c", "a/b", "../x", "/%7efoo/%c3%a9", "/\x{e5}", "/a b", "//x"]),
                  one(["", "", "?", "?a=1&b=2", "?q=%20+x", "?a&b=", "?\x{e5}=\x{e4}"]),
                  one(["", "", "#", "#frag", "#a#b", "#%zz"])]).

regex(0) -> one(["a", "b", "c", ".", "\\d", "\\w", "\\s", "[ab]", "[^a]", "[a-c1]", "x", "1", "_", " ", "\\.", "\\x41", "[[:alpha:]]", "\\b", "^", "$", "\\n", "\\R", "\\1"]);
regex(Depth) ->
    case rand:uniform(12) of
        1 -> "(" ++ regex(Depth - 1) ++ ")";
        2 -> "(?:" ++ regex(Depth - 1) ++ ")";
        3 -> regex(Depth - 1) ++ "|" ++ regex(Depth - 1);
        4 -> regex(0) ++ one(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}", "{1,}", "*+", "++"]);
        5 -> "(" ++ regex(Depth - 1) ++ ")" ++ one(["*", "+", "?", "{1,3}"]);
        6 -> one(["(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i)(", "(?<n>", "(?P<m>"]) ++ regex(0) ++ ")";
        7 -> regex(Depth - 1) ++ one(["", "", ")", "(", "[", "\\", "{", "+", "(?", "\\k<n>", "(*FAIL)", "\\Q.\\E"]);
        _ -> regex(Depth - 1) ++ regex(Depth - 1)
    end.

source() ->
    lists:append(many(9, fun() -> one(["foo", "Bar", " ", "\n", "1", "2.5", "1.5e3", "16#ff", "$a", "$\\n", "\"str\"", "'q a'", "->", "=:=", "<<", ">>", "||", "#{", "{", "}", "(",
      ")", "[", "]", ",", ";", ". ", ".", "% c\n", "case", "of", "end", "fun", "_X", "?M", "+", "--", "\\", "\"a", "'b", "$", "1_000", "2#12", "1.", "...", "..", "\x{e9}", "\x{3a9}", "\"\x{e9}\\x{3a9}\"", "/=", "==", "=<", "<=", "!", ":", "::", "andalso", "maybe", "37#1", "\t", "@", "^", "1e5", "$\\^a", "\"\\q\\x41\\101\""]) end)).

address() ->
    one([lists:flatten(lists:join(".", many(5, fun() -> one(["1", "127", "0", "255", "256", "0x7f", "010", "", "a"]) end))),
         lists:flatten(lists:join(":", many(9, fun() -> one(["1", "fe80", "0", "ffff", "", "", "12345", "1.2.3.4", "g"]) end))),
         "::1", "::", "fe80::1%eth0", "::ffff:1.2.3.4"]).

%% ---- whole argument lists -----------------------------------------------------------------------------------

arguments(format) ->
    Pieces = many(4, fun piece/0),
    {Texts, Args} = lists:unzip(Pieces),
    Format = lists:append(Texts),
    case rand:uniform(15) of
        1 -> [Format, make(list)];
        2 -> [list_to_binary([C || C <- Format, C < 128]), lists:append(Args)];
        3 -> [make(any), lists:append(Args)];
        _ -> [Format, lists:append(Args)]
    end;
arguments(format_limited) ->
    [Format, Args] = arguments(format),
    [Format, Args, [{chars_limit, below(40)}]];
arguments(fread) ->
    [format_text(rand:uniform(4)), input_text()];
arguments(fread3) ->
    [[], input_text(), format_text(rand:uniform(4))];
arguments(fread_pieces) ->
    [format_text(rand:uniform(5)), many(4, fun input_text/0) ++ one([[], [eof]])];
arguments(regex_run) -> [make(subject), make(regex)];
arguments(regex_run3) -> [make(subject), make(regex), make({list, {local, run_option, []}})];
arguments(regex_compile) -> [make(regex), make({list, {local, compile_option, []}})];
arguments(regex_replace) ->
    [make(subject), make(regex), one(["x", "[&]", "\\1", "\\g{1}", "\\\\", "<\\0>", "\\&", ""]),
     make({list, {local, replace_option, []}}) ++ one([[], [{return, list}], [{return, binary}], [{return, iodata}]])];
arguments(regex_split) ->
    [make(subject), make(regex), make({list, {local, split_option, []}}) ++ one([[{return, list}], [{return, binary}], []])];
arguments(pretty) -> [make(any), one([[], [{column, rand:uniform(10)}, {line_length, 10 + below(60)}], [{depth, below(12) - 1}],
                                      [{depth, below(12)}, {line_length, 20}], [{strings, false}], [{encoding, unicode}]])];
arguments(part) ->
    Binary = make(binary),
    [Binary, {below(14), below(20) - 8}];
arguments(matches) ->
    [make(asciibin), one([make(asciibin), [<<"a">>, <<"bc">>], [make(asciibin), <<(ascii())>>], <<(ascii())>>, binary:compile_pattern(<<"a">>)])];
arguments(matches_scope) ->
    arguments(matches) ++ [one([[], [{scope, {below(6), below(12) - 4}}], [bad]])];
arguments(split) ->
    arguments(matches) ++ [make({list, {among, [global, trim, trim_all, {scope, {0, 3}}, {scope, {2, 5}}, {scope, {9, -4}}]}})];
arguments(replace) ->
    arguments(matches) ++ [one([<<"x">>, <<>>, <<"[]">>]), make({list, {among, [global, {insert_replaced, 1}, {insert_replaced, [0, 1]}, {insert_replaced, 5}, {scope, {0, 4}}]}})].

run_options() -> [anchored, global, notbol, noteol, notempty, notempty_atstart, caseless, dotall, multiline, extended, ungreedy,
                  firstline, dupnames, unicode, {newline, lf}, {newline, crlf}, {newline, any}, bsr_anycrlf, bsr_unicode,
                  report_errors, {offset, below(8)}, {capture, all}, {capture, all, list}, {capture, all, binary}, {capture, first, list},
                  {capture, none}, {capture, all_but_first, list}, {capture, [0, 1], list}, {capture, [n, m], binary},
                  {capture, all_names, list}, {capture, ["n", 2], index}, {match_limit, 1000}, no_auto_capture, dollar_endonly, ucp,
                  no_start_optimize, never_utf, junk].

%% What a sequence ~... may be, with its arguments.
piece() ->
    Width = one(["", "", "", "5", "-12", "20", "*"]),
    Precision = one(["", "", "", ".", ".3", ".10", ".0"]),
    Pad = one(["", "", "", case Precision of "" -> ""; _ -> one([".0", ".x", ".*"]) end]),
    Precise = case {Precision, Pad} of {".", ""} -> ""; _ -> Precision end,
    Extra = [X || {true, X} <- [{Width =:= "*", below(15)}, {Pad =:= ".*", $y}]],
    Modifier = one(["", "", "t", "l", "tl", "k"]),
    Head = "~" ++ Width ++ Precise ++ Pad,
    case rand:uniform(16) of
        1 -> {Head ++ one(["", "t"]) ++ "c", Extra ++ [below(256)]};
        2 -> {Head ++ "f", Extra ++ [make({maybe_wrong, float})]};
        3 -> {Head ++ "e", Extra ++ [make({maybe_wrong, float})]};
        4 -> {Head ++ "g", Extra ++ [make({maybe_wrong, float})]};
        5 -> {Head ++ one(["", "t"]) ++ "s", Extra ++ [one([make(string), make(ascii), make(atom), make(iodata), make(chardata), term(1)])]};
        6 -> {Head ++ one(["", "t", "l", "tl"]) ++ "w", Extra ++ [term(3)]};
        7 -> {Head ++ one(["", "t", "l", "tl"]) ++ "p", Extra ++ [term(3)]};
        8 -> {Head ++ one(["", "t", "l"]) ++ "W", Extra ++ [term(3), below(9) - 1]};
        9 -> {Head ++ one(["", "t", "l"]) ++ "P", Extra ++ [term(3), below(9) - 1]};
        10 -> {"~" ++ Width ++ one(["", ".2", ".16", ".36", ".8"]) ++ "B", [X || X <- Extra, is_integer(X), Width =:= "*"] ++ [make({maybe_wrong, big})]};
        11 -> {"~" ++ one(["", ".16", ".2", "8.16.0"]) ++ one(["b", "+", "#"]), [make(big)]};
        12 -> {"~" ++ one(["", ".16", ".10"]) ++ one(["x", "X"]), [make(big), one(["0x", "", "16#"])]};
        13 -> {"~" ++ one(["", "3"]) ++ one(["n", "~"]), []};
        14 -> {"~" ++ Modifier ++ one(["i", "q", "z", "s"]), [term(2)]};
        15 -> {make(ascii) -- "~~~~~~~~~~", []};
        16 -> {"~" ++ one(["5", "*", "-3"]) ++ "c", []}
    end.

format_text(N) ->
    lists:append([one(["~d", "~f", "~s", "~a", "~c", "~3c", "~2d", "~u", "~-", "~#", "~8u", "~l", "~n", "~~", "~*d", "~ts", "~4s", "~16u", "~+", "x", " ", "a b", ",", "\n", "~5f", "~ta"]) || _ <- lists:seq(1, N)]).

input_text() ->
    lists:append(many(6, fun() -> one(["12", "-7", "3.14", "1.5e3", "foo", " ", "\n", "\t", "x", "a b", ",", "16#ff", "2#101", "\x{e9}", "~", "+5", "0", "1e", "abc def", "37#1", [16#3a9]]) end)).

%% ---- calls that need steps around them ----------------------------------------------------------------------

local(run_option, []) -> one(run_options());
local(compile_option, []) -> one(run_options() -- [global, {capture, all}]);
local(replace_option, []) -> one([global, global, caseless, unicode, {offset, below(5)}, notempty, {return, list}, anchored, junk]);
local(split_option, []) -> one([trim, group, {parts, below(5)}, caseless, {parts, infinity}, unicode, notempty, junk]);
local(graph, [{Vertices, Edges, Options}]) ->
    Graph = digraph:new(Options),
    [digraph:add_vertex(Graph, V, {label, V}) || V <- Vertices ++ [X || {A, B} <- Edges, X <- [A, B]]],
    [digraph:add_edge(Graph, {A, B}, A, B, {A}) || {A, B} <- Edges],
    Graph;
local(graph_call, [M, F, Description, Args]) ->
    Graph = local(graph, [Description]),
    Before = ordered(Graph),
    Value = apply(M, F, [Graph | Args]),
    {Before, graph_value(F, Value), ordered(Graph)};
local(utils_call, [F, Description, Args]) ->
    graph_value(F, apply(digraph_utils, F, Args ++ [local(graph, [Description])]));
local(rand_run, [Algorithm, Seed, Steps]) ->
    State = rand:seed_s(Algorithm, Seed),
    {Values, Last} = lists:mapfoldl(fun rand_step/2, State, Steps),
    {Values, rand:export_seed_s(Last)};
local(ets_run, [Type, Objects, Steps]) ->
    Table = ets:new(t, [Type]),
    true = ets:insert(Table, Objects),
    [{catch_it(fun() -> apply(ets, F, [Table | Args]) end), lists:sort(ets:tab2list(Table))} || {F, Args} <- Steps];
local(compiled_run, [Subject, Regex, Options]) ->
    {ok, Compiled} = re:compile(Regex, Options),
    {re:run(Subject, Compiled), re:inspect(Compiled, namelist)};
local(eval, [Text]) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    {value, Value, Bindings} = erl_eval:exprs(Exprs, [{'X', 3}]),
    {Value, Bindings};
local(reparsed, [Text]) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    case erl_parse:parse_exprs(Tokens) of
        {ok, Exprs} -> lists:flatten(erl_pp:exprs(Exprs));
        Error -> Error
    end;
local(parsed, [Text]) ->
    {ok, Tokens, _} = erl_scan:string(Text, 1),
    erl_parse:parse_form(Tokens);
local(delete_all, [Tree, Keys]) -> lists:foldl(fun gb_trees:delete_any/2, Tree, Keys);
local(inverse, [M, F, G, Value]) -> M:G(M:F(Value));
local(fread_pieces, [Format, Pieces]) -> fread_pieces([], Pieces, Format).

fread_pieces(Continuation, [Piece | Pieces], Format) ->
    case io_lib:fread(Continuation, Piece, Format) of
        {more, Continuation1} -> [more | fread_pieces(Continuation1, Pieces, Format)];
        Done -> [Done]
    end;
fread_pieces(_, [], _) -> [].

catch_it(Run) ->
    try Run() of
        Value -> plain(Value)
    catch
        Class:Reason -> {Class, plain(Reason)}
    end.

rand_step({F, Args}, State) -> apply(rand, F, Args ++ [State]);
rand_step(jump, State) -> {jumped, rand:jump(State)}.

%% Graphs are compared by what is in them; lists of vertices that have no order are sorted.
graph_value(_, {digraph, _, _, _, _} = Graph) -> {graph, ordered(Graph)};
graph_value(F, Value) when is_list(Value),
                           F =/= get_path, F =/= get_cycle, F =/= get_short_path, F =/= get_short_cycle,
                           F =/= preorder, F =/= postorder, F =/= topsort ->
    lists:sort([case is_list(X) of true -> lists:sort(X); false -> X end || X <- Value]);
graph_value(_, Value) -> Value.

ordered(Graph) ->
    {lists:sort([digraph:vertex(Graph, V) || V <- digraph:vertices(Graph)]),
     lists:sort([edge(digraph:edge(Graph, E)) || E <- digraph:edges(Graph)])}.

%% The names of edges that the library made are numbered; those of copies are numbered anew.
edge({_, A, B, Label}) -> {A, B, Label}.
