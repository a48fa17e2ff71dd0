//! Lists of the metrics whose names, types and labels are promised to stay.

use signoff_model::fact::SourceKind;

use super::{Reader, metrics_list};

pub(super) const READER: Reader =
    Reader { kind: SourceKind::StableMetrics, page: include_str!("stable_metrics.md"), read: metrics_list::read };
