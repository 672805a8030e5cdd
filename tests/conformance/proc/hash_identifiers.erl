%%% The portable hashes of what only one system knows: pids, ports, references.
-module(hash_identifiers).
-export([main/0]).

main() ->
    Pids = [list_to_pid("<0." ++ integer_to_list(N) ++ ".0>") || N <- [0, 1, 2, 255, 256, 32767]] ++
        [list_to_pid("<0.1.7>")],
    Ports = [list_to_port("#Port<0." ++ integer_to_list(N) ++ ">") || N <- [0, 1, 255, 256, 65536, 16#fffffff]],
    References = [list_to_ref(Text) || Text <- ["#Ref<0.0.0.0>", "#Ref<0.0.0.1>", "#Ref<0.0.1.1>", "#Ref<0.1.2.256>"]],
    Foreign = [binary_to_term(<<131, 88, 119, 3, "a@b", N:32, 0:32, 7:32>>) || N <- [0, 1, 131073]],
    [io:format("~p: ~p ~p~n", [Term, erlang:phash(Term, 1 bsl 32), erlang:phash2(Term, 1 bsl 32)])
     || Term <- Pids ++ Ports ++ References ++ [{hd(Pids), [lists:last(Pids)], lists:last(References)}]],
    [io:format("~p ~p~n", [erlang:phash(Term, 1 bsl 32), erlang:phash2(Term, 1 bsl 32)]) || Term <- Foreign].
