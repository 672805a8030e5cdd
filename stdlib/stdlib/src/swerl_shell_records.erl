%%% Record definitions in the shell: reading them from files, keeping them, and expanding the
%%% records in an expression to what they stand for.
-module(swerl_shell_records).

-export([new/0, attributes/1, select/2, forget/2, define/3, read/4, print_fun/1, expand/2]).

-export_type([table/0]).

-type record_attribute() :: {attribute, erl_anno:anno(), record, {atom(), [tuple()]}}.
%% Definitions by name, in the order of the names.
-opaque table() :: orddict:orddict(atom(), record_attribute()).

-spec new() -> table().
new() -> orddict:new().

%% All definitions, as attributes.
-spec attributes(table()) -> [record_attribute()].
attributes(Table) ->
    [Attribute || {_, Attribute} <- Table].

%% The definitions of the named records, in the order asked for; of all with '_'.
-spec select(atom() | [atom()], table()) -> [record_attribute()].
select(Names, Table) ->
    case is_all(Names) of
        true -> attributes(Table);
        false ->
            lists:append([case orddict:find(Name, Table) of
                              {ok, Attribute} -> [Attribute];
                              error -> []
                          end || Name <- as_list(Names)])
    end.

-spec forget(atom() | [atom()], table()) -> table().
forget(Names, Table) ->
    case is_all(Names) of
        true -> new();
        false -> lists:foldl(fun orddict:erase/2, Table, as_list(Names))
    end.

is_all(Names) -> lists:member('_', as_list(Names)).

as_list(Names) when is_list(Names) -> Names;
as_list(Name) -> [Name].

%% Defines a record from its fields, as written in a call of rd/2.
-spec define(atom(), erl_parse:abstract_expr(), table()) -> {ok, table()} | {error, string()}.
define(Name, {tuple, A, Fields}, Table) ->
    try [field(F) || F <- Fields] of
        Defined -> {ok, orddict:store(Name, {attribute, A, record, {Name, Defined}}, Table)}
    catch
        throw:bad_field -> {error, "bad record field"}
    end;
define(_Name, _Other, _Table) ->
    {error, "bad record declaration"}.

field({atom, A, _} = Name) -> {record_field, A, Name};
field({match, A, {atom, _, _} = Name, Default}) -> {record_field, A, Name, Default};
field(_) -> throw(bad_field).

%%% Reading.

%% Reads definitions out of files (a name with wildcards, or several) or of a module.
-spec read(term(), term(), term(), table()) -> {ok, [atom()], table()} | {error, term()}.
read(File, Names, Options, Table0) ->
    case read_any(File, as_list(Options)) of
        {ok, Attributes0} ->
            Attributes = [At || {attribute, _, record, {Name, _}} = At <- Attributes0,
                                is_all(Names) orelse lists:member(Name, as_list(Names))],
            Table = lists:foldl(fun({attribute, _, record, {Name, _}} = At, T) ->
                                        orddict:store(Name, At, T)
                                end, Table0, Attributes),
            {ok, lists:usort([Name || {attribute, _, record, {Name, _}} <- Attributes]), Table};
        {error, _} = Error ->
            Error
    end.

read_any(Module, Options) when is_atom(Module) ->
    read_module(Module, Options);
read_any([H | _] = Name, Options) when is_integer(H) ->
    read_all(filelib:wildcard(Name), Options);
read_any([H | _] = Names, Options) when is_list(H) ->
    read_all(Names, Options);
read_any(_, _Options) ->
    {error, invalid_filename}.

read_all(Files, Options) ->
    read_all(Files, Options, []).

read_all([File | Files], Options, Acc) ->
    case read_file(File, Options) of
        {ok, Attributes} -> read_all(Files, Options, [Attributes | Acc]);
        {error, _} = Error -> Error
    end;
read_all([], _Options, Acc) ->
    {ok, lists:append(lists:reverse(Acc))}.

read_file(File, Options) ->
    case filename:extension(File) of
        ".beam" ->
            read_beam(File, Options);
        _ ->
            Defines = [case D of {d, Macro} -> Macro; {d, Macro, V} -> {Macro, V} end
                       || D <- Options, is_define(D)],
            Path = [filename:dirname(File) | [Dir || {i, Dir} <- Options]],
            case epp:parse_file(File, Path, Defines) of
                {ok, Forms} -> {ok, record_attributes(Forms)};
                {error, _} = Error -> Error
            end
    end.

