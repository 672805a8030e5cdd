%%% What was wrong with the arguments of functions of the application kernel.
-module(erl_kernel_errors).

-export([format_error/2]).

%% The faults of the arguments, by their numbers.
-spec format_error(term(), erlang:stacktrace()) ->
          #{pos_integer() | general => unicode:chardata()}.
format_error(_Reason, [{os, F, As, Info} | _]) ->
    Cause = maps:get(cause, proplists:get_value(error_info, Info, #{}), none),
    case os_faults(F, As, Cause) of
        {general, Text} -> #{general => Text};
        Faults -> swerl_argument_fault:map(Faults)
    end;
format_error(_Reason, _Stack) ->
    #{}.

os_faults(cmd, _, {open_port, Reason}) ->
    {general, io_lib:format("~ts (~tp)", [file:format_error(Reason), Reason])};
os_faults(cmd, [_, _], badopt) -> ["", "not a map"];
os_faults(cmd, _, _) -> ["not a list of characters"];
os_faults(getenv, [Name | _], _) -> [variable_name(Name)];
os_faults(unsetenv, [Name], _) -> [variable_name(Name)];
os_faults(putenv, [Name, Value], _) -> [variable_name(Name), variable_value(Value)];
os_faults(perf_counter, [_], _) -> ["invalid time unit"];
os_faults(system_time, [_], _) -> ["invalid time unit"];
os_faults(set_signal, [Signal, _], badopt) ->
    [swerl_argument_fault:atom(Signal), "invalid signal handling option"];
os_faults(set_signal, [Signal, Option], _) ->
    OptionFault = case lists:member(Option, [default, handle, ignore]) of
                      true -> "";
                      false -> "invalid signal handling option"
                  end,
    case swerl_argument_fault:atom(Signal) of
        "" when OptionFault =:= "" -> ["invalid signal name"];
        Fault -> [Fault, OptionFault]
    end;
os_faults(_, _, _) -> [].

variable_name([_ | _] = Name) ->
    case variable_value(Name) of
        "" ->
            case lists:member($=, Name) of
                true -> "\"=\" characters is not allowed in environment variable names";
                false -> ""
            end;
        Fault -> Fault
    end;
variable_name([]) -> "invalid environment variable name";
variable_name(_) -> "not a list".

variable_value(Value) ->
    case swerl_argument_fault:list(Value) of
        "" ->
            case {io_lib:char_list(Value), lists:member(0, Value)} of
                {true, false} -> "";
                {true, true} -> "\"\\0\" characters is not allowed in environment variable names or values";
                {false, _} -> "not a list of characters"
            end;
        Fault -> Fault
    end.
