%%% The commands that the shell knows without a module name. Users put their own into a module
%%% user_default, which is asked first.
-module(shell_default).

-export([help/0, c/1, c/2, c/3, lc/1, l/1, nl/1, nc/1, lm/0, mm/0, m/0, m/1, q/0, flush/0, pid/3,
         bt/1, bi/1, erlangrc/1, cd/1, pwd/0, ls/0, ls/1, i/0, i/3, ni/0, regs/0, nregs/0,
         memory/0, memory/1, uptime/0, h/1, h/2, h/3, ht/1, ht/2, ht/3, hcb/1, hcb/2, hcb/3,
         y/1, y/2, xm/1]).
% Of the interpreter.
-export([ia/1, ia/2, ia/3, ia/4, iaa/1, iaa/2, ib/2, ib/3, iba/3, ibc/3, ibd/2, ibe/2, ic/0, ih/0, ii/1, ii/2, il/0, im/0, ini/1,
         ini/2, inq/1, ip/0, ipb/0, ipb/1, iq/1, ir/0, ir/1, ir/2, ir/3, ist/1, iv/0]).

%% @doc Prints all commands.
-spec help() -> true.
help() ->
    io:put_chars([[Line, "\n"] || Line <- ["** shell internal commands **" | shell_commands()]]),
    io:put_chars("** commands in module c **\n"),
    c:help(),
    io:put_chars("** commands in module i (interpreter interface) **\n"),
    io:put_chars("ih()       -- print help for the i module\n"),
    true.

shell_commands() ->
    ["b()        -- display all variable bindings",
     "e(N)       -- repeat the expression in query <N>",
     "f()        -- forget all variable bindings",
     "f(X)       -- forget the binding of variable X",
     "h()        -- history",
     "h(Mod)     -- help about module",
     "h(Mod,Func)-- help about function in module",
     "h(Mod,Func,Arity) -- help about function with arity in module",
     "ht(Mod)    -- help about a module's types",
     "ht(Mod,Type) -- help about type in module",
     "ht(Mod,Type,Arity) -- help about type with arity in module",
     "hcb(Mod)    -- help about a module's callbacks",
     "hcb(Mod,CB) -- help about callback in module",
     "hcb(Mod,CB,Arity) -- help about callback with arity in module",
     "history(N) -- set how many previous commands to keep",
     "results(N) -- set how many previous command results to keep",
     "catch_exception(B) -- how exceptions are handled",
     "v(N)       -- use the value of query <N>",
     "rd(R,D)    -- define a record",
     "rf()       -- remove all record information",
     "rf(R)      -- remove record information about R",
     "rl()       -- display all record information",
     "rl(R)      -- display record information about R",
     "rp(Term)   -- display Term using the shell's record information",
     "rr(File)   -- read record information from File (wildcards allowed)",
     "rr(F,R)    -- read selected record information from file(s)",
     "rr(F,R,O)  -- read selected record information with options"].

%% @doc Information on the system, as c:bi/1.
bi(I) -> c:bi(I).
%% @doc Prints the stack of a process.
bt(Pid) -> c:bt(Pid).
%% @doc Compiles and loads a module or a file; the code that it replaces is purged.
c(File) -> c:c(File).
%% @doc As c/1, with options of the compiler.
c(File, Options) -> c:c(File, Options).
%% @doc Compiles a loaded module again, with options, and with those of its old ones that the filter lets pass.
c(File, Options, Filter) -> c:c(File, Options, Filter).
%% @doc Changes the current folder and prints it.
cd(Dir) -> c:cd(Dir).
%% @doc Runs the file .erlang of the first of the folders that has one.
erlangrc(Paths) -> c:erlangrc(Paths).
%% @doc Prints and removes the messages to the shell.
flush() -> c:flush().
%% @doc Prints the documentation of a module.
h(M) -> c:h(M).
%% @doc Prints the documentation of a function, with any number of arguments.
h(M, F) -> c:h(M, F).
%% @doc Prints the documentation of a function with so many arguments.
h(M, F, A) -> c:h(M, F, A).
%% @doc Prints which callbacks a module documents.
hcb(M) -> c:hcb(M).
%% @doc Prints the documentation of a callback, with any number of arguments.
hcb(M, F) -> c:hcb(M, F).
%% @doc Prints the documentation of a callback with so many arguments.
hcb(M, F, A) -> c:hcb(M, F, A).
%% @doc Prints which types a module documents.
ht(M) -> c:ht(M).
%% @doc Prints the documentation of a type, with any number of parameters.
ht(M, F) -> c:ht(M, F).
%% @doc Prints the documentation of a type with so many parameters.
ht(M, F, A) -> c:ht(M, F, A).
%% @doc Prints a table of the processes.
i() -> c:i().
%% @doc What is known of the process <X.Y.Z>.
i(X, Y, Z) -> c:i(X, Y, Z).
%% @doc Loads a module from its file; its old code is purged first.
l(Module) -> c:l(Module).
%% @doc Compiles several files; options may stand among them.
lc(Files) -> c:lc(Files).
%% @doc Loads all modules whose files have changed.
lm() -> c:lm().
%% @doc Prints the names in the current folder.
ls() -> c:ls().
%% @doc Prints the names in a folder.
ls(Dir) -> c:ls(Dir).
%% @doc Prints the loaded modules with their files.
m() -> c:m().
%% @doc Prints what is known of a module.
m(Module) -> c:m(Module).
%% @doc How many bytes are in use, by kind.
memory() -> c:memory().
%% @doc How many bytes are in use for one kind, or for each of a list.
memory(Types) -> c:memory(Types).
%% @doc The modules whose files have changed since they were loaded.
mm() -> c:mm().
%% @doc Compiles a file and loads it on all nodes that are connected.
nc(File) -> c:nc(File).
%% @doc Prints a table of the processes, of all nodes.
ni() -> c:ni().
%% @doc Loads the code of a module on all nodes that are connected.
nl(Module) -> c:nl(Module).
%% @doc Prints the registered processes, of all nodes.
nregs() -> c:nregs().
%% @doc The process identifier <X.Y.Z>.
pid(X, Y, Z) -> c:pid(X, Y, Z).
%% @doc Prints the current folder.
pwd() -> c:pwd().
%% @doc Ends the system in order, as init:stop/0.
q() -> c:q().
%% @doc Prints the registered processes and ports.
regs() -> c:regs().
%% @doc Prints how long the node has been up.
uptime() -> c:uptime().
%% @doc Prints what the cross reference tool finds in a module: calls of unknown functions and the like.
xm(Module) -> c:xm(Module).
%% @doc Makes a parser of a grammar with yecc.
y(File) -> c:y(File).
%% @doc As y/1, with options of yecc.
y(File, Options) -> c:y(File, Options).

