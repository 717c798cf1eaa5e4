//! What happens to whoever is connected when the right to be there ends or changes. Nobody asks for it, and
//! nothing but the change itself brings it about.

use crate::client::Screen;
use crate::house::{House, operated};
use crate::probe::{STAFF, Socket, entrance, heard, shake, sign_in, signed_in};
use crate::signed::hs256;
use crate::slow::stalled_screen;
use crate::tail::Tail;
use crate::work::{until, wipe_tables};
use floor::StaffId;
use futures_util::SinkExt;
use hyper::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

const KEYS: &str = "/v1/restaurants/1/keys";
const SECRET: &str = "a secret that another program knows";

/// A screen and a follower of events, both past their snapshots.
struct Connected {
    screen: Socket,
    tail: Tail,
}

impl Connected {
    /// Both with this credential.
    async fn with(house: &House, token: &str) -> Connected {
        let bearer = format!("Bearer {token}");
        Connected::showing(house, ("authorization", &bearer)).await
    }

    /// Both with the credential in this header.
    async fn showing(house: &House, header: (&str, &str)) -> Connected {
        let mut screen = shake(house, "1", &[header]).await.unwrap();
        assert_eq!(heard(&mut screen).await.unwrap()["type"], "snapshot");
        let mut tail = Tail::open_as(house.address, None, header).await;
        assert_eq!(tail.next().await["type"], "snapshot");
        Connected { screen, tail }
    }

    /// Both end, the screen with this code, and are told nothing any more.
    async fn end(mut self, code: u16) {
        assert_eq!(heard(&mut self.screen).await, Err(code));
        assert_eq!(self.tail.rest().await, Vec::<Value>::new());
    }

    /// Both are told of the next change.
    async fn go_on(&mut self, house: &House) {
        house.manager().accepted(touch()).await;
        for frame in [heard(&mut self.screen).await.unwrap(), self.tail.next().await] {
            assert_eq!(frame["events"][0]["event"], "table_state_set", "{frame}");
        }
    }
}

/// A command that changes something each time.
fn touch() -> Value {
    json!({"command": "batch", "commands": [
        {"command": "set_table_state", "table_id": 3, "state": "dirty"},
        {"command": "set_table_state", "table_id": 3, "state": "available"},
    ]})
}

async fn done(answer: impl Future<Output = crate::client::Answer>) {
    let answer = answer.await;
    assert_eq!(answer.status, 204, "{answer:?}");
}

async fn new_key(house: &House, body: Value) -> (String, String) {
    let made = signed_in(house, "admin").await.post(KEYS, &body).await.json();
    let place = format!("{KEYS}/{}", made["key_id"]);
    (made["key"].as_str().unwrap().to_owned(), place)
}

#[tokio::test]
async fn a_key_that_is_taken_back_ends_its_connections() {
    let house = House::open().await;
    let (key, place) = new_key(&house, json!({"name": "kiosk", "role": "host"})).await;
    let connected = Connected::with(&house, &key).await;
    done(signed_in(&house, "admin").await.delete(&place)).await;
    house.manager().accepted(touch()).await;
    connected.end(4100).await;
}

#[tokio::test]
async fn a_key_that_runs_out_ends_its_connections() {
    let house = House::open().await;
    let body = json!({"name": "kiosk", "role": "host", "expires_at": "2026-11-20T20:30:00Z"});
    let (key, _) = new_key(&house, body).await;
    let mut connected = Connected::with(&house, &key).await;
    house.later(SignedDuration::from_secs(3_599));
    connected.go_on(&house).await;
    house.later(SignedDuration::from_hours(1));
    house.manager().accepted(touch()).await;
    connected.end(4101).await;
}

