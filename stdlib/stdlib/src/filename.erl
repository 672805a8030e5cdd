%%% filename: taking names of files apart and putting them together.
%%%
%%% A name is text, a deep list with atoms in it, an atom, or a binary with the
%%% bytes of the name. What comes out is flat text, or a binary if a binary went
%%% in. Names are Unix names.
-module(filename).

-export([absname/1, absname/2, absname_join/2, append/2, basename/1, basename/2, basedir/2,
         basedir/3, dirname/1, extension/1, flatten/1, join/1, join/2, nativename/1, pathtype/1,
         rootname/1, rootname/2, split/1, safe_relative_path/1, validate/1]).

-export_type([basedir_path_type/0, basedir_opts/0]).

-type basedir_path_type() :: user_cache | user_config | user_data | user_log
                           | site_config | site_data.
-type basedir_opts() :: #{author => string() | binary(), os => windows | darwin | linux,
                          version => string() | binary()}.

%% Apply a function on characters to a name of any form.
on_chars(Name, Fun) when is_binary(Name) -> list_to_binary(Fun(binary_to_list(Name)));
on_chars(Name, Fun) -> Fun(chars(Name)).

%% The characters of a name that is no binary.
chars(Name) -> checked(flatten(Name)).

checked([C | Rest]) when is_integer(C) -> [C | checked(Rest)];
checked([]) -> [].

%% @doc The name as flat text; a binary as it is.
flatten(Name) when is_binary(Name) -> Name;
flatten(Name) when is_list(Name) -> flat(Name);
flatten(Name) when is_atom(Name) -> atom_to_list(Name).

%% What is no character passes.
flat([Part | Rest]) when is_list(Part) -> flat(Part) ++ flat(Rest);
flat([Part | Rest]) when is_atom(Part) -> atom_to_list(Part) ++ flat(Rest);
flat([C | Rest]) -> [C | flat(Rest)];
flat([]) -> [];
flat(Part) when is_atom(Part) -> atom_to_list(Part).

%%% Absolute names.

%% @doc The name as an absolute one, below the working directory if it is relative; .. in it stays.
absname(Name) ->
    {ok, Cwd} = file:get_cwd(),
    absname(Name, Cwd).

%% @doc As absname/1, below a given directory.
absname(Name, Base) when is_binary(Name), is_list(Base) -> absname(Name, to_bytes(Base));
absname(Name, Base) when is_list(Name), is_binary(Base) -> absname(to_bytes(Name), Base);
absname(Name, Base) ->
    case pathtype(Name) of
        relative -> absname_join(Base, Name);
        _ -> join([flatten(Name)])
    end.

%% @doc A directory and a name joined, as absname/2 does where the name is relative.
absname_join(Dir, Name) -> join(Dir, flatten(Name)).

%% @doc absolute or relative. Only what stands first is looked at.
pathtype(Name) when is_binary(Name) ->
    pathtype(binary_to_list(Name));
pathtype(Name) when is_list(Name); is_atom(Name) ->
    case first(Name) of
        [$/ | _] -> absolute;
        _ -> relative
    end.

first([Part | Rest]) when is_list(Part) -> first(Part ++ Rest);
first([Part | Rest]) when is_atom(Part) -> first(atom_to_list(Part) ++ Rest);
first(Name) when is_atom(Name) -> atom_to_list(Name);
first(Name) -> Name.

%%% Parts.

%% @doc The last part of a name, without a slash at the end.
basename(Name) when is_binary(Name) ->
    case binary:split(Name, <<"/">>, [global, trim_all]) of
        [] -> <<>>;
        Parts -> lists:last(Parts)
    end;
basename(Name) -> on_chars(Name, fun(Chars) -> last_part(strip(Chars)) end).

%% @doc The last part of a name, without the extension if it ends with that.
basename(Name, Ext) when is_binary(Name), is_list(Ext) ->
    basename(Name, to_bytes(Ext));
basename(Name, Ext) when is_list(Name), is_binary(Ext) ->
    basename(to_bytes(flatten(Name)), Ext);
