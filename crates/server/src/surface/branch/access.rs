//! The way in. What is looked at, in this order: the token, the role, the branch's mode, what was sent, and only then
//! what it is about.

use super::error::BranchError;
use super::fields::uuid;
use super::ids;
use super::objects::House;
use crate::floors::{AskError, IdempotencyKey, OpenFloor, Receipt, View};
use crate::identity::{Credential, Pass, Staff};
use crate::rights::{self, Access, BRANCH, Right};
use crate::surface::control::Control;
use crate::surface::ground::Ground;
use crate::surface::once::{key_in, key_of};
use crate::surface::seen::{MIN_SEQ, view_asked};
use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use floor::{Command, Floor, PlanId, Refusal, RestaurantId, SectionId, Seq, TableId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::sync::Arc;
use uuid::Uuid;

/// The place in the journal that an answer shows.
const X_SEQ: HeaderName = HeaderName::from_static("x-seq");

/// What a request is about, as far as its address or body says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aim {
    /// The caller's own branch.
    Home,
    /// A branch.
    Branch(Uuid),
    /// A floor plan.
    Plan(Uuid),
    /// A section.
    Section(Uuid),
    /// A table.
    Table(Uuid),
}

/// The branch where something is, and its floor when it was found there.
type Found = (Pass, Option<Arc<View>>);

/// A branch that the caller may enter, and its floor.
#[derive(Clone)]
pub(super) struct Entered {
    pub(super) staff: Arc<Staff>,
    pub(super) pass: Pass,
    pub(super) floor: Arc<OpenFloor>,
    pub(super) slug: String,
    /// Whether this is the branch that the request is about, and not just where the caller is at home.
    pub(super) is_aim: bool,
    /// The floor as it was when what the request is about was found there.
    seen: Option<Arc<View>>,
}

/// What was asked: who asks, and the rest of the request.
pub(super) struct Asked {
    pub(super) entered: Entered,
    pub(super) parts: Parts,
    pub(super) body: Body,
}

/// What an address names in one place. What cannot be read is nothing that is there.
pub(super) struct Path<T>(pub(super) T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = BranchError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, BranchError> {
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|it| Path(it.0))
            .map_err(|_| BranchError::no_route(parts))
    }
}

impl Aim {
    /// What a text in an address names, if it is an id at all.
    pub(super) fn at(text: &str, kind: fn(Uuid) -> Aim) -> Aim {
        uuid(text).map_or(Aim::Home, kind)
    }
}

impl Ground {
    /// Who asks.
    pub(super) async fn branch_caller(&self, asked: &Parts) -> Result<Arc<Staff>, BranchError> {
        // A page from elsewhere must not get in by a browser that is in the house, whatever it shows.
        self.origins.check(asked)?;
        let header = asked.headers.get(header::AUTHORIZATION);
        let credential = header.map(|it| Credential::in_authorization(it.to_str().unwrap_or_default()));
        match credential {
            Some(None) => Err(BranchError::unauthorized()),
            None if self.branch.open && asked.extensions.get::<Control>().is_none() => {
                self.neighbour(asked).ok_or_else(BranchError::unauthorized)
            }
            credential => Ok(self.caller(asked, credential.flatten()).await?),
        }
    }

    /// Who asks, the branch that it is about and its floor, once the role and the branch's mode have been looked at.
    pub(super) async fn branch_asked(
        &self,
        request: Request,
        operation: &str,
        aim: Aim,
    ) -> Result<Asked, BranchError> {
        let (parts, body) = request.into_parts();
        let staff = self.branch_caller(&parts).await?;
        let entered = self.branch_enter(&staff, operation, aim).await?;
        Ok(Asked { entered, parts, body })
    }

    /// The same, for a body that says which branch it is about.
    pub(super) async fn branch_asked_by_body(
        &self,
        request: Request,
        operation: &str,
    ) -> Result<(Asked, Bytes), BranchError> {
        let (parts, body) = request.into_parts();
        let staff = self.branch_caller(&parts).await?;
        let body = self.read(body).await?;
        let said: Option<Map<String, Value>> = serde_json::from_slice(&body).ok();
        let aim = said.as_ref().and_then(|it| it.get("branchId")?.as_str());
        let aim = aim.map_or(Aim::Home, |it| Aim::at(it, Aim::Branch));
        let entered = self.branch_enter(&staff, operation, aim).await?;
        let asked = Asked {
            entered,
            parts,
            body: Body::empty(),
        };
        Ok((asked, body))
    }

