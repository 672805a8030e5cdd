%%% Whether a module in Core Erlang is sound.
-module(core_lint).

-export([module/1, module/2, format_error/1]).

-type name() :: {atom(), arity()}.
-type result() :: {ok, [{file:filename(), []}]}
                | {error, [{file:filename(), [{none, module(), term()}]}], [{file:filename(), []}]}.

-spec module(cerl:c_module()) -> result().
module(Tree) ->
    module(Tree, []).

-spec module(cerl:c_module(), [term()]) -> result().
module(Tree, _Options) ->
    File = atom_to_list(cerl:concrete(cerl:module_name(Tree))),
    case swerl_lang:core_lint(Tree) of
        [] -> {ok, [{File, []}]};
        Faults -> {error, [{File, Faults}], [{File, []}]}
    end.

-spec format_error(term()) -> io_lib:chars().
format_error(invalid_attributes) -> "invalid attributes";
format_error(invalid_exports) -> "invalid exports";
format_error({undefined_function, Function, In}) -> about(["undefined function ", name(Function)], In);
format_error({duplicate_var, Name, In}) -> about(["duplicate variable ", io_lib:format("~p", [Name])], In);
format_error({unbound_var, Name, In}) -> about(["unbound variable ", io_lib:format("~p", [Name])], In);
format_error({undefined_function, Function}) -> ["function ", name(Function), " undefined"];
format_error({arg_mismatch, In}) -> about("argument count mismatch", In);
format_error({illegal_expr, In}) -> about("illegal expression", In);
format_error({illegal_guard, In}) -> about("illegal guard expression", In);
format_error({illegal_try, In}) -> about("illegal try expression", In);
format_error({not_bs_pattern, In}) -> about("expecting bit syntax pattern", In);
format_error({not_pattern, In}) -> about("expecting pattern", In);
format_error({not_var, In}) -> about("expecting variable", In);
format_error({pattern_mismatch, In}) -> about("pattern count mismatch", In);
format_error({return_mismatch, In}) -> about("return count mismatch", In);
format_error({tail_segment_not_at_end, In}) -> about("binary tail segment not at end", In).

-spec about(iolist(), name()) -> iolist().
about(What, In) -> [What, " in ", name(In)].

name({Name, Arity}) -> io_lib:format("~w/~w", [Name, Arity]).
