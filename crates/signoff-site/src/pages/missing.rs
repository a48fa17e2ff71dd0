//! What is shown where no page is.

use askama::Template;

use super::{Kind, rendered};
use crate::Site;
use crate::frame::Frame;

pub(super) const KIND: Kind = Kind { paths: |_| vec![PATH.to_owned()], make };

/// As web servers look for it.
const PATH: &str = "404.html";

#[derive(Template)]
#[template(path = "missing.html")]
struct Missing {
    frame: Frame,
}

fn make(site: &Site, path: &str) -> Option<String> {
    let frame = || Frame::of(site, path, "", "Not found", "There is no such page.");
    (path == PATH).then(|| rendered(&Missing { frame: frame() }))
}
