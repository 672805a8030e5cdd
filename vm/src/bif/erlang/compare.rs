//! Tests of types, order, and the strict boolean operators, as functions.

use crate::bif::argument::index;
use crate::bif::{Native, NativeContext, NativeResult};
use crate::natives;
use crate::proc::exception::Exception;
use crate::term::{Term, compare, equal, exactly_equal};

macro_rules! tests {
    ($($native:ident => $test:expr;)*) => {
        $(fn $native(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let test: fn(Term) -> bool = $test;
            Ok(Term::bool(test(args[0])))
        })*
    };
}

tests! {
    is_atom => |term| term.is_atom();
    is_binary => |term| term.is_binary();
    is_bitstring => |term| term.is_bitstring();
    is_boolean => |term| term.as_bool().is_some();
    is_float => |term| term.is_float();
    is_function => |term| term.is_fun();
    is_integer => |term| term.is_integer();
    is_list => |term| term.is_list();
    is_map => |term| term.is_map();
    is_number => |term| term.is_number();
    is_pid => |term| term.is_pid();
    is_port => |term| term.is_port();
    is_reference => |term| term.is_reference();
    is_tuple => |term| term.is_tuple();
}

fn is_function_2(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    let Ok(arity) = index(args[1]) else {
        // A big arity is one that no fun has.
        let natural = args[1].as_big_limbs().is_some_and(|(negative, _)| !negative);
        return if natural { Ok(Term::bool(false)) } else { Err(Exception::badarg().into()) };
    };
    Ok(Term::bool(crate::interp::fun::arity(args[0]) == Some(arity)))
}

macro_rules! comparisons {
    ($($native:ident => $test:expr;)*) => {
        $(fn $native(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let test: fn(Term, Term) -> bool = $test;
            Ok(Term::bool(test(args[0], args[1])))
        })*
    };
}

comparisons! {
    equal_to => equal;
    not_equal => |a, b| !equal(a, b);
    exactly => exactly_equal;
    not_exactly => |a, b| !exactly_equal(a, b);
    less => |a, b| compare(a, b).is_lt();
    less_equal => |a, b| compare(a, b).is_le();
    greater => |a, b| compare(a, b).is_gt();
    greater_equal => |a, b| compare(a, b).is_ge();
}

fn minimum(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(if compare(args[0], args[1]).is_le() { args[0] } else { args[1] })
}

fn maximum(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(if compare(args[0], args[1]).is_ge() { args[0] } else { args[1] })
}

macro_rules! booleans {
    ($($native:ident => $operator:expr;)*) => {
        $(fn $native(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
            let operator: fn(bool, bool) -> bool = $operator;
            match (args[0].as_bool(), args[1].as_bool()) {
                (Some(a), Some(b)) => Ok(Term::bool(operator(a, b))),
                _ => Err(Exception::badarg().into()),
            }
        })*
    };
}

booleans! {
    and => |a, b| a && b;
    or => |a, b| a || b;
    xor => |a, b| a != b;
}

fn not(_ctx: &mut NativeContext<'_>, args: &[Term]) -> NativeResult {
    Ok(Term::bool(!args[0].as_bool().ok_or_else(Exception::badarg)?))
}

pub(super) const NATIVES: &[Native] = natives! {
    "erlang" {
        "is_atom"/1 => is_atom;
        "is_binary"/1 => is_binary;
        "is_bitstring"/1 => is_bitstring;
        "is_boolean"/1 => is_boolean;
        "is_float"/1 => is_float;
        "is_function"/1 => is_function;
        "is_function"/2 => is_function_2;
        "is_integer"/1 => is_integer;
        "is_list"/1 => is_list;
        "is_map"/1 => is_map;
        "is_number"/1 => is_number;
        "is_pid"/1 => is_pid;
        "is_port"/1 => is_port;
        "is_reference"/1 => is_reference;
        "is_tuple"/1 => is_tuple;
        "=="/2 => equal_to;
        "/="/2 => not_equal;
        "=:="/2 => exactly;
        "=/="/2 => not_exactly;
        "<"/2 => less;
        "=<"/2 => less_equal;
        ">"/2 => greater;
        ">="/2 => greater_equal;
        "min"/2 => minimum;
        "max"/2 => maximum;
        "and"/2 => and;
        "or"/2 => or;
        "xor"/2 => xor;
        "not"/1 => not;
    }
};
