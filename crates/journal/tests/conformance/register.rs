//! The register: whole rows, all or nothing, and nobody signs in with somebody else's name.

use crate::house::{House, one, party};
use crate::places::on_every_engine;
use crate::{kind, samples};
use floor::{Kind, RestaurantId, Role, StaffId};
use journal::{
    Account, ApiKey, Device, How, Journal, Register, RegisterError, Registration, SignIn, SigningKey,
    StorageErrorKind,
};
use samples::{account, api_key, device, line, noon, sign_in, signing_key};
use tokio::task::JoinSet;

pub(crate) async fn enter(journal: &Journal, writes: Vec<Registration>) -> Result<(), RegisterError> {
    journal.enter(writes, Vec::new()).await
}

pub(crate) async fn register(journal: &Journal) -> Register {
    journal.register(noon()).await.unwrap()
}

#[tokio::test]
async fn what_was_entered_is_there_to_the_last_field_also_after_reopening() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let full = Register {
            accounts: vec![
                account(1, "maria", Some("Maria@Example.org")),
                Account {
                    password_hash: None,
                    pin_hash: None,
                    public: true,
                    ..account(2, "leo", None)
                },
            ],
            members: Vec::new(),
            keys: vec![
                api_key(1, "till"),
                ApiKey {
                    role: Role::Kitchen,
                    public: true,
                    expires_at: Some(noon()),
                    revoked_at: Some(noon()),
                    ..api_key(2, "kitchen")
                },
            ],
            devices: vec![
                device(1, "door"),
                Device {
                    revoked_at: Some(noon()),
                    ..device(2, "bar")
                },
            ],
            sign_ins: vec![
                sign_in("a", 1),
                SignIn {
                    how: How::Pin,
                    device_id: Some(1),
                    restaurant_id: Some(RestaurantId(1)),
                    cookie_hash: None,
                    refresh_hash: None,
                    ended_at: Some(noon()),
                    address: None,
                    agent: None,
                    ..sign_in("b", 2)
                },
                SignIn {
                    how: How::Minted,
                    ..sign_in("c", 1)
                },
            ],
            signing_keys: vec![
                signing_key("k1"),
                SigningKey {
                    retired_at: Some(noon()),
                    ..signing_key("k2")
                },
            ],
        };
        let it = full.clone();
        let mut writes: Vec<_> = it.accounts.into_iter().map(Registration::Account).collect();
        writes.extend(it.keys.into_iter().map(Registration::Key));
        writes.extend(it.devices.into_iter().map(Registration::Device));
        writes.extend(it.sign_ins.into_iter().map(Registration::SignIn));
        writes.extend(it.signing_keys.into_iter().map(Registration::SigningKey));
        enter(&journal, writes).await.unwrap();
        assert_eq!(register(&journal).await, full);
        journal.close().await;

        let journal = place.open().await;
        assert_eq!(register(&journal).await, full);
    })
    .await;
}

#[tokio::test]
async fn a_row_entered_again_takes_the_place_of_the_one_before() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let revoked = ApiKey {
            revoked_at: Some(noon()),
            ..api_key(1, "till")
        };
        let writes = vec![
            Registration::Key(api_key(1, "till")),
            Registration::Key(revoked.clone()),
        ];
        enter(&journal, writes).await.unwrap();
        assert_eq!(register(&journal).await.keys, [revoked]);
    })
    .await;
}

#[tokio::test]
async fn nobody_gets_a_login_or_e_mail_that_somebody_else_signs_in_with() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let maria = account(1, "Maria", Some("maria@example.org"));
        let odd = account(2, "odd@example.org", Some("ÖZ@example.org"));
        let both = vec![
            Registration::Account(maria.clone()),
            Registration::Account(odd.clone()),
        ];
        enter(&journal, both).await.unwrap();

        for (login, email, taken) in [
            ("mARIA", None, "login"),
            ("MARIA@example.org", None, "login"),
            ("leo", Some("Maria@Example.org"), "email"),
            ("leo", Some("Odd@example.org"), "email"),
            ("leo", Some("maria"), "email"),
            ("leo", Some("öz@EXAMPLE.org"), "email"),
        ] {
            let told = enter(&journal, vec![Registration::Account(account(3, login, email))]).await;
            let Err(RegisterError::Taken { field }) = told else {
                panic!("{login} {email:?}: {told:?}");
            };
            assert_eq!(field, taken, "{login} {email:?}");
        }
        assert_eq!(register(&journal).await.accounts, [maria, odd]);
    })
    .await;
}

#[tokio::test]
async fn an_account_may_keep_its_names_change_their_case_or_give_them_up() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        for login in ["maria", "Maria", "maria@example.org"] {
            let again = account(1, login, Some("Maria@example.org"));
            enter(&journal, vec![Registration::Account(again)]).await.unwrap();
        }
        let moved = vec![
            Registration::Account(account(1, "mary", None)),
            Registration::Account(account(2, "maria", Some("maria@example.org"))),
        ];
        enter(&journal, moved).await.unwrap();
        let logins: Vec<_> = register(&journal)
            .await
            .accounts
            .into_iter()
            .map(|it| it.login)
            .collect();
        assert_eq!(logins, ["mary", "maria"]);
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_is_refused_leaves_nothing_and_takes_no_other_with_it() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let mut house = House::open(&journal, "harbour").await;
        let head = house.head.next();
        enter(&journal, vec![Registration::Account(account(1, "maria", None))])
            .await
            .unwrap();
        let mut asked = JoinSet::new();
        for n in 2..30 {
            // Every third one also wants Maria's login, behind a device that it may not keep.
            let login = if n % 3 == 0 {
                "maria"
            } else {
                &format!("waiter-{n}")
            };
            let writes = vec![
                Registration::Device(device(n, "door")),
                Registration::Account(account(n, login, None)),
            ];
            let journal = journal.clone();
            asked.spawn(async move { (n, journal.enter(writes, vec![line(None, "came")]).await.is_ok()) });
        }
        let new = house.draft(&journal, party("Ada")).await;
        journal.append(one(new)).await.unwrap();

        for (n, is_taken) in asked.join_all().await {
            assert_eq!(is_taken, n % 3 != 0, "entry {n}");
        }
        let register = register(&journal).await;
        assert!(register.devices.iter().all(|it| it.device_id % 3 != 0));
        assert_eq!((register.devices.len(), register.accounts.len()), (19, 20));
        assert_eq!(journal.audit(None, None, 100).await.unwrap().len(), 19);
        assert_eq!(journal.head(house.id).await.unwrap(), head);
    })
    .await;
}

