//! Who is put on the guest list: what has to be said of them, and what cannot be.

use super::desk::{Desk, line, plain, problems, yes};
use expect_test::expect;
use serde_json::{Value, json};

#[tokio::test]
async fn a_walk_in_has_no_table_and_no_times_yet() {
    let desk = Desk::open().await;
    let before = desk.standing().await;
    let time = json!("2026-11-20T19:00:00");
    let mut lines = String::new();
    for fields in [
        json!({"table_id": "table-1"}),
        json!({"reservation_time": time}),
        json!({"seated_time": time}),
        json!({"finished_time": time}),
        json!({"finished_time": time, "table_id": 1, "seated_time": time, "reservation_time": time}),
        json!({"table_id": "table-1", "status": "waiting"}),
    ] {
        let mut body = json!({"first_name": "Mara", "party_size": 2});
        body.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        lines += &format!("{}\n", line(&desk.post("/guests", body).await));
    }
    expect![[r#"
        400 {"detail":"Walk-in guests cannot have these fields set: table_id"}
        400 {"detail":"Walk-in guests cannot have these fields set: reservation_time"}
        400 {"detail":"Walk-in guests cannot have these fields set: seated_time"}
        400 {"detail":"Walk-in guests cannot have these fields set: finished_time"}
        400 {"detail":"Walk-in guests cannot have these fields set: reservation_time, table_id, seated_time, finished_time"}
        400 {"detail":"Walk-in guests cannot have these fields set: table_id"}
    "#]].assert_eq(&lines);
    assert_eq!(desk.standing().await, before);
    let nulls = json!({"first_name": "Mara", "party_size": 2, "table_id": null, "seated_time": null});
    yes(&desk.post("/guests", nulls).await);
}

#[tokio::test]
async fn a_walk_in_without_a_first_name_is_turned_away_but_a_seated_guest_may_be_unknown() {
    let desk = Desk::open().await;
    for first_name in ["", "   "] {
        for last_name in ["", "Lindqvist"] {
            let body = json!({"first_name": first_name, "last_name": last_name, "party_size": 2});
            let answer = desk.post("/guests", body).await;
            assert_eq!(
                line(&answer),
                r#"400 {"detail":"first_name is required for walk-in guests"}"#
            );
        }
    }
    let body = json!({"first_name": "", "party_size": 2, "status": "Arrived"});
    assert_eq!(
        yes(&desk.post("/guests", body).await)["guest"]["name"],
        "Unknown Guest"
    );
}

#[tokio::test]
async fn a_name_is_the_first_and_the_last_name_trimmed() {
    let desk = Desk::open().await;
    let mut lines = String::new();
    for (first, last) in [
        ("Mara", "Lindqvist"),
        ("  Mara ", " Lindqvist  "),
        ("Mara", ""),
        ("", "Lindqvist"),
        ("Mary Ann", "van der Berg"),
        ("", ""),
        ("寿司", "Ωmega"),
    ] {
        let body = json!({"first_name": first, "last_name": last, "party_size": 1, "status": "Arrived"});
        let guest = &yes(&desk.post("/guests", body).await)["guest"];
        lines += &format!(
            "{} | {} | {}\n",
            guest["name"], guest["firstName"], guest["lastName"]
        );
    }
    expect![[r#"
        "Mara Lindqvist" | "Mara" | "Lindqvist"
        "Mara Lindqvist" | "Mara" | "Lindqvist"
        "Mara" | "Mara" | ""
        "Lindqvist" | "" | "Lindqvist"
        "Mary Ann van der Berg" | "Mary Ann" | "van der Berg"
        "Unknown Guest" | "" | ""
        "寿司 Ωmega" | "寿司" | "Ωmega"
    "#]]
    .assert_eq(&lines);
}

#[tokio::test]
async fn what_is_missing_or_makes_no_sense_is_listed_field_by_field() {
    let desk = Desk::open().await;
    let before = desk.standing().await;
    let mut lines = String::new();
    for body in [
        json!({}),
        json!({"first_name": null, "party_size": null}),
        json!({"first_name": 5, "party_size": 2}),
        json!({"first_name": "Mara", "last_name": ["x"], "party_size": 2}),
        json!({"first_name": "Mara", "party_size": 2, "email": "nobody"}),
        json!({"first_name": "Mara", "party_size": 2, "email": "a@b@c.d"}),
        json!({"first_name": "Mara", "party_size": 2, "email": "a b@c.de"}),
        json!({"first_name": "Mara", "party_size": 2, "email": 7}),
        json!({"first_name": "Mara", "party_size": 2, "phone": 5_550_142}),
        json!({"first_name": "Mara", "party_size": 2, "notes": {}}),
        json!({"first_name": "Mara", "party_size": 2, "special_requests": true}),
        json!({"first_name": "Mara", "party_size": 2, "dietary_restrictions": "nuts"}),
        json!({"first_name": "Mara", "party_size": 2, "dietary_restrictions": [1]}),
        json!({"first_name": "Mara", "party_size": 2, "status": "eating"}),
        json!({"first_name": "Mara", "party_size": 2, "status": ""}),
        json!({"first_name": "Mara", "party_size": 2, "status": 1}),
        json!({"first_name": "Mara", "party_size": 2, "check_in_time": "soon"}),
        json!({"first_name": "Mara", "party_size": 2, "check_in_time": 1_795_203_000}),
        json!({"first_name": "Mara", "party_size": 2, "check_in_time": "2026-13-45T99:00:00"}),
        json!({"first_name": "Mara", "party_size": 2, "status": "Arrived", "table_id": [1]}),
        json!({"first_name": "M".repeat(200), "party_size": 2}),
        json!({"first_name": 1, "party_size": "x", "email": "y", "status": "z"}),
    ] {
        lines += &format!("{}\n", problems(&desk.post("/guests", body).await));
    }
    expect![[r#"
        missing body.first_name: Field required; missing body.party_size: Field required
        missing body.first_name: Field required; missing body.party_size: Field required
        string_type body.first_name: Input should be a valid string
        string_type body.last_name: Input should be a valid string
        value_error body.email: value is not a valid email address
        value_error body.email: value is not a valid email address
        value_error body.email: value is not a valid email address
        string_type body.email: Input should be a valid string
        string_type body.phone: Input should be a valid string
        string_type body.notes: Input should be a valid string
        string_type body.special_requests: Input should be a valid string
        list_type body.dietary_restrictions: Input should be a valid list
        value_error body.dietary_restrictions: Value error, each item must be a text of 1 to 60 characters
        enum body.status: Input should be 'Waitlist', 'Seated', 'Finished', 'Cancelled', 'No Show', 'Running Late' or 'Arrived'
        enum body.status: Input should be 'Waitlist', 'Seated', 'Finished', 'Cancelled', 'No Show', 'Running Late' or 'Arrived'
        string_type body.status: Input should be a valid string
        datetime_from_date_parsing body.check_in_time: Input should be a valid datetime or date, such as 2025-08-16T18:20:00
        string_type body.check_in_time: Input should be a valid string
        datetime_from_date_parsing body.check_in_time: Input should be a valid datetime or date, such as 2025-08-16T18:20:00
        string_type body.table_id: Input should be a valid string
        value_error body.first_name: Value error, first_name must have at most 120 characters, got 200
        string_type body.first_name: Input should be a valid string; value_error body.email: value is not a valid email address; int_parsing body.party_size: Input should be a valid integer, unable to parse string as an integer; enum body.status: Input should be 'Waitlist', 'Seated', 'Finished', 'Cancelled', 'No Show', 'Running Late' or 'Arrived'
    "#]].assert_eq(&lines);
    assert_eq!(desk.standing().await, before);
}

#[tokio::test]
async fn the_size_of_a_party_is_a_whole_number_from_one_also_as_a_text() {
    let desk = Desk::open().await;
    let mut lines = String::new();
    let texts = [
        "3",
        "\"3\"",
        "\" 4 \"",
        "2.0",
        "0",
        "-1",
        "\"0\"",
        "1.5",
        "\"1.5\"",
        "\"three\"",
        "\"\"",
        "\"NaN\"",
        "true",
        "[]",
        "{}",
        "61",
        "1e30",
        "18446744073709551616",
        "-9223372036854775809",
    ];
    for text in texts {
        let size: Value = serde_json::from_str(text).unwrap();
        let answer = desk
            .post("/guests", json!({"first_name": "Mara", "party_size": size}))
            .await;
        let told = if answer.status == 200 {
            format!("a party of {}", answer.json()["partySize"])
        } else {
            problems(&answer)
        };
        lines += &format!("{text} -> {told}\n");
    }
    expect![[r#"
        3 -> a party of 3
        "3" -> a party of 3
        " 4 " -> a party of 4
        2.0 -> a party of 2
        0 -> value_error body.party_size: Value error, party_size must be a positive integer
        -1 -> value_error body.party_size: Value error, party_size must be a positive integer
        "0" -> value_error body.party_size: Value error, party_size must be a positive integer
        1.5 -> int_from_float body.party_size: Input should be a valid integer, got a number with a fractional part
        "1.5" -> int_parsing body.party_size: Input should be a valid integer, unable to parse string as an integer
        "three" -> int_parsing body.party_size: Input should be a valid integer, unable to parse string as an integer
        "" -> int_parsing body.party_size: Input should be a valid integer, unable to parse string as an integer
        "NaN" -> int_parsing body.party_size: Input should be a valid integer, unable to parse string as an integer
        true -> int_type body.party_size: Input should be a valid integer
        [] -> int_type body.party_size: Input should be a valid integer
        {} -> int_type body.party_size: Input should be a valid integer
        61 -> value_error body.party_size: Value error, party_size must be at most 60
        1e30 -> value_error body.party_size: Value error, party_size must be at most 60
        18446744073709551616 -> value_error body.party_size: Value error, party_size must be at most 60
        -9223372036854775809 -> value_error body.party_size: Value error, party_size must be a positive integer
    "#]].assert_eq(&lines);
}

#[tokio::test]
async fn times_are_utc_without_a_zone_with_six_digits_if_any() {
    let desk = Desk::open().await;
    let mut lines = String::new();
    for text in [
        "2025-08-16T07:21:27",
        "2025-08-16T07:21:27Z",
        "2025-08-16T07:21:27.5",
        "2025-08-16T07:21:27.177385Z",
        "2025-08-16T07:21:27.1773859",
        "2025-08-16T09:21:27+02:00",
        "2025-08-16 07:21:27",
        "2025-08-16",
        "",
    ] {
        let body = json!({"first_name": "Mara", "party_size": 1, "check_in_time": text});
        let answer = desk.post("/guests", body).await;
        let told = if answer.status == 200 {
            plain(&answer.json()["checkInTime"])
        } else {
            problems(&answer)
        };
        lines += &format!("{text:?} -> {told}\n");
    }
    expect![[r#"
        "2025-08-16T07:21:27" -> 2025-08-16T07:21:27
        "2025-08-16T07:21:27Z" -> 2025-08-16T07:21:27
        "2025-08-16T07:21:27.5" -> 2025-08-16T07:21:27.500000
        "2025-08-16T07:21:27.177385Z" -> 2025-08-16T07:21:27.177385
        "2025-08-16T07:21:27.1773859" -> 2025-08-16T07:21:27.177385
        "2025-08-16T09:21:27+02:00" -> 2025-08-16T07:21:27
        "2025-08-16 07:21:27" -> 2025-08-16T07:21:27
        "2025-08-16" -> 2025-08-16T00:00:00
        "" -> datetime_from_date_parsing body.check_in_time: Input should be a valid datetime or date, such as 2025-08-16T18:20:00
    "#]].assert_eq(&lines);
}
