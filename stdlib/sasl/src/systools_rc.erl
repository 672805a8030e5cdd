%%% Scripts of release changes: from the instructions that programmers write in .appup files to the
%%% instructions that release_handler carries out.
-module(systools_rc).

-export([translate_scripts/3, translate_scripts/4, format_error/1]).

-include("systools_application.hrl").

%% An instruction that exchanges code, as part of a group: kind is dynamic, static or none (nothing is
%% suspended).
-record(exchange, {module, kind, timeout = default, change = soft, pre, post, needs = []}).

%% @doc As translate_scripts/4, upwards.
translate_scripts(Scripts, Applications, Before) -> translate_scripts(up, Scripts, Applications, Before).

%% @doc The script of all scripts: {ok, Instructions} or {error, Module, Error}. Mode is up or dn,
%% Applications what there is after the change, Before what there was.
translate_scripts(Mode, Scripts, Applications, Before) ->
    try
        Given0 = lists:append(Scripts),
        _ = [check(Instruction) || Instruction <- Given0],
        Script0 = expand(Given0, Applications, Before),
        check_modules(Script0, Applications, Before),
        {Script, Restart} = without_restart(Mode, Script0),
        {Early, Late} = at_point(Script),
        {Code, Rest} = object_code(groups(Late), Applications, Mode),
        {Given, EarlyRest} = lists:partition(fun is_object_code/1, Early),
        AllCode = merged(Given ++ Code),
        check_pairs(Rest),
        check_code(Rest, [Module || {load_object_code, {_, _, Modules}} <- AllCode, Module <- Modules]),
        {ok, first_restart(Mode, Restart) ++ AllCode ++ EarlyRest ++ [point_of_no_return] ++ Rest
         ++ last_restart(Mode, Restart)}
    catch
        throw:{wrong, Error} -> {error, ?MODULE, Error}
    end.

wrong(Error) -> throw({wrong, Error}).

is_object_code({load_object_code, _}) -> true;
is_object_code(_) -> false.

%%% Applications as a whole.

expand([{add_application, Name} | Script], Applications, Before) ->
    expand([{add_application, Name, permanent} | Script], Applications, Before);
expand([{add_application, Name, Type} | Script], Applications, Before) ->
    #application{modules = Modules} = application(Name, Applications),
    added(Modules, Name, Type) ++ expand(Script, Applications, Before);
