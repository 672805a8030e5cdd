s/<[0-9]+[.][0-9]+[.][0-9]+>/PID/g
s/[0-9]+-[0-9]+-[0-9]+ [0-9][0-9]:[0-9][0-9]:[0-9][0-9]/DATE/g
s/line,[0-9]+/line,N/g
s/ +/ /g
/^ ?(heap_size|stack_size|reductions)/d
