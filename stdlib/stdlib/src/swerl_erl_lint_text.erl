%%% The words of what the linter finds.
%%%
%%% A descriptor is an atom, or a tuple of a tag and arguments; a tag has a text with places for the
%%% arguments, in their order unless it says otherwise.
-module(swerl_erl_lint_text).

-export([text/1]).

-spec text(term()) -> io_lib:chars().
text({format_error, {Format, Arguments}}) ->
    io_lib:format(Format, Arguments);
text({deprecated, Function, Text, Release}) ->
    io_lib:format("~ts is deprecated and will be removed in ~ts; ~ts", [mfa(Function), Release, Text]);
text({deprecated, Function, Text}) ->
    io_lib:format("~ts is deprecated; ~ts", [mfa(Function), Text]);
text({deprecated_type, Type, Text, Release}) ->
    io_lib:format("the type ~ts is deprecated and will be removed in ~ts; ~ts",
                  [remote_type(Type), Release, Text]);
text({deprecated_type, Type, Text}) ->
    io_lib:format("the type ~ts is deprecated; ~ts", [remote_type(Type), Text]);
text({removed, Function, Other, Release}) ->
    io_lib:format("call to ~ts will fail, since it was removed in ~ts; use ~ts",
                  [mfa(Function), Release, mfa(Other)]);
text({removed, Function, Text}) ->
    io_lib:format("~ts is removed; ~ts", [mfa(Function), Text]);
text({removed_type, Type, Text}) ->
    io_lib:format("the type ~ts is removed; ~ts", [remote_type(Type), Text]);
text({bad_removed, {F, A}}) when F =:= '_'; A =:= '_' ->
    io_lib:format("at least one function matching ~tw/~w is still exported", [F, A]);
text({Tag, Term}) when Tag =:= invalid_deprecated; Tag =:= invalid_removed; Tag =:= bad_dialyzer_attribute;
                       Tag =:= bad_on_load ->
    io_lib:format(format(Tag), [io_lib:format("~tw", [Term])]);
text({conflicting_behaviours, Function, Behaviour, Where, First}) ->
    io_lib:format("conflicting behaviours - callback ~ts required by both '~tp' and '~tp' ~ts",
                  [show(Function), Behaviour, First, where(Where)]);
text({bittype_mismatch, One, Other, What}) ->
    io_lib:format("conflict in ~s specification for bit field: '~tp' and '~tp'", [What, One, Other]);
text({undefined_behaviour_func, Function, Behaviour}) ->
    io_lib:format("undefined callback function ~ts (behaviour '~w')", [show(Function), Behaviour]);
text({Tag, Function}) when Tag =:= call_to_redefined_bif; Tag =:= call_to_redefined_old_bif;
                           Tag =:= redefine_bif_import; Tag =:= redefine_old_bif_import ->
    clash(Tag, show(Function));
text({Tag, Type}) when Tag =:= undefined_type; Tag =:= unused_type; Tag =:= new_builtin_type;
                       Tag =:= builtin_type; Tag =:= redefine_type; Tag =:= not_exported_opaque;
                       Tag =:= underspecified_opaque ->
    io_lib:format(format(Tag), [type(Type)]);
text({obsolete_guard, {F, A}}) ->
    io_lib:format("~p/~p obsolete (use is_~p/~p)", [F, A, F, A]);
text({obsolete_guard_overridden, F}) ->
    io_lib:format("obsolete ~s/1 (meaning is_~s/1) is illegal when there is a local/imported function "
                  "named is_~p/1 ", [F, F, F]);
text({Tag, Record, Field}) when Tag =:= undefined_field; Tag =:= redefine_field;
                                Tag =:= field_name_is_variable ->
    io_lib:format(format(Tag), [show(Field), show(Record)]);
text({behaviour_info, {_Module, F, A}}) ->
    io_lib:format(format(behaviour_info), [show({F, A})]);
text({undefined_callback, {_Module, F, A}}) ->
    io_lib:format(format(undefined_callback), [show({F, A})]);
text({unused_import, {Function, Module}}) ->
    io_lib:format("import ~w:~ts is unused", [Module, show(Function)]);
text({redefine_import, {Function, Module}}) ->
    io_lib:format("function ~ts already imported from ~w", [show(Function), Module]);
text({undefined_bittype, Type}) ->
    io_lib:format("bit type ~tw undefined", [Type]);
text({bad_bitsize, Type}) ->
    io_lib:format("bad ~s bit size", [Type]);
text({bad_export_type, _}) ->
    "bad export_type declaration";
text({type_syntax, Type}) ->
    io_lib:format("bad ~tw type", [Type]);
text({renamed_type, Old, New}) ->
    io_lib:format("type ~w() is now called ~w(); please use the new name instead", [Old, New]);
text({deprecated_builtin_type, {Name, Arity}, Replacement, Release}) ->
    io_lib:format("type ~w/~w is deprecated and will be removed in ~s; use ~ts",
                  [Name, Arity, Release, replacement(Replacement, Arity)]);
