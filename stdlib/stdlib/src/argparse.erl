%%% Command lines of programs, as in OTP 26: commands, their arguments and options, help texts.
%%%
%%% A command is a map with `arguments`, `commands`, `help` and `handler`; an argument is a map with its `name`
%%% and, for an option, `short` or `long`. What was given comes back as a map from names to values.
-module(argparse).

-export([parse/2, parse/3, run/3, help/1, help/2, format_error/1]).

-export_type([parser_error/0, argument/0, arg_type/0, arg_map/0, handler/0, cmd_path/0, command/0, parser_options/0,
              parse_result/0]).

-type arg_type() :: boolean | float | {float, term()} | integer | {integer, term()} | string | {string, term()}
                  | binary | {binary, term()} | atom | {atom, term()} | {custom, fun((string()) -> term())}.
-type argument() :: map().
-type arg_map() :: #{atom() | string() | binary() => term()}.
-type handler() :: optional | fun((arg_map()) -> term()) | {module(), atom()} | {fun(), term()} | {module(), atom(), term()}.
-type command() :: map().
-type cmd_path() :: [string()].
-type parser_options() :: map().
-type parser_error() :: {cmd_path(), argument() | undefined, string() | undefined, unicode:chardata()}.
-type parse_result() :: {ok, arg_map(), cmd_path(), command()} | {error, parser_error()}.

