//! Pages of gates, upgrades and the audit: from small lists, from hostile ones, and with files that are sent.

use crate::project::Project;
use crate::serve::Served;

const METADATA: &str = "keps/sig-node/4000-widgets/kep.yaml";
const LIST: &str = "test/compatibility_lifecycle/reference/versioned_feature_list.yaml";
const PAGES: &str = "content/en/docs/reference/command-line-tools-reference/feature-gates";
const EVIDENCE: [&str; 4] = ["--code", "code", "--docs", "docs"];

/// A gate of a list: `Name: Alpha 1.33 off, Beta 1.34 on locked`.
fn list(gates: &[&str]) -> String {
    let entry = |gate: &&str| {
        let (name, specs) = gate.split_once(": ").expect("a gate and its stages");
        let spec = |spec: &str| {
            let words: Vec<&str> = spec.split(' ').collect();
            format!(
                "  - default: {}\n    lockToDefault: {}\n    preRelease: {}\n    version: \"{}\"\n",
                words[2] == "on",
                words.contains(&"locked"),
                words[0],
                words[1]
            )
        };
        format!("- name: {name}\n  versionedSpecs:\n{}", specs.split(", ").map(spec).collect::<String>())
    };
    gates.iter().map(entry).collect()
}

fn metadata(gate: &str) -> String {
    format!(
        "title: Widgets\nkep-number: 4000\nauthors: [\"@a\"]\nowning-sig: sig-node\nstatus: implementable\nstage: beta\n\
         latest-milestone: \"v1.36\"\nmilestone:\n  alpha: \"v1.34\"\n  beta: \"v1.36\"\nfeature-gates:\n  - name: {gate}\n    \
         components: [kube-apiserver, kubelet]\n"
    )
}

/// A project whose settings name evidence: a proposal that is one release late about its gate, whose page has another default; one gate went, one nobody names.
fn project() -> Project {
    let project = Project::empty();
    project.write(METADATA, metadata("WidgetPools"));
    let asked = "Can the feature be disabled once it has been enabled (i.e. can we roll back the enablement)?";
    let prose = format!(
        "# KEP-4000: Widgets\n\n## Production Readiness Review Questionnaire\n\n### Feature Enablement and Rollback\n\n###### {asked}\n\nYes, by turning `WidgetPools` off.\n"
    );
    project.write("keps/sig-node/4000-widgets/README.md", prose);
    let old = ["WidgetPools: Alpha 1.34 off, Beta 1.35 on", "Gone: GA 1.33 on locked", "Plain: Beta 1.30 on"];
    let new = ["WidgetPools: Alpha 1.34 off, Beta 1.35 on, GA 1.36 on locked", "Plain: Beta 1.30 on"];
    project.write(&format!("code/kubernetes-1.35.3/{LIST}"), list(&old));
    project.write(&format!("code/kubernetes-1.36.2/{LIST}"), list(&new));
    let page = "---\ntitle: WidgetPools\nstages:\n  - stage: alpha\n    defaultValue: false\n    fromVersion: \"1.34\"\n    toVersion: \"1.34\"\n  - stage: beta\n    defaultValue: false\n    fromVersion: \"1.35\"\n---\nWords.\n";
    project.write(&format!("docs/{PAGES}/WidgetPools.md"), page);
    project.write("docs/data/releases/schedule.yaml", "schedules:\n- release: \"1.35\"\n");
    project.write("signoff.toml", "[evidence]\ncode = [\"code\"]\ndocs = [\"docs\"]\n");
    project
}

fn built(project: &Project) {
    project.printed(0, &[&["site", "build", "--out", "pages"], &EVIDENCE[..]].concat());
}

/// The row of a gate in the matrix.
fn row<'p>(page: &'p str, gate: &str) -> &'p str {
    let at = page.find(&format!("gates/{gate}.html\">")).unwrap_or_else(|| panic!("{gate} has no row"));
    let from = page[..at].rfind("<tr").expect("a row");
    let to = page[at..].find("</tr>").expect("its end") + at;
    &page[from..to]
}

