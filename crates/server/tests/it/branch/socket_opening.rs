//! How a session is opened, by whom, and what is said to whoever asks wrongly.

use super::visitor::{By, Poller, Visitor};
use crate::client::Answer;
use crate::house::House;
use crate::probe::{request, shake_at, times_reached, try_shake};
use futures_util::StreamExt;
use hyper::Method;
use serde_json::{Value, json};

const POLLING: &str = "/socket.io/?EIO=4&transport=polling";
const SOCKET: &str = "/socket.io/?EIO=4&transport=websocket";

fn opened(packet: &str, upgrades: &Value) -> String {
    let open: Value = serde_json::from_str(packet.strip_prefix('0').unwrap()).unwrap();
    let sid = open["sid"].as_str().unwrap();
    assert!(sid.len() == 20, "{sid}");
    let expected = format!(
        r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}}"#
    );
    assert_eq!(packet, expected);
    sid.to_owned()
}

#[tokio::test]
async fn a_session_is_opened_by_polling_and_offers_more() {
    let house = House::open().await;
    for path in [POLLING, "/socket.io?EIO=4&transport=polling&t=x"] {
        let answer = house.stranger().get(path).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.headers["content-type"], "text/plain; charset=UTF-8");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        opened(&answer.text, &json!(["websocket"]));
    }
}

#[tokio::test]
async fn a_session_is_opened_by_a_websocket_and_offers_no_more() {
    let house = House::open().await;
    let mut socket = shake_at(&house, SOCKET, &[]).await.unwrap();
    let open = socket.next().await.unwrap().unwrap();
    opened(open.to_text().unwrap(), &json!([]));
}

#[tokio::test]
async fn whoever_asks_wrongly_is_told_how_in_a_number() {
    let house = House::open().await;
    let sid = Poller::open(house.address).await.sid().to_owned();
    let (get, post) = (Method::GET, Method::POST);
    let session = |transport: &str| format!("/socket.io/?EIO=4&transport={transport}&sid={sid}");
    let rows = [
        (&get, "/socket.io/?EIO=4".to_owned(), 0, "Transport unknown"),
        (
            &get,
            "/socket.io/?EIO=4&transport=pigeon".to_owned(),
            0,
            "Transport unknown",
        ),
        (&get, session("pigeon"), 0, "Transport unknown"),
        (&get, format!("{POLLING}&sid=nobody"), 1, "Session ID unknown"),
        (&post, format!("{POLLING}&sid=nobody"), 1, "Session ID unknown"),
        (&get, format!("{SOCKET}&sid=nobody"), 1, "Session ID unknown"),
        (&post, POLLING.to_owned(), 2, "Bad handshake method"),
        (&post, SOCKET.to_owned(), 2, "Bad handshake method"),
        (&get, SOCKET.to_owned(), 3, "Bad request"),
        (&get, session("websocket"), 3, "Bad request"),
        (&post, session("websocket"), 3, "Bad request"),
        (
            &get,
            "/socket.io/?transport=polling".to_owned(),
            5,
            "Unsupported protocol version",
        ),
        (
            &get,
            "/socket.io/?EIO=3&transport=polling".to_owned(),
            5,
            "Unsupported protocol version",
        ),
        (
            &get,
            "/socket.io/?EIO=3&transport=websocket".to_owned(),
            5,
            "Unsupported protocol version",
        ),
    ];
    for (method, path, code, message) in rows {
        let answer = house
            .stranger()
            .send(method.clone(), &path, &[], String::new())
            .await;
        assert_eq!(answer.status, 400, "{method} {path} {answer:?}");
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert_eq!(answer.json(), json!({"code": code, "message": message}), "{path}");
    }
    for (path, status) in [
        ("/socket.io/other", 404),
        ("/socket.io/socket.io.js", 405),
        ("/socket.io/?EIO=4&transport=polling", 400),
    ] {
        let answer = house
            .stranger()
            .send(Method::DELETE, path, &[], String::new())
            .await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert!(answer.json()["code"].is_u64());
    }
}

#[tokio::test]
async fn a_websocket_is_turned_away_with_the_same_numbers() {
    let house = House::open().await;
    for (path, code) in [
        ("/socket.io/?EIO=4&transport=websocket&sid=nobody", 1),
        ("/socket.io/?EIO=3&transport=websocket", 5),
        ("/socket.io/?EIO=4&transport=pigeon", 0),
    ] {
        let Err(answer) = try_shake(&house, path, &[]).await else {
            panic!("{path} was let in");
        };
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (400, &json!(code))
        );
    }
}

