%%% URIs: taking apart, putting together, resolving and normalising, as RFC 3986 has it; queries of
%%% forms; percent encoding.
%%%
%%% A part is given back as what the URI was: a list or a binary.
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
    as_binaries(parse_chars(decoded_chars(Uri)));
parse(Uri) when is_list(Uri) ->
    parse_chars(decoded_chars(unicode:characters_to_binary(Uri))).

%% The characters; `invalid' stands for bytes that are none, and nothing after them is looked at.
decoded_chars(<<C/utf8, Rest/binary>>) -> [C | decoded_chars(Rest)];
decoded_chars(<<>>) -> [];
decoded_chars(Bytes) when is_binary(Bytes) -> [invalid].

-spec wrong(char() | invalid) -> no_return().
wrong(invalid) -> error(function_clause);
wrong(C) -> throw({invalid, [C]}).

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
        {_, [C | _]} -> wrong(C);
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
        [C | _] -> wrong(C)
    end;
port([C | _], _) -> wrong(C).

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
        [C | _] -> wrong(C)
    end;
fragment([C | _], _) -> wrong(C).

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

%% The text of each part comes behind what there is: `none' before the first. It is a binary as long as all
%% parts are.
build(Map) ->
    Text = lists:foldl(fun(Part, Before) ->
                               case Map of
                                   #{Part := Value} -> build(Part, Value, Map, Before);
                                   _ -> Before
                               end
                       end, none, [scheme, userinfo, host, port, path, query, fragment]),
    case Text of
        none -> "";
        _ -> Text
    end.

