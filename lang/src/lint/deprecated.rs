//! Functions that are deprecated or were removed.

use super::Linter;
use crate::ast::{FunctionName, Place};
use std::collections::HashMap;
use std::sync::OnceLock;
use swerl_beam::{Atom, Literal};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Deprecated,
    Removed,
}

use Kind::{Deprecated, Removed};

/// Module, function, arity, kind, advice, and the release that removes it where one is named. No function or no
/// arity means any.
type Row = (&'static str, Option<&'static str>, Option<u32>, Kind, &'static str, &'static str);

impl Linter<'_> {
    /// Warns of a call to a function of another module that should not be called any more.
    pub(super) fn check_deprecated(&mut self, place: Place, module: Atom, function: FunctionName) {
        let Some((_, _, _, kind, advice, release)) = find(module, function) else { return };
        let FunctionName { name, arity } = function;
        let mfa_term =
            Literal::tuple([Literal::Atom(module), Literal::Atom(name), Literal::Int(arity.into())]);
        let mut args = vec![mfa_term, Literal::string(advice)];
        if !release.is_empty() {
            args.push(Literal::string(release));
        }
        let mfa = format!("{module}:{name}/{arity}");
        match kind {
            Deprecated if self.options.deprecated_function => {
                if self.options.is_excepted("nowarn_deprecated_function", module, function) {
                    return;
                }
                let message = if release.is_empty() {
                    format!("{mfa} is deprecated; {advice}")
                } else {
                    format!("{mfa} is deprecated and will be removed in {release}; {advice}")
                };
                self.warning(place, "deprecated", &args, message);
            }
            Removed if self.options.removed => {
                if self.options.is_excepted("nowarn_removed", module, function) {
                    return;
                }
                self.warning(place, "removed", &args, format!("{mfa} is removed; {advice}"));
            }
            Deprecated | Removed => {}
        }
    }
}

/// What is known of a function that should not be called any more, as `otp_internal:obsolete/3` says it.
#[must_use]
pub fn obsolete(module: Atom, name: Atom, arity: u32) -> Literal {
    let Some((_, _, _, kind, advice, release)) = find(module, FunctionName { name, arity }) else {
        return Literal::atom("no");
    };
    let kind = match kind {
        Deprecated => "deprecated",
        Removed => "removed",
    };
    let mut parts = vec![Literal::atom(kind), Literal::string(advice)];
    if !release.is_empty() {
        parts.push(Literal::string(release));
    }
    Literal::tuple(parts)
}

