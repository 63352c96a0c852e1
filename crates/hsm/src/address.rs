//! Which token: a part of RFC 7512.
//!
//! ```text
//! pkcs11:token=LABEL[;serial=SERIAL]?module-path=/…/module.so[&pin-source=file:/…]
//! ```
//! Invariant: no PIN can be written in it (`pin-value` is refused): addresses stand in lists of processes.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// How every address begins.
const SCHEME: &str = "pkcs11:";

/// A token and the module that reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The shared library of the token's maker.
    pub module: PathBuf,
    /// The token's label.
    pub token: String,
    /// Its serial number, to tell tokens of one label apart.
    pub serial: Option<String>,
    /// The file whose first line is the PIN.
    pub pin_file: Option<PathBuf>,
}

/// Why an address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressFault {
    /// It is no address of a token.
    #[error("begins with `pkcs11:`, such as pkcs11:token=LABEL?module-path=/usr/lib/softhsm/libsofthsm2.so")]
    Scheme,
    /// A PIN in it.
    #[error(
        "a PIN does not belong into an address, which anybody on this machine can read: name a file with pin-source"
    )]
    PinInside,
    /// A part that is not known here.
    #[error("`{0}` is not understood: token, serial, module-path and pin-source are")]
    Part(String),
    /// A part that is needed.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A part that is there twice.
    #[error("`{0}` is there twice")]
    Twice(&'static str),
    /// Not UTF-8 after the percent signs, or a broken one.
    #[error("`{0}` has a percent sign that is not followed by two hexadecimal digits of a text")]
    Percent(String),
}

impl FromStr for Address {
    type Err = AddressFault;

    fn from_str(text: &str) -> Result<Self, AddressFault> {
        let rest = text.strip_prefix(SCHEME).ok_or(AddressFault::Scheme)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (mut token, mut serial, mut module, mut pin_file) = (None, None, None, None);
        let parts = path.split(';').chain(query.split('&')).filter(|part| !part.is_empty());
        for part in parts {
            let (name, value) = part.split_once('=').ok_or_else(|| AddressFault::Part(part.to_owned()))?;
            let (slot, name): (&mut Option<String>, &'static str) = match name {
                "token" => (&mut token, "token"),
                "serial" => (&mut serial, "serial"),
                "module-path" => (&mut module, "module-path"),
                "pin-source" => (&mut pin_file, "pin-source"),
                "pin-value" => return Err(AddressFault::PinInside),
                other => return Err(AddressFault::Part(other.to_owned())),
            };
            if slot.replace(decoded(value)?).is_some() {
                return Err(AddressFault::Twice(name));
            }
        }
        let needed = |part: Option<String>, name| {
            part.filter(|text| !text.is_empty()).ok_or(AddressFault::Missing(name))
        };
        Ok(Self {
            module: needed(module, "module-path")?.into(),
            token: needed(token, "token")?,
            serial,
            pin_file: pin_file.map(|source| PathBuf::from(source.strip_prefix("file:").unwrap_or(&source))),
        })
    }
}

/// `%41` as `A` (RFC 3986 §2.1).
fn decoded(text: &str) -> Result<String, AddressFault> {
    let fault = || AddressFault::Percent(text.to_owned());
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let digits = after.get(..2).filter(|two| two.iter().all(u8::is_ascii_hexdigit)).ok_or_else(fault)?;
        let digits = std::str::from_utf8(digits).map_err(|_| fault())?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| fault())?);
        rest = &after[2..];
    }
    String::from_utf8(bytes).map_err(|_| fault())
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "token {:?}", self.token)?;
        if let Some(serial) = &self.serial {
            write!(f, " (serial {serial})")?;
        }
        write!(f, " by {}", self.module.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_read() {
        let text =
            "pkcs11:token=Senim%20KZ;serial=00ff?module-path=/usr/lib/m.so&pin-source=file:/etc/senim/pin";
        let address: Address = text.parse().unwrap();
        let expected = Address {
            module: "/usr/lib/m.so".into(),
            token: "Senim KZ".into(),
            serial: Some("00ff".into()),
            pin_file: Some("/etc/senim/pin".into()),
        };
        assert_eq!(address, expected);
        assert_eq!(address.to_string(), "token \"Senim KZ\" (serial 00ff) by /usr/lib/m.so");
    }

    #[test]
    fn what_is_not_understood_is_refused_and_a_pin_too() {
        let fault = |text: &str| text.parse::<Address>().unwrap_err();
        assert_eq!(fault("/usr/lib/m.so"), AddressFault::Scheme);
        assert_eq!(fault("pkcs11:token=a?module-path=/m&pin-value=1234"), AddressFault::PinInside);
        assert_eq!(fault("pkcs11:token=a;object=b?module-path=/m"), AddressFault::Part("object".into()));
        assert_eq!(fault("pkcs11:token=a"), AddressFault::Missing("module-path"));
        assert_eq!(fault("pkcs11:token=?module-path=/m"), AddressFault::Missing("token"));
        assert_eq!(fault("pkcs11:token=a;token=b?module-path=/m"), AddressFault::Twice("token"));
        for broken in ["%", "%4", "%zz", "%ff", "%+1"] {
            assert!(matches!(
                fault(&format!("pkcs11:token={broken}?module-path=/m")),
                AddressFault::Percent(_)
            ));
        }
        assert!(!fault("pkcs11:token=a?module-path=/m&pin-value=1234").to_string().contains("1234"));
    }
}
