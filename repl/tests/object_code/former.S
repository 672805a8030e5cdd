{module, former}.  %% version = 0

{exports, [{append,3},
           {byte,1},
           {characters,2},
           {each,1},
           {floats,1},
           {guard,2},
           {halves,1},
           {long,2},
           {mixed,2},
           {module_info,0},
           {module_info,1},
           {odd,1},
           {part,2},
           {record,3}]}.

{attributes, []}.

{labels, 39}.


{function, byte, 1, 2}.
  {label,1}.
    {line,[{location,"former.erl",3}]}.
    {func_info,{atom,former},{atom,byte},1}.
  {label,2}.
    {move,{integer,0},{x,1}}.
    {bs_add,{f,0},[{x,1},{integer,1},8],{x,1}}.
    {bs_init_bits,{f,0},{x,1},0,2,{field_flags,[]},{x,1}}.
    {bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,0}}.
    {move,{x,1},{x,0}}.
    return.


{function, mixed, 2, 4}.
  {label,3}.
    {line,[{location,"former.erl",4}]}.
    {func_info,{atom,former},{atom,mixed},2}.
  {label,4}.
    {move,{integer,0},{x,2}}.
    {bs_add,{f,0},[{x,2},{integer,6},8],{x,2}}.
    {bs_init_bits,{f,0},{x,2},0,3,{field_flags,[]},{x,2}}.
    {bs_put_integer,{f,0},{integer,16},1,{field_flags,[]},{x,0}}.
    {bs_put_integer,{f,0},{integer,8},1,{field_flags,[little]},{x,1}}.
    {bs_put_string,3,{string,<<"abc">>}}.
    {move,{x,2},{x,0}}.
    return.


{function, append, 3, 6}.
  {label,5}.
    {line,[{location,"former.erl",5}]}.
    {func_info,{atom,former},{atom,append},3}.
  {label,6}.
    {move,{integer,0},{x,3}}.
    {bs_add,{f,0},[{x,3},{x,2},1],{x,3}}.
    {bs_append,{f,0},{x,3},0,4,8,{x,0},{field_flags,[]},{x,3}}.
    {bs_put_integer,{f,0},{x,2},1,{field_flags,[]},{x,1}}.
    {move,{x,3},{x,0}}.
    return.


{function, each, 1, 8}.
  {label,7}.
    {line,[{location,"former.erl",6}]}.
    {func_info,{atom,former},{atom,each},1}.
  {label,8}.
    {gc_bif,length,{f,9},1,[{x,0}],{x,1}}.
    {gc_bif,'*',{f,9},2,[{x,1},{integer,1}],{x,1}}.
    {allocate,1,2}.
    {move,{x,0},{y,0}}.
    {move,{x,1},{x,0}}.
    bs_init_writable.
    {move,{x,0},{x,1}}.
    {move,{y,0},{x,0}}.
    {call_last,2,{f,36},1}. % '-each/1-lbc$^0/2-0-'/2
  {label,9}.
    {test_heap,3,1}.
    {put_tuple2,{x,0},{list,[{atom,bad_generator},{x,0}]}}.
    {call_ext_only,1,{extfunc,erlang,error,1}}.


{function, halves, 1, 11}.
  {label,10}.
    {line,[{location,"former.erl",7}]}.
    {func_info,{atom,former},{atom,halves},1}.
  {label,11}.
    {'%',{var_info,{x,0},[accepts_match_context]}}.
    {allocate,1,1}.
    {move,{x,0},{y,0}}.
    {move,{integer,256},{x,0}}.
    bs_init_writable.
    {move,{x,0},{x,1}}.
    {move,{y,0},{x,0}}.
    {call_last,2,{f,32},1}. % '-halves/1-lbc$^0/2-0-'/2


{function, characters, 2, 13}.
  {label,12}.
    {line,[{location,"former.erl",8}]}.
    {func_info,{atom,former},{atom,characters},2}.
  {label,13}.
    {move,{integer,0},{x,2}}.
    {bs_add,{f,0},[{x,2},{integer,4},8],{x,2}}.
    {bs_utf16_size,{f,0},{x,1},{x,3}}.
    {bs_add,{f,0},[{x,2},{x,3},8],{x,2}}.
    {bs_utf8_size,{f,0},{x,0},{x,3}}.
    {bs_add,{f,0},[{x,2},{x,3},8],{x,2}}.
    {bs_init_bits,{f,0},{x,2},0,3,{field_flags,[]},{x,2}}.
    {bs_put_utf8,{f,0},{field_flags,[]},{x,0}}.
    {bs_put_utf16,{f,0},{field_flags,[little]},{x,1}}.
    {bs_put_utf32,{f,0},{field_flags,[]},{x,0}}.
    {move,{x,2},{x,0}}.
    return.


