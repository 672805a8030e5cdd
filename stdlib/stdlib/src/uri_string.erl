%%% URIs: taking apart, putting together, resolving and normalising, as RFC 3986 has it; queries of
%%% forms; percent encoding.
%%%
%%% Texts are handled as lists of characters. A part is given back as what the URI was: a list or a
%%% binary.
-module(uri_string).

-export([allowed_characters/0, compose_query/1, compose_query/2, dissect_query/1, normalize/1,
         normalize/2, parse/1, percent_decode/1, quote/1, quote/2, recompose/1, resolve/2, resolve/3,
         transcode/2, unquote/1]).
-export([is_host/1, is_path/1]).
-export_type([error/0, uri_map/0, uri_string/0]).

-type uri_string() :: iodata().
-type uri_map() :: #{fragment => unicode:chardata(), host => unicode:chardata(),
                     path => unicode:chardata(), port => non_neg_integer() | undefined,
                     query => unicode:chardata(), scheme => unicode:chardata(),
                     userinfo => unicode:chardata()}.
-type error() :: {error, atom(), term()}.

-define(IS_ALPHA(C), (C >= $a andalso C =< $z orelse C >= $A andalso C =< $Z)).
-define(IS_DIGIT(C), (C >= $0 andalso C =< $9)).

%%% Sorts of characters.

is_unreserved(C) when ?IS_ALPHA(C); ?IS_DIGIT(C) -> true;
is_unreserved(C) -> lists:member(C, "-._~").

is_sub_delim(C) -> lists:member(C, "!$&'()*+,;=").

is_scheme(C) when ?IS_ALPHA(C); ?IS_DIGIT(C) -> true;
is_scheme(C) -> lists:member(C, "+-.").

is_userinfo($:) -> true;
is_userinfo(C) -> is_regname(C).

is_regname($%) -> true;
is_regname(C) -> is_unreserved(C) orelse is_sub_delim(C).

is_ipv4(C) -> ?IS_DIGIT(C) orelse C =:= $..

is_ipv6(C) -> ?IS_DIGIT(C) orelse C >= $a andalso C =< $f orelse C >= $A andalso C =< $F
                  orelse C =:= $: orelse C =:= $..

%% @doc Whether a host may contain a character.
is_host($:) -> true;
is_host($%) -> false;
is_host(C) -> is_regname(C).

%% @doc Whether a path may contain a character.
is_path($/) -> true;
is_path(C) -> is_segment(C).

is_segment($:) -> true;
is_segment($@) -> true;
is_segment(C) -> is_regname(C).

is_query($?) -> true;
is_query(C) -> is_path(C).

%% @doc The characters that each part may contain.
-spec allowed_characters() -> [{atom(), list()}].
allowed_characters() ->
    All = lists:seq(0, 127),
    Of = fun(Is) -> lists:filter(Is, All) end,
    Reserved = fun(C) -> lists:member(C, ":/?#[]@") orelse is_sub_delim(C) end,
    [{scheme, Of(fun is_scheme/1)}, {userinfo, Of(fun is_userinfo/1)}, {host, Of(fun is_host/1)},
     {ipv4, Of(fun is_ipv4/1)}, {ipv6, Of(fun is_ipv6/1)}, {regname, Of(fun is_regname/1)},
     {path, Of(fun is_path/1)}, {query, Of(fun is_query/1)}, {fragment, Of(fun is_query/1)},
     {reserved, Of(Reserved)}, {unreserved, Of(fun is_unreserved/1)}].

%%% Taking apart.

%% @doc The parts of a URI as a map.
-spec parse(uri_string()) -> uri_map() | error().
parse(Uri) when is_binary(Uri) ->
    case unicode:characters_to_list(Uri) of
        Chars when is_list(Chars) -> as_binaries(parse_chars(Chars));
        _ -> {error, invalid_uri, Uri}
    end;
parse(Uri) when is_list(Uri) ->
    case unicode:characters_to_list(Uri) of
        Chars when is_list(Chars) -> parse_chars(Chars);
        _ -> {error, invalid_uri, Uri}
    end.

