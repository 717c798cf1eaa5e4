//! Branches that a client joins and leaves, and the places from which it hears of them.

use super::NAMESPACE;
use super::visitor::{By, Visitor, WAYS};
use crate::house::{House, OPERATOR_KEY, operated};
use crate::work::{wipe_tables, wiped};
use serde_json::{Value, json};

async fn wipe(house: &House, n: u64) -> u64 {
    house.manager().accepted(wiped(1, n)).await["seq"]
        .as_u64()
        .unwrap()
}

#[tokio::test]
async fn a_branch_is_joined_by_each_of_its_names_and_told_from_there_on() {
    let house = House::open().await;
    for by in WAYS {
        let mut first = Visitor::enter_as_manager(&house, by).await;
        let answer = first.join(&json!("1")).await;
        let id = answer["branchId"].as_str().unwrap().to_owned();
        let floor = house.manager().floor().await;
        let expected = json!({"ok": true, "branchId": id, "seq": floor["seq"], "epoch": floor["epoch"]});
        assert_eq!(answer, expected);
        for name in [
            json!("test-restaurant-1"),
            json!(id),
            json!({"branchId": id}),
            json!({"branchId": 1}),
            json!(1),
        ] {
            let mut client = Visitor::enter_as_manager(&house, by).await;
            assert_eq!(client.join(&name).await["branchId"], id, "{name}");
            let place = client.joined(&name).await;
            assert_eq!(wipe(&house, place % 2).await, place + 1);
            let event = client.event().await;
            assert_eq!(
                (event.as_array().unwrap().len(), &event[2]),
                (3, &json!({"seq": place + 1, "branchId": id}))
            );
            assert!(event[0].is_string() && event[1].is_object(), "{event}");
        }
    }
}

#[tokio::test]
async fn whoever_wants_no_answer_gets_none_and_is_in_all_the_same() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        client
            .send(&format!("42{NAMESPACE},[\"joinBranch\",\"1\"]"))
            .await;
        assert_eq!(client.told().await, Vec::<Value>::new());
        wipe(&house, u64::from(by == By::Polling)).await;
        // Such clients have always known an event as its payload alone.
        assert_eq!(client.event().await.as_array().unwrap().len(), 2, "{by:?}");
        let place = client.joined(&json!("1")).await;
        wipe(&house, u64::from(by == By::Socket)).await;
        assert_eq!(client.event().await[2]["seq"], place + 1, "{by:?}");
    }
}

#[tokio::test]
async fn whoever_asks_for_the_past_too_often_stays_where_it_was() {
    let house = House::open_with(|it| it.limits.handshakes_per_minute = 5).await;
    let mut client = Visitor::enter_as_manager(&house, By::Socket).await;
    let place = client.joined(&json!("1")).await;
    let past = json!({"branchId": "1", "since": 0});
    let mut n_told = 0;
    let refused = loop {
        let answer = client.join(&past).await;
        if answer["ok"] == false {
            break answer;
        }
        n_told += 1;
    };
    assert_eq!(refused, json!({"ok": false, "error": "too_many_requests"}));
    assert_eq!(n_told, 4);
    let seq = wipe(&house, 0).await;
    assert_eq!(seq, place + 1);
    while client.seq().await != seq {}
}

/// Whoever has heard a part of a change says where it was before it.
#[tokio::test]
async fn every_event_of_a_change_but_its_last_says_that_there_are_more() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        let place = client.joined(&json!("1")).await;
        let state = if by == By::Socket { "dirty" } else { "available" };
        let commands: Vec<Value> = (3..=5)
            .map(|it| json!({"command": "set_table_state", "table_id": it, "state": state}))
            .collect();
        house
            .manager()
            .accepted(json!({"command": "batch", "commands": commands}))
            .await;
        let hear = async |client: &mut Visitor| {
            let mut told = Vec::new();
            for _ in 0..3 {
                told.push(client.event().await);
            }
            told
        };
        let told = hear(&mut client).await;
        let more: Vec<&Value> = told.iter().map(|it| &it[2]["more"]).collect();
        assert_eq!(more, [&json!(true), &json!(true), &Value::Null]);
        assert!(told.iter().all(|it| it[2]["seq"] == place + 1), "{told:?}");
        let mut back = Visitor::enter_as_manager(&house, by).await;
        back.join(&json!({"branchId": "1", "since": place})).await;
        assert_eq!(hear(&mut back).await, told);
    }
}

