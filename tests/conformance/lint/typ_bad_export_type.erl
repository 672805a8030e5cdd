-module(typ_bad_export_type).
-export([f/0]).
-export_type(foo).
-export_type([t/0, {u, 1}]).
-export_type([t]).
-type t() :: integer().
f() -> ok.
