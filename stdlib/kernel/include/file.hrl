%%% file.hrl: what is known of a file, and an open raw file.
-ifndef(FILE_HRL_).
-define(FILE_HRL_, 1).

%% Times are calendar times or seconds since 1970, as asked for.
-record(file_info,
        {size :: non_neg_integer() | undefined,
         type :: device | directory | other | regular | symlink | undefined,
         access :: read | write | read_write | none | undefined,
         atime :: file:date_time() | non_neg_integer() | undefined,
         mtime :: file:date_time() | non_neg_integer() | undefined,
         ctime :: file:date_time() | non_neg_integer() | undefined,
         mode :: non_neg_integer() | undefined,
         links :: non_neg_integer() | undefined,
         major_device :: non_neg_integer() | undefined,
         minor_device :: non_neg_integer() | undefined,
         inode :: non_neg_integer() | undefined,
         uid :: non_neg_integer() | undefined,
         gid :: non_neg_integer() | undefined}).

%% What file:open/2 gives for a raw file.
-record(file_descriptor, {module :: module(), data :: term()}).

-endif.