#[tokio::test]
async fn another_s_branch_is_as_good_as_none() {
    let house = House::open_with(operated).await;
    let mut operator = Visitor::with_token(&house, By::Socket, OPERATOR_KEY).await;
    let bistro = operator.join(&json!("bistro-2")).await["branchId"].clone();
    let mut client = Visitor::enter_as_manager(&house, By::Socket).await;
    let forbidden = json!({"ok": false, "error": "forbidden"});
    let nowhere = "8c0f6b1e-52a7-8b1c-9f5e-0f4f2a6f7a10";
    for name in [
        bistro,
        json!("bistro-2"),
        json!("2"),
        json!("nowhere"),
        json!("99"),
        json!(nowhere),
    ] {
        assert_eq!(client.join(&name).await, forbidden, "{name}");
        let since = json!({"branchId": name, "since": 0});
        assert_eq!(client.join(&since).await, forbidden, "{name}");
    }
    let seat = json!({"command": "seat_walk_in", "table_ids": [21], "covers": 2});
    let path = "/v1/restaurants/bistro-2/commands";
    let seated = house.client("demo-key-restaurant-2").post(path, &seat).await;
    assert_eq!(seated.status, 200);
    assert_eq!(client.told().await, Vec::<Value>::new());
    operator.seq().await;
}

#[tokio::test]
async fn what_makes_no_sense_is_said_to_make_none() {
    let house = House::open().await;
    let mut client = Visitor::enter_as_manager(&house, By::Socket).await;
    let no = |error: &str| json!({"ok": false, "error": error});
    for bad in [
        json!(null),
        json!({}),
        json!([]),
        json!(""),
        json!({"branchId": {"id": 1}}),
        json!(true),
    ] {
        assert_eq!(client.join(&bad).await, no("forbidden"), "{bad}");
        assert_eq!(client.ask("leaveBranch", &bad).await, no("forbidden"), "{bad}");
    }
    for bad in [
        json!(-1),
        json!(1.5),
        json!("x"),
        json!(""),
        json!({}),
        json!(true),
    ] {
        let asked = json!({"branchId": "1", "since": bad});
        assert_eq!(client.join(&asked).await["resync"], true, "{bad}");
        assert_eq!(client.ask("leaveBranch", &json!("1")).await["ok"], true);
    }
    wipe(&house, 0).await;
    assert_eq!(
        client.told().await,
        Vec::<Value>::new(),
        "nothing of it was joined"
    );
}

#[tokio::test]
async fn whoever_leaves_hears_nothing_after_the_answer() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        let id = client.join(&json!("1")).await["branchId"].clone();
        let left = client.ask("leaveBranch", &json!("1")).await;
        assert_eq!(left, json!({"ok": true, "branchId": id}));
        wipe(&house, u64::from(by == By::Polling)).await;
        assert_eq!(client.told().await, Vec::<Value>::new());
        for name in [
            json!("1"),
            id,
            json!("bistro-2"),
            json!("nowhere"),
            json!({"branchId": "1"}),
        ] {
            assert_eq!(
                client.ask("leaveBranch", &name).await,
                json!({"ok": true}),
                "{name}"
            );
        }
    }
}

#[tokio::test]
async fn joining_twice_is_joining_once() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        let place = client.joined(&json!("1")).await;
        assert_eq!(client.joined(&json!("1")).await, place);
        wipe(&house, u64::from(by == By::Polling)).await;
        assert_eq!(client.seq().await, place + 1);
        assert_eq!(client.told().await, Vec::<Value>::new());
        // Whoever names a place is moved there.
        let again = client.join(&json!({"branchId": "1", "since": place})).await;
        assert_eq!(
            (&again["since"], &again["seq"]),
            (&json!(place), &json!(place + 1))
        );
        assert_eq!(client.seq().await, place + 1);
    }
}