#[tokio::test]
async fn pages_of_origins_that_are_not_listed_are_turned_away() {
    let house = House::open().await;
    let own = format!("http://{}", house.address);
    let forbidden = json!({"code": 4, "message": "Forbidden"});
    for (origin, status) in [
        (own.as_str(), 200),
        ("http://localhost:5173", 200),
        ("https://evil.example", 403),
    ] {
        let headers = [("origin", origin)];
        let answer = house
            .stranger()
            .send(Method::GET, POLLING, &headers, String::new())
            .await;
        assert_eq!(answer.status, status, "{origin}");
        // The page may read why, and no browser sends credentials along.
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert!(
            !answer.headers.contains_key("access-control-allow-credentials"),
            "{answer:?}"
        );
        let shaken = try_shake(&house, SOCKET, &headers).await;
        assert_eq!(shaken.is_ok(), status == 200, "{origin}");
        if status == 403 {
            assert_eq!(answer.json(), forbidden);
            assert_eq!(shaken.err().unwrap().json(), forbidden);
        }
    }
}

#[tokio::test]
async fn a_browser_may_ask_for_pages_of_whichever_origin() {
    let house = House::open().await;
    for origin in ["http://localhost:5173", "https://evil.example"] {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "content-type"),
        ];
        let path = format!("{POLLING}&sid=nobody");
        let answer = house
            .stranger()
            .send(Method::OPTIONS, &path, &headers, String::new())
            .await;
        assert_eq!(answer.status, 204, "{answer:?}");
        assert_eq!(answer.headers["access-control-allow-origin"], "*");
        assert!(
            answer.headers["access-control-allow-methods"]
                .to_str()
                .unwrap()
                .contains("POST")
        );
        assert!(
            answer.headers["access-control-allow-headers"]
                .to_str()
                .unwrap()
                .contains("content-type")
        );
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
}

#[tokio::test]
async fn an_address_that_opens_too_many_sessions_has_to_wait() {
    let house = House::open_with(|config| config.limits.handshakes_per_minute = 3).await;
    let first = Poller::open(house.address).await;
    drop(Visitor::open(&house, By::Socket).await);
    // What is asked wrongly counts as well; what belongs to a session does not.
    house.stranger().get("/socket.io/?EIO=3&transport=polling").await;
    assert_eq!(first.post("3").await.text, "ok");
    let answer = house.stranger().get(POLLING).await;
    assert_eq!(answer.status, 429, "{answer:?}");
    assert!(
        answer.headers["retry-after"]
            .to_str()
            .unwrap()
            .parse::<u16>()
            .unwrap()
            > 0
    );
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert!(
        answer.json()["message"]
            .as_str()
            .unwrap()
            .contains("handshakes_per_minute")
    );
    assert!(try_shake(&house, SOCKET, &[]).await.is_err());
    assert_eq!(times_reached(&house, "handshakes_per_minute").await, 2);
}

#[tokio::test]
async fn the_official_client_is_there_for_pages_of_others() {
    let house = House::open().await;
    let answer: Answer = house.stranger().get("/socket.io/socket.io.js").await;
    assert_eq!(answer.headers["content-type"], "text/javascript");
    assert_eq!(answer.headers["cross-origin-resource-policy"], "cross-origin");
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    if answer.status == 404 {
        println!("skipped: this build has no web app");
        assert!(answer.text.starts_with("// The client is not inside this build"));
        return;
    }
    assert_eq!(answer.status, 200);
    assert!(
        answer.text.contains("Permission is hereby granted"),
        "with its licence"
    );
    assert!(answer.text.contains("Socket.IO v4"));
    // Everything else stays for our own pages.
    let other = house.stranger().get("/health").await;
    assert_eq!(other.headers["cross-origin-resource-policy"], "same-origin");
}

#[tokio::test]
async fn asking_for_the_head_of_an_answer_takes_no_packets() {
    let house = House::open().await;
    let poller = Poller::open(house.address).await;
    poller.post("40/zzz,").await;
    let path = poller.path.clone();
    let head = request(house.address, "HEAD", &path, &[], b"").await;
    assert_eq!(head.status, 400);
    assert_eq!(
        poller.get().await.text,
        r#"44/zzz,{"message":"Invalid namespace"}"#
    );
}
