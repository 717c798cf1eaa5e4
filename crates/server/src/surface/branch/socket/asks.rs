//! What a client says about a branch that it wants to hear of: `joinBranch` and `leaveBranch`.

use super::packet::digits;
use floor::Seq;
use serde_json::Value;

/// A branch, and from where on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// Its UUID, its number or its name in addresses.
    pub(super) branch: String,
    /// What it has heard of before.
    pub(super) since: Option<Seq>,
    /// The journal that it has heard it from.
    pub(super) epoch: Option<String>,
}

/// Reads the argument of such an event: a text alone, or an object. Nothing, when it names no branch.
pub(super) fn asked(argument: Option<&Value>) -> Option<Asked> {
    match argument {
        Some(Value::Object(fields)) => Some(Asked {
            branch: branch(fields.get("branchId"))?,
            since: since(fields.get("since")),
            epoch: epoch(fields.get("epoch")),
        }),
        other => Some(Asked {
            branch: branch(other)?,
            since: None,
            epoch: None,
        }),
    }
}

fn branch(value: Option<&Value>) -> Option<String> {
    match value {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        Some(Value::Number(number)) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// What is there and is no place is one that no journal has come to.
fn since(value: Option<&Value>) -> Option<Seq> {
    let seq = match value {
        None | Some(Value::Null) => return None,
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => digits(text),
        Some(_) => None,
    };
    Some(Seq(seq.unwrap_or(u64::MAX)))
}

/// What is there and is no text is the epoch of no journal.
fn epoch(value: Option<&Value>) -> Option<String> {
    let value = value.filter(|it| !it.is_null())?;
    Some(value.as_str().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::asked;
    use floor::Seq;
    use serde_json::json;

    #[test]
    fn a_branch_is_named_alone_or_in_an_object() {
        let named = |it| asked(Some(&it)).unwrap();
        assert_eq!(named(json!("1")).branch, "1");
        assert_eq!(named(json!(1)).branch, "1");
        assert_eq!(named(json!({"branchId": "harbour"})).branch, "harbour");
        assert_eq!(named(json!({"branchId": 7, "x": 1})).branch, "7");
        for bad in [
            json!(null),
            json!(""),
            json!([]),
            json!({}),
            json!({"branchId": {}}),
            json!(-1),
            json!(1.5),
        ] {
            assert_eq!(asked(Some(&bad)), None, "{bad}");
        }
        assert_eq!(asked(None), None);
    }

    #[test]
    fn a_place_is_a_whole_number_or_its_digits() {
        let since = |it| asked(Some(&json!({"branchId": "1", "since": it}))).unwrap().since;
        assert_eq!(since(json!(41)), Some(Seq(41)));
        assert_eq!(since(json!("41")), Some(Seq(41)));
        assert_eq!(since(json!(null)), None);
        for bad in [
            json!(-1),
            json!(1.5),
            json!("x"),
            json!(""),
            json!("+1"),
            json!([]),
            json!(true),
        ] {
            assert_eq!(since(bad.clone()), Some(Seq(u64::MAX)), "{bad}");
        }
        let epoch = |it| asked(Some(&json!({"branchId": "1", "epoch": it}))).unwrap().epoch;
        assert_eq!(epoch(json!("abc")), Some("abc".to_owned()));
        assert_eq!(epoch(json!(7)), Some(String::new()));
        assert_eq!(epoch(json!(null)), None);
    }
}
