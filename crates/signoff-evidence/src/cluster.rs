//! What answers of a live cluster say, and the file that they are kept in.
//!
//! Each kind of answer has a function that takes its text: [`version`], [`flagz`], [`statusz`], [`configz`], [`nodes`],
//! [`pods`], [`replicas`], [`config_map`]; metrics come in pieces, to a [`MetricsReader`], since
//! there may be a hundred megabytes of them. [`write`] and [`read`] are the file `signoff.cluster/1`.
//!
//! An answer that is not what was asked for is an error in one sentence without a period. A list that is cut off keeps
//! what stands before the cut. Of flags the names are kept, and values of [`KEPT_FLAGS`] alone.
//!
//! [`KEPT_FLAGS`]: signoff_model::cluster::KEPT_FLAGS

mod answers;
mod components;
mod lists;
mod metrics;
mod snapshot;
mod wire;

pub use answers::{Statusz, flagz, statusz, version};
pub use components::{PodComponent, config_map, configz, of_flags};
pub use lists::{AddressedNode, Page, nodes, pods, replicas};
pub use metrics::{Metrics, MetricsReader};
pub use snapshot::{read, write};
