s/\[[0-9]+\.[0-9]+ s\]/[T s]/
s/in [0-9.]+ s/in T s/
s/\.\.\.\[T s\] ok/...ok/
s/#Fun<([a-z0-9_]+)\.[0-9]+\.[0-9]+>/#Fun<\1>/g
s/(timer|lists|eunit[a-z_]*)\.erl, line [0-9]+/\1.erl, line L/
/in call from eunit|\{eunit_(test|proc),/d
