%%% Trees of Core Erlang: how to make them, and what is in them. Every tree can be annotated with a list of terms; what has the
%%% prefix ann_ takes such a list first, what has the prefix update_ takes the tree whose annotations it keeps.
-module(cerl).

-include("core_parse.hrl").

-export([abstract/1, add_ann/2, alias_pat/1, alias_var/1, ann_abstract/2, ann_c_alias/3, ann_c_apply/3, ann_c_atom/2,
         ann_c_binary/2, ann_c_bitstr/5, ann_c_bitstr/6, ann_c_call/4, ann_c_case/3, ann_c_catch/2, ann_c_char/2,
         ann_c_clause/3, ann_c_clause/4, ann_c_cons/3, ann_c_cons_skel/3, ann_c_float/2, ann_c_fname/3, ann_c_fun/3,
         ann_c_int/2, ann_c_let/4, ann_c_letrec/3, ann_c_map/2, ann_c_map/3, ann_c_map_pair/4, ann_c_map_pattern/2,
         ann_c_module/4, ann_c_module/5, ann_c_nil/1, ann_c_primop/3, ann_c_receive/2, ann_c_receive/4, ann_c_seq/3,
         ann_c_string/2, ann_c_try/6, ann_c_tuple/2, ann_c_tuple_skel/2, ann_c_values/2, ann_c_var/2,
         ann_make_data/3, ann_make_data_skel/3, ann_make_list/2, ann_make_list/3, ann_make_tree/3, apply_args/1,
         apply_arity/1, apply_op/1, atom_lit/1, atom_name/1, atom_val/1, binary_segments/1, bitstr_bitsize/1,
         bitstr_flags/1, bitstr_size/1, bitstr_type/1, bitstr_unit/1, bitstr_val/1, c_alias/2, c_apply/2, c_atom/1,
         c_binary/1, c_bitstr/3, c_bitstr/4, c_bitstr/5, c_call/3, c_case/2, c_catch/1, c_char/1, c_clause/2,
         c_clause/3, c_cons/2, c_cons_skel/2, c_float/1, c_fname/2, c_fun/2, c_int/1, c_let/3, c_letrec/2, c_map/1,
         c_map_pair/2, c_map_pair_exact/2, c_map_pattern/1, c_module/3, c_module/4, c_nil/0, c_primop/2, c_receive/1,
         c_receive/3, c_seq/2, c_string/1, c_try/5, c_tuple/1, c_tuple_skel/1, c_values/1, c_var/1, call_args/1,
         call_arity/1, call_module/1, call_name/1, case_arg/1, case_arity/1, case_clauses/1, catch_body/1,
         char_lit/1, char_val/1, clause_arity/1, clause_body/1, clause_guard/1, clause_pats/1, clause_vars/1,
         concrete/1, cons_hd/1, cons_tl/1, copy_ann/2, data_arity/1, data_es/1, data_type/1, float_lit/1,
         float_val/1, fname_arity/1, fname_id/1, fold_literal/1, from_records/1, fun_arity/1, fun_body/1, fun_vars/1,
         get_ann/1, int_lit/1, int_val/1, is_c_alias/1, is_c_apply/1, is_c_atom/1, is_c_binary/1, is_c_bitstr/1,
         is_c_call/1, is_c_case/1, is_c_catch/1, is_c_char/1, is_c_clause/1, is_c_cons/1, is_c_float/1, is_c_fname/1,
         is_c_fun/1, is_c_int/1, is_c_let/1, is_c_letrec/1, is_c_list/1, is_c_map/1, is_c_map_empty/1,
         is_c_map_pattern/1, is_c_module/1, is_c_nil/1, is_c_primop/1, is_c_receive/1, is_c_seq/1, is_c_string/1,
         is_c_try/1, is_c_tuple/1, is_c_values/1, is_c_var/1, is_data/1, is_leaf/1, is_literal/1, is_literal_term/1,
         is_print_char/1, is_print_string/1, let_arg/1, let_arity/1, let_body/1, let_vars/1, letrec_body/1,
         letrec_defs/1, letrec_vars/1, list_elements/1, list_length/1, make_data/2, make_data_skel/2, make_list/1,
         make_list/2, make_tree/2, map_arg/1, map_es/1, map_pair_key/1, map_pair_op/1, map_pair_val/1,
         module_attrs/1, module_defs/1, module_exports/1, module_name/1, module_vars/1, pat_list_vars/1, pat_vars/1,
         primop_args/1, primop_arity/1, primop_name/1, receive_action/1, receive_clauses/1, receive_timeout/1,
         seq_arg/1, seq_body/1, set_ann/2, string_lit/1, string_val/1, subtrees/1, to_records/1, try_arg/1,
         try_body/1, try_evars/1, try_handler/1, try_vars/1, tuple_arity/1, tuple_es/1, type/1, unfold_literal/1,
         update_c_alias/3, update_c_apply/3, update_c_binary/2, update_c_bitstr/5, update_c_bitstr/6,
         update_c_call/4, update_c_case/3, update_c_catch/2, update_c_clause/4, update_c_cons/3,
         update_c_cons_skel/3, update_c_fname/2, update_c_fname/3, update_c_fun/3, update_c_let/4, update_c_letrec/3,
         update_c_map/3, update_c_map_pair/4, update_c_module/5, update_c_primop/3, update_c_receive/4,
         update_c_seq/3, update_c_try/6, update_c_tuple/2, update_c_tuple_skel/2, update_c_values/2, update_c_var/2,
         update_data/3, update_data_skel/3, update_list/2, update_list/3, update_tree/2, update_tree/3,
         values_arity/1, values_es/1, var_name/1]).

