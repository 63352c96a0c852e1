//! Operators: one-time link, password and TOTP, no second chance for a used code.

use app::Failure;
use app::operator::Standing;
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
    let link = app::operator::setup_link(app, &app.system(), roles.clone()).unwrap();
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

fn hired(platform: &Platform, login: &str, roles: &[&str]) -> (model::OperatorId, Private<String>) {
    let app = &platform.app;
    let secret = testkit::staff::hire(app, login, roles).unwrap();
    platform.clock.advance_seconds(60);
    let code = private(&totp(&secret, platform));
    let token = app::operator::sign_in(app, login, &private(testkit::staff::PASSWORD), &code).unwrap();
    let session = app::operator::session(app, &token).unwrap().expect("signed in");
    (session.operator.operator_id, token)
}

fn entries_of(platform: &Platform, kind: &str) -> usize {
    let auditor = platform.staff("auditor").unwrap();
    platform.settle().unwrap();
    let all = app::log::entries(&platform.app, &auditor, 0, 1_000).unwrap();
    all.iter().filter(|line| line.entry["kind"] == kind).count()
}

fn as_admin(platform: &Platform, operator: model::OperatorId) -> model::ProcessingContext {
    let mut ctx = platform.staff("admin").unwrap();
    ctx.actor.principal = model::Principal::Operator(operator);
    ctx
}

#[test]
fn clause_11_4_an_operator_who_is_suspended_or_revoked_is_out_at_once() {
    let platform = Platform::new().unwrap();
    let app = &platform.app;
    let (first, _) = hired(&platform, "first", &["admin"]);
    let (second, token) = hired(&platform, "second", &["service", "dpo"]);
    let admin = as_admin(&platform, first);
    let before = entries_of(&platform, "operator-changed");
    let set = |id, standing| app::operator::set_standing(app, &admin, id, standing);

    assert_eq!(set(second, Standing::Suspended).unwrap().status, "suspended");
    assert!(app::operator::session(app, &token).unwrap().is_none(), "the session ended");
    assert!(matches!(set(second, Standing::Suspended), Err(Failure::Conflict("operator-transition"))));
    assert_eq!(set(second, Standing::Active).unwrap().status, "active");
    assert!(app::operator::session(app, &token).unwrap().is_none(), "and does not come back");
    assert_eq!(set(second, Standing::Revoked).unwrap().status, "revoked");
    for standing in [Standing::Active, Standing::Suspended, Standing::Revoked] {
        assert!(set(second, standing).is_err(), "revoked for good");
    }
    let again = app::operator::sign_in(app, "second", &private(testkit::staff::PASSWORD), &private("000000"));
    assert!(matches!(again, Err(Failure::Unauthorised("sign-in-wrong"))));
    assert_eq!(entries_of(&platform, "operator-changed"), before + 3, "each step is logged, no refusal is");
    let listed = app::operator::list(app, &admin).unwrap();
    assert_eq!(listed.iter().map(|one| one.status.as_str()).collect::<Vec<_>>(), ["active", "revoked"]);
}

#[test]
fn clause_11_4_a_link_brings_nobody_back_whose_access_was_closed() {
    let platform = Platform::new().unwrap();
    let app = &platform.app;
    let system = app.system();
    let link = app::operator::setup_link(app, &system, vec![RoleId::new("dpo").unwrap()]).unwrap();
    let enrolment = app::operator::set_up(app, &link, "late", &private(testkit::staff::PASSWORD)).unwrap();
    app::operator::set_standing(app, &system, enrolment.operator, Standing::Revoked).unwrap();
    let code = private(&totp(enrolment.secret.expose(), &platform));
    assert!(app::operator::confirm(app, &link, enrolment.operator, &code).is_err());
    assert_eq!(app::operator::list(app, &system).unwrap()[0].status, "revoked");
}

#[test]
fn clause_11_4_the_last_who_lets_operators_in_is_not_put_out_but_at_the_terminal() {
    let platform = Platform::new().unwrap();
    let app = &platform.app;
    let (first, token) = hired(&platform, "first", &["admin"]);
    let admin = as_admin(&platform, first);
    for standing in [Standing::Suspended, Standing::Revoked] {
        let refused = app::operator::set_standing(app, &admin, first, standing);
        assert!(matches!(refused, Err(Failure::Conflict("operator-last"))));
    }
    assert!(app::operator::session(app, &token).unwrap().is_some());
    let (second, _) = hired(&platform, "second", &["admin", "dpo"]);
    app::operator::set_standing(app, &admin, first, Standing::Revoked).unwrap();
    assert!(
        app::operator::set_standing(app, &as_admin(&platform, second), second, Standing::Revoked).is_err()
    );
    app::operator::set_standing(app, &app.system(), second, Standing::Revoked).unwrap();
    assert!(app::operator::none_yet(app).unwrap(), "the owner of the machine begins anew");
}

#[test]
fn clause_11_4_staff_and_keys_are_changed_only_by_a_role_that_may() {
    let platform = Platform::new().unwrap();
    let app = &platform.app;
    let admin = platform.staff("admin").unwrap();
    let role = RoleId::new("service").unwrap();
    let (operator, _) = hired(&platform, "second", &["service"]);
    let key = app::api_key::add(app, &admin, "site", role, vec![]).unwrap();
    for name in ["service", "intake", "marketing", "research", "bank-desk", "dpo", "auditor", "data-subject"]
    {
        let ctx = platform.staff(name).unwrap();
        let refusals = [
            app::operator::list(app, &ctx).err(),
            app::operator::setup_link(app, &ctx, vec![role]).err(),
            app::operator::set_standing(app, &ctx, operator, Standing::Revoked).err(),
            app::api_key::list(app, &ctx).err(),
            app::api_key::add(app, &ctx, "mine", role, vec![]).err(),
            app::api_key::revoke(app, &ctx, key.id).err(),
        ];
        for refusal in refusals {
            let Some(Failure::Refused(violations)) = refusal else { panic!("{name} may") };
            assert_eq!(violations[0].code, "purpose-not-of-role");
        }
    }
    assert_eq!(app::operator::list(app, &admin).unwrap()[0].status, "active");
    assert_eq!(app::api_key::list(app, &admin).unwrap().len(), 1);
    assert!(app::api_key::authenticate(app, &key.key).is_ok());
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
