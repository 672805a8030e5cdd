%%% The commands that the shell knows without a module name. Users put their own into a module
%%% user_default, which is asked first.
-module(shell_default).

-export([help/0, c/1, c/2, c/3, lc/1, l/1, nl/1, nc/1, lm/0, mm/0, m/0, m/1, q/0, flush/0, pid/3,
         bt/1, bi/1, erlangrc/1, cd/1, pwd/0, ls/0, ls/1, i/0, i/3, ni/0, regs/0, nregs/0,
         memory/0, memory/1, uptime/0, h/1, h/2, h/3, ht/1, ht/2, ht/3, hcb/1, hcb/2, hcb/3,
         y/1, y/2, xm/1]).

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
