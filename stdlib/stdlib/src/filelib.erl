%%% filelib: files by pattern, and questions about files.
-module(filelib).

-export([wildcard/1, wildcard/2, wildcard/3, is_dir/1, is_dir/2, is_file/1, is_file/2,
         is_regular/1, is_regular/2, fold_files/5, fold_files/6, last_modified/1,
         last_modified/2, file_size/1, file_size/2, ensure_dir/1, ensure_path/1, find_file/2,
         find_file/3, find_source/1, find_source/2, find_source/3, safe_relative_path/2,
         compile_wildcard/1]).

-export_type([filename/0, dirname/0, filename_all/0, dirname_all/0, find_file_rule/0,
              find_source_rule/0]).

-include_lib("kernel/include/file.hrl").

-type filename() :: file:name().
-type dirname() :: filename().
-type filename_all() :: file:name_all().
-type dirname_all() :: filename_all().
-type find_file_rule() :: {string(), string()}.
-type find_source_rule() :: {string(), string(), [find_file_rule()]}.

%%% Questions. The last argument is the module that reads: file or erl_prim_loader.

%% @doc Whether the name is that of a directory.
is_dir(Name) -> is_dir(Name, file).

%% @doc As is_dir/1, where a module (file, erl_prim_loader) reads.
is_dir(Name, Module) -> type(Name, Module) =:= directory.

%% @doc Whether the name is that of a file or a directory.
is_file(Name) -> is_file(Name, file).

%% @doc As is_file/1, where a module (file, erl_prim_loader) reads.
is_file(Name, Module) -> lists:member(type(Name, Module), [regular, directory]).

%% @doc Whether the name is that of a regular file, or of a link to one.
is_regular(Name) -> is_regular(Name, file).

%% @doc As is_regular/1, where a module (file, erl_prim_loader) reads.
is_regular(Name, Module) -> type(Name, Module) =:= regular.

