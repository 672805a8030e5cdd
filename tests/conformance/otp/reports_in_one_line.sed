s/<0\.[0-9]+\.[0-9]+>/PID/g
s/\{line,[0-9]+\}/{line,N}/g
s/line [0-9]+\)/line N)/g