{function, floats, 1, 15}.
  {label,14}.
    {line,[{location,"former.erl",9}]}.
    {func_info,{atom,former},{atom,floats},1}.
  {label,15}.
    {move,{integer,0},{x,1}}.
    {bs_add,{f,0},[{x,1},{integer,12},8],{x,1}}.
    {bs_init_bits,{f,0},{x,1},0,2,{field_flags,[]},{x,1}}.
    {bs_put_float,{f,0},{integer,64},1,{field_flags,[]},{x,0}}.
    {bs_put_float,{f,0},{integer,32},1,{field_flags,[little]},{x,0}}.
    {move,{x,1},{x,0}}.
    return.


{function, odd, 1, 17}.
  {label,16}.
    {line,[{location,"former.erl",10}]}.
    {func_info,{atom,former},{atom,odd},1}.
  {label,17}.
    {move,{integer,0},{x,1}}.
    {bs_add,{f,0},[{x,1},{integer,1},8],{x,1}}.
    {gc_bif,bit_size,{f,0},2,[{x,0}],{x,2}}.
    {bs_add,{f,0},[{x,1},{x,2},1],{x,1}}.
    {bs_init_bits,{f,0},{x,1},0,2,{field_flags,[]},{x,1}}.
    {bs_put_integer,{f,0},{integer,3},1,{field_flags,[]},{integer,1}}.
    {bs_put_binary,{f,0},{atom,all},1,{field_flags,[]},{x,0}}.
    {bs_put_integer,{f,0},{integer,5},1,{field_flags,[]},{integer,2}}.
    {move,{x,1},{x,0}}.
    return.


{function, part, 2, 19}.
  {label,18}.
    {line,[{location,"former.erl",11}]}.
    {func_info,{atom,former},{atom,part},2}.
  {label,19}.
    {move,{integer,0},{x,2}}.
    {bs_add,{f,0},[{x,2},{integer,1},1],{x,2}}.
    {gc_bif,'*',{f,0},3,[{integer,4},{x,1}],{x,3}}.
    {bs_add,{f,0},[{x,2},{x,3},1],{x,2}}.
    {bs_init_bits,{f,0},{x,2},0,3,{field_flags,[]},{x,2}}.
    {bs_put_binary,{f,0},{x,1},4,{field_flags,[]},{x,0}}.
    {bs_put_integer,{f,0},{integer,1},1,{field_flags,[]},{integer,1}}.
    {move,{x,2},{x,0}}.
    return.


{function, record, 3, 21}.
  {label,20}.
    {line,[{location,"former.erl",12}]}.
    {func_info,{atom,former},{atom,record},3}.
  {label,21}.
    {gc_bif,'*',{f,0},3,[{x,1},{integer,3}],{x,3}}.
    {move,{integer,0},{x,4}}.
    {bs_add,{f,0},[{x,4},{integer,4},8],{x,4}}.
    {gc_bif,'*',{f,0},5,[{integer,2},{x,3}],{x,5}}.
    {bs_add,{f,0},[{x,4},{x,5},1],{x,4}}.
    {bs_add,{f,0},[{x,4},{x,1},8],{x,4}}.
    {bs_init_bits,{f,0},{x,4},5,5,{field_flags,[]},{x,4}}.
    {bs_put_integer,{f,0},{integer,32},1,{field_flags,[]},{x,1}}.
    {bs_put_binary,{f,0},{x,1},8,{field_flags,[]},{x,0}}.
    {bs_put_integer,{f,0},{x,3},2,{field_flags,[]},{x,2}}.
    {move,{x,4},{x,0}}.
    {put_list,{x,1},{x,2},{x,1}}.
    {put_tuple2,{x,0},{list,[{x,0},{x,1}]}}.
    return.


{function, guard, 2, 23}.
  {label,22}.
    {line,[{location,"former.erl",13}]}.
    {func_info,{atom,former},{atom,guard},2}.
  {label,23}.
    {move,{integer,0},{x,2}}.
    {bs_add,{f,24},[{x,2},{x,1},1],{x,2}}.
    {bs_init_bits,{f,24},{x,2},0,3,{field_flags,[]},{x,2}}.
    {bs_put_integer,{f,24},{x,1},1,{field_flags,[]},{x,0}}.
    {move,{x,2},{x,0}}.
    {test,is_eq_exact,{f,24},[{x,0},{literal,<<1:3>>}]}.
    {move,{atom,yes},{x,0}}.
    return.
  {label,24}.
    {move,{atom,no},{x,0}}.
    return.