basename(Name, Ext) when is_binary(Name), is_binary(Ext) ->
    %% The whole name is what must end in the extension, even behind a slash.
    Base = basename(Name),
    case byte_size(Base) - byte_size(Ext) of
        Less when Less < 0 -> Base;
        Left ->
            case binary:part(Name, byte_size(Name), -byte_size(Ext)) of
                Ext -> binary:part(Name, byte_size(Name) - byte_size(Ext), -Left);
                _ -> Base
            end
    end;
basename(Name, Ext) ->
    Chars = chars(Name),
    Suffix = flatten(Ext),
    case strip(Chars) of
        Chars when is_binary(Suffix) -> last_part(Chars);
        Chars -> without_suffix(last_part(Chars), Suffix);
        Folder -> last_part(Folder)
    end.

%% Without a slash at the end.
strip(Chars) ->
    case lists:reverse(Chars) of
        [$/ | Rev] -> lists:reverse(Rev);
        _ -> Chars
    end.

skip_slashes([$/ | Rest]) -> skip_slashes(Rest);
skip_slashes(Rest) -> Rest.

last_part(Chars) -> last_part(Chars, []).

last_part([$/ | Rest], _Part) -> last_part(Rest, []);
last_part([C | Rest], Part) -> last_part(Rest, [C | Part]);
last_part([], Part) -> lists:reverse(Part).

without_suffix(Name, Suffix) ->
    case lists:suffix(Suffix, Name) of
        true -> lists:sublist(Name, length(Name) - length(Suffix));
        false -> Name
    end.

%% @doc What stands before the last slash of a name; "." where there is none.
dirname(Name) -> on_chars(Name, fun dir_chars/1).

dir_chars(Chars) ->
    case lists:dropwhile(fun(C) -> C =/= $/ end, lists:reverse(Chars)) of
        [] -> ".";
        Rev ->
            case skip_slashes(Rev) of
                [] -> "/";
                Dir -> lists:reverse(Dir)
            end
    end.

%% @doc The last point and what follows, unless the point begins the name; empty where there is none.
extension(Name) -> on_chars(Name, fun(Chars) -> element(2, at_point(Chars)) end).

%% @doc The name without its extension. A name that begins with its only point has an empty root.
rootname(Name) ->
    on_chars(Name, fun([$. | Rest] = Chars) ->
                           case lists:member($., Rest) orelse lists:member($/, Rest) of
                               true -> element(1, at_point(Chars));
                               false -> []
                           end;
                      (Chars) ->
                           element(1, at_point(Chars))
                   end).

%% @doc The name without this extension, if it ends with that.
rootname(Name, Ext) when is_binary(Name), not is_binary(Ext) ->
    rootname(Name, to_bytes(Ext));
rootname(Name, Ext) when not is_binary(Name), is_binary(Ext) ->
    rootname(to_bytes(flatten(Name)), Ext);
rootname(Name, Ext) when is_binary(Name), is_binary(Ext) ->
    list_to_binary(rootname(binary_to_list(Name), binary_to_list(Ext)));
rootname(Name, Ext) ->
    Chars = chars(Name),
    Root = case flatten(Ext) of
               Bytes when is_binary(Bytes) -> Chars;
               Suffix -> without_suffix(Chars, Suffix)
           end,
    case lists:reverse(Root) of
        [$/ | _] -> Chars;
        _ -> Root
    end.

at_point(Chars) -> at_point(lists:reverse(Chars), Chars, []).

at_point([$., C | _] = Rev, _Chars, Ext) when C =/= $/ ->
    [_ | Root] = Rev,
    {lists:reverse(Root), [$. | Ext]};
at_point([$. | _], Chars, _Ext) -> {Chars, []};
at_point([$/ | _], Chars, _Ext) -> {Chars, []};
at_point([C | Rev], Chars, Ext) -> at_point(Rev, Chars, [C | Ext]);
at_point([], Chars, _Ext) -> {Chars, []}.

%% @doc The parts between the slashes of a name; "/" is the first one of an absolute name.
split(Name) when is_binary(Name) ->
    [list_to_binary(Part) || Part <- split(binary_to_list(Name))];
split(Name) ->
    case chars(Name) of
        [$/ | Rest] -> ["/" | parts(Rest, [])];
        Chars -> parts(Chars, [])
    end.

parts([$/ | Rest], []) -> parts(Rest, []);
parts([$/ | Rest], Part) -> [lists:reverse(Part) | parts(Rest, [])];
parts([C | Rest], Part) -> parts(Rest, [C | Part]);
parts([], []) -> [];
parts([], Part) -> [lists:reverse(Part)].

