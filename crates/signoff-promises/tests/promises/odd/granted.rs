//! What stands beside proposals: release pages, lists of exceptions, waivers, written times.

use proptest::prelude::*;

use super::{damaged, joined, one_of, words};

/// When something is, as people write it.
pub(crate) fn saying() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => one_of(&[
            "Monday", "Tueday", "Wed", "5th", "22th", "31st", "32nd", "June", "Febuary", "2026", "1999", "June2026",
            "01:00", "25:61", "12:00", "UTC", "AoE", "PDT", "PST", "BST", "XYZ", "2026-02-11", "2026-02-30", "T18:00",
            "America/Los_Angeles", "Z", "+02:00", "9999-12-31", "0001-01-01",
        ]),
        1 => words(),
    ];
    let space = one_of(&[" ", " ", " / ", " - ", ", ", "", "(", ") ", "](x) "]);
    joined((piece, space).prop_map(|(piece, space)| piece + &space), 0..8)
}

/// A release page.
pub(crate) fn page() -> impl Strategy<Value = String> {
    let label = || {
        one_of(&[
            "**Begin [Code Freeze] and [Test Freeze]**",
            "[Enhancements Freeze](x)",
            "Production Readiness Freeze",
            "v1.36.0 released",
            "Party",
            "",
            "]][",
        ])
    };
    let line = prop_oneof![
        3 => (label(), saying()).prop_map(|(label, saying)| format!("| {label} | Lead | {saying} |\n")),
        2 => (label(), saying()).prop_map(|(label, saying)| format!("- **{saying}**:\n  Week 4 — {label}\n")),
        1 => one_of(&["# Lamps v1.36\n", "title: \"Lamps 1.35\"\n", "| What | Who | When |\n", "|---|---|---|\n", "\n", "- \n"]),
    ];
    damaged(joined(line, 0..10))
}

/// A list of exceptions.
pub(crate) fn exceptions() -> impl Strategy<Value = String> {
    let line = one_of(&[
        "codeFreeze:\n",
        "enhancementFreeze:\n",
        "nonsense:\n",
        "release: v1.36\n",
        "v1.35:\n",
        "- issue: 12\n",
        "- {issue: 0, status: approved}\n",
        "- name: \"größe\"\n",
        "  issue: 0012\n",
        "  status: denied\n",
        "  date_requested: 2026-02-12\n",
        "  date_reviewed: 2025-02-12\n",
        "  date_requested: 9999-12-31\n",
        "  extension_days: 65535\n",
        "  until: 2026-02-11 AoE\n",
        "  also: [codeFreeze, x]\n",
        "  line: 99999999999999999999\n",
        "  pull_requests:\n    - \"x\"\n",
    ]);
    damaged(joined(line, 0..10))
}

/// A file of waivers.
pub(crate) fn waivers() -> impl Strategy<Value = String> {
    let line = one_of(&[
        "[[waiver]]\n",
        "[waiver]\n",
        "proposal = \"12\"\n",
        "rule = \"E4\"\n",
        "owner = '@ada'\n",
        "reason = \"größe\"\n",
        "reason = \"\"\n",
        "until = \"v1.36\"\n",
        "until = \"2026-02-11 AoE\"\n",
        "until = 2026-02-11\n",
        "ruel = 1\n",
    ]);
    let whole = "[[waiver]]\nproposal = \"12\"\nrule = \"E4\"\nowner = \"@ada\"\nreason = \"x\"\nuntil = \"v1.36\"\n";
    damaged(prop_oneof![Just(whole.to_owned()), joined(line, 0..9)])
}
