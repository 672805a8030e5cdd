%% zlib: streams with all parameters, chunks, ends, dictionaries, faults
-module(st_zlib_streams).
-export([main/0]).
-define(T(E), t(?LINE, fun() -> E end)).
t(L,F) -> io:format("~w ~p~n", [L, try F() catch C:R -> {C,R} end]).
sh(B) when is_binary(B) -> byte_size(B);
sh(L) when is_list(L) -> [sh(X)||X<-L];
sh(T) when is_tuple(T) -> list_to_tuple(sh(tuple_to_list(T)));
sh(X) -> X.
ev(S) -> ev(S, 50000).
ev(_,0) -> [];
ev(S,N) -> S1=(S*1103515245+12345) band 16#7fffffff, [(S1 bsr 16) band 255|ev(S1,N-1)].
main() ->
  R = list_to_binary(ev(42)), Tx = binary:copy(<<"hello hello zlib ">>, 5000),
  ?T(sh(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,R,finish) end)),
  ?T(sh(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,R) end)),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,<<"x">>) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), [zlib:deflate(Z,<<"x">>,sync),zlib:deflate(Z,<<"x">>,full),zlib:deflate(Z,<<"x">>,none),zlib:deflate(Z,[],finish)] end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,<<>>,finish) end),
  ?T(zlib:compress(Tx)), ?T(erlang:md5(zlib:compress(R))), ?T(zlib:gzip(<<"abc">>)), ?T(zlib:zip(<<"abc">>)), ?T(zlib:zip(<<>>)), ?T(zlib:compress([])),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z,10) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z,foo) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z,default,foo,15,8,default) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z,default,deflated,99,8,default) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z,default,deflated,15,10,default) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z,default,deflated,15,8,foo) end),
  [?T(begin Z=zlib:open(), zlib:deflateInit(Z,default,deflated,W,M,S), X=iolist_to_binary(zlib:deflate(Z,[Tx,R],finish)), {W,M,S,byte_size(X),erlang:md5(X)} end) || W <- [9,-9,15,25,31,-15], M <- [1,9], S <- [default,filtered,huffman_only,rle]],
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), sh(zlib:inflate(Z,zlib:compress(Tx))) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), sh(zlib:safeInflate(Z,zlib:compress(Tx))) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), sh([zlib:safeInflate(Z,zlib:compress(Tx)),zlib:safeInflate(Z,[]),zlib:safeInflate(Z,[]),zlib:safeInflate(Z,[]),zlib:safeInflate(Z,[]),zlib:safeInflate(Z,[]),zlib:safeInflate(Z,[])]) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), sh(zlib:inflate(Z,binary:part(zlib:compress(Tx),0,50))) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), zlib:inflate(Z,binary:part(zlib:compress(Tx),0,50)), zlib:inflateEnd(Z) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), X=zlib:inflate(Z,[zlib:compress(<<"a">>),<<"trailing">>]), [X, catch zlib:inflate(Z,<<"more">>), zlib:inflateReset(Z), zlib:inflate(Z,zlib:compress(<<"b">>))] end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z,31), X=zlib:inflate(Z,[zlib:gzip(<<"a">>),zlib:gzip(<<"b">>)]), X end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z,31,reset), X=zlib:inflate(Z,[zlib:gzip(<<"a">>),zlib:gzip(<<"b">>)]), X end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z,31,error), X=zlib:inflate(Z,[zlib:gzip(<<"a">>),zlib:gzip(<<"b">>)]), X end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z,31,cut), X=zlib:inflate(Z,[zlib:gzip(<<"a">>),zlib:gzip(<<"b">>)]), X end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z,31,foo) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z,foo) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z,99) end),
  ?T(zlib:gunzip([zlib:gzip(<<"a">>),zlib:gzip(<<"b">>)])),
  ?T(zlib:gunzip([zlib:gzip(<<"a">>),<<"junk">>])),
  ?T(zlib:uncompress([zlib:compress(<<"a">>),<<"junk">>])),
  ?T(zlib:unzip([zlib:zip(<<"a">>),<<"junk">>])),
  ?T(zlib:uncompress(binary:part(zlib:compress(Tx),0,50))),
  ?T(zlib:gunzip(<<31,139>>)), ?T(zlib:unzip(<<>>)), ?T(zlib:uncompress(<<>>)), ?T(zlib:uncompress([])), ?T(zlib:uncompress(<<120,156>>)), ?T(zlib:unzip(foo)), ?T(zlib:gzip(foo)), ?T(zlib:zip(foo)), ?T(zlib:gunzip(foo)),
  ?T(begin Z=zlib:open(), zlib:deflate(Z,<<"x">>) end),
  ?T(begin Z=zlib:open(), zlib:inflate(Z,<<"x">>) end),
  ?T(begin Z=zlib:open(), zlib:deflateEnd(Z) end),
  ?T(begin Z=zlib:open(), zlib:inflateEnd(Z) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflateInit(Z) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:inflateInit(Z) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:inflate(Z,<<"x">>) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,foo) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,<<"a">>,foo) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,<<"a">>,finish), zlib:deflate(Z,<<"a">>) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflate(Z,<<"a">>,finish), [zlib:deflateReset(Z), zlib:deflate(Z,<<"a">>,finish), zlib:deflateEnd(Z), zlib:close(Z)] end),
  ?T(begin Z=zlib:open(), zlib:close(Z), zlib:close(Z) end),
  ?T(begin Z=zlib:open(), zlib:close(Z), zlib:deflate(Z,<<"a">>) end),
  ?T(zlib:close(foo)), ?T(zlib:deflateInit(foo)), ?T(is_reference(zlib:open())),
  ?T(begin Z=zlib:open(), S=self(), spawn(fun() -> S ! (catch zlib:deflateInit(Z)) end), receive {'EXIT',{X,_}} -> X; M -> M end end),
  ?T(begin Z=zlib:open(), S=self(), P=spawn(fun() -> receive go -> S ! (catch zlib:deflateInit(Z)) end end), A=zlib:set_controlling_process(Z,P), P!go, {A,receive {'EXIT',{X,_}} -> X; M -> M end} end),
  ?T(begin Y=zlib:open(), zlib:inflateInit(Y), zlib:inflateSetDictionary(Y,<<"hello hello">>) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflateParams(Z,best_speed,filtered) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), zlib:deflateParams(Z,foo,filtered) end),
  ?T(begin Z=zlib:open(), zlib:deflateInit(Z), A=zlib:deflate(Z,<<"abc">>), B=zlib:deflateParams(Z,best_speed,filtered), C=zlib:deflate(Z,<<"def">>,finish), {B,zlib:uncompress([A,C])} end),
  ?T(begin Z=zlib:open(), zlib:getBufSize(Z) end),
  ?T(begin Z=zlib:open(), zlib:setBufSize(Z,100) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), sh([zlib:setBufSize(Z,1000),zlib:inflateChunk(Z,zlib:compress(Tx)),zlib:inflateChunk(Z)]) end),
  ?T(begin Z=zlib:open(), zlib:crc32(Z) end),
  ?T(begin Z=zlib:open(), zlib:inflateInit(Z), zlib:inflate(Z,zlib:compress(<<"abc">>)), zlib:crc32(Z) end),
  ?T(begin Z=zlib:open(), [zlib:crc32(Z,<<"abc">>),zlib:crc32(Z,1,<<"abc">>),zlib:adler32(Z,<<"abc">>),zlib:adler32(Z,1,<<"abc">>),zlib:crc32_combine(Z,1,2,3),zlib:adler32_combine(Z,1,2,3)] end),
  ok.
