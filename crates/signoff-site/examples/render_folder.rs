//! Renders every Markdown file of a repository and prints what it cost: `render_folder REPOSITORY [OUT]`.
//!
//! With a second folder the pages are written there, each with a link to `document.css` beside them.

#![allow(clippy::disallowed_methods, clippy::print_stdout, reason = "a program that measures reads files and prints")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use signoff_model::{Source, body};
use signoff_site::document::{self, Addresses, Place, Rendered, Setting, Surroundings};

/// The files of a repository, each on a page or as it is.
struct Files {
    root: PathBuf,
    bodies: BTreeSet<String>,
}

impl Surroundings for Files {
    fn find(&self, path: &str) -> Place {
        let body = [path.to_owned(), format!("{path}/README.md")].into_iter().find(|path| self.bodies.contains(path));
        match body {
            Some(body) => Place::Page(page(&body)),
            None if self.root.join(path).exists() => Place::File(path.to_owned()),
            None => Place::Missing,
        }
    }
}

fn page(path: &str) -> String {
    format!("{}.html", path.replace('/', "-"))
}

fn main() {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let root = arguments.next().expect("a repository to render");
    let out = arguments.next();
    let mut found = Vec::new();
    markdown(&root, &root, &mut found);
    let files = Files { bodies: found.iter().map(|source| source.path.to_string()).collect(), root };
    let addresses = Addresses::new(["https://github.com/kubernetes/enhancements/blob/master/"]);
    let read: Vec<_> = found.iter().map(|source| body::parse(&source.text, 0)).collect();
    let before = cpu_seconds();
    let mut size = 0;
    let mut all = Vec::new();
    for (source, body) in found.iter().zip(&read) {
        let setting = Setting {
            path: &source.path,
            root: "",
            addresses: &addresses,
            heading_level: 2,
            questions: &[],
            surroundings: &files,
        };
        let rendered = document::render(source, body, &setting);
        size += rendered.html.len();
        all.push(rendered);
    }
    let text: usize = found.iter().map(|source| source.text.len()).sum();
    let seconds = cpu_seconds() - before;
    println!("{} files, {text} bytes of text, {size} bytes of HTML, {seconds:.3} CPU s", found.len());
    for (source, rendered) in found.iter().zip(&all) {
        if let Some(out) = &out {
            std::fs::write(out.join(page(&source.path)), whole(&source.path, rendered))
                .expect("a page that is written");
        }
    }
}

fn markdown(root: &Path, folder: &Path, found: &mut Vec<Source>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !path.is_symlink() && !is_hidden {
            markdown(root, &path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let bytes = std::fs::read(&path).expect("a file that can be read");
            let own = path.strip_prefix(root).expect("a path of the repository");
            found.push(Source::new(own.to_string_lossy(), String::from_utf8_lossy(&bytes)));
        }
    }
}

fn whole(path: &str, rendered: &Rendered) -> String {
    let contents: String = rendered
        .contents
        .iter()
        .map(|heading| {
            format!("<li class=\"depth-{}\"><a href=\"#{}\">{}</a></li>\n", heading.depth, heading.id, {
                heading.text.replace('&', "&amp;").replace('<', "&lt;")
            })
        })
        .collect();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{path}</title>\
         <link rel=\"stylesheet\" href=\"document.css\"></head><body><main class=\"doc\"><nav class=\"local\"><ol>\n\
         {contents}</ol></nav><article class=\"prose\">\n{}</article></main></body></html>\n",
        rendered.html
    )
}

/// What this thread has used of a processor: where the system does not tell, nothing.
fn cpu_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|number| number.parse::<f64>().ok());
    nanoseconds.unwrap_or_default() / 1e9
}
