{module, live}.
{exports, [{part,2},{build,3}]}.
{attributes, []}.
{labels, 6}.
{function, part, 2, 2}.
  {label,1}.
    {func_info,{atom,live},{atom,part},2}.
  {label,2}.
    {test,bs_start_match3,{f,5},1,[{x,1}],{x,1}}.
    {test,bs_get_binary2,{f,5},1,[{x,1},{integer,2},8,{field_flags,[unsigned,big]}],{x,2}}.
    {move,{atom,a},{x,1}}.
    {test_heap,3,3}.
    {put_tuple2,{x,0},{list,[{x,0},{x,2}]}}.
    return.
  {label,5}.
    return.
{function, build, 3, 4}.
  {label,3}.
    {func_info,{atom,live},{atom,build},3}.
  {label,4}.
    {bs_create_bin,{f,0},20,1,8,{x,0},{list,[{atom,binary},1,8,nil,{x,2},{atom,all},{atom,integer},2,1,nil,{integer,7},{integer,8}]}}.
    return.
