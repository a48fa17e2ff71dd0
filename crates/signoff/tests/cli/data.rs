//! What is kept beside the program: taken only when it is whole and right, used where it is newer, and never the reason
//! why a command fails.

use std::fs;

use crate::project::{POOLS, Project, Run};

/// A profile that builds on the program's own, and is recognised by a folder that no other process has.
const MINE: &str = "schema = 1\nid = \"mine\"\nname = \"Mine\"\nversion = \"2026-01\"\nlayout = { root = \"ideas\", unit = \"file\", name = \"{number}.md\", recognise = [\"ideas\"] }\n[[status]]\nname = \"open\"\n";

/// The program's own profile as of another day.
fn newer(version: &str) -> String {
    let text = include_str!("../../../../profiles/kep.toml");
    text.replacen("version = \"2026-07\"", &format!("version = \"{version}\""), 1)
}

fn calendar(head: &str, freeze: &str) -> String {
    format!(
        "{head}[[calendar]]\nrelease = \"v1.39\"\nat = {{ start = \"2026-09-07\", enhancements-freeze = \"{freeze}\", release = \"2026-12-09\" }}\n"
    )
}

/// Writes a file beside the repository, and imports it.
fn import(project: &Project, name: &str, text: impl AsRef<[u8]>, more: &[&str]) -> Run {
    let file = project.cache().join(name);
    fs::write(&file, text).expect("a file");
    project.run(&[&["data", "import", file.to_str().expect("a name")], more].concat())
}

fn imported(project: &Project, name: &str, text: impl AsRef<[u8]>, more: &[&str]) -> String {
    let run = import(project, name, text, more);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    run.out
}

