%%% A child of a supervisor. The tuple is part of the reasons that start_child/2 answers with.
-record(child, {pid = undefined,
                id,
                mfargs,
                restart_type,
                significant,
                shutdown,
                child_type,
                modules = []}).
