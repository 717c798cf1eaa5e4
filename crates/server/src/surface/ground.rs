//! What every surface stands on, and the way in: from a request to a floor.

use crate::clock::Clock;
use crate::config::{AdminConfig, BranchConfig, GuestConfig, HostConfig};
use crate::floors::{Floors, OpenFloor};
use crate::gate::Gate;
use crate::identity::{Credential, CredentialError, Identity, NoPass, Pass, Staff, Way};
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::peer::{Networks, Peer};
use crate::rights::Right;
use crate::surface::control::Control;
use crate::surface::origin::{ForeignOrigin, Origins};
use axum::http::request;
use journal::StorageError;
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};

/// What the handlers of all surfaces stand on. Cheap to clone: every request does, several times.
#[derive(Clone)]
pub struct Ground(Arc<Parts>);

/// The parts of the [`Ground`].
#[derive(Clone)]
pub struct Parts {
    /// The floors.
    pub floors: Floors,
    /// Who may sign in.
    pub identity: Identity,
    /// What is counted.
    pub metrics: Metrics,
    /// The sign-in that the demo house offers to everybody.
    pub demo: Option<DemoSignIn>,
    /// Whose pages may connect.
    pub origins: Arc<Origins>,
    /// Networks from which some surfaces ask for no credential.
    pub trusted: Arc<Networks>,
    /// The host stand's own configuration.
    pub host: Arc<HostConfig>,
    /// The dashboard's own configuration.
    pub admin: Arc<AdminConfig>,
    /// What is configured for guests.
    pub guest: Arc<GuestConfig>,
    /// The branches' own configuration.
    pub branch: Arc<BranchConfig>,
    /// Held by whoever writes what a branch is: of two that want one code one gets it, and settings are changed as the
    /// last write left them.
    pub branches: Arc<Mutex<()>>,
    /// What is known about stays, for those who wait.
    pub waits: crate::stays::Waits,
    /// How much of everything there may be.
    pub limits: Arc<Limits>,
    /// What counts who comes in, and says when it is enough.
    pub gate: Gate,
    /// Turns true when the program is to stop. Whoever holds one is waited for.
    pub stopping: watch::Receiver<bool>,
}

/// The demo house's public sign-in.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct DemoSignIn {
    /// The account.
    pub login: &'static str,
    /// Its password.
    pub password: &'static str,
}

/// Why a request has no known sender.
#[derive(Debug, thiserror::Error)]
pub enum CallerError {
    /// The credential.
    #[error(transparent)]
    Credential(#[from] CredentialError),
    /// The page that sent it.
    #[error(transparent)]
    Origin(#[from] ForeignOrigin),
}

/// Why somebody does not get onto a floor.
#[derive(Debug, thiserror::Error)]
pub enum EnterError {
    /// There is no such restaurant.
    #[error("there is no such restaurant")]
    UnknownRestaurant,
    /// Not with this credential, or not any more.
    #[error(transparent)]
    NoPass(#[from] NoPass),
    /// The role does not let anybody look.
    #[error("this role may not look")]
    NotAllowed,
    /// The journal.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Deref for Ground {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Ground {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: Parts) -> Ground {
        Ground(Arc::new(parts))
    }

    /// Offers this sign-in to everybody, and lets pages of this machine use it.
    pub fn offer(&mut self, demo: DemoSignIn) {
        let parts = Arc::make_mut(&mut self.0);
        parts.demo = Some(demo);
        Arc::make_mut(&mut parts.origins).list_local();
    }

    /// Whether the program is on its way out.
    #[must_use]
    pub fn is_draining(&self) -> bool {
        *self.stopping.borrow()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.floors.clock()
    }

    /// Who asks, by the credential that they show, or through the program's own socket.
    pub async fn caller(
        &self,
        asked: &request::Parts,
        credential: Option<Credential>,
    ) -> Result<Arc<Staff>, CallerError> {
        if asked.extensions.get::<Control>().is_some() {
            return Ok(Arc::new(Staff::operator(Way::Control)));
        }
        let credential = credential.ok_or(CredentialError::Missing)?;
        if credential.way() == Way::Cookie {
            // Browsers send cookies along whoever's page it is.
            self.origins.check(asked)?;
        }
        let mut staff = self.identity.identify(&credential).await?;
        let peer = Peer::of_request(&asked.extensions);
        Arc::make_mut(&mut staff).address = Some(peer.address);
        Ok(staff)
    }

    /// Whoever asks without a credential, where a surface admits such: nobody, unless the house trusts their network.
    #[must_use]
    pub fn neighbour(&self, asked: &request::Parts) -> Option<Arc<Staff>> {
        let peer = Peer::of_request(&asked.extensions);
        // Nobody has to know a secret here, so it must not get in by a name of its own that leads to us either.
        let is_our_name = peer.host.as_deref().is_none_or(|it| self.is_our_name(it));
        if !peer.is_trusted(&self.trusted) || !is_our_name {
            return None;
        }
        let mut staff = self.identity.neighbour();
        Arc::make_mut(&mut staff).address = Some(peer.address);
        Some(staff)
    }

    /// Whether a stranger cannot have made this name lead to us: an address, a name that only the house's own
    /// network resolves, or one that is configured.
    fn is_our_name(&self, host: &str) -> bool {
        let name = host.rsplit_once(':').map_or(host, |(name, port)| {
            if port.bytes().all(|it| it.is_ascii_digit()) {
                name
            } else {
                host
            }
        });
        let name = name.trim_start_matches('[').trim_end_matches(']').to_lowercase();
        let is_address = name.parse::<IpAddr>().is_ok();
        let is_local = !name.contains('.')
            || [".local", ".localhost", ".lan", ".internal"]
                .iter()
                .any(|it| name.ends_with(it));
        is_address || is_local || self.origins.name(&name)
    }

    /// The restaurant's floor, by slug or id, if `staff` may enter it.
    pub async fn open(
        &self,
        staff: &Arc<Staff>,
        restaurant: &str,
    ) -> Result<(Pass, Arc<OpenFloor>), EnterError> {
        let found = self.floors.directory().find(restaurant);
        let restaurant_id = found.ok_or(EnterError::UnknownRestaurant)?;
        // Whether a restaurant exists is nobody's business who may not enter it.
        self.open_with(self.identity.enter(staff, restaurant_id)?).await
    }

    /// The floor that a pass opens, if its holder may look.
    pub async fn open_with(&self, pass: Pass) -> Result<(Pass, Arc<OpenFloor>), EnterError> {
        if !pass.has(Right::Look) {
            return Err(EnterError::NotAllowed);
        }
        let floor = self.floors.enter(&pass).await?;
        Ok((pass, floor))
    }
}
