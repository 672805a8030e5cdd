%%% What zip tells of an archive and of the files in it.
-record(zip_file, {name :: string(), info :: file:file_info(), comment :: string(),
                   offset :: non_neg_integer(), comp_size :: non_neg_integer()}).
-record(zip_comment, {comment :: string()}).
