%%% The features of the language that a program asks for by `-feature(Name, enable)', and the words that they reserve.
%%%
%%% A system started with `-enable-feature Name' reserves the words everywhere: in what the shell reads, and in how atoms
%%% are written.
-module(erl_features).

-export([all/0, configurable/0, info/1, short/1, long/1, enabled/0, load_allowed/1, keywords/0, keywords/1,
         keyword_fun/2, keyword_fun/4, used/1, format_error/1, format_error/2]).

-export_type([feature/0]).

-type feature() :: atom().
-type keyword_test() :: fun((atom()) -> boolean()).
-type problem() :: {?MODULE, {invalid_features | incorrect_features | not_configurable, [atom()]}}.

-define(UNKNOWN, [{error_info, #{cause => #{1 => "unknown feature"}, module => ?MODULE}}]).

%% Where the features of this system are kept once they are known.
-define(KEY, {?MODULE, enabled}).

%% @doc All features there are.
-spec all() -> [feature()].
all() -> [maybe_expr].

%% @doc Those that can be enabled and disabled.
-spec configurable() -> [feature()].
configurable() ->
    [Feature || Feature <- all(), lists:member(maps:get(status, facts(Feature)), [experimental, approved])].

facts(maybe_expr) ->
    #{short => "Value based error handling (EEP49)",
      description => "Implementation of the maybe expression proposed in EEP49 -- Value based error handling.",
      status => experimental,
      experimental => 25,
      keywords => ['maybe', 'else'],
      type => extension};
facts(_) ->
    none.

%% @doc What is known of a feature.
-spec info(feature()) -> #{description := string(), short := string(), type := atom(), keywords := [atom()],
                           status := atom(), experimental => integer()}.
info(Feature) ->
    case facts(Feature) of
        none -> error(invalid_feature, [Feature], ?UNKNOWN);
        Facts -> Facts
    end.

%% @doc A feature in a line.
-spec short(feature()) -> iolist().
short(Feature) ->
    #{short := Short, status := Status} = Facts = info(Feature),
    io_lib:format("~-40s ~s (~w)", [Short, Status, maps:get(Status, Facts)]).

%% @doc A feature in several lines.
-spec long(feature()) -> iolist().
long(Feature) ->
    #{short := Short, type := Type, status := Status, keywords := Keywords, description := Text} = Facts = info(Feature),
    io_lib:format("~s - ~s~n  ~-11s~w~n  ~-11s~w (~w)~n  ~-11s~w~n~n~s~n",
                  [Feature, Short, "Type", Type, "Status", Status, maps:get(Status, Facts), "Keywords", Keywords,
                   wrapped(string:lexemes(Text, " "), 0)]).

wrapped([Word | Words], Column) when Column =:= 0; Column + length(Word) < 72 ->
    Space = [$\s || Column > 0],
    [Space, Word | wrapped(Words, Column + length(Space) + length(Word))];
wrapped([], _Column) ->
    [];
wrapped(Words, _Column) ->
    [$\n | wrapped(Words, 0)].

%% @doc The features that this system was started with.
-spec enabled() -> [feature()].
enabled() ->
    case persistent_term:get(?KEY, none) of
        none ->
            Enabled = from_flags(init:get_arguments(), []),
            persistent_term:put(?KEY, Enabled),
            Enabled;
        Enabled ->
            Enabled
    end.

from_flags([{'enable-feature', Names} | Flags], Enabled) ->
    from_flags(Flags, lists:usort(named(Names) ++ Enabled));
from_flags([{'disable-feature', Names} | Flags], Enabled) ->
    from_flags(Flags, Enabled -- named(Names));
from_flags([_ | Flags], Enabled) ->
    from_flags(Flags, Enabled);
from_flags([], Enabled) ->
    Enabled.

named(Names) ->
    case lists:member("all", Names) of
        true -> configurable();
        false -> [Feature || Feature <- configurable(), lists:member(atom_to_list(Feature), Names)]
    end.

%% @doc The words that are reserved in this system.
-spec keywords() -> [atom()].
keywords() ->
    lists:append([maps:get(keywords, facts(Feature)) || Feature <- enabled()]).

%% @doc The words that a feature reserves.
-spec keywords(feature()) -> [atom()].
keywords(Feature) ->
    case facts(Feature) of
        none -> error(invalid_feature, [Feature], ?UNKNOWN);
        #{keywords := Keywords} -> Keywords
    end.

%% @doc From options `{feature, Name, enable | disable}' the enabled features, and a test for reserved words.
-spec keyword_fun([term()], keyword_test()) -> {ok, {[feature()], keyword_test()}} | {error, problem()}.
keyword_fun(Options, IsReserved) ->
    Wishes = lists:append([each({Name, What})
                           || {feature, Name, What} <- Options, What =:= enable orelse What =:= disable]),
    case {[Name || {Name, _} <- Wishes, facts(Name) =:= none],
          [Name || {Name, _} <- Wishes, not lists:member(Name, configurable())]} of
        {[], []} ->
            Enabled = lists:foldl(fun wish/2, [], Wishes),
            {ok, {Enabled, test(Enabled, IsReserved)}};
        {[], Fixed} ->
            {error, {?MODULE, {not_configurable, Fixed}}};
        {Invalid, _} ->
            {error, {?MODULE, {invalid_features, Invalid}}}
    end.

each({all, What}) -> [{Name, What} || Name <- configurable()];
each(Wish) -> [Wish].

wish({Name, enable}, Enabled) -> lists:usort([Name | Enabled]);
wish({Name, disable}, Enabled) -> lists:delete(Name, Enabled).

test([], IsReserved) ->
    IsReserved;
test(Enabled, IsReserved) ->
    Words = lists:append([keywords(Name) || Name <- Enabled]),
    fun(Word) -> lists:member(Word, Words) orelse IsReserved(Word) end.

%% @doc The same for one feature more or less than those that are enabled.
-spec keyword_fun(enable | disable, feature(), [feature()], keyword_test()) ->
          {ok, {[feature()], keyword_test()}} | {error, problem()}.
keyword_fun(What, Name, Enabled0, IsReserved) ->
    case lists:member(Name, configurable()) of
        true ->
            Enabled = case What of
                          enable -> wish({Name, enable}, Enabled0);
                          disable -> wish({Name, disable}, Enabled0)
                      end,
            {ok, {Enabled, test(Enabled, fun erl_scan:f_reserved_word/1)}};
        false when Name =:= all ->
            keyword_fun([{feature, all, What}], IsReserved);
        false ->
            {error, {?MODULE, {invalid_features, [Name]}}}
    end.

%% @doc Whether code may be loaded: whatever it uses is understood here.
-spec load_allowed(binary()) -> ok | {not_allowed, [feature()]}.
load_allowed(Beam) ->
    case [Feature || Feature <- in_beam(Beam), facts(Feature) =:= none] of
        [] -> ok;
        Unknown -> {not_allowed, Unknown}
    end.

%% @doc The features that a module was compiled with.
-spec used(module() | file:filename()) -> [feature()] | not_found.
used(Module) when is_atom(Module) ->
    case code:get_object_code(Module) of
        {Module, Beam, _File} -> in_beam(Beam);
        error -> not_found
    end;
used(File) ->
    case file:read_file(File) of
        {ok, Beam} -> in_beam(Beam);
        {error, _} -> not_found
    end.

in_beam(Beam) ->
    case beam_lib:chunks(Beam, ["Meta"], [allow_missing_chunks]) of
        {ok, {_, [{_, Meta}]}} when is_binary(Meta) -> proplists:get_value(enabled_features, binary_to_term(Meta), []);
        _ -> []
    end.

-spec format_error(problem() | term()) -> iolist().
format_error({Problem, Names}) ->
    Subject = case Names of
                  [_] -> "the feature ";
                  _ -> "the features "
              end,
    [Subject, listed([io_lib:format("'~p'", [Name]) || Name <- Names]), $\s, complaint(Problem, Names)].

listed([Name]) -> Name;
listed(Names) -> [lists:join(", ", lists:droplast(Names)), " and ", lists:last(Names)].

complaint(invalid_features, [_]) -> "does not exist.";
complaint(invalid_features, _) -> "do not exist.";
complaint(incorrect_features, _) -> "do not exist or are not configurable.";
complaint(not_configurable, [_]) -> "is not configurable.";
complaint(not_configurable, _) -> "are not configurable.".

-spec format_error(term(), erlang:stacktrace()) -> #{pos_integer() | general | reason => unicode:chardata()}.
format_error(Reason, [{_Module, _Function, _Arguments, Info} | _]) ->
    #{cause := Cause} = proplists:get_value(error_info, Info, #{cause => #{}}),
    Cause#{reason => io_lib:format("~p: ~p", [?MODULE, Reason])}.
