%%% What is known of a host: answers of inet:gethostbyname/1 and its relatives.
-record(hostent, {h_name :: inet:hostname(),          % official name
                  h_aliases = [] :: [inet:hostname()],
                  h_addrtype :: inet | inet6,
                  h_length :: non_neg_integer(),        % of an address, in bytes
                  h_addr_list = [] :: [inet:ip_address()]}).
