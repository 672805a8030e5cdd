-module(callback_faults).
-export([main/0]).
-callback main() -> ok. -callback c(integer()) -> x. -callback c(atom()) -> y. -optional_callbacks([d/1]). -optional_callbacks(foo).
-behaviour(gen_server). -behaviour(gen_event). -behaviour(application). -behaviour(nosuch1).
-export([init/1, handle_call/3]).
-spec init(a) -> {ok, b}.
init(X) -> X. handle_call(_, _, _) -> ok. main() -> ok.
