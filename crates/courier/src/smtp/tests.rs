//! What is sent, what is refused, and how replies are read; against a small scripted server of our own. The
//! run against a real mail server is in `testkit`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use app::outbox::Letter;
use model::{Instant, Locale, platform::MockClock};

use super::*;

fn settings(host: &str, encryption: Encryption) -> Settings {
    Settings {
        host: host.to_owned(),
        port: None,
        encryption,
        credentials: None,
        root_certificate: None,
        timeout: Duration::from_secs(5),
        rehearsal: false,
    }
}

fn clock() -> Arc<MockClock> {
    Arc::new(MockClock::at("2026-11-23T09:00:00Z".parse::<Instant>().unwrap()))
}

fn letter(to: &str) -> Addressed {
    Addressed {
        to: Private::new(to.to_owned()),
        from: "Senim <privacy@example.kz>".to_owned(),
        letter: Letter {
            subject: "Код входа".to_owned(),
            body: "Сәлем! Ваш код: 123456\n.\nконец\n".to_owned(),
        },
        message_id: "<job_1@privacy.example.kz>".to_owned(),
        locale: Locale::Kk,
    }
}

/// Answers one connection: `250` to everything but the reply given for RCPT; returns what it was told.
#[expect(clippy::disallowed_methods, reason = "a scripted server on a free port of this machine")]
fn scripted(rcpt: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let told = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let mut told = String::new();
        let mut in_data = false;
        stream.write_all(b"220 here\r\n").unwrap();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return told;
            }
            told.push_str(&line);
            let reply = match line.trim_end() {
                "." if in_data => {
                    in_data = false;
                    "250 taken"
                }
                _ if in_data => continue,
                "DATA" => {
                    in_data = true;
                    "354 go on"
                }
                "QUIT" => return told,
                command if command.starts_with("RCPT") => rcpt,
                _ => "250 fine",
            };
            stream.write_all(format!("{reply}\r\n").as_bytes()).unwrap();
        }
    });
    (port, told)
}

fn send(rcpt: &'static str) -> (Result<(), Undelivered>, String) {
    let (port, told) = scripted(rcpt);
    let smtp = Smtp::new(&Settings { port: Some(port), ..settings("127.0.0.1", Encryption::None) }, clock())
        .unwrap();
    let outcome = smtp.send(&letter("aliya@example.kz"));
    drop(smtp);
    (outcome, told.join().unwrap())
}

#[test]
fn a_letter_leaves_with_its_own_id_and_date() {
    let (outcome, told) = send("250 fine");
    assert_eq!(outcome, Ok(()));
    for part in [
        "MAIL FROM:<privacy@example.kz>",
        "RCPT TO:<aliya@example.kz>",
        "Message-ID: <job_1@privacy.example.kz>",
        "Auto-Submitted: auto-generated",
        "Content-Language: kk",
        "Content-Type: text/plain; charset=utf-8",
        "Date: Mon, 23 Nov 2026 09:00:00 +0000",
    ] {
        assert!(told.contains(part), "{part} is missing in:\n{told}");
    }
}

#[test]
fn a_reply_says_whether_to_try_again() {
    assert_eq!(send("550 no such mailbox aliya@example.kz").0, Err(Undelivered::Never("smtp 550".into())));
    assert_eq!(send("450 busy aliya@example.kz").0, Err(Undelivered::Later("smtp 450".into())));
    assert_eq!(send("535 sign in first").0, Err(Undelivered::Later("smtp 535".into())));
    assert_eq!(send("554 rejected").0, Err(Undelivered::Never("smtp 554".into())));
}

#[test]
fn nobody_listening_is_for_later() {
    let port = {
        #[expect(clippy::disallowed_methods, reason = "finds a port where nobody listens")]
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let smtp = Smtp::new(&Settings { port: Some(port), ..settings("127.0.0.1", Encryption::None) }, clock())
        .unwrap();
    assert!(matches!(smtp.send(&letter("aliya@example.kz")), Err(Undelivered::Later(_))));
    assert!(smtp.probe().is_err());
}

#[test]
fn what_is_no_address_is_refused_without_naming_it() {
    let smtp = Smtp::new(&settings("127.0.0.1", Encryption::None), clock()).unwrap();
    assert_eq!(smtp.send(&letter("not an address")), Err(Undelivered::Never("receiver address".into())));
    let injected = smtp.send(&letter("a@example.kz>\r\nBcc: <b@example.kz"));
    assert_eq!(injected, Err(Undelivered::Never("receiver address".into())));
}

#[test]
fn only_this_machine_without_encryption_or_in_a_rehearsal() {
    let fault = |settings: &Settings| Smtp::new(settings, clock()).err();
    assert_eq!(fault(&settings("mail.example.kz", Encryption::None)), Some(SmtpFault::Unprotected));
    assert_eq!(fault(&settings("", Encryption::StartTls)), Some(SmtpFault::NoHost));
    assert_eq!(fault(&settings("mail.example.kz", Encryption::StartTls)), None);
    let rehearsal = |host| Settings { rehearsal: true, ..settings(host, Encryption::StartTls) };
    assert_eq!(fault(&rehearsal("mail.example.kz")), Some(SmtpFault::RehearsalBeyondLoopback));
    assert_eq!(fault(&rehearsal("127.0.0.1.example.kz")), Some(SmtpFault::RehearsalBeyondLoopback));
    for host in ["127.0.0.1", "localhost", "[::1]", "127.9.9.9"] {
        assert!(is_loopback(host), "{host}");
    }
    let wrong = Settings {
        root_certificate: Some(b"none".to_vec()),
        ..settings("mail.example.kz", Encryption::Implicit)
    };
    assert!(matches!(fault(&wrong), Some(SmtpFault::Certificate | SmtpFault::Tls)));
}
