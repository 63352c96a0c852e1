//! Letters leave by SMTP with TLS, to a mail server of Debian's (aiosmtpd), as a company's would take them.
//!
//! Clauses: C4.3, C8.1; RELIABILITY §2 "Delivery".

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use testkit::http::{ask, form};
use testkit::process::{Server, command};

/// How long a letter may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server with a certificate of its own, dead when dropped.
struct MailServer {
    child: Option<Child>,
    folder: PathBuf,
    port: u16,
}

fn openssl(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").args(arguments).current_dir(folder).stderr(Stdio::null()).status();
    assert!(done.is_ok_and(|status| status.success()), "openssl {arguments:?}");
}

#[expect(clippy::disallowed_methods, reason = "asks the system for a free port")]
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_or(2525, |at| at.port())
}

impl MailServer {
    /// With its certificate, not started yet.
    fn prepare(folder: &Path) -> Self {
        let authority =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30"];
        openssl(
            folder,
            &[&authority[..], &["-subj", "/CN=Test root", "-keyout", "root.key", "-out", "root.pem"]]
                .concat(),
        );
        openssl(
            folder,
            &[
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-subj",
                "/CN=localhost",
                "-addext",
                "subjectAltName=DNS:localhost",
                "-keyout",
                "mail.key",
                "-out",
                "mail.csr",
            ],
        );
        openssl(
            folder,
            &[
                "x509",
                "-req",
                "-in",
                "mail.csr",
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-CAcreateserial",
                "-copy_extensions",
                "copy",
                "-days",
                "30",
                "-out",
                "mail.pem",
            ],
        );
        Self { child: None, folder: folder.to_owned(), port: free_port() }
    }

    /// With an upgrade by STARTTLS.
    fn start(&mut self) {
        self.start_with(["--tlscert", "mail.pem", "--tlskey", "mail.key"]);
    }

    #[expect(clippy::expect_used, reason = "a test cannot go on without the mail server")]
    fn start_with(&mut self, protection: [&str; 4]) {
        let child = Command::new("/usr/bin/python3")
            .args(["-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Mailbox"])
            .args(protection)
            .args(["-l", &format!("localhost:{}", self.port)])
            .arg(self.folder.join("letters"))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .spawn()
            .expect("python3-aiosmtpd is missing: scripts/setup.sh test installs it");
        self.child = Some(child);
    }

    /// Letters that arrived, the headers unfolded.
    #[expect(clippy::disallowed_methods, reason = "reads what the mail server wrote")]
    fn letters(&self) -> Vec<String> {
        let Ok(found) = self.folder.join("letters/new").read_dir() else { return Vec::new() };
        let read = |path: PathBuf| std::fs::read_to_string(path).ok();
        found
            .flatten()
            .filter_map(|one| read(one.path()))
            .map(|text| text.replace("\r\n", "\n").replace("\n ", " "))
            .collect()
    }

