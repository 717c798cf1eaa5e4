//! What a branch has that goes by an id: tables, floor plans, sections. How they are found, shown and listed.

use super::access::{Aim, Asked, Entered, at, at_version};
use super::error::BranchError;
use super::fields::uuid;
use super::ids;
use super::listing::Listing;
use super::objects::House;
use crate::floors::View;
use crate::identity::Staff;
use crate::surface::ground::Ground;
use axum::Json;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use floor::{Event, Floor, Label};
use serde::Serialize;
use std::cmp::Ordering;
use std::sync::Arc;
use uuid::Uuid;

/// What is answered.
pub(super) type Answer = Result<Response, BranchError>;

/// A kind of things.
pub(super) trait Thing: Sized + 'static {
    /// What one is.
    const NAME: &'static str;
    /// One by itself, as who has made it is shown it.
    type Plain: Serialize;
    /// One with what it is related to, as everybody else is.
    type Whole: Serialize;

    /// What a request is about that names one.
    fn aim(id: Uuid) -> Aim;
    /// All that are there.
    fn all(floor: &Floor) -> impl Iterator<Item = &Self>;
    /// The one with this id.
    fn find(floor: &Floor, id: Uuid) -> Option<&Self>;
    /// The one that this event has made.
    fn made_by(event: &Event) -> Option<Uuid>;
    /// What people call it.
    fn label(&self) -> &Label;
    /// What it is called in a sentence.
    fn called(label: &str) -> String;
    /// How often it has been written.
    fn version(&self) -> u64;
    /// It, by itself.
    fn plain(&self, house: &House<'_>) -> Self::Plain;
    /// It, with what it is related to.
    fn whole(&self, house: &House<'_>) -> Self::Whole;

    /// There is none with this id.
    fn missing(id: impl std::fmt::Display) -> BranchError {
        BranchError::none(Self::NAME, id)
    }
}

/// The thing of an address, if this is where it is.
pub(super) fn found<'a, T: Thing>(
    entered: &Entered,
    floor: &'a Floor,
    id: &str,
) -> Result<&'a T, BranchError> {
    let thing = uuid(id).and_then(|it| T::find(floor, it));
    thing.filter(|_| entered.is_aim).ok_or_else(|| T::missing(id))
}

impl Ground {
    /// The branch and the floor of a thing that is asked about.
    pub(super) async fn branch_of<T: Thing>(
        &self,
        request: Request,
        operation: &str,
        id: &str,
    ) -> Result<(Entered, Arc<View>), BranchError> {
        let aim = Aim::at(id, T::aim);
        let asked = self.branch_asked(request, operation, aim).await?;
        let view = asked.entered.view(&asked.parts).await?;
        found::<T>(&asked.entered, &view.floor, id)?;
        Ok((asked.entered, view))
    }

    /// A thing, by its id.
    pub(super) async fn branch_show<T: Thing>(&self, request: Request, operation: &str, id: &str) -> Answer {
        let (entered, view) = self.branch_of::<T>(request, operation, id).await?;
        let thing: &T = found(&entered, &view.floor, id)?;
        Ok(show(self, &entered, &view, thing))
    }

    /// A thing of a branch, by what it is called.
    pub(super) async fn branch_show_called<T: Thing>(
        &self,
        request: Request,
        operation: &str,
        (branch, label): (&str, &str),
    ) -> Answer {
        let aim = Aim::at(branch, Aim::Branch);
        let asked = self.branch_asked(request, operation, aim).await?;
        let missing = || BranchError::not_found(format!("{} not found in this branch", T::called(label)));
        if !asked.entered.is_aim {
            let error = self.not_that_branch(branch);
            return Err(if error.is_forbidden() { error } else { missing() });
        }
        let view = asked.entered.view(&asked.parts).await?;
        let thing = T::all(&view.floor).find(|it| it.label().as_str() == label);
        Ok(show(self, &asked.entered, &view, thing.ok_or_else(missing)?))
    }

    /// What is asked about a branch that an address names.
    pub(super) async fn branch_named(
        &self,
        request: Request,
        operation: &str,
        branch: &str,
    ) -> Result<Asked, BranchError> {
        let aim = Aim::at(branch, Aim::Branch);
        let asked = self.branch_asked(request, operation, aim).await?;
        if asked.entered.is_aim {
            Ok(asked)
        } else {
            Err(self.not_that_branch(branch))
        }
    }

    /// The branches in reach, or the one that is asked for, each as it is now.
    pub(super) async fn branch_views(
        &self,
        (staff, parts): (&Arc<Staff>, &Parts),
        branch: Option<Uuid>,
    ) -> Result<Views, BranchError> {
        let mut views = Vec::new();
        let in_reach = self.branches_in_reach(staff).await?;
        // What is on its way from one of them to another is in one list, and in one only.
        let still = self.floors.between_moves().await;
        for entered in in_reach {
            if branch.is_some_and(|it| it != ids::branch(entered.restaurant_id())) {
                continue;
            }
            let present = entered.floor.view();
            if entered.house(self, &present.floor).mode().is_ok() {
                views.push((entered, present));
            }
        }
        drop(still);
        if let [(entered, view)] = views.as_mut_slice() {
            *view = entered.view(parts).await?;
        }
        Ok(Views(views))
    }
}

/// A thing as the answer to a question about it.
fn show<T: Thing>(ground: &Ground, entered: &Entered, view: &View, thing: &T) -> Response {
    let whole = thing.whole(&entered.house(ground, &view.floor));
    at_version(view.seq, thing.version(), whole)
}

/// Several branches, each as it was at one place.
pub(super) struct Views(pub(super) Vec<(Entered, Arc<View>)>);

impl Views {
    /// A page of what they have, of that what is wanted, in order.
    pub(super) fn page<T: Thing>(
        &self,
        ground: &Ground,
        listing: Listing,
        is_wanted: impl Fn(&T) -> bool,
        compare: impl Fn(&str, &T, &T) -> Ordering,
    ) -> Response {
        let mut things: Vec<(&Entered, &View, &T)> = Vec::new();
        for (entered, view) in &self.0 {
            let wanted = T::all(&view.floor).filter(|it| is_wanted(it));
            things.extend(wanted.map(|it| (entered, &**view, it)));
        }
        listing.sort(&mut things, |by, a, b| compare(by, a.2, b.2));
        let page = listing.page(&things, |(entered, view, thing)| {
            thing.whole(&entered.house(ground, &view.floor))
        });
        self.answer(page)
    }

    /// An answer about all of them, which has a place only where there is one.
    pub(super) fn answer(&self, body: impl Serialize) -> Response {
        match self.0.as_slice() {
            [(_, view)] => at(view.seq, body),
            _ => Json(body).into_response(),
        }
    }
}
