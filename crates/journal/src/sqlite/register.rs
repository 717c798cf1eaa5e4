//! The register: what the writer's task does inside its transaction, and what the readers answer.

use super::Sqlite;
use crate::{AuditEntry, AuditRow, Register, RegisterError, Registration, StorageError, StorageErrorKind};
use floor::RestaurantId;
use jiff::Timestamp;

impl Sqlite {
    pub(crate) async fn register(&self, _now: Timestamp) -> Result<Register, StorageError> {
        Err(StorageError::new(StorageErrorKind::Other))
    }

    pub(crate) async fn enter(
        &self,
        _writes: Vec<Registration>,
        _audit: Vec<AuditEntry>,
    ) -> Result<(), RegisterError> {
        Err(StorageError::new(StorageErrorKind::Other).into())
    }

    pub(crate) async fn audit(
        &self,
        _restaurants: Option<&[RestaurantId]>,
        _before: Option<u64>,
        _limit: usize,
    ) -> Result<Vec<AuditRow>, StorageError> {
        Err(StorageError::new(StorageErrorKind::Other))
    }
}
