//! Operators: one-time link, password and TOTP, no second chance for a used code.

use app::Failure;
use model::{Private, RoleId};
use testkit::Platform;

fn private(text: &str) -> Private<String> {
    Private::new(text.to_owned())
}

fn totp(secret: &str, platform: &Platform) -> String {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0u32, 0);
    for letter in secret.bytes() {
        let digit = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|&one| one == letter).unwrap();
        held = (held << 5) | u32::try_from(digit).unwrap();
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    format!("{:06}", vault::totp(&bytes, platform.app.now().micros() / 30_000_000))
}

#[test]
fn clause_11_4_an_operator_is_set_up_by_a_one_time_link_and_signs_in_with_totp() {
    let platform = Platform::new().unwrap();
    let app = &platform.app;
    let roles = vec![RoleId::new("service").unwrap()];
    let link = app::operator::setup_link(app, roles.clone()).unwrap();
    let short = app::operator::set_up(app, &link, "asel", &private("short"));
    assert!(matches!(short, Err(Failure::Refused(_))));
    let password = private("correct horse battery");
    let enrolment = app::operator::set_up(app, &link, "Asel", &password).unwrap();
    let secret = enrolment.secret.expose().clone();
    let wrong = app::operator::confirm(app, &link, enrolment.operator, &private("000000"));
    assert!(matches!(wrong, Err(Failure::Unauthorised("totp-wrong"))));
    app::operator::confirm(app, &link, enrolment.operator, &private(&totp(&secret, &platform))).unwrap();
    assert!(!app::operator::link_is_open(app, &link).unwrap(), "the link is used up");

    let used = app::operator::sign_in(app, "asel", &password, &private(&totp(&secret, &platform)));
    assert!(used.is_err(), "the code of the set-up is used up");
    platform.clock.advance_seconds(60);
    let token = app::operator::sign_in(app, "asel", &password, &private(&totp(&secret, &platform))).unwrap();
    let session = app::operator::session(app, &token).unwrap().expect("signed in");
    assert_eq!(session.operator.roles, roles);
    assert!(app::operator::context(app, &session, RoleId::new("dpo").unwrap(), model::Locale::Ru).is_err());
    assert!(app::account::session(app, &token).unwrap().is_none(), "staff are no data subjects here");
}

#[test]
fn clause_11_4_an_api_key_is_narrowed_and_revoked() {
    let platform = Platform::new().unwrap();
    let ctx = platform.staff("admin").unwrap();
    let role = RoleId::new("service").unwrap();
    let purposes = vec![model::PurposeId::new("p8-2").unwrap()];
    let key = app::api_key::add(&platform.app, &ctx, "site", role, purposes).unwrap();
    let holder = app::api_key::authenticate(&platform.app, &key.key).unwrap();
    assert!(holder.covers(model::PurposeId::new("p8-2").unwrap()));
    assert!(!holder.covers(model::PurposeId::new("p8-4").unwrap()));
    app::api_key::revoke(&platform.app, &ctx, key.id).unwrap();
    assert!(app::api_key::authenticate(&platform.app, &key.key).is_err());
}