#[tokio::test]
async fn a_sign_out_ends_the_connections_of_its_token_and_of_its_cookie() {
    let house = House::open().await;
    let (gone, stays) = (entrance(&house, "waiter").await, entrance(&house, "waiter").await);
    let by_token = Connected::with(&house, &gone.token).await;
    let by_cookie = Connected::showing(&house, ("cookie", &gone.cookie)).await;
    let mut other = Connected::with(&house, &stays.token).await;
    done(
        house
            .client(&gone.token)
            .send(Method::POST, "/v1/sign-out", &[], String::new()),
    )
    .await;
    other.go_on(&house).await;
    by_token.end(4100).await;
    by_cookie.end(4100).await;
}

#[tokio::test]
async fn an_admin_who_ends_somebodys_sign_ins_ends_their_connections() {
    let house = House::open().await;
    let connected = Connected::with(&house, &sign_in(&house, "waiter").await).await;
    let admin = signed_in(&house, "admin").await;
    done(admin.delete(&format!("{STAFF}/4/sign-ins"))).await;
    house.manager().accepted(touch()).await;
    connected.end(4100).await;
}

#[tokio::test]
async fn a_new_password_ends_the_connections_that_the_old_one_opened() {
    let house = House::open().await;
    let connected = Connected::with(&house, &sign_in(&house, "waiter").await).await;
    let admin = signed_in(&house, "admin").await;
    let password = json!({"password": "a better one"});
    done(admin.put(&format!("{STAFF}/4/password"), &password)).await;
    connected.end(4100).await;
}

#[tokio::test]
async fn a_token_that_runs_out_ends_its_connections() {
    let house = House::open().await;
    let mut connected = Connected::with(&house, &sign_in(&house, "waiter").await).await;
    house.later(SignedDuration::from_secs(1_799));
    connected.go_on(&house).await;
    house.later(SignedDuration::from_mins(30));
    house.manager().accepted(touch()).await;
    connected.end(4101).await;
}

#[tokio::test]
async fn whoever_does_not_work_here_any_more_is_not_even_told_so() {
    let house = House::open().await;
    let connected = Connected::with(&house, &sign_in(&house, "waiter").await).await;
    let admin = signed_in(&house, "admin").await;
    let answer = admin
        .patch(&format!("{STAFF}/4"), &json!({"active": false}))
        .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    house.manager().accepted(touch()).await;
    connected.end(4100).await;
}

#[tokio::test]
async fn a_restaurant_that_is_removed_sends_everybody_away() {
    let house = House::open_with(|config| {
        operated(config);
        config.tokens.secret = Some(SECRET.to_owned().into());
    })
    .await;
    let claims = json!({"sub": "5", "restaurant_id": 1, "exp": 1_900_000_000});
    let credentials = [
        sign_in(&house, "waiter").await,
        "demo-key-restaurant-1".to_owned(),
        hs256(SECRET, &claims),
        crate::house::OPERATOR_KEY.to_owned(),
    ];
    let mut all = Vec::new();
    for credential in &credentials {
        all.push(Connected::with(&house, credential).await);
    }
    done(house.operator().delete("/v1/restaurants/1")).await;
    for connected in all {
        connected.end(4103).await;
    }
}

#[tokio::test]
async fn a_token_of_another_program_is_good_until_it_says_that_it_is_not() {
    let house = House::open_with(|config| config.tokens.secret = Some(SECRET.to_owned().into())).await;
    let claims = json!({"sub": "5", "restaurant_id": 1, "exp": 1_795_206_600.5});
    let mut connected = Connected::with(&house, &hs256(SECRET, &claims)).await;
    house.later(SignedDuration::from_hours(1));
    connected.go_on(&house).await;
    house.later(SignedDuration::from_millis(3_600_500));
    house.manager().accepted(touch()).await;
    connected.end(4101).await;
}

