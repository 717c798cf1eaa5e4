//! A request's body, read whole, within the limits.

use super::ground::Ground;
use crate::limits::Limit;
use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::time::Duration;

/// Why there is no whole body.
#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    /// It is larger than it may be.
    #[error("the body must have at most {bytes_max} bytes")]
    TooLarge {
        /// The limit.
        bytes_max: usize,
    },
    /// It broke off.
    #[error("the body broke off")]
    Broken,
    /// It did not come in time.
    #[error("the body took too long")]
    TooSlow,
}

impl Ground {
    /// The whole body, if it is not too large and does not take too long.
    pub(super) async fn read(&self, body: Body) -> Result<Bytes, BodyError> {
        let bytes_max = usize::try_from(self.limits.body_bytes).unwrap_or(usize::MAX);
        self.read_up_to(body, bytes_max).await
    }

    /// As [`Ground::read`], with a limit of the protocol's own.
    pub(super) async fn read_up_to(&self, body: Body, bytes_max: usize) -> Result<Bytes, BodyError> {
        let wait = Duration::from_secs(self.limits.body_seconds.into());
        let collected = tokio::time::timeout(wait, Limited::new(body, bytes_max).collect()).await;
        match collected {
            Ok(Ok(body)) => Ok(body.to_bytes()),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                self.gate.reached(Limit::BodyBytes);
                Err(BodyError::TooLarge { bytes_max })
            }
            Ok(Err(_)) => Err(BodyError::Broken),
            Err(_) => {
                self.gate.reached(Limit::BodySeconds);
                Err(BodyError::TooSlow)
            }
        }
    }
}
