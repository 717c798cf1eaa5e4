use super::{Event, Message, Packet, Said, ack, connect_error, connected, disconnected, message, open, read};
use crate::surface::websocket::text_of;
use bytes::Bytes;
use proptest::prelude::*;
use serde_json::json;

fn said(text: &str) -> Option<(String, Said)> {
    message(text).map(|it| (it.namespace.to_owned(), it.said))
}

#[test]
fn what_a_client_may_send_at_any_time_is_read_and_nothing_else_is() {
    assert_eq!(read("1"), Some(Packet::Close));
    assert_eq!(read("3"), Some(Packet::Pong));
    assert_eq!(read("40/zzz"), Some(Packet::Message("0/zzz")));
    assert_eq!(read("bAQIDBA=="), Some(Packet::Binary));
    for text in [
        "",
        "0",
        "0{}",
        "2",
        "2probe",
        "5",
        "6",
        "7",
        "x",
        "é",
        "\u{1e}",
        "\u{1F600}",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn whoever_wants_in_may_show_a_token() {
    let ns = "/restaurant/tables";
    let rows = [
        ("0/restaurant/tables,{\"token\":\"abc\"}", Some("abc")),
        ("0/restaurant/tables,{\"token\":\"abc\",\"x\":1}", Some("abc")),
        ("0/restaurant/tables,{\"token\":\"\"}", None),
        ("0/restaurant/tables,{\"token\":7}", None),
        ("0/restaurant/tables,{}", None),
        ("0/restaurant/tables,", None),
        ("0/restaurant/tables", None),
        ("0/restaurant/tables,[]", None),
        ("0/restaurant/tables,null", None),
    ];
    for (text, token) in rows {
        let expected = Some((ns.to_owned(), Said::Connect(token.map(str::to_owned))));
        assert_eq!(said(text), expected, "{text}");
    }
    assert_eq!(said("0"), Some(("/".to_owned(), Said::Connect(None))));
    assert_eq!(said("0{}"), Some(("/".to_owned(), Said::Connect(None))));
}

#[test]
fn an_event_has_a_name_and_may_want_an_answer() {
    let event = |ack, arguments: serde_json::Value| {
        let arguments = arguments.as_array().unwrap().clone();
        Some(("/a".to_owned(), Said::Event(Event { ack, arguments })))
    };
    assert_eq!(said(r#"2/a,["x",{"y":1}]"#), event(None, json!(["x", {"y": 1}])));
    assert_eq!(said(r#"2/a,0["x"]"#), event(Some(0), json!(["x"])));
    assert_eq!(said(r#"2/a,12["x"]"#), event(Some(12), json!(["x"])));
    assert_eq!(said(r#"2/a,[3]"#), event(None, json!([3])));
    assert_eq!(said(r#"3/a,12[{"ok":true}]"#), Some(("/a".to_owned(), Said::Ack)));
    assert_eq!(said("1/a,"), Some(("/a".to_owned(), Said::Disconnect)));
    assert_eq!(
        said(r#"52-/a,["x",{}]"#),
        Some(("/a".to_owned(), Said::Binary(2)))
    );
    assert_eq!(said(r#"61-/a,7[{}]"#), Some(("/a".to_owned(), Said::Binary(1))));
}

#[test]
fn what_is_no_packet_of_a_client_is_not_read() {
    let deep = format!("2/a,[\"x\",{}{}]", "[".repeat(200), "]".repeat(200));
    let endless = format!("2/a,[\"x\",{}", "[".repeat(60_000));
    let long = format!("0/{},", "n".repeat(257));
    let rows = [
        "",
        "2",
        "2/a,",
        "2/a,{}",
        "2/a,[]",
        "2/a,[null]",
        "2/a,[{}]",
        "2/a,[\"x\"",
        "2/a,[\"x\"]]",
        "2/a,-1[\"x\"]",
        "2/a,99999999999999999999[\"x\"]",
        "2/a,[\"connect\"]",
        "2/a,[\"disconnect\"]",
        "2/a,[\"newListener\"]",
        "0/a,7",
        "0/a,\"t\"",
        "0/a,{",
        "1/a,[]",
        "1/a,{}",
        "3/a,7",
        "3/a,7{}",
        "4/a,{\"message\":\"x\"}",
        "7/a,[\"x\"]",
        "5/a,[\"x\"]",
        "50-/a,[\"x\"]",
        "511-/a,[\"x\"]",
        "5-1-/a,[\"x\"]",
        "5999999999999999999999-/a,[\"x\"]",
        "5+1-/a,[\"x\"]",
        "51",
        "51-",
        "6",
        "é",
        "2é",
        "51-é",
        "2/é,1é",
        &deep,
        &endless,
        &long,
    ];
    for text in rows {
        assert_eq!(message(text), None, "{text:.60}");
    }
}

#[test]
fn packets_are_written_as_clients_read_them() {
    let text = |frame: Bytes| String::from_utf8(text_of(&frame).to_vec()).unwrap();
    assert_eq!(
        open("abc", &["websocket"]),
        r#"0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#
    );
    assert_eq!(
        text(connected("/restaurant/tables", "x")),
        r#"40/restaurant/tables,{"sid":"x"}"#
    );
    assert_eq!(text(connect_error("/zzz", "No")), r#"44/zzz,{"message":"No"}"#);
    assert_eq!(text(connect_error("/", "No")), r#"44{"message":"No"}"#);
    assert_eq!(text(disconnected("/a")), "41/a,");
    assert_eq!(
        text(ack("/a", 12, &json!({"ok": true}))),
        r#"43/a,12[{"ok":true}]"#
    );
}

proptest! {
    #[test]
    fn nothing_that_comes_in_is_too_strange(text in ".{0,200}", kind in 0..8u8, digits in "[0-9]{0,25}", json in "[\\[\\]{}\",:0-9a-z\u{1e}é/-]{0,80}") {
        drop((read(&text), message(&text)));
        for text in [
            format!("{kind}{digits}-/a,{digits}{json}"),
            format!("{kind}/a,{digits}{json}"),
            format!("{kind}{json}{digits}"),
        ] {
            if let Some(Message { namespace, .. }) = message(&text) {
                prop_assert!(text.contains(namespace) || namespace == "/");
            }
        }
    }

    #[test]
    fn a_number_for_the_answer_comes_back_as_it_was(number in any::<u64>()) {
        let asked = format!("2/a,{number}[\"x\"]");
        let Some(Said::Event(event)) = message(&asked).map(|it| it.said) else { panic!("{asked}") };
        prop_assert_eq!(event.ack, Some(number));
        let answered = text_of(&ack("/a", number, &json!(1)));
        prop_assert_eq!(answered, Bytes::from(format!("43/a,{number}[1]")));
    }
}