#[test]
fn gates_are_bars_with_marks_where_somebody_disagrees() {
    let project = project();
    built(&project);
    let page = project.read("pages/gates/index.html");
    let widgets = row(&page, "widgetpools");
    for expected in [
        "<td colspan=\"5\"><span class=\"vh\">not in the code</span></td>",
        "<span class=\"run alpha\">alpha</span>",
        "<span class=\"run beta-on\">beta, on<abbr class=\"mk\" title=\"a proposal disagrees\">P</abbr><abbr class=\"mk\" title=\"the docs page disagrees\">D</abbr></span>",
        "<span class=\"run locked lock\">locked on<abbr",
        "Proposal 4000 says beta v1.36; code v1.35",
        "data-marks=\"anybody, the docs page, a proposal\"",
        "data-component=\"kube-apiserver, kubelet\"",
    ] {
        assert!(widgets.contains(expected), "{expected} is not in {widgets}");
    }
    let gone = row(&page, "gone");
    assert!(gone.contains("<td><span class=\"run removed\">removed</span></td>"), "{gone}");
    assert!(!gone.contains("class=\"mk\""), "{gone}");
    let groups: Vec<&str> =
        page.split("scope=\"rowgroup\"").skip(1).filter_map(|rest| rest.split(['>', '<']).nth(1)).collect();
    assert_eq!(groups.last(), Some(&"No component named"), "{groups:?}");
    assert!(page.contains("Code: lists of 1.35.3 and 1.36.2. What was before 1.35 follows from later lists and pages. Docs: pages of 1.35."));
    let json: serde_json::Value = serde_json::from_str(&project.read("pages/gates.json")).expect("JSON");
    assert_eq!(json["schema"], "signoff.gates/1");
    assert_eq!(json["gates"][2]["runs"][2]["phase"], "beta", "{json:#}");
    assert!(project.read("pages/gates.csv").contains("Gone,,,1.36,1.36,removed,,,observed,"));
}

#[test]
fn a_gate_has_a_page_of_its_life_and_of_how_to_go_back() {
    let project = project();
    built(&project);
    let page = project.read("pages/gates/widgetpools.html");
    for expected in [
        "WidgetPools is stable and locked on since 1.36",
        "versioned_feature_list.yaml, 1.36.2",
        "Yes, by turning <code>WidgetPools</code> off.",
        "proposals/4000.html#answer-can-disable",
        "fromVersion: &#34;1.35&#34;",
        "beta since",
    ] {
        let page = page.replace("<wbr>", "");
        assert!(page.contains(expected), "{expected} is not in {page}");
    }
    let gone = project.read("pages/gates/gone.html");
    assert!(gone.contains("Gone is gone since 1.36; it was stable and locked on"), "{gone}");
    assert!(gone.contains("No proposal names it"), "{gone}");
    let proposal = project.read("pages/proposals/4000.html");
    for expected in ["Do proposal, code and docs agree?", "gates/widgetpools.html", "Beta since 1.35, not 1.36"] {
        assert!(proposal.contains(expected), "{expected} is not in {proposal}");
    }
}

#[test]
fn upgrades_have_a_page_for_each_pair_of_versions() {
    let project = project();
    built(&project);
    let newest = project.read("pages/upgrade.html");
    assert!(newest.contains("<h1>1.35 to 1.36</h1>"), "{newest}");
    assert!(newest.contains("upgrade/1.35-1.36.html"), "{newest}");
    assert!(newest.contains("signoff upgrade --from 1.35 --to 1.36 --config FILE..."), "{newest}");
    assert!(newest.contains("Not looked at") && newest.contains("no configuration given"), "{newest}");
    assert!(project.read("pages/upgrade/1.35-1.36.html").contains("1 gate is gone: nothing starts that sets it"));
    assert!(!newest.contains("type=\"file\""), "files cannot be checked by pages from disk");
}

