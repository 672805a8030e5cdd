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

%% Prints all commands.
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

bi(I) -> c:bi(I).
bt(Pid) -> c:bt(Pid).
c(File) -> c:c(File).
c(File, Options) -> c:c(File, Options).
c(File, Options, Filter) -> c:c(File, Options, Filter).
cd(Dir) -> c:cd(Dir).
erlangrc(Paths) -> c:erlangrc(Paths).
flush() -> c:flush().
h(M) -> c:h(M).
h(M, F) -> c:h(M, F).
h(M, F, A) -> c:h(M, F, A).
hcb(M) -> c:hcb(M).
hcb(M, F) -> c:hcb(M, F).
hcb(M, F, A) -> c:hcb(M, F, A).
ht(M) -> c:ht(M).
ht(M, F) -> c:ht(M, F).
ht(M, F, A) -> c:ht(M, F, A).
i() -> c:i().
i(X, Y, Z) -> c:i(X, Y, Z).
l(Module) -> c:l(Module).
lc(Files) -> c:lc(Files).
lm() -> c:lm().
ls() -> c:ls().
ls(Dir) -> c:ls(Dir).
m() -> c:m().
m(Module) -> c:m(Module).
memory() -> c:memory().
memory(Types) -> c:memory(Types).
mm() -> c:mm().
nc(File) -> c:nc(File).
ni() -> c:ni().
nl(Module) -> c:nl(Module).
nregs() -> c:nregs().
pid(X, Y, Z) -> c:pid(X, Y, Z).
pwd() -> c:pwd().
q() -> c:q().
regs() -> c:regs().
uptime() -> c:uptime().
xm(Module) -> c:xm(Module).
y(File) -> c:y(File).
y(File, Options) -> c:y(File, Options).

%%% The commands of the debugger, which is an application of its own: they say so where it is missing.

ia(Pid) -> interpreter(ia, [Pid]).
ia(Pid, Show) -> interpreter(ia, [Pid, Show]).
ia(X, Y, Z) -> interpreter(ia, [X, Y, Z]).
ia(X, Y, Z, Show) -> interpreter(ia, [X, Y, Z, Show]).
iaa(Flags) -> interpreter(iaa, [Flags]).
iaa(Flags, Show) -> interpreter(iaa, [Flags, Show]).
ib(Module, Line) -> interpreter(ib, [Module, Line]).
ib(Module, Function, Arity) -> interpreter(ib, [Module, Function, Arity]).
iba(Module, Line, Action) -> interpreter(iba, [Module, Line, Action]).
ibc(Module, Line, Condition) -> interpreter(ibc, [Module, Line, Condition]).
ibd(Module, Line) -> interpreter(ibd, [Module, Line]).
ibe(Module, Line) -> interpreter(ibe, [Module, Line]).
ic() -> interpreter(ic, []).
ih() -> interpreter(help, []).
ii(Module) -> interpreter(ii, [Module]).
ii(Module, Options) -> interpreter(ii, [Module, Options]).
il() -> interpreter(il, []).
im() -> interpreter(im, []).
ini(Module) -> interpreter(ini, [Module]).
ini(Module, Options) -> interpreter(ini, [Module, Options]).
inq(Module) -> interpreter(inq, [Module]).
ip() -> interpreter(ip, []).
ipb() -> interpreter(ipb, []).
ipb(Module) -> interpreter(ipb, [Module]).
iq(Module) -> interpreter(iq, [Module]).
ir() -> interpreter(ir, []).
ir(Module) -> interpreter(ir, [Module]).
ir(Module, Line) -> interpreter(ir, [Module, Line]).
ir(Module, Function, Arity) -> interpreter(ir, [Module, Function, Arity]).
ist(Flag) -> interpreter(ist, [Flag]).
iv() -> interpreter(iv, []).

interpreter(Command, Args) -> c:appcall(debugger, i, Command, Args).
