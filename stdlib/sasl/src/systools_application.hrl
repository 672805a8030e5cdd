%%% What systools knows of an application: the keys of its resource file, and the folder it is in.
-record(application, {name, type = permanent, vsn = "", id = "", description = "", modules = [],
                      uses = [], optional = [], includes = [], regs = [], env = [], maxT = infinity,
                      maxP = infinity, mod = [], start_phase, dir = ""}).
