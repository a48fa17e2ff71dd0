//! Naming the approver of a stage in a companion, which may have to be made.

use signoff_model::companion::Record;
use signoff_model::edit::Edit;
use signoff_model::profile::{Companion, MetadataFormat, Prepared};
use signoff_model::{ChangeSet, Span};

use super::fields::{self, File, Key, Unwritable};

/// Adds what names an approver for a stage to a change set: an entry, or the whole file where there is none.
///
/// # Errors
/// When the file is there and cannot be changed.
pub fn name_approver(
    prepared: &Prepared,
    rule: &Companion,
    record: &Record,
    stage: &str,
    approver: &str,
    number: &str,
    changes: &mut ChangeSet,
) -> Result<(), Unwritable> {
    let stages: Vec<&str> = prepared.profile.stage.iter().map(|stage| stage.name.as_str()).collect();
    let order: Vec<&str> = std::iter::once(rule.number.as_str()).chain(stages).collect();
    let edit = match &record.content {
        Ok(content) => {
            // A companion is YAML whatever the proposals are.
            let format = MetadataFormat::default();
            let file = File { source: &content.source, metadata: &content.metadata, format: &format };
            let entry = Key { name: &rule.approver, order: &[] };
            fields::set(file, Key { name: stage, order: &order }, Some(entry), approver)?
        }
        Err(_) if !record.exists() => {
            let text = format!("{}: {number}\n{stage}:\n  {}: \"{approver}\"\n", rule.number, rule.approver);
            Edit::new(Span::at(0), text)
        }
        Err(_) => return Err(Unwritable::Unread { path: record.path.to_string() }),
    };
    changes.add(&record.path, &[edit]);
    Ok(())
}