%%% Putting together.

%% @doc A directory and a name with a slash between them, and nothing made tidy.
append(Dir, Name) when is_binary(Dir), is_binary(Name) -> list_to_binary([Dir, $/, Name]);
append(Dir, Name) when is_binary(Dir) -> append(Dir, to_bytes(flatten(Name)));
append(Dir, Name) when is_binary(Name) -> append(to_bytes(flatten(Dir)), Name);
append(Dir, Name) -> Dir ++ [$/ | Name].

%% @doc The names joined with slashes, tidy; an absolute one makes those before it void. Fails for an empty list.
join([Name]) -> join_parts([Name]);
join([Name1, Name2 | Rest]) -> join([join(Name1, Name2) | Rest]).

%% @doc As join/1, for two names.
join(Name1, [_ | _] = Name2) ->
    %% A name is nothing only where it has no parts.
    case join_two(Name1, Name2) of
        [] -> "/";
        Joined -> Joined
    end;
join(Name1, Name2) ->
    join_two(Name1, Name2).

%% Nothing of what stands before an absolute name is looked at.
join_two(Name1, Name2) when is_list(Name1), is_list(Name2) ->
    case pathtype(Name2) of
        relative -> join_parts([Name1, Name2]);
        absolute -> join_parts([Name2])
    end;
join_two(Name1, Name2) ->
    join_parts([Name1, Name2]).

%% An absolute name makes those before it void.
join_parts(Names) ->
    case lists:any(fun is_binary/1, Names) of
        true -> list_to_binary(join_chars([binary_to_list(to_bytes(Name)) || Name <- Names]));
        false -> join_chars([spread(text_of(Name)) || Name <- Names])
    end.

text_of(Name) when is_atom(Name) -> atom_to_list(Name);
text_of(Name) -> Name.

%% The characters of a name, from the first on: it is the first part that is none which counts.
spread([Part | Rest]) when is_list(Part) -> spread(Part ++ Rest);
spread([Part | Rest]) when is_atom(Part) -> spread(atom_to_list(Part) ++ Rest);
spread([C | Rest]) when is_integer(C) -> [C | spread(Rest)];
spread([]) -> [].

join_chars([Name]) ->
    tidy(Name);
join_chars([Name1, Name2]) ->
    case {Name1, Name2} of
        {_, [$/ | _]} -> tidy(Name2);
        {_, []} -> tidy(Name1);
        _ -> tidy(Name1 ++ "/" ++ Name2)
    end.

%% One slash at a time, none at the end, and no point between two.
tidy([$/ | _] = Chars) ->
    case squeeze(Chars) of
        [] -> "/";
        Tidy -> Tidy
    end;
tidy(Chars) ->
    squeeze(Chars).

squeeze([$/ | Rest]) ->
    case skip_slashes(Rest) of
        [] -> [];
        [$., $/ | More] -> squeeze([$/ | More]);
        More -> [$/ | squeeze(More)]
    end;
squeeze([C | Rest]) -> [C | squeeze(Rest)];
squeeze([]) -> [].

to_bytes(Name) when is_binary(Name) ->
    Name;
to_bytes(Name) ->
    case unicode:characters_to_binary(flatten(Name)) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ -> error(badarg)
    end.

%% @doc The name as the system writes it: tidy, with slashes.
nativename(Name) -> join([Name]).

%%% Names that stay below a directory.

%% @doc A relative name without . and .. if it stays below where it begins, else unsafe. Links are not followed.
safe_relative_path(Name) ->
    case pathtype(Name) of
        relative -> safe_parts(Name);
        _ -> unsafe
    end.

safe_parts(Name) ->
    case climb(split(Name), []) of
        unsafe -> unsafe;
        [] when is_binary(Name) -> <<>>;
        [] -> [];
        Parts -> join(Parts)
    end.

climb([Up | Parts], Taken) when Up =:= ".."; Up =:= <<"..">> ->
    case Taken of
        [] -> unsafe;
        [_ | Rest] -> climb(Parts, Rest)
    end;