fn find(module: Atom, function: FunctionName) -> Option<&'static Row> {
    static INDEX: OnceLock<HashMap<&str, Vec<&'static Row>>> = OnceLock::new();
    let index = INDEX.get_or_init(|| {
        let mut index: HashMap<&str, Vec<&'static Row>> = HashMap::new();
        for row in TABLE {
            index.entry(row.0).or_default().push(row);
        }
        index
    });
    let rows = index.get(module.as_str())?;
    rows.iter().copied().find(|(_, name, arity, ..)| {
        name.is_none_or(|name| name == function.name.as_str())
            && arity.is_none_or(|arity| arity == function.arity)
    })
}

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("auth", Some("cookie"), Some(0), Deprecated, "use erlang:get_cookie/0 instead", ""),
    ("auth", Some("cookie"), Some(1), Deprecated, "use erlang:set_cookie/2 instead", ""),
    ("auth", Some("is_auth"), Some(1), Deprecated, "use net_adm:ping/1 instead", ""),
    ("calendar", Some("local_time_to_universal_time"), Some(1), Deprecated, "use calendar:local_time_to_universal_time_dst/1 instead", ""),
    ("code", Some("is_module_native"), Some(1), Deprecated, "HiPE has been removed", "OTP 26"),
    ("code", Some("rehash"), Some(0), Deprecated, "the code path cache feature has been removed", "OTP 26"),
    ("crypto", Some("crypto_dyn_iv_init"), Some(3), Deprecated, "see the documentation for details", "OTP 27"),
    ("crypto", Some("crypto_dyn_iv_update"), Some(3), Deprecated, "see the documentation for details", "OTP 27"),
    ("crypto", Some("rand_uniform"), Some(2), Deprecated, "use rand:uniform/1 instead", ""),
    ("disk_log", Some("accessible_logs"), Some(0), Deprecated, "use disk_log:all/0 instead", "OTP 26"),
    ("disk_log", Some("lclose"), Some(1), Deprecated, "use disk_log:close/1 instead", "OTP 26"),
    ("disk_log", Some("lclose"), Some(2), Deprecated, "use disk_log:close/1 instead", "OTP 26"),
    ("erlang", Some("now"), Some(0), Deprecated, "see the \"Time and Time Correction in Erlang\" chapter of the ERTS User's Guide for more information", ""),
    ("erlang", Some("phash"), Some(2), Deprecated, "use erlang:phash2/2 instead", ""),
    ("ftp", Some("start_service"), Some(1), Deprecated, "use ftp:open/2 instead", "OTP 26"),
    ("ftp", Some("stop_service"), Some(1), Deprecated, "use ftp:close/1 instead", "OTP 26"),
    ("http_uri", Some("decode"), Some(1), Deprecated, "use uri_string:unquote function instead", "OTP 26"),
    ("http_uri", Some("encode"), Some(1), Deprecated, "use uri_string:quote function instead", "OTP 26"),
    ("httpd", Some("parse_query"), Some(1), Deprecated, "use uri_string:dissect_query/1 instead", ""),
    ("httpd_util", Some("decode_hex"), Some(1), Deprecated, "use uri_string:unquote function instead", "OTP 26"),
    ("httpd_util", Some("encode_hex"), Some(1), Deprecated, "use uri_string:quote function instead", "OTP 26"),
    ("httpd_util", Some("flatlength"), Some(1), Deprecated, "use erlang:iolist_size/1 instead", "OTP 26"),
    ("httpd_util", Some("hexlist_to_integer"), Some(1), Deprecated, "use erlang:list_to_integer/2 with base 16 instead", "OTP 26"),
    ("httpd_util", Some("integer_to_hexlist"), Some(1), Deprecated, "use erlang:integer_to_list/2 with base 16 instead", "OTP 26"),
    ("httpd_util", Some("strip"), Some(1), Deprecated, "use string:trim/1 instead", "OTP 26"),
    ("httpd_util", Some("suffix"), Some(1), Deprecated, "use filename:extension/1 and string:trim/2 instead", "OTP 26"),
    ("net", Some("broadcast"), Some(3), Deprecated, "use rpc:eval_everywhere/3 instead", ""),
    ("net", Some("call"), Some(4), Deprecated, "use rpc:call/4 instead", ""),
    ("net", Some("cast"), Some(4), Deprecated, "use rpc:cast/4 instead", ""),
    ("net", Some("ping"), Some(1), Deprecated, "use net_adm:ping/1 instead", ""),
    ("net", Some("sleep"), Some(1), Deprecated, "use 'receive after T -> ok end' instead", ""),
    ("queue", Some("lait"), Some(1), Deprecated, "use queue:liat/1 instead", ""),
    ("sys", Some("get_debug"), Some(3), Deprecated, "incorrectly documented and only for internal use. Can often be replaced with sys:get_log/1", ""),
    ("wxCalendarCtrl", Some("enableYearChange"), Some(1), Deprecated, "not available in wxWidgets-2.9 and later", ""),
    ("wxCalendarCtrl", Some("enableYearChange"), Some(2), Deprecated, "not available in wxWidgets-2.9 and later", ""),
    ("zlib", Some("adler32"), Some(2), Deprecated, "use erlang:adler32/1 instead", "OTP 27"),
    ("zlib", Some("adler32"), Some(3), Deprecated, "use erlang:adler32/2 instead", "OTP 27"),
    ("zlib", Some("adler32_combine"), Some(4), Deprecated, "use erlang:adler_combine/3 instead", "OTP 27"),
    ("zlib", Some("crc32"), Some(1), Deprecated, "use erlang:crc32/1 on the uncompressed data instead", "OTP 27"),
    ("zlib", Some("crc32"), Some(2), Deprecated, "use erlang:crc32/1 instead", "OTP 27"),
    ("zlib", Some("crc32"), Some(3), Deprecated, "use erlang:crc32/2 instead", "OTP 27"),
    ("zlib", Some("crc32_combine"), Some(4), Deprecated, "use erlang:crc32_combine/3 instead", "OTP 27"),
    ("zlib", Some("getBufSize"), Some(1), Deprecated, "this function will be removed in a future release", "OTP 27"),
    ("zlib", Some("inflateChunk"), Some(1), Deprecated, "use safeInflate/2 instead", "OTP 27"),
    ("zlib", Some("inflateChunk"), Some(2), Deprecated, "use safeInflate/2 instead", "OTP 27"),
    ("zlib", Some("setBufSize"), Some(2), Deprecated, "this function will be removed in a future release", "OTP 27"),
    ("core_lib", Some("get_anno"), Some(1), Removed, "use cerl:get_ann/1 instead", ""),
    ("core_lib", Some("is_literal"), Some(1), Removed, "use cerl:is_literal/1 instead", ""),
    ("core_lib", Some("is_literal_list"), Some(1), Removed, "use cerl:is_literal_list/1 instead", ""),
    ("core_lib", Some("literal_value"), Some(1), Removed, "use cerl:concrete/1 instead", ""),
    ("core_lib", Some("set_anno"), Some(2), Removed, "use cerl:set_ann/2 instead", ""),
    ("crypto", Some("block_decrypt"), Some(3), Removed, "use crypto:crypto_one_time/4 or crypto:crypto_init/3 + crypto:crypto_update/2 + crypto:crypto_final/1 instead", ""),
    ("crypto", Some("block_decrypt"), Some(4), Removed, "use crypto:crypto_one_time/5, crypto:crypto_one_time_aead/6,7 or crypto:crypto_(dyn_iv)?_init + crypto:crypto_(dyn_iv)?_update + crypto:crypto_final instead", ""),
    ("crypto", Some("block_encrypt"), Some(3), Removed, "use crypto:crypto_one_time/4 or crypto:crypto_init/3 + crypto:crypto_update/2 + crypto:crypto_final/1 instead", ""),
    ("crypto", Some("block_encrypt"), Some(4), Removed, "use crypto:crypto_one_time/5, crypto:crypto_one_time_aead/6,7 or crypto:crypto_(dyn_iv)?_init + crypto:crypto_(dyn_iv)?_update + crypto:crypto_final instead", ""),
    ("crypto", Some("cmac"), Some(3), Removed, "use crypto:mac/4 instead", ""),
    ("crypto", Some("cmac"), Some(4), Removed, "use crypto:macN/5 instead", ""),
    ("crypto", Some("hmac"), Some(3), Removed, "use crypto:mac/4 instead", ""),
    ("crypto", Some("hmac"), Some(4), Removed, "use crypto:macN/5 instead", ""),
    ("crypto", Some("hmac_final"), Some(1), Removed, "use crypto:mac_final/1 instead", ""),
    ("crypto", Some("hmac_final_n"), Some(2), Removed, "use crypto:mac_finalN/2 instead", ""),
    ("crypto", Some("hmac_init"), Some(2), Removed, "use crypto:mac_init/3 instead", ""),
    ("crypto", Some("hmac_update"), Some(2), Removed, "use crypto:mac_update/2 instead", ""),
    ("crypto", Some("poly1305"), Some(2), Removed, "use crypto:mac/3 instead", ""),
    ("crypto", Some("stream_decrypt"), Some(2), Removed, "use crypto:crypto_update/2 instead", ""),
    ("crypto", Some("stream_encrypt"), Some(2), Removed, "use crypto:crypto_update/2 instead", ""),
    ("erl_lint", Some("modify_line"), Some(2), Removed, "use erl_parse:map_anno/2 instead", ""),
    ("erl_parse", Some("get_attribute"), Some(2), Removed, "erl_anno:{column,line,location,text}/1 instead", ""),
    ("erl_parse", Some("get_attributes"), Some(1), Removed, "erl_anno:{column,line,location,text}/1 instead", ""),
    ("erl_parse", Some("set_line"), Some(2), Removed, "use erl_anno:set_line/2", ""),
    ("erl_scan", Some("set_attribute"), Some(3), Removed, "use erl_anno:set_line/2 instead", ""),
    ("erlang", Some("get_stacktrace"), Some(0), Removed, "use the new try/catch syntax for retrieving the stack backtrace", ""),
    ("erlang", Some("hash"), Some(2), Removed, "use erlang:phash2/2 instead", ""),
    ("filename", Some("safe_relative_path"), Some(1), Removed, "use filelib:safe_relative_path/2 instead", ""),
    ("http_uri", Some("parse"), Some(1), Removed, "use uri_string functions instead", ""),
    ("http_uri", Some("parse"), Some(2), Removed, "use uri_string functions instead", ""),
    ("http_uri", Some("scheme_defaults"), Some(0), Removed, "use uri_string functions instead", ""),
    ("httpd_conf", Some("check_enum"), Some(2), Removed, "use lists:member/2 instead", ""),
    ("httpd_conf", Some("clean"), Some(1), Removed, "use string:strip/1 instead or possibly the re module", ""),
    ("httpd_conf", Some("custom_clean"), Some(3), Removed, "use string:strip/1 instead or possibly the re module", ""),
    ("httpd_conf", Some("is_directory"), Some(1), Removed, "use filelib:is_dir/1 instead", ""),
    ("httpd_conf", Some("is_file"), Some(1), Removed, "use filelib:is_file/1 instead", ""),
    ("httpd_conf", Some("make_integer"), Some(1), Removed, "use erlang:list_to_integer/1 instead", ""),
    ("net", Some("relay"), Some(1), Removed, "use fun Relay(Pid) -> receive X -> Pid ! X end, Relay(Pid) instead", ""),
    ("public_key", Some("ssh_decode"), Some(2), Removed, "use ssh_file:decode/2 instead", ""),
    ("public_key", Some("ssh_encode"), Some(2), Removed, "use ssh_file:encode/2 instead", ""),
    ("public_key", Some("ssh_hostkey_fingerprint"), Some(1), Removed, "use ssh:hostkey_fingerprint/1 instead", ""),
    ("public_key", Some("ssh_hostkey_fingerprint"), Some(2), Removed, "use ssh:hostkey_fingerprint/2 instead", ""),
    ("rpc", Some("safe_multi_server_call"), Some(2), Removed, "use rpc:multi_server_call/2 instead", ""),
    ("rpc", Some("safe_multi_server_call"), Some(3), Removed, "use rpc:multi_server_call/3 instead", ""),
    ("ssl", Some("cipher_suites"), Some(0), Removed, "use cipher_suites/2,3 instead", ""),
    ("ssl", Some("cipher_suites"), Some(1), Removed, "use cipher_suites/2,3 instead", ""),
    ("ssl", Some("connection_info"), Some(1), Removed, "use ssl:connection_information/[1,2] instead", ""),
    ("ssl", Some("negotiated_next_protocol"), Some(1), Removed, "use ssl:negotiated_protocol/1 instead", ""),
    ("auth", Some("node_cookie"), None, Deprecated, "use erlang:set_cookie/2 and net_adm:ping/1 instead", ""),
    ("asn1ct", Some("decode"), None, Removed, "use Mod:decode/2 instead", ""),
    ("asn1ct", Some("encode"), None, Removed, "use Mod:encode/2 instead", ""),
    ("crypto", Some("next_iv"), None, Removed, "see the 'New and Old API' chapter of the CRYPTO User's guide", ""),
    ("crypto", Some("stream_init"), None, Removed, "use crypto:crypto_init/3 + crypto:crypto_update/2 + crypto:crypto_final/1 or crypto:crypto_one_time/4 instead", ""),
    ("erl_scan", Some("attributes_info"), None, Removed, "use erl_anno:{column,line,location,text}/1 instead", ""),
    ("erl_scan", Some("token_info"), None, Removed, "use erl_scan:{category,column,line,location,symbol,text}/1 instead", ""),
    ("filename", Some("find_src"), None, Removed, "use filelib:find_source/1,3 instead", ""),
    ("ssl", Some("ssl_accept"), None, Removed, "use ssl_handshake/1,2,3 instead", ""),
    ("ct_slave", None, None, Deprecated, "use ?CT_PEER(), or the 'peer' module instead", "OTP 27"),
    ("erts_alloc_config", None, None, Deprecated, "this module will be removed in OTP 26.0. See the documentation for details", "OTP 26"),
    ("gen_fsm", None, None, Deprecated, "use the 'gen_statem' module instead", ""),
    ("random", None, None, Deprecated, "use the 'rand' module instead", ""),
    ("slave", None, None, Deprecated, "use the 'peer' module instead", "OTP 27"),
    ("os_mon_mib", None, None, Removed, "this module was removed in OTP 22.0", ""),
    ("pg2", None, None, Removed, "this module was removed in OTP 24. Use 'pg' instead", ""),
];
