//! An audit as SARIF 2.1.0: what is wrong, at the line of the proposal that says it.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Audit, Claim};

/// Writes a result for each claim that is wrong, and a note for each that can be explained.
///
/// # Errors
/// Those of the writer.
pub fn write_sarif(audit: &Audit<'_>, out: &mut dyn Write) -> io::Result<()> {
    let wrong: Vec<&Claim<'_>> = audit.claims.iter().filter(|claim| claim.finding.is_some()).collect();
    let rules: BTreeSet<&str> = wrong.iter().filter_map(|claim| claim.finding).collect();
    let rules: Vec<Value> = rules.iter().map(|rule| json!({ "id": rule })).collect();
    let results: Vec<Value> = wrong.iter().map(|claim| result(claim)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "signoff", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    crate::write_json(&log, out)
}

fn result(claim: &Claim<'_>) -> Value {
    let level = if claim.verdict == "drift" { "warning" } else { "note" };
    let seen: Vec<String> = claim
        .evidence
        .iter()
        .map(|evidence| format!("{} {} {}: {}", evidence.source, evidence.version, evidence.place(), evidence.text))
        .collect();
    let text = format!("{} {}: {}. {}", claim.claim, claim.subject, claim.message, seen.join("; "));
    let location = match &claim.stated {
        Some(stated) => json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(stated.path), "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": stated.line },
            },
        }),
        None => {
            json!({ "physicalLocation": { "artifactLocation": { "uri": uri(claim.path), "uriBaseId": "%SRCROOT%" } } })
        }
    };
    let fingerprint = format!("{}/{}/{}/{}", claim.path, claim.claim, claim.subject, claim.finding.unwrap_or_default());
    json!({
        "ruleId": claim.finding,
        "level": level,
        "message": { "text": text.trim_end() },
        "locations": [location],
        "partialFingerprints": { "claim/v1": fingerprint },
    })
}

/// A path as part of an address.
fn uri(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => text.push(char::from(byte)),
            other => text.push_str(&format!("%{other:02X}")),
        }
    }
    text
}
