//! Metrics as a component serves them: the gates among them, and the names of all.
//!
//! Format: the text exposition format of Prometheus. `kubernetes_feature_enabled{name="X",stage="BETA"} 1` tells a
//! gate; the stage of a stable one is empty. `# HELP name [ALPHA] ...` tells how long a metric is promised to stay.
//!
//! The text comes in pieces and may be of any size: one line at most is held, and of the lines that matter what they
//! say.

use std::collections::BTreeMap;
use std::sync::Arc;

use signoff_model::cluster::ReportedGate;
use signoff_model::fact::GateStage;

/// The metric that tells gates.
const GATES: &[u8] = b"kubernetes_feature_enabled";

/// Longest line that is looked at, in bytes; what is longer is a sample that does not matter.
const LINE_MAX: usize = 64 * 1024;

/// Most gates that one component is believed to have.
const GATES_MAX: usize = 5_000;

/// Most metrics whose names are kept.
const NAMES_MAX: usize = 20_000;

/// Longest name that is kept, in bytes.
const NAME_MAX: usize = 300;

/// What the metrics of a component tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// The gates, by name.
    pub gates: Vec<ReportedGate>,
    /// Names of metrics with how long they are promised to stay, where that is said, sorted.
    pub names: Vec<(Arc<str>, Option<Arc<str>>)>,
    /// What could not be read; everything else holds.
    pub problem: Option<String>,
}

/// Reads metrics that come in pieces.
#[derive(Default)]
pub struct MetricsReader {
    /// The beginning of a line whose end has not come.
    line: Vec<u8>,
    /// Whether that line is too long to be looked at.
    is_skipped: bool,
    /// How many lines were no metrics.
    strange: usize,
    gates: BTreeMap<String, (Option<GateStage>, bool)>,
    names: BTreeMap<String, Option<String>>,
    /// The name that the last line was about.
    last: Vec<u8>,
    problem: Option<String>,
}

