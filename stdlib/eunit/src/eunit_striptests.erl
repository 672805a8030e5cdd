%%% The transform of modules compiled without their tests: takes the test functions away, and their
%%% exports.
-module(eunit_striptests).

-export([parse_transform/2]).

%% @doc Called by the compiler.
parse_transform(Forms, Options) ->
    lists:append([form(Form, Options) || Form <- Forms]).

form({function, _, Name, 0, _} = Form, Options) ->
    case eunit_autoexport:is_test(Name, Options) of
        true -> [];
        false -> [Form]
    end;
form({attribute, Anno, export, Functions}, Options) ->
    Kept = [Function || {Name, Arity} = Function <- Functions,
                        not (Arity =:= 0 andalso eunit_autoexport:is_test(Name, Options))],
    [{attribute, Anno, export, Kept}];
form(Form, _) ->
    [Form].
