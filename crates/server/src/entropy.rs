//! Randomness of the operating system, through the cryptographic library's generator.

use std::cell::RefCell;

use model::Entropy;
use zeroize::Zeroize as _;

/// Bytes that a thread draws at once. Each call of the generator asks the processor for fresh entropy, which costs some
/// two microseconds however few bytes are wanted, and one submission wants forty times sixteen or thirty-two.
const DRAWN: usize = 1024;

/// The system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

/// Random bytes that nobody had yet; those handed out are wiped here.
struct Drawn {
    bytes: [u8; DRAWN],
    used: usize,
}

impl Drop for Drawn {
    fn drop(&mut self) {
        self.bytes.zeroize();
    }
}

thread_local! {
    static DRAWN_HERE: RefCell<Drawn> = const { RefCell::new(Drawn { bytes: [0; DRAWN], used: DRAWN }) };
}

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        if buffer.len() > DRAWN {
            return draw(buffer);
        }
        DRAWN_HERE.with_borrow_mut(|drawn| {
            if drawn.used + buffer.len() > DRAWN {
                draw(&mut drawn.bytes);
                drawn.used = 0;
            }
            let end = drawn.used + buffer.len();
            let own = &mut drawn.bytes[drawn.used..end];
            buffer.copy_from_slice(own);
            own.zeroize();
            drawn.used = end;
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that draws randomness")]
fn draw(buffer: &mut [u8]) {
    if aws_lc_rs::rand::fill(buffer).is_err() {
        // Without randomness every key made from here on would be worthless: nothing may go on.
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_is_never_the_same_twice_in_any_thread() {
        let draw_many =
            || (0..200).map(|_| model::platform::random::<32>(&SystemEntropy)).collect::<Vec<_>>();
        let elsewhere = std::thread::spawn(draw_many);
        let drawn: BTreeSet<[u8; 32]> = draw_many().into_iter().chain(elsewhere.join().unwrap()).collect();
        assert_eq!(drawn.len(), 400);
        assert!(!drawn.contains(&[0; 32]));
    }

    #[test]
    fn what_was_handed_out_is_wiped_here() {
        let mut large = [0; DRAWN + 1];
        SystemEntropy.fill(&mut large);
        assert_ne!(large, [0; DRAWN + 1]);
        let _: [u8; 100] = model::platform::random(&SystemEntropy);
        DRAWN_HERE.with_borrow(|drawn| assert!(drawn.bytes[..drawn.used].iter().all(|&byte| byte == 0)));
    }
}