fn kept(project: &Project) -> Vec<String> {
    let mut found = Vec::new();
    for folder in fs::read_dir(project.data()).expect("the data") {
        let folder = folder.expect("a folder").path();
        for file in fs::read_dir(&folder).expect("a folder") {
            let file = file.expect("a file").path();
            found.push(file.strip_prefix(project.data()).expect("a path").to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

fn freeze(project: &Project) -> String {
    let shown = project.json(&["calendar", "--release", "v1.39"]);
    let checkpoints = shown["releases"][0]["checkpoints"].as_array().expect("checkpoints").clone();
    let freeze = checkpoints.iter().find(|checkpoint| checkpoint["id"] == "enhancements-freeze").expect("a freeze");
    freeze["at"].as_str().expect("a time").to_owned()
}

/// A pack of the gates of a list.
fn pack(project: &Project, version: &str, gates: &[&str]) -> Vec<u8> {
    let list = "code/test/compatibility_lifecycle/reference/versioned_feature_list.yaml";
    let gate = |name: &&str| {
        format!(
            "- name: {name}\n  versionedSpecs:\n  - default: true\n    lockToDefault: false\n    preRelease: Beta\n    version: \"1.36\"\n"
        )
    };
    project.write(list, gates.iter().map(gate).collect::<String>());
    let file = project.cache().join("made.pack");
    let code = format!("{version}=code");
    project.printed(0, &["evidence", "pack", "--code", &code, "--output", file.to_str().expect("a name")]);
    fs::remove_dir_all(project.at("code")).expect("a folder");
    fs::read(file).expect("a pack")
}

#[test]
fn a_newer_profile_is_used_until_it_is_removed() {
    let project = Project::base();
    let text = newer("2027-01").replacen("name = \"Kubernetes Enhancement Proposal\"", "name = \"Newer\"", 1);
    let text = text.replace("\"implementable\"", "\"ready\"");
    let said = imported(&project, "any-name.toml", &text, &[]);
    assert_eq!(said, "profile `kep` 2027-01  added\n");
    assert_eq!(kept(&project), ["profiles/kep.toml"]);
    let check = || project.json(&["check"])["findings"].to_string();
    assert!(check().contains("status-unknown"), "the newer profile calls it ready");
    let listed = project.printed(0, &["data", "list"]);
    assert!(listed.contains("  profile  kep  2027-01  in force instead of 2026-07\n"), "{listed}");
    let told = project.run(&["check", "-v"]).err;
    assert_eq!(told, "note: the profile `kep` 2027-01 is that of the data folder; the program has 2026-07\n");
    assert_eq!(project.run(&["check"]).err, "");
    assert_eq!(project.printed(0, &["data", "remove", "kep"]), "profile kep  removed\n");
    assert!(!check().contains("status-unknown"));
}

/// The kept output of a check is of the data that it was made with.
#[test]
fn a_kept_check_is_not_used_with_other_data() {
    let project = Project::base();
    let settle = || std::thread::sleep(std::time::Duration::from_millis(120));
    settle();
    let check = || project.run(&["check", "--format", "json"]);
    let before = check();
    assert_eq!(before.code, 0, "{}", before.out);
    let text = newer("2027-01").replace("\"implementable\"", "\"ready\"");
    imported(&project, "profile.toml", &text, &[]);
    settle();
    assert_eq!(check().code, 1);
    assert_eq!(check().code, 1);
    project.printed(0, &["data", "remove", "kep"]);
    assert_eq!(check().out, before.out);
}

#[test]
fn an_older_profile_is_refused_unless_it_is_forced() {
    let project = Project::base();
    for version in ["2026-06", "2026-07"] {
        let run = import(&project, "old.toml", newer(version), &[]);
        let expected =
            format!("old.toml is of {version}, and the program has one of 2026-07\n--force takes it all the same\n");
        assert!(run.complaint().ends_with(&expected), "{}", run.err);
    }
    assert!(!project.data().join("profiles").exists());
    imported(&project, "old.toml", newer("2026-06"), &["--force"]);
    assert_eq!(kept(&project), ["profiles/kep.forced.toml"]);
    let listed = project.printed(0, &["data", "list"]);
    assert!(listed.contains("kep  2026-06  in force instead of 2026-07\n"), "{listed}");
    // What is newer takes its place; then an older one is refused because of it.
    imported(&project, "new.toml", newer("2027-02"), &[]);
    assert_eq!(kept(&project), ["profiles/kep.toml"]);
    let run = import(&project, "less-new.toml", newer("2027-01"), &[]);
    assert!(run.complaint().contains("the data folder has one of 2027-02"), "{}", run.err);
    // One that lies there from before the program was renewed is not used.
    fs::write(project.data().join("profiles/kep.toml"), newer("2026-05")).expect("a file");
    let listed = project.printed(0, &["data", "list"]);
    assert!(listed.contains("kep  2026-05  not used: the program has 2026-07\n"), "{listed}");
    assert_eq!(project.run(&["check", "-v"]).err, "");
}

#[test]
fn a_process_that_the_program_lacks_is_recognised_and_extended() {
    let project = Project::empty();
    project.write("ideas/1.md", "status: open\n\n# One\n");
    assert_eq!(project.run(&["list"]).code, 2);
    assert_eq!(imported(&project, "mine.toml", MINE, &[]), "profile `mine` 2026-01  added\n");
    let listed = project.printed(0, &["data", "list"]);
    assert!(listed.contains("  profile  mine  2026-01  in force\n"), "{listed}");
    assert_eq!(project.run(&["list"]).code, 0);
    // By its name, and as a base; what the repository says comes first.
    project.write("signoff.toml", "profile = \"mine\"\n");
    assert_eq!(project.run(&["list"]).code, 0);
    project.write("own.toml", "id = \"own\"\nextends = \"mine\"\n");
    project.write("signoff.toml", "profile = \"own.toml\"\n");
    let run = project.run(&["check", "-v"]);
    assert!(!run.err.contains("mine"), "{}", run.err);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn what_cannot_be_used_is_refused_with_its_places() {
    let project = Project::base();
    let pack = pack(&project, "1.37.0", &["WidgetPools"]);
    let (damaged, mut other) = (&pack[..pack.len() - 1], pack.clone());
    other[13] = b'9';
    let mistaken = MINE.replace(
        "name = \"open\"",
        "name = \"open\"\n[[severity]]\nrules = [\"titel-length\"]\n[[checkpoint]]\nid = \"x\"\nafter = [\"y\"]",
    );
    let circle = format!("extends = \"mine\"\n{MINE}");
    let cases: [(&str, &[u8], &[&str]); 13] = [
        ("damaged.pack", damaged, &["the pack is damaged or was cut off"]),
        ("other.pack", &other, &["it is a pack in the format `signoff.pack/9`"]),
        ("text", b"hello", &["text:1:"]),
        ("bytes", b"\xFF\xFE\0", &["is neither a pack of evidence nor text"]),
        ("empty", b"", &["empty:1:1: it is neither a profile"]),
        (
            "mistaken.toml",
            mistaken.as_bytes(),
            &["mistaken.toml:9:10: there is no rule `titel-length`", "mistaken.toml:12:10: `y` is no checkpoint"],
        ),
        ("unknown.toml", b"schema = 1\nid = \"x\"\nlayuot = {}\n", &["unknown.toml:3:1: unknown field `layuot`"]),
        ("circle.toml", circle.as_bytes(), &["circle.toml:1:1: `mine` cannot build on itself"]),
        ("base.toml", b"id = \"x\"\nextends = \"gone\"\n", &["there is no profile `gone` to extend"]),
        ("path.toml", MINE.replace("\"mine\"", "\"../../mine\"").into_bytes().leak(), &["is no id of a profile"]),
        (
            "dates.toml",
            b"[[calendar]]\nrelease = \"v1.39\"\nat = { code-freezer = \"soon\" }\n",
            &[
                "dates.toml:3:8: `code-freezer` is no checkpoint of this process; did you mean `code-freeze`?",
                "dates.toml:3:23: `soon` is no time",
            ],
        ),
        (
            "whose.toml",
            b"profile = \"gone\"\n[[calendar]]\nrelease = \"v1.39\"\n",
            &["whose.toml:1:12: there is no profile `gone`; there are kep, eip"],
        ),
        (
            "old.toml",
            b"version = \"2026-01\"\n[[calendar]]\nrelease = \"v1.39\"\n",
            &["are of 2026-01, and the profile `kep` is of 2026-07"],
        ),
    ];
    for (name, bytes, expected) in cases {
        let run = import(&project, name, bytes, &[]);
        for words in expected {
            assert!(run.complaint().contains(words), "{name}: {words}: {}", run.err);
        }
    }
    let run = project.run(&["data", "import", "no-such-file"]);
    assert!(run.complaint().contains("no-such-file cannot be read: "), "{}", run.err);
    // One that is right is not taken either when another one is wrong.
    let good = project.cache().join("good.toml");
    fs::write(&good, MINE).expect("a file");
    let run = import(&project, "damaged.pack", damaged, &[good.to_str().expect("a name")]);
    assert_eq!(run.code, 2);
    assert!(kept(&project).is_empty(), "{:?}", kept(&project));
}

#[test]
fn calendars_are_laid_over_those_of_the_process_and_below_those_of_the_repository() {
    let project = Project::base();
    let name = "calendar-v1.39.toml";
    imported(&project, "a.toml", calendar("", "2026-10-01T00:00Z"), &[]);
    assert_eq!(kept(&project), [format!("calendars/{name}")]);
    assert_eq!(freeze(&project), "2026-10-01T00:00:00Z");
    let told = project.run(&["calendar", "-v"]).err;
    assert!(told.contains("calendars of the data folder are used: calendar-v1.39"), "{told}");
    // Outside of a repository too.
    let mut command = project.command(&["calendar", "--release", "v1.39", "--format", "json"]);
    command.current_dir(project.cache());
    assert!(crate::project::finish(command, b"").out.contains("2026-10-01T00:00:00Z"));
    // Of two with versions the newer one counts, whatever their names.
    project.printed(0, &["data", "remove", "calendar-v1.39"]);
    let folder = project.data().join("calendars");
    fs::write(folder.join("b.toml"), calendar("version = \"2026-09\"\n", "2026-10-03T00:00Z")).expect("a file");
    fs::write(folder.join("c.toml"), calendar("version = \"2026-08\"\nprofile = \"kep\"\n", "2026-10-02T00:00Z"))
        .expect("a file");
    assert_eq!(freeze(&project), "2026-10-03T00:00:00Z");
    // The repository's own word comes first.
    project.write("signoff.toml", calendar("", "2026-10-04T00:00Z"));
    assert_eq!(freeze(&project), "2026-10-04T00:00:00Z");
    project.remove("signoff.toml");
    // What is older than the process is not used, unless it is forced.
    fs::remove_file(folder.join("b.toml")).expect("a file");
    fs::remove_file(folder.join("c.toml")).expect("a file");
    imported(&project, "d.toml", calendar("version = \"2026-01\"\n", "2026-10-05T00:00Z"), &["--force"]);
    assert_eq!(freeze(&project), "2026-10-05T00:00:00Z");
    fs::rename(folder.join("calendar-v1.39.forced.toml"), folder.join(name)).expect("a file");
    let listed = project.printed(0, &["data", "list"]);
    assert!(listed.contains("2026-01  not used: the program has 2026-07"), "{listed}");
}

/// Whatever lies in the folder, no command fails for it.
#[test]
fn what_is_broken_there_is_a_note() {
    let project = Project::base();
    let before = project.run(&["check", "--format", "json", "--no-cache"]);
    let whole = pack(&project, "1.37.0", &["WidgetPools"]);
    for folder in ["packs", "profiles", "calendars"] {
        fs::create_dir_all(project.data().join(folder)).expect("a folder");
    }
    let write = |path: &str, bytes: &[u8]| fs::write(project.data().join(path), bytes).expect("a file");
    write("profiles/kep.toml", b"id = \"kep\"\nlayuot = 1\n");
    write("profiles/other.toml", MINE.as_bytes());
    write("profiles/bytes.toml", b"\xFF");
    write("profiles/.tmp.toml", b"half");
    write("profiles/readme.txt", b"no profile");
    fs::create_dir(project.data().join("profiles/folder.toml")).expect("a folder");
    write("calendars/x.toml", b"[[calendar]]\nrelease = \"next\"\n");
    write("packs/kubernetes-1.37.0.pack", &whole);
    write("packs/half.pack", &whole[..whole.len() / 2]);
    let run = project.run(&["check", "--format", "json"]);
    assert_eq!((run.code, run.out), (before.code, before.out));
    for words in [
        "kep.toml is not used: 2:1: unknown field `layuot`",
        "other.toml is not used: its id is `mine`, and its name `other`",
        "bytes.toml is not used: byte 1 is not UTF-8",
        "folder.toml is not used: it cannot be read: it is not a regular file",
        "x.toml is not used: 2:11: `next` is no release",
        "get it again, or: signoff data remove x",
    ] {
        assert!(run.err.contains(words), "{words}\n{}", run.err);
    }
    assert!(
        !run.err.contains("profiles/.tmp") && !run.err.contains("readme") && !run.err.contains("half.pack"),
        "{}",
        run.err
    );
    assert_eq!(project.run(&["check", "-q"]).err, "");
    // Packs are opened by those who need them; the others are used.
    let run = project.run(&["audit", "--format", "json", "-v"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.err.contains("half.pack is not used: the pack is damaged or was cut off"), "{}", run.err);
    assert!(run.err.contains("the pack kubernetes-1.37.0 is that of the data folder"), "{}", run.err);
    assert_eq!(run.err.matches("kep.toml is not used").count(), 1, "{}", run.err);
    let listed = project.printed(0, &["data", "list"]);
    assert!(listed.contains("half") && listed.contains("not used: the pack is damaged"), "{listed}");
    project.printed(0, &["data", "remove", "pack/half"]);
}

/// Of one version, the folder's word counts, and the program's stands beside it for all others.
#[test]
fn packs_of_the_folder_come_before_those_of_the_program() {
    let project = Project::base();
    project.replace(POOLS, "WidgetPools", "SprocketPools");
    let has = |project: &Project| {
        let audit = project.json(&["audit", "1234"]);
        let claims = audit["claims"].as_array().expect("claims").clone();
        let of = |claim: &&serde_json::Value| claim["claim"] == "gate-exists" && claim["subject"] == "SprocketPools";
        claims.iter().find(of).expect("a claim")["verdict"].as_str().expect("a verdict").to_owned()
    };
    assert_ne!(has(&project), "agree");
    let made = pack(&project, "1.36.2", &["SprocketPools"]);
    let said = imported(&project, "made.pack", made, &[]);
    assert_eq!(said, "pack kubernetes-1.36.2, 1 sources with 1 entries  added\n");
    assert_eq!(has(&project), "agree");
    let listed = project.printed(0, &["data", "list"]);
    assert!(listed.contains("  pack  kubernetes-1.36.2    in force, 1 sources\n"), "{listed}");
    project.printed(0, &["data", "remove", "kubernetes-1.36.2"]);
    assert_ne!(has(&project), "agree");
}

#[test]
fn only_what_is_there_can_be_removed() {
    let project = Project::base();
    imported(&project, "mine.toml", MINE, &[]);
    let run = project.run(&["data", "remove", "mime"]);
    assert!(run.complaint().contains("nothing of the name `mime` is kept; did you mean `mine`?"), "{}", run.err);
    let run = project.run(&["data", "remove", "../../repository/keps"]);
    assert!(run.complaint().contains("nothing of the name"), "{}", run.err);
    fs::create_dir_all(project.data().join("calendars")).expect("a folder");
    fs::write(project.data().join("calendars/mine.toml"), calendar("", "2026-10-01")).expect("a file");
    let run = project.run(&["data", "remove", "mine"]);
    assert!(run.complaint().contains("name one: profile/mine, calendar/mine"), "{}", run.err);
    project.printed(0, &["data", "remove", "calendar/mine"]);
    assert_eq!(kept(&project), ["profiles/mine.toml"]);
}

/// Without the variable it is where the platform keeps data.
#[cfg(target_os = "linux")]
#[test]
fn the_folder_is_that_of_the_platform() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::base();
    let file = project.cache().join("mine.toml");
    fs::write(&file, MINE).expect("a file");
    let places = [("XDG_DATA_HOME", "share", "share/signoff"), ("HOME", "", ".local/share/signoff")];
    for (variable, value, place) in places {
        let mut command = project.command(&["data", "import", file.to_str().expect("a name")]);
        command.env_remove("SIGNOFF_DATA").env(variable, project.cache().join(value));
        assert_eq!(crate::project::finish(command, b"").code, 0, "{variable}");
        let kept = project.cache().join(place).join("profiles/mine.toml");
        assert_eq!(fs::metadata(kept).expect("a file").permissions().mode() & 0o777, 0o644, "{variable}");
    }
}

#[cfg(feature = "forge")]
mod update {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;

    use super::*;
    use crate::project::finish;

    /// A server that gives each that asks one answer, and closes the connection; its address.
    fn serve(answer: impl Fn(&mut dyn std::io::Write) -> std::io::Result<()> + Send + 'static) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}/file", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|count| count > 2) {
                    line.clear();
                }
                // Who asked may have gone away.
                let _ = answer(&mut stream).and_then(|()| stream.flush());
            }
        });
        address
    }

    /// A server whose answers have these lines at their head.
    fn answering(head: &str, body: &[u8]) -> String {
        let answer = [format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").as_bytes(), body].concat();
        serve(move |out| out.write_all(&answer))
    }

    fn whole(body: &[u8]) -> String {
        answering(&format!("200 OK\r\ncontent-length: {}", body.len()), body)
    }

    fn update(project: &Project, url: &str, more: &[&str]) -> Run {
        let mut command = project.command(&[&["data", "update", url], more].concat());
        for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        finish(command, b"")
    }

    #[test]
    fn a_file_is_taken_when_it_is_the_one_that_was_meant() {
        let project = Project::base();
        let made = pack(&project, "1.37.0", &["WidgetPools"]);
        let address = whole(&made);
        let sum = blake3::hash(&made).to_hex().to_string();
        let run = update(&project, &address, &["--blake3", &sum]);
        assert_eq!((run.code, run.err.as_str()), (0, ""));
        assert_eq!(run.out, "pack kubernetes-1.37.0, 1 sources with 1 entries  added\n");
        assert_eq!(fs::read(project.data().join("packs/kubernetes-1.37.0.pack")).expect("a pack"), made);
        let run = update(&project, &address, &[]);
        assert_eq!(run.out, "pack kubernetes-1.37.0, 1 sources with 1 entries  replaced\n");
        // SHA-256 of a text that is known elsewhere too.
        let address = whole(b"abc");
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let run = update(&project, &address, &["--sha256", sha256]);
        assert!(run.complaint().contains("/file:1:"), "it is the file, and no profile: {}", run.err);
        // In pieces, the last of which says that it is the last.
        let chunked = format!("{:x}\r\n{MINE}\r\n0\r\n\r\n", MINE.len());
        let run = update(&project, &answering("200 OK\r\ntransfer-encoding: chunked", chunked.as_bytes()), &[]);
        assert_eq!(run.out, "profile `mine` 2026-01  added\n", "{}", run.err);
    }

    #[test]
    fn nothing_else_is_taken() {
        let project = Project::base();
        let sum = "0".repeat(64);
        let long = MINE.len() + 100;
        let body = MINE.as_bytes();
        let elsewhere =
            |location: &str| answering(&format!("302 Found\r\nlocation: {location}\r\ncontent-length: 0"), b"");
        let endless = || {
            serve(|out| {
                out.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
                let piece = [b"10000\r\n", &[b'#'; 0x10000][..], b"\r\n"].concat();
                (0..1024).try_for_each(|_| out.write_all(&piece))
            })
        };
        let cases: [(&str, String, &[&str], &str); 13] = [
            ("another sum", whole(body), &["--sha256", &sum], "its SHA-256 is "),
            ("another sum", whole(body), &["--blake3", &sum], "its BLAKE3 is "),
            ("no sum", whole(body), &["--sha256", "abc"], "`abc` is no SHA-256\nit has 64 hexadecimal digits"),
            ("cut off", answering(&format!("200 OK\r\ncontent-length: {long}"), body), &[], "it broke off"),
            ("pieces that end", answering("200 OK\r\ntransfer-encoding: chunked", b"5\r\nid = "), &[], "it broke off"),
            ("no length", answering("200 OK", body), &[], "does not say how long it is"),
            ("too large", answering("200 OK\r\ncontent-length: 99999999", b""), &[], "it is larger than 16 MiB"),
            ("endless", endless(), &[], "it is larger than 16 MiB"),
            (
                "elsewhere",
                elsewhere("http://example.org/x"),
                &[],
                "sends on to http://example.org/x, which is not secure",
            ),
            ("here, without security", elsewhere("/other"), &[], "sends on to /other, which is not secure"),
            ("a file", elsewhere("file:///etc/passwd"), &[], "which is not secure"),
            (
                "nothing there",
                answering("404 Not Found\r\ncontent-length: 0", b""),
                &[],
                "there is no file at http://127.0.0.1",
            ),
            ("trouble", answering("500 Oh\r\ncontent-length: 0", b""), &[], "answers 500"),
        ];
        for (about, address, more, expected) in cases {
            let run = update(&project, &address, more);
            assert!(run.complaint().contains(expected), "{about}: {}", run.err);
        }
        for address in ["http://example.org/x", "ftp://example.org/x", "x", "https://user:word@example.org/x"] {
            assert_eq!(update(&project, address, &[]).code, 2, "{address}");
        }
        assert!(kept(&project).is_empty(), "{:?}", kept(&project));
    }
}
