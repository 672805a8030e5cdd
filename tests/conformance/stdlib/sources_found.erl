%% filelib:find_file/2,3 and find_source/1,2,3: with the rules that are there and with others.
-module(sources_found).
-export([main/0]).

main() ->
    [ok = filelib:ensure_dir(File) || File <- files()],
    [ok = file:write_file(File, "") || File <- files()],
    Dirs = ["app/ebin", "app/src", "app", "app/ebin/", "app/src/ebin", ".", ""],
    [show({Name, Dir}, filelib:find_file(Name, Dir))
     || Dir <- Dirs, Name <- ["a.erl", "a.beam", "c.erl", "d.erl", "e.erl", "g.erl", "h.erl", "here.erl"]],
    Rules = [[{"ebin", "src"}], [{"", "src"}], [{"", ""}], [{"ebin", "src/*"}], [{"ebin", "src/**"}], [{"", "**"}],
             [{"app/ebin", "app/src"}], [{"bin", "src"}], [{"ebin", ""}], [{"none", "x"}, {"ebin", "src"}],
             [{"ebin", "s?c"}], [{"ebin", "{src,esrc}"}], [{"in", "in/../src"}]],
    [show({Name, Dir, Rule}, filelib:find_file(Name, Dir, Rule))
     || Dir <- ["app/ebin", "app", ""], Name <- ["a.erl", "c.erl", "h.erl", "d.erl"], Rule <- Rules],
    [show({Name, Dir}, filelib:find_source(Name, Dir))
     || Dir <- ["app/ebin", "app/src", ""], Name <- ["a.beam", "a", "b.erl", "c.beam", "b.app", "h.beam", "here.beam"]],
    [show(Name, filelib:find_source(Name))
     || Name <- ["app/ebin/a.beam", "app/ebin/c.beam", "app/src/b.erl", "app/src/b.app", "here.beam"]],
    SourceRules = [[{".beam", ".erl", [{"ebin", "src"}]}], [{".beam", ".erl", []}], [{".beam", ".erl", [{"ebin", "src/*"}]}],
                   [{".o", ".c", [{"ebin", "c_src"}]}], [{"", ".erl", [{"ebin", "src"}]}]],
    [show({Name, Dir, Rule}, filelib:find_source(Name, Dir, Rule))
     || Dir <- ["app/ebin", ""], Name <- ["a.beam", "c.beam", "x.o", "d.beam", "a"], Rule <- SourceRules],
    ok.

files() ->
    ["app/src/a.erl", "app/src/b.yrl", "app/src/sub/c.erl", "app/ebin/a.beam", "app/ebin/d.erl", "app/esrc/e.erl",
     "app/c_src/x.c", "app/src/b.app.src", "app/src/ebin/g.erl", "app/src/sub/sub2/h.erl", "here.erl"].

show(Asked, Answer) -> io:format("~p: ~p~n", [Asked, Answer]).
