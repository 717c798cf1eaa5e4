//! How a sign-in begins: what it rests on is looked at once more, its tokens are made, and one too many
//! ends the oldest.

use super::book::Book;
use super::sign_ins::ended;
use super::{Identity, Knock, Staff, Way, audit, fingerprint, random};
use floor::{RestaurantId, Role, StaffId};
use jiff::{SignedDuration, Timestamp};
use journal::{Account, How, Member, Registration, SignIn, StorageError};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A sign-in that worked. The secrets are shown once.
pub struct Opened {
    /// The access token.
    pub token: String,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// The refresh token, and when it runs out if it is not used; tokens made by somebody else have none.
    pub refresh: Option<(String, Timestamp)>,
    /// The browser's cookie.
    pub cookie: Option<String>,
    /// The sign-in's public name.
    pub sign_in_id: String,
    /// Who signed in.
    pub staff: Arc<Staff>,
}

/// Sign-ins that one account may have at a time. Past it, the oldest ends.
const SIGN_INS_MAX: usize = 50;
/// As many of an account that everybody may use.
const PUBLIC_SIGN_INS_MAX: usize = 5_000;
/// Characters of the program's name that are kept.
const AGENT_CHARS_MAX: usize = 200;

impl Identity {
    /// Begins a sign-in; nothing when what it rests on does not hold any more.
    pub(super) async fn begin(
        &self,
        begun: Begun,
        knock: Knock,
        what: &str,
        facts: Value,
    ) -> Result<Option<Opened>, StorageError> {
        let now = self.now();
        let id = random("", 16);
        let expires_at = now + begun.span;
        let how = begun.proof.how();
        let refreshes = how != How::Minted;
        let cookie = refreshes.then(|| random("ms_", 32));
        let refresh = refreshes.then(|| (self.refresh_token(begun.staff_id, &id, expires_at), expires_at));
        let sign_in = SignIn {
            id: id.clone(),
            staff_id: begun.staff_id,
            how,
            device_id: begun.device_id,
            restaurant_id: begun.restaurant_id,
            cookie_hash: cookie.as_deref().map(fingerprint),
            refresh_hash: refresh.as_ref().map(|(token, _)| fingerprint(token)),
            began_at: now,
            seen_at: now,
            expires_at,
            ended_at: None,
            address: knock.address.map(|it| it.to_string()),
            agent: knock.agent.map(|it| it.chars().take(AGENT_CHARS_MAX).collect()),
        };
        let (token, token_until) = self.access_token(&sign_in);
        let kid = self.inner.tokens.signs_with();
        let staff = Arc::new(self.staff_of(&sign_in, Way::Header, Some(token_until), kid));
        let places = self.concerned(begun.staff_id, begun.restaurant_id);
        let entries = audit::knocked(what, &places, &facts, knock.address, now);
        let mut holds = false;
        self.write_over(|book| {
            holds = begun.holds(book);
            if !holds {
                return (Vec::new(), Vec::new());
            }
            let mut writes = crowd_out(book, &sign_in, now);
            writes.push(Registration::SignIn(sign_in));
            (writes, entries)
        })
        .await?;
        Ok(holds.then_some(Opened {
            token,
            expires_at: token_until,
            refresh,
            cookie,
            sign_in_id: id,
            staff,
        }))
    }

    /// An access token for a sign-in, and when it runs out.
    pub(super) fn access_token(&self, sign_in: &SignIn) -> (String, Timestamp) {
        let now = self.now();
        let until = match sign_in.how {
            // Its sign-in is the token: both end together.
            How::Minted => sign_in.expires_at,
            _ => (now + self.inner.tokens.rules.access).min(sign_in.expires_at),
        };
        self.access_token_until(sign_in, until)
    }

