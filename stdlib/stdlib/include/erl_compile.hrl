%%% What compilers of other languages are told by erl_compile.
-record(options, {includes = [], outdir = ".", output_type = undefined, defines = [],
                  warning = 1, verbose = false, optimize = 999, specific = [], outfile = "", cwd}).
