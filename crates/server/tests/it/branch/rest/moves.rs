//! A table that moves to another branch: it stays the same table, and is in one branch only.

use super::office::{NOBODY, Office, add, ask, at, each, gone, id, no, yes};
use super::shapes::check;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// Moves a table, for whoever administrates both branches.
async fn carry(office: &Office, table: &str, more: Value) -> crate::client::Answer {
    ask(&office.chain, "PATCH", &at(&format!("/tables/{table}")), &more).await
}

/// The numbers of the tables of a branch.
async fn numbers(office: &Office, branch: &str) -> Vec<String> {
    let path = at(&format!("/tables?limit=500&sortBy=tableNumber&branchId={branch}"));
    each(
        &yes(&ask(&office.chain, "GET", &path, &Value::Null).await),
        "tableNumber",
    )
}

/// Whether a restaurant's floor has a table with this number, as v1 shows it.
async fn stands(office: &Office, restaurant: u64, number: &str) -> bool {
    let floor = office.floor_of(restaurant).await;
    floor["floor"]["tables"]
        .as_array()
        .unwrap()
        .iter()
        .any(|it| it["number"] == number)
}

#[tokio::test]
async fn a_table_that_moves_keeps_its_id_and_is_gone_where_it_was() {
    let office = Office::open().await;
    let server = office.person("waiter").await;
    let whole = json!({"floorPlanId": office.named("floor-plans", "Main").await["id"],
        "sectionId": office.named("table-sections", "Window").await["id"], "assignedServerId": server,
        "notes": "heavy", "metadata": {"isOutdoor": true}, "capacity": 6, "minCapacity": 2});
    for (minute, status) in (1..).zip(["available", "reserved", "cleaning", "out_of_service", "occupied"]) {
        let number = format!("M {status}");
        let table = id(&office.table(&number, whole.clone()).await);
        yes(&office.say(&table, status).await);
        let before = office.shown(&table).await;
        office.house.later(SignedDuration::from_mins(minute));
        let told = yes(&carry(&office, &table, json!({"branchId": office.other})).await);
        check("table+branch+floorPlan+section+assignedServer", &told);
        assert_eq!(
            (told["id"].clone(), &told["branchId"]),
            (json!(table), &json!(office.other))
        );
        assert_eq!(
            (&told["branch"]["id"], &told["branch"]["name"]),
            (&json!(office.other), &json!("Bistro Two"))
        );
        assert_eq!(told, office.shown(&table).await, "{status}");
        // It stays what it is, also to whoever sits there.
        assert_eq!(told["status"], status);
        assert_eq!(n_turns(&office, 2).await, usize::from(status == "occupied"));
        for kept in [
            "tableNumber",
            "capacity",
            "minCapacity",
            "notes",
            "metadata",
            "createdAt",
            "isActive",
        ] {
            assert_eq!(told[kept], before[kept], "{kept}");
        }
        // What it comes into there, it comes into now.
        for (stamp, word) in [("lastOccupiedAt", "occupied"), ("lastCleanedAt", "cleaning")] {
            if status == word {
                assert_eq!(told[stamp], told["updatedAt"], "{status}");
            } else {
                assert_eq!(told[stamp], before[stamp], "{status}");
            }
        }
        // What belongs to the other house did not come along.
        for (field, relation) in [
            ("floorPlanId", "floorPlan"),
            ("sectionId", "section"),
            ("assignedServerId", "assignedServer"),
        ] {
            assert_eq!(
                (&told[field], &told[relation]),
                (&Value::Null, &Value::Null),
                "{told}"
            );
        }
        // Gone there, here now; for those who know one of both, too.
        let here = at(&format!(
            "/tables/{}/{}",
            office.other,
            super::office::encoded(&number)
        ));
        assert_eq!(
            yes(&ask(&office.chain, "GET", &here, &Value::Null).await)["id"],
            table
        );
        let there = office
            .get(&format!(
                "/tables/{}/{}",
                office.branch,
                super::office::encoded(&number)
            ))
            .await;
        assert_eq!(no(&there), format!("404 Table {number} not found in this branch"));
        assert_eq!(
            no(&office.get(&format!("/tables/{table}")).await),
            format!("404 Table with ID {table} not found")
        );
        let new_admin = office.with_roles(&["admin"], &[2]);
        yes(&ask(&new_admin, "GET", &at(&format!("/tables/{table}")), &Value::Null).await);
        assert_eq!(
            (
                stands(&office, 1, &number).await,
                stands(&office, 2, &number).await
            ),
            (false, true)
        );
        sound(&office).await;
        // Its number is free where it was.
        office.table(&number, json!({})).await;
    }
}

