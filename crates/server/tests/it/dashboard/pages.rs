//! The sign-in page, the dashboard's page, and the tokens they connect with.

use super::{Board, KEY};
use crate::client::{Answer, Client};
use crate::house::{House, OPERATOR_KEY, evening, operated};
use crate::visitors::{OPERATOR, SECRET, house_for_all, sign, sign_in};
use expect_test::expect;
use hyper::Method;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

async fn log_in(house: &House, form: &str) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    house
        .stranger()
        .send(Method::POST, "/admin/login", &headers, form.to_owned())
        .await
}

/// What a page says about itself in an attribute of its body.
fn attribute<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

fn claims(token: &str) -> Value {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    let key = DecodingKey::from_secret(SECRET.as_bytes());
    jsonwebtoken::decode(token, &key, &validation).unwrap().claims
}

#[tokio::test]
async fn an_api_key_opens_the_dashboard_with_a_token_that_stands_for_it() {
    let house = house_for_all().await;
    let page = house.stranger().get("/admin/login").await;
    assert_eq!(page.headers["content-type"], "text/html; charset=utf-8");
    expect![[r#"<form method="post" action="/admin/login"><label>API key <input type="password" name="api_key" required autocomplete="current-password" autofocus></label> <button>Sign in</button></form>"#]]
    .assert_eq(&page.text[page.text.find("<form").unwrap()..=page.text.find("</form>").unwrap() + 6]);

    let page = log_in(&house, &format!("api_key={KEY}")).await;
    assert_eq!(
        (page.status.as_u16(), &page.headers["cache-control"]),
        (200, &"no-store".parse().unwrap())
    );
    assert_eq!(
        attribute(&page.text, "data-restaurant-slug"),
        Some("test-restaurant-1")
    );
    assert!(page.text.contains("No pending requests") && !page.text.contains(KEY));
    let token = attribute(&page.text, "data-api-key").unwrap();
    let claims = claims(token);
    assert_eq!(
        (&claims["sub"], &claims["sid"], &claims["dev"]),
        (
            &json!("admin:test-restaurant-1"),
            &json!("test-restaurant-1"),
            &json!("dashboard")
        )
    );
    let lasts = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
    assert_eq!(lasts, 24 * 3_600);
    let mut board = Board::with_token(&house, token).await;
    assert_eq!(board.next().await["type"], "tables_snapshot");
    // Older pages send it with every request.
    let older = house.client(token);
    assert_eq!(older.get("/admin/tables").await.status, 200);
    let closed = older.post("/admin/table/1/disable", &Value::Null).await;
    assert_eq!(
        closed.text,
        r#"<div class="toast-success">Table 1 disabled</div>"#
    );
    let page = older.get("/admin/dashboard").await;
    assert!(attribute(&page.text, "data-api-key").is_some());
}

#[tokio::test]
async fn who_is_not_let_in_gets_the_form_again() {
    let house = House::open_with(operated).await;
    for key in ["wrong", "", "%FF%00", "schl%C3%BCssel"] {
        let page = log_in(&house, &format!("api_key={key}")).await;
        assert_eq!(page.status, 200);
        assert_eq!(
            attribute(&page.text, "data-error"),
            Some("Invalid API Key"),
            "{key}"
        );
        assert!(page.text.contains(r#"<p role="alert">Invalid API Key</p>"#));
        assert_eq!(attribute(&page.text, "data-api-key"), None);
    }
    let missing = log_in(&house, "key=1").await;
    assert_eq!(
        (missing.status.as_u16(), missing.text.as_str()),
        (422, r#"{"detail":"api_key: this field is required"}"#)
    );
    // The operator's key must not lie in a page.
    let page = log_in(&house, &format!("api_key={OPERATOR_KEY}")).await;
    assert!(page.text.contains("Invalid API Key") && !page.text.contains(OPERATOR_KEY));
    let foreign = [("origin", "https://evil.example")];
    let body = format!("api_key={KEY}");
    let answer = house
        .stranger()
        .send(Method::POST, "/admin/login", &foreign, body)
        .await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn browsers_without_a_credential_are_led_to_the_form() {
    let house = House::open().await;
    let page = [("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")];
    let get = async |path: &str, headers: &[(&str, &str)]| {
        house
            .stranger()
            .send(Method::GET, path, headers, String::new())
            .await
    };
    let led = get("/admin/dashboard", &page).await;
    assert_eq!(
        (led.status.as_u16(), &led.headers["location"]),
        (303, &"/admin/login".parse().unwrap())
    );
    let root = get("/admin/", &page).await;
    assert_eq!(
        (root.status.as_u16(), &root.headers["location"]),
        (307, &"/admin/dashboard".parse().unwrap())
    );
    assert_eq!(get("/admin/dashboard", &[]).await.status, 401);
    let (_, cookie) = sign_in(&house, "manager", maitred::demo::PASSWORD).await;
    let cookie = format!("maitred_session={cookie}");
    let shown = get("/admin/dashboard", &[page[0], ("cookie", &cookie)]).await;
    let token = attribute(&shown.text, "data-api-key").unwrap();
    let mut board = Board::with_token(&house, token).await;
    assert_eq!(board.next().await["type"], "tables_snapshot");
}

/// Asks for a token to connect with.
async fn fetch(client: &Client) -> Answer {
    client.post("/admin/api/token", &Value::Null).await
}

#[tokio::test]
async fn a_token_stands_for_whatever_was_shown_and_ends_with_it() {
    let house = house_for_all().await;
    let operator = house.client(OPERATOR);
    let made = operator
        .post(
            "/v1/restaurants/1/keys",
            &json!({"name": "wall", "role": "manager"}),
        )
        .await
        .json();
    let key = made["key"].as_str().unwrap().to_owned();
    let answer = fetch(&house.client(&key)).await.json();
    assert_eq!(
        (&answer["success"], &answer["data"]["expires_in"]),
        (&json!(true), &json!(7_200)),
        "{answer}"
    );
    let token = answer["data"]["token"].as_str().unwrap().to_owned();
    let mut board = Board::with_token(&house, &token).await;
    assert_eq!(board.next().await["type"], "tables_snapshot");
    let path = format!("/v1/restaurants/1/keys/{}", made["key_id"]);
    assert_eq!(operator.delete(&path).await.status, 204);
    let (frames, code, _) = board.closed().await;
    assert_eq!((&frames[0]["code"], code), (&json!("invalid_token"), 4003));
    let gone = house.client(&token).get("/admin/api/tables").await;
    assert_eq!(
        (gone.status.as_u16(), gone.text.as_str()),
        (403, r#"{"detail":"Invalid API key"}"#)
    );

    // Somebody who signed in: until the sign-in ends.
    let (access, _) = sign_in(&house, "host", maitred::demo::PASSWORD).await;
    let answer = fetch(&house.client(&access)).await.json();
    let token = answer["data"]["token"].as_str().unwrap().to_owned();
    let mut board = Board::with_token(&house, &token).await;
    board.next().await;
    house.client(&access).post("/v1/sign-out", &Value::Null).await;
    assert_eq!(board.closed().await.1, 4003);

    // Another program's token stands for itself, for as long as it lasts.
    let until = (evening() + SignedDuration::from_mins(20)).as_second();
    let shown = sign(
        &json!({"sub": "wall", "roles": ["manager"], "sid": "bistro-2", "exp": until}),
        SECRET,
    );
    let answer = fetch(&house.client(&shown)).await.json();
    assert_eq!(answer["data"]["token"], json!(shown), "{answer}");
    assert_eq!(answer["data"]["expires_in"], 1_200);
    assert_eq!(fetch(&operator).await.status, 403);
}

#[tokio::test]
async fn a_token_that_stands_for_a_key_ends_with_the_key_that_signed_it() {
    let house = House::open_with(operated).await;
    let token = fetch(&house.manager()).await.json()["data"]["token"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut board = Board::with_token(&house, &token).await;
    board.next().await;
    let rotated = house
        .operator()
        .post("/v1/signing-keys", &json!({"at_once": true}))
        .await;
    assert!(rotated.status.is_success(), "{}", rotated.text);
    assert_eq!(board.closed().await.1, 4003);
    let mut other = Board::with_token(&house, KEY).await;
    assert_eq!(other.next().await["type"], "tables_snapshot");
}

#[tokio::test]
async fn a_token_never_outlives_the_key_that_it_stands_for() {
    let house = House::open_with(operated).await;
    let expires_at = (evening() + SignedDuration::from_mins(5)).to_string();
    let new = json!({"name": "short", "role": "kitchen", "expires_at": expires_at});
    let made = house.operator().post("/v1/restaurants/1/keys", &new).await.json();
    let client = house.client(made["key"].as_str().unwrap_or_else(|| panic!("{made}")));
    let lasts = fetch(&client).await.json()["data"]["expires_in"]
        .as_i64()
        .unwrap();
    assert!((1..=300).contains(&lasts), "{lasts}");
}
