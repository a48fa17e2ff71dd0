//! `signoff upgrade`: what changes for an operator between two versions.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::bail;
use signoff_analysis::gates::Gates;
use signoff_analysis::upgrade::{Level, Question, Text, upgrade};
use signoff_evidence::configuration::{self, Configuration};
use signoff_model::fact::Problem;
use signoff_model::source::decode;
use signoff_model::spelling::nearest;
use signoff_model::{Corpus, Tree};
use signoff_output::upgrade::{Upgrade, write_human, write_markdown};
use signoff_output::visible;

use crate::cli::{Global, UpgradeArgs, UpgradeFormat};
use crate::evidence;
use crate::given::GivenFiles;
use crate::repository::{Repository, Selection};

mod fleet;

/// Answers.
pub fn run(global: &Global, args: &UpgradeArgs, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
    let (repository, corpus) = proposals(global)?;
    let rules = &repository.prepared.profile.evidence;
    known_components(&args.component, &rules.upgrade.components)?;
    let evidence = evidence::read(&args.evidence, &repository)?;
    if !args.evidence.cluster.is_empty() {
        evidence.note_unread(global);
        let known = fleet::Known { rules, corpus: corpus.as_ref(), evidence: &evidence };
        return fleet::run(global, args, &known, out);
    }
    let facts = evidence.facts;
    let Some(from) = args.from else { bail!("which version runs today is not known\nname it with --from") };
    let given = configured(&args.config)?;
    let question = Question {
        from,
        to: args.to,
        emulation: args.emulate,
        both_ways: args.both_ways,
        allow_unknown: args.allow_unknown,
        configured: &given.configuration.configured,
        texts: &given.texts,
        unrecognised: &given.unrecognised,
        components: &args.component,
    };
    let gates = Gates::of(&facts, rules);
    let report = upgrade(&gates, &facts, rules, corpus.as_ref(), &question)?;
    let shown = Upgrade::new(&report);
    match args.format {
        UpgradeFormat::Human => write_human(&shown, global.verbose, crate::look(global), out)?,
        UpgradeFormat::Json => shown.write_json(out)?,
        UpgradeFormat::Markdown => write_markdown(&shown, out)?,
    }
    let breaks = report.of(Level::Breaks).next().is_some();
    let fails = breaks || (args.require_complete && !report.is_complete());
    Ok(if fails { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The process and its proposals. Whoever runs a cluster need not have the proposals: without them the process is that of
/// the sample, and nothing is told of what is behind a change.
fn proposals(global: &Global) -> anyhow::Result<(Repository, Option<Corpus>)> {
    let error = match Repository::open(global) {
        Ok(repository) => {
            let corpus = repository.load(&Selection::default());
            Repository::refuse_cut(&corpus)?;
            return Ok((repository, Some(corpus)));
        }
        Err(error) => error,
    };
    if global.directory.is_some() || global.sample || global.at.is_some() {
        return Err(error);
    }
    crate::note(global, "no proposals are here; -C names their repository, whose answers are told with each change");
    Ok((Repository::open(&Global { sample: true, ..global.clone() })?, None))
}

fn known_components(asked: &[String], known: &[String]) -> anyhow::Result<()> {
    for component in asked {
        if !known.contains(component) {
            let near = nearest(component, known.iter().map(String::as_str));
            let near = near.map(|near| format!("; perhaps {near} is meant")).unwrap_or_default();
            bail!("no component is called {}{near}\nthere are {}", visible(component), known.join(", "));
        }
    }
    Ok(())
}

/// What the files say that were given.
struct Configured {
    configuration: Configuration,
    /// Everything of them that says nothing of a component.
    unrecognised: Vec<Problem>,
    texts: Vec<Text>,
}

fn configured(paths: &[String]) -> anyhow::Result<Configured> {
    let files = GivenFiles::open(paths)?;
    let configuration = configuration::read(&files, &files.paths());
    let unrecognised = configuration.unheeded(paths);
    let read = configuration.configured.iter().flat_map(|configured| configured.files.iter());
    let named: BTreeSet<&Arc<str>> = read.chain(configuration.unrecognised.iter().map(|it| &it.path)).collect();
    let text = |path: &Arc<str>| Some(Text { path: Arc::clone(path), text: decode(files.read(path).ok()?).0 });
    let texts = named.into_iter().filter_map(text).collect();
    Ok(Configured { configuration, unrecognised, texts })
}
