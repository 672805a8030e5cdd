%%% A mistake: a body in braces.
-module(braces_as_body).
-export([greet/0]).

greet() {
    io:format("hello~n").
}