    /// The branch that a request is about, or else the caller's own.
    pub(super) async fn branch_enter(
        &self,
        staff: &Arc<Staff>,
        operation: &str,
        aim: Aim,
    ) -> Result<Entered, BranchError> {
        let found = self.branch_aimed_at(staff, aim).await?;
        let is_aim = found.is_some();
        let (pass, seen) = match found {
            Some(found) => found,
            None => {
                let home = self.identity.home(staff).ok_or_else(BranchError::forbidden)?;
                (self.branch_of_none(staff, operation, aim).unwrap_or(home), None)
            }
        };
        match rights::access(BRANCH, operation) {
            Some(Access::Needs(right)) if pass.has(right) => {}
            _ => return Err(BranchError::forbidden()),
        }
        let entered = Entered {
            seen,
            ..self.branch_entered(staff, pass, is_aim).await?
        };
        if has_mode(operation)
            && let Err(problem) = entered.mode(self)
        {
            // Of several branches those are shown that are on.
            let is_elsewhere = spans_branches(operation) && !entered.is_aim;
            if !is_elsewhere || !self.any_mode_on(staff).await? {
                return Err(BranchError::closed(problem));
            }
        }
        Ok(entered)
    }

    /// The branch that answers for a thing that is in none: one where the caller might have had it.
    fn branch_of_none(&self, staff: &Arc<Staff>, operation: &str, aim: Aim) -> Option<Pass> {
        let Some(Access::Needs(right)) = rights::access(BRANCH, operation) else {
            return None;
        };
        let is_thing = matches!(aim, Aim::Plan(_) | Aim::Section(_) | Aim::Table(_));
        let mut in_reach = self.identity.reach(staff).into_iter().filter(|_| is_thing);
        in_reach.find(|it| it.has(right))
    }

    async fn any_mode_on(&self, staff: &Arc<Staff>) -> Result<bool, BranchError> {
        let in_reach = self.branches_in_reach(staff).await?;
        Ok(in_reach.iter().any(|it| it.mode(self).is_ok()))
    }

    pub(super) async fn branch_entered(
        &self,
        staff: &Arc<Staff>,
        pass: Pass,
        is_aim: bool,
    ) -> Result<Entered, BranchError> {
        let slug = self.floors.directory().slug(pass.restaurant_id());
        let (pass, floor) = self.open_with(pass).await?;
        Ok(Entered {
            staff: Arc::clone(staff),
            pass,
            floor,
            slug: slug.unwrap_or_default(),
            is_aim,
            seen: None,
        })
    }

    async fn branch_aimed_at(&self, staff: &Arc<Staff>, aim: Aim) -> Result<Option<Found>, BranchError> {
        let holds: Box<dyn Fn(&Floor) -> bool + Send + Sync> = match aim {
            Aim::Home => return Ok(None),
            Aim::Branch(id) => {
                let restaurant_id = ids::branch_of(id);
                let pass = restaurant_id.and_then(|it| self.identity.enter(staff, it).ok());
                return Ok(pass.map(|it| (it, None)));
            }
            Aim::Plan(id) => match ids::plan_of(id) {
                Some(id) => Box::new(move |it: &Floor| it.plans.contains_key(&id)),
                None => return Ok(None),
            },
            Aim::Section(id) => match ids::section_of(id) {
                Some(id) => Box::new(move |it: &Floor| it.sections.contains_key(&id)),
                None => return Ok(None),
            },
            Aim::Table(id) => match ids::table_of(id) {
                Some(id) => Box::new(move |it: &Floor| it.tables.contains_key(&id)),
                None => return Ok(None),
            },
        };
        if let Some(found) = self.where_it_is(staff, &holds).await? {
            return Ok(Some(found));
        }
        // What is on its way from one branch to another is in neither, as far as one sees.
        let _still = self.floors.between_moves().await;
        self.where_it_is(staff, &holds).await
    }

