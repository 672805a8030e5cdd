-module(att_bif_clash_directive).
-compile({nowarn_bif_clash, {f, 0}}).
-compile(nowarn_bif_clash).
-export([f/0]).
f() -> ok.