#[tokio::test]
async fn another_role_changes_what_a_screen_may_ask_and_not_where_it_is() {
    let house = House::open().await;
    let token = sign_in(&house, "waiter").await;
    let mut screen = Screen::connect(house.address, "1", "", Some(&token))
        .await
        .unwrap();
    assert_eq!(screen.next().await["type"], "snapshot");
    let ask = json!({"type": "command", "id": "1", "command": touch()});
    let admin = signed_in(&house, "admin").await;
    for (role, expected) in [("kitchen", "refused"), ("host", "result")] {
        let answer = admin
            .patch(&format!("{STAFF}/4"), &json!({"roles": [role]}))
            .await;
        assert_eq!(answer.status, 200, "{answer:?}");
        screen.send(&ask).await;
        assert_eq!(screen.next().await["events"][0]["event"], "staff_updated");
        let mut answer = screen.next().await;
        if answer["type"] == "change" {
            answer = screen.next().await;
        }
        assert_eq!(answer["type"], expected, "{answer}");
        if expected == "refused" {
            assert_eq!(answer["code"], "not_allowed");
        }
    }
}

#[tokio::test]
async fn a_stream_that_renews_in_time_stays_where_it_is() {
    let house = House::open().await;
    let mut screen = shake(&house, "1", &[]).await.unwrap();
    let mut last = None;
    for round in 0..4 {
        let entered = entrance(&house, "waiter").await;
        let auth = json!({"type": "auth", "token": entered.token}).to_string();
        screen.send(Message::Text(auth.into())).await.unwrap();
        if round == 0 {
            let snapshot = heard(&mut screen).await.unwrap();
            last = snapshot["seq"].as_u64();
        }
        screen
            .send(Message::Text(r#"{"type":"ping"}"#.into()))
            .await
            .unwrap();
        assert_eq!(heard(&mut screen).await.unwrap()["type"], "pong");
        house.later(SignedDuration::from_mins(29) * (round + 1));
        house.manager().accepted(touch()).await;
        let change = heard(&mut screen).await.unwrap();
        assert_eq!(change["seq"].as_u64(), last.map(|it| it + 1));
        last = change["seq"].as_u64();
    }
    house.later(SignedDuration::from_mins(29 * 3 + 30));
    assert_eq!(heard(&mut screen).await, Err(4101));
}

#[tokio::test]
async fn a_page_that_stays_open_is_a_sign_in_that_is_used() {
    let house = House::open().await;
    let entered = entrance(&house, "waiter").await;
    let mut screen = shake(&house, "1", &[("cookie", &entered.cookie)]).await.unwrap();
    assert_eq!(heard(&mut screen).await.unwrap()["type"], "snapshot");
    for days in [4, 8, 12, 16] {
        let now = house.later(SignedDuration::from_hours(24 * days));
        // What else happens at the same moment is not in the way.
        for _ in 0..3 {
            screen
                .send(Message::Text(r#"{"type":"ping"}"#.into()))
                .await
                .unwrap();
            assert_eq!(heard(&mut screen).await.unwrap()["type"], "pong");
        }
        until(async || house.identity.sign_ins(StaffId(4))[0].seen_at == now).await;
    }
    assert_eq!(entered.statuses(&house).await, [401, 200]);
}

#[tokio::test]
async fn a_page_whose_sign_in_was_ended_long_ago_does_not_bring_it_back() {
    let house = House::open().await;
    let entered = entrance(&house, "waiter").await;
    let connected = Connected::showing(&house, ("cookie", &entered.cookie)).await;
    house.later(SignedDuration::from_hours(24 * 7));
    connected.end(4101).await;
    assert_eq!(entered.statuses(&house).await, [401, 401]);
}

#[tokio::test]
async fn a_screen_that_reads_nothing_may_not_stay_any_longer_for_that() {
    let house = House::open().await;
    let screen = stalled_screen(house.address).await;
    let admin = signed_in(&house, "admin").await;
    let keys = admin.get(KEYS).await.json();
    wipe_tables(&house.manager(), 1_200).await;
    done(admin.delete(&format!("{KEYS}/{}", keys["keys"][0]["key_id"]))).await;
    until(async || {
        let figures = house.stranger().get("/metrics").await.text;
        figures.contains("maitred_goodbyes_total{reason=\"signed_out\"} 1")
    })
    .await;
    drop(screen);
}