is_define({d, _}) -> true;
is_define({d, _, _}) -> true;
is_define(_) -> false.

record_attributes(Forms) ->
    [At || {attribute, _, record, _} = At <- Forms].

read_module(Module, Options) ->
    case code:which(Module) of
        File when is_list(File) -> read_beam(File, Options);
        _ ->
            %% A module of the system itself has no file of its own.
            case code:get_object_code(Module) of
                {Module, Binary, _} -> read_code(Binary, Options);
                error -> {error, nofile}
            end
    end.

read_beam(File, Options) ->
    case file:read_file(File) of
        {ok, Binary} -> read_code(Binary, Options);
        {error, _} -> {error, nofile}
    end.

%% The forms are in the debug information or else in the source that the file names.
read_code(Binary, Options) ->
    case beam_lib:chunks(Binary, [abstract_code, compile_info]) of
        {ok, {_, [{abstract_code, {_, Forms}} | _]}} ->
            {ok, record_attributes(Forms)};
        {ok, {_, [{abstract_code, no_abstract_code}, {compile_info, Info}]}} ->
            case proplists:get_value(source, Info) of
                Source when is_list(Source) ->
                    case filelib:is_regular(Source) of
                        true -> read_file(Source, proplists:get_value(options, Info, []) ++ Options);
                        false -> {error, nofile}
                    end;
                _ -> {error, nofile}
            end;
        {error, beam_lib, Reason} ->
            {error, Reason}
    end.

%%% Printing.

%% For the printing of values: the field names of a record with that many fields, or no.
-spec print_fun(table()) -> fun((atom(), non_neg_integer()) -> [atom()] | no).
print_fun(Table) ->
    fun(Name, Count) ->
            case orddict:find(Name, Table) of
                {ok, {attribute, _, record, {_, Fields}}} when length(Fields) =:= Count ->
                    [field_name(F) || F <- Fields];
                _ ->
                    no
            end
    end.

field_name(F) -> element(1, name_and_default(F)).

name_and_default({record_field, A, {atom, _, Name}}) -> {Name, {atom, A, undefined}};
name_and_default({record_field, _, {atom, _, Name}, Default}) -> {Name, Default};
name_and_default({typed_record_field, F, _Type}) -> name_and_default(F).

%%% Expansion. The expression was checked: its records and fields are defined.

-spec expand(erl_parse:abstract_expr(), table()) -> erl_parse:abstract_expr().
expand(E, []) ->
    E;
expand(E, Table) ->
    Defs = maps:from_list([{Name, [name_and_default(F) || F <- Fields]}
                           || {Name, {attribute, _, record, {_, Fields}}} <- Table]),
    {Expanded, _} = expr(E, {Defs, 0}),
    Expanded.

%% The state is the definitions and a count for fresh variables.
expr({record, A, Name, Fields}, {Defs, _} = St0) ->
    {Values, Rest, St} = given_fields(Fields, St0, fun expr/2),
    {Es, St1} = lists:mapfoldl(
                  fun({Field, Default}, St1) ->
                          case {maps:find(Field, Values), Rest} of
                              {{ok, V}, _} -> {V, St1};
                              {error, {ok, V}} -> {V, St1};
                              {error, none} -> expr(Default, St1)
                          end
                  end, St, maps:get(Name, Defs)),
    {{tuple, A, [{atom, A, Name} | Es]}, St1};
expr({record_index, A, Name, {atom, _, Field}}, {Defs, _} = St) ->
    {{integer, A, index(Field, maps:get(Name, Defs))}, St};
expr({record_field, A, E0, Name, {atom, _, Field}}, {Defs, _} = St0) ->
    {E, St1} = expr(E0, St0),
    Def = maps:get(Name, Defs),
    {Var, St2} = fresh(A, St1),
    Pattern = {tuple, A, [{atom, A, Name}
                          | [case F of Field -> Var; _ -> {var, A, '_'} end || {F, _} <- Def]]},
    or_bad_record(A, [E], [Pattern], Var, St2);
