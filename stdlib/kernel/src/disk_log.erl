%%% Logs on disk: terms or bytes written one after the other, to one file or to several in turn.
%%%
%%% A log that is open is a process (swerl_disk_log_process); the table disk_log_names has those of this node.
-module(disk_log).

-export([accessible_logs/0, all/0, alog/2, alog_terms/2, balog/2, balog_terms/2, bchunk/2, bchunk/3, block/1, block/2,
         blog/2, blog_terms/2, breopen/3, btruncate/2, change_header/2, change_notify/3, change_size/2, chunk/2,
         chunk/3, chunk_info/1, chunk_step/3, close/1, format_error/1, inc_wrap_file/1, next_file/1, info/1, lclose/1,
         lclose/2, log/2, log_terms/2, open/1, pid2name/1, reopen/2, reopen/3, sync/1, truncate/1, truncate/2,
         start/0, unblock/1]).
-export([system_continue/3, system_terminate/4, system_code_change/4]).

-export_type([continuation/0]).

-opaque continuation() :: {continuation, pid(), term(), term()}.

%% @doc Makes logs ready to be opened; nothing is needed for that.
start() -> ok.

%% @private A log goes on after what `sys' did.
system_continue(_Parent, _Debug, Log) -> swerl_disk_log_process:go_on(Log).

%% @private The files are closed.
system_terminate(Reason, _Parent, _Debug, Log) -> swerl_disk_log_process:stop(Reason, Log).

%% @private
system_code_change(Log, _Module, _Version, _Extra) -> {ok, Log}.

%% @doc Opens a log. Options: name, file, type, format, size, mode, repair, head, head_func, notify, linkto,
%% quiet.
open(Options) when is_list(Options) ->
    case options(Options, #{}) of
        {ok, #{name := Name} = Given} ->
            File = case Given of
                       #{file := F} -> F;
                       _ when is_atom(Name) -> atom_to_list(Name) ++ ".LOG";
                       _ -> lists:flatten(io_lib:format("~tp.LOG", [Name]))
                   end,
            swerl_disk_log_process:open(maps:merge(#{type => halt, format => internal, mode => read_write, repair => true,
                                               head => none, notify => false, linkto => self()},
                                             Given#{file => File, given => Given}));
        {ok, _} -> {error, {badarg, name}};
        Error -> Error
    end;
open(Bad) -> {error, {badarg, Bad}}.

options([{linkto, none} | Options], Map) -> options(Options, Map#{linkto => none});
options([{head_func, {M, F, A}} | Options], Map) -> options(Options, Map#{head => {head_func, {M, F, A}}});
options([{head, none} | Options], Map) -> options(Options, Map#{head => none});
options([{head, Head} | Options], Map) -> options(Options, Map#{head => {head, Head}});
options([{Key, Value} | Options] = Rest, Map) ->
    Valid = case Key of
                name -> true;
                file -> is_list(Value) orelse is_atom(Value);
                linkto -> is_pid(Value);
                repair -> lists:member(Value, [true, false, truncate]);
                type -> lists:member(Value, [halt, wrap, rotate]);
                format -> lists:member(Value, [internal, external]);
                size -> is_size(Value);
                notify -> is_boolean(Value);
                quiet -> is_boolean(Value);
                mode -> lists:member(Value, [read_only, read_write]);
                distributed -> is_list(Value);
                _ -> false
            end,
    case Valid of
        true -> options(Options, Map#{Key => Value});
        false -> {error, {badarg, Rest}}
    end;
options([], #{size := Size} = Map) ->
    %% Several files have a size and a number, one has a size.
    case maps:get(type, Map, halt) =:= halt of
        IsOne when is_tuple(Size) =:= IsOne -> {error, {badarg, size}};
        _ -> {ok, Map}
    end;
options([], #{type := Type} = Map) when Type =/= halt, not is_map_key(size, Map) ->
    case swerl_disk_log_process:size_of_files(Map) of
        {ok, Size} -> {ok, Map#{size => Size}};
        error -> {error, {badarg, size}}
    end;
options([], Map) -> {ok, Map#{size => infinity}};
options(Bad, _) -> {error, {badarg, Bad}}.

is_size(infinity) -> true;
is_size({Bytes, Files}) -> is_integer(Bytes) andalso Bytes > 0 andalso is_integer(Files) andalso Files > 0 andalso Files < 65000;
is_size(Bytes) -> is_integer(Bytes) andalso Bytes > 0.

ask(Log, Request) -> swerl_disk_log_process:ask(Log, Request).

%% @doc Closes a log for the caller.
close(Log) -> ask(Log, {close, self()}).

%% @doc As close/1.
lclose(Log) -> close(Log).

%% @doc As close/1, on a node.
lclose(Log, Node) when Node =:= node() -> close(Log);
lclose(_, _) -> {error, no_such_log}.

%%% Writing.

%% @doc Writes a term.
log(Log, Term) -> ask(Log, {log, internal, [term_to_binary(Term)]}).

%% @doc Writes terms.
log_terms(Log, Terms) when is_list(Terms) -> ask(Log, {log, internal, [term_to_binary(Term) || Term <- Terms]}).

%% @doc Writes bytes.
blog(Log, Bytes) -> ask(Log, {log, external, [iolist_to_binary(Bytes)]}).

%% @doc Writes several pieces of bytes.
blog_terms(Log, List) when is_list(List) -> ask(Log, {log, external, [iolist_to_binary(Bytes) || Bytes <- List]}).

%% @doc As log/2, without waiting.
alog(Log, Term) -> swerl_disk_log_process:tell(Log, {log, internal, [term_to_binary(Term)]}).

%% @doc As log_terms/2, without waiting.
alog_terms(Log, Terms) when is_list(Terms) ->
    swerl_disk_log_process:tell(Log, {log, internal, [term_to_binary(Term) || Term <- Terms]}).

%% @doc As blog/2, without waiting.
balog(Log, Bytes) -> swerl_disk_log_process:tell(Log, {log, external, [iolist_to_binary(Bytes)]}).

%% @doc As blog_terms/2, without waiting.
balog_terms(Log, List) when is_list(List) ->
    swerl_disk_log_process:tell(Log, {log, external, [iolist_to_binary(Bytes) || Bytes <- List]}).

%% @doc Has everything on disk.
sync(Log) -> ask(Log, sync).

%% @doc Throws everything away.
truncate(Log) -> ask(Log, {truncate, none}).

%% @doc Throws everything away and writes a first term.
truncate(Log, Head) -> ask(Log, {truncate, {head, term_to_binary(Head)}}).

%% @doc As truncate/2, with bytes.
btruncate(Log, Head) -> ask(Log, {truncate, {head, iolist_to_binary(Head)}}).

%% @doc Goes on in an empty file; the old one gets another name.
reopen(Log, File) -> ask(Log, {reopen, File, none}).

%% @doc As reopen/2, with a first term.
reopen(Log, File, Head) -> ask(Log, {reopen, File, {head, term_to_binary(Head)}}).

%% @doc As reopen/3, with bytes.
breopen(Log, File, Head) -> ask(Log, {reopen, File, {head, iolist_to_binary(Head)}}).

%% @doc Goes on in the next file.
inc_wrap_file(Log) -> ask(Log, next_file).

%% @doc Goes on in the next file.
next_file(Log) -> ask(Log, next_file).

%% @doc Changes the size of a log.
change_size(Log, Size) ->
    case is_size(Size) of
        true -> ask(Log, {change_size, Size});
        false -> {error, {badarg, size}}
    end.

%% @doc Changes who is told when the log is full or goes on in another file.
change_notify(Log, Owner, Notify) when is_pid(Owner), is_boolean(Notify) -> ask(Log, {change_notify, Owner, Notify});
change_notify(_, _, _) -> {error, {badarg, notify}}.

%% @doc Changes what each new file begins with: {head, Term} or {head_func, {M, F, A}}.
change_header(Log, {head, none}) -> ask(Log, {change_header, none});
change_header(Log, {head, Head}) -> ask(Log, {change_header, {head, Head}});
change_header(Log, {head_func, {_, _, _}} = Head) -> ask(Log, {change_header, Head});
change_header(_, Bad) -> {error, {badarg, Bad}}.

%% @doc Has those wait who use the log.
block(Log) -> block(Log, true).

%% @doc As block/1; with false they are answered with an error.
block(Log, Queue) when is_boolean(Queue) -> ask(Log, {block, self(), Queue}).

%% @doc Lets them go on.
unblock(Log) -> ask(Log, {unblock, self()}).

%%% Reading.

%% @doc Some terms, from the start or from a continuation on.
chunk(Log, Continuation) -> chunk(Log, Continuation, infinity).

%% @doc As chunk/2, so many terms at most.
chunk(Log, Continuation, N) when N =:= infinity; is_integer(N), N > 0 ->
    case pieces(Log, Continuation, N) of
        {error, _} = Error -> Error;
        {Next, Pieces} -> {Next, [binary_to_term(Piece) || Piece <- Pieces]};
        {Next, Pieces, Bad} -> {Next, [binary_to_term(Piece) || Piece <- Pieces], Bad};
        Other -> Other
    end.

%% @doc As chunk/2, the terms in the external format.
bchunk(Log, Continuation) -> bchunk(Log, Continuation, infinity).

%% @doc As bchunk/2, so many at most.
bchunk(Log, Continuation, N) -> pieces(Log, Continuation, N).

pieces(Log, start, N) -> ask(Log, {chunk, start, N});
pieces(_, {continuation, Pid, Place, _}, N) -> swerl_disk_log_process:ask_pid(Pid, {chunk, Place, N});
pieces(_, _, _) -> {error, {badarg, continuation}}.

%% @doc The node of a continuation.
chunk_info({continuation, Pid, _, _}) -> [{node, node(Pid)}];
chunk_info(Bad) -> {error, {no_continuation, Bad}}.

%% @doc The start of another file of a wrap log.
chunk_step(Log, start, Step) -> ask(Log, {chunk_step, start, Step});
chunk_step(_, {continuation, Pid, Place, _}, Step) -> swerl_disk_log_process:ask_pid(Pid, {chunk_step, Place, Step});
chunk_step(_, _, _) -> {error, {badarg, continuation}}.

%%% What there is.

%% @doc What is known of a log.
info(Log) -> ask(Log, info).

%% @doc The logs that are open.
all() -> swerl_disk_log_process:names().

%% @doc The logs that are open, of this node and of several.
accessible_logs() -> {all(), []}.

%% @doc The name of the log of a process.
pid2name(Pid) -> swerl_disk_log_process:name(Pid).

%% @doc The text of an error.
format_error({error, Reason}) -> format_error(Reason);
format_error(no_such_log) -> io_lib:format("There is no disk log with the given name~n", []);
format_error({badarg, Arg}) -> io_lib:format("The argument ~tp is missing, not recognized or not wellformed~n", [Arg]);
format_error({read_only_mode, Log}) ->
    io_lib:format("The disk log ~tp has been opened read-only, but the requested operation needs read-write access~n", [Log]);
format_error({format_external, Log}) ->
    io_lib:format("The requested operation can only be applied on internally formatted disk logs, but ~tp is externally formatted~n", [Log]);
format_error({blocked_log, Log}) ->
    io_lib:format("The blocked disk log ~tp does not queue requests, or the log has been blocked by the calling process~n", [Log]);
format_error({full, Log}) -> io_lib:format("The halt log ~tp is full~n", [Log]);
format_error({not_blocked, Log}) -> io_lib:format("The disk log ~tp is not blocked~n", [Log]);
format_error({not_owner, Pid}) -> io_lib:format("The pid ~tp is not an owner of the disk log~n", [Pid]);
format_error({not_blocked_by_pid, Log}) -> io_lib:format("The disk log ~tp is blocked, but only the blocking pid can unblock a disk log~n", [Log]);
format_error({new_size_too_small, Log, Size}) -> io_lib:format("The current size ~p of the halt log ~tp is greater than the requested new size~n", [Size, Log]);
format_error({halt_log, Log}) -> io_lib:format("The halt log ~tp cannot be wrapped~n", [Log]);
format_error({not_a_log_file, File}) -> io_lib:format("The file ~ts is not a wrap log file~n", [File]);
format_error({file_error, File, Reason}) -> io_lib:format("\"~ts\": ~tp~n", [File, file:format_error(Reason)]);
format_error(Other) -> io_lib:format("~tp~n", [Other]).
