%%% The types of bit syntax, as erl_bits/0 gives them.
-record(bittype, {type, unit, sign, endian}).
-record(bitdefault, {type, unit, size, sign, endian}).
