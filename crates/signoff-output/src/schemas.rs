//! The JSON Schema of every JSON output, generated from the types that write it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use crate::{
    audit, baseline, calendar, check, checklist, cleanup, cluster, delivery, diff, gates, playbook, proposal, query,
    queue, rule, search, stale, statistics, status, timeline, todo, upgrade, why,
};

/// A schema and the name of the output that it describes, e.g. `signoff.check/1`.
pub struct Described {
    /// The name.
    pub name: &'static str,
    /// The schema, draft 2020-12.
    pub schema: Schema,
}

impl Described {
    fn new<T: JsonSchema>(name: &'static str) -> Self {
        let generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
        Self { name, schema: generator.into_root_schema_for::<T>() }
    }

    /// A file name for the schema, e.g. `signoff.check.1.json`.
    #[must_use]
    pub fn file_name(&self) -> String {
        format!("{}.json", self.name.replace('/', "."))
    }

    /// The schema as indented JSON with a final line break.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{:#}\n", self.schema.as_value())
    }
}

/// Every schema, by name.
#[must_use]
pub fn all() -> Vec<Described> {
    vec![
        Described::new::<baseline::File>(baseline::SCHEMA),
        Described::new::<calendar::CalendarList<'static>>("signoff.calendar/1"),
        Described::new::<check::Check<'static>>("signoff.check/1"),
        Described::new::<checklist::Checklist<'static>>("signoff.checklist/1"),
        Described::new::<diff::Diff<'static>>("signoff.diff/1"),
        Described::new::<gates::Gates<'static>>("signoff.gates/1"),
        Described::new::<query::List<'static>>("signoff.list/1"),
        Described::new::<cluster::Clusters<'static>>("signoff.matrix/1"),
        Described::new::<playbook::Playbook<'static>>("signoff.playbook/1"),
        Described::new::<proposal::Proposal<'static>>("signoff.proposal/1"),
        Described::new::<proposal::Proposals<'static>>("signoff.proposals/1"),
        Described::new::<query::Queries<'static>>("signoff.queries/1"),
        Described::new::<query::Query<'static>>("signoff.query/1"),
        Described::new::<queue::Queue<'static>>("signoff.queue/1"),
        Described::new::<rule::One<'static>>("signoff.rule/1"),
        Described::new::<rule::All<'static>>("signoff.rules/1"),
        Described::new::<search::Search<'static>>("signoff.search/1"),
        Described::new::<audit::Audit<'static>>("signoff.audit/1"),
        Described::new::<delivery::Shipped<'static>>("signoff.shipped/1"),
        Described::new::<delivery::Slipped<'static>>("signoff.slipped/1"),
        Described::new::<stale::Stale<'static>>("signoff.stale/1"),
        Described::new::<statistics::Stats>("signoff.stats/1"),
        Described::new::<status::Status<'static>>("signoff.status/1"),
        Described::new::<cleanup::Sweep<'static>>("signoff.sweep/1"),
        Described::new::<timeline::Written<'static>>("signoff.timeline/1"),
        Described::new::<todo::Todo<'static>>("signoff.todo/1"),
        Described::new::<upgrade::Fleet<'static>>("signoff.fleet/1"),
        Described::new::<upgrade::Upgrade<'static>>("signoff.upgrade/1"),
        Described::new::<why::Why<'static>>("signoff.why/1"),
    ]
}
