//! What repositories set: profiles and `signoff.toml`, with mistakes.

use proptest::prelude::*;

use super::{damaged, joined, one_of};

/// A profile.
pub(crate) fn profile() -> impl Strategy<Value = String> {
    let head = one_of(&[
        "schema = 1\nid = \"x\"\nlayout = { root = \"p\", name = \"{number}-{slug}\", metadata = \"m.yaml\", body = \"README.md\" }\n",
        "schema = 1\nid = \"x\"\nlayout = { root = \"p\", unit = \"file\", name = \"x-{number}.md\" }\nmetadata = { syntax = \"header\", fence = \"---\" }\n",
        "schema = 1\nid = \"x\"\nextends = \"eip\"\n",
        "schema = 1\nid = \"x\"\nextends = \"eip\"\nwithout = [\"rule.title-length\", \"nope\"]\n",
        "schema = 2\n",
        "",
    ]);
    let table = one_of(&[
        "[fields.title]\nkind = \"text\"\nmeaning = \"title\"\nrequired = 'status == \"draft\"'\n",
        "[fields.status]\nkind = \"status\"\nmeaning = \"status\"\n",
        "[fields.authors]\nkind = \"people\"\naliases = [\"author\"]\ninverse = \"nope\"\n",
        "[[status]]\nname = \"draft\"\nclass = \"open\"\n",
        "[[stage]]\nname = \"alpha\"\n",
        "[[section]]\ntitle = \"Summary\"\nrequired = true\n",
        "[[rule]]\ncode = \"a-b\"\nkind = \"field-matches\"\nfield = \"title\"\npattern = \"^(a+)+$\"\nmessage = \"é\"\n",
        "[[rule]]\ncode = \"c-d\"\nkind = \"body-excludes\"\npattern = \"(\"\n",
        "[[rule]]\ncode = \"e-f\"\nkind = \"condition\"\nwhen = 'stat == \"x\"'\n",
        "[[severity]]\nrules = [\"a-*\", \"nope\"]\nlevel = \"off\"\nwhen = \"title\"\n",
        "[[questionnaire]]\nid = \"q\"\nsection = \"Summary\"\n[[questionnaire.question]]\nid = \"off\"\nwordings = [\"Can it be off?\"]\n",
        "[[companion]]\npath = \"r/{nope}.yaml\"\nroot = \"r\"\n",
        "[[template.generation]]\nid = \"a\"\nheadings = [\"## Summary\"]\n",
        "[nope]\n",
    ]);
    damaged((head, joined(table, 0..6)).prop_map(|(head, tables)| head + &tables))
}

/// A `signoff.toml`.
pub(crate) fn configuration() -> impl Strategy<Value = String> {
    let line = one_of(&[
        "profile = \"kep\"\n",
        "profil = 1\n",
        "baseline = \"../x\"\n",
        "baseline = 'a/b.json'\n",
        "[rules]\n",
        "link-dead = \"off\"\n",
        "\"toc-*\" = \"info\"\n",
        "\"*\" = \"error\"\n",
        "linkdead = \"off\"\n",
        "link-dead = \"of\"\n",
        "[[override]]\n",
        "paths = [\"keps/**\", \"*é*\", \"\"]\n",
        "rules = { link-dead = \"warning\" }\n",
        "# remark\n",
        "\"größe\" = 1\n",
        "x = '''\n",
    ]);
    damaged(joined(line, 0..8))
}
