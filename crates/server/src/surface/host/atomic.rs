//! Several writes as one: `POST /transactions/atomic` and `POST /restaurants/{rid}/batch-update`.

use super::access::{Entered, Path};
use super::error::HostError;
use super::fields::object;
use super::guests::{at, guest};
use super::objects::TableObject;
use super::steps::{Operation, Problem, Step, first_missing, missing, steps};
use super::words;
use crate::floors::{Receipt, View};
use crate::surface::ground::Ground;
use crate::surface::once::{check_key, key_in};
use crate::surface::query::parameter;
use crate::surface::words::instant;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use floor::{Alias, Command, Entity, Event, Transaction};
use serde_json::{Value, json};

type Answer = Result<Response, HostError>;

/// Several writes, all of them or none.
#[utoipa::path(post, path = "/transactions/atomic", operation_id = "host_transact", tag = "host",
    params(("restaurant_id" = Option<String>, Query, description = "slug or integer id; also in the body, else the token's")),
    request_body = Object,
    responses(
        (status = 200, description = "done, or rolled back: `success` says which"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 409, description = "a table is another party's: nothing was done"),
        (status = 422, description = "not an object"),
    ))]
pub(super) async fn transact(State(ground): State<Ground>, request: Request) -> Answer {
    let (parts, body) = request.into_parts();
    let staff = ground.host_caller(&parts, None).await?;
    let body = ground.read(body).await?;
    let body_object = object(&body)?;
    let in_body = body_object
        .get("restaurant_id")
        .filter(|it| !it.is_null())
        .map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
    let named = parameter(parts.uri.query(), "restaurant_id").or(in_body);
    let restaurant = ground.meant(&staff, named.as_deref())?;
    let entered = ground.host_enter(&staff, &restaurant, "host_transact").await?;
    let name = match body_object.get("transaction_id") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(other) => Some(other.to_string()),
    };
    if let Some(name) = &name {
        check_key(name, "transaction_id")?;
    }
    let key = key_in(&parts.headers)?.or_else(|| name.clone());
    let view = entered.floor.view();
    let steps: Result<Vec<Step>, Problem> = steps(&view, &entered, &body_object).into_iter().collect();
    let steps = match steps {
        Ok(steps) => steps,
        Err(Problem::Missing(problem) | Problem::Told(problem)) => {
            return Ok(rolled_back(&ground, &entered, name.as_deref(), &problem));
        }
        Err(Problem::Answer(error)) => {
            return rolled_back_unless_taken(&ground, &entered, name.as_deref(), error);
        }
    };
    if steps.is_empty() {
        let body = json!({ "success": true, "transaction_id": name, "results": [] });
        return Ok(at(entered.floor.view().seq, body));
    }
    let missing = first_missing(&view, &steps);
    let done: Vec<_> = steps.iter().map(|it| (it.kind, it.operation)).collect();
    let transaction = Transaction {
        name: name.as_deref().and_then(|it| Alias::new(it).ok()),
        writes: steps.into_iter().map(|it| it.write).collect(),
    };
    match entered
        .ask(&ground, Command::Transact(transaction), key, &[b"atomic", &body])
        .await
    {
        Ok(receipt) => Ok(answered(&entered, &done, name.as_deref(), &receipt)),
        Err(error) if is_occupied(&error, &done) => {
            let problem = "Cannot delete an occupied table";
            Ok(rolled_back(&ground, &entered, name.as_deref(), problem))
        }
        Err(error) if error.status == StatusCode::NOT_FOUND => {
            let problem = missing.unwrap_or_else(|| error.text());
            Ok(rolled_back(&ground, &entered, name.as_deref(), &problem))
        }
        Err(error) => rolled_back_unless_taken(&ground, &entered, name.as_deref(), error),
    }
}