#[tokio::test]
async fn whoever_says_where_it_was_gets_exactly_what_it_missed_after_the_answer() {
    let house = House::open().await;
    let begun = house.manager().floor().await["seq"].as_u64().unwrap();
    let last = wipe_tables(&house.manager(), 60).await;
    assert_eq!(last, begun + 60);
    let epoch = house.manager().floor().await["epoch"].clone();
    for by in WAYS {
        for since in [begun, begun + 1, begun + 37, last - 1, last] {
            let asked = [
                json!({"branchId": "1", "since": since}),
                json!({"branchId": "1", "since": since.to_string(), "epoch": epoch}),
            ];
            for asked in asked {
                let mut client = Visitor::enter_as_manager(&house, by).await;
                let answer = client.join(&asked).await;
                let branch = answer["branchId"].clone();
                let expected =
                    json!({"ok": true, "branchId": branch, "since": since, "seq": last, "epoch": epoch});
                assert_eq!(answer, expected);
                for missed in since + 1..=last {
                    assert_eq!(client.seq().await, missed, "since {since}");
                }
                assert_eq!(client.told().await, Vec::<Value>::new());
            }
        }
    }
}

#[tokio::test]
async fn whoever_was_somewhere_else_is_told_to_start_again() {
    let house = House::open().await;
    let head = wipe(&house, 0).await;
    let epoch = house.manager().floor().await["epoch"].clone();
    for by in WAYS {
        for asked in [
            json!({"branchId": "1", "since": head + 1_000}),
            json!({"branchId": "1", "since": 1, "epoch": "another"}),
            json!({"branchId": "1", "since": 1, "epoch": 7}),
        ] {
            let mut client = Visitor::enter_as_manager(&house, by).await;
            let answer = client.join(&asked).await;
            let branch = answer["branchId"].clone();
            let seq = answer["seq"].as_u64().unwrap();
            let expected =
                json!({"ok": true, "branchId": branch, "resync": true, "seq": seq, "epoch": epoch});
            assert_eq!(answer, expected, "{asked}");
            assert_eq!(wipe(&house, seq - head + 1).await, seq + 1);
            assert_eq!(client.seq().await, seq + 1);
        }
        wipe(&house, 0).await;
    }
}

/// Fewer than the ring holds: nobody is too slow for them.
const N_CHANGES: u64 = 800;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_joins_in_a_storm_of_writes_misses_nothing_and_hears_nothing_twice() {
    let house = House::open().await;
    let last = house.manager().floor().await["seq"].as_u64().unwrap() + N_CHANGES;
    let writing = tokio::spawn({
        let manager = house.manager();
        async move { wipe_tables(&manager, N_CHANGES).await }
    });
    let mut watching = Vec::new();
    for n in 0..12 {
        let mut client = Visitor::enter_as_manager(&house, WAYS[n % 2]).await;
        let place = client.joined(&json!("1")).await;
        watching.push(tokio::spawn(async move {
            for seq in place + 1..=last {
                assert_eq!(client.seq().await, seq);
            }
            assert_eq!(client.told().await, Vec::<Value>::new());
        }));
    }
    for watching in watching {
        watching.await.unwrap();
    }
    assert_eq!(writing.await.unwrap(), last);
}

