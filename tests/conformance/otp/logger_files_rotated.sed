s/<[0-9]+\.[0-9]+\.[0-9]+>/<PID>/g
s/#Ref<[^>]*>/REF/g
s/#Fun<[^>]*>/FUN/g
s/peer-[0-9]+-[0-9]+/PEER/g
s/#Port<[^>]*>/PORT/g
s/"[a-z\/]+(peer|erpc|rpc|gen_server)\.erl"/\1/
s/line,[0-9]+/line,L/
