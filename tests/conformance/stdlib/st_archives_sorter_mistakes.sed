s#"/[^"]*/nodir#"nodir#