{function, long, 2, 26}.
  {label,25}.
    {line,[{location,"former.erl",15}]}.
    {func_info,{atom,former},{atom,long},2}.
  {label,26}.
    {move,{integer,0},{x,2}}.
    {bs_add,{f,0},[{x,2},{integer,128},8],{x,2}}.
    {bs_append,{f,0},{x,2},6,3,8,{x,0},{field_flags,[]},{x,2}}.
    {bs_put_integer,{f,0},{integer,1024},1,{field_flags,[]},{x,1}}.
    {move,{x,2},{x,0}}.
    {put_list,{x,1},nil,{x,1}}.
    {put_tuple2,{x,0},{list,[{atom,x},{x,0},{x,1}]}}.
    return.


{function, module_info, 0, 28}.
  {label,27}.
    {line,[]}.
    {func_info,{atom,former},{atom,module_info},0}.
  {label,28}.
    {move,{atom,former},{x,0}}.
    {call_ext_only,1,{extfunc,erlang,get_module_info,1}}.


{function, module_info, 1, 30}.
  {label,29}.
    {line,[]}.
    {func_info,{atom,former},{atom,module_info},1}.
  {label,30}.
    {move,{x,0},{x,1}}.
    {move,{atom,former},{x,0}}.
    {call_ext_only,2,{extfunc,erlang,get_module_info,2}}.


{function, '-halves/1-lbc$^0/2-0-', 2, 32}.
  {label,31}.
    {line,[{location,"former.erl",7}]}.
    {func_info,{atom,former},{atom,'-halves/1-lbc$^0/2-0-'},2}.
  {label,32}.
    {'%',{var_info,{x,0},[accepts_match_context]}}.
    {test,bs_start_match3,{f,34},2,[{x,0}],{x,2}}.
    {bs_get_position,{x,2},{x,0},3}.
    {test,bs_get_integer2,
          {f,33},
          3,
          [{x,2},
           {integer,4},
           1,
           {field_flags,[{anno,[7,{file,"former.erl"}]},unsigned,big]}],
          {x,3}}.
    {move,{integer,0},{x,4}}.
    {bs_add,{f,0},[{x,4},{integer,1},8],{x,4}}.
    {test_heap,0,5}.
    {bs_private_append,{f,0},{x,4},1,{x,1},{field_flags,[]},{x,4}}.
    {bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,3}}.
    {move,{x,4},{x,1}}.
    {move,{x,2},{x,0}}.
    {call_only,2,{f,32}}. % '-halves/1-lbc$^0/2-0-'/2
  {label,33}.
    {move,{x,1},{x,0}}.
    return.
  {label,34}.
    {test_heap,3,1}.
    {put_tuple2,{x,0},{list,[{atom,bad_generator},{x,0}]}}.
    {call_ext_only,1,{extfunc,erlang,error,1}}.


{function, '-each/1-lbc$^0/2-0-', 2, 36}.
  {label,35}.
    {line,[{location,"former.erl",6}]}.
    {func_info,{atom,former},{atom,'-each/1-lbc$^0/2-0-'},2}.
  {label,36}.
    {test,is_nonempty_list,{f,37},[{x,0}]}.
    {get_list,{x,0},{x,2},{x,0}}.
    {move,{integer,0},{x,3}}.
    {bs_add,{f,0},[{x,3},{integer,1},8],{x,3}}.
    {test_heap,0,4}.
    {bs_private_append,{f,0},{x,3},1,{x,1},{field_flags,[]},{x,3}}.
    {bs_put_integer,{f,0},{integer,8},1,{field_flags,[]},{x,2}}.
    {move,{x,3},{x,1}}.
    {call_only,2,{f,36}}. % '-each/1-lbc$^0/2-0-'/2
  {label,37}.
    {test,is_nil,{f,38},[{x,0}]}.
    {move,{x,1},{x,0}}.
    return.
  {label,38}.
    {test_heap,3,1}.
    {put_tuple2,{x,0},{list,[{atom,bad_generator},{x,0}]}}.
    {call_ext_only,1,{extfunc,erlang,error,1}}.
