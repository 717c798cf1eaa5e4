//! Lists in pages: how many there are, in which order, and what a search finds.

use super::office::{Office, each, encoded, yes};
use super::shapes::check;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// The numbers of the tables that a query finds, in order.
async fn found(office: &Office, query: &str) -> Vec<String> {
    let page = yes(&office.get(&format!("/tables?limit=500&{query}")).await);
    each(&page, "tableNumber")
}

#[tokio::test]
async fn a_list_comes_in_pages_that_have_everything_once() {
    let office = Office::open().await;
    let first = yes(&office.get("/tables").await);
    assert_eq!(
        first["meta"],
        json!({"total": 20, "page": 1, "limit": 20, "totalPages": 1})
    );
    office.table("T-1", json!({})).await;
    let first = yes(&office.get("/tables").await);
    assert_eq!(
        first["meta"],
        json!({"total": 21, "page": 1, "limit": 20, "totalPages": 2})
    );
    assert_eq!(first["data"].as_array().unwrap().len(), 20);
    check("page table+branch+floorPlan+section+assignedServer", &first);
    for (limit, pages) in [(1, 21), (2, 11), (7, 3), (20, 2), (21, 1), (22, 1), (1_000, 1)] {
        for sort in [
            "",
            "&sortBy=status",
            "&sortBy=capacity&sortOrder=DESC",
            "&sortBy=createdAt",
            "&sortBy=updatedAt&sortOrder=DESC",
        ] {
            let mut seen = Vec::new();
            for page in 1..=pages {
                let told = yes(&office
                    .get(&format!("/tables?page={page}&limit={limit}{sort}"))
                    .await);
                assert_eq!(
                    told["meta"],
                    json!({"total": 21, "page": page, "limit": limit, "totalPages": pages})
                );
                seen.extend(each(&told, "id"));
            }
            assert_eq!(seen.len(), 21);
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 21, "limit {limit}{sort}");
        }
    }
    for page in [3, 1_000_000_000] {
        let past = yes(&office.get(&format!("/tables?page={page}")).await);
        assert_eq!((&past["data"], &past["meta"]["total"]), (&json!([]), &json!(21)));
        assert_eq!(past["meta"]["page"], page);
    }
    let nothing = yes(&office.get("/tables?search=nowhere").await);
    assert_eq!(nothing["data"], json!([]));
    assert_eq!(
        nothing["meta"],
        json!({"total": 0, "page": 1, "limit": 20, "totalPages": 0})
    );
}

#[tokio::test]
async fn numbers_are_sorted_as_people_count() {
    let office = Office::open().await;
    let counted: Vec<String> = (1..=20).map(|it: u32| it.to_string()).collect();
    assert_eq!(found(&office, "sortBy=tableNumber&sortOrder=ASC").await, counted);
    let backwards: Vec<_> = counted.iter().rev().cloned().collect();
    assert_eq!(
        found(&office, "sortBy=tableNumber&sortOrder=DESC").await,
        backwards
    );
    for number in ["T-10", "T-9", "T-2", "T-1", "T-100", "T-2b", "T-2a"] {
        office.table(number, json!({})).await;
    }
    let sorted = found(&office, "search=T-&sortBy=tableNumber").await;
    assert_eq!(sorted, ["T-1", "T-2", "T-2a", "T-2b", "T-9", "T-10", "T-100"]);
    let available = yes(&office.get(&format!("/tables/available/{}", office.branch)).await);
    let available = each(&available, "tableNumber");
    assert_eq!(available[..20], counted);
    assert_eq!(available[20..], sorted);
    // A number longer than any machine's.
    let long = format!("T-{}", "9".repeat(40));
    office.table(&long, json!({})).await;
    assert_eq!(
        found(&office, "search=T-&sortBy=tableNumber").await.last(),
        Some(&long)
    );
}

