//! A pass that is kept up to date for as long as a connection is open.
//!
//! Whatever ends the right to be there (expiry, revocation, another role, a restaurant that is gone)
//! ends the connection or narrows what it may ask, within a moment and without anybody asking.

use super::{Identity, Pass, Staff, Way};
use floor::RestaurantId;
use hub::{Goodbye, Hub};
use jiff::Timestamp;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::watch;

/// A pass that is kept up to date.
///
/// Ten thousand idle connections hold one each, so it waits for nothing but its own expiry. When anything
/// about identity changes, the [hub](hub::Hub::nudge) wakes those who listen, and they [check](Standing::check).
pub struct Standing {
    identity: Identity,
    pass: Pass,
    /// How much had changed when the pass was last looked at.
    seen: Option<u64>,
    /// Completes when the pass has to be looked at again; absent for credentials that do not run out.
    alarm: Option<Alarm>,
}

type Alarm = Pin<Box<dyn Future<Output = ()> + Send + Sync>>;

impl Standing {
    /// Watches over a pass from now on.
    #[must_use]
    pub fn new(identity: &Identity, pass: Pass) -> Standing {
        let mut standing = Standing {
            identity: identity.clone(),
            pass,
            // What changed between the pass and now is looked at first.
            seen: None,
            alarm: None,
        };
        standing.set_alarm();
        standing
    }

    /// The pass as it is now.
    #[must_use]
    pub fn pass(&self) -> &Pass {
        &self.pass
    }

    /// Goes on with a fresh pass.
    pub fn renew(&mut self, pass: Pass) {
        self.pass = pass;
        self.seen = None;
        self.set_alarm();
    }

    /// Takes in what has changed; says why the holder may not stay.
    pub fn check(&mut self) -> Result<(), Goodbye> {
        let n_changes = self.identity.n_changes();
        if self.seen != Some(n_changes) {
            // Counted before the look: what changes meanwhile is looked at again.
            self.seen = Some(n_changes);
            self.look_again()?;
        }
        let until = self.pass.staff().until;
        if until.is_some_and(|it| it <= self.identity.now()) {
            return Err(Goodbye::Expired);
        }
        Ok(())
    }

    /// Completes when it is time to [check](Standing::check) again; never, for a credential that does not
    /// run out. Cancel-safe.
    pub async fn alarm(&mut self) {
        match &mut self.alarm {
            Some(alarm) => alarm.await,
            None => std::future::pending().await,
        }
        self.keep_alive();
        self.set_alarm();
        self.seen = None;
    }

    /// Completes when the holder may not stay any more: for whoever waits for something that no hub
    /// speaks of. Cancel-safe.
    pub async fn over(&mut self) -> Goodbye {
        let mut changed = self.identity.inner.changed.subscribe();
        loop {
            if let Err(goodbye) = self.check() {
                return goodbye;
            }
            tokio::select! {
                // An error means that identity is gone, and we hold it.
                _ = changed.changed() => {}
                () = self.alarm() => {}
            }
        }
    }

    fn look_again(&mut self) -> Result<(), Goodbye> {
        let staff = Arc::clone(self.pass.staff());
        self.pass = self.identity.enter(&staff, self.pass.restaurant_id())?;
        Ok(())
    }

    /// A page that is open is a sign-in that is used. Written beside, since whoever waits here may stop
    /// waiting at any moment.
    fn keep_alive(&self) {
        let staff = self.pass.staff();
        if staff.way == Way::Cookie
            && let Some(id) = staff.sign_in_id().map(str::to_owned)
        {
            let identity = self.identity.clone();
            tokio::spawn(async move { identity.touch(&id).await });
        }
    }

    fn set_alarm(&mut self) {
        self.alarm = self.identity.alarm(self.pass.staff());
    }
}

/// A credential that is kept up to date, wherever it lets its holder in: of somebody who is connected and in no
/// restaurant yet, or in several.
pub struct Watched {
    identity: Identity,
    staff: Arc<Staff>,
    changed: watch::Receiver<()>,
    /// How much had changed when it was last looked at.
    seen: Option<u64>,
    alarm: Option<Alarm>,
}

impl Watched {
    /// Watches over what `staff` has shown from now on.
    #[must_use]
    pub fn new(identity: &Identity, staff: Arc<Staff>) -> Watched {
        let mut watched = Watched {
            identity: identity.clone(),
            staff,
            changed: identity.inner.changed.subscribe(),
            seen: None,
            alarm: None,
        };
        watched.set_alarm();
        watched
    }

    /// Who has shown it.
    #[must_use]
    pub fn staff(&self) -> &Arc<Staff> {
        &self.staff
    }

    /// Takes in what has changed; says why the credential is worth nothing any more, anywhere.
    pub fn check(&mut self) -> Result<(), Goodbye> {
        let n_changes = self.identity.n_changes();
        if self.seen == Some(n_changes) {
            return Ok(());
        }
        self.identity.still(&self.staff)?;
        self.seen = Some(n_changes);
        Ok(())
    }

    /// Completes when the credential is worth nothing any more. Cancel-safe.
    pub async fn over(&mut self) -> Goodbye {
        loop {
            if let Err(goodbye) = self.check() {
                return goodbye;
            }
            let alarm = async {
                match &mut self.alarm {
                    Some(alarm) => alarm.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // An error means that identity is gone, and we hold it.
                _ = self.changed.changed() => {}
                () = alarm => {
                    self.seen = None;
                    self.set_alarm();
                }
            }
        }
    }

    fn set_alarm(&mut self) {
        self.alarm = self.identity.alarm(&self.staff);
    }
}

impl Identity {
    /// Wakes everybody who listens whenever their standing may have changed. Never ends by itself.
    pub(crate) async fn nudge(self, hub: Hub) {
        let mut changed = self.inner.changed.subscribe();
        // An error means that identity is gone, and we hold it.
        while changed.changed().await.is_ok() {
            hub.nudge();
        }
    }

    fn n_changes(&self) -> u64 {
        self.inner.n_changes.load(Ordering::Acquire)
    }

    /// Something changed that may end or narrow a connection.
    pub(super) fn has_changed(&self) {
        self.inner.n_changes.fetch_add(1, Ordering::Release);
        self.inner.changed.send_replace(());
    }

    /// A pass that is kept up to date, for somebody who is about to connect.
    pub fn stand(&self, staff: &Arc<Staff>, restaurant_id: RestaurantId) -> Result<Standing, Goodbye> {
        Ok(Standing::new(self, self.enter(staff, restaurant_id)?))
    }

    /// Completes when a credential has to be looked at again, if ever.
    fn alarm(&self, staff: &Staff) -> Option<Alarm> {
        let at = self.alarm_of(staff)?;
        let clock = self.inner.clock.clone();
        Some(Box::pin(async move { clock.until(at).await }))
    }

    /// When a credential has to be looked at again: when it or its sign-in runs out, or, for a browser's
    /// sign-in, which lasts as long as it is used, half-way there.
    fn alarm_of(&self, staff: &Staff) -> Option<Timestamp> {
        let Some(id) = staff.sign_in_id() else {
            return staff.until;
        };
        let book = self.book();
        let sign_in = book.sign_in(id)?;
        let over = staff
            .until
            .map_or(sign_in.expires_at, |it| it.min(sign_in.expires_at));
        let left = sign_in.expires_at.duration_since(sign_in.seen_at);
        let half_way = sign_in.seen_at + left / 2;
        let is_page = staff.way == Way::Cookie;
        Some(if is_page && half_way > self.now() {
            half_way
        } else {
            over
        })
    }
}
