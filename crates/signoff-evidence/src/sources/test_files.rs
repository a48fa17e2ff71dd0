//! Which files with tests there are: their names, whatever is in them.

use signoff_model::fact::{Quote, Record, SourceKind};

use super::Reader;
use crate::reading::Reading;

pub(super) const READER: Reader = Reader { kind: SourceKind::TestFiles, page: include_str!("test_files.md"), read };

fn read(reading: &mut Reading<'_>) {
    reading.say(Quote::default(), Record::TestFile);
}