/// Checks that in both branches whoever sits sits at a table of the branch, and that every table shows it.
async fn sound(office: &Office) {
    for (restaurant, branch) in [(1, &office.branch), (2, &office.other)] {
        let floor = office.floor_of(restaurant).await["floor"].clone();
        let mut taken: Vec<u64> = Vec::new();
        for turn in floor["turns"].as_array().unwrap() {
            taken.extend(
                turn["table_ids"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|it| it.as_u64().unwrap()),
            );
        }
        let mut occupied = Vec::new();
        for table in floor["tables"].as_array().unwrap() {
            if taken.contains(&table["id"].as_u64().unwrap()) {
                occupied.push(table["number"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(
            occupied.len(),
            taken.len(),
            "somebody of {restaurant} sits nowhere"
        );
        let path = at(&format!("/tables?limit=500&branchId={branch}&status=occupied"));
        let mut shown = each(
            &yes(&ask(&office.chain, "GET", &path, &Value::Null).await),
            "tableNumber",
        );
        shown.sort_unstable();
        occupied.sort_unstable();
        assert_eq!(shown, occupied, "of {restaurant}");
    }
}

#[tokio::test]
async fn a_table_moves_onto_furniture_of_the_new_branch_and_back() {
    let office = Office::open().await;
    let plan = json!({"name": "New", "branchId": office.other});
    let plan = super::office::made(&ask(&office.chain, "POST", &at("/floor-plans"), &plan).await);
    let section = json!({"name": "New", "branchId": office.other});
    let section = super::office::made(&ask(&office.chain, "POST", &at("/table-sections"), &section).await);
    let server = office.person("manager2").await;
    let table = id(&office.table("M-1", json!({})).await);
    let body = json!({"branchId": office.other, "floorPlanId": plan["id"], "sectionId": section["id"],
        "assignedServerId": server, "tableNumber": "M-2", "capacity": 9});
    let told = yes(&carry(&office, &table, body).await);
    assert_eq!(
        [
            &told["floorPlan"]["name"],
            &told["section"]["name"],
            &told["assignedServer"]["id"],
            &told["tableNumber"],
            &told["capacity"]
        ],
        [
            &json!("New"),
            &json!("New"),
            &json!(server),
            &json!("M-2"),
            &json!(9)
        ]
    );
    assert_eq!(told, office.shown(&table).await);
    let told = yes(&carry(&office, &table, json!({"branchId": office.branch})).await);
    assert_eq!(
        (told["id"].clone(), &told["branchId"], &told["sectionId"]),
        (json!(table), &json!(office.branch), &Value::Null)
    );
    assert_eq!(office.numbered("M-2").await["id"], table);
    // It can be used again, and deleted.
    yes(&office.say(&table, "occupied").await);
    yes(&office.say(&table, "available").await);
    gone(&office.delete(&format!("/tables/{table}")).await);
    assert!(!numbers(&office, &office.branch).await.contains(&"M-2".to_owned()));
}

#[tokio::test]
async fn a_table_whose_number_is_taken_there_stays_and_nothing_changes_anywhere() {
    let office = Office::open().await;
    let table = office.id_of("3").await;
    let seated = office.id_of("4").await;
    yes(&office.say(&seated, "occupied").await);
    let before = office.both_standing().await;
    for (table, number) in [(&table, "3"), (&seated, "4")] {
        let refused = carry(&office, table, json!({"branchId": office.other, "capacity": 11})).await;
        assert_eq!(
            no(&refused),
            format!("400 Table {number} already exists in this branch")
        );
    }
    let rows = [
        (
            json!({"branchId": office.other, "tableNumber": "5"}),
            "400 Table 5 already exists in this branch".to_owned(),
        ),
        (
            json!({"branchId": NOBODY, "tableNumber": "M"}),
            format!("404 Branch with ID {NOBODY} not found"),
        ),
        // Furniture of the old branch is none of the new one.
        (
            json!({"branchId": office.other, "tableNumber": "M", "sectionId": office.named("table-sections", "Window").await["id"]}),
            format!(
                "404 Section with ID {} not found",
                id(&office.named("table-sections", "Window").await)
            ),
        ),
    ];
    for (body, expected) in rows {
        assert_eq!(no(&carry(&office, &table, body).await), expected);
    }
    assert_eq!(office.both_standing().await, before);
    // Under another number it may go.
    let told = yes(&carry(
        &office,
        &table,
        json!({"branchId": office.other, "tableNumber": "30"}),
    )
    .await);
    assert_eq!(told["tableNumber"], "30");
}

#[tokio::test]
async fn both_branches_count_a_move_as_a_change_of_theirs() {
    let office = Office::open().await;
    let seqs = async || {
        let (one, two) = (office.floor_of(1).await, office.floor_of(2).await);
        (one["seq"].as_u64().unwrap(), two["seq"].as_u64().unwrap())
    };
    let table = id(&office.table("M-1", json!({})).await);
    for (n, branch) in [&office.other, &office.branch, &office.other]
        .into_iter()
        .enumerate()
    {
        let before = seqs().await;
        yes(&carry(&office, &table, json!({"branchId": branch})).await);
        let after = seqs().await;
        assert_eq!((after.0 - before.0, after.1 - before.1), (1, 1), "move {n}");
    }
    // Within a branch it is none.
    let before = seqs().await;
    yes(&carry(&office, &table, json!({"branchId": office.other, "notes": "x"})).await);
    assert_eq!(seqs().await.0, before.0);
}

#[tokio::test]
async fn a_move_obeys_the_rules_of_a_change() {
    let office = Office::open().await;
    let table = id(&office.table("M-1", json!({"status": "out_of_service"})).await);
    let before = office.both_standing().await;
    let refused = carry(
        &office,
        &table,
        json!({"branchId": office.other, "status": "occupied"}),
    )
    .await;
    assert_eq!(no(&refused), "400 Cannot occupy a table that is out of service");
    assert_eq!(office.both_standing().await, before);
    let told = yes(&carry(
        &office,
        &table,
        json!({"branchId": office.other, "status": "reserved"}),
    )
    .await);
    assert_eq!(told["status"], "reserved");
}

#[tokio::test]
async fn whoever_sits_at_two_tables_stays_at_the_one_that_does_not_move() {
    let office = Office::open().await;
    let gone = id(&office.table("P-1", json!({})).await);
    let kept = id(&office.table("P-2", json!({})).await);
    let mut numbers = Vec::new();
    for number in ["P-1", "P-2"] {
        numbers.push(office.v1_table(number).await["id"].clone());
    }
    let seat = json!({"command": "seat_walk_in", "table_ids": numbers, "covers": 6});
    office.house.manager().accepted(seat).await;
    let told = yes(&carry(&office, &gone, json!({"branchId": office.other})).await);
    assert_eq!(
        (&told["status"], &told["branchId"]),
        (&json!("available"), &json!(office.other))
    );
    assert_eq!(told, office.shown(&gone).await);
    let turns = office.floor_of(1).await["floor"]["turns"].clone();
    assert_eq!(turns.as_array().unwrap().len(), 1, "{turns}");
    assert_eq!(
        (&turns[0]["table_ids"], &turns[0]["covers"]),
        (&json!([numbers[1]]), &json!(6))
    );
    assert_eq!(office.shown(&kept).await["status"], "occupied");
    assert_eq!(n_turns(&office, 2).await, 0);
    sound(&office).await;
}

/// How many turns are open in a restaurant.
async fn n_turns(office: &Office, restaurant: u64) -> usize {
    let floor = office.floor_of(restaurant).await;
    floor["floor"]["turns"].as_array().unwrap().len()
}

#[tokio::test]
async fn no_table_moves_into_a_branch_that_has_no_tables_here() {
    let office = Office::open().await;
    let table = id(&office.table("M-1", json!({"status": "occupied"})).await);
    let other = office.house.client("demo-key-restaurant-2");
    for (settings, expected) in [
        (
            json!({"restaurant_mode": "unset"}),
            "403 Restaurant mode is not configured. Please configure business type in settings.",
        ),
        (
            json!({"restaurant_mode": "off"}),
            "403 This feature requires restaurant mode to be enabled",
        ),
        (
            json!({"restaurant_mode": "on", "business_type": "retail"}),
            "403 This feature is only available for restaurant or hybrid business types",
        ),
    ] {
        let mut command = json!({"command": "change_settings"});
        add(&mut command, settings);
        yes(&other.post("/v1/restaurants/2/commands", &command).await);
        let before = office.both_standing().await;
        let refused = carry(&office, &table, json!({"branchId": office.other})).await;
        assert_eq!(no(&refused), expected);
        assert_eq!(office.both_standing().await, before);
    }
    assert_eq!(office.shown(&table).await["branchId"], office.branch);
}

#[tokio::test]
async fn whoever_may_not_there_moves_nothing_there() {
    let office = Office::open().await;
    let table = id(&office.table("M-1", json!({})).await);
    let before = office.both_standing().await;
    let body = json!({"branchId": office.other});
    let path = at(&format!("/tables/{table}"));
    for (client, expected) in [
        (office.house.manager(), "403 "),
        (office.with_roles(&["manager"], &[1]), "403 "),
        (office.with_roles(&["waiter"], &[1, 2]), "403 Forbidden resource"),
        (office.with_roles(&["admin"], &[2]), "404 Table with ID "),
    ] {
        let said = no(&ask(&client, "PATCH", &path, &body).await);
        assert!(said.starts_with(expected), "{said}");
    }
    assert_eq!(office.both_standing().await, before);
    yes(&ask(&office.with_roles(&["manager"], &[1, 2]), "PATCH", &path, &body).await);
}