text(Tag) when is_atom(Tag) ->
    plain(Tag);
text(Descriptor) ->
    [Tag | Arguments] = tuple_to_list(Descriptor),
    io_lib:format(format(Tag), [show(Argument) || Argument <- Arguments]).

clash(call_to_redefined_bif, F) ->
    ["ambiguous call of overridden auto-imported BIF ", F, "\n - use erlang:", F,
     " or \"-compile({no_auto_import,[", F, "]}).\" to resolve name clash"];
clash(call_to_redefined_old_bif, F) ->
    ["ambiguous call of overridden pre R14 auto-imported BIF ", F, "\n - use erlang:", F,
     " or \"-compile({no_auto_import,[", F, "]}).\" to resolve name clash"];
clash(redefine_bif_import, F) ->
    ["import directive overrides auto-imported BIF ", F,
     "\n - use \"-compile({no_auto_import,[", F, "]}).\" to resolve name clash"];
clash(redefine_old_bif_import, F) ->
    ["import directive overrides pre R14 auto-imported BIF ", F,
     "\n - use \"-compile({no_auto_import,[", F, "]}).\" to resolve name clash"].

%%% Arguments.

%% Functions, the place of a construct, and names.
show({What, {Line, Column}}) when is_integer(Line) -> io_lib:format("~w ~ts", [What, where({Line, Column})]);
show({Construct, Line}) when Construct =:= 'case'; Construct =:= 'if'; Construct =:= 'try';
                             Construct =:= 'receive'; Construct =:= 'catch'; Construct =:= 'andalso';
                             Construct =:= 'orelse' ->
    io_lib:format("~w ~ts", [Construct, where(Line)]);
show({F, A}) -> io_lib:format("~tw/~w", [F, A]);
show({M, F, A}) -> io_lib:format("~tw:~tw/~w", [M, F, A]);
show(Other) -> io_lib:format("~tw", [Other]).

where({Line, Column}) -> io_lib:format("(line ~p, column ~p)", [Line, Column]);
where(Line) -> io_lib:format("(line ~p)", [Line]).

mfa({M, F, A}) when is_integer(A) ->
    io_lib:format("~ts:~ts/~w", [M, F, A]);
mfa({M, F, Arities}) ->
    io_lib:format("~ts:~ts/~ts", [M, F, lists:join($,, [integer_to_list(A) || A <- Arities])]).

type({Name, Arity}) ->
    [io_lib:format("~tw", [Name]), parameters(Arity)].

remote_type({M, Name, Arity}) ->
    [io_lib:format("~p:~p", [M, Name]), parameters(Arity)].

parameters(Arity) ->
    [$(, lists:join($,, lists:duplicate(Arity, $_)), $)].

replacement({M, Name}, Arity) ->
    io_lib:format("use ~w:~w/~w", [M, Name, Arity]);
replacement({M, Name, Other}, Arity) ->
    io_lib:format("use ~w:~w/~w or preferably ~w:~w/~w", [M, Name, Arity, M, Name, Other]).

%%% Texts with arguments.

format(Tag) ->
    #{Tag := Text} = formats(),
    Text.

