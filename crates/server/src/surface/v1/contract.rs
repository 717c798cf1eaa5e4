//! v1 as documents: OpenAPI for requests, AsyncAPI for the stream, both made from the types.

use super::frames::{ChangeView, FloorView, GuestEntry, ResetReason, ToScreen};
use super::wire::FromScreen;
use crate::rights::{self, Access};
use serde_json::{Value, json};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, LicenseBuilder, OpenApi};
use utoipa::{Modify, PartialSchema, ToSchema};

/// The OpenAPI document.
#[derive(utoipa::OpenApi)]
#[openapi(
    components(schemas(
        floor::Command, floor::Event, floor::By, FloorView, ChangeView, GuestEntry, ResetReason, FromScreen,
    )),
    modifiers(&Bearer),
    security(("bearer" = [])),
)]
pub(super) struct Documented;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut OpenApi) {
        openapi.info = InfoBuilder::new()
            .title("maitred v1")
            .version("1")
            .description(Some(
                "A real-time floor server for restaurants: commands, the floor, and its changes.",
            ))
            .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
            .build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build()),
        );
        let mut schemas = Vec::new();
        ToScreen::schemas(&mut schemas);
        components.schemas.extend(schemas);
        components
            .schemas
            .insert("ToScreen".to_owned(), ToScreen::schema());
    }
}

/// The OpenAPI document as JSON, with commands as they are on the wire: flat, tagged by `command`.
#[must_use]
pub(in super::super) fn openapi(documented: &OpenApi) -> Value {
    let mut document = serde_json::to_value(documented).expect("a document is always JSON");
    let command = &mut document["components"]["schemas"]["Command"];
    *command = flat_command(command.take());
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    for operation in paths.flat_map(|(_, it)| it.as_object_mut().into_iter().flatten()) {
        let operation = operation.1;
        let id = operation["operationId"].as_str().unwrap_or_default();
        let access = [rights::V1, rights::HOST]
            .into_iter()
            .find_map(|it| rights::access(it, id));
        if access == Some(Access::Public) {
            operation["security"] = json!([]);
        }
    }
    document
}

/// The AsyncAPI document as JSON.
#[must_use]
pub(in super::super) fn asyncapi(openapi: &Value) -> Value {
    let payload = |name: &str| json!({ "payload": { "$ref": format!("#/components/schemas/{name}") } });
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "maitred v1 stream",
            "version": "1",
            "description": "One WebSocket per screen: a snapshot or an exact resume, then every change.",
        },
        "channels": {
            "stream": {
                "address": "/v1/restaurants/{restaurant}/stream",
                "parameters": { "restaurant": { "description": "slug or integer id" } },
                "messages": { "toScreen": payload("ToScreen"), "fromScreen": payload("FromScreen") },
                "bindings": { "ws": { "method": "GET", "query": {
                    "type": "object",
                    "properties": {
                        "after": { "type": "integer", "minimum": 0 },
                        "epoch": { "type": "string" },
                    },
                } } },
            },
        },
        "operations": {
            "hear": {
                "action": "send",
                "channel": { "$ref": "#/channels/stream" },
                "messages": [{ "$ref": "#/channels/stream/messages/toScreen" }],
            },
            "say": {
                "action": "receive",
                "channel": { "$ref": "#/channels/stream" },
                "messages": [{ "$ref": "#/channels/stream/messages/fromScreen" }],
            },
        },
        "components": { "schemas": openapi["components"]["schemas"].clone() },
    })
}

/// Every variant `{name: {…fields}}` as `{command: name, …fields}`.
fn flat_command(schema: Value) -> Value {
    let Value::Object(mut schema) = schema else {
        return schema;
    };
    let Some(Value::Array(variants)) = schema.get_mut("oneOf") else {
        return Value::Object(schema);
    };
    for variant in variants {
        let Some((name, fields)) = variant["properties"]
            .as_object_mut()
            .and_then(|it| it.iter_mut().next())
            .map(|(k, v)| (k.clone(), v.take()))
        else {
            continue;
        };
        let description = variant["description"].take();
        let tag = json!({
            "type": "object",
            "required": ["command"],
            "properties": { "command": { "type": "string", "enum": [name] } },
        });
        *variant = json!({ "title": name, "description": description, "allOf": [tag, fields] });
    }
    Value::Object(schema)
}