    /// As [`Identity::access_token`], with this end.
    pub(super) fn access_token_until(&self, sign_in: &SignIn, until: Timestamp) -> (String, Timestamp) {
        let now = self.now();
        // Whole seconds, as the token says it.
        let until = Timestamp::from_second(until.as_second()).unwrap_or(until);
        let book = self.book();
        let mut claims = claims_of(book.account(sign_in.staff_id), sign_in.staff_id);
        let places: Vec<&Member> = book
            .places(sign_in.staff_id)
            .filter(|it| it.active && sign_in.restaurant_id.is_none_or(|only| only == it.restaurant_id))
            .collect();
        let mut roles: Vec<Role> = places
            .iter()
            .flat_map(|it| with_pin(sign_in.how, &it.roles))
            .collect();
        roles.sort();
        roles.dedup();
        let places: Vec<RestaurantId> = places.iter().map(|it| it.restaurant_id).collect();
        claims.insert("roles".to_owned(), json!(roles));
        claims.insert("tenant_ids".to_owned(), json!(places));
        if let Some(first) = places.first() {
            // For clients that know of one restaurant only.
            claims.insert("restaurant_id".to_owned(), json!(first));
        }
        claims.insert("type".to_owned(), json!("access"));
        claims.insert("exp".to_owned(), json!(until.as_second()));
        claims.insert("iat".to_owned(), json!(now.as_second()));
        claims.insert("jti".to_owned(), json!(random("", 12)));
        claims.insert("session_id".to_owned(), json!(sign_in.id));
        (self.inner.tokens.sign(claims), until)
    }
}

/// Ends the oldest of somebody's sign-ins of the same reach when one more would be too many.
fn crowd_out(book: &Book, new: &SignIn, now: Timestamp) -> Vec<Registration> {
    let is_public = book.account(new.staff_id).is_some_and(|it| it.public);
    let max = if is_public {
        PUBLIC_SIGN_INS_MAX
    } else {
        SIGN_INS_MAX
    };
    let open: Vec<&SignIn> = book
        .sign_ins_of(new.staff_id)
        .filter(|it| {
            it.restaurant_id == new.restaurant_id && (it.how == How::Minted) == (new.how == How::Minted)
        })
        .filter(|it| it.ended_at.is_none() && it.expires_at > now)
        .collect();
    let too_many = (open.len() + 1).saturating_sub(max);
    open.into_iter().take(too_many).map(|it| ended(it, now)).collect()
}

/// A sign-in that is about to begin.
pub(super) struct Begun {
    pub(super) staff_id: StaffId,
    pub(super) device_id: Option<u64>,
    pub(super) restaurant_id: Option<RestaurantId>,
    pub(super) span: SignedDuration,
    pub(super) proof: Proof,
}

/// What a sign-in rests on: the hash that was checked, which may have been replaced since.
pub(super) enum Proof {
    Password(String),
    Pin(String),
    Minted,
}

impl Proof {
    fn how(&self) -> How {
        match self {
            Proof::Password(_) => How::Password,
            Proof::Pin(_) => How::Pin,
            Proof::Minted => How::Minted,
        }
    }
}

impl Begun {
    /// Whether what it rests on holds now.
    fn holds(&self, book: &Book) -> bool {
        let Some(account) = book.account(self.staff_id) else {
            return false;
        };
        let is_proved = match &self.proof {
            Proof::Password(hash) => account.password_hash.as_ref() == Some(hash),
            Proof::Pin(hash) => account.pin_hash.as_ref() == Some(hash),
            Proof::Minted => true,
        };
        let is_enrolled = |id| book.device(id).is_some_and(|it| it.revoked_at.is_none());
        let works_there = match self.restaurant_id {
            Some(it) => book.active(self.staff_id, it).is_some(),
            None => book.works_somewhere(self.staff_id),
        };
        is_proved && works_there && self.device_id.is_none_or(is_enrolled)
    }
}

/// What roles are good for after a sign-in. Four digits are enough for the floor, but not for the office:
/// whoever may enrol a tablet must not become an admin by guessing there.
pub(super) fn with_pin(how: How, roles: &[Role]) -> Vec<Role> {
    let role = |it: &Role| match (how, it) {
        (How::Pin, Role::Admin) => Role::Manager,
        (_, it) => *it,
    };
    roles.iter().map(role).collect()
}

/// What all our tokens say of somebody.
pub(super) fn claims_of(account: Option<&Account>, staff_id: StaffId) -> Map<String, Value> {
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(staff_id.0.to_string()));
    if let Some(account) = account {
        claims.insert("username".to_owned(), json!(account.login));
        if let Some(email) = &account.email {
            claims.insert("email".to_owned(), json!(email));
        }
    }
    claims
}