#[tokio::test]
async fn what_no_engine_has_room_for_is_not_entered_and_the_rest_is() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let too_large = vec![
            Registration::Device(device(1, "door")),
            Registration::Device(device(u64::MAX, "bar")),
        ];
        let (failed, taken) = tokio::join!(
            enter(&journal, too_large),
            enter(&journal, vec![Registration::Device(device(3, "pass"))]),
        );
        assert_eq!(kind(failed), Some(StorageErrorKind::Other));
        taken.unwrap();
        assert_eq!(register(&journal).await.devices, [device(3, "pass")]);
    })
    .await;
}

#[tokio::test]
async fn what_is_printed_in_documents_can_be_forgotten_at_once() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let public = Account {
            public: true,
            ..account(1, "demo", None)
        };
        let public_key = ApiKey {
            public: true,
            ..api_key(1, "demo")
        };
        let writes = vec![
            Registration::Account(public),
            Registration::Account(account(2, "maria", None)),
            Registration::Key(public_key),
            Registration::Key(api_key(2, "till")),
            Registration::SignIn(sign_in("of demo", 1)),
            Registration::SignIn(sign_in("of maria", 2)),
            Registration::Device(device(1, "door")),
            Registration::SigningKey(signing_key("k1")),
            Registration::ForgetPublic,
        ];
        enter(&journal, writes).await.unwrap();
        assert_eq!(
            register(&journal).await,
            Register {
                accounts: vec![account(2, "maria", None)],
                members: Vec::new(),
                keys: vec![api_key(2, "till")],
                devices: vec![device(1, "door")],
                sign_ins: vec![sign_in("of maria", 2)],
                signing_keys: vec![signing_key("k1")],
            }
        );
    })
    .await;
}

#[tokio::test]
async fn a_removed_restaurant_is_still_listed_and_comes_back() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let house = House::open(&journal, "harbour").await;
        let mark = |restaurant_id, removed_at| Registration::Restaurant {
            restaurant_id,
            removed_at,
        };
        for removed_at in [Some(noon()), None] {
            enter(&journal, vec![mark(house.id, removed_at)]).await.unwrap();
            let entry = journal.restaurants().await.unwrap().remove(0);
            assert_eq!((entry.id, entry.removed_at), (house.id, removed_at));
        }
        assert_eq!(journal.head(house.id).await.unwrap(), house.head);
        let told = enter(&journal, vec![mark(RestaurantId(99), None)]).await;
        assert!(matches!(told, Err(RegisterError::Conflict)));
    })
    .await;
}

#[tokio::test]
async fn keys_and_devices_count_for_themselves() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        assert_eq!(journal.reserve_ids(Kind::Staff, 5).await.unwrap(), 1);
        assert_eq!(journal.reserve_ids(Kind::Key, 2).await.unwrap(), 1);
        assert_eq!(journal.reserve_ids(Kind::Key, 1).await.unwrap(), 3);
        assert_eq!(journal.reserve_ids(Kind::Device, 1).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn whoever_reads_only_sees_the_register_and_enters_nothing() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let reader = Journal::open_to_read(&place.config()).await.unwrap();
        enter(&journal, vec![Registration::Device(device(1, "door"))])
            .await
            .unwrap();
        assert_eq!(register(&reader).await.devices, [device(1, "door")]);
        let told = enter(&reader, vec![Registration::ForgetPublic]).await;
        assert_eq!(kind(told), Some(StorageErrorKind::ReadOnly));
    })
    .await;
}

#[test]
fn nothing_secret_is_printed() {
    let rotate = Registration::Rotate {
        id: "a".to_owned(),
        from: [211; 32],
        to: [222; 32],
        seen_at: noon(),
        expires_at: noon(),
    };
    let printed = [
        format!("{:?}", Registration::Account(account(1, "maria", None))),
        format!("{:#?}", api_key(1, "till")),
        format!("{:?}", device(1, "door")),
        format!("{:?}", sign_in("a", 1)),
        format!("{:#?}", signing_key("k1")),
        format!("{rotate:?}"),
        format!(
            "{:?}",
            Register {
                accounts: vec![account(1, "maria", None)],
                signing_keys: vec![signing_key("k1")],
                ..Register::default()
            }
        ),
    ];
    for text in printed {
        assert!(text.contains("hidden"), "{text}");
        for secret in ["argon2", "secret-bytes", "211", "222", "115, 101"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    let without = Account {
        password_hash: None,
        ..account(StaffId(1).0, "maria", None)
    };
    assert!(format!("{without:?}").contains("password_hash: None, pin_hash: Some(hidden)"));
}