impl MetricsReader {
    /// One that has read nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next piece, which may begin and end anywhere.
    pub fn feed(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, behind) = (&rest[..end], &rest[end + 1..]);
            if self.line.is_empty() && !self.is_skipped {
                self.read(line);
            } else {
                self.hold(line);
                self.end_line();
            }
            rest = behind;
        }
        self.hold(rest);
    }

    /// What was read.
    ///
    /// # Errors
    /// When there was no metric at all.
    pub fn finish(mut self) -> Result<Metrics, String> {
        self.end_line();
        if self.names.is_empty() {
            return Err(match self.strange {
                0 => "it is empty".into(),
                _ => "it has no metrics".into(),
            });
        }
        let gate = |(name, (stage, enabled)): (String, (Option<GateStage>, bool))| ReportedGate {
            name: name.into(),
            stage,
            enabled,
        };
        Ok(Metrics {
            gates: self.gates.into_iter().map(gate).collect(),
            names: self.names.into_iter().map(|(name, level)| (name.into(), level.map(Arc::from))).collect(),
            problem: self.problem,
        })
    }

    fn hold(&mut self, part: &[u8]) {
        if self.is_skipped || self.line.len() + part.len() > LINE_MAX {
            self.is_skipped = true;
            self.line.clear();
            return;
        }
        self.line.extend_from_slice(part);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !std::mem::take(&mut self.is_skipped) {
            self.read(&line);
        }
        self.line = line;
        self.line.clear();
    }

    fn read(&mut self, line: &[u8]) {
        if line.first() == Some(&b'#') {
            self.comment(line);
            return;
        }
        let end = line.iter().position(|byte| matches!(byte, b'{' | b' ' | b'\t'));
        let Some(end) = end else {
            self.strange += usize::from(!line.trim_ascii().is_empty());
            return;
        };
        let (name, rest) = line.split_at(end);
        if name == GATES {
            self.gate(rest);
        } else if self.last.is_empty() || !name.starts_with(&self.last) {
            // A sample has the name that was introduced above it, perhaps with an ending.
            self.name(name, None);
        }
    }

    /// `# HELP name [ALPHA] words` and `# TYPE name counter`.
    fn comment(&mut self, line: &[u8]) {
        let Ok(text) = std::str::from_utf8(line) else { return };
        let mut words = text.split_ascii_whitespace().skip(1);
        let is_help = match words.next() {
            Some("HELP") => true,
            Some("TYPE") => false,
            _ => return,
        };
        let Some(name) = words.next() else { return };
        let level = words.next().and_then(|word| word.strip_prefix('[')?.strip_suffix(']'));
        let level = level.filter(|level| is_help && matches!(*level, "ALPHA" | "BETA" | "STABLE" | "INTERNAL"));
        self.name(name.as_bytes(), level);
    }

    fn name(&mut self, name: &[u8], level: Option<&str>) {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':');
        let is_possible = name.len() <= NAME_MAX && name.first().is_some_and(|byte| !byte.is_ascii_digit());
        let Some(text) = std::str::from_utf8(name).ok().filter(|_| is_possible && name.iter().all(is_name)) else {
            self.strange += 1;
            return;
        };
        self.last.clear();
        self.last.extend_from_slice(name);
        if let Some(known) = self.names.get_mut(text) {
            if known.is_none() {
                *known = level.map(str::to_owned);
            }
            return;
        }
        if self.names.len() >= NAMES_MAX {
            self.problem.get_or_insert_with(|| format!("more than {NAMES_MAX} metrics; not all names are kept"));
            return;
        }
        self.names.insert(text.to_owned(), level.map(str::to_owned));
    }

    /// `{name="X",stage="BETA"} 1`.
    fn gate(&mut self, rest: &[u8]) {
        let read = std::str::from_utf8(rest).ok().and_then(gate);
        let Some((name, stage, enabled)) = read else {
            self.problem.get_or_insert_with(|| "a line that tells a gate cannot be read".into());
            return;
        };
        if self.gates.len() >= GATES_MAX {
            self.problem.get_or_insert_with(|| format!("more than {GATES_MAX} gates; the others are not kept"));
            return;
        }
        if self.gates.get(name).is_some_and(|known| known.1 != enabled) {
            self.problem.get_or_insert_with(|| format!("it says both that {name} is on and that it is off"));
        }
        self.gates.insert(name.to_owned(), (stage, enabled));
    }
}