    fn wait_for(&self, count: usize) -> Vec<String> {
        let began = Instant::now();
        loop {
            let letters = self.letters();
            if letters.len() >= count || began.elapsed() > PATIENCE {
                return letters;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn header<'a>(letter: &'a str, name: &str) -> &'a str {
    let found = letter
        .lines()
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    found.unwrap_or_default()
}

/// The text of a letter, whatever its transfer encoding.
fn text(letter: &str) -> String {
    let body = letter.split_once("\n\n").map(|(_, body)| body).unwrap_or_default();
    match header(letter, "Content-Transfer-Encoding") {
        "base64" => {
            use base64::Engine as _;
            let packed: String = body.split_whitespace().collect();
            let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        }
        "quoted-printable" => {
            let joined = body.replace("=\n", "");
            let mut bytes = Vec::new();
            let mut rest = joined.as_bytes();
            while let [first, after @ ..] = rest {
                let hex = after
                    .get(..2)
                    .and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                    .filter(|_| *first == b'=');
                bytes.push(hex.unwrap_or(*first));
                rest = if hex.is_some() { &after[2..] } else { after };
            }
            String::from_utf8_lossy(&bytes).into_owned()
        }
        _ => body.to_owned(),
    }
}

/// Sends the form as a browser without scripts does.
#[expect(clippy::expect_used, reason = "a test cannot go on without an answer")]
fn submit(address: &str, language: &str, name: &str, email: &str) {
    let path = format!("/{language}/f/consultation");
    let page = ask(address, "GET", &path, &[], "").expect("the form");
    let (token, version) =
        (page.field("token").expect("token"), page.field("notice_version").expect("version"));
    let fields = form(&[
        ("token", token),
        ("notice_version", version),
        ("given_name", name),
        ("phone", "+7 701 555 30 01"),
        ("email", email),
        ("purposes", "p8-2"),
        ("adult", "yes"),
    ]);
    let done = ask(address, "POST", &path, &[("Content-Type", "application/x-www-form-urlencoded")], &fields);
    let done = done.expect("an answer");
    assert_eq!(done.status, 201, "{}", done.body);
}

#[expect(clippy::expect_used, reason = "a test cannot go on without an answer")]
fn ask_for_code(address: &str, language: &str, email: &str) {
    let page = ask(address, "GET", &format!("/{language}/account/sign-in"), &[], "").expect("the page");
    let fields = form(&[("token", page.field("token").expect("token")), ("email", email)]);
    let path = format!("/{language}/account/sign-in/code");
    let sent = ask(address, "POST", &path, &[("Content-Type", "application/x-www-form-urlencoded")], &fields);
    assert_eq!(sent.expect("an answer").status, 200);
}

#[test]
fn a_code_leaves_by_smtp_in_each_language_and_says_nothing_of_the_person() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut mail = MailServer::prepare(folder.path());
    mail.start();
    let (port, root) = (mail.port.to_string(), folder.path().join("root.pem"));
    let variables = [
        ("SENIM_SMTP_HOST", "localhost"),
        ("SENIM_SMTP_PORT", port.as_str()),
        ("SENIM_SMTP_ROOT_CERTIFICATE", root.to_str().expect("a path in UTF-8")),
    ];
    let server = Server::start(&folder.path().join("data"), &[], &variables);
    let people = [
        ("ru", "Айгерим", "a.ru@example.kz"),
        ("kk", "Құндыз", "a.kk@example.kz"),
        ("en", "Alice", "a.en@example.kz"),
    ];
    for (language, name, email) in people {
        submit(&server.address, language, name, email);
    }
    for (language, _, email) in &people {
        ask_for_code(&server.address, language, email);
    }
    let has_code =
        |letter: &String| text(letter).split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 6);
    // To each: that a consent was given, and the code.
    let letters = mail.wait_for(2 * people.len());
    let mut ids: Vec<&str> = letters.iter().map(|letter| header(letter, "Message-ID")).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), letters.len(), "each letter once, each with an id of its own");
    for (language, name, email) in people {
        let to_person: Vec<&String> =
            letters.iter().filter(|letter| header(letter, "To").contains(email)).collect();
        let code = to_person.iter().find(|letter| has_code(letter));
        assert!(code.is_some(), "{language}: no letter with a code among {}", letters.len());
        for letter in to_person {
            assert!(header(letter, "From").contains('@') && !header(letter, "Subject").is_empty());
            for value in [name, "555 30 01", "5553001"] {
                assert!(
                    !letter.contains(value) && !text(letter).contains(value),
                    "{language}: a value in a letter"
                );
            }
        }
    }
}

