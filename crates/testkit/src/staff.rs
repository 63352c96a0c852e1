//! Members of staff with an authenticator at hand.

use app::App;
use model::{Instant, Private, RoleId};

use crate::platform::Broken;

/// A password long enough for anybody.
pub const PASSWORD: &str = "four plain words here";

/// What an authenticator shows at an instant for a secret in base32.
pub fn totp(secret: &str, at: Instant) -> String {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0u32);
    for letter in secret.bytes() {
        let digit = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'2'..=b'7' => letter - b'2' + 26,
            _ => continue,
        };
        held = (held << 5 | u32::from(digit)) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.extend_from_slice(&(held >> bits & 0xff).to_be_bytes()[3..]);
        }
    }
    format!("{:06}", vault::totp(&bytes, at.micros() / 30_000_000))
}

/// Sets an operator up through a one-time link; the answer is the authenticator's secret.
///
/// # Errors
/// Whatever the set-up says.
pub fn hire(app: &App, login: &str, roles: &[&str]) -> Result<String, Broken> {
    let roles = roles.iter().map(|role| RoleId::new(role)).collect::<Result<Vec<_>, _>>()?;
    let link = app::operator::setup_link(app, &app.system(), roles)?;
    let enrolment = app::operator::set_up(app, &link, login, &Private::new(PASSWORD.to_owned()))?;
    let secret = enrolment.secret.expose().clone();
    let code = Private::new(totp(&secret, app.now()));
    app::operator::confirm(app, &link, enrolment.operator, &code)?;
    Ok(secret)
}
