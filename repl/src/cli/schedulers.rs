//! How many schedulers a line asks for: `+S 4:2`, `+SP 50:25` and the same for those that are dirty.

use super::erl::FlagError;

/// Most schedulers that can be asked for.
const MOST: i64 = 1024;

/// A number of schedulers, and how many of them are online at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Schedulers {
    /// All of them, if it was said.
    pub all: Option<u32>,
    /// Those that are online, if it was said.
    pub online: Option<u32>,
}

fn refuse(what: &'static str, value: String) -> FlagError {
    FlagError::BadValue { what, value }
}

/// The numbers of `A:B`, each as far as it is there; what is behind them counts for nothing.
fn numbers(text: &str) -> Option<(Option<i64>, Option<i64>)> {
    let (first, rest) = leading_number(text);
    let second = rest.strip_prefix(':').and_then(|rest| leading_number(rest).0);
    (first.is_some() || second.is_some()).then_some((first, second))
}

fn leading_number(text: &str) -> (Option<i64>, &str) {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let length = text.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    (text[..length].parse().ok(), &text[length..])
}

/// The words of messages about one kind of schedulers.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// A number that it cannot be.
    pub bad: &'static str,
    /// What they are.
    pub kind: &'static str,
    /// A percentage that is none.
    pub bad_percentage: &'static str,
}

/// Of schedulers.
pub const NORMAL: Words = Words {
    bad: "bad amount of schedulers",
    kind: "schedulers",
    bad_percentage: "bad schedulers percentage specifier",
};

/// Of those for dirty work that computes.
pub const DIRTY: Words = Words {
    bad: "bad amount of dirty CPU schedulers",
    kind: "dirty CPU schedulers",
    bad_percentage: "bad dirty CPU schedulers percentage specifier",
};

/// Processors of this system.
#[must_use]
pub fn processors() -> u32 {
    std::thread::available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(1))
}

impl Schedulers {
    /// `ALL`, `ALL:ONLINE` or `:ONLINE`. A number that is not positive is added to that of the processors.
    ///
    /// # Errors
    /// When it is no number, or one too large.
    pub fn counted(text: &str, words: Words) -> Result<Self, FlagError> {
        let (all, online) = numbers(text).ok_or_else(|| refuse(words.bad, text.to_owned()))?;
        let usual = i64::from(processors());
        let count = |number: i64| if number < 1 { (usual + number).max(1) } else { number };
        let (all, online) = (all.map(count), online.map(count));
        if let Some(many) = all.filter(|&all| all > MOST) {
            return Err(refuse(words.bad, many.to_string()));
        }
        let most = all.unwrap_or(usual);
        if let Some(many) = online.filter(|&online| online > most) {
            return Err(FlagError::MoreOnline { kind: words.kind, online: many, all: most });
        }
        Ok(Self::of(all, online))
    }

    /// The same in hundredths of the processors.
    ///
    /// # Errors
    /// When it is no number.
    pub fn share(text: &str, words: Words) -> Result<Self, FlagError> {
        let (all, online) = numbers(text).ok_or_else(|| refuse(words.bad_percentage, text.to_owned()))?;
        let share = |percent: i64| (i64::from(processors()) * percent / 100).clamp(1, MOST);
        Ok(Self::of(all.map(share), online.map(share)))
    }

    fn of(all: Option<i64>, online: Option<i64>) -> Self {
        let number = |number: i64| u32::try_from(number).ok();
        Self { all: all.and_then(number), online: online.and_then(number) }
    }

    /// All, and those online: of more than there are processors, so many are online unless it is said.
    #[must_use]
    pub fn settled(self) -> (u32, u32) {
        let all = self.all.unwrap_or_else(processors);
        (all, self.online.unwrap_or_else(processors).min(all))
    }

    /// Those that are dirty, beside so many others: there are no more of them.
    #[must_use]
    pub fn settled_beside(self, (normal, normal_online): (u32, u32)) -> (u32, u32) {
        let all = self.all.unwrap_or_else(processors).min(normal);
        (all, self.online.unwrap_or(all).min(all).min(normal_online))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_that_are_there() {
        let counted = |text| Schedulers::counted(text, NORMAL).expect("numbers");
        assert_eq!(counted("4:2").settled(), (4, 2));
        assert_eq!(counted("4").settled(), (4, processors().min(4)));
        assert_eq!(counted(":1").settled(), (processors(), 1));
        assert_eq!(counted("0").settled(), (processors(), processors()));
        assert_eq!(counted("-1000").settled(), (1, 1));
        assert_eq!(counted("3x").all, Some(3));
    }

    #[test]
    fn too_many_are_refused() {
        let message = |text| Schedulers::counted(text, NORMAL).expect_err("too many").to_string();
        assert_eq!(message("1025"), "bad amount of schedulers 1025");
        assert_eq!(message("2:3"), "bad amount of schedulers online 3 (total amount of schedulers 2)");
        assert_eq!(message("few"), "bad amount of schedulers few");
    }

    #[test]
    fn dirty_ones_are_no_more_than_others() {
        let dirty = |text| Schedulers::counted(text, DIRTY).expect("numbers");
        assert_eq!(dirty("3:2").settled_beside((4, 2)), (3, 2));
        assert_eq!(dirty("9").settled_beside((2, 1)), (2, 1));
        assert_eq!(dirty("4:3").settled_beside((4, 2)), (4, 2));
    }
}
