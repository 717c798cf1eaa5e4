//! What admins and operators do about people, machines and restaurants.

pub(super) mod audit;
pub(super) mod devices;
pub(super) mod keys;
pub(super) mod people;
pub(super) mod restaurants;

use super::access::{Caller, Entered};
use super::commands::read_body;
use super::error::{ApiError, ErrorBody};
use super::{session, wire};
use crate::rights::Right;
use crate::surface::ground::Ground;
use axum::body::Body;
use serde::de::DeserializeOwned;

impl Entered {
    /// Reads a body with secrets in it, and goes on only if the caller still has `right` when it is there: a
    /// body may take its time, and rights may be gone by then.
    async fn read<T: DeserializeOwned>(
        self,
        ground: &Ground,
        body: Body,
        right: Right,
    ) -> Result<(Entered, T), ApiError> {
        let entered = self.with(right)?;
        let body = read_body(ground, body).await?;
        let entered = entered.still(ground)?.with(right)?;
        Ok((entered, wire::read_private(&body)?))
    }

    /// Goes on only if the caller has `right` in this restaurant.
    fn with(self, right: Right) -> Result<Entered, ApiError> {
        if self.pass.has(right) {
            Ok(self)
        } else {
            Err(ApiError::not_allowed())
        }
    }
}

impl Caller {
    /// As [`Entered::read`], for what concerns the caller alone.
    pub(super) async fn read<T: DeserializeOwned>(&self, ground: &Ground, body: Body) -> Result<T, ApiError> {
        let body = read_body(ground, body).await?;
        ground.identity.still(&self.0)?;
        wire::read_private(&body)
    }

    /// Goes on only if the caller runs this program.
    fn operating(self) -> Result<Caller, ApiError> {
        if self.0.is_operator() {
            Ok(self)
        } else {
            Err(ApiError::not_allowed())
        }
    }
}