expr({record, A, E0, Name, Updates}, {Defs, _} = St0) ->
    {E, St1} = expr(E0, St0),
    {Values, _, St2} = given_fields(Updates, St1, fun expr/2),
    {Fields, St3} = lists:mapfoldl(
                      fun({F, _}, St) ->
                              {Var, StF} = fresh(A, St),
                              {{Var, maps:find(F, Values)}, StF}
                      end, St2, maps:get(Name, Defs)),
    Tag = {atom, A, Name},
    Kept = [case V of error -> Var; {ok, _} -> {var, A, '_'} end || {Var, V} <- Fields],
    or_bad_record(A, [E | [V || {_, {ok, V}} <- Fields]],
                  [{tuple, A, [Tag | Kept]} | [Var || {Var, {ok, _}} <- Fields]],
                  {tuple, A, [Tag | [Var || {Var, _} <- Fields]]}, St3);
expr({call, A, {atom, CA, is_record}, [E0, {atom, _, Name} = Tag]}, {Defs, _} = St0) ->
    {E, St} = expr(E0, St0),
    Erlang = {remote, CA, {atom, CA, erlang}, {atom, CA, is_record}},
    {{call, A, Erlang, [E, Tag, {integer, A, size(Name, Defs)}]}, St};
expr({call, A, {remote, _, {atom, _, erlang}, {atom, FA, is_record}}, [E, {atom, _, _} = Tag]},
     St) ->
    expr({call, A, {atom, FA, is_record}, [E, Tag]}, St);
expr({call, A, {atom, _, record_info}, [{atom, _, fields}, {atom, _, Name}]}, {Defs, _} = St) ->
    {erl_parse:abstract([F || {F, _} <- maps:get(Name, Defs)],
                        [{location, erl_anno:location(A)}]), St};
expr({call, A, {atom, _, record_info}, [{atom, _, size}, {atom, _, Name}]}, {Defs, _} = St) ->
    {{integer, A, size(Name, Defs)}, St};
expr({match, A, P0, E0}, St0) ->
    {P, St1} = pattern(P0, St0),
    {E, St} = expr(E0, St1),
    {{match, A, P, E}, St};
expr({maybe_match, A, P0, E0}, St0) ->
    {P, St1} = pattern(P0, St0),
    {E, St} = expr(E0, St1),
    {{maybe_match, A, P, E}, St};
expr({Generate, A, P0, E0}, St0)
  when Generate =:= generate; Generate =:= generate_strict; Generate =:= b_generate;
       Generate =:= b_generate_strict; Generate =:= m_generate; Generate =:= m_generate_strict ->
    {P, St1} = pattern(P0, St0),
    {E, St} = expr(E0, St1),
    {{Generate, A, P, E}, St};
expr({clause, A, Ps0, Guard0, Body0}, St0) ->
    {Ps, St1} = pattern(Ps0, St0),
    {Guard, St2} = guard(Guard0, St1),
    {Body, St} = expr(Body0, St2),
    {{clause, A, Ps, Guard, Body}, St};
expr({value, _, _} = Value, St) ->
    {Value, St};
expr({string, _, _} = String, St) ->
    {String, St};
expr(Other, St) ->
    below(Other, St, fun expr/2).

%% The same in all parts of an abstract term.
below(Tuple, St0, Expand) when is_tuple(Tuple) ->
    {Elements, St} = lists:mapfoldl(Expand, St0, tuple_to_list(Tuple)),
    {list_to_tuple(Elements), St};
below([_ | _] = List, St0, Expand) ->
    below_list(List, St0, Expand);
below(Other, St, _Expand) ->
    {Other, St}.

below_list([H0 | T0], St0, Expand) ->
    {H, St1} = Expand(H0, St0),
    {T, St} = below(T0, St1, Expand),
    {[H | T], St};
below_list(Other, St, _Expand) ->
    {Other, St}.

