//! The shapes of this protocol's objects: which keys they have, and what may stand there.

use serde_json::Value;
use std::collections::BTreeSet;

const TABLE: &str = "id tableNumber capacity status branchId floorPlanId sectionId assignedServerId currentOrderId \
    reservationId position shape minCapacity isActive qrCode notes metadata createdAt updatedAt lastOccupiedAt \
    lastCleanedAt";
const BRANCH: &str = "id name code address city state zipCode country phone email managerId isActive settings \
    createdAt updatedAt";
const PLAN: &str =
    "id name branchId description displayOrder isActive isDefault layout settings createdAt updatedAt";
const SECTION: &str =
    "id name description branchId floorPlanId color displayOrder isActive settings createdAt updatedAt";
const SERVER: &str = "id username email firstName lastName phone avatar status branchId roles";
const USER: &str = "id username email firstName lastName branchId roles permissions";
const STATUSES: [&str; 5] = ["available", "occupied", "reserved", "cleaning", "out_of_service"];

/// Checks that a value has this shape, in words: `table` as it was made, `table+branch+section` with these relations
/// and no others, `each table` for a list, `page table` for a page of one, and so on.
pub(super) fn check(shape: &str, value: &Value) {
    if let Some(shape) = shape.strip_prefix("page ") {
        has_keys(value, "data meta", "");
        has_keys(&value["meta"], "total page limit totalPages", "");
        let mut figures = value["meta"].as_object().unwrap().values();
        assert!(figures.all(Value::is_u64), "{} is no meta", value["meta"]);
        return each(shape, &value["data"]);
    }
    if let Some(shape) = shape.strip_prefix("each ") {
        return each(shape, value);
    }
    let (kind, wanted) = shape.split_once('+').unwrap_or((shape, ""));
    let wanted = wanted.replace('+', " ");
    match kind {
        "table" => has_keys(value, &format!("{TABLE} version {wanted}"), ""),
        "plan" => has_keys(value, &format!("{PLAN} version {wanted}"), ""),
        "section" => has_keys(value, &format!("{SECTION} version {wanted}"), ""),
        "branch" => has_keys(value, BRANCH, "version"),
        "server" => has_keys(value, SERVER, ""),
        "role" => has_keys(value, "id code name", ""),
        // The same, inside of another object.
        "inner table" => has_keys(value, TABLE, "version"),
        "inner plan" => has_keys(value, PLAN, "version"),
        "inner section" => has_keys(value, SECTION, "version"),
        // Figures.
        "stats" => {
            has_keys(value, "total active inactive byStatus capacity", "");
            has_keys(&value["capacity"], "total average", "");
        }
        "plan stats" => {
            has_keys(
                value,
                "floorPlanId floorPlanName isDefault isActive tables sections",
                "",
            );
            has_keys(&value["tables"], "total active byStatus totalCapacity", "");
            has_keys(&value["sections"], "total active", "");
        }
        "section stats" => {
            has_keys(
                value,
                "sectionId sectionName color isActive floorPlan tables settings",
                "",
            );
            has_keys(&value["tables"], "total active byStatus totalCapacity", "");
            if !value["floorPlan"].is_null() {
                has_keys(&value["floorPlan"], "id name", "");
            }
        }
        // What is around tables.
        "mode" => has_keys(
            value,
            "branchId businessType restaurantModeEnabled isConfigured",
            "",
        ),
        "sign-in" => {
            has_keys(&value["user"], USER, "");
            return has_keys(value, "user token refreshToken expiresIn", "");
        }
        "tokens" => return has_keys(value, "token refreshToken expiresIn", ""),
        "user" => return has_keys(value, USER, ""),
        "message" => return has_keys(value, "message", ""),
        other => panic!("nobody knows what a {other} looks like"),
    }
    let fields = value.as_object().unwrap();
    fields.iter().for_each(|(name, value)| may_be(name, value));
}

fn each(shape: &str, list: &Value) {
    let list = list.as_array().unwrap_or_else(|| panic!("{list} is no list"));
    assert!(!list.is_empty(), "there is no {shape} to look at");
    list.iter().for_each(|it| check(shape, it));
}

/// Checks that an object has these keys, and besides them at most those. Both are lists of words.
pub(super) fn has_keys(object: &Value, wanted: &str, allowed: &str) {
    let fields = object
        .as_object()
        .unwrap_or_else(|| panic!("{object} is no object"));
    let wanted: BTreeSet<_> = wanted.split_whitespace().collect();
    let allowed: BTreeSet<_> = allowed.split_whitespace().collect();
    let has: BTreeSet<_> = fields.keys().map(String::as_str).collect();
    let missing: Vec<_> = wanted.difference(&has).collect();
    assert!(missing.is_empty(), "{missing:?} is missing in {object}");
    let strange: Vec<_> = has
        .difference(&wanted)
        .filter(|it| !allowed.contains(*it))
        .collect();
    assert!(strange.is_empty(), "{strange:?} is strange in {object}");
}

/// Checks what stands at a key.
fn may_be(name: &str, value: &Value) {
    let inner = |shape: &str| {
        if !value.is_null() {
            check(shape, value);
        }
    };
    let inners = |shape: &str| value.as_array().unwrap().iter().for_each(|it| check(shape, it));
    let is_good = match name {
        "branch" => return check("branch", value),
        "floorPlan" if value.as_object().is_some_and(|it| it.len() > 2) => return inner("inner plan"),
        "section" => return inner("inner section"),
        "assignedServer" => return inner("server"),
        "tables" if value.is_array() => return inners("inner table"),
        "sections" if value.is_array() => return inners("inner section"),
        "roles" => return inners("role"),
        "id" | "branchId" | "floorPlanId" | "sectionId" if !value.is_null() => is_id(value),
        "id" | "branchId" => false,
        "assignedServerId" | "currentOrderId" | "reservationId" => value.is_null() || is_id(value),
        "createdAt" | "updatedAt" => is_date(value),
        "lastOccupiedAt" | "lastCleanedAt" => value.is_null() || is_date(value),
        "isActive" | "isDefault" => value.is_boolean(),
        "capacity" if value.is_object() => true,
        "capacity" | "minCapacity" | "displayOrder" | "version" => value.is_i64(),
        // People have a status of their own.
        "status" => value == "active" || STATUSES.contains(&value.as_str().unwrap()),
        "tableNumber" | "name" => value.is_string(),
        _ => true,
    };
    assert!(is_good, "{name} may not be {value}");
}

/// Whether this is a UUID of version 8.
pub(super) fn is_id(value: &Value) -> bool {
    let Some(text) = value.as_str() else { return false };
    let marks = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let is_sound = |(at, it): (usize, u8)| match at {
        14 => it == b'8',
        19 => b"89ab".contains(&it),
        _ if marks(at) => it == b'-',
        _ => it.is_ascii_digit() || (b'a'..=b'f').contains(&it),
    };
    text.len() == 36 && text.bytes().enumerate().all(is_sound)
}

/// Whether this is a date such as `2025-11-13T02:03:28.123Z`.
pub(super) fn is_date(value: &Value) -> bool {
    let pattern = "dddd-dd-ddTdd:dd:dd.dddZ";
    let fits = |(it, pattern): (char, char)| match pattern {
        'd' => it.is_ascii_digit(),
        other => it == other,
    };
    let text = value.as_str().unwrap_or_default();
    text.len() == pattern.len() && text.chars().zip(pattern.chars()).all(fits)
}