type(Name, Module) ->
    case Module:read_file_info(Name) of
        {ok, #file_info{type = Type}} -> Type;
        _ -> none
    end.

%% @doc The local date and time at which a file was changed, or 0 where there is none.
last_modified(Name) -> last_modified(Name, file).

%% @doc As last_modified/1, where a module (file, erl_prim_loader) reads.
last_modified(Name, Module) ->
    case Module:read_file_info(Name) of
        {ok, #file_info{mtime = Time}} -> Time;
        _ -> 0
    end.

%% @doc The bytes of a file, or 0 where there is none.
file_size(Name) -> file_size(Name, file).

%% @doc As file_size/1, where a module (file, erl_prim_loader) reads.
file_size(Name, Module) ->
    case Module:read_file_info(Name) of
        {ok, #file_info{size = Size}} -> Size;
        _ -> 0
    end.

%%% Making directories.

%% @doc Makes all directories above the name that are not there: ok, or {error, Reason}.
ensure_dir(Name) ->
    Dir = filename:dirname(Name),
    case Dir =:= Name orelse Dir =:= "/" orelse Dir =:= <<"/">> of
        true -> ok;
        false -> ensure_path(Dir)
    end.

%% @doc As ensure_dir/1, and makes the directory with the name itself.
ensure_path(Path) ->
    case is_dir(Path) of
        true -> ok;
        false ->
            Parent = filename:dirname(Path),
            case Parent =:= Path of
                true -> {error, einval};
                false ->
                    %% What is wrong above shows up here.
                    _ = ensure_path(Parent),
                    make_dir(Path)
            end
    end.

make_dir(Path) ->
    case file:make_dir(Path) of
        {error, eexist} ->
            case is_dir(Path) of
                true -> ok;
                false -> {error, eexist}
            end;
        Result ->
            Result
    end.

%%% Folding over the files of a tree whose names match.

%% @doc Fun(File, Acc) for each regular file of a directory, and of those below if Recursive, whose name
%% (without directories) a regular expression matches; the last accumulator.
fold_files(Dir, RegExp, Recursive, Fun, Acc) ->
    fold_files(Dir, RegExp, Recursive, Fun, Acc, file).

%% @doc As fold_files/5, where a module (file, erl_prim_loader) reads.
fold_files(Dir, RegExp, Recursive, Fun, Acc, Module) ->
    {ok, Compiled} = re:compile(RegExp, [unicode]),
    fold_dir(Dir, Compiled, Recursive, Fun, Acc, Module).

fold_dir(Dir, RegExp, Recursive, Fun, Acc, Module) ->
    case Module:list_dir(Dir) of
        {ok, Names} -> fold_names(Names, Dir, RegExp, Recursive, Fun, Acc, Module);
        _ -> Acc
    end.

fold_names([Name | Names], Dir, RegExp, Recursive, Fun, Acc, Module) ->
    Full = filename:join(Dir, Name),
    New = case type(Full, Module) of
              regular ->
                  case re:run(Name, RegExp, [{capture, none}]) of
                      match -> Fun(Full, Acc);
                      nomatch -> Acc
                  end;
              directory when Recursive ->
                  fold_dir(Full, RegExp, Recursive, Fun, Acc, Module);
              _ ->
                  Acc
          end,
    fold_names(Names, Dir, RegExp, Recursive, Fun, New, Module);
fold_names([], _Dir, _RegExp, _Recursive, _Fun, Acc, _Module) ->
    Acc.

%%% Wildcards.

%% @doc The sorted names that match a pattern of ?, *, **, [a-z] and {a,b}; fails with {badpattern, _} for a bad one.
wildcard(Pattern) when is_list(Pattern) -> wildcard_in(Pattern, ".", file).

%% @doc As wildcard/1, with names below a directory; or where a module, which is an atom, reads.
wildcard(Pattern, Module) when is_list(Pattern), is_atom(Module) -> wildcard_in(Pattern, ".", Module);
wildcard(Pattern, Dir) when is_list(Pattern) -> wildcard_in(Pattern, Dir, file).

%% @doc As wildcard/2, below a directory where a module (file, erl_prim_loader) reads.
wildcard(Pattern, Dir, Module) when is_list(Pattern) -> wildcard_in(Pattern, Dir, Module).

wildcard_in(Pattern, Dir, Module) ->
    try
        Found = [find_parts(Parts, Root, Dir, Module)
                 || Expanded <- swerl_filelib_pattern:expand(filename:flatten(Pattern)),
                    {Root, Parts} <- [swerl_filelib_pattern:parse(Expanded)]],
        lists:usort(lists:append(Found))
    catch
        throw:{badpattern, _} = Reason -> error(Reason, [Pattern])
    end.

%% @doc The pattern as it is kept to be used later.
compile_wildcard(Pattern) ->
    {compiled_wildcard, Pattern}.

%% Root is what the names begin with: "" or "/".
find_parts(Parts, Root, Dir, Module) ->
    find(Parts, Root, Dir, Module).

%% Prefix is the part of the name that is settled, with its slash.
find([], _Prefix, _Dir, _Module) ->
    [];
find([double_star], Prefix, Dir, Module) ->
    %% At the end, all that is below.
    find([double_star, [star]], Prefix, Dir, Module);
find([Part], Prefix, Dir, Module) ->
    [Prefix ++ Name || Name <- names(Part, Prefix, Dir, Module)];
find([double_star | Parts], Prefix, Dir, Module) ->
    Here = find(Parts, Prefix, Dir, Module),
    Below = [find([double_star | Parts], Prefix ++ Name ++ "/", Dir, Module)
             || Name <- names([star], Prefix, Dir, Module),
                is_plain_dir(place(Prefix ++ Name, Dir), Module)],
    Here ++ lists:append(Below);
find([Part | Parts], Prefix, Dir, Module) ->
    lists:append([find(Parts, Prefix ++ Name ++ "/", Dir, Module)
                  || Name <- names(Part, Prefix, Dir, Module),
                     is_dir(place(Prefix ++ Name, Dir), Module)]).

%% Links to directories are not followed downwards: they may lead back up.
is_plain_dir(Name, Module) ->
    case Module:read_link_info(Name) of
        {ok, #file_info{type = Type}} -> Type =:= directory;
        _ -> false
    end.

place("/" ++ _ = Name, _Dir) -> Name;
place("", Dir) -> Dir;
place(Name, ".") -> Name;
place(Name, Dir) -> filename:join(Dir, Name).

names(Part, Prefix, Dir, Module) ->
    case swerl_filelib_pattern:literal(Part) of
        {ok, Name} ->
            case exists(place(Prefix ++ Name, Dir), Module) of
                true -> [Name];
                false -> []
            end;
        no ->
            case Module:list_dir(place(Prefix, Dir)) of
                {ok, Names} ->
                    lists:sort([Name || Name <- Names, is_list(Name),
                                        swerl_filelib_pattern:matches(Part, Name)]);
                _ ->
                    []
            end
    end.

exists(Name, Module) ->
    case Module:read_link_info(Name) of
        {ok, _} -> true;
        _ -> false
    end.

%%% Finding files by rules about the names of directories.

%% @doc A relative name without . and .. where it stays below the directory Cwd, links followed; else unsafe.
safe_relative_path(Name, Cwd) ->
    case filename:pathtype(Name) of
        relative -> follow(filename:split(Name), filename:split(Cwd), [], Name);
        _ -> unsafe
    end.

follow([Up | Parts], Cwd, Taken, Name) when Up =:= ".."; Up =:= <<"..">> ->
    case Taken of
        [] -> unsafe;
        [_ | Rest] -> follow(Parts, Cwd, Rest, Name)
    end;
follow([Here | Parts], Cwd, Taken, Name) when Here =:= "."; Here =:= <<".">> ->
    follow(Parts, Cwd, Taken, Name);
follow([Part | Parts], Cwd, Taken, Name) ->
    Below = filename:join(Cwd ++ lists:reverse([Part | Taken])),
    case file:read_link(Below) of
        {ok, Target} ->
            case filename:pathtype(Target) of
                relative -> follow(filename:split(Target) ++ Parts, Cwd, Taken, Name);
                _ -> unsafe
            end;
        {error, _} ->
            follow(Parts, Cwd, [Part | Taken], Name)
    end;
follow([], _Cwd, [], Name) when is_binary(Name) -> <<>>;
follow([], _Cwd, [], _Name) -> [];
follow([], _Cwd, Taken, _Name) -> filename:join(lists:reverse(Taken)).

%% @doc {ok, File}: a regular file in the directory, or one that lies beside it as sources do; {error, not_found}.
find_file(Name, Dir) -> find_file(Name, Dir, []).

%% @doc As find_file/2. The rules {From, To} say which end of the directory's name is replaced by what; To may be a pattern.
find_file(Name, Dir, []) ->
    find_file(Name, Dir, [{"", ""} | source_rules()]);
find_file(Name, Dir, Rules) ->
    candidates([File || Rule <- Rules, File <- files(Name, apply_rule(Dir, Rule))]).

candidates([File | Files]) ->
    case is_regular(File) of
        true -> {ok, File};
        false -> candidates(Files)
    end;
candidates([]) ->
    {error, not_found}.

%% What the rule leads to.
files(_Name, none) ->
    [];
files(Name, {plain, Dir}) ->
    [filename:join(Dir, Name)];
files(Name, {pattern, Dir}) ->
    wildcard(filename:join(Dir, Name)).

%% {"ebin", "src"}: a directory that ends so, ends otherwise.
apply_rule(Dir, {From, To}) ->
    case lists:suffix(From, Dir) andalso lists:sublist(Dir, length(Dir) - length(From)) ++ To of
        false ->
            none;
        "" ->
            none;
        New ->
            case lists:any(fun(Char) -> lists:member(Char, "*?[{") end, To) of
                true -> {pattern, New};
                false -> {plain, New}
            end
    end.

source_rules() -> [{"ebin", "src"}, {"ebin", "src/*"}, {"ebin", "esrc"}].

%% @doc {ok, File}: the source that a file was made from, found by its name and directory; {error, not_found}.
find_source(Path) ->
    find_source(filename:basename(Path), filename:dirname(Path)).

%% @doc As find_source/1, for a name and a directory on their own.
find_source(Name, Dir) -> find_source(Name, Dir, []).

%% @doc As find_source/2. The rules {Extension, SourceExtension, DirRules} say what it ends with and where it lies.
find_source(Name, Dir, []) ->
    find_source(Name, Dir, [{".beam", ".erl", source_rules()}, {".erl", ".yrl", [{"", ""}]}, {"", ".src", [{"", ""}]}]);
find_source(Name, Dir, Rules) ->
    Extension = filename:extension(Name),
    Root = filename:rootname(Name),
    Files = [File || {From, To, DirRules} <- Rules, From =:= Extension,
                     Rule <- [{"", ""} | DirRules], File <- files(Root ++ To, apply_rule(Dir, Rule))],
    candidates(Files).