/// Whether a table was not taken away because somebody sits there: no double seating, but a rule of the house.
fn is_occupied(error: &HostError, done: &[(&'static str, Operation)]) -> bool {
    let step = error.index.and_then(|it| done.get(it));
    error.body["code"] == "table_taken" && step == Some(&("table", Operation::Delete))
}

fn answered(
    entered: &Entered,
    done: &[(&'static str, Operation)],
    name: Option<&str>,
    receipt: &Receipt,
) -> Response {
    let view = entered.floor.view();
    let entities = written(receipt);
    let results: Vec<Value> = done
        .iter()
        .zip(entities)
        .map(|(done, entity)| result(&view, *done, entity))
        .collect();
    let seq = receipt.change.seq;
    let mut body = json!({
        "success": true,
        "results": results,
        "processed_at": words::rest_time(receipt.change.at),
        "seq": seq,
    });
    if let Some(name) = name {
        body["transaction_id"] = json!(name);
    }
    at(seq, body)
}

fn written(receipt: &Receipt) -> &[Entity] {
    match receipt.change.events.last() {
        Some(Event::BatchCompleted { entities, .. }) => entities,
        _ => &[],
    }
}

fn result(view: &View, (kind, operation): (&str, Operation), entity: &Entity) -> Value {
    let (id, data) = match entity {
        Entity::PartyId(id) => (words::guest_id(*id), json!(guest(view, *id))),
        Entity::TableId(id) => {
            let table = view.floor.tables.get(id);
            let data = table.map(|it| TableObject::of(&view.floor, it));
            (words::table_id(*id), json!(data))
        }
    };
    let status = match operation {
        Operation::Create => "created",
        Operation::Update => "updated",
        Operation::Delete => "deleted",
    };
    json!({ "entity_type": kind, "entity_id": id, "status": status, "data": data, "error": null })
}

/// What a table that is not to be had is answered with stands for itself; everything else is rolled back.
fn rolled_back_unless_taken(
    ground: &Ground,
    entered: &Entered,
    name: Option<&str>,
    error: HostError,
) -> Answer {
    match error.status {
        StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
            Ok(rolled_back(ground, entered, name, &error.text()))
        }
        _ => Err(error),
    }
}

fn rolled_back(ground: &Ground, entered: &Entered, name: Option<&str>, problem: &str) -> Response {
    let body = json!({
        "success": false,
        "transaction_id": name,
        "processed_at": words::rest_time(ground.clock().now()),
        "results": [],
        "error": problem,
        "rolled_back": true,
    });
    at(entered.floor.view().seq, body)
}

/// Several flat updates: those of unknown ids are named, the others are carried out together.
#[utoipa::path(post, path = "/restaurants/{rid}/batch-update", operation_id = "host_batch_update", tag = "host",
    params(("rid" = String, Path, description = "slug or integer id")),
    request_body = Object,
    responses(
        (status = 200, description = "what was updated, and what was not"),
        (status = 401, description = "a bad or expired token"),
        (status = 403, description = "no token, or another restaurant"),
        (status = 409, description = "a table is another party's: nothing was done"),
        (status = 422, description = "not an object"),
    ))]
pub(super) async fn batch_update(
    State(ground): State<Ground>,
    Path(rid): Path<String>,
    request: Request,
) -> Answer {
    let (entered, parts, body) = ground.asked(request, &rid, "host_batch_update").await?;
    let body = ground.read(body).await?;
    let body_object = object(&body)?;
    let view = entered.floor.view();
    let mut errors = Vec::new();
    let mut known = Vec::new();
    for step in steps(&view, &entered, &body_object) {
        match step {
            Ok(step) => match missing(&view, &step, &known) {
                Some(problem) => errors.push(problem),
                None => known.push(step),
            },
            Err(Problem::Missing(problem)) => errors.push(problem),
            Err(Problem::Told(problem)) => return Err(HostError::rule(problem)),
            Err(Problem::Answer(error)) => return Err(error),
        }
    }
    let (mut updated_guests, mut updated_tables) = (Vec::new(), Vec::new());
    let mut seq = view.seq;
    if !known.is_empty() {
        let transaction = Transaction {
            name: None,
            writes: known.into_iter().map(|it| it.write).collect(),
        };
        let key = key_in(&parts.headers)?;
        let command = Command::Transact(transaction);
        let receipt = entered.ask(&ground, command, key, &[b"batch", &body]).await?;
        seq = receipt.change.seq;
        let view = entered.floor.view();
        for entity in written(&receipt) {
            match entity {
                Entity::PartyId(id) => updated_guests.extend(guest(&view, *id)),
                Entity::TableId(id) => {
                    let table = view.floor.tables.get(id);
                    updated_tables.extend(table.map(|it| TableObject::of(&view.floor, it)));
                }
            }
        }
    }
    let body = json!({
        "success": errors.is_empty(),
        "updated_guests": updated_guests,
        "updated_tables": updated_tables,
        "timestamp": instant(ground.clock().now()),
        "errors": if errors.is_empty() { Value::Null } else { json!(errors) },
        "seq": seq,
    });
    Ok(at(seq, body))
}