/// Name, stage and value of a line; the labels may come in any order.
fn gate(rest: &str) -> Option<(&str, Option<GateStage>, bool)> {
    let (labels, value) = rest.strip_prefix('{')?.rsplit_once('}')?;
    let (mut name, mut stage) = (None, None);
    let mut left = labels.trim().trim_end_matches(',');
    while !left.is_empty() {
        let (key, behind) = left.split_once("=\"")?;
        // Neither names of gates nor stages have a quote or a backslash.
        let (text, behind) = behind.split_once('"')?;
        match key.trim() {
            "name" => name = Some(text),
            "stage" => stage = Some(text),
            _ => {}
        }
        left = behind.trim_start().trim_start_matches(',').trim_start();
    }
    let name = name.filter(|name| {
        !name.is_empty() && name.len() <= NAME_MAX && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })?;
    let value: f64 = value.split_ascii_whitespace().next()?.parse().ok()?;
    let enabled = match value {
        1.0 => true,
        0.0 => false,
        _ => return None,
    };
    // What is stable has an empty stage here.
    let stage = stage.and_then(|word| if word.is_empty() { Some(GateStage::Stable) } else { GateStage::parse(word) });
    Some((name, stage, enabled))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# HELP a_total [ALPHA] Words.\n# TYPE a_total counter\na_total{x=\"y\"} 3\n\
        # HELP b_seconds [STABLE] Words.\n# TYPE b_seconds histogram\nb_seconds_bucket{le=\"+Inf\"} 1\nb_seconds_sum 2\n\
        go_x 1\n# HELP kubernetes_feature_enabled [BETA] Words.\n# TYPE kubernetes_feature_enabled gauge\n\
        kubernetes_feature_enabled{name=\"A\",stage=\"ALPHA\"} 0\nkubernetes_feature_enabled{stage=\"\",name=\"B\"} 1\n\
        kubernetes_feature_enabled{name=\"C\",stage=\"PRE-ALPHA\"} 1 1395066363000\n\
        kubernetes_feature_enabled{name=\"AllBeta\",stage=\"BETA\",} 0\n";

    fn read(text: &str) -> Result<Metrics, String> {
        let mut reader = MetricsReader::new();
        reader.feed(text.as_bytes());
        reader.finish()
    }

    fn gate(name: &str, stage: GateStage, enabled: bool) -> ReportedGate {
        ReportedGate { name: name.into(), stage: Some(stage), enabled }
    }

    #[test]
    fn gates_and_names() {
        let metrics = read(TEXT).expect("metrics");
        let expected = [
            gate("A", GateStage::Alpha, false),
            gate("AllBeta", GateStage::Beta, false),
            gate("B", GateStage::Stable, true),
            gate("C", GateStage::PreAlpha, true),
        ];
        assert_eq!(metrics.gates, expected);
        let names: Vec<(&str, Option<&str>)> =
            metrics.names.iter().map(|(name, level)| (&**name, level.as_deref())).collect();
        let expected = [
            ("a_total", Some("ALPHA")),
            ("b_seconds", Some("STABLE")),
            ("go_x", None),
            ("kubernetes_feature_enabled", Some("BETA")),
        ];
        assert_eq!(names, expected);
        assert_eq!(metrics.problem, None);
    }

    #[test]
    fn pieces_of_any_size_say_the_same() {
        let whole = read(TEXT);
        for size in 1..TEXT.len() {
            let mut reader = MetricsReader::new();
            TEXT.as_bytes().chunks(size).for_each(|piece| reader.feed(piece));
            assert_eq!(reader.finish(), whole, "{size}");
        }
    }

    #[test]
    fn odd_texts() {
        let cases = [
            ("", Err("it is empty")),
            ("\n\n", Err("it is empty")),
            ("<html>\n<p>no\n", Err("it has no metrics")),
            ("a 1\nkubernetes_feature_enabled{name=\"A\"} x\n", Ok(Some("a line that tells a gate cannot be read"))),
            ("a 1\nkubernetes_feature_enabled{name=\"A\" 1\n", Ok(Some("a line that tells a gate cannot be read"))),
            ("a 1\nkubernetes_feature_enabled 1\n", Ok(Some("a line that tells a gate cannot be read"))),
            (
                "a 1\nkubernetes_feature_enabled{name=\"A\"} 1\nkubernetes_feature_enabled{name=\"A\"} 0\n",
                Ok(Some("it says both that A is on and that it is off")),
            ),
            ("a 1", Ok(None)),
        ];
        for (text, expected) in cases {
            let found = read(text);
            let found = found.as_ref().map(|metrics| metrics.problem.as_deref()).map_err(String::as_str);
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn what_is_held_is_bounded() {
        let mut reader = MetricsReader::new();
        reader.feed(b"a 1\n");
        for _ in 0..1000 {
            reader.feed(&[b'x'; 4096]);
            assert!(reader.line.len() <= LINE_MAX);
        }
        reader.feed(b"\nkubernetes_feature_enabled{name=\"A\",stage=\"\"} 1\n");
        for number in 0..NAMES_MAX + 10 {
            reader.feed(format!("m_{number} 1\nkubernetes_feature_enabled{{name=\"G{number}\"}} 1\n").as_bytes());
        }
        let metrics = reader.finish().expect("metrics");
        assert_eq!((metrics.gates.len(), metrics.names.len()), (GATES_MAX, NAMES_MAX));
        assert!(metrics.problem.is_some());
    }
}