    async fn where_it_is(
        &self,
        staff: &Arc<Staff>,
        holds: &(dyn Fn(&Floor) -> bool + Send + Sync),
    ) -> Result<Option<Found>, BranchError> {
        for pass in self.identity.reach(staff) {
            let view = self.floors.enter(&pass).await?.view();
            if holds(&view.floor) {
                return Ok(Some((pass, Some(view))));
            }
        }
        Ok(None)
    }

    /// What became of a write when it was asked for the first time under its key, in whichever branch that was. What
    /// it was about may have gone since.
    pub(super) async fn asked_before(
        &self,
        entered: &Entered,
        parts: &Parts,
        body: &[u8],
    ) -> Result<Option<(Entered, Receipt)>, BranchError> {
        if !has_key(parts) {
            return Ok(None);
        }
        for pass in self.identity.reach(&entered.staff) {
            let Some(key) = key_for(&pass, parts, body)? else {
                return Ok(None);
            };
            if let Some(receipt) = self.floors.first_answer(&pass, &key).await? {
                self.gate.command(&pass)?;
                let entered = self.branch_entered(&entered.staff, pass, true).await?;
                return Ok(Some((entered, receipt)));
            }
        }
        Ok(None)
    }

    /// Every branch that the caller may look at, as far as its mode lets its tables be seen.
    pub(super) async fn branches_in_reach(&self, staff: &Arc<Staff>) -> Result<Vec<Entered>, BranchError> {
        let mut all = Vec::new();
        for pass in self.identity.reach(staff) {
            if pass.has(Right::Look) {
                all.push(self.branch_entered(staff, pass, true).await?);
            }
        }
        Ok(all)
    }

    /// Why a branch that was named is not the one that was entered.
    pub(super) fn not_that_branch(&self, id: &str) -> BranchError {
        let restaurant_id = uuid(id).and_then(ids::branch_of);
        if restaurant_id.is_some_and(|it| self.floors.directory().holds(it)) {
            return BranchError::forbidden();
        }
        BranchError::not_found(format!("Branch with ID {id} not found"))
    }
}

/// Whether an operation is one of those that a branch's mode can switch off.
fn has_mode(operation: &str) -> bool {
    ["branch_table", "branch_plan", "branch_section"]
        .iter()
        .any(|it| operation.starts_with(it))
}

/// Whether an operation is about every branch in reach where none is named.
fn spans_branches(operation: &str) -> bool {
    operation.ends_with("_list") || operation == "branch_table_by_server"
}

impl Entered {
    /// Why this branch's tables are not shown now, where they are not.
    pub(super) fn mode(&self, ground: &Ground) -> Result<(), &'static str> {
        self.house(ground, &self.floor.view().floor).mode()
    }

    /// Its floor and people, for showing.
    pub(super) fn house<'a>(&'a self, ground: &'a Ground, floor: &'a Floor) -> House<'a> {
        House {
            floor,
            identity: &ground.identity,
            slug: &self.slug,
        }
    }

    pub(super) fn restaurant_id(&self) -> RestaurantId {
        self.pass.restaurant_id()
    }

    /// The floor now, or once it has come as far as the caller asks.
    pub(super) async fn view(&self, asked: &Parts) -> Result<Arc<View>, BranchError> {
        if let Some(seen) = self
            .seen
            .as_ref()
            .filter(|_| !asked.headers.contains_key(MIN_SEQ))
        {
            return Ok(Arc::clone(seen));
        }
        Ok(view_asked(&self.floor, &asked.headers, None).await?)
    }

    /// Asks the floor for a write, which the request says whole: asked again under the same key, it is done once.
    pub(super) async fn ask(
        &self,
        ground: &Ground,
        parts: &Parts,
        body: &[u8],
        command: Command,
    ) -> Result<Receipt, BranchError> {
        ground.gate.command(&self.pass)?;
        let key = key_for(&self.pass, parts, body)?;
        Ok(self.floor.ask(command, self.pass.by(BRANCH), key).await?)
    }

    /// Asks for a write that `make` makes out of what is there and out of the version that it has there. Whoever has
    /// named no version of their own is not told that somebody wrote in between: it is made again.
    pub(super) async fn ask_over(
        &self,
        ground: &Ground,
        parts: &Parts,
        body: &[u8],
        version: Option<u64>,
        make: impl Fn(&Floor) -> Result<Command, BranchError>,
    ) -> Result<Receipt, BranchError> {
        ground.gate.command(&self.pass)?;
        let key = key_for(&self.pass, parts, body)?;
        loop {
            let command = make(&self.floor.view().floor)?;
            let asked = self.floor.ask(command, self.pass.by(BRANCH), key.clone()).await;
            match asked {
                Err(AskError::Refused(Refusal::Stale { .. })) if version.is_none() => {}
                asked => return Ok(asked?),
            }
        }
    }

    /// The floor as a write left it, whatever has been written since.
    pub(super) async fn floor_after(
        &self,
        ground: &Ground,
        receipt: &Receipt,
    ) -> Result<Arc<Floor>, BranchError> {
        let (view, seq) = (self.floor.view(), receipt.change.seq);
        if view.seq == seq {
            return Ok(Arc::clone(&view.floor));
        }
        let journal = ground.floors.journal();
        let then = journal.floor_at(self.restaurant_id(), seq).await;
        // It is done, whatever can be shown of it: nobody should be told to ask again.
        let then = then.inspect_err(|error| {
            let error: &dyn std::error::Error = error;
            tracing::error!(error, "what a write has left cannot be read");
        });
        let then = then.ok().flatten().ok_or_else(BranchError::fault)?;
        Ok(Arc::new(then.0))
    }
}