as_binaries(#{} = Map) ->
    maps:map(fun(_, Value) when is_list(Value) -> unicode:characters_to_binary(Value);
                (_, Value) -> Value
             end, Map);
as_binaries(Error) ->
    Error.

parse_chars(Chars) ->
    try
        case scheme(Chars) of
            {Scheme, Rest} ->
                %% What comes after a scheme is wrong as a whole.
                try hierarchy(Rest, #{scheme => Scheme})
                catch throw:{invalid, _} -> throw({invalid, ":"})
                end;
            none ->
                first_segment(Chars),
                hierarchy(Chars, #{})
        end
    catch
        throw:{invalid, What} -> {error, invalid_uri, What}
    end.

scheme([C | _] = Chars) when ?IS_ALPHA(C) ->
    case lists:splitwith(fun is_scheme/1, Chars) of
        {Scheme, [$: | Rest]} -> {Scheme, Rest};
        _ -> none
    end;
scheme(_) -> none.

%% Without a scheme, the first segment of a path has no colon.
first_segment([$/ | _]) -> ok;
first_segment(Chars) ->
    case lists:splitwith(fun(C) -> C =/= $: andalso is_segment(C) end, Chars) of
        {_, [$: | _]} -> throw({invalid, ":"});
        _ -> ok
    end.

%% What is wrong where there may be a user is told as if there were none.
hierarchy("//" ++ Rest, Map) ->
    {Authority, After} = lists:splitwith(fun(C) -> not lists:member(C, "/?#") end, Rest),
    case lists:splitwith(fun is_userinfo/1, Authority) of
        {UserInfo, [$@ | HostAndPort]} ->
            try path(After, host(HostAndPort, Map#{userinfo => UserInfo}))
            catch throw:{invalid, _} -> path(After, host(Authority, Map))
            end;
        _ ->
            path(After, host(Authority, Map))
    end;
hierarchy(Chars, Map) ->
    path(Chars, Map).

host([$[ | Chars], Map) ->
    case lists:splitwith(fun is_ipv6/1, Chars) of
        {Address, [$] | Rest]} ->
            case is_ipv6_address(Address) of
                true -> port(Rest, Map#{host => Address});
                false -> throw({invalid, Address})
            end;
        {_, [C | _]} -> throw({invalid, [C]});
        {"", ""} -> throw({invalid, <<>>});
        {Address, ""} -> throw({invalid, Address})
    end;
host(Chars, Map) ->
    {Host, Rest} = lists:splitwith(fun is_regname/1, Chars),
    port(Rest, Map#{host => Host}).

port([], Map) -> Map;
port(":", Map) -> Map#{port => undefined};
port([$: | Digits], Map) ->
    case lists:dropwhile(fun(C) -> ?IS_DIGIT(C) end, Digits) of
        [] -> Map#{port => list_to_integer(Digits)};
        [C | _] -> throw({invalid, [C]})
    end;
port([C | _], _) -> throw({invalid, [C]}).

path(Chars, Map) ->
    {Path, Rest} = lists:splitwith(fun is_path/1, Chars),
    case Rest of
        [$? | After] ->
            {Query, Rest1} = lists:splitwith(fun is_query/1, After),
            fragment(Rest1, Map#{path => Path, query => Query});
        _ -> fragment(Rest, Map#{path => Path})
    end.

fragment([], Map) -> Map;
fragment([$# | Chars], Map) ->
    case lists:dropwhile(fun is_query/1, Chars) of
        [] -> Map#{fragment => Chars};
        [C | _] -> throw({invalid, [C]})
    end;
fragment([C | _], _) -> throw({invalid, [C]}).

%%% Putting together.

%% @doc The URI of parts. Characters that a part cannot have are percent-encoded.
-spec recompose(uri_map()) -> uri_string() | error().
recompose(#{} = Map) ->
    case is_whole(Map) of
        false -> {error, invalid_map, Map};
        true ->
            try build(Map)
            catch throw:{error, _, _} = Error -> Error
            end
    end.

is_whole(Map) ->
    Keys = maps:keys(Map),
    Known = [scheme, userinfo, host, port, path, query, fragment],
    lists:member(path, Keys) andalso lists:all(fun(Key) -> lists:member(Key, Known) end, Keys).

build(Map) ->
    Scheme = case Map of
                 #{scheme := S} ->
                     case chars(S) of
                         [First | More] = S1 when ?IS_ALPHA(First) ->
                             lists:all(fun is_scheme/1, More) orelse throw({error, invalid_scheme, S1}),
                             S1 ++ ":";
                         Bad -> throw({error, invalid_scheme, Bad})
                     end;
                 _ -> ""
             end,
    UserInfo = case Map of
                   #{host := _} -> part(userinfo, Map, fun is_userinfo/1, "", "@");
                   _ -> ""
               end,
    Host = case Map of
               #{host := H} -> host_text(chars(H));
               _ -> ""
           end,
    Port = case Map of
               #{port := undefined} -> ":";
               #{port := P} -> [$: | integer_to_list(P)];
               _ -> ""
           end,
    Path0 = part(path, Map, fun is_path/1, "", ""),
    HasHost = is_map_key(host, Map),
    {Slashes, Path} = case {HasHost, Path0} of
                          {true, []} -> {"//", []};
                          {true, [$/ | _]} -> {"//", Path0};
                          {true, _} -> {"//", [$/ | Path0]};
                          {false, _} -> {"", Path0}
                      end,
    Query = part(query, Map, fun is_query/1, "?", ""),
    Fragment = part(fragment, Map, fun is_query/1, "#", ""),
    Text = Scheme ++ Slashes ++ UserInfo ++ Host ++ Port ++ Path ++ Query ++ Fragment,
    case is_binary(maps:get(path, Map)) andalso lists:all(fun is_binary_part/1, maps:values(Map)) of
        true -> unicode:characters_to_binary(Text);
        false -> Text
    end.

is_binary_part(Value) -> is_binary(Value) orelse is_integer(Value) orelse Value =:= undefined.

part(Key, Map, Is, Before, After) ->
    case Map of
        #{Key := Value} -> Before ++ escape(chars(Value), fun(C) -> C =:= $% orelse Is(C) end) ++ After;
        _ -> ""
    end.

host_text(Host) ->
    case is_ipv6_address(Host) of
        true -> [$[ | Host] ++ "]";
        false -> escape(Host, fun is_regname/1)
    end.

%% Groups of up to four hexadecimal digits, an IPv4 address for the last two, and one gap at most.
is_ipv6_address(Text) ->
    case string:split(Text, "::", all) of
        [Whole] -> groups(Whole) =:= 8;
        [Before, After] ->
            case {part_groups(Before), part_groups(After)} of
                {none, _} -> false;
                {_, none} -> false;
                {Left, Right} -> Left + Right =< 7 andalso not lists:member($., Before)
            end;
        _ -> false
    end.

part_groups("") -> 0;
part_groups(Text) -> groups(Text).

groups(Text) -> groups(string:split(Text, ":", all), 0).

groups([Last], N) ->
    case {lists:member($., Last), is_group(Last)} of
        {true, _} ->
            case is_ipv4_address(Last) of
                true -> N + 2;
                false -> none
            end;
        {false, true} -> N + 1;
        {false, false} -> none
    end;
groups([Group | Groups], N) ->
    case is_group(Group) of
        true -> groups(Groups, N + 1);
        false -> none
    end.

is_group(Text) ->
    Text =/= "" andalso length(Text) =< 4 andalso lists:all(fun(C) -> digit(C) =/= none end, Text).

is_ipv4_address(Text) ->
    Parts = string:split(Text, ".", all),
    length(Parts) =:= 4
        andalso lists:all(fun(Part) ->
                                  Part =/= "" andalso lists:all(fun(C) -> ?IS_DIGIT(C) end, Part)
                                      andalso list_to_integer(Part) < 256
                          end, Parts).

chars(Text) when is_list(Text); is_binary(Text) ->
    case unicode:characters_to_list(Text) of
        Chars when is_list(Chars) -> Chars;
        {_, _, Rest} -> throw({error, invalid_input, Rest})
    end.

%% Percent-encodes the characters that Is does not hold for.
escape(Chars, Is) ->
    lists:append([case C < 128 andalso Is(C) of
                      true -> [C];
                      false -> escape_bytes(unicode:characters_to_binary([C]))
                  end || C <- Chars]).

escape_bytes(Bytes) -> lists:append([[$%, hex(Byte bsr 4), hex(Byte band 15)] || <<Byte>> <= Bytes]).

hex(N) when N < 10 -> $0 + N;
hex(N) -> $A + N - 10.

%%% References.

%% @doc The absolute URI of a reference, from a base.
-spec resolve(uri_string() | uri_map(), uri_string() | uri_map()) -> uri_string() | error().
resolve(Ref, Base) -> resolve(Ref, Base, []).

%% @doc As resolve/2; with the option return_map the parts of the URI.
-spec resolve(uri_string() | uri_map(), uri_string() | uri_map(), [return_map]) ->
          uri_string() | uri_map() | error().
resolve(Ref, Base, Options) ->
    case as_map(Ref) of
        #{scheme := _} = RefMap -> finish(without_dots(RefMap), Options);
        #{} = RefMap ->
            case as_map(Base) of
                #{} = BaseMap ->
                    case resolve_maps(RefMap, BaseMap) of
                        #{} = Map -> finish(Map, Options);
                        Error -> Error
                    end;
                Error -> Error
            end;
        Error -> Error
    end.

as_map(#{} = Map) -> Map;
as_map(Uri) -> parse(Uri).

finish(Map, [return_map]) -> Map;
finish(Map, []) -> recompose(Map).

%% The reference has no scheme.
resolve_maps(_, Base) when not is_map_key(scheme, Base) ->
    {error, invalid_scheme, ""};
resolve_maps(#{host := _} = Ref, #{scheme := Scheme}) ->
    without_dots(Ref#{scheme => Scheme});
resolve_maps(Ref, #{scheme := _} = Base) ->
    Kept = maps:merge(maps:with([scheme, userinfo, host, port], Base), maps:with([fragment], Ref)),
    BasePath = maps:get(path, Base, ""),
    case maps:get(path, Ref, "") of
        Empty when Empty =:= ""; Empty =:= <<>> ->
            Query = case Ref of
                        #{query := _} -> maps:with([query], Ref);
                        _ -> maps:with([query], Base)
                    end,
            maps:merge(Kept#{path => BasePath}, Query);
        RefPath ->
            Path = case chars(RefPath) of
                       [$/ | _] = Absolute -> Absolute;
                       Relative -> merged(chars(BasePath), Relative, Base)
                   end,
            without_dots(maps:merge(Kept#{path => like(RefPath, Path)}, maps:with([query], Ref)))
    end.

like(Model, Chars) when is_binary(Model) -> unicode:characters_to_binary(Chars);
like(_, Chars) -> Chars.

merged([], Relative, #{host := _}) -> [$/ | Relative];
merged(BasePath, Relative, _) ->
    lists:reverse(lists:dropwhile(fun(C) -> C =/= $/ end, lists:reverse(BasePath))) ++ Relative.

without_dots(#{path := Path} = Map) -> Map#{path => like(Path, remove_dots(chars(Path)))};
without_dots(Map) -> Map.

%% RFC 3986, 5.2.4.
remove_dots(Path) -> remove_dots(Path, []).

remove_dots("../" ++ Rest, Out) -> remove_dots(Rest, Out);
remove_dots("./" ++ Rest, Out) -> remove_dots(Rest, Out);
remove_dots("/./" ++ Rest, Out) -> remove_dots([$/ | Rest], Out);
remove_dots("/.", Out) -> remove_dots("/", Out);
remove_dots("/../" ++ Rest, Out) -> remove_dots([$/ | Rest], drop_segment(Out));
remove_dots("/..", Out) -> remove_dots("/", drop_segment(Out));
remove_dots(".", Out) -> remove_dots([], Out);
remove_dots("..", Out) -> remove_dots([], Out);
remove_dots([], Out) -> lists:append(lists:reverse(Out));
remove_dots([First | Rest], Out) ->
    {Segment, After} = lists:splitwith(fun(C) -> C =/= $/ end, Rest),
    remove_dots(After, [[First | Segment] | Out]).

drop_segment([_ | Out]) -> Out;
drop_segment([]) -> [].

%%% Normalising.

%% @doc The URI in its normal form.
-spec normalize(uri_string() | uri_map()) -> uri_string() | error().
normalize(Uri) -> normalize(Uri, []).

%% @doc As normalize/1; with the option return_map the parts of the URI.
-spec normalize(uri_string() | uri_map(), [return_map]) -> uri_string() | uri_map() | error().
normalize(Uri, Options) when Options =:= []; Options =:= [return_map] ->
    case as_map(Uri) of
        #{} = Map ->
            try finish(normal(Map), Options)
            catch throw:{error, _, _} = Error -> Error
            end;
        Error -> Error
    end.

normal(Map0) ->
    Map1 = maps:map(fun(port, Port) -> Port;
                       (_, Text) -> like(Text, normal_escapes(chars(Text)))
                    end, Map0),
    Map2 = maps:map(fun(Key, Text) when Key =:= scheme; Key =:= host ->
                            like(Text, string:to_lower(chars(Text)));
                       (_, Value) -> Value
                    end, Map1),
    scheme_path(scheme_port(without_dots(Map2))).

scheme_port(#{port := undefined} = Map) -> maps:remove(port, Map);
scheme_port(#{scheme := Scheme, port := Port} = Map) ->
    case default_port(chars(Scheme)) of
        Port -> maps:remove(port, Map);
        _ -> Map
    end;
scheme_port(Map) -> Map.

default_port("http") -> 80;
default_port("https") -> 443;
default_port("ftp") -> 21;
default_port("ssh") -> 22;
default_port("sftp") -> 22;
default_port("tftp") -> 69;
default_port(_) -> none.

scheme_path(#{scheme := Scheme, host := _, path := Path} = Map) ->
    case chars(Path) of
        [] ->
            Name = chars(Scheme),
            case Name =:= "http" orelse Name =:= "https" of
                true -> Map#{path => like(Path, "/")};
                false -> Map
            end;
        _ -> Map
    end;
scheme_path(Map) -> Map.

%% Escapes that are not needed are decoded; those that stay are in capitals.
normal_escapes([$%, A, B | Rest]) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, <<$%, A, B>>});
        Byte ->
            case Byte < 128 andalso is_unreserved(Byte) of
                true -> [Byte | normal_escapes(Rest)];
                false -> [$%, hex(Byte bsr 4), hex(Byte band 15) | normal_escapes(Rest)]
            end
    end;
normal_escapes([C | Rest]) -> [C | normal_escapes(Rest)];
normal_escapes([]) -> [].

hex_value(A, B) ->
    case {digit(A), digit(B)} of
        {none, _} -> none;
        {_, none} -> none;
        {High, Low} -> High * 16 + Low
    end.

digit(C) when ?IS_DIGIT(C) -> C - $0;
digit(C) when C >= $a, C =< $f -> C - $a + 10;
digit(C) when C >= $A, C =< $F -> C - $A + 10;
digit(_) -> none.

%%% Encodings.

%% @doc A percent-encoded text in another encoding, of itself and of what is encoded.
-spec transcode(uri_string(), [{in_encoding | out_encoding, unicode:encoding()}]) ->
          uri_string() | error().
transcode(Uri, Options) when is_binary(Uri); is_list(Uri) ->
    In = proplists:get_value(in_encoding, Options, utf8),
    Out = proplists:get_value(out_encoding, Options, utf8),
    try
        Chars = case unicode:characters_to_list(Uri, In) of
                    List when is_list(List) -> List;
                    {_, _, Bad} -> throw({error, invalid_input, Bad})
                end,
        Text = lists:append(transcoded(Chars, In, Out)),
        case is_list(Uri) of
            true -> Text;
            false ->
                case unicode:characters_to_binary(Text, unicode, Out) of
                    Binary when is_binary(Binary) -> Binary;
                    {_, _, Bad1} -> throw({error, invalid_input, Bad1})
                end
        end
    catch
        throw:{error, _, _} = Error -> Error
    end.

transcoded([$%, _, _ | _] = Chars, In, Out) ->
    {Bytes, Rest} = escaped(Chars, []),
    case unicode:characters_to_binary(Bytes, In, Out) of
        Binary when is_binary(Binary) -> [escape_bytes(Binary) | transcoded(Rest, In, Out)];
        {error, _, Bad} -> throw({error, invalid_input, Bad});
        {incomplete, _, Bad} -> throw({error, invalid_input, Bad})
    end;
transcoded([C | Rest], In, Out) -> [[C] | transcoded(Rest, In, Out)];
transcoded([], _, _) -> [].

%% The bytes of the escapes at the beginning.
escaped([$%, A, B | Rest], Bytes) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, [$%, A, B]});
        Byte -> escaped(Rest, [Byte | Bytes])
    end;
escaped(Rest, Bytes) ->
    {list_to_binary(lists:reverse(Bytes)), Rest}.

%% @doc The text, or each text of a map, with its escapes decoded.
-spec percent_decode(uri_string() | uri_map()) -> uri_string() | uri_map() | error().
percent_decode(#{} = Map) ->
    try
        maps:map(fun(Key, Text) when Key =:= userinfo; Key =:= host; Key =:= path; Key =:= query; Key =:= fragment ->
                         try decoded(Text)
                         catch throw:{error, Why, What} -> throw({error, {invalid, {Key, {Why, What}}}})
                         end;
                    (_, Part) ->
                         Part
                 end, Map)
    catch
        throw:{error, _} = Error -> Error
    end;
percent_decode(Text) ->
    unquote(Text).

%% @doc The text with its escapes decoded.
-spec unquote(unicode:chardata()) -> unicode:chardata() | error().
unquote(Text) ->
    try decoded(Text)
    catch throw:{error, _, _} = Error -> Error
    end.

decoded(Text) when is_list(Text); is_binary(Text) ->
    Bytes = case unicode:characters_to_binary(Text) of
                Whole when is_binary(Whole) -> Whole;
                {_, _, Bad} -> throw({error, invalid_input, Bad})
            end,
    Decoded = decode_bytes(Bytes, <<>>),
    case unicode:characters_to_list(Decoded) of
        Chars when is_list(Chars), is_list(Text) -> Chars;
        Chars when is_list(Chars) -> Decoded;
        _ -> throw({error, invalid_utf8, Decoded})
    end.

decode_bytes(<<$%, A, B, Rest/binary>>, Out) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, <<$%, A, B>>});
        Byte -> decode_bytes(Rest, <<Out/binary, Byte>>)
    end;
decode_bytes(<<Byte, Rest/binary>>, Out) -> decode_bytes(Rest, <<Out/binary, Byte>>);
decode_bytes(<<>>, Out) -> Out.

%% @doc The text with all but unreserved characters percent-encoded.
-spec quote(unicode:chardata()) -> unicode:chardata() | error().
quote(Text) -> quote(Text, "").

%% @doc As quote/1, except for some more characters.
-spec quote(unicode:chardata(), string()) -> unicode:chardata() | error().
quote(Text, Safe) when is_list(Text); is_binary(Text) ->
    try
        Quoted = escape(chars(Text), fun(C) -> is_unreserved(C) orelse lists:member(C, Safe) end),
        like(Text, Quoted)
    catch
        throw:{error, _, _} = Error -> Error
    end.

%%% Queries of forms.

%% @doc A query string of keys and values, as a form has it.
-spec compose_query([{unicode:chardata(), unicode:chardata() | true}]) -> uri_string() | error().
compose_query(Query) -> compose_query(Query, [{encoding, utf8}]).

%% @doc As compose_query/1, in an encoding.
-spec compose_query([{unicode:chardata(), unicode:chardata() | true}], [{encoding, atom()}]) ->
          uri_string() | error().
compose_query([], _) ->
    [];
compose_query(Query, Options) ->
    try
        %% The encoding is the one option, and must be there.
        Encoding = case Options of
                       [{encoding, Known}] when Known =:= utf8; Known =:= unicode; Known =:= latin1 -> Known;
                       _ -> none
                   end,
        Parts = [compose_pair(Pair, Encoding) || {_, _} = Pair <- pairs(Query)],
        Text = lists:append(lists:join("&", Parts)),
        case lists:any(fun({Key, Value}) -> is_list(Key) orelse is_list(Value) end, Query) of
            true -> Text;
            false -> list_to_binary(Text)
        end
    catch
        throw:{error, _, _} = Error -> Error
    end.

pairs(Query) ->
    case is_list(Query) andalso lists:all(fun(Pair) -> is_tuple(Pair) andalso tuple_size(Pair) =:= 2 end, Query) of
        true -> Query;
        false -> error(function_clause)
    end.

compose_pair({Key, true}, Encoding) -> form_text(Key, Encoding);
compose_pair({Key, Value}, Encoding) -> form_text(Key, Encoding) ++ "=" ++ form_text(Value, Encoding).

form_text(Text, none) ->
    throw({error, invalid_input, Text});
form_text(Text, _) when is_binary(Text) ->
    form_bytes(Text);
form_text(Text, latin1) when is_list(Text) ->
    %% What latin1 does not have is given by number, as in HTML.
    lists:append([case C < 256 of
                      true -> form_bytes(<<C>>);
                      false -> form_bytes(iolist_to_binary(["&#", integer_to_list(C), ";"]))
                  end || C <- chars(Text)]);
form_text(Text, _) when is_list(Text) ->
    form_bytes(unicode:characters_to_binary(chars(Text)));
form_text(Text, _) ->
    throw({error, invalid_input, Text}).

form_bytes(Bytes) ->
    lists:append([case Byte of
                      $\s -> "+";
                      _ when ?IS_ALPHA(Byte); ?IS_DIGIT(Byte) -> [Byte];
                      _ ->
                          case lists:member(Byte, "*-._") of
                              true -> [Byte];
                              false -> escape_bytes(<<Byte>>)
                          end
                  end || <<Byte>> <= Bytes]).

%% @doc The keys and values of a query string, as a form has it.
-spec dissect_query(uri_string()) -> [{unicode:chardata(), unicode:chardata() | true}] | error().
dissect_query(Empty) when Empty =:= ""; Empty =:= <<>> ->
    [];
dissect_query(Query) when is_list(Query); is_binary(Query) ->
    try
        Bytes = case unicode:characters_to_binary(Query) of
                    Whole when is_binary(Whole) -> Whole;
                    {_, _, Bad} -> throw({error, invalid_character, unicode:characters_to_list(Bad, latin1)})
                end,
        [dissect_pair(Pair, is_binary(Query)) || Pair <- form_parts(Bytes)]
    catch
        throw:{error, _, _} = Error -> Error
    end.

%% The pairs; the & of &#N; does not part them.
form_parts(Bytes) -> form_parts(Bytes, <<>>).

form_parts(<<"&#", Rest/binary>>, Part) -> numbered(Rest, Part);
form_parts(<<"&", Rest/binary>>, Part) -> [Part | form_parts(Rest, <<>>)];
form_parts(<<Byte, Rest/binary>>, Part) -> form_parts(Rest, <<Part/binary, Byte>>);
form_parts(<<>>, Part) -> [Part].

%% A character by its number can open a part; after "=" it is as any other text.
numbered(Rest, <<>>) ->
    case binary:split(Rest, <<";">>) of
        [Digits, After] ->
            case [C || <<C>> <= Digits, not ?IS_DIGIT(C)] of
                [] when Digits =/= <<>> ->
                    Char = binary_to_integer(Digits),
                    form_parts(After, <<Char/utf8>>);
                [C | _] -> throw({error, invalid_input, [C]});
                [] -> throw({error, invalid_input, ";"})
            end;
        [_] -> throw({error, invalid_input, "#"})
    end;
numbered(Rest, Part) ->
    case binary:match(Part, <<"=">>) of
        nomatch ->
            [Digits | After] = binary:split(Rest, <<";">>),
            case After =/= [] andalso Digits =/= <<>> andalso [] =:= [C || <<C>> <= Digits, not ?IS_DIGIT(C)] of
                true -> form_parts(hd(After), <<Part/binary, (binary_to_integer(Digits))/utf8>>);
                false -> [Part | form_parts(<<"#", Rest/binary>>, <<>>)]
            end;
        _ -> [Part | form_parts(<<"#", Rest/binary>>, <<>>)]
    end.

dissect_pair(Pair, IsBinary) ->
    case binary:split(Pair, <<"=">>) of
        [Key, Value] -> {form_value(Key, IsBinary), form_value(Value, IsBinary)};
        [Key] -> {form_value(Key, IsBinary), true}
    end.

form_value(Bytes, IsBinary) ->
    Decoded = form_decoded(Bytes, <<>>),
    case unicode:characters_to_list(Decoded) of
        Chars when is_list(Chars), IsBinary -> Decoded;
        Chars when is_list(Chars) -> Chars;
        _ -> throw({error, invalid_input, unicode:characters_to_list(Decoded, latin1)})
    end.

form_decoded(<<"+", Rest/binary>>, Out) -> form_decoded(Rest, <<Out/binary, " ">>);
form_decoded(<<$%, A, B, Rest/binary>>, Out) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, unicode:characters_to_list(<<$%, A, B, Rest/binary>>)});
        Byte -> form_decoded(Rest, <<Out/binary, Byte>>)
    end;
form_decoded(<<Byte, Rest/binary>>, Out) -> form_decoded(Rest, <<Out/binary, Byte>>);
form_decoded(<<>>, Out) -> Out.
