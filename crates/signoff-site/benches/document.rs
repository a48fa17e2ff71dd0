//! What a proposal's prose costs as HTML.
//!
//! The body is one of the sample's; it stands alone, and ten times over for what large proposals cost.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use signoff_model::{Source, body};
use signoff_site::document::{self, Addresses, Place, Setting, Surroundings};

const BODY: &str = include_str!(
    "../../signoff-history/sample/history/17-uplink-failover-beta/files/keps/sig-network/205-uplink-failover/README.md"
);

/// A repository of which nobody knows anything.
struct Nothing;

impl Surroundings for Nothing {
    fn find(&self, _path: &str) -> Place {
        Place::Unknown
    }
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    let mut group = criterion.benchmark_group("document");
    let addresses = Addresses::default();
    for times in [1, 10] {
        let source = Source::new("keps/sig-network/205-uplink-failover/README.md", BODY.repeat(times));
        let body = body::parse(&source.text, 0);
        let setting = Setting {
            path: &source.path,
            root: "../",
            addresses: &addresses,
            heading_level: 2,
            questions: &[],
            surroundings: &Nothing,
        };
        group.throughput(Throughput::Bytes(source.text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(times), |bencher| {
            bencher.iter(|| document::render(black_box(&source), &body, &setting));
        });
    }
    group.finish();
    criterion.final_summary();
}