#[tokio::test]
async fn several_branches_are_heard_each_in_its_own_order() {
    let house = House::open_with(operated).await;
    for by in WAYS {
        let mut client = Visitor::with_token(&house, by, OPERATOR_KEY).await;
        let places = [client.joined(&json!("1")).await, client.joined(&json!("2")).await];
        let bistro = house.client("demo-key-restaurant-2");
        for n in 0..20 {
            wipe(&house, n).await;
            let command = wiped(21, n);
            let answer = bistro.post("/v1/restaurants/2/commands", &command).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
        let mut told = [Vec::new(), Vec::new()];
        for _ in 0..40 {
            let event = client.event().await;
            let seq = event[2]["seq"].as_u64().unwrap();
            // The one has a table that the other has not.
            let is_first = told[0]
                .first()
                .map_or(told[1].is_empty(), |it: &Value| it == &event[1]["id"])
                || told[1].first().is_some_and(|it: &Value| it != &event[1]["id"]);
            let of = usize::from(!is_first);
            if told[of].is_empty() {
                told[of].push(event[1]["id"].clone());
            }
            told[of].push(json!(seq));
        }
        let mut heard: Vec<Vec<Value>> = told.iter().map(|it| it[1..].to_vec()).collect();
        let mut expected: Vec<Vec<Value>> = places
            .iter()
            .map(|place| (place + 1..=place + 20).map(|it| json!(it)).collect())
            .collect();
        heard.sort_by_key(|it| it[0].as_u64());
        expected.sort_by_key(|it| it[0].as_u64());
        assert_eq!(heard, expected);
        client.ask("leaveBranch", &json!("1")).await;
        wipe(&house, 0).await;
        assert_eq!(client.told().await, Vec::<Value>::new());
        wipe(&house, 1).await;
    }
}

#[tokio::test]
async fn whatever_else_is_said_is_ignored() {
    let house = House::open().await;
    for by in WAYS {
        let mut client = Visitor::enter_as_manager(&house, by).await;
        for packet in [
            "42/restaurant/tables,[\"hello\"]",
            "42/restaurant/tables,7[\"hello\",{}]",
            "42/restaurant/tables,8[\"JoinBranch\",\"1\"]",
            "42/restaurant/tables,[5]",
            "43/restaurant/tables,1[{\"ok\":true}]",
            "43/restaurant/tables,[]",
        ] {
            client.send(packet).await;
        }
        // With its attachments, which are bytes in letters where there are no others.
        client
            .send("452-/restaurant/tables,9[\"joinBranch\",{\"_placeholder\":true,\"num\":0}]")
            .await;
        client.send("bAQID").await;
        client.send("b").await;
        client
            .send("461-/restaurant/tables,1[{\"_placeholder\":true,\"num\":0}]")
            .await;
        client.send("3").await;
        client.send("bAQID").await;
        assert_eq!(client.told().await, Vec::<Value>::new());
        client.joined(&json!("1")).await;
        // Whoever owes an attachment says nothing else before.
        client.send("451-/restaurant/tables,[\"x\"]").await;
        client.send("42/restaurant/tables,[\"x\"]").await;
        client.ended().await;
    }
}

#[tokio::test]
async fn a_restaurant_has_so_many_places_and_they_are_free_again() {
    let house = House::open_with(|config| {
        config.limits.connections_per_restaurant = 2;
        config.limits.handshakes_per_minute = 10_000;
    })
    .await;
    let mut first = Visitor::enter_as_manager(&house, By::Socket).await;
    let mut second = Visitor::enter_as_manager(&house, By::Polling).await;
    let mut third = Visitor::enter_as_manager(&house, By::Socket).await;
    first.joined(&json!("1")).await;
    first.joined(&json!("1")).await;
    second.joined(&json!("1")).await;
    let full = json!({"ok": false, "error": "too_many_connections"});
    assert_eq!(third.join(&json!("1")).await, full);
    assert!(figure(&house, "branch_socket").await == 2 && figure(&house, "branch_session").await == 3);
    first.ask("leaveBranch", &json!("1")).await;
    third.joined(&json!("1")).await;
    assert_eq!(first.join(&json!("1")).await, full);
    second.send("1").await;
    first.joined(&json!("1")).await;
    let mut elsewhere = Visitor::with_token(&house, By::Socket, "demo-key-restaurant-2").await;
    elsewhere.joined(&json!("2")).await;
}

async fn figure(house: &House, surface: &str) -> u64 {
    let figures = house.stranger().get("/metrics").await.text;
    let name = format!("maitred_connections{{surface=\"{surface}\"}} ");
    let figure = figures.lines().find_map(|it| it.strip_prefix(&name));
    figure.unwrap().parse().unwrap()
}

#[tokio::test]
async fn so_many_branches_are_enough_for_one_client() {
    let house = House::open_with(operated).await;
    let operator = house.operator();
    let mut client = Visitor::with_token(&house, By::Socket, OPERATOR_KEY).await;
    let mut answers = Vec::new();
    for n in 0..101 {
        let body = json!({"slug": format!("house-{n}"), "name": "House"});
        let made = operator.post("/v1/restaurants", &body).await;
        assert!(made.status.is_success(), "{made:?}");
        answers.push(client.join(&json!(format!("house-{n}"))).await);
    }
    let last = answers.pop().unwrap();
    assert!(answers.iter().all(|it| it["ok"] == true));
    assert_eq!(last, json!({"ok": false, "error": "too_many_branches"}));
}
