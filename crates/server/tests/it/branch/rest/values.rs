//! Values that are read as what they mean: figures in quotes, words that are yes, `false` that is no.

use super::office::{Office, id, made, plain, yes};
use serde_json::{Value, json};

#[tokio::test]
async fn a_figure_in_quotes_is_a_figure() {
    let office = Office::open().await;
    let body = json!({"tableNumber": "T-1", "capacity": "4", "minCapacity": "2", "branchId": office.branch,
        "position": {"x": "10.5", "y": "-3"}, "shape": {"type": "circle", "radius": "40"}});
    let table = made(&office.post("/tables", body).await);
    assert_eq!(
        (&table["capacity"], &table["minCapacity"]),
        (&json!(4), &json!(2))
    );
    assert_eq!(table["position"]["x"].as_f64(), Some(10.5), "{table}");
    assert_eq!(table["shape"]["radius"].as_f64(), Some(40.0), "{table}");
    let told = yes(&office
        .patch(&format!("/tables/{}", id(&table)), json!({"capacity": "12"}))
        .await);
    assert_eq!(told["capacity"], 12);
    let plan = office
        .plan(
            "Roof",
            json!({"displayOrder": "7", "layout": {"width": "900", "height": "700"}}),
        )
        .await;
    assert_eq!(plan["displayOrder"], 7);
    assert_eq!(plan["layout"]["width"].as_f64(), Some(900.0), "{plan}");
    let section = office
        .section(
            "Sky",
            json!({"displayOrder": "-1", "settings": {"maxCapacity": "30"}}),
        )
        .await;
    assert_eq!(
        (&section["displayOrder"], &section["settings"]["maxCapacity"]),
        (&json!(-1), &json!(30))
    );
}

#[tokio::test]
async fn any_word_in_a_body_is_yes() {
    let office = Office::open().await;
    let table = id(&office.table("T-1", json!({})).await);
    for (value, expected) in [
        (json!(false), false),
        (json!("true"), true),
        (json!(false), false),
        (json!("yes"), true),
        (json!(false), false),
        // A body has a word for no; a text is not it.
        (json!("false"), true),
        (json!(false), false),
        (json!(true), true),
    ] {
        let told = yes(&office
            .patch(&format!("/tables/{table}"), json!({"isActive": value}))
            .await);
        assert_eq!(told["isActive"], expected, "{value}");
        assert_eq!(office.shown(&table).await["isActive"], expected, "{value}");
    }
    let body = json!({"metadata": {"isOutdoor": "on", "isWindowSeat": false}});
    let told = yes(&office.patch(&format!("/tables/{table}"), body).await);
    assert_eq!(
        (&told["metadata"]["isOutdoor"], &told["metadata"]["isWindowSeat"]),
        (&json!(true), &json!(false))
    );
    let section = office.section("Sky", json!({"isActive": "no"})).await;
    assert_eq!(section["isActive"], true);
}

#[tokio::test]
async fn a_list_of_the_inactive_is_of_the_inactive() {
    let office = Office::open().await;
    office.table("Off", json!({"isActive": false})).await;
    office.plan("Off", json!({"isActive": false})).await;
    office.section("Off", json!({"isActive": false})).await;
    for list in ["tables", "floor-plans", "table-sections"] {
        let count = async |query: &str| {
            let page = yes(&office.get(&format!("/{list}?limit=100{query}")).await);
            let data = page["data"].as_array().unwrap().clone();
            assert_eq!(page["meta"]["total"], data.len(), "{list}{query}");
            data
        };
        let (all, active, inactive) = (
            count("").await,
            count("&isActive=true").await,
            count("&isActive=false").await,
        );
        assert_eq!(inactive.len(), 1, "{list}");
        assert_eq!(active.len() + inactive.len(), all.len(), "{list}");
        assert!(active.iter().all(|it| it["isActive"] == true));
        assert!(inactive.iter().all(|it| it["isActive"] == false));
    }
    let default = yes(&office.get("/floor-plans?isDefault=true").await);
    assert_eq!(
        (
            default["meta"]["total"].clone(),
            default["data"][0]["name"].clone()
        ),
        (json!(1), json!("Main"))
    );
    let others = yes(&office.get("/floor-plans?isDefault=false").await);
    assert!(
        others["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| it["isDefault"] == false)
    );
    assert_eq!(others["meta"]["total"], 2);
}

#[tokio::test]
async fn names_are_kept_to_the_letter() {
    let office = Office::open().await;
    for name in [
        "07",
        " x",
        "é",
        "e\u{301}",
        "a/b",
        "a%2Fb",
        "\"",
        "\\",
        "<b>",
        "available",
        "DROP TABLE;",
        "🍽️",
        "true",
        "1e3",
        "a?b#c&d=e",
    ] {
        let table = office.table(name, json!({"notes": name})).await;
        let number = plain(&table["tableNumber"]);
        // Space around a name may be taken off, and nothing else.
        assert_eq!(number.trim(), name.trim());
        assert_eq!(office.numbered(&number).await["id"], table["id"], "{name}");
        assert_eq!(table["notes"].as_str().map(str::trim), Some(name.trim()));
    }
    let list = yes(&office.get("/tables?limit=200").await);
    let numbers: Vec<&Value> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["tableNumber"])
        .collect();
    assert_eq!(numbers.len(), 35);
}
