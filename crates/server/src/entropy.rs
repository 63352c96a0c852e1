//! Randomness of the operating system, through the cryptographic library's generator.

use model::Entropy;

/// The system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
    fn fill(&self, buffer: &mut [u8]) {
        if aws_lc_rs::rand::fill(buffer).is_err() {
            // Without randomness every key made from here on would be worthless: nothing may go on.
            std::process::abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_not_the_same_twice() {
        let one: [u8; 32] = model::platform::random(&SystemEntropy);
        let two: [u8; 32] = model::platform::random(&SystemEntropy);
        assert_ne!(one, two);
    }
}
