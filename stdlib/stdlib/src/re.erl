%%% Regular expressions, as PCRE understands them.
%%%
%%% Compiling and searching is the virtual machine's; replacing by a function is written here.
-module(re).

-export([compile/1, compile/2, inspect/2, replace/3, replace/4, replace_long/4, run/2, run/3,
         run_long/3, split/2, split/3, split_long/3, version/0]).
-export([import/1, replace_by/4]).

-export_type([mp/0, compile_option/0, options/0, capture/0, nl_spec/0]).

-type mp() :: {re_pattern, _, _, _, _}.
-type nl_spec() :: cr | crlf | lf | anycrlf | any.
-type compile_option() :: unicode | anchored | caseless | dollar_endonly | dotall | extended
                        | firstline | multiline | no_auto_capture | dupnames | ungreedy
                        | {newline, nl_spec()} | bsr_anycrlf | bsr_unicode | no_start_optimize
                        | ucp | never_utf.
-type options() :: [compile_option() | term()].
-type capture() :: term().

%% @doc Compiles a pattern.
compile(_Pattern) -> erlang:nif_error(undef).

%% @doc Compiles a pattern, with options.
compile(_Pattern, _Options) -> erlang:nif_error(undef).

%% @doc What there is to know of a compiled pattern: {namelist, Names}.
inspect(_Compiled, _Item) -> erlang:nif_error(undef).

%% @doc Searches for a pattern.
run(_Subject, _Pattern) -> erlang:nif_error(undef).

%% @doc Searches for a pattern, with options.
run(_Subject, _Pattern, _Options) -> erlang:nif_error(undef).

%% @private
run_long(_Subject, _Pattern, _Options) -> erlang:nif_error(undef).

%% @doc Replaces the first match.
replace(_Subject, _Pattern, _Replacement) -> erlang:nif_error(undef).

%% @doc Replaces matches, with options.
replace(_Subject, _Pattern, _Replacement, _Options) -> erlang:nif_error(undef).

%% @private
replace_long(_Subject, _Pattern, _Replacement, _Options) -> erlang:nif_error(undef).

%% @doc The parts between matches.
split(_Subject, _Pattern) -> erlang:nif_error(undef).

%% @doc The parts between matches, with options.
split(_Subject, _Pattern, _Options) -> erlang:nif_error(undef).

%% @private
split_long(_Subject, _Pattern, _Options) -> erlang:nif_error(undef).

%% @doc The version of the library whose behaviour this is.
version() -> erlang:nif_error(undef).

%% @doc A pattern that was compiled elsewhere.
import(Pattern) -> Pattern.

%% @private Replaces each match by what a function of it and its groups gives.
replace_by(Subject, Pattern, Fun, Options) ->
    {Return, Rest} = take_return(Options),
    Searched = [{capture, all, binary} | Rest],
    Places = [{capture, first, index} | Rest],
    Unicode = is_unicode(Pattern, Options),
    Bytes = bytes(Subject, Unicode),
    Result = case {re:run(Bytes, Pattern, Searched), re:run(Bytes, Pattern, Places)} of
                 {{match, Groups}, {match, At}} ->
                     case lists:member(global, Rest) of
                         true -> pieces(Bytes, 0, At, Groups, Fun);
                         false -> pieces(Bytes, 0, [At], [Groups], Fun)
                     end;
                 {nomatch, nomatch} -> Bytes
             end,
    case Return of
        iodata -> Result;
        binary -> bytes(Result, Unicode);
        list when Unicode -> unicode:characters_to_list(Result);
        list -> binary_to_list(iolist_to_binary(Result))
    end.

pieces(Bytes, From, [[{Start, Length}] | Places], [[Whole | Groups] | More], Fun) ->
    [binary:part(Bytes, From, Start - From), Fun(Whole, Groups)
     | pieces(Bytes, Start + Length, Places, More, Fun)];
pieces(Bytes, From, [], [], _) ->
    [binary:part(Bytes, From, byte_size(Bytes) - From)].

take_return(Options) ->
    Return = proplists:get_value(return, Options, iodata),
    {Return, [Option || Option <- Options, not is_return(Option)]}.

is_return({return, _}) -> true;
is_return(_) -> false.

is_unicode({re_pattern, _, Unicode, _, _}, _) -> Unicode =:= 1;
is_unicode(_, Options) -> lists:member(unicode, Options).

bytes(Data, true) -> unicode:characters_to_binary(Data);
bytes(Data, false) -> iolist_to_binary(Data).