build(scheme, Scheme, _, none) -> joined(checked_scheme(Scheme), ":");
build(userinfo, UserInfo, _, Before) -> behind(Before, led("//", escape(UserInfo, fun is_userinfo/1)));
build(host, Host, #{userinfo := _}, Before) when Before =/= none -> behind(Before, led("@", host_text(Host)));
build(host, Host, _, Before) -> behind(Before, led("//", host_text(Host)));
build(port, undefined, _, Before) -> joined(Before, <<":">>);
build(port, Port, _, Before) -> joined(Before, led(":", integer_to_binary(Port)));
build(path, Path, _, none) -> escape(Path, fun is_path/1);
build(path, Path, #{host := _}, Before) -> joined(Before, escape(absolute(flat(Path)), fun is_path/1));
build(path, Path, _, Before) -> joined(Before, escape(Path, fun is_path/1));
build(query, Query, _, Before) -> behind(Before, led("?", escape(Query, fun is_query/1)));
build(fragment, Fragment, _, Before) -> behind(Before, led("#", escape(Fragment, fun is_query/1))).

checked_scheme(Empty) when Empty =:= []; Empty =:= <<>> ->
    throw({error, invalid_scheme, Empty});
checked_scheme(Scheme) ->
    case has_scheme_only(Scheme) of
        true -> Scheme;
        false -> throw({error, invalid_scheme, Scheme})
    end.

has_scheme_only([C | Rest]) -> is_scheme(C) andalso has_scheme_only(Rest);
has_scheme_only([]) -> true;
has_scheme_only(<<C, Rest/binary>>) -> is_scheme(C) andalso has_scheme_only(Rest);
has_scheme_only(<<>>) -> true.

behind(none, Text) -> Text;
behind(Before, Text) -> joined(Before, Text).

joined(Before, Text) when is_binary(Before), is_binary(Text) -> <<Before/binary, Text/binary>>;
joined(Before, ":") when is_binary(Before) -> <<Before/binary, ":">>;
joined(Before, Text) when is_binary(Before), is_list(Text) -> unicode:characters_to_list(Before) ++ Text;
joined(Before, Text) when is_list(Before), is_binary(Text) -> Before ++ unicode:characters_to_list(Text);
joined(Before, Text) when is_list(Before) -> Before ++ Text.

led(Sign, Text) when is_binary(Text) -> <<(list_to_binary(Sign))/binary, Text/binary>>;
led(Sign, Text) when is_list(Text) -> Sign ++ Text.

flat(Path) when is_binary(Path) -> Path;
flat(Path) -> unicode:characters_to_list(Path).

absolute(Path) when Path =:= <<>>; Path =:= "" -> Path;
absolute([$/ | _] = Path) -> Path;
absolute(<<$/, _/binary>> = Path) -> Path;
absolute(Path) -> led("/", Path).

host_text([]) -> [];
host_text(Host) ->
    Chars = case is_binary(Host) of
                true -> unicode:characters_to_list(Host);
                false -> Host
            end,
    case is_ipv6_address(Chars) of
        true -> joined(led("[", Host), like(Host, "]"));
        false ->
            case is_ipv4_address(Chars) orelse is_regname_only(Chars) of
                true -> Host;
                false -> escape(Host, fun is_regname/1)
            end
    end.

is_regname_only([C | Rest]) -> is_regname(C) andalso is_regname_only(Rest);
is_regname_only([]) -> true.

is_ipv6_address(Text) -> element(1, inet:parse_ipv6strict_address(Text)) =:= ok.

is_ipv4_address(Text) -> element(1, inet:parse_ipv4strict_address(Text)) =:= ok.

chars(Text) when is_list(Text); is_binary(Text) ->
    case unicode:characters_to_list(Text) of
        Chars when is_list(Chars) -> Chars;
        {_, _, Rest} -> throw({error, invalid_input, Rest})
    end.

%% Percent-encodes the characters that Is does not hold for.
escape(Text, Is) when is_list(Text) ->
    unicode:characters_to_list(escape(unicode:characters_to_binary(Text), Is, <<>>));
escape(Text, Is) when is_binary(Text) ->
    escape(Text, Is, <<>>).

escape(<<C/utf8, Rest/binary>>, Is, Out) ->
    case Is(C) of
        true -> escape(Rest, Is, <<Out/binary, C>>);
        false -> escape(Rest, Is, <<Out/binary, (escape_bytes(<<C/utf8>>))/binary>>)
    end;
escape(<<>>, _, Out) -> Out;
escape(Bad, _, _) when is_binary(Bad) -> throw({error, invalid_input, Bad}).

escape_bytes(Bytes) -> << <<$%, (hex(Byte bsr 4)), (hex(Byte band 15))>> || <<Byte>> <= Bytes >>.

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
        #{} = RefMap ->
            case resolve_map(RefMap, Base) of
                #{} = Map ->
                    case Options of
                        [return_map] -> Map;
                        [] -> recompose(Map)
                    end;
                Error -> Error
            end;
        Error -> Error
    end.

as_map(#{} = Map) -> Map;
as_map(Uri) -> parse(Uri).

resolve_map(#{scheme := _} = Ref, _) ->
    without_dots(Ref);
resolve_map(Ref, Base) ->
    case as_map(Base) of
        #{scheme := Scheme} = BaseMap ->
            %% What kind the path is of is looked at in any case.
            case {path_kind(Ref), Ref} of
                {_, #{host := _}} -> without_dots(Ref#{scheme => Scheme});
                {Kind, _} -> resolve_path(Kind, Ref, BaseMap)
            end;
        #{} -> {error, invalid_scheme, ""};
        Error -> Error
    end.

path_kind(Map) ->
    case iolist_to_binary(maps:get(path, Map, <<>>)) of
        <<>> -> empty;
        <<$/, _/binary>> -> absolute;
        _ -> relative
    end.

resolve_path(empty, Ref, Base) ->
    Query = [query || not is_map_key(query, Ref)],
    maps:merge(Ref, maps:with([path | Query] ++ [scheme, userinfo, host, port], Base));
resolve_path(absolute, Ref, Base) ->
    without_dots(maps:merge(Ref, maps:with([scheme, userinfo, host, port], Base)));
resolve_path(relative, #{path := Path} = Ref, Base) ->
    without_dots(maps:merge(Ref#{path := merged(Path, Base)}, maps:with([scheme, userinfo, host, port], Base))).

merged(Path, #{path := BasePath} = Base) ->
    case iolist_size(BasePath) =:= 0 andalso is_map_key(host, Base) of
        true -> like(Path, ["/", Path]);
        false ->
            case string:split(BasePath, "/", trailing) of
                [Folder, _] -> like(Path, [Folder, "/", Path]);
                [_] -> Path
            end
    end.

like(Model, Chars) when is_binary(Model) -> unicode:characters_to_binary(Chars);
like(_, Chars) -> unicode:characters_to_list(Chars).

without_dots(Map) ->
    Path = maps:get(path, Map, undefined),
    Map#{path => without_dots_in(Path)}.

without_dots_in(Path) when is_list(Path); is_binary(Path) -> like(Path, remove_dots(chars(Path))).

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
            try {normal(Map), Options} of
                {Normal, [return_map]} -> Normal;
                {Normal, []} -> recompose(Normal)
            catch throw:{error, _, _} = Error -> Error
            end;
        Error -> Error
    end.

normal(Map0) ->
    Map1 = maps:map(fun(Key, Text) when Key =:= host; Key =:= scheme -> lowercase(Text);
                       (_, Value) -> Value
                    end, Map0),
    Map2 = maps:map(fun(Key, Text) when Key =:= userinfo; Key =:= host; Key =:= path; Key =:= query; Key =:= fragment ->
                            normal_escapes(Text);
                       (_, Value) -> Value
                    end, Map1),
    without_dots(scheme_path(scheme_port(Map2))).

lowercase(Text) when is_list(Text) -> unicode:characters_to_list(lowercase(utf8(Text)));
lowercase(Text) when is_binary(Text) ->
    << <<(case C >= $A andalso C =< $Z of true -> C + 32; false -> C end)>> || <<C>> <= Text >>.

%% A list in UTF-8.
utf8(Text) ->
    case unicode:characters_to_binary(Text) of
        Bytes when is_binary(Bytes) -> Bytes;
        {_, _, Bad} -> throw({error, invalid_input, Bad})
    end.

scheme_port(#{port := undefined} = Map) -> maps:remove(port, Map);
scheme_port(#{scheme := Scheme, port := Port} = Map) ->
    case default_port(Scheme) of
        Port -> maps:remove(port, Map);
        _ -> Map
    end;
scheme_port(Map) -> Map.

default_port(Scheme) when is_binary(Scheme) -> default_port(binary_to_list(Scheme));
default_port("http") -> 80;
default_port("https") -> 443;
default_port("ftp") -> 21;
default_port("ssh") -> 22;
default_port("sftp") -> 22;
default_port("tftp") -> 69;
default_port(_) -> none.

scheme_path(#{scheme := Scheme, path := Path} = Map)
  when Path =:= "" orelse Path =:= <<>>,
       Scheme =:= "http" orelse Scheme =:= <<"http">> orelse Scheme =:= "https" orelse Scheme =:= <<"https">> ->
    Map#{path := like(Path, "/")};
scheme_path(Map) -> Map.

%% Escapes that are not needed are decoded; those that stay are in capitals.
normal_escapes(Text) when is_list(Text) ->
    unicode:characters_to_list(normal_escapes(unicode:characters_to_binary(Text), <<>>));
normal_escapes(Text) when is_binary(Text) ->
    normal_escapes(Text, <<>>).

normal_escapes(<<$%, A, B, Rest/binary>>, Out) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, <<$%, A, B>>});
        Byte ->
            case is_unreserved(Byte) of
                true -> normal_escapes(Rest, <<Out/binary, Byte>>);
                false -> normal_escapes(Rest, <<Out/binary, (escape_bytes(<<Byte>>))/binary>>)
            end
    end;
normal_escapes(<<C, Rest/binary>>, Out) -> normal_escapes(Rest, <<Out/binary, C>>);
normal_escapes(<<>>, Out) -> checked_utf8(Out).

checked_utf8(Bytes) ->
    case unicode:characters_to_list(Bytes) of
        Chars when is_list(Chars) -> Bytes;
        _ -> throw({error, invalid_utf8, Bytes})
    end.

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
transcode(Uri, Options) when is_binary(Uri) ->
    {In, Out} = encodings(Options),
    try converted(transcoded(chars(Uri, In), In, Out), utf8, Out)
    catch throw:{error, _, _} = Error -> Error
    end;
transcode(Uri, Options) when is_list(Uri) ->
    {In, Out} = encodings(Options),
    Chars = flat_chars(Uri, In, []),
    try transcoded(Chars, In, Out)
    catch throw:{error, _, _} = Error -> Error
    end.

encodings(Options) ->
    {proplists:get_value(in_encoding, Options, utf8), proplists:get_value(out_encoding, Options, utf8)}.

chars(Bytes, Encoding) ->
    case unicode:characters_to_list(Bytes, Encoding) of
        {_, _, Bad} -> throw({error, invalid_input, Bad});
        Chars -> Chars
    end.

converted(Text, In, Out) ->
    case unicode:characters_to_binary(Text, In, Out) of
        {_, _, Bad} -> throw({error, invalid_input, Bad});
        Binary -> Binary
    end.

%% The elements of a deep list, its binaries as characters. What is neither list nor binary is left as it is.
flat_chars([Binary | Rest], In, Out) when is_binary(Binary) -> flat_chars(Rest, In, lists:reverse(chars(Binary, In), Out));
flat_chars([List | Rest], In, Out) when is_list(List) -> flat_chars(List ++ Rest, In, Out);
flat_chars([C | Rest], In, Out) -> flat_chars(Rest, In, [C | Out]);
flat_chars([], _, Out) -> lists:reverse(Out);
flat_chars(Other, _, _) -> throw({error, invalid_input, Other}).

transcoded([_ | _] = Chars, In, Out) -> lists:append(pieces(Chars, In, Out)).

pieces([$%, _, _ | _] = Chars, In, Out) ->
    {Bytes, Rest} = escaped(Chars, []),
    Piece = unicode:characters_to_list(escape_bytes(converted(Bytes, In, Out))),
    case Rest of
        [] -> [Piece];
        _ -> [Piece | pieces(Rest, In, Out)]
    end;
pieces([C | Rest], In, Out) -> [[C] | pieces(Rest, In, Out)];
pieces([], _, _) -> [].

%% The bytes of the escapes at the beginning.
escaped([$%, A, B | Rest] = Chars, Bytes) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, Chars});
        Byte -> escaped(Rest, [Byte | Bytes])
    end;
escaped(Rest, Bytes) ->
    {list_to_binary(lists:reverse(Bytes)), Rest}.

%% @doc The text, or each text of a map, with its escapes decoded.
-spec percent_decode(uri_string() | uri_map()) -> uri_string() | uri_map() | error().
percent_decode(#{} = Map) ->
    try
        maps:map(fun(Key, Text) when Key =:= userinfo; Key =:= host; Key =:= path; Key =:= query; Key =:= fragment ->
                         case unquote(Text) of
                             {error, Why, What} -> throw({error, {invalid, {Key, {Why, What}}}});
                             Decoded -> Decoded
                         end;
                    (_, Part) ->
                         Part
                 end, Map)
    catch
        throw:Error -> Error
    end;
percent_decode(Text) when is_list(Text); is_binary(Text) ->
    unquote(Text).

%% @doc The text with its escapes decoded. What is wrong in a list is answered, what is wrong in a binary is thrown.
-spec unquote(unicode:chardata()) -> unicode:chardata() | error().
unquote(Text) when is_list(Text) ->
    try unicode:characters_to_list(decode_bytes(unicode:characters_to_binary(Text), <<>>))
    catch throw:{error, _, _} = Error -> Error
    end;
unquote(Text) ->
    decode_bytes(Text, <<>>).

decode_bytes(<<$%, A, B, Rest/binary>>, Out) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, <<$%, A, B>>});
        Byte -> decode_bytes(Rest, <<Out/binary, Byte>>)
    end;
decode_bytes(<<Byte, Rest/binary>>, Out) -> decode_bytes(Rest, <<Out/binary, Byte>>);
decode_bytes(<<>>, Out) -> checked_utf8(Out).

%% @doc The text with all but unreserved characters percent-encoded.
-spec quote(unicode:chardata()) -> unicode:chardata().
quote(Text) -> escape(Text, fun is_unreserved/1).

%% @doc As quote/1, except for some more characters.
-spec quote(unicode:chardata(), string()) -> unicode:chardata().
quote(Text, Safe) -> escape(Text, fun(C) -> is_unreserved(C) orelse lists:member(C, Safe) end).

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
        Text = compose_pairs(Query, Options, <<>>),
        case lists:any(fun({Key, Value}) -> is_list(Key) orelse is_list(Value) end, Query) of
            true -> chars(Text, utf8);
            false -> Text
        end
    catch
        throw:{error, _, _} = Error -> Error
    end.

compose_pairs([{Key, Value} | Rest], Options, Out) ->
    KeyText = form_text(Key, Options),
    Pair = case Value of
               true -> KeyText;
               _ -> <<KeyText/binary, "=", (form_text(Value, Options))/binary>>
           end,
    case Rest of
        [] -> <<Out/binary, Pair/binary>>;
        _ -> compose_pairs(Rest, Options, <<Out/binary, Pair/binary, "&">>)
    end.

%% The encoding is the one option, and must be there.
form_text(Text, [{encoding, latin1}]) when is_list(Text) ->
    form_bytes(numbered(converted(Text, utf8, utf8), <<>>));
form_text(Text, [{encoding, latin1}]) when is_binary(Text) ->
    form_bytes(numbered(Text, <<>>));
form_text(Text, [{encoding, Encoding}]) when is_list(Text), Encoding =:= utf8; Encoding =:= unicode ->
    form_bytes(converted(Text, utf8, Encoding));
form_text(Text, [{encoding, utf8}]) when is_binary(Text) ->
    form_bytes(Text);
form_text(Text, [{encoding, Encoding}]) when is_list(Text); is_binary(Text) ->
    throw({error, invalid_encoding, Encoding});
form_text(Text, _) ->
    throw({error, invalid_input, Text}).

%% What latin1 does not have is given by number, as in HTML.
numbered(<<C/utf8, Rest/binary>>, Out) when C > 255 ->
    numbered(Rest, <<Out/binary, "&#", (integer_to_binary(C))/binary, ";">>);
numbered(<<C/utf8, Rest/binary>>, Out) -> numbered(Rest, <<Out/binary, C>>);
numbered(<<>>, Out) -> Out.

form_bytes(<<>>) -> <<>>;
form_bytes(<<Bytes/binary>>) ->
    << <<(form_byte(Byte))/binary>> || <<Byte>> <= Bytes >>;
form_bytes(Bits) ->
    throw({error, invalid_input, Bits}).

form_byte($\s) -> <<"+">>;
form_byte(Byte) when ?IS_ALPHA(Byte); ?IS_DIGIT(Byte); Byte =:= $*; Byte =:= $-; Byte =:= $.; Byte =:= $_ -> <<Byte>>;
form_byte(Byte) -> escape_bytes(<<Byte>>).

%% @doc The keys and values of a query string, as a form has it.
-spec dissect_query(uri_string()) -> [{unicode:chardata(), unicode:chardata() | true}] | error().
dissect_query(Empty) when Empty =:= ""; Empty =:= <<>> ->
    [];
dissect_query(Query) ->
    try
        Bytes = case is_list(Query) of
                    true -> converted(Query, utf8, utf8);
                    false -> Query
                end,
        dissect_key(Bytes, <<>>, is_list(Query))
    catch
        throw:{error, _, _} = Error -> Error
    end.

%% The & of &#N; does not end a key, but it ends a value.
dissect_key(<<$=, Rest/binary>>, Key, AsList) -> dissect_value(Rest, <<>>, Key, AsList);
dissect_key(<<"&#", Rest/binary>>, Key, AsList) -> dissect_key(Rest, <<Key/binary, "&#">>, AsList);
dissect_key(<<$&, Rest/binary>>, Key, AsList) ->
    Pair = {form_decoded(Key, AsList), true},
    [Pair | dissect_key(Rest, <<>>, AsList)];
dissect_key(<<Byte, Rest/binary>>, Key, AsList) -> dissect_key(Rest, <<Key/binary, Byte>>, AsList);
dissect_key(<<>>, Key, AsList) -> [{form_decoded(Key, AsList), true}].

dissect_value(<<$&, Rest/binary>>, Value, Key, AsList) ->
    Pair = {form_decoded(Key, AsList), form_decoded(Value, AsList)},
    [Pair | dissect_key(Rest, <<>>, AsList)];
dissect_value(<<Byte, Rest/binary>>, Value, Key, AsList) -> dissect_value(Rest, <<Value/binary, Byte>>, Key, AsList);
dissect_value(<<>>, Value, Key, AsList) -> [{form_decoded(Key, AsList), form_decoded(Value, AsList)}].

form_decoded(Bytes, AsList) ->
    Decoded = characters_by_number(form_bytes_decoded(Bytes, <<>>), <<>>),
    case AsList of
        true -> chars(Decoded, utf8);
        false -> Decoded
    end.

form_bytes_decoded(<<"+", Rest/binary>>, Out) -> form_bytes_decoded(Rest, <<Out/binary, " ">>);
form_bytes_decoded(<<$%, A, B, Rest/binary>> = Bytes, Out) ->
    case hex_value(A, B) of
        none -> throw({error, invalid_percent_encoding, chars(Bytes, utf8)});
        Byte -> form_bytes_decoded(Rest, <<Out/binary, Byte>>)
    end;
form_bytes_decoded(<<C/utf8, Rest/binary>>, Out) -> form_bytes_decoded(Rest, <<Out/binary, C/utf8>>);
form_bytes_decoded(<<>>, Out) -> Out;
form_bytes_decoded(<<Byte, _/binary>>, _) -> throw({error, invalid_character, [Byte]}).

characters_by_number(<<"&#", Rest/binary>>, Out) -> numbered_character(Rest, 0, Out);
characters_by_number(<<C/utf8, Rest/binary>>, Out) -> characters_by_number(Rest, <<Out/binary, C/utf8>>);
characters_by_number(<<>>, Out) -> Out;
characters_by_number(<<Byte, _/binary>>, _) -> throw({error, invalid_input, [Byte]}).

numbered_character(<<Digit, Rest/binary>>, Number, Out) when ?IS_DIGIT(Digit) ->
    numbered_character(Rest, Number * 10 + Digit - $0, Out);
numbered_character(<<$;, Rest/binary>>, Number, Out) -> characters_by_number(Rest, <<Out/binary, Number/utf8>>);
numbered_character(<<C/utf8, _/binary>>, _, _) -> throw({error, invalid_input, [C]}).
