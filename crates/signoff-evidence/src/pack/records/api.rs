//! Facts of metrics, of the API and of what tests reach of it.

use signoff_model::fact::{ApiResource, ApiType, ConformanceTest, Endpoint, MetricRecord};

use super::{release, release_of};
use crate::pack::texts::{Numbers, Texts};
use crate::pack::wire;

pub fn metric<'f>(metric: &'f MetricRecord, numbers: &mut Numbers<'f>) -> wire::Metric {
    let MetricRecord { name, stability, kind, labels, components, deprecated } = metric;
    wire::Metric {
        name: numbers.of(name),
        stability: numbers.maybe(stability.as_ref()),
        kind: numbers.maybe(kind.as_ref()),
        labels: numbers.all(labels),
        components: numbers.all(components),
        deprecated: deprecated.map(release),
    }
}

pub fn metric_of(metric: wire::Metric, texts: &mut Texts<'_>) -> Option<MetricRecord> {
    let wire::Metric { name, stability, kind, labels, components, deprecated } = metric;
    Some(MetricRecord {
        name: texts.shared(name)?,
        stability: texts.maybe(stability)?,
        kind: texts.maybe(kind)?,
        labels: texts.all(&labels)?,
        components: texts.all(&components)?,
        deprecated: deprecated.map(release_of),
    })
}

pub fn conformance<'f>(test: &'f ConformanceTest, numbers: &mut Numbers<'f>) -> wire::Conformance {
    let ConformanceTest { name, code_name, releases, file } = test;
    wire::Conformance {
        name: numbers.of(name),
        code_name: numbers.of(code_name),
        releases: releases.iter().copied().map(release).collect(),
        file: numbers.of(file),
    }
}

pub fn conformance_of(test: wire::Conformance, texts: &mut Texts<'_>) -> Option<ConformanceTest> {
    let wire::Conformance { name, code_name, releases, file } = test;
    Some(ConformanceTest {
        name: texts.shared(name)?,
        code_name: texts.shared(code_name)?,
        releases: releases.into_iter().map(release_of).collect(),
        file: texts.shared(file)?,
    })
}

pub fn endpoint<'f>(endpoint: &'f Endpoint, numbers: &mut Numbers<'f>) -> wire::Endpoint {
    let Endpoint { name, group, version, kind, action, level, tested, conformance, ineligible, link, release: of } =
        endpoint;
    wire::Endpoint {
        name: numbers.of(name),
        group: numbers.of(group),
        version: numbers.of(version),
        kind: numbers.of(kind),
        action: numbers.of(action),
        level: numbers.of(level),
        tested: *tested,
        conformance: *conformance,
        ineligible: numbers.maybe(ineligible.as_ref()),
        link: numbers.maybe(link.as_ref()),
        release: of.map(release),
    }
}

pub fn endpoint_of(endpoint: wire::Endpoint, texts: &mut Texts<'_>) -> Option<Endpoint> {
    Some(Endpoint {
        name: texts.shared(endpoint.name)?,
        group: texts.shared(endpoint.group)?,
        version: texts.shared(endpoint.version)?,
        kind: texts.shared(endpoint.kind)?,
        action: texts.shared(endpoint.action)?,
        level: texts.shared(endpoint.level)?,
        tested: endpoint.tested,
        conformance: endpoint.conformance,
        ineligible: texts.maybe(endpoint.ineligible)?,
        link: texts.maybe(endpoint.link)?,
        release: endpoint.release.map(release_of),
    })
}

pub fn api_type<'f>(api_type: &'f ApiType, numbers: &mut Numbers<'f>) -> wire::Type {
    let ApiType { group, version, kind, fields, introduced, deprecated, removed } = api_type;
    wire::Type {
        group: numbers.of(group),
        version: numbers.of(version),
        kind: numbers.of(kind),
        fields: numbers.all(fields),
        introduced: introduced.map(release),
        deprecated: deprecated.map(release),
        removed: removed.map(release),
    }
}

pub fn api_type_of(api_type: wire::Type, texts: &mut Texts<'_>) -> Option<ApiType> {
    let wire::Type { group, version, kind, fields, introduced, deprecated, removed } = api_type;
    Some(ApiType {
        group: texts.shared(group)?,
        version: texts.shared(version)?,
        kind: texts.shared(kind)?,
        fields: texts.all(&fields)?,
        introduced: introduced.map(release_of),
        deprecated: deprecated.map(release_of),
        removed: removed.map(release_of),
    })
}

pub fn resource<'f>(record: &'f ApiResource, numbers: &mut Numbers<'f>) -> wire::Resource {
    let ApiResource { group, version, resource, kind } = record;
    wire::Resource {
        group: numbers.of(group),
        version: numbers.of(version),
        resource: numbers.of(resource),
        kind: numbers.of(kind),
    }
}

pub fn resource_of(record: wire::Resource, texts: &mut Texts<'_>) -> Option<ApiResource> {
    let wire::Resource { group, version, resource, kind } = record;
    Some(ApiResource {
        group: texts.shared(group)?,
        version: texts.shared(version)?,
        resource: texts.shared(resource)?,
        kind: texts.shared(kind)?,
    })
}