-export_type([cerl/0, var_name/0, c_alias/0, c_apply/0, c_binary/0, c_bitstr/0, c_call/0, c_case/0, c_catch/0, c_clause/0, c_cons/0,
              c_fun/0, c_let/0, c_letrec/0, c_literal/0, c_map/0, c_map_pair/0, c_module/0, c_primop/0, c_receive/0,
              c_seq/0, c_try/0, c_tuple/0, c_values/0, c_var/0]).

-type c_alias() :: #c_alias{}.
-type c_apply() :: #c_apply{}.
-type c_binary() :: #c_binary{}.
-type c_bitstr() :: #c_bitstr{}.
-type c_call() :: #c_call{}.
-type c_case() :: #c_case{}.
-type c_catch() :: #c_catch{}.
-type c_clause() :: #c_clause{}.
-type c_cons() :: #c_cons{}.
-type c_fun() :: #c_fun{}.
-type c_let() :: #c_let{}.
-type c_letrec() :: #c_letrec{}.
-type c_literal() :: #c_literal{}.
-type c_map() :: #c_map{}.
-type c_map_pair() :: #c_map_pair{}.
-type c_module() :: #c_module{}.
-type c_primop() :: #c_primop{}.
-type c_receive() :: #c_receive{}.
-type c_seq() :: #c_seq{}.
-type c_try() :: #c_try{}.
-type c_tuple() :: #c_tuple{}.
-type c_values() :: #c_values{}.
-type c_var() :: #c_var{}.
-type var_name() :: integer() | atom() | {atom(), arity()}.
-type cerl() :: c_alias() | c_apply() | c_binary() | c_bitstr() | c_call() | c_case() | c_catch() | c_clause()
              | c_cons() | c_fun() | c_let() | c_letrec() | c_literal() | c_map() | c_map_pair() | c_module()
              | c_primop() | c_receive() | c_seq() | c_try() | c_tuple() | c_values() | c_var().

