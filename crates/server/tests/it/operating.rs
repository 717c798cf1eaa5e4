//! The operator's commands: beside a running server, and without one.

use crate::operator::{Operator, Serving, last_line};
use crate::program::Program;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Stdio;

const FLOOR: &str = "/v1/restaurants/harbour-house/floor";
const INIT: [&str; 4] = ["init", "harbour-house", "--name", "Harbour House"];

/// What happened, as the audit list has it.
async fn audited(operator: &Operator) -> BTreeSet<String> {
    let lines = operator.does(&["audit", "--json", "--limit", "1000"]).await;
    let what = |line: &str| {
        let entry: Value = serde_json::from_str(line).unwrap();
        entry["what"].as_str().unwrap().to_owned()
    };
    lines.lines().map(what).collect()
}

async fn assert_kept_secret(operator: &Operator, log: &str, secrets: &[&str]) {
    let json = operator.does(&["audit", "--json", "--limit", "1000"]).await;
    let text = operator.does(&["audit", "--limit", "1000"]).await;
    for secret in secrets {
        assert!(!json.contains(secret) && !text.contains(secret), "{secret}");
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

async fn status(serving: &Serving, credential: &str) -> u16 {
    serving.client(credential).get(FLOOR).await.status.as_u16()
}

#[tokio::test]
async fn beside_a_running_server_every_command_acts_at_once() {
    let operator = Operator::new();
    let serving = operator.serves().await;
    let log = serving.log();
    assert!(log.contains("there is no restaurant yet"), "{log}");
    let password = last_line(&operator.does(&INIT).await);
    let admin = serving.sign_in("admin", &password).await;
    assert_eq!(admin.status, 200, "{}", admin.text);
    let admin = admin.json();
    assert_eq!(admin["restaurants"][0]["name"], "Harbour House");

    let key = [
        "key",
        "add",
        "harbour-house",
        "till",
        "--role",
        "waiter",
        "--days",
        "30",
    ];
    let key = last_line(&operator.does(&key).await);
    assert_eq!(status(&serving, &key).await, 200);
    operator.does(&["key", "revoke", "harbour-house", "TILL"]).await;
    assert_eq!(status(&serving, &key).await, 401);

    let hire = [
        "staff",
        "add",
        "harbour-house",
        "Maria L",
        "--role",
        "host",
        "--role",
        "waiter",
    ];
    let maria = last_line(&operator.does(&hire).await);
    assert_eq!(serving.sign_in("maria.l", &maria).await.status, 200);
    let token = operator
        .does(&["token", "harbour-house", "Maria L", "--seconds", "60"])
        .await;
    let token = token.strip_suffix('\n').unwrap();
    assert_eq!(status(&serving, token).await, 200);
    operator
        .does(&["staff", "sign-out", "harbour-house", "maria.l"])
        .await;
    assert_eq!(status(&serving, token).await, 401);
    operator
        .does_with(
            &["staff", "set-password", "harbour-house", "maria.l"],
            "a better one\n",
        )
        .await;
    assert_eq!(serving.sign_in("maria.l", &maria).await.status, 401);
    assert_eq!(serving.sign_in("maria.l", "a better one").await.status, 200);

    operator
        .does_with(&["staff", "set-pin", "harbour-house", "2", "--stdin"], "739184\n")
        .await;
    let tablet = serving
        .client(admin["token"].as_str().unwrap())
        .post(
            "/v1/restaurants/harbour-house/devices",
            &json!({ "name": "tablet" }),
        )
        .await
        .json();
    let device = tablet["token"].as_str().unwrap();
    let with_pin = serving.sign_in_with_pin(device, &json!(2), "739184").await;
    assert_eq!(with_pin.status, 200, "{}", with_pin.text);

    operator
        .does(&[
            "staff",
            "set-roles",
            "harbour-house",
            "maria.l",
            "--role",
            "manager",
        ])
        .await;
    operator
        .does(&["staff", "disable", "harbour-house", "maria.l"])
        .await;
    assert_eq!(serving.sign_in("maria.l", "a better one").await.status, 401);
    let list = operator.does(&["staff", "list", "harbour-house"]).await;
    assert!(list.contains("manager") && list.contains("disabled"), "{list}");
    assert!(list.lines().all(|it| it.chars().count() <= 80), "{list}");
    operator
        .does(&["staff", "enable", "harbour-house", "maria.l"])
        .await;
    assert_eq!(serving.sign_in("maria.l", "a better one").await.status, 200);

    let access = admin["token"].as_str().unwrap();
    operator.does(&["signing-key", "rotate"]).await;
    assert_eq!(status(&serving, access).await, 200, "it verifies still");
    operator.does(&["signing-key", "rotate", "--at-once"]).await;
    assert_eq!(status(&serving, access).await, 401);
    let later = last_line(&operator.does(&["token", "harbour-house", "admin"]).await);
    operator
        .does(&["restaurant", "remove", "harbour-house", "--yes"])
        .await;
    assert_eq!(
        status(&serving, &later).await,
        404,
        "nobody says that it was there"
    );
    assert!(operator.does(&["restaurant", "list"]).await.contains("removed"));
    operator.does(&["restaurant", "reopen", "harbour-house"]).await;
    assert_eq!(status(&serving, &later).await, 200);

    let seen = audited(&operator).await;
    for what in [
        "account_added",
        "device_enrolled",
        "key_added",
        "key_revoked",
        "password_set",
        "pin_set",
        "restaurant_removed",
        "restaurant_reopened",
        "sign_in_ended",
        "sign_in_failed",
        "signed_in",
        "signing_key_rotated",
        "staff_added",
        "staff_updated",
        "token_minted",
    ] {
        assert!(seen.contains(what), "{what} is not among {seen:?}");
    }
    let log = serving.stop().await;
    let secrets = [
        &password,
        &key,
        &maria,
        token,
        "a better one",
        "739184",
        device,
        access,
        &later,
    ];
    assert_kept_secret(&operator, &log, &secrets).await;
}

#[tokio::test]
async fn without_a_server_the_same_commands_act_on_the_journal() {
    let operator = Operator::new();
    let password = "harbour lights";
    let mut init = INIT.to_vec();
    init.extend([
        "--admin",
        "vera",
        "--email",
        "vera@example.com",
        "--password-stdin",
    ]);
    let said = operator.does_with(&init, "harbour lights\r\n").await;
    assert!(!said.contains(password), "{said}");
    let add = |name| ["key", "add", "harbour-house", name, "--role", "analyst"];
    let good = last_line(&operator.does(&add("screen")).await);
    let revoked = last_line(&operator.does(&add("lost")).await);
    operator.does(&["key", "revoke", "harbour-house", "2"]).await;
    let listed = operator.does(&["key", "list", "harbour-house", "--json"]).await;
    assert_eq!(listed.lines().count(), 2);
    assert!(!listed.contains(&good));
    let hire = [
        "staff",
        "add",
        "harbour-house",
        "Bo",
        "--role",
        "waiter",
        "--login",
        "bo",
        "--no-password",
    ];
    operator.does(&hire).await;
    operator
        .does_with(
            &["staff", "set-password", "harbour-house", "bo"],
            "first password",
        )
        .await;
    operator.does(&["staff", "disable", "harbour-house", "Bo"]).await;
    operator
        .does(&["restaurant", "add", "second", "--name", "Second"])
        .await;
    let elsewhere = [
        "staff",
        "add",
        "second",
        "Vera",
        "--role",
        "admin",
        "--staff-id",
        "1",
    ];
    operator.does(&elsewhere).await;
    operator
        .does(&["restaurant", "add", "third", "--name", "Third"])
        .await;
    operator.does(&["restaurant", "remove", "third", "--yes"]).await;
    let token = last_line(&operator.does(&["token", "second", "vera"]).await);

    let serving = operator.serves().await;
    let vera = serving.sign_in("vera@example.com", password).await;
    assert_eq!(vera.status, 200, "{}", vera.text);
    assert_eq!(vera.json()["restaurants"].as_array().unwrap().len(), 2);
    assert_eq!(status(&serving, &good).await, 200);
    assert_eq!(status(&serving, &revoked).await, 401);
    assert_eq!(serving.sign_in("bo", "first password").await.status, 401);
    let second = serving.client(&token).get("/v1/restaurants/second/floor").await;
    assert_eq!(second.status, 200, "{}", second.text);
    let third = serving.client(&good).get("/v1/restaurants/third/floor").await;
    assert_eq!(third.status, 404);
    let log = serving.stop().await;
    assert!(!log.contains("yet; "), "nothing is missing: {log}");
    let secrets = [password, &good, &revoked, "first password", &token];
    assert_kept_secret(&operator, &log, &secrets).await;
}

#[tokio::test]
async fn a_server_without_an_admin_says_which_command_is_missing_and_lets_nobody_in() {
    let operator = Operator::new();
    operator
        .does(&["restaurant", "add", "harbour-house", "--name", "Harbour House"])
        .await;
    let serving = operator.serves().await;
    let hint = format!(
        "nobody can sign in yet; hire an admin with: maitred staff add --data {} harbour-house NAME --role admin",
        operator.data().display()
    );
    assert!(serving.log().contains(&hint), "{}", serving.log());
    assert_eq!(status(&serving, "anything").await, 401);
    assert_eq!(serving.sign_in("admin", "admin").await.status, 401);
    let said = operator
        .does(&["staff", "add", "harbour-house", "Vera", "--role", "admin"])
        .await;
    assert_eq!(serving.sign_in("vera", &last_line(&said)).await.status, 200);
}

#[tokio::test]
async fn what_a_demo_left_behind_opens_nothing() {
    let operator = Operator::new();
    std::fs::create_dir(operator.data()).unwrap();
    let demo = Program::start(&operator.data()).await;
    assert_eq!(demo.manager().get("/v1/me").await.status, 200);
    demo.ask_to_stop();
    assert!(demo.ended().await.success());
    let serving = operator.serves().await;
    for login in ["admin", "manager", "host@demo.test"] {
        assert_eq!(serving.sign_in(login, maitred::demo::PASSWORD).await.status, 401);
    }
    let me = serving.client("demo-key-restaurant-1").get("/v1/me").await;
    assert_eq!(me.status, 401);
    assert!(serving.log().contains("nobody can sign in yet"));
}

#[tokio::test]
async fn a_command_that_cannot_be_done_says_why() {
    let operator = Operator::new();
    let mut lines = String::new();
    let mut type_in = async |words: &[&str], stdin: &str| {
        let complaint = operator.fails(words, stdin).await;
        let folder = operator.data().display().to_string();
        lines += &format!("{}\n    {}", words.join(" "), complaint.replace(&folder, "DATA"));
    };
    type_in(&["staff", "list", "harbour-house"], "").await;
    let mut init = INIT.to_vec();
    init.push("--password-stdin");
    type_in(&init, "short\n").await;
    type_in(&init, "").await;
    operator.does(&INIT).await;
    type_in(&INIT, "").await;
    type_in(&["restaurant", "remove", "harbour-house"], "").await;
    type_in(&["restaurant", "reopen", "nowhere/at all"], "").await;
    type_in(&["restaurant", "add", "Harbour", "--name", "H"], "").await;
    type_in(&["staff", "disable", "harbour-house", "nobody"], "").await;
    type_in(&["staff", "set-pin", "harbour-house", "admin"], "12a4\n").await;
    type_in(
        &[
            "staff",
            "add",
            "harbour-house",
            "Ann",
            "--role",
            "host",
            "--login",
            "ADMIN",
        ],
        "",
    )
    .await;
    type_in(&["key", "revoke", "harbour-house", "till"], "").await;
    type_in(&["key", "list", "elsewhere"], "").await;
    expect_test::expect![[r#"
        staff list harbour-house
            maitred: there is no journal in DATA
        init harbour-house --name Harbour House --password-stdin
            maitred: password must have 8 to 200 characters
        init harbour-house --name Harbour House --password-stdin
            maitred: there is no password on standard input
        init harbour-house --name Harbour House
            maitred: this journal has restaurants already (harbour-house); open another with: maitred restaurant add SLUG --name NAME; hire an admin with: maitred staff add harbour-house NAME --role admin
        restaurant remove harbour-house
            maitred: nobody will enter `harbour-house` any more, and its screens are sent off; its journal stays; add --yes if you mean it
        restaurant reopen nowhere/at all
            maitred: there is no such restaurant
        restaurant add Harbour --name H
            maitred: slug must have 1 to 60 small letters, digits and dashes, and must not be a number
        staff disable harbour-house nobody
            maitred: nobody called `nobody` works there; see: maitred staff list harbour-house
        staff set-pin harbour-house admin
            maitred: pin must have 4 to 8 digits
        staff add harbour-house Ann --role host --login ADMIN
            maitred: somebody else signs in with this login
        key revoke harbour-house till
            maitred: no good key is called `till`; see: maitred key list harbour-house
        key list elsewhere
            maitred: there is no such restaurant
    "#]].assert_eq(&lines);
}

#[tokio::test]
async fn every_command_shows_an_example() {
    let operator = Operator::new();
    for words in [
        "",
        "init",
        "restaurant",
        "restaurant add",
        "restaurant list",
        "restaurant remove",
        "restaurant reopen",
        "staff",
        "staff add",
        "staff list",
        "staff disable",
        "staff enable",
        "staff set-roles",
        "staff set-password",
        "staff set-pin",
        "staff sign-out",
        "key",
        "key add",
        "key list",
        "key revoke",
        "token",
        "signing-key",
        "signing-key rotate",
        "audit",
        "serve",
        "demo",
        "check",
        "backup",
        "restore",
        "export",
        "erase-guest",
    ] {
        let mut words: Vec<&str> = words.split_whitespace().collect();
        words.push("--help");
        let help = operator.does(&words).await;
        assert!(help.contains("Example"), "{words:?}: {help}");
        assert!(help.contains("maitred"), "{words:?}: {help}");
    }
}

#[tokio::test]
async fn whoever_has_read_enough_may_leave_and_an_answer_that_cannot_be_written_is_told() {
    let operator = Operator::new();
    operator.does(&INIT).await;
    let said_to = async |words: &[&str], to: Stdio| {
        let child = operator
            .maitred(words)
            .stdout(to)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.wait_with_output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    for words in [
        ["staff", "list", "harbour-house"].as_slice(),
        &["export", "harbour-house"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        assert_eq!(
            said_to(words, writer.into()).await,
            (Some(0), String::new()),
            "{words:?}"
        );

        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let (code, complaint) = said_to(words, full.into()).await;
        assert_eq!(code, Some(1), "{words:?}");
        assert!(
            complaint.starts_with("maitred: write the answer: "),
            "{complaint}"
        );
    }
}
