%%% The words of what the compiler finds in calls and sizes. In OTP the module of that name compiles
%%% pattern matching.
-module(v3_kernel).

-export([format_error/1]).

-spec format_error(term()) -> string().
format_error({nomatch, _} = Descriptor) ->
    sys_core_fold:format_error(Descriptor);
format_error({failed, bad_call}) ->
    "invalid module and/or function name; this call will always fail";
format_error({failed, bad_segment_size}) ->
    "binary construction will fail because the size of a segment is invalid".
