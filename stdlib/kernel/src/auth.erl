%%% Cookies: what nodes must know of each other to connect.
-module(auth).

-export([start_link/0, is_auth/1, cookie/0, cookie/1, node_cookie/1, node_cookie/2, get_cookie/0, get_cookie/1,
         set_cookie/1, set_cookie/2]).

-export_type([cookie/0]).

-type cookie() :: atom().

%% @doc No process is needed.
start_link() -> ignore.

%% @doc Whether a node can be reached.
-spec is_auth(node()) -> yes | no.
is_auth(Node) ->
    case net_adm:ping(Node) of
        pong -> yes;
        pang -> no
    end.

%% @doc The cookie of this node.
-spec cookie() -> cookie().
cookie() -> get_cookie().

%% @doc Sets the cookie of this node.
-spec cookie([cookie()] | cookie()) -> true.
cookie([Cookie]) -> set_cookie(Cookie);
cookie(Cookie) -> set_cookie(Cookie).

%% @doc Sets the cookie for a node, and says whether it can be reached.
-spec node_cookie([term()]) -> yes | no.
node_cookie([Node, Cookie]) -> node_cookie(Node, Cookie).

%% @doc As node_cookie/1.
-spec node_cookie(node(), cookie()) -> yes | no.
node_cookie(Node, Cookie) ->
    set_cookie(Node, Cookie),
    is_auth(Node).

%% @doc The cookie of this node.
-spec get_cookie() -> cookie().
get_cookie() -> erlang:get_cookie().

%% @doc The cookie for a node.
-spec get_cookie(node()) -> cookie().
get_cookie(Node) when Node =:= node() -> erlang:get_cookie();
get_cookie(Node) -> erlang:get_cookie(Node).

%% @doc Sets the cookie of this node.
-spec set_cookie(cookie()) -> true.
set_cookie(_Cookie) -> error(distribution_not_started).

%% @doc Sets the cookie for a node.
-spec set_cookie(node(), cookie()) -> true.
set_cookie(_Node, _Cookie) -> error(distribution_not_started).