formats() ->
    #{attribute => "attribute ~ts after function definitions",
      bad_callback => "explicit module not allowed for callback ~ts",
      bad_deprecated => "deprecated function ~ts undefined or not exported",
      bad_dialyzer_attribute => "badly formed dialyzer attribute: ~ts",
      bad_dialyzer_option => "unknown dialyzer warning option: ~ts",
      bad_inline => "inlined function ~ts undefined",
      bad_module => "spec for function ~ts from other module",
      bad_nowarn_bif_clash => "function ~ts undefined",
      bad_nowarn_unused_function => "function ~ts undefined",
      bad_on_load => "badly formed on_load attribute: ~ts",
      bad_on_load_arity => "function ~ts has wrong arity (must be 0)",
      bad_removed => "removed function ~ts is still exported",
      behaviour_info => "cannot define callback attibute for ~ts when behaviour_info is defined",
      builtin_type => "type ~ts is a builtin type; it cannot be redefined",
      define_import => "defining imported function ~ts",
      duplicated_export => "function ~ts already exported",
      duplicated_export_type => "type ~ts already exported",
      exported_var => "variable ~ts exported from ~ts",
      field_name_is_variable => "field ~ts is not an atom or _ in record ~ts",
      future_feature => "atom '~ts' is reserved in the experimental feature '~ts'",
      ill_defined_behaviour_callbacks => "behaviour ~ts callback functions erroneously defined",
      ill_defined_optional_callbacks => "behaviour ~ts optional callback functions erroneously defined",
      illegal_bitsize_local_call =>
          "call to local/imported function ~ts is illegal in a size expression for a binary segment",
      illegal_guard_local_call => "call to local/imported function ~ts is illegal in guard",
      invalid_deprecated => "badly formed deprecated attribute ~ts",
      invalid_removed => "badly formed removed attribute ~ts",
      match_underscore_var =>
          "variable ~ts is already bound. If you mean to ignore this value, use '_' or a different "
          "underscore-prefixed name",
      match_underscore_var_pat =>
          "variable ~ts is bound multiple times in this pattern. If you mean to ignore this value, use "
          "'_' or a different underscore-prefixed name",
      missing_qlc_hrl => "qlc:q/~ts called, but \"qlc.hrl\" not included",
      missing_spec => "missing specification for function ~ts",
      new_builtin_type => "type ~ts is a new builtin type; its (re)definition is allowed only until the "
          "next release",
      not_exported_opaque => "opaque type ~ts is not exported",
      redefine_callback => "callback ~ts already defined",
      redefine_field => "field ~ts already defined in record ~ts",
      redefine_function => "function ~ts already defined",
      redefine_optional_callback => "optional callback ~ts duplicated",
      redefine_record => "record ~ts already defined",
      redefine_spec => "spec for ~ts already defined",
      redefine_type => "type ~ts already defined",
      shadowed_var => "variable ~ts shadowed in ~ts",
      singleton_typevar => "type variable ~ts is only used once (is unbound)",
      spec_fun_undefined => "spec for undefined function ~ts",
      stacktrace_bound => "stacktrace variable ~ts must not be previously bound",
      stacktrace_guard => "stacktrace variable ~ts must not be used in a guard",
      too_many_arguments => "too many arguments (~ts) - maximum allowed is 255",
      unbound_var => "variable ~ts is unbound",
      undefined_behaviour => "behaviour ~ts undefined",
      undefined_behaviour_callbacks => "behaviour ~ts callback functions are undefined",
      undefined_callback => "callback ~ts is undefined",
      undefined_field => "field ~ts undefined in record ~ts",
      undefined_function => "function ~ts undefined",
      undefined_nif => "nif ~ts undefined",
      undefined_on_load => "function ~ts undefined",
      undefined_record => "record ~ts undefined",
      undefined_type => "type ~ts undefined",
      underspecified_opaque => "opaque type ~ts is underspecified and therefore meaningless",
      unsafe_var => "variable ~ts unsafe in ~ts",
      untyped_record => "record ~ts has field(s) without type information",
      unused_function => "function ~ts is unused",
      unused_record => "record ~ts is unused",
      unused_type => "type ~ts is unused",
      unused_var => "variable ~ts is unused",
      variable_in_record_def => "variable ~ts in record definition",
      wildcard_in_update => "meaningless use of _ in update of record ~ts"}.

%%% Texts without.

plain(undefined_module) -> "no module definition";
plain(redefine_module) -> "redefining module";
plain(pmod_unsupported) -> "parameterized modules are no longer supported";
plain(non_latin1_module_unsupported) -> "module names with non-latin1 characters are not supported";
plain(empty_module_name) -> "the module name must not be empty";
plain(blank_module_name) -> "the module name must contain at least one visible character";
plain(ctrl_chars_in_module_name) -> "the module name must not contain control characters";
plain(invalid_call) -> "invalid function call";
plain(invalid_record) -> "invalid record expression";
plain(no_load_nif) -> "nifs defined, but no call to erlang:load_nif/2";
plain(disallowed_nowarn_bif_clash) ->
    "compile directive nowarn_bif_clash is no longer allowed,\n"
        " - use explicit module names or -compile({no_auto_import, [F/A]})";
plain(multiple_on_loads) -> "more than one on_load attribute";
plain(nif_inline) ->
    "inlining is enabled - local calls to NIFs may call their Erlang implementation instead";
plain(export_all) -> "export_all flag enabled - all functions will be exported";
plain(illegal_pattern) -> "illegal pattern";
plain(illegal_map_key) -> "illegal map key in pattern";
plain(illegal_bin_pattern) -> "binary patterns cannot be matched in parallel using '='";
plain(illegal_expr) -> "illegal expression";
plain(illegal_guard_expr) -> "illegal guard expression";
plain(illegal_map_construction) -> "only association operators '=>' are allowed in map construction";
plain(bad_multi_field_init) -> "'_' initializes no omitted fields";
plain(illegal_record_info) -> "illegal record info";
plain(bittype_unit) -> "a bit unit size must not be specified unless a size is specified too";
plain(illegal_bitsize) -> "illegal bit size";
plain(non_integer_bitsize) ->
    "a size expression in a pattern evaluates to a non-integer value; "
        "this pattern cannot possibly match";
plain(unsized_binary_not_at_end) ->
    "a binary field without size is only allowed at the end of a binary pattern";
plain(typed_literal_string) -> "a literal string in a binary pattern must not have a type or a size";
plain(utf_bittype_size_or_unit) ->
    "neither size nor unit must be given for segments of type utf8/utf16/utf32";
plain(unsized_binary_in_bin_gen_pattern) ->
    "binary fields without size are not allowed in patterns of bit string generators";
plain(old_abstract_code) ->
    "abstract code generated before Erlang/OTP 19.0 and having typed record fields cannot be compiled";
plain(spec_wrong_arity) -> "spec has wrong arity";
plain(callback_wrong_arity) -> "callback has wrong arity".
