//! What is promised about any input holds for odd but plausible ones.
//!
//! `odd` makes the inputs, the library looks at what becomes of them. The same inputs are tried in every run: nothing
//! depends on the environment, and nothing is written down. When a case fails, the message shows the smallest input
//! that does; write a named test with it where the defect is.

mod odd;

use std::sync::{Arc, LazyLock};

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRunner};
use signoff_analysis::configuration::Configuration;
use signoff_analysis::rules;
use signoff_model::profile::{Prepared, Syntax};
use signoff_model::{MemoryTree, edit, header};
use signoff_promises::{condition, fixes, granted, history, metadata, prose, repository, sample, search, settings};
use signoff_search::Index;

static PROCESSES: LazyLock<Vec<Arc<Prepared>>> = LazyLock::new(sample::processes);

/// Tries a promise with so many inputs of a kind.
fn holds_for<S: Strategy>(cases: u32, inputs: S, promise: impl Fn(S::Value)) {
    // All that the environment could change is set.
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 500,
        max_shrink_time: 0,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(0x5167_0FF5),
        verbose: 0,
        ..Config::default()
    };
    let tried = TestRunner::new(config).run(&inputs, |input| {
        promise(input);
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn yaml_is_read_with_every_place() {
    holds_for(1500, odd::metadata::yaml(), |text| metadata::yaml(&text));
}

#[test]
fn bytes_become_text() {
    holds_for(1000, odd::bytes(), |bytes| metadata::decoding(&bytes));
}

#[test]
fn headers_are_read_with_every_place() {
    holds_for(1500, odd::metadata::header(), |text| {
        metadata::header(&text, "---");
        metadata::header(&text, "");
    });
}

#[test]
fn prose_is_read_with_every_place() {
    holds_for(800, odd::prose::document(), |text| {
        for prepared in PROCESSES.iter() {
            prose::body(&text, 0);
            prose::document(prepared, &text, 0);
        }
    });
}

#[test]
fn prose_behind_a_header_is_read_with_every_place() {
    let inputs = (odd::metadata::header(), odd::prose::document());
    holds_for(300, inputs, |(fields, text)| {
        let whole = [fields, text].concat();
        let start = header::parse(&whole, "---").body_start;
        prose::body(&whole, start);
        PROCESSES.iter().for_each(|prepared| prose::document(prepared, &whole, start));
    });
}

#[test]
fn conditions_that_can_be_read_can_be_asked() {
    let corpora = sample::corpora();
    let inputs = proptest::prop_oneof![2 => odd::condition::written(), 1 => odd::condition::noise()];
    holds_for(600, inputs, |text| corpora.iter().for_each(|corpus| condition::condition(corpus, &text)));
}

#[test]
fn columns_that_can_be_read_can_be_shown() {
    let corpora = sample::corpora();
    let inputs = proptest::prop_oneof![3 => odd::condition::columns(), 1 => odd::condition::noise()];
    holds_for(300, inputs, |text| corpora.iter().for_each(|corpus| condition::columns(corpus, &text)));
}

#[test]
fn queries_that_can_be_read_find_something_or_nothing() {
    let indexes: Vec<_> = sample::corpora()
        .iter()
        .map(|corpus| {
            let index = Index::in_memory(corpus).expect("an index");
            let values = index.values().expect("its values");
            (index, values)
        })
        .collect();
    holds_for(1000, odd::query(), |text| {
        indexes.iter().for_each(|(index, values)| search::query(index, values, &text));
    });
}

#[test]
fn profiles_are_read_or_their_mistakes_are_placed() {
    holds_for(60, odd::settings::profile(), |text| settings::profile(&text));
}

#[test]
fn what_stands_beside_proposals_is_read_with_every_place() {
    holds_for(800, odd::granted::page(), |text| {
        PROCESSES.iter().for_each(|prepared| granted::release_page(prepared, &text));
    });
    holds_for(800, odd::granted::exceptions(), |text| {
        PROCESSES.iter().for_each(|prepared| granted::exceptions(prepared, &text));
    });
    holds_for(800, odd::granted::waivers(), |text| granted::waivers(&text));
    holds_for(2000, odd::granted::saying(), |text| granted::written_time(&text));
}

#[test]
fn settings_are_read_or_their_mistakes_are_placed() {
    holds_for(800, odd::settings::configuration(), |text| {
        PROCESSES.iter().for_each(|prepared| settings::configuration(prepared, &text));
    });
}

#[test]
fn edits_change_their_own_bytes_alone() {
    holds_for(2000, odd::edits(), |(text, edits)| {
        fixes::applied(&text, &edits, &edit::apply(&text, &edits));
    });
}

/// The files of one proposal: its fields and its prose, in one file or in two.
fn tree(prepared: &Prepared, fields: &str, prose: &str) -> MemoryTree {
    let (metadata, body) = repository::files(prepared, 12);
    match prepared.profile.metadata.syntax {
        Syntax::Yaml => MemoryTree::new([(metadata, fields), (body, prose)]),
        Syntax::Header => MemoryTree::new([(metadata, [fields, prose].concat())]),
    }
}

#[test]
fn fixes_keep_what_they_do_not_mean_and_end() {
    let inputs = (odd::metadata::any(), odd::prose::document());
    holds_for(40, inputs, |(fields, prose)| {
        for prepared in PROCESSES.iter() {
            let fixed = fixes::fix(tree(prepared, &fields, &prose), prepared);
            assert_eq!(
                fixes::fix(fixed.clone(), prepared).files().collect::<Vec<_>>(),
                fixed.files().collect::<Vec<_>>()
            );
        }
    });
}

#[test]
fn what_is_found_has_its_place_in_every_format() {
    let inputs = (odd::metadata::any(), odd::prose::document(), odd::repository::others());
    holds_for(25, inputs, |(fields, prose, others)| {
        for prepared in PROCESSES.iter() {
            let mut tree = tree(prepared, &fields, &prose);
            others.iter().for_each(|(path, text)| tree.insert(*path, text));
            let checked = repository::check(&tree, prepared, &Configuration::default());
            let again = rules::check(&repository::load(&tree, prepared), &Configuration::default());
            assert_eq!(checked.findings, again.findings, "checked twice, the same is found");
        }
    });
}

#[test]
fn proposals_are_found_by_their_titles() {
    holds_for(150, (odd::metadata::any(), odd::prose::document()), |(fields, prose)| {
        for prepared in PROCESSES.iter() {
            search::index(&repository::load(&tree(prepared, &fields, &prose), prepared));
        }
    });
}

#[test]
fn conditions_are_asked_of_odd_proposals() {
    holds_for(80, (odd::metadata::any(), odd::condition::written()), |(fields, text)| {
        for prepared in PROCESSES.iter() {
            condition::condition(&repository::load(&tree(prepared, &fields, "# T\n"), prepared), &text);
        }
    });
}

#[test]
fn a_proposal_alone_has_the_findings_that_it_has_among_others() {
    let inputs = (odd::metadata::any(), odd::prose::document(), odd::repository::others());
    holds_for(15, inputs, |(fields, prose, others)| {
        for prepared in PROCESSES.iter() {
            let mut tree = tree(prepared, &fields, &prose);
            others.iter().for_each(|(path, text)| tree.insert(*path, text));
            repository::parts(&tree, prepared);
        }
    });
}

#[test]
fn line_ends_of_another_system_change_no_finding() {
    holds_for(25, (odd::metadata::any(), odd::prose::document()), |(fields, prose)| {
        for prepared in PROCESSES.iter() {
            repository::line_ends(&tree(prepared, &fields, &prose), prepared);
        }
    });
}

/// A removed proposal and another one, which lived beside it, that then comes to its last path.
#[test]
fn two_proposals_that_come_to_one_path_are_told_apart() {
    history::check(&[0, 4, 0, 0, 0, 0, 3, 4, 0, 3, 0, 1], kep());
}

#[test]
fn histories_are_told_as_they_were_made() {
    let kep = kep();
    holds_for(150, proptest::collection::vec(proptest::num::u8::ANY, 0..75), |script| history::check(&script, kep));
}

fn kep() -> &'static Arc<Prepared> {
    PROCESSES.iter().find(|prepared| prepared.profile.metadata.syntax == Syntax::Yaml).expect("a process")
}
