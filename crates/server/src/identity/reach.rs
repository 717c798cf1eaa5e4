//! From whoever asks to where they may be: the one tenant check.

use super::{Identity, Pass, Staff, Who, beginning};
use floor::{RestaurantId, Role, StaffId};
use hub::Goodbye;
use std::sync::Arc;

/// Why somebody does not get, or does not keep, a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPass {
    /// The credential does not reach that restaurant, or there is none.
    #[error("this credential does not reach that restaurant")]
    OutOfReach,
    /// The sign-in or key was ended, or whoever holds it does not work there any more.
    #[error("this sign-in has ended")]
    Ended,
    /// Its time is over.
    #[error("this credential has run out")]
    Expired,
}

impl From<NoPass> for Goodbye {
    fn from(no: NoPass) -> Goodbye {
        match no {
            NoPass::OutOfReach => Goodbye::NotAllowed,
            NoPass::Ended => Goodbye::SignedOut,
            NoPass::Expired => Goodbye::Expired,
        }
    }
}

impl Identity {
    /// The proof that somebody may enter a restaurant: the one tenant check.
    pub fn enter(&self, staff: &Arc<Staff>, restaurant_id: RestaurantId) -> Result<Pass, NoPass> {
        let roles = self.roles(staff, restaurant_id)?;
        Ok(Pass::new(restaurant_id, roles, Arc::clone(staff)))
    }

    /// Somebody's roles in a restaurant, now.
    fn roles(&self, staff: &Staff, restaurant_id: RestaurantId) -> Result<Vec<Role>, NoPass> {
        if !self.inner.directory.holds(restaurant_id) {
            return Err(NoPass::OutOfReach);
        }
        self.roles_there_or_gone(staff, restaurant_id)
    }

    /// Whether somebody would be let into a restaurant if it were there: one of theirs may have been removed.
    #[must_use]
    pub fn belongs(&self, staff: &Staff, restaurant_id: RestaurantId) -> bool {
        self.roles_there_or_gone(staff, restaurant_id).is_ok()
    }

    /// As [`Identity::roles`], in one that was removed too.
    fn roles_there_or_gone(&self, staff: &Staff, restaurant_id: RestaurantId) -> Result<Vec<Role>, NoPass> {
        let now = self.now();
        if staff.until.is_some_and(|it| it <= now) {
            return Err(NoPass::Expired);
        }
        let book = self.book();
        match &staff.who {
            Who::Operator => Ok(vec![Role::Admin]),
            Who::Account {
                staff_id,
                sign_in_id,
                kid,
            } => {
                let sign_in = book.sign_in(sign_in_id).ok_or(NoPass::Ended)?;
                if sign_in.expires_at <= now {
                    return Err(NoPass::Expired);
                }
                let is_signed = kid.as_ref().is_none_or(|it| self.inner.tokens.is_good(it, now));
                if !is_signed || !book.works_somewhere(*staff_id) {
                    return Err(NoPass::Ended);
                }
                if sign_in.restaurant_id.is_some_and(|it| it != restaurant_id) {
                    return Err(NoPass::OutOfReach);
                }
                let member = book.active(*staff_id, restaurant_id).ok_or(NoPass::OutOfReach)?;
                Ok(beginning::with_pin(sign_in.how, &member.roles))
            }
            Who::Key { key_id, kid } => {
                let key = book.key(*key_id).ok_or(NoPass::Ended)?;
                let is_signed = kid.as_ref().is_none_or(|it| self.inner.tokens.is_good(it, now));
                if key.revoked_at.is_some() || !is_signed {
                    return Err(NoPass::Ended);
                }
                let is_here = key.restaurant_id == restaurant_id;
                is_here.then(|| vec![key.role]).ok_or(NoPass::OutOfReach)
            }
            Who::Foreign {
                restaurants, roles, ..
            } => {
                let is_named = restaurants.contains(&restaurant_id);
                is_named.then(|| roles.clone()).ok_or(NoPass::OutOfReach)
            }
            Who::Neighbour => Ok(vec![Role::Host, Role::Waiter]),
            Who::Guest {
                restaurant_id: there,
                kid,
                ..
            } => {
                let is_signed = kid.as_ref().is_none_or(|it| self.inner.tokens.is_good(it, now));
                if !is_signed {
                    return Err(NoPass::Ended);
                }
                (*there == restaurant_id).then(Vec::new).ok_or(NoPass::OutOfReach)
            }
        }
    }

    /// The restaurants that somebody may enter, by id, with the proof for each.
    #[must_use]
    pub fn reach(&self, staff: &Arc<Staff>) -> Vec<Pass> {
        let all = self.inner.directory.list();
        all.iter()
            .filter_map(|(id, _)| self.enter(staff, *id).ok())
            .collect()
    }

    /// The proof for the restaurant that somebody means who names none: the first that their token names, else the
    /// first by id.
    #[must_use]
    pub fn home(&self, staff: &Arc<Staff>) -> Option<Pass> {
        let named = match &staff.who {
            Who::Key { key_id, .. } => {
                let restaurant_id = self.book().key(*key_id)?.restaurant_id;
                return self.enter(staff, restaurant_id).ok();
            }
            Who::Foreign { restaurants, .. } => restaurants.as_slice(),
            _ => &[],
        };
        let place = |it: &Pass| named.iter().position(|id| *id == it.restaurant_id());
        self.reach(staff).into_iter().min_by_key(place)
    }

    /// All roles that somebody has anywhere where the credential is good.
    #[must_use]
    pub fn roles_anywhere(&self, staff: &Staff) -> Vec<Role> {
        let places: Vec<RestaurantId> = match &staff.who {
            Who::Operator | Who::Neighbour | Who::Guest { .. } => return vec![],
            Who::Account { staff_id, .. } => self.concerned(*staff_id, None),
            Who::Key { key_id, .. } => self
                .book()
                .key(*key_id)
                .map(|it| it.restaurant_id)
                .into_iter()
                .collect(),
            Who::Foreign { restaurants, .. } => restaurants.clone(),
        };
        let mut roles: Vec<Role> = places
            .into_iter()
            .flat_map(|it| self.roles(staff, it).unwrap_or_default())
            .collect();
        roles.sort();
        roles.dedup();
        roles
    }

    /// Whether somebody who was identified a while ago still is who they were.
    pub fn still(&self, staff: &Staff) -> Result<(), NoPass> {
        let now = self.now();
        if staff.until.is_some_and(|it| it <= now) {
            return Err(NoPass::Expired);
        }
        let is_signed =
            |kid: &Option<Arc<str>>| kid.as_ref().is_none_or(|it| self.inner.tokens.is_good(it, now));
        let book = self.book();
        let holds = match &staff.who {
            Who::Operator | Who::Foreign { .. } | Who::Neighbour | Who::Guest { .. } => true,
            Who::Account {
                staff_id,
                sign_in_id,
                kid,
            } => {
                let is_open = book.sign_in(sign_in_id).is_some_and(|it| it.expires_at > now);
                is_open && is_signed(kid) && book.works_somewhere(*staff_id)
            }
            Who::Key { key_id, kid } => {
                let is_kept = book.key(*key_id).is_some_and(|it| it.revoked_at.is_none());
                is_kept && is_signed(kid)
            }
        };
        holds.then_some(()).ok_or(NoPass::Ended)
    }

    /// Whether there is anybody with this id, in any restaurant.
    pub(crate) fn knows(&self, staff_id: StaffId) -> bool {
        self.book().places(staff_id).next().is_some()
    }
}
