//! One request of each kind, valid enough to get past whoever looks at the credential.

use maitred::rights;
use maitred::surface::documents;
use serde_json::{Value, json};

/// An operation of the OpenAPI document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its name.
    pub id: String,
    /// `GET`, …
    pub method: hyper::Method,
    /// Its path, with the names of its parts in braces.
    pub path: String,
}

/// Every operation of the OpenAPI document: every route of the program.
pub fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, methods) in documents().openapi["paths"].as_object().unwrap() {
        for (method, described) in methods.as_object().unwrap() {
            let id = described["operationId"].as_str().unwrap().to_owned();
            operations.push(Operation {
                id,
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
            });
        }
    }
    operations
}

/// Every operation of one surface.
pub fn operations_of(surface: &str) -> Vec<Operation> {
    let is_its = |it: &Operation| rights::access(surface, &it.id).is_some();
    operations().into_iter().filter(is_its).collect()
}

/// A body for an operation; empty for those that take none. Passwords and PINs are those of the demo, so
/// that whoever carries it out changes nothing about who may sign in.
pub fn body(operation: &str) -> String {
    let password = maitred::demo::PASSWORD;
    let body = match operation {
        "send_command" => command("touch_turn"),
        "patch_settings" => json!({"name": "Harbour House"}),
        "sign_in" => json!({"login": "waiter2", "password": password}),
        "sign_in_with_pin" => json!({"staff_id": 5, "pin": "1005"}),
        "refresh" => json!({"refresh_token": "none"}),
        "change_my_password" => json!({"old_password": password, "new_password": password}),
        "change_my_pin" => json!({"password": password, "pin": "4321"}),
        "add_staff_account" => json!({"name": "Ngozi", "roles": ["host"]}),
        "change_staff_account" => json!({"name": "waiter2"}),
        "set_staff_password" => json!({"password": password}),
        "set_staff_pin" => json!({"pin": "1005"}),
        "mint_token" => json!({"staff_id": 5, "seconds": 60}),
        "add_key" => json!({"name": "till", "role": "kitchen"}),
        "enrol_device" => json!({"name": "door"}),
        "add_restaurant" => json!({"slug": "annex", "name": "Annex"}),
        "rotate_signing_key" => json!({}),
        "host_login" => json!({"email": "waiter2@demo.test", "password": password}),
        "host_register" => {
            json!({"restaurant_name": "Annex", "email": "new@demo.test", "password": password})
        }
        "host_create_guest" => json!({"first_name": "Mara", "party_size": 2}),
        "host_put_guest" | "host_patch_guest" => json!({"status": "Seated", "table_id": "1"}),
        "host_create_table" => {
            json!({"table_number": "99", "capacity": 2, "position": {"x": 0.5, "y": 0.5}})
        }
        "host_put_table" | "host_patch_table" => json!({"status": "occupied", "current_guest_id": "1"}),
        "host_transact" | "host_batch_update" => json!({
            "guests": [{"id": "1", "status": "Arrived"}], "tables": [{"id": "22", "status": "reserved"}],
        }),
        "branch_login" => json!({"email": "waiter2@demo.test", "password": password}),
        "branch_refresh" => json!({"refreshToken": "none"}),
        "branch_table_create" => json!({"tableNumber": "T-9", "capacity": 2, "branchId": NOWHERE}),
        "branch_table_update" => json!({"notes": "by the door", "sectionId": NOWHERE}),
        "branch_table_status" => json!({"status": "reserved"}),
        "branch_table_assign" => json!({"assignedServerId": NOWHERE}),
        "branch_plan_create" => json!({"name": "Roof", "branchId": NOWHERE}),
        "branch_plan_update" => json!({"displayOrder": 3}),
        "branch_plan_layout" => json!({"width": 900, "height": 700}),
        "branch_plan_duplicate" => json!({"newName": "Main 2"}),
        "branch_section_create" => json!({"name": "Terrace", "branchId": NOWHERE}),
        "branch_section_update" => json!({"color": "#4CAF50"}),
        "branch_create" => json!({"name": "Annex"}),
        "branch_update" => json!({"city": "Lyon"}),
        "branch_mode_business_type" => json!({"businessType": "hybrid"}),
        _ => return String::new(),
    };
    body.to_string()
}

/// A long id that nothing has.
const NOWHERE: &str = "00000000-0000-8000-8000-000000000000";

/// A command by its name. Most are about what is not there: whoever may ask is refused by the floor.
pub fn command(name: &str) -> Value {
    let mut command = match name {
        "open_restaurant" => json!({"name": "Again"}),
        "change_settings" => json!({"name": "Harbour House"}),
        "add_staff" => json!({"name": "waiter2", "roles": ["host"]}),
        "update_staff" => json!({"staff_id": 999, "name": "Nobody"}),
        "admit_staff" => json!({"staff_id": 5, "name": "waiter", "roles": ["host"]}),
        "create_plan" => json!({"name": "Main", "width": 400, "height": 300}),
        "update_plan" => json!({"plan_id": 999, "name": "Main"}),
        "delete_plan" => json!({"plan_id": 999}),
        "create_section" => json!({"name": "Sky", "plan_id": 999}),
        "update_section" => json!({"section_id": 999, "name": "Sky"}),
        "delete_section" => json!({"section_id": 999}),
        "create_table" => json!({"number": "7", "seats": {"max": 4}}),
        "update_table" => json!({"table_id": 999, "number": "8"}),
        "delete_table" => json!({"table_id": 999}),
        "set_table_state" => json!({"table_id": 999, "state": "blocked"}),
        "assign_waiter" => json!({"table_id": 999, "waiter_id": 5}),
        "unassign_waiter" => json!({"table_id": 999}),
        "add_party" => json!({"covers": 2}),
        "update_party" => json!({"party_id": 999, "covers": 3}),
        "notify_party" | "mark_party_arrived" | "mark_party_late" | "cancel_party" | "mark_no_show"
        | "remove_party" | "undo_step" => json!({"party_id": 999}),
        "erase_guest" => json!({"guest_id": 999}),
        "seat_party" => json!({"party_id": 999, "table_ids": [1]}),
        "seat_walk_in" => json!({"table_ids": [999], "covers": 2}),
        "change_covers" => json!({"turn_id": 999, "covers": 2}),
        "advance_stage" => json!({"turn_id": 999, "stage": "served"}),
        "touch_turn" | "close_turn" => json!({"turn_id": 999}),
        "move_turn" => json!({"turn_id": 999, "table_ids": [1]}),
        "restore_turn" => json!({"table_id": 999}),
        "raise_call" => json!({"turn_id": 999, "kind": "call_waiter"}),
        "resolve_call" => json!({"call_id": 999}),
        "batch" => json!({"commands": [command("touch_turn"), command("add_staff")]}),
        _ => panic!("there is no sample of {name}"),
    };
    command["command"] = json!(name);
    command
}
