s/<[0-9]+\.[0-9]+\.[0-9]+>/<pid>/g
s/line [0-9]+/line N/g
s/(heap_size|stack_size|reductions): [0-9]+/\1: N/