%% Of a run of the parser: what is done, the commands so far, the arguments that are known.
-record(parser, {prefixes, command, path, map = #{}, positional = [], options = []}).

%% @doc Parses arguments by a command.
-spec parse([string()], command()) -> parse_result().
parse(Args, Command) -> parse(Args, Command, #{}).

%% @doc As parse/2, with options: prefixes, progname, default.
-spec parse([string()], command(), parser_options()) -> parse_result().
parse(Args, Command, Options) ->
    Name = progname(Options),
    validate(Command, [Name]),
    Parser = with_arguments(Command, #parser{prefixes = maps:get(prefixes, Options, "-"), command = Command,
                                             path = [Name]}),
    try finished(next(Args, Parser), Options)
    catch throw:{argparse, Error} -> {error, Error}
    end.

progname(#{progname := Name}) when is_atom(Name) -> atom_to_list(Name);
progname(#{progname := Name}) -> Name;
progname(_) ->
    case init:get_argument(progname) of
        {ok, [[Name | _] | _]} -> filename:basename(Name);
        _ -> "erl"
    end.

%% @doc Parses arguments and calls the handler of the command; what is wrong is written, with a usage line, and
%% the program ends.
-spec run([string()], command(), parser_options()) -> term().
run(Args, Command, Options) ->
    case parse(Args, Command, Options) of
        {ok, Map, Path, Chosen} -> handle(Command, Map, tl(Path), Chosen);
        {error, {Path, _, _, _} = Error} ->
            io:format("error: ~ts~n", [format_error(Error)]),
            io:format("~ts", [help(Command, Options#{command => tl(Path)})]),
            erlang:halt(1)
    end.

handle(_, Map, _, #{handler := Fun}) when is_function(Fun, 1) -> Fun(Map);
handle(_, Map, _, #{handler := {Module, Function}}) when is_atom(Module), is_atom(Function) -> Module:Function(Map);
handle(Command, Map, Path, #{handler := {Fun, Default}}) when is_function(Fun) ->
    apply(Fun, values(Command, Map, Path, Default));
handle(Command, Map, Path, #{handler := {Module, Function, Default}}) ->
    apply(Module, Function, values(Command, Map, Path, Default)).

%% The values in the order of the arguments, from the outermost command on.
values(Command, Map, Path, Default) ->
    Own = [maps:get(Name, Map, Default) || #{name := Name} <- maps:get(arguments, Command, [])],
    case Path of
        [] -> Own;
        [Name | Rest] -> Own ++ values(maps:get(Name, maps:get(commands, Command)), Map, Rest, Default)
    end.

%%% Parsing.

with_arguments(Command, #parser{positional = Positional, options = Options} = Parser) ->
    {Opts, Pos} = lists:partition(fun is_option/1, maps:get(arguments, Command, [])),
    Parser#parser{command = Command, positional = Positional ++ Pos, options = Opts ++ Options}.

is_option(Argument) -> is_map_key(short, Argument) orelse is_map_key(long, Argument).

next(["--" | Args], Parser) ->
    positionals(Args, Parser);
next([Arg | Args], #parser{command = Command} = Parser) ->
    case option(Arg, Parser) of
        {Argument, Value, Rest} -> next_option(Argument, Value, Rest, Args, Parser);
        none ->
            case maps:find(Arg, maps:get(commands, Command, #{})) of
                {ok, Sub} ->
                    next(Args, with_arguments(Sub, Parser#parser{path = Parser#parser.path ++ [Arg]}));
                error ->
                    case is_map_key(commands, Command) andalso Parser#parser.positional =:= [] of
                        true -> wrong(undefined, Arg, <<>>, Parser);
                        false -> positional([Arg | Args], Parser)
                    end
            end
    end;
next([], Parser) -> Parser.

positionals([], Parser) -> Parser;
positionals(Args, #parser{positional = [_ | _]} = Parser) ->
    {Parser1, Rest} = take_positional(Args, Parser),
    positionals(Rest, Parser1);
positionals([Arg | _], Parser) -> wrong(undefined, Arg, <<>>, Parser).

positional([Arg | _] = Args, #parser{positional = Positional} = Parser) ->
    case Positional of
        [] -> wrong(undefined, Arg, <<>>, Parser);
        _ ->
            {Parser1, Rest} = take_positional(Args, Parser),
            next(Rest, Parser1)
    end.

take_positional(Args, #parser{positional = [Argument | Rest]} = Parser) ->
    {Given, Left} = values_of(Argument, Args, Parser),
    {stored(Argument, Given, Parser#parser{positional = Rest}), Left}.

%% {Argument, Value | none, MoreFlags} of an option.
option([Prefix, Second | _] = Arg, #parser{prefixes = Prefixes, options = Options}) ->
    case lists:member(Prefix, Prefixes) of
        false -> none;
        true ->
            Name = tl(Arg),
            {Long, Value} = case string:split(Name, "=") of
                                [Key, Text] -> {Key, Text};
                                _ -> {Name, none}
                            end,
            case [O || #{long := L} = O <- Options, L =:= Long] of
                [Option | _] -> {Option, Value, none};
                [] ->
                    case [O || #{short := S} = O <- Options, S =:= Second] of
                        [Option | _] -> short(Option, tl(Name));
                        [] -> none
                    end
            end
    end;
option(_, _) -> none.

short(Option, "") -> {Option, none, none};
short(Option, [$= | Value]) -> {Option, Value, none};
short(Option, Rest) ->
    case takes_value(Option) of
        true -> {Option, Rest, none};
        false -> {Option, none, Rest}
    end.

takes_value(#{action := Action}) when Action =:= count; element(1, Action) =:= store; element(1, Action) =:= append ->
    false;
takes_value(#{type := boolean}) -> false;
takes_value(_) -> true.

next_option(Option, none, none, Args, Parser) ->
    case takes_value(Option) of
        true ->
            {Given, Left} = values_of(Option, Args, Parser),
            next(Left, stored(Option, Given, Parser));
        false ->
            case {Option, Args} of
                {#{type := boolean}, ["true" | Left]} -> next(Left, put_value(Option, true, Parser));
                {#{type := boolean}, ["false" | Left]} -> next(Left, put_value(Option, false, Parser));
                _ -> next(Args, flagged(Option, Parser))
            end
    end;
next_option(Option, none, Flags, Args, #parser{prefixes = [Prefix | _]} = Parser) ->
    next([[Prefix | Flags] | Args], flagged(Option, Parser));
next_option(#{type := boolean} = Option, Value, none, Args, Parser) ->
    next(Args, put_value(Option, Value =:= "true", Parser));
next_option(Option, Value, none, Args, Parser) ->
    next(Args, stored(Option, [Value], Parser)).

flagged(#{type := boolean} = Option, Parser) when not is_map_key(action, Option) -> put_value(Option, true, Parser);
flagged(#{name := Name} = Option, #parser{map = Map} = Parser) ->
    case Option of
        #{action := count} -> Parser#parser{map = Map#{Name => maps:get(Name, Map, 0) + 1}};
        #{action := {store, Value}} -> put_value(Option, Value, Parser);
        #{action := {append, Value}} -> Parser#parser{map = Map#{Name => maps:get(Name, Map, []) ++ [Value]}};
        #{type := boolean} -> put_value(Option, true, Parser)
    end.

%% The words that an argument takes, and the others.
values_of(Argument, Args, Parser) ->
    Free = fun() -> lists:splitwith(fun(Arg) -> option(Arg, Parser) =:= none andalso Arg =/= "--" end, Args) end,
    case maps:get(nargs, Argument, 1) of
        list -> Free();
        nonempty_list ->
            case Free() of
                {[], _} -> wrong(Argument, undefined, <<"expected argument">>, Parser);
                Taken -> Taken
            end;
        all -> {Args, []};
        'maybe' -> at_most_one(Args, Parser);
        {'maybe', _} -> at_most_one(Args, Parser);
        N ->
            case is_option(Argument) orelse length(Args) >= N of
                true when length(Args) >= N ->
                    {Taken, Left} = lists:split(N, Args),
                    case N =:= 1 andalso is_option(Argument) andalso option(hd(Taken), Parser) =/= none of
                        true -> wrong(Argument, undefined, <<"expected argument">>, Parser);
                        false -> {Taken, Left}
                    end;
                _ -> wrong(Argument, undefined, <<"expected argument">>, Parser)
            end
    end.

at_most_one([Arg | Args], Parser) ->
    case option(Arg, Parser) of
        none -> {[Arg], Args};
        _ -> {[], [Arg | Args]}
    end;
at_most_one([], _) -> {[], []}.

stored(Argument, Given, Parser) ->
    Values = [convert(Argument, Text, Parser) || Text <- Given],
    Value = case {maps:get(nargs, Argument, none), Values} of
                {none, [Only]} -> Only;
                {'maybe', [Only]} -> Only;
                {'maybe', []} -> default_value(Argument);
                {{'maybe', _}, [Only]} -> Only;
                {{'maybe', Default}, []} -> Default;
                _ -> Values
            end,
    put_value(Argument, Value, Parser).

default_value(#{default := Default}) -> Default;
default_value(#{type := boolean}) -> true;
default_value(#{type := Type}) when Type =:= integer; element(1, Type) =:= integer -> 0;
default_value(#{type := Type}) when Type =:= float; element(1, Type) =:= float -> 0.0;
default_value(#{type := Type}) when Type =:= atom; element(1, Type) =:= atom -> undefined;
default_value(#{type := Type}) when Type =:= binary; element(1, Type) =:= binary -> <<>>;
default_value(_) -> "".

put_value(#{name := Name} = Argument, Value, #parser{map = Map} = Parser) ->
    New = case maps:get(action, Argument, store) of
              append -> maps:get(Name, Map, []) ++ [Value];
              extend -> maps:get(Name, Map, []) ++ Value;
              _ -> Value
          end,
    Parser#parser{map = Map#{Name => New}}.

wrong(Argument, Given, Details, #parser{path = Path}) -> throw({argparse, {Path, Argument, Given, Details}}).

%% What was not given has its default, or is missing.
finished(#parser{positional = Positional, options = Options, map = Map0, path = Path, command = Command} = Parser, Given) ->
    case Command of
        #{commands := Commands} when not is_map_key(handler, Command), map_size(Commands) > 0 ->
            wrong(undefined, undefined, <<"subcommand expected">>, Parser);
        _ -> ok
    end,
    Map = lists:foldl(fun(#{name := Name} = Argument, Acc) ->
                              case {is_map_key(Name, Acc), Argument, Given} of
                                  {true, _, _} -> Acc;
                                  {false, #{default := Default}, _} -> Acc#{Name => Default};
                                  {false, _, _} ->
                                      case is_required(Argument) of
                                          true -> wrong(Argument, undefined, <<>>, Parser);
                                          false -> with_default(Name, Given, Acc)
                                      end
                              end
                      end, Map0, Positional ++ Options),
    {ok, Map, Path, Command}.

with_default(Name, #{default := Default}, Map) -> Map#{Name => Default};
with_default(_, _, Map) -> Map.

is_required(#{required := Required}) -> Required;
is_required(#{nargs := Nargs}) when Nargs =:= 'maybe'; Nargs =:= list; Nargs =:= all; element(1, Nargs) =:= 'maybe' ->
    false;
is_required(Argument) -> not is_option(Argument).

%%% Values.

convert(Argument, Text, Parser) ->
    Fail = fun(Details) -> wrong(Argument, Text, Details, Parser) end,
    case maps:get(type, Argument, string) of
        string -> Text;
        {string, Rule} -> checked_text(Text, Text, Rule, Fail);
        binary -> unicode:characters_to_binary(Text);
        {binary, Rule} -> checked_text(unicode:characters_to_binary(Text), Text, Rule, Fail);
        integer -> number(fun list_to_integer/1, Text, <<"is not an integer">>, [], Fail);
        {integer, Rule} -> number(fun list_to_integer/1, Text, <<"is not an integer">>, Rule, Fail);
        float -> number(fun to_float/1, Text, <<"is not a number">>, [], Fail);
        {float, Rule} -> number(fun to_float/1, Text, <<"is not a number">>, Rule, Fail);
        boolean when Text =:= "true" -> true;
        boolean when Text =:= "false" -> false;
        boolean -> Fail(<<"is not a boolean">>);
        atom ->
            try list_to_existing_atom(Text)
            catch error:badarg -> Fail(<<"is not an existing atom">>)
            end;
        {atom, unsafe} -> list_to_atom(Text);
        {atom, Choices} ->
            case [Choice || Choice <- Choices, atom_to_list(Choice) =:= Text] of
                [Atom] -> Atom;
                [] -> Fail(<<"is not one of the choices">>)
            end;
        {custom, Fun} ->
            try Fun(Text)
            catch
                error:invalid_argument -> Fail(<<"failed validation">>);
                Class:Reason -> Fail(io_lib:format("failed validation: ~tp:~tp", [Class, Reason]))
            end
    end.

to_float(Text) ->
    try list_to_float(Text)
    catch error:badarg -> float(list_to_integer(Text))
    end.

number(Read, Text, Details, Rule, Fail) ->
    Number = try Read(Text)
             catch error:badarg -> Fail(Details)
             end,
    case Rule of
        [Tuple | _] when is_tuple(Tuple) ->
            _ = [Fail(<<"is less than accepted minimum">>) || {min, Min} <- Rule, Number < Min],
            _ = [Fail(<<"is greater than accepted maximum">>) || {max, Max} <- Rule, Number > Max],
            Number;
        [] -> Number;
        Choices ->
            case lists:member(Number, Choices) of
                true -> Number;
                false -> Fail(<<"is not one of the choices">>)
            end
    end.

checked_text(Value, Text, Rule, Fail) ->
    IsPattern = is_binary(Rule) orelse is_list(Rule) andalso Rule =/= [] andalso is_integer(hd(Rule)),
    case {IsPattern, Rule} of
        {true, _} -> matched(Value, Text, Rule, [], Fail);
        {false, {Pattern, Options}} -> matched(Value, Text, Pattern, Options, Fail);
        {false, Choices} ->
            case lists:member(Value, Choices) of
                true -> Value;
                false -> Fail(<<"is not one of the choices">>)
            end
    end.

matched(Value, Text, Pattern, Options, Fail) ->
    Captures = lists:keymember(capture, 1, Options),
    case re:run(Text, Pattern, Options) of
        {match, Captured} when Captures -> Captured;
        {match, _} -> Value;
        match -> Value;
        nomatch -> Fail(<<"does not match">>)
    end.

%%% Checks of commands.

validate(Command, Path) when is_map(Command) ->
    Arguments = maps:get(arguments, Command, []),
    is_list(Arguments) orelse bad(Path, arguments, <<"options must be a list">>),
    _ = [is_map(Argument) andalso is_map_key(name, Argument)
         orelse bad(Path, Argument, <<"argument must be a map containing 'name' field">>) || Argument <- Arguments],
    Shorts = [S || #{short := S} <- Arguments],
    Longs = [L || #{long := L} <- Arguments],
    _ = [bad(Path, S, <<"short conflicting with previously defined short">>) || S <- Shorts -- lists:usort(Shorts)],
    _ = [bad(Path, L, <<"long conflicting with previously defined long">>) || L <- Longs -- lists:usort(Longs)],
    _ = [validate(Sub, Path ++ [Name]) || {Name, Sub} <- maps:to_list(maps:get(commands, Command, #{}))],
    ok;
validate(Command, Path) -> bad(Path, Command, <<"command must be a map">>).

bad(Path, What, Details) -> error({argparse, Path, What, Details}).

%%% Texts.

%% @doc The text of an error.
-spec format_error(parser_error()) -> unicode:chardata().
format_error({Path, undefined, undefined, Details}) ->
    io_lib:format("~ts: ~ts", [lists:join(" ", Path), Details]);
format_error({Path, undefined, Given, <<>>}) ->
    io_lib:format("~ts: unknown argument: ~ts", [lists:join(" ", Path), Given]);
format_error({Path, undefined, Given, Details}) ->
    io_lib:format("~ts: unknown argument: ~ts~ts", [lists:join(" ", Path), Given, Details]);
format_error({Path, Argument, undefined, <<>>}) ->
    io_lib:format("~ts: required argument missing: ~ts", [lists:join(" ", Path), short_name(Argument)]);
format_error({Path, Argument, undefined, Details}) ->
    io_lib:format("~ts: required argument missing: ~ts ~ts", [lists:join(" ", Path), short_name(Argument), Details]);
format_error({Path, Argument, Given, Details}) ->
    io_lib:format("~ts: invalid argument for ~ts: ~ts ~ts", [lists:join(" ", Path), short_name(Argument), Given, Details]).

short_name(#{short := Short}) -> [$-, Short];
short_name(#{long := Long}) -> [$- | Long];
short_name(#{name := Name}) -> io_lib:format("~ts", [name_text(Name)]).

name_text(Name) when is_atom(Name) -> atom_to_list(Name);
name_text(Name) -> Name.

%% @doc The help text of a command.
-spec help(command()) -> string().
help(Command) -> help(Command, #{}).

%% @doc As help/1, with options: command, the way to an inner command; columns; progname.
-spec help(command(), parser_options()) -> string().
help(Command, Options) ->
    Path = maps:get(command, Options, []),
    {Chosen, Arguments} = descend(Command, Path, []),
    Visible = [Argument || Argument <- Arguments, maps:get(help, Argument, "") =/= hidden],
    {Opts, Pos} = lists:partition(fun is_option/1, Visible),
    Commands = [{Name, Sub} || {Name, Sub} <- lists:sort(maps:to_list(maps:get(commands, Chosen, #{}))),
                               maps:get(help, Sub, "") =/= hidden],
    About = case maps:get(help, Chosen, "") of
                "" -> "";
                Text when is_list(Text); is_binary(Text) -> [Text, "\n\n"];
                _ -> ""
            end,
    Usage = usage([progname(Options) | Path], Commands, Opts, Pos, maps:get(columns, Options, 80)),
    Width = lists:max([0 | [string:length(Left) || {Left, _} <- rows(Commands, Pos, Opts)]]),
    unicode:characters_to_list(
      [About, Usage,
       section("Subcommands", [{Name, command_help(Sub)} || {Name, Sub} <- Commands], Width),
       section("Arguments", [{name_text(Name), argument_help(A)} || #{name := Name} = A <- Pos], Width),
       section("Optional arguments", [{flags(A), argument_help(A)} || A <- Opts], Width)]).

descend(Command, [], Arguments) -> {Command, Arguments ++ maps:get(arguments, Command, [])};
descend(Command, [Name | Path], Arguments) ->
    descend(maps:get(Name, maps:get(commands, Command)), Path, Arguments ++ maps:get(arguments, Command, [])).

rows(Commands, Pos, Opts) ->
    Commands ++ [{name_text(Name), A} || #{name := Name} = A <- Pos] ++ [{flags(A), A} || A <- Opts].

section(_, [], _) -> "";
section(Title, Rows, Width) ->
    ["\n", Title, ":\n" | [["  ", string:pad(Left, Width), " ", Right, "\n"] || {Left, Right} <- Rows]].

flags(#{short := Short, long := Long}) -> lists:flatten([$-, Short, ", -", Long]);
flags(#{short := Short}) -> [$-, Short];
flags(#{long := Long}) -> [$- | Long].

command_help(Command) ->
    case maps:get(help, Command, "") of
        Text when is_list(Text); is_binary(Text) -> Text;
        _ -> ""
    end.

argument_help(#{name := Name} = Argument) ->
    Text = case maps:get(help, Argument, none) of
               none -> name_text(Name);
               {_, [_ | _] = Parts} -> [case Part of
                                            type -> type_text(Argument);
                                            default -> io_lib:format("~tp", [maps:get(default, Argument, "")]);
                                            _ -> Part
                                        end || Part <- Parts];
               Given -> Given
           end,
    Facts = [T || T <- [type_text(Argument)], T =/= ""]
        ++ [io_lib:format("~tp", [Default]) || #{default := Default} <- [Argument]],
    case Facts of
        [] -> Text;
        [Only] when not is_map_key(default, Argument) -> [Text, " (", Only, ")"];
        [Only] -> [Text, ", default: ", Only];
        [Type, Default] -> [Text, " (", Type, "), default: ", Default]
    end.

type_text(#{type := Type}) ->
    case Type of
        integer -> "int";
        float -> "float";
        {integer, Rule} -> rule_text("int", Rule);
        {float, Rule} -> rule_text("float", Rule);
        {string, [C | _] = Choices} when not is_integer(C) -> ["choice: ", lists:join(", ", Choices)];
        {string, Pattern} when not is_tuple(Pattern) -> ["string re: ", Pattern];
        {string, {Pattern, _}} -> ["string re: ", Pattern];
        {binary, [C | _] = Choices} when is_binary(C) -> ["choice: ", lists:join(", ", Choices)];
        {binary, _} -> "binary";
        binary -> "binary";
        atom -> "existing atom";
        {atom, unsafe} -> "atom";
        {atom, Choices} -> ["choice: ", lists:join(", ", [atom_to_list(A) || A <- Choices])];
        _ -> ""
    end;
type_text(_) -> "".

rule_text(Type, [Tuple | _] = Rule) when is_tuple(Tuple) ->
    case {proplists:get_value(min, Rule), proplists:get_value(max, Rule)} of
        {undefined, Max} -> io_lib:format("~s <= ~w", [Type, Max]);
        {Min, undefined} -> io_lib:format("~s >= ~w", [Type, Min]);
        {Min, Max} -> io_lib:format("~w <= ~s <= ~w", [Min, Type, Max])
    end;
rule_text(_, Choices) -> ["choice: ", lists:join(", ", [io_lib:format("~w", [C]) || C <- Choices])].

%% Flags without values stand together.
usage(Path, Commands, Opts, Pos, Columns) ->
    Simple = [Short || #{short := Short} = A <- Opts, not takes_value(A), not is_required(A)],
    Others = [A || A <- Opts, not (is_map_key(short, A) andalso not takes_value(A) andalso not is_required(A))],
    Words = [lists:flatten(["{", lists:join("|", [Name || {Name, _} <- Commands]), "}"]) || Commands =/= []]
        ++ ["[-" ++ Simple ++ "]" || Simple =/= []]
        ++ [lists:flatten(usage_option(A)) || A <- Others]
        ++ [lists:flatten(usage_positional(A)) || A <- Pos],
    Head = "  " ++ lists:flatten(lists:join(" ", Path)),
    ["Usage:\n", wrapped(Words, Head, length(Head), Columns), "\n"].

usage_option(Argument) ->
    Flag = short_name(Argument),
    Text = case takes_value(Argument) of
               true -> [Flag, " ", value_text(Argument)];
               false -> Flag
           end,
    case is_required(Argument) of
        true -> Text;
        false -> ["[", Text, "]"]
    end.

usage_positional(Argument) ->
    case is_required(Argument) of
        true -> value_text(Argument);
        false -> ["[", value_text(Argument), "]"]
    end.

value_text(#{name := Name} = Argument) ->
    Value = ["<", name_text(Name), ">"],
    case maps:get(nargs, Argument, 1) of
        N when N =:= list; N =:= nonempty_list; N =:= all; is_integer(N), N > 1 -> [Value, "..."];
        _ -> Value
    end.

wrapped([Word | Words], Line, Column, Columns) ->
    case Column + 1 + length(Word) > Columns of
        true -> [Line, "\n" | wrapped(Words, "      " ++ Word, 6 + length(Word), Columns)];
        false -> wrapped(Words, Line ++ " " ++ Word, Column + 1 + length(Word), Columns)
    end;
wrapped([], Line, _, _) -> Line.