#[tokio::test]
async fn a_list_is_sorted_by_what_is_asked() {
    let office = Office::open().await;
    for (minute, (number, capacity, status)) in
        (1..).zip([("Z", 3, "reserved"), ("Y", 1, "cleaning"), ("X", 12, "available")])
    {
        office.house.later(SignedDuration::from_mins(minute));
        office
            .table(
                &format!("S-{number}"),
                json!({"capacity": capacity, "status": status}),
            )
            .await;
    }
    office.house.later(SignedDuration::from_mins(9));
    let place = format!("/tables/{}", office.id_of("S-Z").await);
    yes(&office.patch(&place, json!({"notes": "moved"})).await);
    for (sort, expected) in [
        ("capacity", ["S-Y", "S-Z", "S-X"]),
        ("createdAt", ["S-Z", "S-Y", "S-X"]),
        ("updatedAt", ["S-Y", "S-X", "S-Z"]),
        ("tableNumber", ["S-X", "S-Y", "S-Z"]),
    ] {
        assert_eq!(
            found(&office, &format!("search=S-&sortBy={sort}&sortOrder=ASC")).await,
            expected,
            "{sort}"
        );
        let backwards: Vec<_> = expected.iter().rev().copied().collect();
        assert_eq!(
            found(&office, &format!("search=S-&sortBy={sort}&sortOrder=DESC")).await,
            backwards,
            "{sort}"
        );
    }
    // Which state is the first is left open; that one direction is the other backwards is not.
    let statuses = async |order: &str| {
        let query = format!("/tables?limit=100&sortBy=status&sortOrder={order}");
        each(&yes(&office.get(&query).await), "status")
    };
    let (up, mut down) = (statuses("ASC").await, statuses("DESC").await);
    down.reverse();
    assert_eq!(up, down);
    let mut changes = up.clone();
    changes.dedup();
    assert_eq!(changes.len(), 3, "{up:?}");
    for list in ["floor-plans", "table-sections"] {
        let names = async |query: &str| each(&yes(&office.get(&format!("/{list}?{query}")).await), "name");
        let mut sorted = names("").await;
        sorted.sort_unstable();
        assert_eq!(names("sortBy=name&sortOrder=ASC").await, sorted);
        sorted.reverse();
        assert_eq!(names("sortBy=name&sortOrder=DESC").await, sorted);
    }
}

#[tokio::test]
async fn a_search_finds_a_part_of_a_name_in_letters_of_any_size_and_to_the_letter() {
    let office = Office::open().await;
    for number in ["Bar-1", "bAR-2", "Ünder", "100%", "a_b", "aXb", "[x]", "*", "\\d"] {
        office.table(number, json!({})).await;
    }
    for (search, expected) in [
        ("bar", vec!["Bar-1", "bAR-2"]),
        ("BAR-2", vec!["bAR-2"]),
        ("ar-", vec!["Bar-1", "bAR-2"]),
        ("ünd", vec!["Ünder"]),
        ("ÜND", vec!["Ünder"]),
        ("%", vec!["100%"]),
        ("a_b", vec!["a_b"]),
        ("[", vec!["[x]"]),
        ("*", vec!["*"]),
        ("\\", vec!["\\d"]),
        ("'", vec![]),
        ("bar-1 ", vec!["Bar-1"]),
    ] {
        let mut numbers = found(&office, &format!("search={}", encoded(search))).await;
        numbers.sort_unstable();
        // Space around a search may be looked for, too.
        if search.ends_with(' ') && numbers.is_empty() {
            continue;
        }
        assert_eq!(numbers, expected, "{search}");
    }
    assert_eq!(found(&office, "search=1").await.len(), 13);
    assert_eq!(found(&office, "search=").await.len(), 29);
    // Plans and sections are searched as well.
    for (list, search, expected) in [
        ("floor-plans", "TERR", "Terrace"),
        ("floor-plans", "ain", "Main"),
        ("table-sections", "wIn", "Window"),
    ] {
        let page = yes(&office.get(&format!("/{list}?search={search}")).await);
        assert_eq!(each(&page, "name"), [expected]);
        assert_eq!(page["meta"]["total"], 1);
    }
}

#[tokio::test]
async fn plans_and_sections_come_in_pages_too() {
    let office = Office::open().await;
    for list in ["floor-plans", "table-sections"] {
        let all = yes(&office.get(&format!("/{list}")).await);
        let total = all["meta"]["total"].as_u64().unwrap();
        assert_eq!(
            (all["meta"]["page"].clone(), all["data"].as_array().unwrap().len()),
            (json!(1), usize::try_from(total).unwrap())
        );
        let second = yes(&office.get(&format!("/{list}?limit=1&page=2")).await);
        assert_eq!(
            second["meta"],
            json!({"total": total, "page": 2, "limit": 1, "totalPages": total})
        );
        assert_eq!(each(&second, "id"), [each(&all, "id")[1].clone()]);
        let by_order = yes(&office.get(&format!("/{list}/by-branch/{}", office.branch)).await);
        assert_eq!(
            by_order.as_array().unwrap().len(),
            usize::try_from(total).unwrap()
        );
    }
    // By their order, not their names.
    let attic = office.plan("Attic", json!({"displayOrder": 5})).await;
    office.plan("Zoo", json!({"displayOrder": 4})).await;
    office
        .plan("Off", json!({"displayOrder": 3, "isActive": false}))
        .await;
    let list = yes(&office
        .get(&format!("/floor-plans/by-branch/{}", office.branch))
        .await);
    assert_eq!(each(&list, "name"), ["Main", "Terrace", "Zoo", "Attic"]);
    assert_eq!(list[3]["id"], attic["id"]);
    assert_eq!(list[3]["tables"], json!([]));
    let tables: &Value = &list[0]["tables"];
    assert_eq!(tables.as_array().unwrap().len(), 14);
}