/// What programs read is what the command writes of the claims that are wrong.
#[test]
fn the_audit_is_exported_as_the_command_writes_it() {
    let project = project();
    built(&project);
    let asked = |format: &str| project.printed(0, &[&["audit", "--format", format], &EVIDENCE[..]].concat());
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    let (exported, mut written) = (read(&project.read("pages/audit.json")), read(&asked("json")));
    let claims = written["claims"].as_array_mut().expect("claims");
    claims.retain(|claim| claim["verdict"] == "drift");
    assert!(!claims.is_empty());
    for key in ["schema", "sources", "summary", "claims", "unclaimed"] {
        assert_eq!(exported[key], written[key], "{key}");
    }
    let all = asked("csv");
    let exported = project.read("pages/audit.csv");
    assert!(exported.lines().all(|row| all.lines().any(|other| other == row)), "{exported}");
    assert_eq!(exported.lines().count(), claims_of(&written) + 1, "{exported}");
    let page = project.read("pages/audit.html");
    assert!(page.contains("claims of 1 proposal do not agree"), "{page}");
    assert!(page.contains("What nobody claims"), "{page}");
}

fn claims_of(audit: &serde_json::Value) -> usize {
    audit["claims"].as_array().map_or(0, Vec::len)
}

#[test]
fn a_process_without_evidence_has_no_such_pages() {
    let project = Project::empty();
    project.write("EIPS/eip-1.md", "---\neip: 1\ntitle: A Thing\nauthor: Ada (@ada)\nstatus: Living\ntype: Meta\ncreated: 2015-10-27\n---\n\n## Abstract\n\nText.\n");
    project.printed(0, &["site", "build", "--out", "pages"]);
    let first = project.read("pages/index.html");
    assert!(!first.contains("gates/index.html") && !first.contains("audit.html"), "{first}");
    assert!(!project.at("pages/gates").exists() && !project.at("pages/audit.json").exists());
    let served = Served::of(&project, &[]);
    let own =
        format!("Host: {0}\r\nOrigin: http://{0}\r\nContent-Type: multipart/form-data; boundary=x\r\n", served.host);
    assert!(served.get("/upgrade.html").starts_with("HTTP/1.1 404"));
    assert!(served.send("POST /upgrade.html", &own, b"--x--\r\n").starts_with("HTTP/1.1 404"));
}

/// Lists and pages are text of strangers too.
#[test]
fn nothing_of_hostile_evidence_is_markup() {
    const ATTACK: &str = "<img/src=x/onerror=pwned()>";
    let project = project();
    project.write(
        METADATA,
        metadata("WidgetPools") + &format!("metrics:\n  - \"{ATTACK}\"\n  - '\"><script>pwned()</script>'\n"),
    );
    let new = [
        "WidgetPools: Alpha 1.34 off, Beta 1.35 on",
        &format!("{ATTACK}: Beta 1.36 on"),
        "../../../index: Beta 1.36 on",
    ];
    project.write(&format!("code/kubernetes-1.36.2/{LIST}"), list(&new));
    let page = format!(
        "---\ntitle: {ATTACK}\nstages:\n  - stage: {ATTACK}\n    defaultValue: {ATTACK}\n    fromVersion: \"1.35\"\n---\n"
    );
    project.write(&format!("docs/{PAGES}/x.md"), page);
    built(&project);
    let mut looked_at = 0;
    for (path, bytes) in
        project.files().into_iter().filter(|(path, _)| path.starts_with("pages/") && path.ends_with(".html"))
    {
        let text = String::from_utf8(bytes).expect("text");
        assert!(!text.contains("<img/src") && !text.contains("<script>pwned"), "{path}: {text}");
        looked_at += usize::from(text.replace("<wbr>", "").contains("&#60;img/src") || text.contains("&lt;img/"));
    }
    assert!(looked_at > 2, "the attacks are shown as what they are, on {looked_at} pages");
    assert!(project.read("pages/index.html").contains("<html"), "a name leads to no other page");
}