#[test]
fn a_letter_leaves_by_smtp_with_tls_from_the_first_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut mail = MailServer::prepare(folder.path());
    mail.start_with(["--smtpscert", "mail.pem", "--smtpskey", "mail.key"]);
    let (port, root) = (mail.port.to_string(), folder.path().join("root.pem"));
    let variables = [
        ("SENIM_SMTP_HOST", "localhost"),
        ("SENIM_SMTP_PORT", port.as_str()),
        ("SENIM_SMTP_TLS", "implicit"),
        ("SENIM_SMTP_ROOT_CERTIFICATE", root.to_str().expect("a path in UTF-8")),
    ];
    let server = Server::start(&folder.path().join("data"), &[], &variables);
    submit(&server.address, "en", "Alice", "a.en@example.kz");
    let letters = mail.wait_for(1);
    assert_eq!(letters.len(), 1);
    assert!(header(&letters[0], "To").contains("a.en@example.kz"));
}

/// Signs in with the code from the letter; gives the cookie.
#[expect(clippy::expect_used, reason = "a test cannot go on without an answer")]
fn sign_in(address: &str, language: &str, email: &str, code: &str) -> String {
    let page = ask(address, "GET", &format!("/{language}/account/sign-in"), &[], "").expect("the page");
    let fields = form(&[("token", page.field("token").expect("token")), ("email", email), ("code", code)]);
    let path = format!("/{language}/account/sign-in/email");
    let entered =
        ask(address, "POST", &path, &[("Content-Type", "application/x-www-form-urlencoded")], &fields);
    let entered = entered.expect("an answer");
    let cookie = entered.header("set-cookie").expect("a session");
    cookie.split(';').next().unwrap_or_default().to_owned()
}

#[test]
fn clause_17_3_after_the_last_letter_no_byte_of_the_address_is_left() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut mail = MailServer::prepare(folder.path());
    mail.start();
    let (port, root) = (mail.port.to_string(), folder.path().join("root.pem"));
    let variables = [
        ("SENIM_SMTP_HOST", "localhost"),
        ("SENIM_SMTP_PORT", port.as_str()),
        ("SENIM_SMTP_ROOT_CERTIFICATE", root.to_str().expect("a path in UTF-8")),
    ];
    let data = folder.path().join("data");
    let server = Server::start(&data, &[], &variables);
    let (address, email) = (&server.address, "alice.en@example.kz");
    submit(address, "en", "Alice", email);
    ask_for_code(address, "en", email);
    let letters = mail.wait_for(2);
    let code = letters
        .iter()
        .find_map(|letter| {
            let text = text(letter);
            text.split(|c: char| !c.is_ascii_digit()).find(|digits| digits.len() == 8).map(str::to_owned)
        })
        .expect("a code");
    let cookie = sign_in(address, "en", email, &code);
    let page = ask(address, "GET", "/en/account/erase", &[("Cookie", &cookie)], "").expect("the page");
    assert!(page.body.contains("proven e-mail address"), "what waits is said before the decision");
    let fields = form(&[("token", page.field("token").expect("token")), ("word", "delete")]);
    let headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Cookie", cookie.as_str())];
    let done = ask(address, "POST", "/en/account/erase", &headers, &fields).expect("an answer");
    assert_eq!(done.status, 200, "{}", done.body);

    let letters = mail.wait_for(3);
    let last = letters.iter().find(|letter| text(letter).contains("was destroyed")).expect("the last letter");
    assert!(header(last, "To").contains(email));
    for value in ["Alice", email, "5553001", "555 30 01"] {
        assert!(!text(last).contains(value), "a value in the letter");
    }
    let data = data.to_str().expect("a path in UTF-8");
    let run = |arguments: &[&str]| {
        let done = command(Path::new(data)).args(arguments).args(["--data", data]).output();
        let done = done.expect("the program runs");
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    assert_eq!(run(&["key", "rotate"]).0, Some(0));
    let values = folder.path().join("values");
    #[expect(clippy::disallowed_methods, reason = "the list of values for the scan")]
    std::fs::write(&values, format!("{email}\nAlice\n+77015553001\n")).expect("a file");
    let scan = ["erasure", "scan", "--values", values.to_str().expect("a path in UTF-8")];
    let (code, said) = run(&scan);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = run(&["erasure", "scan"]);
    assert_eq!(code, Some(0), "{said}");
}
