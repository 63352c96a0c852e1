//! The real program at work on a data folder, with the keys of its programs, and people who send it forms.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::http::{Answer, ask};
use crate::process::{Server, command};

/// Runs the program; its exit code and what it printed.
///
/// # Panics
/// When it does not run.
pub fn senim(arguments: &[&str], input: &str) -> (i32, String) {
    senim_with(&[], arguments, input)
}

/// The same with more variables.
///
/// # Panics
/// When it does not run.
pub fn senim_with(variables: &[(String, String)], arguments: &[&str], input: &str) -> (i32, String) {
    let data = arguments.iter().skip_while(|one| **one != "--data").nth(1).copied().unwrap_or_default();
    let mut command = command(Path::new(data));
    command.args(arguments).envs(variables.iter().cloned());
    run(command, input)
}

#[expect(clippy::expect_used, reason = "a test cannot go on without the program")]
fn run(mut command: Command, input: &str) -> (i32, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

/// A running server.
pub struct Site {
    /// Its process.
    pub server: Server,
    /// Its data folder.
    pub data: PathBuf,
    /// Its variables beside those of the family.
    pub variables: Vec<(String, String)>,
    /// A key of role `intake`.
    pub intake: String,
    /// A key of role `dpo`.
    pub dpo: String,
    /// A key of role `service`.
    pub service: String,
}

impl Site {
    /// Starts the program on a folder.
    ///
    /// # Panics
    /// When it does not start.
    pub fn open(data: &Path) -> Self {
        Self::with(data, &[])
    }

    /// The same with more arguments.
    ///
    /// # Panics
    /// When it does not start.
    pub fn with(data: &Path, arguments: &[&str]) -> Self {
        Self::under(data, arguments, &[])
    }

    /// The same with more variables.
    ///
    /// # Panics
    /// When it does not start.
    #[expect(clippy::expect_used, reason = "a test cannot go on without a server")]
    pub fn under(data: &Path, arguments: &[&str], variables: &[(String, String)]) -> Self {
        let given: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let server = Server::start(data, arguments, &given);
        let folder = data.to_str().expect("a plain path");
        let key = |role: &str| {
            let arguments = ["api-key", "add", "--json", "--name", role, "--role", role, "--data", folder];
            let (code, said) = senim_with(variables, &arguments, "");
            assert_eq!(code, 0, "{said}");
            let answer: Value =
                serde_json::from_str(said.lines().next().unwrap_or_default()).expect("one line of JSON");
            text(&answer, "key")
        };
        let (intake, dpo, service) = (key("intake"), key("dpo"), key("service"));
        Self { server, data: data.to_owned(), variables: variables.to_vec(), intake, dpo, service }
    }

    /// The data folder as text.
    pub fn folder(&self) -> &str {
        self.data.to_str().unwrap_or_default()
    }

    /// Runs a command on this folder.
    ///
    /// # Panics
    /// When the program does not run.
    pub fn senim(&self, arguments: &[&str]) -> (i32, String) {
        let all: Vec<&str> = arguments.iter().copied().chain(["--data", self.folder()]).collect();
        senim_with(&self.variables, &all, "")
    }

    /// One call of the API.
    ///
    /// # Panics
    /// When nobody answers.
    #[expect(clippy::expect_used, reason = "a test cannot go on without an answer")]
    pub fn call(&self, key: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let text = if body.is_null() { String::new() } else { body.to_string() };
        let answer = ask(&self.server.address, method, path, &headers, &text).expect("the server answers");
        (answer.status, serde_json::from_str(&answer.body).unwrap_or(Value::Null))
    }

    /// One page.
    ///
    /// # Panics
    /// When nobody answers.
    #[expect(clippy::expect_used, reason = "a test cannot go on without an answer")]
    pub fn page(&self, path: &str) -> Answer {
        ask(&self.server.address, "GET", path, &[], "").expect("the server answers")
    }

    /// Somebody asks for a consultation.
    ///
    /// # Panics
    /// When the form is refused.
    pub fn submit(&self, given_name: &str, phone: &str, email: &str) -> Value {
        let (status, answer) = self.try_submit(given_name, phone, email);
        assert_eq!(status, 201, "{answer}");
        answer
    }

    /// The same, whatever the answer is.
    ///
    /// # Panics
    /// When nobody answers.
    pub fn try_submit(&self, given_name: &str, phone: &str, email: &str) -> (u16, Value) {
        let (_, current) = self.call(&self.intake, "GET", "/api/v1/notices/current", &Value::Null);
        let body = json!({
            "values": { "given_name": given_name, "phone": phone, "email": email },
            "consent": {
                "notice_version": current["version"], "purposes": ["p8-2", "p8-4"], "adult": true, "language": "ru"
            },
        });
        self.call(&self.service, "POST", "/api/v1/forms/consultation/submissions", &body)
    }

    /// Somebody's demand for erasure, carried out.
    ///
    /// # Panics
    /// When it is refused.
    pub fn erase(&self, subject: &str) {
        let body = json!({ "kind": "erasure", "subject_id": subject, "channel": "test" });
        let (status, answer) = self.call(&self.dpo, "POST", "/api/v1/requests", &body);
        assert_eq!(status, 201, "{answer}");
        for step in ["verify", "complete"] {
            let path = format!("/api/v1/requests/{}/{step}", text(&answer, "request_id"));
            let (status, answer) = self.call(&self.dpo, "POST", &path, &json!({}));
            assert_eq!(status, 200, "{answer}");
        }
    }

    /// A look at somebody's values for a purpose.
    ///
    /// # Panics
    /// When nobody answers.
    pub fn read(&self, subject: &str, purpose: &str) -> (u16, Value) {
        let path = format!("/api/v1/subjects/{subject}/data?purpose={purpose}");
        self.call(&self.service, "GET", &path, &Value::Null)
    }
}

/// A text of an answer.
///
/// # Panics
/// When it is not there.
#[expect(clippy::panic, reason = "a test cannot go on without it")]
pub fn text(value: &Value, name: &str) -> String {
    value[name].as_str().map_or_else(|| panic!("{name} is missing in {value}"), str::to_owned)
}
