//! Refresh tokens: each is good once, and whoever shows a used one ends the sign-in it came from.

use super::beginning::claims_of;
use super::claims::Kind;
use super::sign_ins::ended;
use super::tokens::{BadToken, Signed};
use super::{Identity, Knock, Opened, Way, audit, fingerprint, random};
use floor::StaffId;
use jiff::Timestamp;
use journal::{RegisterError, Registration, SignIn, StorageError};
use serde_json::json;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// No fresh tokens are given.
#[derive(Debug, thiserror::Error)]
pub enum RefreshError {
    /// It is no refresh token of ours, or its sign-in has ended.
    #[error("this refresh token is not valid")]
    Wrong,
    /// Its time is over.
    #[error("this refresh token has run out")]
    Expired,
    /// It was used before: somebody has a copy. The sign-in has been ended.
    #[error("this refresh token was used before: the sign-in has been ended")]
    Reused,
    /// The journal.
    #[error("the journal cannot be written now")]
    Storage(#[from] StorageError),
}

/// What a refresh token turned out to be when its turn came.
enum Seen {
    Good(Box<SignIn>),
    Used,
    Over,
}

impl Identity {
    /// A refresh token for a sign-in that lasts until then.
    pub(super) fn refresh_token(&self, staff_id: StaffId, sign_in_id: &str, until: Timestamp) -> String {
        let mut claims = claims_of(None, staff_id);
        claims.insert("type".to_owned(), json!("refresh"));
        claims.insert("exp".to_owned(), json!(until.as_second()));
        claims.insert("iat".to_owned(), json!(self.now().as_second()));
        claims.insert("jti".to_owned(), json!(random("", 12)));
        claims.insert("session_id".to_owned(), json!(sign_in_id));
        self.inner.tokens.sign(claims)
    }

    /// Gives fresh tokens for a refresh token, and takes that one back.
    pub async fn refresh(&self, token: &str, knock: &Knock) -> Result<Opened, RefreshError> {
        let bad = |it| match it {
            BadToken::Wrong => RefreshError::Wrong,
            BadToken::Expired => RefreshError::Expired,
        };
        let tokens = &self.inner.tokens;
        let now = self.now();
        let signed = tokens.verify(token, now).await.map_err(bad)?;
        tokens.check_times(&signed, now).map_err(bad)?;
        let Signed::Here(claims, _) = signed else {
            return Err(RefreshError::Wrong);
        };
        if claims.kind != Kind::Refresh {
            return Err(RefreshError::Wrong);
        }
        let id = claims.sign_in_id.ok_or(RefreshError::Wrong)?;
        let sign_in = self.book().sign_in(&id).cloned().ok_or(RefreshError::Wrong)?;
        let span = match sign_in.how {
            journal::How::Pin => tokens.rules.pin,
            _ => tokens.rules.refresh,
        };
        let expires_at = now + span;
        let fresh = self.refresh_token(sign_in.staff_id, &id, expires_at);
        let (from, to) = (fingerprint(token), fingerprint(&fresh));
        let mut seen = Seen::Over;
        let written = self.enter_register(|book| {
            let Some(sign_in) = book.sign_in(&id) else {
                return (Vec::new(), Vec::new());
            };
            let works_somewhere = book.works_somewhere(sign_in.staff_id);
            if sign_in.ended_at.is_some() || sign_in.expires_at <= now || !works_somewhere {
                return (Vec::new(), Vec::new());
            }
            let is_latest = sign_in.refresh_hash.is_some_and(|it| bool::from(it.ct_eq(&from)));
            if is_latest {
                seen = Seen::Good(Box::new(sign_in.clone()));
                let rotate = Registration::Rotate {
                    id: id.clone(),
                    from,
                    to,
                    seen_at: now,
                    expires_at,
                };
                return (vec![rotate], Vec::new());
            }
            seen = Seen::Used;
            let facts = json!({ "staff_id": sign_in.staff_id, "sign_in_id": id });
            let places = book.concerned(sign_in.staff_id, sign_in.restaurant_id);
            let entries = audit::knocked("refresh_reused", &places, &facts, knock.address, now);
            (vec![ended(sign_in, now)], entries)
        });
        match written.await {
            Ok(()) => {}
            Err(RegisterError::Storage(error)) => return Err(error.into()),
            // The journal knows of another use of it than we do.
            Err(_) => {
                self.end_for_good(&id).await?;
                return Err(RefreshError::Reused);
            }
        }
        match seen {
            Seen::Over => Err(RefreshError::Wrong),
            Seen::Used => Err(RefreshError::Reused),
            Seen::Good(sign_in) => {
                let sign_in = SignIn {
                    expires_at,
                    seen_at: now,
                    ..*sign_in
                };
                let (access, until) = self.access_token(&sign_in);
                let staff = Arc::new(self.staff_of(&sign_in, Way::Header, Some(until), tokens.signs_with()));
                Ok(Opened {
                    token: access,
                    expires_at: until,
                    refresh: Some((fresh, expires_at)),
                    cookie: None,
                    sign_in_id: id,
                    staff,
                })
            }
        }
    }
}
