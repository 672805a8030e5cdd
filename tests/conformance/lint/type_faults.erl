-module(type_faults).
-export([main/0]).
-type a() :: b(). -type b() :: c. -type c() :: integer(X). -type d(X) :: X. -type e(X, X) :: X. -type f(_) :: a. -type g() :: lists:nope(). -type h() :: #{a => b, c := d, e}. -type i() :: fun(). -type j() :: 1..0. -type k() :: a..b. -type l() :: [a, b]. -type m() :: undefined_one(). -type n() :: n(). -type any() :: x. -opaque o() :: p. -export_type([a/0, zz/1]).
-spec main() -> d(). -spec main() -> ok. -spec other:f() -> a. -spec q(X) -> Y when X :: Y. -spec r(X) -> ok. -spec s(A, B) -> A when B :: a.
main() -> ok.
q(X) -> X. r(X) -> X. s(A, _) -> A.
