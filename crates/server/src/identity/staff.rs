//! Who asks, and the proof that they may be where they ask.

use super::Guest;
use crate::rights::{self, Right};
use floor::{By, Command, RestaurantId, Role, StaffId};
use jiff::Timestamp;
use std::net::IpAddr;
use std::sync::Arc;

/// Somebody who may ask: a person or a machine, whatever they showed and through whichever door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Who it is, and what that rests on.
    pub who: Who,
    /// What colleagues or the operator call them.
    pub name: String,
    /// How the credential came in.
    pub way: Way,
    /// When the credential runs out, if it does.
    pub until: Option<Timestamp>,
    /// The address that the credential came from, as far as it is known.
    pub address: Option<IpAddr>,
    /// The role words of a token as they stood there, for surfaces that echo them.
    pub role_words: Vec<String>,
}

/// Who it is. What is named here is looked up again whenever it matters, so that a change acts at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever runs this program: all restaurants, all rights.
    Operator,
    /// A person who works here: wherever the floors list them as active, with the roles listed there.
    Account {
        /// The person.
        staff_id: StaffId,
        /// The sign-in that the credential belongs to.
        sign_in_id: Arc<str>,
        /// The signing key of the token that was shown, if one of ours was.
        kid: Option<Arc<str>>,
    },
    /// A machine with an API key, or a token that stands for one.
    Key {
        /// The key.
        key_id: u64,
        /// The signing key of the token that was shown, if one of ours was.
        kid: Option<Arc<str>>,
    },
    /// Somebody whose token another program signed: it is what it says.
    Foreign {
        /// Its `sub`.
        subject: String,
        /// The restaurants it names that are ours.
        restaurants: Vec<RestaurantId>,
        /// What its role words mean here.
        roles: Vec<Role>,
    },
    /// A caller without credential from a trusted network, on a surface that admits such.
    Neighbour,
    /// A guest with a phone, on the surface of guests.
    Guest {
        /// Where they are.
        restaurant_id: RestaurantId,
        /// Who they are there, once they have joined.
        at: Option<Guest>,
        /// The signing key of the token that was shown.
        kid: Option<Arc<str>>,
    },
}

/// How a credential came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The header `Authorization`.
    Header,
    /// A query parameter, on surfaces whose clients are built that way.
    Query,
    /// The first frame of a socket, or a later one that renews.
    Frame,
    /// The browser's cookie.
    Cookie,
    /// The packet that opens a Socket.IO namespace.
    Handshake,
    /// The program's own socket on this machine, which only its owner can open.
    Control,
    /// None was sent: the caller's network is trusted.
    Network,
}

/// The proof that somebody may enter a restaurant. Nothing else opens a floor.
#[derive(Clone, Debug)]
pub struct Pass {
    restaurant_id: RestaurantId,
    roles: Vec<Role>,
    staff: Arc<Staff>,
}

impl Staff {
    /// Whether it is a caller without credential, from a network that the house trusts.
    #[must_use]
    pub fn is_neighbour(&self) -> bool {
        matches!(self.who, Who::Neighbour)
    }

    /// Whether they run this program.
    #[must_use]
    pub fn is_operator(&self) -> bool {
        self.who == Who::Operator
    }

    /// The account, for a person who works here.
    #[must_use]
    pub fn staff_id(&self) -> Option<StaffId> {
        match self.who {
            Who::Account { staff_id, .. } => Some(staff_id),
            _ => None,
        }
    }

    /// The sign-in that the credential belongs to.
    #[must_use]
    pub fn sign_in_id(&self) -> Option<&str> {
        match &self.who {
            Who::Account { sign_in_id, .. } => Some(sign_in_id),
            _ => None,
        }
    }

    /// The guest, for one who has joined a turn.
    #[must_use]
    pub fn guest(&self) -> Option<Guest> {
        match self.who {
            Who::Guest { at, .. } => at,
            _ => None,
        }
    }

    /// Whoever runs this program.
    #[must_use]
    pub fn operator(way: Way) -> Staff {
        Staff {
            who: Who::Operator,
            name: OPERATOR.to_owned(),
            way,
            until: None,
            address: None,
            role_words: Vec::new(),
        }
    }
}

/// The operator's name in changes; no key may be called so.
pub(crate) const OPERATOR: &str = "operator";
/// Who a caller from a trusted network is in changes.
const NEIGHBOUR: &str = "trusted-network";

impl Pass {
    /// Only identity makes these, after it has checked.
    pub(super) fn new(restaurant_id: RestaurantId, roles: Vec<Role>, staff: Arc<Staff>) -> Pass {
        Pass {
            restaurant_id,
            roles,
            staff,
        }
    }

    /// The restaurant it opens.
    #[must_use]
    pub fn restaurant_id(&self) -> RestaurantId {
        self.restaurant_id
    }

    /// Who holds it.
    #[must_use]
    pub fn staff(&self) -> &Arc<Staff> {
        &self.staff
    }

    /// The holder's roles in this restaurant.
    #[must_use]
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// Whether the holder may ask for `command`.
    #[must_use]
    pub fn may(&self, command: &Command) -> bool {
        self.staff.is_operator() || rights::may(&self.roles, command)
    }

    /// Whether the holder has `right` here.
    #[must_use]
    pub fn has(&self, right: Right) -> bool {
        self.staff.is_operator() || rights::allow(&self.roles, right)
    }

    /// Who asks, for the journal.
    #[must_use]
    pub fn by(&self, surface: &str) -> By {
        by(&self.staff, surface)
    }

    /// Whose idempotency keys the holder's are.
    #[must_use]
    pub fn holder(&self) -> String {
        match &self.staff.who {
            Who::Account { staff_id, .. } => format!("staff:{}", staff_id.0),
            Who::Key { .. } | Who::Operator => format!("key:{}", self.staff.name),
            Who::Foreign { subject, .. } => format!("subject:{subject}"),
            Who::Guest { at: Some(guest), .. } => format!("member:{}", guest.member_id.0),
            // Each device for itself: two tablets that count from one do not get into each other's way.
            Who::Neighbour => self.by_address(NEIGHBOUR),
            Who::Guest { at: None, .. } => self.by_address("guest"),
        }
    }
}

impl Pass {
    fn by_address(&self, name: &str) -> String {
        match self.staff.address {
            Some(address) => format!("{name}:{address}"),
            None => name.to_owned(),
        }
    }
}

/// Who asks, for the journal and the audit list.
pub(crate) fn by(staff: &Staff, surface: &str) -> By {
    let key = matches!(staff.who, Who::Key { .. } | Who::Operator).then(|| staff.name.clone());
    let subject = match &staff.who {
        Who::Foreign { subject, .. } => Some(subject.clone()),
        Who::Neighbour => Some(NEIGHBOUR.to_owned()),
        Who::Guest { at: Some(guest), .. } => Some(format!("member-{}", guest.member_id.0)),
        Who::Guest { at: None, .. } => Some(staff.name.clone()),
        _ => None,
    };
    By {
        staff_id: staff.staff_id(),
        key,
        subject,
        surface: surface.to_owned(),
    }
}
