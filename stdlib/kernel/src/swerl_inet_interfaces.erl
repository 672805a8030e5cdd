%%% swerl_inet_interfaces: the interfaces of this host, for the functions of inet that tell about them.
-module(swerl_inet_interfaces).

-export([all/0, of_ipv4/0, facts/2]).

%% @doc {ok, [{Name, Facts}]}: every interface with its flags, addresses and at last its hardware address.
-spec all() -> {ok, [{string(), [{atom(), term()}]}]} | {error, term()}.
all() ->
    case prim_inet:interfaces() of
        {ok, Entries} -> {ok, [{Name, ordered(Facts)} || {Name, Facts} <- merge(Entries, [])]};
        Error -> Error
    end.

ordered(Facts) ->
    {Hardware, Others} = lists:partition(fun({Key, _}) -> Key =:= hwaddr end, Facts),
    Others ++ Hardware.

%% One entry a name, in the order in which the names come.
merge([{Name, Flags, Address, Mask, Other, Hardware} | Entries], Merged) ->
    FlagNames = flags(Flags),
    Facts = [{addr, Address} || Address =/= undefined] ++
        [{netmask, Mask} || Address =/= undefined, Mask =/= undefined] ++
        [{kind_of_other(FlagNames), Other}
         || Address =/= undefined, Other =/= undefined, kind_of_other(FlagNames) =/= none] ++
        [{hwaddr, Hardware} || Hardware =/= undefined],
    case lists:keyfind(Name, 1, Merged) of
        {Name, Known} -> merge(Entries, lists:keyreplace(Name, 1, Merged, {Name, Known ++ Facts}));
        false -> merge(Entries, Merged ++ [{Name, [{flags, FlagNames} | Facts]}])
    end;
merge([], Merged) ->
    Merged.

kind_of_other(Flags) ->
    case {lists:member(pointtopoint, Flags), lists:member(broadcast, Flags)} of
        {true, _} -> dstaddr;
        {_, true} -> broadaddr;
        _ -> none
    end.

flags(Bits) ->
    [Name || {Name, Bit} <- [{up, 1}, {broadcast, 2}, {loopback, 8}, {pointtopoint, 16},
                             {running, 64}, {multicast, 4096}], Bits band Bit =/= 0].

%% @doc {ok, [{Name, Facts}]}: as all/0, those alone that have an IPv4 address, with its facts and no others.
-spec of_ipv4() -> {ok, [{string(), [{atom(), term()}]}]} | {error, term()}.
of_ipv4() ->
    case all() of
        {ok, All} -> {ok, [{Name, Own} || {Name, Facts} <- All, Own <- [ipv4(Facts)], Own =/= []]};
        Error -> Error
    end.

%% The first IPv4 address of an interface, before what belongs to it; nothing where there is none.
ipv4([{addr, {_, _, _, _} = Address} | Facts]) ->
    Own = lists:takewhile(fun({Key, _}) -> Key =/= addr end, Facts),
    [{addr, Address} | Own];
ipv4([_ | Facts]) ->
    ipv4(Facts);
ipv4([]) ->
    [].

%% @doc {ok, Facts}: what is asked for of an interface, so far as it is known; {error, einval} where a name is none of a fact.
%% Nothing but an empty list of flags is known of an interface that is not there.
-spec facts(string() | atom(), [atom()]) -> {ok, [{atom(), term()}]} | {error, term()}.
facts(Name, Keys) when is_atom(Name) ->
    facts(atom_to_list(Name), Keys);
facts(Name, Keys) ->
    Known = [addr, broadaddr, dstaddr, mtu, netmask, flags, hwaddr],
    case is_name(Name, 255) andalso lists:all(fun(Key) -> lists:member(Key, Known) end, Keys) of
        true ->
            case all() of
                {ok, All} ->
                    Facts = proplists:get_value(Name, All, [{flags, []}]),
                    {ok, [Fact || Key <- Keys, Fact <- fact(Key, Name, Facts)]};
                Error ->
                    Error
            end;
        false ->
            {error, einval}
    end.

%% A name is of so many characters at most, each a byte.
is_name(Name, Longest) -> length(Name) =< Longest andalso lists:all(fun(Char) -> Char < 256 end, Name).

%% An address that is not sent to all is told as that of nobody, and one without a peer is its own.
fact(Key, _, Facts) when Key =:= addr; Key =:= netmask ->
    [Fact || {K, _} = Fact <- ipv4(Facts), K =:= Key];
fact(broadaddr, _, Facts) ->
    Own = ipv4(Facts),
    [{broadaddr, proplists:get_value(broadaddr, Own, {0, 0, 0, 0})} || {addr, _} <- Own];
fact(dstaddr, _, Facts) ->
    Own = ipv4(Facts),
    [{dstaddr, proplists:get_value(dstaddr, Own, Address)} || {addr, Address} <- Own];
fact(mtu, Name, _) ->
    mtu(file:read_file(["/sys/class/net/", Name, "/mtu"]));
fact(Key, _, Facts) ->
    [Fact || {K, _} = Fact <- Facts, K =:= Key].

%% The largest packet of an interface stands in a file of the system.
mtu({ok, Text}) -> [{mtu, binary_to_integer(string:trim(Text))}];
mtu({error, _}) -> [].