/// The key of a write, if it has one: good for this method, this address with its query, and this body.
pub(super) fn key_for(
    pass: &Pass,
    parts: &Parts,
    body: &[u8],
) -> Result<Option<IdempotencyKey>, BranchError> {
    let said: [&[u8]; 4] = [
        parts.method.as_str().as_bytes(),
        parts.uri.path().as_bytes(),
        parts.uri.query().unwrap_or_default().as_bytes(),
        body,
    ];
    let key = key_in(&parts.headers)?;
    Ok(key.map(|it| key_of(pass, it, &said)))
}

/// Whether a write is asked again, as far as one can tell: then what it is about may have gone since.
pub(super) fn has_key(parts: &Parts) -> bool {
    parts.headers.contains_key(crate::surface::once::KEY_HEADER)
}

/// The version in `If-Match`: none, when any will do.
pub(super) fn version_seen(headers: &HeaderMap) -> Result<Option<u64>, BranchError> {
    let Some(header) = headers.get(header::IF_MATCH) else {
        return Ok(None);
    };
    let text = header.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let version = text.trim_start_matches("W/").trim_matches('"').parse();
    let problem = "If-Match must be * or a version such as \"3\"";
    version.map(Some).map_err(|_| BranchError::rule(problem))
}

/// The table of an id in an address.
pub(super) fn table_id(text: &str) -> Option<TableId> {
    ids::table_of(uuid(text)?)
}

/// The section of an id in an address.
pub(super) fn section_id(text: &str) -> Option<SectionId> {
    ids::section_of(uuid(text)?)
}

/// The floor plan of an id in an address.
pub(super) fn plan_id(text: &str) -> Option<PlanId> {
    ids::plan_of(uuid(text)?)
}

/// An answer that shows the floor at a place.
pub(super) fn at(seq: Seq, body: impl Serialize) -> Response {
    ([(X_SEQ, seq.to_string())], Json(body)).into_response()
}

/// The same about one thing of that version.
pub(super) fn at_version(seq: Seq, version: u64, body: impl Serialize) -> Response {
    let headers = [(X_SEQ, seq.to_string()), (header::ETAG, format!("\"{version}\""))];
    (headers, Json(body)).into_response()
}

/// The same, for something new.
pub(super) fn created(seq: Seq, version: u64, body: impl Serialize) -> Response {
    (StatusCode::CREATED, at_version(seq, version, body)).into_response()
}

/// The answer to a deletion: nothing.
pub(super) fn gone(seq: Seq) -> Response {
    ([(X_SEQ, seq.to_string())], Body::empty()).into_response()
}
