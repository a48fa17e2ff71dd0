//! Releases such as `v1.36`: read, compared, spelt.

/// A version of the project, compared by its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Release {
    /// `1` in `v1.36.2`.
    pub major: u32,
    /// `36` in `v1.36.2`.
    pub minor: u32,
    /// `2` in `v1.36.2`; 0 when absent.
    pub patch: u32,
}

impl Release {
    /// Reads `v1.36`, `1.36`, `V1.36.2`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let mut parts = digits.split('.').map(number);
        let release = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next().unwrap_or(Some(0))? };
        parts.next().is_none().then_some(release)
    }

    /// Whether this is the placeholder `0.0`, which means no release.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.major == 0 && self.minor == 0
    }

    /// How many minor releases lie between the two, negative when `self` is older.
    #[must_use]
    pub fn minors_after(self, other: Self) -> i64 {
        (i64::from(self.major) - i64::from(other.major)) * 1000 + i64::from(self.minor) - i64::from(other.minor)
    }
}

fn number(text: &str) -> Option<u32> {
    let plain = !text.is_empty() && text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

impl std::fmt::Display for Release {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "v{}.{}", self.major, self.minor)?;
        if self.patch > 0 {
            write!(formatter, ".{}", self.patch)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let release = |major, minor, patch| Some(Release { major, minor, patch });
        let cases = [
            ("v1.36", release(1, 36, 0)),
            ("1.36", release(1, 36, 0)),
            ("V1.36.2", release(1, 36, 2)),
            ("0.0", release(0, 0, 0)),
            ("v1.3O", None),
            ("v1", None),
            ("TBD", None),
            ("v1.21, v1.37", None),
            ("v1.36-alpha", None),
            ("", None),
            ("v1.36.2.1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(Release::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn order_is_by_number() {
        assert!(Release::parse("v2.10") > Release::parse("v2.9"));
        assert_eq!(
            Release::parse("v1.36").zip(Release::parse("1.34")).map(|(new, old)| new.minors_after(old)),
            Some(2)
        );
    }
}
