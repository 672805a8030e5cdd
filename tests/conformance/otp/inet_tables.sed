s/^[0-9]+ +inet_tcp/ID inet_tcp/
s/<0\.[0-9]+\.[0-9]+> */PID /g
s/((localhost|127\.0\.0\.2):)[0-9]+ */\1PORT /g
s/Owner +/Owner /
s/Local Address +/Local Address /
s/Foreign Address +/Foreign Address /
