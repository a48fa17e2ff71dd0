//! What reading one proposal costs, step by step: metadata, body, answers.
//!
//! The proposals are the largest of the sample; whole corpora are the business of `scripts/bench`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use signoff_model::profile::Prepared;
use signoff_model::{Profile, body, questionnaire, yaml};

/// Part of the sample: name, metadata, body.
const PROPOSALS: [(&str, &str, &str); 2] = [
    (
        "vessel-leases",
        include_str!("../../signoff-history/sample/history/01-import/files/keps/sig-fleet/12-vessel-leases/kep.yaml"),
        include_str!("../../signoff-history/sample/history/01-import/files/keps/sig-fleet/12-vessel-leases/README.md"),
    ),
    (
        "uplink-failover",
        include_str!(
            "../../signoff-history/sample/history/17-uplink-failover-beta/files/keps/sig-network/205-uplink-failover/kep.yaml"
        ),
        include_str!(
            "../../signoff-history/sample/history/17-uplink-failover-beta/files/keps/sig-network/205-uplink-failover/README.md"
        ),
    ),
];

/// The profile whose questions they answer.
const PROFILE: &str = include_str!("../../../profiles/kep.toml");

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .configure_from_args();
    metadata(&mut criterion);
    bodies(&mut criterion);
    answers(&mut criterion);
    criterion.final_summary();
}

fn metadata(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("yaml");
    for (name, text, _) in PROPOSALS {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| yaml::parse(black_box(text)));
        });
    }
    group.finish();
}

fn bodies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("body");
    for (name, _, text) in PROPOSALS {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| body::parse(black_box(text), 0));
        });
    }
    group.finish();
}

/// The body is parsed before: this is what finding and judging the answers adds.
fn answers(criterion: &mut Criterion) {
    let prepared = Prepared::new(Profile::parse(PROFILE, &|_| None).expect("the embedded profile is valid"));
    let mut group = criterion.benchmark_group("answers");
    for (name, _, text) in PROPOSALS {
        let parsed = body::parse(text, 0);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                for index in 0..prepared.questionnaires.len() {
                    black_box(questionnaire::read(&prepared, index, black_box(text), &parsed));
                }
            });
        });
    }
    group.finish();
}
