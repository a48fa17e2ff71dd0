//! Mistakes in the rules that a profile declares: a kind without what it needs, an expression that
//! is none.

use super::{ConfigFault, RuleDeclaration, RuleKind};

impl RuleDeclaration {
    /// The regular expressions of the rule: `pattern`, and `values` where they are some.
    fn expressions(&self) -> impl Iterator<Item = &str> {
        let values = if self.kind == RuleKind::LinkExcludes { self.values.as_slice() } else { &[] };
        self.pattern.iter().chain(values).map(String::as_str)
    }

    /// What is wrong with the declaration, each with its place in the profile's text.
    pub(super) fn faults(&self, text: &str) -> Vec<ConfigFault> {
        let near =
            |needle: &str, message: String| ConfigFault::near(text, needle, format!("rule `{}`: {message}", self.code));
        let mut faults = Vec::new();
        for pattern in self.expressions() {
            if let Err(error) = regex::Regex::new(pattern) {
                faults.push(near(pattern, error.to_string()));
            }
        }
        for (name, given) in self.needed() {
            if !given {
                faults.push(near(&self.code, format!("this kind needs `{name}`")));
            }
        }
        faults
    }

    /// The parameters that the kind cannot do without, and whether they are given.
    fn needed(&self) -> Vec<(&'static str, bool)> {
        let field = ("field", self.field.is_some());
        let pattern = ("pattern", self.pattern.is_some());
        let values = ("values", !self.values.is_empty());
        match self.kind {
            RuleKind::FieldMatches | RuleKind::FieldExcludes => vec![field, pattern],
            RuleKind::FieldLength => vec![field, ("min` or `max", self.min.is_some() || self.max.is_some())],
            RuleKind::FieldForbidden => vec![field],
            RuleKind::FieldOrder | RuleKind::SectionOrder => vec![values],
            RuleKind::BodyExcludes | RuleKind::LinkExcludes => vec![pattern],
            RuleKind::SectionText => vec![("section", self.section.is_some()), ("text", self.text.is_some())],
            RuleKind::RelationRank => vec![field, ("ranks", !self.ranks.is_empty())],
            RuleKind::OwnersMark | RuleKind::MarkForbidden => vec![field, ("mark", self.mark.is_some())],
            RuleKind::PeopleMember => vec![field, ("alias", self.alias.is_some())],
            RuleKind::Condition => vec![("when", self.when.is_some())],
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    #[test]
    fn a_rule_without_what_it_needs_is_a_fault() {
        let start = "schema = 1\nid = \"x\"\nlayout = { root = \"x\", name = \"{number}\" }\n[[rule]]\ncode = \"c\"\n";
        let cases = [
            ("kind = \"field-length\"\nfield = \"title\"\nmax = 3\n", ""),
            ("kind = \"field-length\"\nfield = \"title\"\n", "rule `c`: this kind needs `min` or `max`"),
            ("kind = \"condition\"\n", "rule `c`: this kind needs `when`"),
            ("kind = \"section-order\"\n", "rule `c`: this kind needs `values`"),
        ];
        for (rule, expected) in cases {
            let faults = Profile::parse(&format!("{start}{rule}"), &|_| None).err().unwrap_or_default();
            let messages: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
            assert_eq!(messages.join("; "), expected, "{rule}");
        }
        let broken = format!("{start}kind = \"link-excludes\"\npattern = \"x\"\nvalues = [\"(\"]\n");
        assert_eq!(Profile::parse(&broken, &|_| None).err().map(|faults| faults.len()), Some(1));
    }
}
