//! Why we end a connection. Close codes belong to the surfaces; the reason is the same for all.

use std::fmt;

/// Every way in which we end a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Goodbye {
    /// This node stops, or lets go of the restaurant.
    Draining,
    /// The screen does not read what it is sent.
    TooSlow,
    /// Too many connections, or too many messages.
    TooMany,
    /// Signed out, revoked or disabled.
    SignedOut,
    /// The credential's time is over.
    Expired,
    /// This caller may not be here.
    NotAllowed,
    /// What the screen sent is not valid text.
    BadText,
    /// What the screen sent is too large.
    TooLarge,
    /// We broke.
    Fault,
}

impl Goodbye {
    /// Every reason, in the order of the numbers.
    pub const ALL: [Goodbye; 9] = [
        Goodbye::Draining,
        Goodbye::TooSlow,
        Goodbye::TooMany,
        Goodbye::SignedOut,
        Goodbye::Expired,
        Goodbye::NotAllowed,
        Goodbye::BadText,
        Goodbye::TooLarge,
        Goodbye::Fault,
    ];

    /// The number in logs and metrics. Never changes and is never used again; not a close code.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Goodbye::Draining => 1,
            Goodbye::TooSlow => 2,
            Goodbye::TooMany => 3,
            Goodbye::SignedOut => 4,
            Goodbye::Expired => 5,
            Goodbye::NotAllowed => 6,
            Goodbye::BadText => 7,
            Goodbye::TooLarge => 8,
            Goodbye::Fault => 9,
        }
    }

    /// One word for metrics. It stays what it is.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Goodbye::Draining => "draining",
            Goodbye::TooSlow => "too_slow",
            Goodbye::TooMany => "too_many",
            Goodbye::SignedOut => "signed_out",
            Goodbye::Expired => "expired",
            Goodbye::NotAllowed => "not_allowed",
            Goodbye::BadText => "bad_text",
            Goodbye::TooLarge => "too_large",
            Goodbye::Fault => "fault",
        }
    }

    /// The reason in words, for people who read logs or a close frame. At most 60 bytes, so that it
    /// fits a close frame (123 bytes) with something beside it.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Goodbye::Draining => "going away: reconnect and resume",
            Goodbye::TooSlow => "not reading fast enough: reconnect and resume",
            Goodbye::TooMany => "too many connections or messages: wait, then resume",
            Goodbye::SignedOut => "signed out: sign in again",
            Goodbye::Expired => "credential expired: renew it and resume",
            Goodbye::NotAllowed => "not allowed here",
            Goodbye::BadText => "not valid text",
            Goodbye::TooLarge => "message too large",
            Goodbye::Fault => "our fault: wait, then resume",
        }
    }

    /// Whether the screen does right to reconnect by itself and resume, after a pause or with a renewed
    /// credential. Otherwise a person, or another program, has to change something first.
    #[must_use]
    pub const fn comes_back(self) -> bool {
        match self {
            Goodbye::Draining | Goodbye::TooSlow | Goodbye::TooMany | Goodbye::Expired | Goodbye::Fault => {
                true
            }
            Goodbye::SignedOut | Goodbye::NotAllowed | Goodbye::BadText | Goodbye::TooLarge => false,
        }
    }
}

impl fmt::Display for Goodbye {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.meaning())
    }
}

#[cfg(test)]
mod tests {
    use super::Goodbye;

    #[test]
    fn every_goodbye_has_its_own_number_and_a_meaning_that_fits_a_close_frame() {
        let numbers: Vec<u16> = Goodbye::ALL.iter().map(|it| it.number()).collect();
        assert_eq!(numbers, (1..=9).collect::<Vec<u16>>());
        for goodbye in Goodbye::ALL {
            assert!((1..=60).contains(&goodbye.meaning().len()), "{goodbye:?}");
        }
    }

    #[test]
    fn a_screen_is_told_to_resume_exactly_when_it_comes_back() {
        for goodbye in Goodbye::ALL {
            assert_eq!(
                goodbye.meaning().contains("resume"),
                goodbye.comes_back(),
                "{goodbye:?}"
            );
        }
    }
}
