%% filename:basedir of other systems, sofs:extension and product, io_lib:fread fields, lines that erl_scan refuses
-module(wrong_and_rare_arguments).
-export([main/0]).

t(What, Fun) ->
    Result = try Fun() catch Class:Reason -> {Class, Reason} end,
    io:format("~0tp: ~0tp~n", [What, Result]).

main() ->
    [os:unsetenv(Name) || Name <- ["XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_DIRS",
                                   "APPDATA", "LOCALAPPDATA"]],
    os:putenv("HOME", "/home/me"),
    Types = [user_cache, user_config, user_data, user_log, site_config, site_data],
    Options = [#{}, #{version => "1"}, #{version => <<"1">>}, #{author => "Me"}, #{author => <<"Me">>, version => "2"}],
    [t([Os, Type, Name, Given], fun() -> filename:basedir(Type, Name, Given#{os => Os}) end)
     || Os <- [linux, darwin, windows], Type <- Types, Given <- Options, Name <- ["app", <<"b">>, ""]],
    os:putenv("APPDATA", "C:/ad"),
    os:putenv("LOCALAPPDATA", "C:/lad"),
    os:putenv("XDG_CACHE_HOME", "/xc"),
    os:putenv("XDG_DATA_DIRS", "/a:/b/"),
    [t([Os, Type], fun() -> filename:basedir(Type, "app", #{os => Os}) end) || Os <- [linux, windows], Type <- Types],
    [t([basedir, bad, Name], fun() -> filename:basedir(bad, Name) end) || Name <- [[], "a", bad, <<"b">>]],
    [t([basedir, Name], fun() -> filename:basedir(user_cache, Name) end) || Name <- [[], bad, ["a", "b"], [a]]],
    [t([validate, Name], fun() -> filename:validate(Name) end)
     || Name <- [[], {1}, 1, 1.5, a, [0.5], [-1], "a\0", <<"a", 0>>, [<<"x">>], [1114112], #{}, [true | a]]],
    Relation = sofs:relation([{a, 1}, {b, 2}]),
    Set = sofs:set([a, c]),
    Empty = sofs:empty_set(),
    Ordered = sofs:from_term({1, 2}),
    Pairs = sofs:from_term([{1, x}]),
    [t([extension, A, B, C], fun() -> sofs:extension(A, B, C) end)
     || A <- [Relation, Empty, Set, Ordered, x], B <- [Set, Empty, Ordered, x, Pairs], C <- [sofs:from_term(3), {x}, Empty, Set]],
    [t([product, A], fun() -> sofs:product(A) end)
     || A <- [{x}, {}, {Relation, x}, {Relation, Ordered}, {Relation, Empty}, {Ordered}, x, {Set, Set}, {x, y, z}, {Set, Set, x}]],
    [t([fread, Format, Text], fun() ->
                                      case io_lib:fread(Format, Text) of
                                          {more, _, _, _} -> more;
                                          Other -> Other
                                      end
                              end)
     || Format <- ["~4d", "~4u", "~4#", "~4f", "~4s", "~5f~2d", "~f"],
        Text <- ["12  ", "12 3", "  12", " 1  ", "3.1 ", "2#1 ", " 3.1", "\t1 2", "+1 3", "-73.14 ", "1.5e312"]],
    Starts = [-2, -1, 0, 1, {1, 2}, {-1, 1}, {1, 0}],
    [t([string, Text, Start], fun() -> erl_scan:string(Text, Start) end) || Text <- ["", "a", " ", "\n"], Start <- Starts],
    [t([tokens, Text, Start], fun() ->
                                      case erl_scan:tokens([], Text, Start) of
                                          {more, _} -> more;
                                          Other -> Other
                                      end
                              end)
     || Text <- ["", "a. ", " ", "\n", eof], Start <- Starts].