/// Without a script a server shows what was asked for.
#[test]
fn filters_work_without_a_script() {
    let project = project();
    let served = Served::of(&project, &[]);
    let shown = |path: &str| {
        let page = served.get(path);
        assert!(page.starts_with("HTTP/1.1 200"), "{path}: {page}");
        let rows = page.split("<tr data-text=").skip(1);
        rows.filter(|row| !row.split('>').next().unwrap_or_default().ends_with(" hidden")).count()
    };
    for (path, expected) in [
        ("/gates/index.html", 3),
        ("/gates/?q=widget", 1),
        ("/gates/index.html?component=kubelet", 1),
        ("/gates/index.html?stage=beta", 1),
        ("/gates/index.html?marks=a+proposal&q=", 1),
        ("/gates/index.html?q=nothing-like-it", 0),
        ("/audit.html?verdict=drift&claim=milestone-beta", 1),
        ("/audit.html?group=sig-nowhere", 0),
    ] {
        assert_eq!(shown(path), expected, "{path}");
    }
    let page = served.get("/gates/index.html?q=%3Cscript%3E&component=kubelet");
    assert!(
        page.contains("value=\"&#60;script&#62;\"") && page.contains("<option value=\"kubelet\" selected>"),
        "{page}"
    );
    for (path, expected) in [
        ("/upgrade.html?from=1.35.3&to=1.36.2", "<h1>1.35.3 to 1.36.2</h1>"),
        ("/upgrade.html?from=1.34&to=1.36", "by 1.35, 1.36"),
        ("/upgrade.html?from=%3Cb%3E&to=1.36", "&#60;b&#62; is no version"),
        ("/upgrade.html?from=1.36&to=9.9", "9.9 lies beyond 1.36.2"),
    ] {
        let page = served.get(path);
        assert!(page.starts_with("HTTP/1.1 200") && page.contains(expected), "{path}: {page}");
    }
}

/// A form with two versions and files, as a browser sends it.
fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in [("from", "1.35"), ("to", "1.36")] {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    for (name, bytes) in files {
        let head = format!(
            "--x\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n"
        );
        body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
    }
    body.extend(b"--x--\r\n");
    body
}

const KUBELET: &str = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nfeatureGates:\n  Gone: true\n  WidgetPools: false\n  Plain: true\n";

#[test]
fn files_that_are_sent_are_checked_and_not_kept() {
    let project = project();
    let before = project.files();
    let served = Served::of(&project, &[]);
    let host = served.host.clone();
    let own = format!("Host: {host}\r\nOrigin: http://{host}\r\nContent-Type: multipart/form-data; boundary=x\r\n");
    let send = |files: &[(&str, &[u8])]| served.send("POST /upgrade.html", &own, &form(files));
    let answer = send(&[("../kubelet.yaml", KUBELET.as_bytes()), ("<img src=x>.txt", b"<script>pwned()</script>\n\0")]);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    for expected in [
        "cache-control: no-store",
        "referrer-policy: same-origin",
        "A kubelet of 1.36 does not start with these files.",
        "<li class=\"b\"><code>  Gone: true</code> <a href=\"#f1\">breaks</a></li>",
        "<li class=\"k\"><code>  WidgetPools: false</code>",
        "Not looked at",
    ] {
        assert!(answer.contains(expected), "{expected} is not in {answer}");
    }
    assert!(!answer.contains("<img src=x>") && !answer.contains("<script>pwned"), "{answer}");
    assert!(!answer.contains("data-live"), "the page is not replaced when a file of the repository changes");
    assert!(!served.get("/upgrade.html").contains("kubelet.yaml"), "nothing is left of it");
    let left: Vec<_> = project.files().into_iter().filter(|file| !before.contains(file)).collect();
    assert!(left.is_empty(), "{left:?}");
    let many: Vec<(&str, &[u8])> = vec![("a.yaml", b"a: 1\n"); 51];
    assert!(send(&many).contains("more than 50 files; nothing was checked"));
    assert!(send(&vec![("a.yaml", b"a: 1\n".as_slice()); 50]).contains("with 50 files"));
    let large = vec![b'a'; (1 << 20) + 1];
    assert!(send(&[("a.yaml", &large)]).contains("more than 1 MB; nothing was checked"));
    let half = vec![b'#'; 1_000_000];
    let together: Vec<(&str, &[u8])> = (0..6).map(|_| ("a.yaml", &half[..900_000])).collect();
    assert!(send(&together).contains("more than 5 MB together; nothing was checked"));
    assert!(send(&[("", b"")]).contains("No file was given."));
    let deep = "- ".repeat(100_000);
    let odd: [&[u8]; 4] = [deep.as_bytes(), b"\xff\xfe\0\0", b"a: &a [*a, *a]\n", b"{{ .Values.gates }}: %"];
    for bytes in odd {
        assert!(send(&[("odd.yaml", bytes)]).starts_with("HTTP/1.1 200"), "{bytes:?}");
    }
}

