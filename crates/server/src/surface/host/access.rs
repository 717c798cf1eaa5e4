//! The way in: a token, a key, or a network that the house trusts.

use super::error::HostError;
use crate::floors::{OpenFloor, Receipt, View};
use crate::identity::{Credential, Pass, Staff, Way};
use crate::rights::{self, Access, HOST};
use crate::surface::control::Control;
use crate::surface::ground::{EnterError, Ground};
use crate::surface::once::key_of;
use crate::surface::query::parameter;
use crate::surface::seen::{NotSeen, view_asked};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use floor::{Change, Command, Floor, Seq, Touched};
use serde::de::DeserializeOwned;
use std::sync::Arc;

/// A restaurant that the caller may enter, its floor, and what is asked about it.
pub(super) struct Entered {
    pub(super) pass: Pass,
    pub(super) floor: Arc<OpenFloor>,
    /// Its name in addresses.
    pub(super) slug: String,
}

impl Ground {
    /// Who asks: by `Authorization`, by `token`, or as a neighbour from a trusted network.
    pub(super) async fn host_caller(
        &self,
        asked: &Parts,
        token: Option<&str>,
    ) -> Result<Arc<Staff>, HostError> {
        // A page from elsewhere must not get in by a browser that is in the house, whatever it shows.
        self.origins.check(asked)?;
        let header = asked.headers.get(header::AUTHORIZATION);
        let credential = match header.map(|it| Credential::in_authorization(it.to_str().unwrap_or_default()))
        {
            Some(Some(credential)) => Some(credential),
            Some(None) => {
                let detail = "Invalid authentication credentials";
                return Err(HostError::new(StatusCode::FORBIDDEN, detail));
            }
            None => token.map(|it| Credential::new(it, Way::Query)),
        };
        if credential.is_some() || asked.extensions.get::<Control>().is_some() {
            return Ok(self.caller(asked, credential).await?);
        }
        self.neighbour(asked).ok_or_else(HostError::not_authenticated)
    }

    /// Who asks, and the floor that they may ask it of, with the rest of the request.
    pub(super) async fn asked(
        &self,
        request: Request,
        restaurant: &str,
        operation: &str,
    ) -> Result<(Entered, Parts, Body), HostError> {
        let (parts, body) = request.into_parts();
        let staff = self.host_caller(&parts, None).await?;
        let entered = self.host_enter(&staff, restaurant, operation).await?;
        Ok((entered, parts, body))
    }

    /// The restaurant that somebody means: the one they name, else their own, else the house's default.
    pub(super) fn meant(&self, staff: &Arc<Staff>, named: Option<&str>) -> Result<String, HostError> {
        if let Some(named) = named.filter(|it| !it.is_empty()) {
            return Ok(named.to_owned());
        }
        let directory = self.floors.directory();
        if !staff.is_neighbour() {
            let home = self.identity.home(staff).ok_or_else(HostError::denied)?;
            return Ok(home.restaurant_id().to_string());
        }
        if let Some(default) = &self.host.default_restaurant {
            return Ok(default.clone());
        }
        match directory.list().as_slice() {
            [(only, _)] => Ok(only.to_string()),
            _ => Err(HostError::rule(
                "restaurant_id is required: there is more than one restaurant here",
            )),
        }
    }

    /// The floor of a restaurant for one of this surface's operations.
    pub(super) async fn host_enter(
        &self,
        staff: &Arc<Staff>,
        restaurant: &str,
        operation: &str,
    ) -> Result<Entered, HostError> {
        let (pass, floor) = match self.open(staff, restaurant).await {
            Ok(opened) => opened,
            Err(EnterError::UnknownRestaurant) => {
                let removed = self.floors.directory().find_removed_too(restaurant);
                // Whether there was such a restaurant is nobody's business who did not belong to it.
                return Err(if removed.is_some_and(|it| self.identity.belongs(staff, it)) {
                    HostError::new(StatusCode::FORBIDDEN, "Restaurant account is inactive")
                } else if staff.is_neighbour() || staff.is_operator() {
                    HostError::not_found()
                } else {
                    HostError::denied()
                });
            }
            Err(error) => return Err(error.into()),
        };
        match rights::access(HOST, operation) {
            Some(Access::Needs(right)) if pass.has(right) => {}
            _ => return Err(HostError::not_allowed()),
        }
        let slug = self
            .floors
            .directory()
            .slug(pass.restaurant_id())
            .unwrap_or_default();
        Ok(Entered { pass, floor, slug })
    }
}

/// What an address names. What cannot be read is nothing that is there.
pub(super) struct Path<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = HostError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HostError> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|it| Path(it.0)).map_err(|_| HostError::not_found())
    }
}

impl Entered {
    /// The floor now, or once it has come as far as the caller asks.
    pub(super) async fn view(&self, asked: &Parts) -> Result<Arc<View>, HostError> {
        let named = parameter(asked.uri.query(), "min_seq");
        let view = view_asked(&self.floor, &asked.headers, named.as_deref()).await;
        view.map_err(|error| match error {
            NotSeen::NoPlace => HostError::rule(error.to_string()),
            NotSeen::NotYet => HostError::new(StatusCode::SERVICE_UNAVAILABLE, error.to_string()).later(1),
        })
    }

    /// The floor right after a change, and what the change touched: for an answer about what has gone since.
    pub(super) async fn then(&self, ground: &Ground, change: &Change) -> Result<(Floor, Touched), HostError> {
        let journal = ground.floors.journal();
        let before = Seq(change.seq.0.saturating_sub(1));
        let found = journal.floor_at(change.restaurant_id, before).await?;
        let mut floor = found.map_or_else(|| Floor::new(change.restaurant_id), |it| it.0);
        let touched = journal::fold(&mut floor, change).touched;
        Ok((floor, touched))
    }

    /// Asks the floor for a write. `name` is the client's own name for it, under which asking again gives the first
    /// answer; `body` is what it may not differ in then.
    pub(super) async fn ask(
        &self,
        ground: &Ground,
        command: Command,
        name: Option<String>,
        body: &[&[u8]],
    ) -> Result<Receipt, HostError> {
        ground.gate.command(&self.pass)?;
        let key = name.map(|it| key_of(&self.pass, it, body));
        Ok(self.floor.ask(command, self.pass.by(HOST), key).await?)
    }
}
