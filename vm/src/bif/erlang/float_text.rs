//! Floats as text, in every layout of `float_to_list/2`, and back.

/// How a float is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// `1.23e+04` with this many decimals.
    Scientific(usize),
    /// `12300.00` with this many decimals; without trailing zeros if the flag is set.
    Decimals(usize, bool),
    /// The fewest digits that read back as the same float.
    Short,
}

/// Longest text in decimals.
const MAX_DECIMALS_TEXT: usize = 255;
/// From here on not every integer is a float: such floats are always written with an exponent.
const EXACT_INTEGERS: f64 = 9_007_199_254_740_992.0;

/// The text of `value`; `None` if it would be too long.
pub(crate) fn write(value: f64, layout: Layout) -> Option<String> {
    match layout {
        Layout::Scientific(decimals) => Some(scientific(value, decimals)),
        Layout::Decimals(decimals, compact) => {
            let mut text = fixed(value, decimals);
            if text.len() > MAX_DECIMALS_TEXT {
                return None;
            }
            // Without decimals, OTP takes zeros off large floats even though they count. So do we.
            if compact && (decimals > 0 || value.abs() >= EXACT_INTEGERS) {
                let kept = text.trim_end_matches('0').len();
                text.truncate(kept);
                if text.ends_with('.') {
                    text.push('0');
                }
            }
            Some(text)
        }
        Layout::Short => Some(short(value)),
    }
}

pub(crate) fn scientific(value: f64, decimals: usize) -> String {
    let plain = format!("{value:.decimals$e}");
    let (digits, exponent) = plain.split_once('e').unwrap_or((&plain, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// With fixed decimals. As OTP does, floats of moderate size are rounded half up after scaling their fraction,
/// others by their exact value.
fn fixed(value: f64, decimals: usize) -> String {
    let magnitude = value.abs();
    if magnitude >= EXACT_INTEGERS || decimals > 18 {
        return format!("{value:.decimals$}");
    }
    let scale = 10u64.pow(decimals as u32);
    let mut whole = magnitude.floor() as u64;
    let mut fraction = ((magnitude - magnitude.floor()) * scale as f64).round() as u64;
    if fraction >= scale {
        whole += 1;
        fraction -= scale;
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction:0decimals$}") }
}

/// With fixed decimals, as `~f` writes a float: half up, from the decimal digits of its value. `None`: that takes more
/// digits than fit a word, or is nearly a half.
pub(crate) fn half_up(value: f64, decimals: usize) -> Option<String> {
    let magnitude = value.abs();
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if !(1..=18).contains(&decimals) {
        return None;
    }
    if magnitude == 0.0 {
        return Some(format!("{sign}0.{:0decimals$}", 0));
    }
    if !(1e-9..EXACT_INTEGERS).contains(&magnitude) {
        return None;
    }
    // The float is `mantissa * 2^-places`.
    let bits = magnitude.to_bits();
    let exponent = (bits >> 52) as i32;
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    let places = u32::try_from(1075 - exponent).ok().filter(|&places| places < 100)?;
    let scale = 10u64.pow(decimals as u32);
    let scaled = u128::from(mantissa) * u128::from(scale);
    let half = if places == 0 { 0 } else { 1u128 << (places - 1) };
    let rest = scaled & ((1u128 << places) - 1);
    // The first 21 digits are what is rounded: far from the last of them only a near half is in doubt.
    if scaled >> places >= 1_000_000_000_000 || (rest < half && half - rest <= half >> 28) {
        return None;
    }
    let rounded = u64::try_from((scaled >> places) + u128::from(places > 0 && rest >= half)).ok()?;
    let (whole, fraction) = (rounded / scale, rounded % scale);
    Some(format!("{sign}{whole}.{fraction:0decimals$}"))
}

/// The fewest digits, in the shorter of the two notations.
pub(crate) fn short(value: f64) -> String {
    swerl_beam::Float(value).to_string()
}

/// The float that `text` writes: sign, digits, a point and digits, perhaps an exponent.
pub(crate) fn parse(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    // A comma does as well as a point.
    let (whole, fraction) = mantissa.split_once(['.', ','])?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_is_good =
        exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    if !digits(whole) || !digits(fraction) || !exponent_is_good {
        return None;
    }
    text.replacen(',', ".", 1).parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_notation_is_chosen() {
        for (value, text) in [
            (1000.0, "1.0e3"),
            (100.0, "100.0"),
            (0.0001, "0.0001"),
            (0.00012, "1.2e-4"),
            (123_456_789.0, "123456789.0"),
            (9_007_199_254_740_991.0, "9007199254740991.0"),
            (9_007_199_254_740_992.0, "9.007199254740992e15"),
            (5.0e-324, "5.0e-324"),
            (1.23e12, "1.23e12"),
            (-0.0, "-0.0"),
            (150_000.0, "1.5e5"),
            (900_719_925_474_099.0 + 0.25, "900719925474099.2"),
            (123_456_418_754_632.0 + 0.625, "123456418754632.62"),
            (2.0e15 + 0.75, "2000000000000000.8"),
        ] {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn decimals_round_as_otp_does() {
        for (value, decimals, text) in
            [(0.045, 2, "0.05"), (1.005, 2, "1.00"), (2.5, 0, "3"), (-0.001, 2, "-0.00"), (0.125, 2, "0.13")]
        {
            assert_eq!(fixed(value, decimals), text);
        }
        assert_eq!(fixed(0.3, 20), "0.29999999999999998890");
    }

    #[test]
    fn half_up_rounds_the_exact_value() {
        for (value, decimals, text) in [
            (1.5, 3, Some("1.500")),
            (0.125, 2, Some("0.13")),
            (-2.0005, 3, Some("-2.001")),
            (0.0, 1, Some("0.0")),
        ] {
            assert_eq!(half_up(value, decimals).as_deref(), text);
        }
        assert_eq!(half_up(1.005, 2), None);
        assert_eq!(half_up(1.0e300, 2), None);
        assert_eq!(half_up(123_456_789.25, 9), None);
    }

    #[test]
    fn only_whole_floats_are_read() {
        assert_eq!(parse("-1.0E-5"), Some(-1.0e-5));
        for text in ["1e5", "1.", ".5", "1.0e", "1.0e400", " 1.0", "1_0.0", "inf", "nan"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