#[test]
fn files_are_taken_from_pages_of_this_server_only() {
    let project = project();
    let served = Served::of(&project, &[]);
    let host = served.host.clone();
    let body = form(&[("kubelet.yaml", KUBELET.as_bytes())]);
    let kind = "Content-Type: multipart/form-data; boundary=x\r\n";
    let own = format!("Host: {host}\r\nOrigin: http://{host}\r\n");
    for (request, headers, expected) in [
        ("POST /upgrade.html", format!("{own}{kind}"), "200"),
        ("POST /upgrade.html", format!("Host: {host}\r\n{kind}"), "403"),
        ("POST /upgrade.html", format!("Host: {host}\r\nOrigin: null\r\n{kind}"), "403"),
        ("POST /upgrade.html", format!("Host: {host}\r\nOrigin: https://evil.example\r\n{kind}"), "403"),
        ("POST /upgrade.html", format!("Host: evil.example\r\nOrigin: http://evil.example\r\n{kind}"), "421"),
        ("POST /upgrade.html", format!("{own}Content-Type: text/plain\r\n"), "415"),
        ("POST /upgrade.html", own.clone(), "415"),
        ("POST /upgrade.html", format!("{own}Content-Type: multipart/form-data\r\n"), "400"),
        ("POST /upgrade.html?to=1.36", format!("{own}{kind}"), "400"),
        ("POST /index.html", format!("{own}{kind}"), "405"),
        ("PUT /upgrade.html", format!("{own}{kind}"), "405"),
    ] {
        let answer = served.send(request, &headers, &body);
        assert!(answer.starts_with(&format!("HTTP/1.1 {expected}")), "{request} {headers}: {answer}");
    }
    let large = vec![b'x'; 9 << 20];
    let answer = served.send("POST /upgrade.html", &format!("{own}{kind}"), &large);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 413"), "{answer}");
    // One that says nothing of its length is cut off where the limit is.
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(1 << 20)).repeat(9);
    let headers = format!("{own}{kind}Transfer-Encoding: chunked\r\nX-");
    let answer = served.send("POST /upgrade.html", &headers, format!("{chunk}0\r\n\r\n").as_bytes());
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(served.get("/").starts_with("HTTP/1.1 200 "), "others have their pages");
}

/// Claims are judged again where a save makes them others, and only there.
#[test]
fn a_save_changes_claims() {
    let project = project();
    let served = Served::of(&project, &[]);
    let row_of = |page: &str| row(page, "widgetpools").to_owned();
    let matrix = || row_of(&served.get("/gates/index.html"));
    assert!(matrix().contains("says beta v1.36"));
    project.replace(METADATA, "  beta: \"v1.36\"", "  beta: \"v1.35\"");
    let mut tries = 0;
    while matrix().contains("says beta v1.36") {
        tries += 1;
        assert!(tries < 200, "{}", matrix());
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    project.write("keps/sig-node/4001-others/kep.yaml", metadata("WidgetPools").replace("4000", "4001"));
    while !matrix().contains(">4001</a>") {
        tries += 1;
        assert!(tries < 400, "{}", matrix());
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
}