%%% Making, asking for, and changing nodes, by kind.
is_c_alias(#c_alias{}) -> true;
is_c_alias(_) -> false.
ann_c_alias(Ann, Var, Pat) -> #c_alias{anno = Ann, var = Var, pat = Pat}.
c_alias(Var, Pat) -> ann_c_alias([], Var, Pat).
update_c_alias(Node, Var, Pat) -> ann_c_alias(get_ann(Node), Var, Pat).
alias_var(#c_alias{var = Var}) -> Var.
alias_pat(#c_alias{pat = Pat}) -> Pat.

is_c_apply(#c_apply{}) -> true;
is_c_apply(_) -> false.
ann_c_apply(Ann, Op, Args) -> #c_apply{anno = Ann, op = Op, args = Args}.
c_apply(Op, Args) -> ann_c_apply([], Op, Args).
update_c_apply(Node, Op, Args) -> ann_c_apply(get_ann(Node), Op, Args).
apply_op(#c_apply{op = Op}) -> Op.
apply_args(#c_apply{args = Args}) -> Args.

is_c_binary(#c_binary{}) -> true;
is_c_binary(_) -> false.
ann_c_binary(Ann, Segments) -> #c_binary{anno = Ann, segments = Segments}.
c_binary(Segments) -> ann_c_binary([], Segments).
update_c_binary(Node, Segments) -> ann_c_binary(get_ann(Node), Segments).
binary_segments(#c_binary{segments = Segments}) -> Segments.

is_c_bitstr(#c_bitstr{}) -> true;
is_c_bitstr(_) -> false.
ann_c_bitstr(Ann, Val, Size, Unit, Type, Flags) -> #c_bitstr{anno = Ann, val = Val, size = Size, unit = Unit, type = Type, flags = Flags}.
c_bitstr(Val, Size, Unit, Type, Flags) -> ann_c_bitstr([], Val, Size, Unit, Type, Flags).
update_c_bitstr(Node, Val, Size, Unit, Type, Flags) -> ann_c_bitstr(get_ann(Node), Val, Size, Unit, Type, Flags).
bitstr_val(#c_bitstr{val = Val}) -> Val.
bitstr_size(#c_bitstr{size = Size}) -> Size.
bitstr_unit(#c_bitstr{unit = Unit}) -> Unit.
bitstr_type(#c_bitstr{type = Type}) -> Type.
bitstr_flags(#c_bitstr{flags = Flags}) -> Flags.

is_c_call(#c_call{}) -> true;
is_c_call(_) -> false.
ann_c_call(Ann, Module, Name, Args) -> #c_call{anno = Ann, module = Module, name = Name, args = Args}.
c_call(Module, Name, Args) -> ann_c_call([], Module, Name, Args).
update_c_call(Node, Module, Name, Args) -> ann_c_call(get_ann(Node), Module, Name, Args).
call_module(#c_call{module = Module}) -> Module.
call_name(#c_call{name = Name}) -> Name.
call_args(#c_call{args = Args}) -> Args.

is_c_case(#c_case{}) -> true;
is_c_case(_) -> false.
ann_c_case(Ann, Arg, Clauses) -> #c_case{anno = Ann, arg = Arg, clauses = Clauses}.
c_case(Arg, Clauses) -> ann_c_case([], Arg, Clauses).
update_c_case(Node, Arg, Clauses) -> ann_c_case(get_ann(Node), Arg, Clauses).
case_arg(#c_case{arg = Arg}) -> Arg.
case_clauses(#c_case{clauses = Clauses}) -> Clauses.

is_c_catch(#c_catch{}) -> true;
is_c_catch(_) -> false.
ann_c_catch(Ann, Body) -> #c_catch{anno = Ann, body = Body}.
c_catch(Body) -> ann_c_catch([], Body).
update_c_catch(Node, Body) -> ann_c_catch(get_ann(Node), Body).
catch_body(#c_catch{body = Body}) -> Body.

is_c_clause(#c_clause{}) -> true;
is_c_clause(_) -> false.
ann_c_clause(Ann, Pats, Guard, Body) -> #c_clause{anno = Ann, pats = Pats, guard = Guard, body = Body}.
c_clause(Pats, Guard, Body) -> ann_c_clause([], Pats, Guard, Body).
update_c_clause(Node, Pats, Guard, Body) -> ann_c_clause(get_ann(Node), Pats, Guard, Body).
clause_pats(#c_clause{pats = Pats}) -> Pats.
clause_guard(#c_clause{guard = Guard}) -> Guard.
clause_body(#c_clause{body = Body}) -> Body.

is_c_fun(#c_fun{}) -> true;
is_c_fun(_) -> false.
ann_c_fun(Ann, Vars, Body) -> #c_fun{anno = Ann, vars = Vars, body = Body}.
c_fun(Vars, Body) -> ann_c_fun([], Vars, Body).
update_c_fun(Node, Vars, Body) -> ann_c_fun(get_ann(Node), Vars, Body).
fun_vars(#c_fun{vars = Vars}) -> Vars.
fun_body(#c_fun{body = Body}) -> Body.

is_c_let(#c_let{}) -> true;
is_c_let(_) -> false.
ann_c_let(Ann, Vars, Arg, Body) -> #c_let{anno = Ann, vars = Vars, arg = Arg, body = Body}.
c_let(Vars, Arg, Body) -> ann_c_let([], Vars, Arg, Body).
update_c_let(Node, Vars, Arg, Body) -> ann_c_let(get_ann(Node), Vars, Arg, Body).
let_vars(#c_let{vars = Vars}) -> Vars.
let_arg(#c_let{arg = Arg}) -> Arg.
let_body(#c_let{body = Body}) -> Body.

is_c_letrec(#c_letrec{}) -> true;
is_c_letrec(_) -> false.
ann_c_letrec(Ann, Defs, Body) -> #c_letrec{anno = Ann, defs = Defs, body = Body}.
c_letrec(Defs, Body) -> ann_c_letrec([], Defs, Body).
update_c_letrec(Node, Defs, Body) -> ann_c_letrec(get_ann(Node), Defs, Body).
letrec_defs(#c_letrec{defs = Defs}) -> Defs.
letrec_body(#c_letrec{body = Body}) -> Body.

is_c_module(#c_module{}) -> true;
is_c_module(_) -> false.
module_name(#c_module{name = Name}) -> Name.
module_exports(#c_module{exports = Exports}) -> Exports.
module_attrs(#c_module{attrs = Attrs}) -> Attrs.
module_defs(#c_module{defs = Defs}) -> Defs.

is_c_primop(#c_primop{}) -> true;
is_c_primop(_) -> false.
ann_c_primop(Ann, Name, Args) -> #c_primop{anno = Ann, name = Name, args = Args}.
c_primop(Name, Args) -> ann_c_primop([], Name, Args).
update_c_primop(Node, Name, Args) -> ann_c_primop(get_ann(Node), Name, Args).
primop_name(#c_primop{name = Name}) -> Name.
primop_args(#c_primop{args = Args}) -> Args.

is_c_receive(#c_receive{}) -> true;
is_c_receive(_) -> false.
ann_c_receive(Ann, Clauses, Timeout, Action) -> #c_receive{anno = Ann, clauses = Clauses, timeout = Timeout, action = Action}.
c_receive(Clauses, Timeout, Action) -> ann_c_receive([], Clauses, Timeout, Action).
update_c_receive(Node, Clauses, Timeout, Action) -> ann_c_receive(get_ann(Node), Clauses, Timeout, Action).
receive_clauses(#c_receive{clauses = Clauses}) -> Clauses.
receive_timeout(#c_receive{timeout = Timeout}) -> Timeout.
receive_action(#c_receive{action = Action}) -> Action.

is_c_seq(#c_seq{}) -> true;
is_c_seq(_) -> false.
ann_c_seq(Ann, Arg, Body) -> #c_seq{anno = Ann, arg = Arg, body = Body}.
c_seq(Arg, Body) -> ann_c_seq([], Arg, Body).
update_c_seq(Node, Arg, Body) -> ann_c_seq(get_ann(Node), Arg, Body).
seq_arg(#c_seq{arg = Arg}) -> Arg.
seq_body(#c_seq{body = Body}) -> Body.

is_c_try(#c_try{}) -> true;
is_c_try(_) -> false.
ann_c_try(Ann, Arg, Vars, Body, Evars, Handler) -> #c_try{anno = Ann, arg = Arg, vars = Vars, body = Body, evars = Evars, handler = Handler}.
c_try(Arg, Vars, Body, Evars, Handler) -> ann_c_try([], Arg, Vars, Body, Evars, Handler).
update_c_try(Node, Arg, Vars, Body, Evars, Handler) -> ann_c_try(get_ann(Node), Arg, Vars, Body, Evars, Handler).
try_arg(#c_try{arg = Arg}) -> Arg.
try_vars(#c_try{vars = Vars}) -> Vars.
try_body(#c_try{body = Body}) -> Body.
try_evars(#c_try{evars = Evars}) -> Evars.
try_handler(#c_try{handler = Handler}) -> Handler.

is_c_values(#c_values{}) -> true;
is_c_values(_) -> false.
ann_c_values(Ann, Es) -> #c_values{anno = Ann, es = Es}.
c_values(Es) -> ann_c_values([], Es).
update_c_values(Node, Es) -> ann_c_values(get_ann(Node), Es).
values_es(#c_values{es = Es}) -> Es.

is_c_var(#c_var{}) -> true;
is_c_var(_) -> false.
ann_c_var(Ann, Name) -> #c_var{anno = Ann, name = Name}.
c_var(Name) -> ann_c_var([], Name).
update_c_var(Node, Name) -> ann_c_var(get_ann(Node), Name).
var_name(#c_var{name = Name}) -> Name.

ann_c_map_pair(Ann, Op, Key, Val) -> #c_map_pair{anno = Ann, op = Op, key = Key, val = Val}.
update_c_map_pair(Node, Op, Key, Val) -> ann_c_map_pair(get_ann(Node), Op, Key, Val).
map_pair_op(#c_map_pair{op = Op}) -> Op.
map_pair_key(#c_map_pair{key = Key}) -> Key.
map_pair_val(#c_map_pair{val = Val}) -> Val.


%%% The same, where a part may be left out or counts.

c_bitstr(Val, Size, Type, Flags) -> c_bitstr(Val, Size, abstract(1), Type, Flags).
c_bitstr(Val, Type, Flags) -> c_bitstr(Val, abstract(all), abstract(1), Type, Flags).
ann_c_bitstr(Ann, Val, Size, Type, Flags) -> ann_c_bitstr(Ann, Val, Size, abstract(1), Type, Flags).
update_c_bitstr(Node, Val, Size, Type, Flags) -> update_c_bitstr(Node, Val, Size, abstract(1), Type, Flags).

%% The size in bits where it is known; any, all or utf.
bitstr_bitsize(#c_bitstr{size = Size, unit = Unit, type = Type}) ->
    case {Size, Unit, Type} of
        {#c_literal{val = all}, _, _} -> all;
        {_, _, #c_literal{val = Utf}} when Utf =:= utf8; Utf =:= utf16; Utf =:= utf32 -> utf;
        {#c_literal{val = Bits}, #c_literal{val = By}, _} when is_integer(Bits) -> Bits * By;
        _ -> any
    end.

c_clause(Pats, Body) -> c_clause(Pats, abstract(true), Body).
ann_c_clause(Ann, Pats, Body) -> ann_c_clause(Ann, Pats, abstract(true), Body).
clause_arity(Node) -> length(clause_pats(Node)).
clause_vars(Node) -> pat_list_vars(clause_pats(Node)).

c_receive(Clauses) -> ann_c_receive([], Clauses).
ann_c_receive(Ann, Clauses) -> ann_c_receive(Ann, Clauses, abstract(infinity), abstract(true)).

c_module(Name, Exports, Defs) -> c_module(Name, Exports, [], Defs).
c_module(Name, Exports, Attrs, Defs) -> ann_c_module([], Name, Exports, Attrs, Defs).
ann_c_module(Ann, Name, Exports, Defs) -> ann_c_module(Ann, Name, Exports, [], Defs).
ann_c_module(Ann, Name, Exports, Attrs, Defs) ->
    #c_module{anno = Ann, name = Name, exports = Exports, attrs = Attrs, defs = Defs}.
update_c_module(Node, Name, Exports, Attrs, Defs) ->
    ann_c_module(get_ann(Node), Name, Exports, Attrs, Defs).
module_vars(Node) -> [Name || {Name, _} <- module_defs(Node)].

letrec_vars(Node) -> [Name || {Name, _} <- letrec_defs(Node)].
let_arity(Node) -> length(let_vars(Node)).
fun_arity(Node) -> length(fun_vars(Node)).
apply_arity(Node) -> length(apply_args(Node)).
call_arity(Node) -> length(call_args(Node)).
primop_arity(Node) -> length(primop_args(Node)).
values_arity(Node) -> length(values_es(Node)).
case_arity(Node) -> clause_arity(hd(case_clauses(Node))).

%%% Names of functions: variables that are named by a pair.

c_fname(Name, Arity) -> c_var({Name, Arity}).
ann_c_fname(Ann, Name, Arity) -> ann_c_var(Ann, {Name, Arity}).
update_c_fname(#c_var{name = {_, Arity}} = Node, Name) -> update_c_fname(Node, Name, Arity).
update_c_fname(Node, Name, Arity) -> update_c_var(Node, {Name, Arity}).
is_c_fname(#c_var{name = {Name, Arity}}) when is_atom(Name), is_integer(Arity), Arity >= 0 -> true;
is_c_fname(_) -> false.
fname_id(#c_var{name = {Name, _}}) -> Name.
fname_arity(#c_var{name = {_, Arity}}) -> Arity.

%%% Constants.

abstract(Term) -> ann_abstract([], Term).
ann_abstract(Ann, Term) -> #c_literal{anno = Ann, val = Term}.
concrete(#c_literal{val = Term}) -> Term.
is_literal(#c_literal{}) -> true;
is_literal(_) -> false.

%% Whether a term can be a constant.
is_literal_term(Term) when is_integer(Term); is_float(Term); is_atom(Term); is_bitstring(Term) -> true;
is_literal_term([]) -> true;
is_literal_term([Head | Tail]) -> is_literal_term(Head) andalso is_literal_term(Tail);
is_literal_term(Term) when is_tuple(Term) -> lists:all(fun is_literal_term/1, tuple_to_list(Term));
is_literal_term(Term) when is_map(Term) -> is_literal_term(maps:to_list(Term));
is_literal_term(Term) when is_function(Term) -> erlang:fun_info(Term, type) =:= {type, external};
is_literal_term(_) -> false.

c_atom(Value) -> ann_c_atom([], Value).
ann_c_atom(Ann, Name) when is_list(Name) -> ann_abstract(Ann, list_to_atom(Name));
ann_c_atom(Ann, Name) when is_atom(Name) -> ann_abstract(Ann, Name).
is_c_atom(#c_literal{val = Value}) when is_atom(Value) -> true;
is_c_atom(_) -> false.
atom_val(#c_literal{val = Value}) -> Value.

c_int(Value) -> abstract(Value).
ann_c_int(Ann, Value) -> ann_abstract(Ann, Value).
is_c_int(#c_literal{val = Value}) when is_integer(Value) -> true;
is_c_int(_) -> false.
int_val(#c_literal{val = Value}) -> Value.

c_float(Value) -> abstract(Value).
ann_c_float(Ann, Value) -> ann_abstract(Ann, Value).
is_c_float(#c_literal{val = Value}) when is_float(Value) -> true;
is_c_float(_) -> false.
float_val(#c_literal{val = Value}) -> Value.
atom_name(Node) -> atom_to_list(atom_val(Node)).
atom_lit(Node) -> io_lib:write_string(atom_name(Node), $').
int_lit(Node) -> integer_to_list(int_val(Node)).
float_lit(Node) -> float_to_list(float_val(Node)).

c_char(Value) when is_integer(Value), Value >= 0 -> abstract(Value).
ann_c_char(Ann, Value) when is_integer(Value), Value >= 0 -> ann_abstract(Ann, Value).
is_c_char(#c_literal{val = Value}) when is_integer(Value), Value >= 0 -> is_char_value(Value);
is_c_char(_) -> false.
char_val(#c_literal{val = Value}) -> Value.
char_lit(Node) -> io_lib:write_char(char_val(Node)).
is_print_char(#c_literal{val = Value}) when is_integer(Value) -> io_lib:printable_list([Value]);
is_print_char(_) -> false.

c_string(Value) -> abstract(Value).
ann_c_string(Ann, Value) -> ann_abstract(Ann, Value).
is_c_string(#c_literal{val = Value}) -> is_string(Value);
is_c_string(_) -> false.
string_val(#c_literal{val = Value}) -> Value.
string_lit(Node) -> io_lib:write_string(string_val(Node)).
is_print_string(#c_literal{val = Value}) -> io_lib:printable_list(Value);
is_print_string(_) -> false.

is_char_value(Value) -> is_integer(Value) andalso Value >= 0 andalso Value =< 255.

is_string([]) -> true;
is_string([Value | Values]) -> is_char_value(Value) andalso is_string(Values);
is_string(_) -> false.

%%% Lists and tuples; those of constants are constants, unless they are made as skeletons.

c_nil() -> abstract([]).
ann_c_nil(Ann) -> ann_abstract(Ann, []).
is_c_nil(#c_literal{val = []}) -> true;
is_c_nil(_) -> false.

c_cons(Head, Tail) -> ann_c_cons([], Head, Tail).
ann_c_cons(Ann, #c_literal{val = Head}, #c_literal{val = Tail}) -> ann_abstract(Ann, [Head | Tail]);
ann_c_cons(Ann, Head, Tail) -> ann_c_cons_skel(Ann, Head, Tail).
update_c_cons(Node, Head, Tail) -> ann_c_cons(get_ann(Node), Head, Tail).
c_cons_skel(Head, Tail) -> ann_c_cons_skel([], Head, Tail).
ann_c_cons_skel(Ann, Head, Tail) -> #c_cons{anno = Ann, hd = Head, tl = Tail}.
update_c_cons_skel(Node, Head, Tail) -> ann_c_cons_skel(get_ann(Node), Head, Tail).
is_c_cons(#c_cons{}) -> true;
is_c_cons(#c_literal{val = [_ | _]}) -> true;
is_c_cons(_) -> false.
cons_hd(#c_cons{hd = Head}) -> Head;
cons_hd(#c_literal{val = [Head | _]}) -> abstract(Head).
cons_tl(#c_cons{tl = Tail}) -> Tail;
cons_tl(#c_literal{val = [_ | Tail]}) -> abstract(Tail).

is_c_list(#c_cons{tl = Tail}) -> is_c_list(Tail);
is_c_list(#c_literal{val = Value}) -> is_proper(Value);
is_c_list(_) -> false.

is_proper([_ | Tail]) -> is_proper(Tail);
is_proper(Tail) -> Tail =:= [].

list_elements(#c_cons{hd = Head, tl = Tail}) -> [Head | list_elements(Tail)];
list_elements(#c_literal{val = Values}) -> [abstract(Value) || Value <- Values].
list_length(Node) -> length(list_elements(Node)).

make_list(Elements) -> ann_make_list([], Elements).
make_list(Elements, Tail) -> ann_make_list([], Elements, Tail).
ann_make_list(Ann, Elements) -> ann_make_list(Ann, Elements, none).
ann_make_list(Ann, [Head | Tail], none) -> ann_c_cons(Ann, Head, make_list(Tail));
ann_make_list(Ann, [Head | Elements], Tail) -> ann_c_cons(Ann, Head, make_list(Elements, Tail));
ann_make_list(Ann, [], none) -> ann_c_nil(Ann);
ann_make_list(_, [], Tail) -> Tail.
update_list(Node, Elements) -> ann_make_list(get_ann(Node), Elements).
update_list(Node, Elements, Tail) -> ann_make_list(get_ann(Node), Elements, Tail).

c_tuple(Elements) -> ann_c_tuple([], Elements).
ann_c_tuple(Ann, Elements) ->
    case lists:all(fun is_literal/1, Elements) of
        true -> ann_abstract(Ann, list_to_tuple([concrete(Element) || Element <- Elements]));
        false -> ann_c_tuple_skel(Ann, Elements)
    end.
update_c_tuple(Node, Elements) -> ann_c_tuple(get_ann(Node), Elements).
c_tuple_skel(Elements) -> ann_c_tuple_skel([], Elements).
ann_c_tuple_skel(Ann, Elements) -> #c_tuple{anno = Ann, es = Elements}.
update_c_tuple_skel(Node, Elements) -> ann_c_tuple_skel(get_ann(Node), Elements).
is_c_tuple(#c_tuple{}) -> true;
is_c_tuple(#c_literal{val = Value}) -> is_tuple(Value);
is_c_tuple(_) -> false.
tuple_es(#c_tuple{es = Elements}) -> Elements;
tuple_es(#c_literal{val = Value}) -> [abstract(Element) || Element <- tuple_to_list(Value)].
tuple_arity(Node) -> length(tuple_es(Node)).

%%% Maps.

c_map(Pairs) -> ann_c_map([], Pairs).
ann_c_map(Ann, Pairs) -> ann_c_map(Ann, ann_abstract(Ann, #{}), Pairs).
ann_c_map(Ann, #c_literal{val = Map} = Arg, Pairs) when is_map(Map) ->
    IsConstant = fun(#c_map_pair{op = Op, key = Key, val = Value}) ->
                         concrete(Op) =:= assoc andalso is_literal(Key) andalso is_literal(Value)
                 end,
    case lists:all(IsConstant, Pairs) of
        true ->
            Known = [{concrete(Key), concrete(Value)} || #c_map_pair{key = Key, val = Value} <- Pairs],
            ann_abstract(Ann, maps:merge(Map, maps:from_list(Known)));
        false ->
            #c_map{anno = Ann, arg = Arg, es = Pairs}
    end;
ann_c_map(Ann, Map, Pairs) ->
    #c_map{anno = Ann, arg = Map, es = Pairs}.
c_map_pattern(Pairs) -> #c_map{es = Pairs, is_pat = true}.
ann_c_map_pattern(Ann, Pairs) -> #c_map{anno = Ann, es = Pairs, is_pat = true}.
update_c_map(#c_map{is_pat = true} = Node, Map, Pairs) -> Node#c_map{arg = Map, es = Pairs};
update_c_map(Node, Map, Pairs) -> ann_c_map(get_ann(Node), Map, Pairs).
is_c_map(#c_map{}) -> true;
is_c_map(#c_literal{val = Value}) -> is_map(Value);
is_c_map(_) -> false.
is_c_map_empty(#c_map{es = []}) -> true;
is_c_map_empty(#c_literal{val = Value}) -> is_map(Value) andalso map_size(Value) =:= 0;
is_c_map_empty(_) -> false.
is_c_map_pattern(#c_map{is_pat = IsPattern}) -> IsPattern.
map_arg(#c_map{arg = Map}) -> Map;
map_arg(#c_literal{val = Map}) when is_map(Map) -> abstract(#{}).
map_es(#c_map{es = Pairs}) -> Pairs;
map_es(#c_literal{val = Map}) when is_map(Map) ->
    [c_map_pair(abstract(Key), abstract(Value)) || {Key, Value} <- maps:to_list(Map)].
c_map_pair(Key, Value) -> ann_c_map_pair([], abstract(assoc), Key, Value).
c_map_pair_exact(Key, Value) -> ann_c_map_pair([], abstract(exact), Key, Value).

%%% Data: what is a list cell, a tuple or an atomic constant.

is_data(#c_literal{}) -> true;
is_data(#c_cons{}) -> true;
is_data(#c_tuple{}) -> true;
is_data(_) -> false.
data_type(#c_literal{val = [_ | _]}) -> cons;
data_type(#c_literal{val = Value}) when is_tuple(Value) -> tuple;
data_type(#c_literal{val = Value}) -> {atomic, Value};
data_type(#c_cons{}) -> cons;
data_type(#c_tuple{}) -> tuple.
data_es(Node) ->
    case data_type(Node) of
        cons -> [cons_hd(Node), cons_tl(Node)];
        tuple -> tuple_es(Node);
        {atomic, _} -> []
    end.
data_arity(Node) -> length(data_es(Node)).
make_data(Type, Parts) -> ann_make_data([], Type, Parts).
ann_make_data(Ann, {atomic, Value}, []) -> ann_abstract(Ann, Value);
ann_make_data(Ann, cons, [Head, Tail]) -> ann_c_cons(Ann, Head, Tail);
ann_make_data(Ann, tuple, Elements) -> ann_c_tuple(Ann, Elements).
update_data(Node, Type, Parts) -> ann_make_data(get_ann(Node), Type, Parts).
make_data_skel(Type, Parts) -> ann_make_data_skel([], Type, Parts).
ann_make_data_skel(Ann, {atomic, Value}, []) -> ann_abstract(Ann, Value);
ann_make_data_skel(Ann, cons, [Head, Tail]) -> ann_c_cons_skel(Ann, Head, Tail);
ann_make_data_skel(Ann, tuple, Elements) -> ann_c_tuple_skel(Ann, Elements).
update_data_skel(Node, Type, Parts) -> ann_make_data_skel(get_ann(Node), Type, Parts).

%% A constant list or tuple as what it is made of, and back.
unfold_literal(#c_literal{val = Value} = Node) when is_list(Value), Value =/= []; is_tuple(Value) ->
    update_data_skel(Node, data_type(Node), [unfold_literal(Part) || Part <- data_es(Node)]);
unfold_literal(Node) ->
    Node.
fold_literal(Node) ->
    case is_data(Node) of
        true -> update_data(Node, data_type(Node), [fold_literal(Part) || Part <- data_es(Node)]);
        false -> Node
    end.

%%% Annotations: the first field of every record.

get_ann(Node) -> element(2, Node).
set_ann(Node, Ann) -> setelement(2, Node, Ann).
add_ann(Ann, Node) -> set_ann(Node, Ann ++ get_ann(Node)).
copy_ann(From, To) -> set_ann(To, get_ann(From)).

%% Trees are their records.
to_records(Node) -> Node.
from_records(Node) -> Node.

%%% The variables of patterns.

pat_vars(Pattern) -> pat_list_vars([Pattern]).
pat_list_vars(Patterns) -> lists:reverse(all_variables(Patterns)).

all_variables(Patterns) -> lists:append([variables(Pattern) || Pattern <- Patterns]).

variables(#c_var{} = Node) -> [Node];
variables(#c_alias{var = Var, pat = Pattern}) -> [Var | variables(Pattern)];
variables(#c_map_pair{val = Value}) -> variables(Value);
variables(#c_map{es = Pairs}) -> all_variables(Pairs);
variables(#c_binary{segments = Segments}) -> all_variables(Segments);
variables(#c_bitstr{val = Value}) -> variables(Value);
variables(#c_cons{hd = Head, tl = Tail}) -> variables(Tail) ++ variables(Head);
variables(#c_literal{}) -> [];
variables(Node) -> all_variables(data_es(Node)).

%%% Trees in general: their kind, and their parts in groups.

type(Node) ->
    "c_" ++ Kind = atom_to_list(element(1, Node)),
    list_to_atom(Kind).

is_leaf(#c_literal{}) -> true;
is_leaf(#c_var{}) -> true;
is_leaf(_) -> false.

subtrees(#c_literal{}) -> [];
subtrees(#c_var{}) -> [];
subtrees(#c_values{es = Elements}) -> [Elements];
subtrees(#c_cons{hd = Head, tl = Tail}) -> [[Head], [Tail]];
subtrees(#c_tuple{es = Elements}) -> [Elements];
subtrees(#c_map{es = Pairs}) -> [Pairs];
subtrees(#c_map_pair{op = Op, key = Key, val = Value}) -> [[Op], [Key], [Value]];
subtrees(#c_let{vars = Vars, arg = Arg, body = Body}) -> [Vars, [Arg], [Body]];
subtrees(#c_seq{arg = Arg, body = Body}) -> [[Arg], [Body]];
subtrees(#c_apply{op = Op, args = Args}) -> [[Op], Args];
subtrees(#c_call{module = Module, name = Name, args = Args}) -> [[Module], [Name], Args];
subtrees(#c_primop{name = Name, args = Args}) -> [[Name], Args];
subtrees(#c_case{arg = Arg, clauses = Clauses}) -> [[Arg], Clauses];
subtrees(#c_clause{pats = Pats, guard = Guard, body = Body}) -> [Pats, [Guard], [Body]];
subtrees(#c_alias{var = Var, pat = Pattern}) -> [[Var], [Pattern]];
subtrees(#c_fun{vars = Vars, body = Body}) -> [Vars, [Body]];
subtrees(#c_receive{clauses = Clauses, timeout = Time, action = Action}) -> [Clauses, [Time], [Action]];
subtrees(#c_try{arg = Arg, vars = Vars, body = Body, evars = EVars, handler = Handler}) ->
    [[Arg], Vars, [Body], EVars, [Handler]];
subtrees(#c_catch{body = Body}) -> [[Body]];
subtrees(#c_letrec{defs = Defs, body = Body}) -> [flat(Defs), [Body]];
subtrees(#c_binary{segments = Segments}) -> [Segments];
subtrees(#c_bitstr{val = Value, size = Size, unit = Unit, type = Type, flags = Flags}) ->
    [[Value], [Size], [Unit], [Type], [Flags]];
subtrees(#c_module{name = Name, exports = Exports, attrs = Attrs, defs = Defs}) ->
    [[Name], Exports, flat(Attrs), flat(Defs)].

flat(Pairs) -> lists:append([[A, B] || {A, B} <- Pairs]).

pairs([A, B | Rest]) -> [{A, B} | pairs(Rest)];
pairs([]) -> [].

update_tree(Node, Groups) -> update_tree(Node, type(Node), Groups).
update_tree(Node, Type, Groups) -> ann_make_tree(get_ann(Node), Type, Groups).
make_tree(Type, Groups) -> ann_make_tree([], Type, Groups).

ann_make_tree(Ann, values, [Elements]) -> ann_c_values(Ann, Elements);
ann_make_tree(Ann, cons, [[Head], [Tail]]) -> ann_c_cons(Ann, Head, Tail);
ann_make_tree(Ann, tuple, [Elements]) -> ann_c_tuple(Ann, Elements);
ann_make_tree(Ann, map, [Pairs]) -> ann_c_map(Ann, Pairs);
ann_make_tree(Ann, map_pair, [[Op], [Key], [Value]]) -> ann_c_map_pair(Ann, Op, Key, Value);
ann_make_tree(Ann, 'let', [Vars, [Arg], [Body]]) -> ann_c_let(Ann, Vars, Arg, Body);
ann_make_tree(Ann, seq, [[Arg], [Body]]) -> ann_c_seq(Ann, Arg, Body);
ann_make_tree(Ann, apply, [[Op], Args]) -> ann_c_apply(Ann, Op, Args);
ann_make_tree(Ann, call, [[Module], [Name], Args]) -> ann_c_call(Ann, Module, Name, Args);
ann_make_tree(Ann, primop, [[Name], Args]) -> ann_c_primop(Ann, Name, Args);
ann_make_tree(Ann, 'case', [[Arg], Clauses]) -> ann_c_case(Ann, Arg, Clauses);
ann_make_tree(Ann, clause, [Pats, [Guard], [Body]]) -> ann_c_clause(Ann, Pats, Guard, Body);
ann_make_tree(Ann, alias, [[Var], [Pattern]]) -> ann_c_alias(Ann, Var, Pattern);
ann_make_tree(Ann, 'fun', [Vars, [Body]]) -> ann_c_fun(Ann, Vars, Body);
ann_make_tree(Ann, 'receive', [Clauses, [Time], [Action]]) -> ann_c_receive(Ann, Clauses, Time, Action);
ann_make_tree(Ann, 'try', [[Arg], Vars, [Body], EVars, [Handler]]) ->
    ann_c_try(Ann, Arg, Vars, Body, EVars, Handler);
ann_make_tree(Ann, 'catch', [[Body]]) -> ann_c_catch(Ann, Body);
ann_make_tree(Ann, letrec, [Defs, [Body]]) -> ann_c_letrec(Ann, pairs(Defs), Body);
ann_make_tree(Ann, binary, [Segments]) -> ann_c_binary(Ann, Segments);
ann_make_tree(Ann, bitstr, [[Value], [Size], [Unit], [Type], [Flags]]) ->
    ann_c_bitstr(Ann, Value, Size, Unit, Type, Flags);
ann_make_tree(Ann, module, [[Name], Exports, Attrs, Defs]) ->
    ann_c_module(Ann, Name, Exports, pairs(Attrs), pairs(Defs)).