%% The fields with a value, and the value for all others.
given_fields(Fields, St0, Expand) ->
    lists:foldl(fun({record_field, _, Name, E0}, {Values, Rest, St1}) ->
                        {E, St2} = Expand(E0, St1),
                        case Name of
                            {atom, _, Field} -> {maps:put(Field, E, Values), Rest, St2};
                            {var, _, '_'} -> {Values, {ok, E}, St2}
                        end
                end, {#{}, none, St0}, Fields).

%% A fun applied to the record and the new values of fields; what is no such record is the error
%% badrecord. The variables are those of the fun: none of them stays bound.
or_bad_record(A, Args, [_ | Others] = Params, Value, St0) ->
    {Var, St} = fresh(A, St0),
    Error = {call, A, {remote, A, {atom, A, erlang}, {atom, A, error}},
             [{tuple, A, [{atom, A, badrecord}, Var]}]},
    Rest = [{var, A, '_'} || _ <- Others],
    Fun = {'fun', A, {clauses, [{clause, A, Params, [], [Value]},
                                {clause, A, [Var | Rest], [], [Error]}]}},
    {{call, A, Fun, Args}, St}.

fresh(A, {Defs, N}) ->
    {{var, A, list_to_atom("rec" ++ integer_to_list(N))}, {Defs, N + 1}}.

index(Field, Def) -> index(Field, Def, 2).

index(Field, [{Field, _} | _], I) -> I;
index(Field, [_ | Def], I) -> index(Field, Def, I + 1).

size(Name, Defs) -> length(maps:get(Name, Defs)) + 1.

%% A record in a pattern: the fields not given match anything.
pattern({record, A, Name, Fields}, {Defs, _} = St0) ->
    {Values, Rest, St} = given_fields(Fields, St0, fun pattern/2),
    Default = case Rest of
                  {ok, P} -> P;
                  none -> {var, A, '_'}
              end,
    Ps = [maps:get(F, Values, Default) || {F, _} <- maps:get(Name, Defs)],
    {{tuple, A, [{atom, A, Name} | Ps]}, St};
pattern({record_index, _, _, _} = Index, St) ->
    expr(Index, St);
pattern({string, _, _} = String, St) ->
    {String, St};
pattern({value, _, _} = Value, St) ->
    {Value, St};
pattern(Other, St) ->
    below(Other, St, fun pattern/2).

%% In a guard a field is taken with element/2, after a test that it is such a record.
guard(Alternatives, {Defs, _} = St) ->
    {[[guard_test(Test, Defs) || Test <- Tests] || Tests <- Alternatives], St}.

guard_test(Test0, Defs) ->
    {Test, Needed} = guard_expr(Test0, Defs, []),
    A = element(2, Test0),
    lists:foldl(fun({E, Name}, Acc) ->
                        IsRecord = {call, A, {remote, A, {atom, A, erlang}, {atom, A, is_record}},
                                    [E, {atom, A, Name}, {integer, A, size(Name, Defs)}]},
                        {op, A, 'andalso', IsRecord, Acc}
                end, Test, Needed).

guard_expr({record_field, A, E0, Name, {atom, _, Field}}, Defs, Needed0) ->
    {E, Needed} = guard_expr(E0, Defs, Needed0),
    Index = {integer, A, index(Field, maps:get(Name, Defs))},
    Call = {call, A, {remote, A, {atom, A, erlang}, {atom, A, element}}, [Index, E]},
    {Call, [{E, Name} | Needed]};
guard_expr({Literal, _, _} = E, _Defs, Needed) when Literal =:= string; Literal =:= value ->
    {E, Needed};
guard_expr(E, Defs, Needed)
  when element(1, E) =:= record; element(1, E) =:= record_index ->
    {Expanded, _} = expr(E, {Defs, 0}),
    {Expanded, Needed};
guard_expr({call, _, {atom, _, is_record}, [_, _]} = E, Defs, Needed) ->
    {Expanded, _} = expr(E, {Defs, 0}),
    {Expanded, Needed};
guard_expr(Tuple, Defs, Needed0) when is_tuple(Tuple) ->
    {Es, Needed} = guard_expr(tuple_to_list(Tuple), Defs, Needed0),
    {list_to_tuple(Es), Needed};
guard_expr([H0 | T0], Defs, Needed0) ->
    {H, Needed1} = guard_expr(H0, Defs, Needed0),
    {T, Needed} = guard_expr(T0, Defs, Needed1),
    {[H | T], Needed};
guard_expr(Other, _Defs, Needed) ->
    {Other, Needed}.
