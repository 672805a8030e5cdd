%%% The documentation of a module, as it stands in the chunk Docs (EEP 48).
-record(docs_v1, {anno, beam_language = erlang, format = <<"application/erlang+html">>, module_doc,
                  metadata = #{otp_doc_vsn => {1,0,0}}, docs}).
-record(docs_v1_entry, {kind_name_arity, anno, signature, doc, metadata}).
