//! Where a process keeps its issues and pull requests, and how the forge's names follow from those of proposals.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::release::Release;

/// Where a process keeps its issues and pull requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ForgeRules {
    /// Address of the forge's pages, without a slash at the end.
    pub web: String,
    /// Address of its programming interface, without a slash at the end.
    pub api: String,
    /// The repository of the proposals and their issues, `owner/name`.
    pub proposals: String,
    /// Repositories of the code.
    pub code: Vec<String>,
    /// Repositories of the documentation.
    pub docs: Vec<String>,
    /// The branch of the documentation of a release; `{release}` is its major and minor number.
    pub docs_branch: String,
    /// The label of a group: `{kind}` and `{name}` are what stands before and behind the first hyphen.
    pub group_label: String,
    /// Beginnings of titles of pull requests that are not ready, in any letter case.
    pub unready_titles: Vec<String>,
}

impl ForgeRules {
    /// The label of a group.
    #[must_use]
    pub fn label_of(&self, group: &str) -> String {
        match group.split_once('-') {
            Some((kind, name)) => self.group_label.replace("{kind}", kind).replace("{name}", name),
            None => group.to_owned(),
        }
    }

    /// The branch of the documentation of a release.
    #[must_use]
    pub fn docs_branch_of(&self, release: Release) -> String {
        self.docs_branch.replace("{release}", &format!("{}.{}", release.major, release.minor))
    }

    /// Whether a repository holds code.
    #[must_use]
    pub fn is_code(&self, repository: &str) -> bool {
        self.code.iter().any(|own| own.eq_ignore_ascii_case(repository))
    }

    /// Whether a repository holds documentation.
    #[must_use]
    pub fn is_docs(&self, repository: &str) -> bool {
        self.docs.iter().any(|own| own.eq_ignore_ascii_case(repository))
    }
}