%%% The commands of the debugger, which is an application of its own: they say so where it is missing.

%% @doc Attaches to an interpreted process.
ia(Pid) -> interpreter(ia, [Pid]).
%% @doc As ia/1, and shows the process with a function of one's own.
ia(Pid, Show) -> interpreter(ia, [Pid, Show]).
%% @doc Attaches to the interpreted process <X.Y.Z>.
ia(X, Y, Z) -> interpreter(ia, [X, Y, Z]).
%% @doc As ia/3, and shows the process with a function of one's own.
ia(X, Y, Z, Show) -> interpreter(ia, [X, Y, Z, Show]).
%% @doc Sets when processes are attached to by themselves: init, break, exit.
iaa(Flags) -> interpreter(iaa, [Flags]).
%% @doc As iaa/1, and shows the processes with a function of one's own.
iaa(Flags, Show) -> interpreter(iaa, [Flags, Show]).
%% @doc Sets a breakpoint at a line of an interpreted module.
ib(Module, Line) -> interpreter(ib, [Module, Line]).
%% @doc Sets a breakpoint at the first line of each clause of a function.
ib(Module, Function, Arity) -> interpreter(ib, [Module, Function, Arity]).
%% @doc Sets what becomes of a breakpoint when it was met: enable, disable or delete.
iba(Module, Line, Action) -> interpreter(iba, [Module, Line, Action]).
%% @doc Sets a function that says whether a breakpoint is to stop the process.
ibc(Module, Line, Condition) -> interpreter(ibc, [Module, Line, Condition]).
%% @doc Disables a breakpoint.
ibd(Module, Line) -> interpreter(ibd, [Module, Line]).
%% @doc Enables a breakpoint.
ibe(Module, Line) -> interpreter(ibe, [Module, Line]).
%% @doc Forgets the interpreted processes that have ended.
ic() -> interpreter(ic, []).
%% @doc Prints the commands of the interpreter.
ih() -> interpreter(help, []).
%% @doc Interprets a module, or modules.
ii(Module) -> interpreter(ii, [Module]).
%% @doc As ii/1; the options are not used any more.
ii(Module, Options) -> interpreter(ii, [Module, Options]).
%% @doc Prints the interpreted modules.
il() -> interpreter(il, []).
%% @doc Starts the window that watches interpreted processes.
im() -> interpreter(im, []).
%% @doc Interprets a module on all nodes.
ini(Module) -> interpreter(ini, [Module]).
%% @doc As ini/1; the options are not used any more.
ini(Module, Options) -> interpreter(ini, [Module, Options]).
%% @doc Interprets a module no longer, on any node.
inq(Module) -> interpreter(inq, [Module]).
%% @doc Prints the interpreted processes.
ip() -> interpreter(ip, []).
%% @doc Prints all breakpoints.
ipb() -> interpreter(ipb, []).
%% @doc Prints the breakpoints of a module.
ipb(Module) -> interpreter(ipb, [Module]).
%% @doc Interprets a module no longer.
iq(Module) -> interpreter(iq, [Module]).
%% @doc Removes all breakpoints.
ir() -> interpreter(ir, []).
%% @doc Removes the breakpoints of a module.
ir(Module) -> interpreter(ir, [Module]).
%% @doc Removes the breakpoint at a line.
ir(Module, Line) -> interpreter(ir, [Module, Line]).
%% @doc Removes the breakpoints of a function.
ir(Module, Function, Arity) -> interpreter(ir, [Module, Function, Arity]).
%% @doc Sets how stacks are kept: all, no_tail or false.
ist(Flag) -> interpreter(ist, [Flag]).
%% @doc The version of the interpreter.
iv() -> interpreter(iv, []).

interpreter(Command, Args) -> c:appcall(debugger, i, Command, Args).
