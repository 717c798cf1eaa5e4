//! JSON in one form only, so that whoever has the same floor computes the same digest.

use serde::Serialize;

/// The JSON of `value` in the canonical form of RFC 8785: keys sorted, no white space, shortest numbers.
///
/// Works on text, since the order of a `serde_json::Value` depends on a feature that any crate may turn on.
/// Keys are those of our own types, plain ASCII: their bytes sort as RFC 8785 asks.
pub(crate) fn canonical(value: &impl Serialize) -> Vec<u8> {
    let json = serde_json::to_vec(value).expect("our own types are always JSON");
    let mut writer = Writer {
        rest: &json,
        out: Vec::with_capacity(json.len()),
    };
    writer.value();
    writer.out
}

/// Copies compact JSON from `rest` to `out`, one value after the other.
struct Writer<'a> {
    rest: &'a [u8],
    out: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn value(&mut self) {
        match self.rest.first() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => drop(self.copy(text_len(self.rest))),
            _ => {
                let end = self.rest.iter().position(|it| matches!(it, b',' | b']' | b'}'));
                self.copy(end.unwrap_or(self.rest.len()));
            }
        }
    }

    fn array(&mut self) {
        while self.copy(1) != b"]" {
            if self.rest.first() != Some(&b']') {
                self.value();
            }
        }
    }

    fn object(&mut self) {
        let start = self.out.len();
        let mut members = Vec::new();
        while self.skip(1) != b"}" {
            if self.rest.first() == Some(&b'}') {
                continue;
            }
            let from = self.out.len() - start;
            let key = self.copy(text_len(self.rest));
            self.copy(1);
            self.value();
            members.push((key, from..self.out.len() - start));
        }
        members.sort_unstable_by_key(|it| it.0);
        let unsorted = self.out.split_off(start);
        self.out.push(b'{');
        for (nth, (_, member)) in members.into_iter().enumerate() {
            if nth > 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(&unsorted[member]);
        }
        self.out.push(b'}');
    }

    fn skip(&mut self, len: usize) -> &'a [u8] {
        let (skipped, rest) = self.rest.split_at(len);
        self.rest = rest;
        skipped
    }

    fn copy(&mut self, len: usize) -> &'a [u8] {
        let copied = self.skip(len);
        self.out.extend_from_slice(copied);
        copied
    }
}

/// The length of the text that `json` begins with, both quotes included.
fn text_len(json: &[u8]) -> usize {
    let mut len = 1;
    while json[len] != b'"' {
        len += if json[len] == b'\\' { 2 } else { 1 };
    }
    len + 1
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use expect_test::{Expect, expect};
    use serde::Serialize;

    #[expect(clippy::needless_pass_by_value, reason = "an expectation is used once")]
    fn check(value: impl Serialize, json: Expect) {
        json.assert_eq(&String::from_utf8(canonical(&value)).expect("JSON is text"));
    }

    #[derive(Serialize)]
    struct Last<'a> {
        z: &'a str,
        b: Vec<First>,
        ab: Option<f64>,
        a: (),
    }

    #[derive(Serialize)]
    struct First {
        y: Vec<u8>,
        x: bool,
    }

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let first = || First {
            y: vec![2, 1],
            x: true,
        };
        let last = Last {
            z: "",
            b: vec![first(), first()],
            ab: Some(0.5),
            a: (),
        };
        check(
            last,
            expect![[r#"{"a":null,"ab":0.5,"b":[{"x":true,"y":[2,1]},{"x":true,"y":[2,1]}],"z":""}"#]],
        );
    }

    #[test]
    fn what_a_text_says_is_no_structure() {
        check(
            Last {
                z: "},\"a\":1,\\ \\\" \n\t\u{8}\u{1f} é🍷\u{2028}/",
                b: vec![],
                ab: None,
                a: (),
            },
            expect![[r#"{"a":null,"ab":null,"b":[],"z":"},\"a\":1,\\ \\\" \n\t\b\u001f é🍷 /"}"#]],
        );
    }

    #[test]
    fn scalars_and_empty_things_stay_as_they_are() {
        check(12, expect!["12"]);
        check("a", expect![[r#""a""#]]);
        check(None::<u8>, expect!["null"]);
        check([0u8; 0], expect!["[]"]);
        check([[1, 2], [3, 4]], expect!["[[1,2],[3,4]]"]);
        check(serde_json::json!({}), expect!["{}"]);
    }
}
