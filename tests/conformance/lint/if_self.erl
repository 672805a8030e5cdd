-module(if_self).
-export([a/0]).
-if(self() =:= self()).
x() -> ok.
-endif.
-if(is_pid(self())).
y() -> ok.
-endif.
-if(node(self()) =:= node()).
z() -> ok.
-endif.
-if(self() < 1).
v() -> ok.
-elif(self() > 1).
w() -> ok.
-endif.
-if(self() =:= a).
v() -> ok.
-endif.
-if(erlang:self() > 1).
vv() -> ok.
-endif.
-if(is_process_alive(self())).
vv() -> ok.
-endif.
-if({self()} > {1}).
vvv() -> ok.
-endif.
-if(hd([self()]) > "abc").
v1() -> ok.
-endif.
-if(#{a=>self()} =:= #{a=>self()}).
v2() -> ok.
-endif.
-if(is_function(self())).
q_x() -> ok.
-endif.
-if(is_function(self(), 0)).
q_x1() -> ok.
-endif.
-if(is_atom(self()) orelse is_reference(self()) orelse is_port(self()) orelse is_tuple(self())).
q_y() -> ok.
-endif.
-if(node(a) =:= b).
q_z() -> ok.
-endif.
-if(self() > a andalso self() > 1 andalso self() < {} andalso self() < #{} andalso self() < [] andalso self() < <<>>).
q_v() -> ok.
-elif(self() > 1).
q_w() -> ok.
-endif.
-if(length(self()) > 1).
-endif.
-if(self() =:= {self()}).
q_v() -> ok.
-endif.
-if(max(self(), 1) =:= self()).
q_mx() -> ok.
-endif.
-if(min(self(), {}) =:= self()).
q_mn() -> ok.
-endif.
-if(erlang:node() =:= erlang:node(self())).
q_vv() -> ok.
-endif.
-if(self(1)).
-endif.
-if(is_pid(a)).
-endif.
-if(not is_pid(node())).
q_np() -> ok.
-endif.
a() -> ok.
