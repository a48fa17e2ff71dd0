//! The prose of a proposal as HTML: what is shown, and what can never be.

mod allowed;
mod attacks;
#[path = "../../../signoff-model/tests/corpora/mod.rs"]
mod corpora;
mod odd;
mod shown;
mod whole;

use signoff_model::{Source, body};
use signoff_site::document::{self, Addresses, Place, Rendered, Setting, Surroundings};

/// A small repository around the body at `keps/sig-a/1-x/README.md`.
struct Around;

impl Surroundings for Around {
    fn find(&self, path: &str) -> Place {
        match path {
            "keps/sig-a/2-y" | "keps/sig-a/2-y/README.md" => Place::Page("proposals/2.html".to_owned()),
            "keps/sig-a/1-x/pictures/a b.png" | "keps/sig-a/1-x/i.png" | "keps/sig-a/1-x/i.svg" => {
                Place::File(format!("files/{path}"))
            }
            "keps/sig-a/1-x/kep.yaml" => Place::File("source/1/kep.yaml.html".to_owned()),
            "OWNERS" => Place::Elsewhere("https://forge.example/blob/1/OWNERS".to_owned()),
            "keps/unread" => Place::Unknown,
            _ => Place::Missing,
        }
    }
}

/// Renders a text as the body of that proposal.
fn render(text: &str) -> Rendered {
    render_with(text, &[])
}

fn render_with(text: &str, questions: &[(u32, &str)]) -> Rendered {
    let source = Source::new("keps/sig-a/1-x/README.md", text);
    let addresses = Addresses::new([
        "https://github.com/kubernetes/enhancements/blob/master/",
        "https://github.com/kubernetes/enhancements/tree/master/",
        "https://git.k8s.io/enhancements/",
    ]);
    let setting = Setting {
        path: &source.path,
        root: "../",
        addresses: &addresses,
        heading_level: 2,
        questions,
        surroundings: &Around,
    };
    document::render(&source, &body::parse(text, 0), &setting)
}