expand([{remove_application, Name} | Script], Applications, Before) ->
    case lists:keymember(Name, #application.name, Applications) of
        true -> wrong({removed_application_present, Name});
        false -> ok
    end,
    #application{modules = Modules} = application(Name, Before),
    removed(Modules, Name) ++ [{apply, {application, unload, [Name]}}] ++ expand(Script, Applications, Before);
expand([{restart_application, Name} | Script], Applications, Before) ->
    #application{modules = Old} = application(Name, Before),
    #application{modules = New, type = Type} = application(Name, Applications),
    removed(Old, Name) ++ added(New, Name, Type) ++ expand(Script, Applications, Before);
expand([Instruction | Script], Applications, Before) ->
    [Instruction | expand(Script, Applications, Before)];
expand([], _, _) -> [].

application(Name, Applications) ->
    case lists:keyfind(Name, #application.name, Applications) of
        false -> wrong({no_such_application, Name});
        Application -> Application
    end.

added(Modules, Name, Type) ->
    [{add_module, Module, []} || Module <- Modules]
        ++ case Type of
               none -> [];
               load -> [{apply, {application, load, [Name]}}];
               _ -> [{apply, {application, start, [Name, Type]}}]
           end.

removed(Modules, Name) ->
    [{apply, {application, stop, [Name]}}]
        ++ [{remove, {Module, brutal_purge, brutal_purge}} || Module <- Modules]
        ++ [{purge, Modules} || Modules =/= []].

%%% Checks.

check(Instruction) ->
    case Instruction of
        {load_object_code, {Name, Vsn, Modules}} when is_atom(Name), is_list(Vsn), is_list(Modules) -> ok;
        point_of_no_return -> ok;
        {load, {Module, Pre, Post}} when is_atom(Module) -> purge_method(Pre), purge_method(Post);
        {remove, {Module, Pre, Post}} when is_atom(Module) -> purge_method(Pre), purge_method(Post);
        {purge, Modules} when is_list(Modules) -> ok;
        {suspend, Modules} when is_list(Modules) -> ok;
        {resume, Modules} when is_list(Modules) -> ok;
        {code_change, Modules} when is_list(Modules) -> code_changes(Modules);
        {code_change, Mode, Modules} when is_list(Modules), (Mode =:= up orelse Mode =:= down) -> code_changes(Modules);
        {stop, Modules} when is_list(Modules) -> ok;
        {start, Modules} when is_list(Modules) -> ok;
        {sync_nodes, _, {M, F, Args}} -> call(M, F, Args);
        {sync_nodes, _, Nodes} when is_list(Nodes) -> _ = [is_atom(Node) orelse wrong({bad_node, Node}) || Node <- Nodes], ok;
        {apply, {M, F, Args}} -> call(M, F, Args);
        {add_application, Name} -> application_name(Name);
        {add_application, Name, Type} -> application_name(Name), start_type(Type);
        {remove_application, Name} -> application_name(Name);
        {restart_application, Name} -> application_name(Name);
        restart_new_emulator -> ok;
        restart_emulator -> ok;
        {delete_module, Module} when is_atom(Module) -> ok;
        {delete_module, Module, Needs} when is_atom(Module), is_list(Needs) -> ok;
        _ ->
            case exchange(Instruction) of
                #exchange{pre = Pre, post = Post} -> purge_method(Pre), purge_method(Post);
                none -> wrong({bad_instruction, Instruction})
            end
    end.

code_changes(Modules) ->
    _ = [case Change of
             {Module, _} when is_atom(Module) -> ok;
             _ -> wrong({bad_code_change, Change})
         end || Change <- Modules],
    ok.

call(M, _, _) when not is_atom(M) -> wrong({bad_module, M});
call(_, F, _) when not is_atom(F) -> wrong({bad_func, F});
call(_, _, Args) when not is_list(Args) -> wrong({bad_args_list, Args});
call(_, _, _) -> ok.

application_name(Name) when is_atom(Name) -> ok;
application_name(Name) -> wrong({bad_application, Name}).

start_type(Type) ->
    lists:member(Type, [none, load, temporary, transient, permanent]) orelse wrong({bad_start_type, Type}).

%% What is suspended has to be resumed, and what is stopped to be started; and the other way round.
check_pairs(Script) ->
    Modules = fun(Key) -> lists:append([Ms || {K, Ms} <- Script, K =:= Key]) end,
    Suspended = [case Module of
                     {Name, _} -> Name;
                     Name -> Name
                 end || Module <- Modules(suspend)],
    _ = [wrong({Wrong, Left}) || {Wrong, [_ | _] = Left} <- [{suspended_not_resumed, Suspended -- Modules(resume)},
                                                            {resumed_not_suspended, Modules(resume) -- Suspended},
                                                            {stop_not_start, Modules(stop) -- Modules(start)},
                                                            {start_not_stop, Modules(start) -- Modules(stop)}]],
    ok.

check_code(Script, Read) ->
    _ = [wrong({no_object_code, Module}) || {load, {Module, _, _}} <- Script, not lists:member(Module, Read)],
    ok.

purge_method(brutal_purge) -> ok;
purge_method(soft_purge) -> ok;
purge_method(Other) -> wrong({bad_purge_method, Other}).

exchange(Instruction) ->
    Brutal = brutal_purge,
    case Instruction of
        {update, M} when is_atom(M) -> update(M, dynamic, default, soft, Brutal, Brutal, []);
        {update, M, supervisor} when is_atom(M) -> update(M, static, default, {advanced, []}, Brutal, Brutal, []);
        {update, M, Needs} when is_atom(M), is_list(Needs) ->
            update(M, dynamic, default, soft, Brutal, Brutal, Needs);
        {update, M, Change} when is_atom(M), not is_atom(Change) orelse Change =:= soft -> update(M, dynamic, default, Change, Brutal, Brutal, []);
        {update, M, Change, Needs} -> update(M, dynamic, default, Change, Brutal, Brutal, Needs);
        {update, M, Change, Pre, Post, Needs} -> update(M, dynamic, default, Change, Pre, Post, Needs);
        {update, M, Timeout, Change, Pre, Post, Needs} -> update(M, dynamic, Timeout, Change, Pre, Post, Needs);
        {update, M, Kind, Timeout, Change, Pre, Post, Needs} -> update(M, Kind, Timeout, Change, Pre, Post, Needs);
        {load_module, M} -> load(M, Brutal, Brutal, []);
        {load_module, M, Needs} -> load(M, Brutal, Brutal, Needs);
        {load_module, M, Pre, Post, Needs} -> load(M, Pre, Post, Needs);
        {add_module, M} -> load(M, Brutal, Brutal, []);
        {add_module, M, Needs} -> load(M, Brutal, Brutal, Needs);
        _ -> none
    end.

update(M, Kind, Timeout, Change, Pre, Post, Needs) when is_atom(M), is_list(Needs) ->
    Kind =:= dynamic orelse Kind =:= static orelse wrong({bad_mod_type, Kind}),
    Timeout =:= default orelse Timeout =:= infinity orelse is_integer(Timeout) andalso Timeout > 0
        orelse wrong({bad_timeout, Timeout}),
    case Change of
        soft -> ok;
        {advanced, _} -> ok;
        _ -> wrong({bad_change, Change})
    end,
    #exchange{module = M, kind = Kind, timeout = Timeout, change = Change, pre = Pre, post = Post, needs = Needs};
update(_, _, _, _, _, _, _) -> none.

load(M, Pre, Post, Needs) when is_atom(M), is_list(Needs) ->
    #exchange{module = M, kind = none, pre = Pre, post = Post, needs = Needs};
load(_, _, _, _) -> none.

%% Each module is there and exchanged once, and what it needs is exchanged too.
check_modules(Script, Applications, Before) ->
    Exchanges = [Exchange || Instruction <- Script, #exchange{} = Exchange <- [exchange_of(Instruction)]],
    Modules = [Module || #exchange{module = Module} <- Exchanges],
    case Modules -- lists:usort(Modules) of
        [Module | _] -> wrong({muldef_module, Module});
        [] -> ok
    end,
    _ = [owner(Module, Applications) || Module <- Modules],
    _ = [wrong({undef_module, Need}) || #exchange{needs = Needs} <- Exchanges, Need <- Needs,
                                        not lists:member(Need, Modules)],
    _ = [owner(Module, Before) || {delete_module, Module} <- Script],
    case length([point || point_of_no_return <- Script]) of
        N when N > 1 -> wrong(too_many_point_of_no_return);
        _ -> ok
    end.

exchange_of(Instruction) when is_tuple(Instruction) -> exchange(Instruction);
exchange_of(_) -> none.

owner(Module, Applications) ->
    case [Application || #application{modules = Modules} = Application <- Applications,
                         lists:member(Module, Modules)] of
        [Application | _] -> Application;
        [] -> wrong({no_such_module, Module})
    end.

%%% Order.

%% Restarts of the emulator stand at the ends of a script.
without_restart(_, Script) ->
    {[Instruction || Instruction <- Script, Instruction =/= restart_new_emulator, Instruction =/= restart_emulator],
     [Instruction || Instruction <- Script, Instruction =:= restart_new_emulator orelse Instruction =:= restart_emulator]}.

first_restart(up, Restarts) -> [restart_new_emulator || lists:member(restart_new_emulator, Restarts)];
first_restart(_, _) -> [].

last_restart(up, Restarts) -> [restart_emulator || lists:member(restart_emulator, Restarts)];
last_restart(_, Restarts) -> [restart_emulator || Restarts =/= []].

at_point(Script) ->
    case lists:splitwith(fun(Instruction) -> Instruction =/= point_of_no_return end, Script) of
        {Early, [point_of_no_return | Late]} -> {Early, Late};
        {_, []} -> lists:partition(fun is_object_code/1, Script)
    end.

%% Exchanges that need one another, directly or not, stand together where the first of them stood.
groups([Instruction | Script]) ->
    case exchange_of(Instruction) of
        #exchange{} = First ->
            {Group, Rest} = grow([First], Script),
            [{group, Group} | groups(Rest)];
        none -> [Instruction | groups(Script)]
    end;
groups([]) -> [].

grow(Group, Script) ->
    Joins = fun(Instruction) ->
                    case exchange_of(Instruction) of
                        #exchange{} = Exchange -> lists:any(fun(Member) -> related(Member, Exchange) end, Group);
                        none -> false
                    end
            end,
    case lists:partition(Joins, Script) of
        {[], _} -> {Group, Script};
        {Joining, Rest} -> grow(Group ++ [exchange(Instruction) || Instruction <- Joining], Rest)
    end.

related(#exchange{module = M1, needs = Needs1}, #exchange{module = M2, needs = Needs2}) ->
    lists:member(M2, Needs1) orelse lists:member(M1, Needs2).

%% Those that need others come before them.
in_order([]) -> [];
in_order(Group) ->
    Free = fun(#exchange{module = Module} = Exchange) ->
                   not lists:any(fun(Other) ->
                                         Other =/= Exchange andalso lists:member(Module, Other#exchange.needs)
                                 end, Group)
           end,
    case lists:filter(Free, Group) of
        [First | _] -> [First | in_order(lists:delete(First, Group))];
        [] -> [hd(Group) | in_order(tl(Group))]
    end.

%%% Low-level instructions.

%% {LoadObjectCode, Rest}.
object_code(Script, Applications, Mode) ->
    Loaded = [{Name, Vsn, Module} || {group, Group} <- Script, #exchange{module = Module} <- in_order(Group),
                                     #application{name = Name, vsn = Vsn} <- [owner(Module, Applications)]],
    Own = [Instruction || Instruction <- Script, is_object_code(Instruction)],
    Code = [{load_object_code, {Name, Vsn, [Module]}} || {Name, Vsn, Module} <- Loaded],
    Rest = lists:append([low_level(Instruction, Mode) || Instruction <- Script, not is_object_code(Instruction)]),
    {Own ++ Code, Rest}.

%% The modules of an application are read at once.
merged([{load_object_code, {Name, Vsn, Modules}} | Rest]) ->
    {Same, Others} = lists:partition(fun({load_object_code, {N, V, _}}) -> N =:= Name andalso V =:= Vsn end, Rest),
    More = lists:append([Ms || {load_object_code, {_, _, Ms}} <- Same]),
    [{load_object_code, {Name, Vsn, Modules ++ (More -- Modules)}} | merged(Others)];
merged([]) -> [].

low_level({group, Group}, Mode) ->
    Ordered = in_order(Group),
    Suspended = [Exchange || #exchange{kind = Kind} = Exchange <- Ordered, Kind =/= none],
    Suspend = [{suspend, [case Timeout of
                              default -> Module;
                              _ -> {Module, Timeout}
                          end || #exchange{module = Module, timeout = Timeout} <- Suspended]}
               || Suspended =/= []],
    Resume = [{resume, lists:reverse([Module || #exchange{module = Module} <- Suspended])} || Suspended =/= []],
    Loads = [{load, {Module, Pre, Post}} || #exchange{module = Module, pre = Pre, post = Post} <- Ordered],
    Changes = fun(Direction, Kinds) ->
                      case [{Module, Extra} || #exchange{module = Module, kind = Kind, change = {advanced, Extra}} <- Ordered,
                                               lists:member(Kind, Kinds)] of
                          [] -> [];
                          Changed -> [{code_change, Direction, Changed}]
                      end
              end,
    case Mode of
        up -> Suspend ++ lists:reverse(Loads) ++ Changes(up, [dynamic, static]) ++ Resume;
        _ -> Suspend ++ Changes(down, [dynamic]) ++ Loads ++ Changes(down, [static]) ++ Resume
    end;
low_level({delete_module, Module, _}, Mode) ->
    low_level({delete_module, Module}, Mode);
low_level({delete_module, Module}, _) ->
    [{remove, {Module, brutal_purge, brutal_purge}}, {purge, [Module]}];
low_level(Instruction, _) ->
    [Instruction].

%% @doc The text of an error.
format_error({bad_op_before_point_of_no_return, Instruction}) ->
    io_lib:format("Bad instruction ~tp~nbefore point_of_no_return~n", [Instruction]);
format_error({no_object_code, Module}) -> io_lib:format("No load_object_code found for module: ~tp~n", [Module]);
format_error({suspended_not_resumed, Modules}) -> io_lib:format("Suspended but not resumed: ~tp~n", [Modules]);
format_error({resumed_not_suspended, Modules}) -> io_lib:format("Resumed but not suspended: ~tp~n", [Modules]);
format_error({code_change_not_suspended, Modules}) ->
    io_lib:format("Code changed but not suspended: ~tp~n", [Modules]);
format_error({start_not_stop, Modules}) -> io_lib:format("Started but not stopped: ~tp~n", [Modules]);
format_error({stop_not_start, Modules}) -> io_lib:format("Stopped but not started: ~tp~n", [Modules]);
format_error({bad_purge_method, Method}) -> should("purge method", Method, "soft_purge | brutal_purge");
format_error({bad_timeout, Time}) -> should("timeout", Time, "infinity | int() > 0");
format_error({bad_mod_type, Type}) -> should("module type", Type, "static | dynamic");
format_error({bad_code_change, Change}) -> should("code_change", Change, "{Mod, Extra}");
format_error({bad_node, Node}) -> should("node", Node, "atom()");
format_error({bad_application, Name}) -> should("application", Name, "atom()");
format_error({bad_lib, Name}) -> should("library", Name, "atom()");
format_error({bad_lib_vsn, Vsn}) -> should("library version", Vsn, "string()");
format_error({bad_func, Name}) -> should("function", Name, "atom()");
format_error({conflicting_versions, Name, Vsn1, Vsn2}) ->
    io_lib:format("Conflicting versions for ~tp, ~tp and ~tp~n", [Name, Vsn1, Vsn2]);
format_error({no_such_application, Name}) ->
    io_lib:format("Started undefined application: ~tp~n", [Name]);
format_error({removed_application_present, Name}) ->
    io_lib:format("Removed application present: ~tp~n", [Name]);
format_error(too_many_point_of_no_return) -> "Too many point_of_no_return\n";
format_error({bad_instruction, Instruction}) -> io_lib:format("Bad instruction: ~tp~n", [Instruction]);
format_error({bad_change, Change}) -> io_lib:format("Bad change: ~tp~n", [Change]);
format_error({undef_module, Module}) -> io_lib:format("Undefined module: ~tp~n", [Module]);
format_error({muldef_module, Module}) -> io_lib:format("Multiply defined module: ~tp~n", [Module]);
format_error({no_such_module, Module}) -> io_lib:format("No such module: ~tp~n", [Module]);
format_error(Other) -> io_lib:format("~tp~n", [Other]).

should(What, Found, Wanted) -> io_lib:format("Bad ~ts: ~tp(should be ~ts)~n", [What, Found, Wanted]).
