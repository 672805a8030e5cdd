s/<[0-9]+\.[0-9]+\.[0-9]+>/PID/g
s/#Ref<[0-9.]+>/REF/g
s/#Fun<[^>]*>/FUN/g
s/\{line,[0-9]+\}/{line,N}/g
