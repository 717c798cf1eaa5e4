//! Writes of what a branch has: of what is there and of what is new, each done once under its key.

use super::access::{Aim, Asked, Entered, at_version, created, has_key, version_seen};
use super::error::BranchError;
use super::fields::object;
use super::ids;
use super::things::{Answer, Thing, found};
use crate::floors::Receipt;
use crate::rights::Right;
use crate::surface::ground::Ground;
use axum::extract::Request;
use axum::http::request::Parts;
use bytes::Bytes;
use floor::{Command, Floor, Label, Refusal, Seq};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A write, as it was asked for.
pub(super) struct Write<'a> {
    pub(super) ground: &'a Ground,
    pub(super) entered: Entered,
    pub(super) parts: Parts,
    pub(super) body: Bytes,
    /// The version that was seen.
    pub(super) version: Option<u64>,
}

impl<'a> Write<'a> {
    /// A write of the thing that an address names.
    pub(super) async fn of<T: Thing>(
        ground: &'a Ground,
        request: Request,
        operation: &str,
        id: &str,
    ) -> Result<Write<'a>, BranchError> {
        let aim = Aim::at(id, T::aim);
        let Asked { entered, parts, body } = ground.branch_asked(request, operation, aim).await?;
        let body = ground.read(body).await?;
        Write::asked(ground, entered, parts, body)
    }

    /// The same, where the address says all there is to say, and what is sent with it nothing.
    pub(super) async fn of_address<T: Thing>(
        ground: &'a Ground,
        request: Request,
        operation: &str,
        id: &str,
    ) -> Result<Write<'a>, BranchError> {
        let aim = Aim::at(id, T::aim);
        let Asked { entered, parts, .. } = ground.branch_asked(request, operation, aim).await?;
        Write::asked(ground, entered, parts, Bytes::new())
    }

    /// A write of something new, in the branch that the body names.
    pub(super) async fn of_new(
        ground: &'a Ground,
        request: Request,
        operation: &str,
    ) -> Result<Write<'a>, BranchError> {
        let (asked, body) = ground.branch_asked_by_body(request, operation).await?;
        Write::asked(ground, asked.entered, asked.parts, body)
    }

    fn asked(
        ground: &'a Ground,
        entered: Entered,
        parts: Parts,
        body: Bytes,
    ) -> Result<Write<'a>, BranchError> {
        let version = version_seen(&parts.headers)?;
        Ok(Write {
            ground,
            entered,
            parts,
            body,
            version,
        })
    }

    /// What was sent.
    pub(super) fn object(&self) -> Result<Map<String, Value>, BranchError> {
        object(&self.body)
    }

    /// Whether it is asked again, as far as one can tell: then what it is about may have gone since.
    pub(super) fn has_key(&self) -> bool {
        has_key(&self.parts)
    }

    /// What became of this same request when it was asked first under its key, and where.
    pub(super) async fn asked_before(&self) -> Result<Option<(Entered, Receipt)>, BranchError> {
        let Write { ground, entered, .. } = self;
        ground.asked_before(entered, &self.parts, &self.body).await
    }

    /// Makes something new. `make` makes the command, for a floor where it does not stand yet.
    pub(super) async fn create<T: Thing>(
        &self,
        label: &Label,
        make: impl FnOnce(&Floor) -> Result<Command, BranchError> + Send,
    ) -> Answer {
        let Write { ground, entered, .. } = self;
        if let Some((entered, receipt)) = self.asked_before().await? {
            return self.answer_new::<T>(&entered, &receipt).await;
        }
        let command = make(&entered.floor.view().floor)?;
        let asked = entered.ask(ground, &self.parts, &self.body, command).await;
        let receipt = asked.map_err(|error| self.in_words::<T>(entered, None, Some(label), error))?;
        self.answer_new::<T>(entered, &receipt).await
    }

    /// Changes a thing as `make` makes it out of what it is.
    pub(super) async fn change<T: Thing>(
        &self,
        id: &str,
        label: Option<&Label>,
        make: impl Fn(&T, &Floor) -> Result<Command, BranchError> + Send + Sync,
    ) -> Answer {
        if let Some((entered, receipt)) = self.asked_before().await? {
            return self.answer::<T>(&entered, id, &receipt).await;
        }
        let receipt = self.ask_over(&self.entered, id, label, make).await?;
        self.answer::<T>(&self.entered, id, &receipt).await
    }

    /// Asks for a change of a thing, there where it is.
    pub(super) async fn ask_over<T: Thing>(
        &self,
        entered: &Entered,
        id: &str,
        label: Option<&Label>,
        make: impl Fn(&T, &Floor) -> Result<Command, BranchError> + Send + Sync,
    ) -> Result<Receipt, BranchError> {
        let make = |floor: &Floor| make(found(entered, floor, id)?, floor);
        let asked = entered.ask_over(self.ground, &self.parts, &self.body, self.version, make);
        let asked = asked.await;
        asked.map_err(|error| self.in_words::<T>(entered, Some(id), label, error))
    }

    /// Takes a thing away.
    pub(super) async fn delete<T: Thing>(&self, id: &str, command: Command) -> Result<Seq, BranchError> {
        let Write { ground, entered, .. } = self;
        if let Some((_, receipt)) = self.asked_before().await? {
            return Ok(receipt.change.seq);
        }
        if !self.has_key() {
            found::<T>(entered, &entered.floor.view().floor, id)?;
        }
        let asked = entered.ask(ground, &self.parts, &self.body, command).await;
        let receipt = asked.map_err(|error| self.in_words::<T>(entered, Some(id), None, error))?;
        Ok(receipt.change.seq)
    }

    /// The answer to a change: the thing as the write left it.
    pub(super) async fn answer<T: Thing>(&self, entered: &Entered, id: &str, receipt: &Receipt) -> Answer {
        let floor = entered.floor_after(self.ground, receipt).await?;
        let thing: &T = found(entered, &floor, id)?;
        let whole = thing.whole(&entered.house(self.ground, &floor));
        Ok(at_version(receipt.change.seq, thing.version(), whole))
    }

    /// The answer to something new.
    async fn answer_new<T: Thing>(&self, entered: &Entered, receipt: &Receipt) -> Answer {
        let floor = entered.floor_after(self.ground, receipt).await?;
        let made = receipt.change.events.iter().find_map(T::made_by);
        let thing = made.and_then(|it| T::find(&floor, it));
        let thing = thing.ok_or_else(BranchError::fault)?;
        let plain = thing.plain(&entered.house(self.ground, &floor));
        Ok(created(receipt.change.seq, thing.version(), plain))
    }

    /// What this protocol says where what the floor says would not do.
    pub(super) fn in_words<T: Thing>(
        &self,
        entered: &Entered,
        id: Option<&str>,
        label: Option<&Label>,
        error: BranchError,
    ) -> BranchError {
        match error.refusal() {
            Some(Refusal::NumberInUse { .. } | Refusal::NameInUse { .. }) => {
                in_use::<T>(label.map_or("", Label::as_str))
            }
            Some(Refusal::Stale { version, .. }) => {
                let view = entered.floor.view();
                let house = entered.house(self.ground, &view.floor);
                let thing = id.and_then(|it| found::<T>(entered, &view.floor, it).ok());
                let current = thing.map(|it| json!(it.whole(&house)));
                let name = T::NAME.to_lowercase();
                let message = format!("The {name} has changed: it has version {version} now");
                BranchError::stale(message, current.unwrap_or_default())
            }
            _ => error,
        }
    }

    /// Checks that this is the branch that something new is for.
    pub(super) fn check_branch(&self, branch: Option<Uuid>) -> Result<(), BranchError> {
        if self.entered.is_aim {
            return Ok(());
        }
        let branch = branch.map(|it| it.to_string()).unwrap_or_default();
        Err(self.ground.not_that_branch(&branch))
    }

    /// Checks that a thing is not to go to another branch: only tables do.
    pub(super) fn check_stays<T: Thing>(&self, branch: Option<Uuid>) -> Result<(), BranchError> {
        let Write { ground, entered, .. } = self;
        let home = ids::branch(entered.restaurant_id());
        let Some(there) = branch.filter(|it| *it != home) else {
            return Ok(());
        };
        let pass = ids::branch_of(there).and_then(|it| ground.identity.enter(&entered.staff, it).ok());
        Err(if pass.is_some_and(|it| it.has(Right::House)) {
            let name = T::NAME.to_lowercase();
            BranchError::rule(format!("A {name} cannot go to another branch"))
        } else {
            ground.not_that_branch(&there.to_string())
        })
    }
}

/// Another one is called so.
pub(super) fn in_use<T: Thing>(label: &str) -> BranchError {
    BranchError::rule(format!("{} already exists in this branch", T::called(label)))
}
