//! A restaurant's settings, read and changed.

use crate::house::House;
use crate::probe::{no, signed_in, standing};
use expect_test::expect;
use hyper::Method;
use serde_json::json;

#[tokio::test]
async fn settings_that_make_no_sense_are_named_and_change_nothing() {
    let house = House::open().await;
    let before = standing(&house).await;
    let path = "/v1/restaurants/1/settings";
    let bodies = [
        "",
        "[]",
        "null",
        r#"["Harbour"]"#,
        r#"{"colour":"red"}"#,
        r#"{"name":""}"#,
        r#"{"name":5}"#,
        r#"{"time_zone":"Mars/Olympus"}"#,
        r#"{"time_zone":""}"#,
        r#"{"time_zone":"../../etc/localtime"}"#,
        r#"{"time_zone":"/etc/localtime"}"#,
        r#"{"currency":"usd"}"#,
        r#"{"currency":"DOLLAR"}"#,
        r#"{"day_starts_hour":24}"#,
        r#"{"day_starts_hour":-1}"#,
        r#"{"day_starts_hour":"4"}"#,
        r#"{"clean_after_close":"yes"}"#,
        r#"{"name":"A","name":"B"}"#,
    ];
    let mut lines = String::new();
    for body in bodies {
        let answer = house
            .manager()
            .send(Method::PATCH, path, &[], body.to_owned())
            .await;
        lines += &format!("{body}\n    {}\n", no(&answer));
    }
    expect![[r#"

            400 bad_json - | the body is not JSON: EOF while parsing a value at line 1 column 0
        []
            400 bad_value - | the body must be a JSON object
        null
            400 bad_value - | the body must be a JSON object
        ["Harbour"]
            400 bad_value - | the body must be a JSON object
        {"colour":"red"}
            400 bad_value colour | colour: unknown field `colour`, expected one of `name`, `time_zone`, `locale`, `currency`, `day_starts_hour`, `clean_after_close`, `dashboard_connections`, `contact`, `business_type`, `restaurant_mode`, `extra`
        {"name":""}
            400 bad_value name | name: must not be blank
        {"name":5}
            400 bad_value name | name: invalid type: integer `5`, expected a text
        {"time_zone":"Mars/Olympus"}
            400 bad_value time_zone | time_zone: must be an IANA time zone such as Europe/Paris
        {"time_zone":""}
            400 bad_value time_zone | time_zone: must be an IANA time zone such as Europe/Paris
        {"time_zone":"../../etc/localtime"}
            400 bad_value time_zone | time_zone: must be an IANA time zone such as Europe/Paris
        {"time_zone":"/etc/localtime"}
            400 bad_value time_zone | time_zone: must be an IANA time zone such as Europe/Paris
        {"currency":"usd"}
            400 bad_value currency | currency: must be three capital letters such as USD
        {"currency":"DOLLAR"}
            400 bad_value currency | currency: must be three capital letters such as USD
        {"day_starts_hour":24}
            400 bad_value day_starts_hour | day_starts_hour: must be from 0 to 23, got 24
        {"day_starts_hour":-1}
            400 bad_value day_starts_hour | day_starts_hour: must be from 0 to 23, got -1
        {"day_starts_hour":"4"}
            400 bad_value day_starts_hour | day_starts_hour: invalid type: string "4", expected a whole number
        {"clean_after_close":"yes"}
            400 bad_value clean_after_close | clean_after_close: invalid type: string "yes", expected a boolean
        {"name":"A","name":"B"}
            400 bad_json - | the body is not JSON: the name `name` stands twice at line 1 column 18
    "#]].assert_eq(&lines);
    let waiter = signed_in(&house, "waiter").await;
    assert_eq!(
        waiter
            .send(Method::PATCH, path, &[], r#"{"name":"Mine"}"#.to_owned())
            .await
            .status,
        403
    );
    assert_eq!(standing(&house).await, before);
}

#[tokio::test]
async fn settings_are_changed_once_for_a_key() {
    let house = House::open().await;
    let path = "/v1/restaurants/1/settings";
    let mut seqs = Vec::new();
    for _ in 0..2 {
        let body = r#"{"name":"Harbour"}"#.to_owned();
        let answer = house
            .manager()
            .send(Method::PATCH, path, &[("idempotency-key", "k1")], body)
            .await;
        assert_eq!(answer.json()["name"], "Harbour");
        seqs.push(answer.headers["x-seq"].clone());
    }
    assert_eq!(seqs[0], seqs[1]);
}

#[tokio::test]
async fn settings_that_are_left_out_stay() {
    let house = House::open().await;
    let path = "/v1/restaurants/1/settings";
    let before = house.manager().get(path).await.json();
    let body = r#"{"time_zone":"Europe/Paris","day_starts_hour":0}"#.to_owned();
    let answer = house.manager().send(Method::PATCH, path, &[], body).await;
    assert_eq!(answer.headers["x-seq"], "4");
    let mut expected = before;
    expected["time_zone"] = json!("Europe/Paris");
    expected["day_starts_hour"] = json!(0);
    assert_eq!(answer.json(), expected);
    assert_eq!(
        house.manager().get(&format!("{path}?min_seq=4")).await.json(),
        expected
    );
    // What the restaurant says nothing about is the server's own limit, which is no setting of the floor.
    assert_eq!(expected["dashboard_connections"], 20);
    expected.as_object_mut().unwrap().remove("dashboard_connections");
    assert_eq!(house.manager().floor().await["floor"]["settings"], expected);
}