climb([Here | Parts], Taken) when Here =:= "."; Here =:= <<".">> -> climb(Parts, Taken);
climb([Part | Parts], Taken) -> climb(Parts, [Part | Taken]);
climb([], Taken) -> lists:reverse(Taken).

%% @doc Whether a name could be one of the file system: not empty, no null characters, and
%% nothing that cannot be written as UTF-8.
validate(Name) when is_binary(Name) ->
    not lists:member(0, binary_to_list(Name)) andalso Name =/= <<>>;
validate(Name0) when is_list(Name0); is_atom(Name0) ->
    Name = with_last_character(Name0),
    try flatten(Name) of
        [] -> false;
        Chars ->
            try without_binaries(Name) andalso not lists:member(0, Chars) andalso is_binary(unicode:characters_to_binary(Chars))
            catch error:badarg -> false
            end
    catch
        _:_ -> false
    end.

%% A number in the place of the rest of a list is its last character.
with_last_character([Head | Last]) when is_integer(Last) -> [with_last_character(Head), Last];
with_last_character([Head | Tail]) -> [with_last_character(Head) | with_last_character(Tail)];
with_last_character(Part) -> Part.

without_binaries([Head | Tail]) -> without_binaries(Head) andalso without_binaries(Tail);
without_binaries(Part) -> not is_binary(Part).

%%% Directories of the user and the site, as each kind of system places them.

%% @doc The directory (a list of them for sites) of an application for a type, such as user_cache or site_config.
basedir(Type, Application) when is_atom(Type), is_list(Application) orelse is_binary(Application) ->
    basedir(Type, Application, #{}).

%% @doc As basedir/2, with options: os, author and version.
basedir(Type, Application, Options)
  when is_atom(Type), is_map(Options), is_list(Application) orelse is_binary(Application) ->
    System = maps:get(os, Options, none),
    Below = below([Author || #{author := Author} <- [Options], System =:= windows]
                  ++ [Application | [Version || #{version := Version} <- [Options]]]),
    lists:member(Type, [user_cache, user_config, user_data, user_log, site_config, site_data])
        orelse error({case_clause, Type}),
    case System of
        darwin -> on_darwin(Type, Below);
        windows -> on_windows(Type, Below);
        _ -> on_linux(Type, Below)
    end.

%% A single part is joined only when it is known under what.
below([Application]) -> Application;
below(Parts) -> join(Parts).

%% The XDG rules.
on_linux(user_cache, Path) -> in_home("XDG_CACHE_HOME", ".cache", Path);
on_linux(user_config, Path) -> in_home("XDG_CONFIG_HOME", ".config", Path);
on_linux(user_data, Path) -> in_home("XDG_DATA_HOME", ".local/share", Path);
on_linux(user_log, Path) -> join(in_home("XDG_CACHE_HOME", ".cache", Path), "log");
on_linux(site_config, Path) -> in_site("XDG_CONFIG_DIRS", "/etc/xdg", Path);
on_linux(site_data, Path) -> in_site("XDG_DATA_DIRS", "/usr/local/share/:/usr/share/", Path).

on_darwin(user_cache, Path) -> below_home("Library/Caches", Path);
on_darwin(user_log, Path) -> below_home("Library/Logs", Path);
on_darwin(Type, Path) when Type =:= user_config; Type =:= user_data -> below_home("Library/Application Support", Path);
on_darwin(_, Path) -> [join("/Library/Application Support", Path)].

%% The author stands above the application; sites have no directories.
on_windows(user_cache, Path) -> join(in_home("LOCALAPPDATA", "Local", Path), "Cache");
on_windows(user_config, Path) -> in_home("APPDATA", "Roaming", Path);
on_windows(user_data, Path) -> in_home("LOCALAPPDATA", "Local", Path);
on_windows(user_log, Path) -> join(in_home("LOCALAPPDATA", "Local", Path), "Logs");
on_windows(_, _) -> [].

below_home(Dir, Path) -> join(join(os:getenv("HOME", "/"), Dir), Path).

in_home(Variable, Default, Path) ->
    case os:getenv(Variable) of
        Unset when Unset =:= false; Unset =:= "" -> below_home(Default, Path);
        Dir -> join(Dir, Path)
    end.

in_site(Variable, Default, Path) ->
    [join(Dir, Path) || Dir <- string:lexemes(os:getenv(Variable, Default), ":")].
