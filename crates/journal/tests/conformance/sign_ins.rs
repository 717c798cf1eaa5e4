//! Sign-ins in the register: refreshed once, told until they run out.

use crate::places::on_every_engine;
use crate::register::{enter, register};
use crate::samples::{account, line, noon, sign_in, signing_key};
use jiff::{SignedDuration, Timestamp};
use journal::{Config, Journal, RegisterError, Registration, SignIn, SigningKey};

#[tokio::test]
async fn a_refresh_hash_is_put_in_place_of_the_one_shown_and_only_once() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let (old, new) = ([1; 32], [2; 32]);
        let begun = SignIn {
            refresh_hash: Some(old),
            ..sign_in("a", 1)
        };
        enter(&journal, vec![Registration::SignIn(begun.clone())])
            .await
            .unwrap();
        let seen_at = noon() + SignedDuration::from_mins(5);
        let rotate = |id: &str, from, to| Registration::Rotate {
            id: id.to_owned(),
            from,
            to,
            seen_at,
            expires_at: seen_at + SignedDuration::from_hours(1),
        };

        enter(&journal, vec![rotate("a", old, new)]).await.unwrap();
        let rotated = SignIn {
            refresh_hash: Some(new),
            seen_at,
            expires_at: seen_at + SignedDuration::from_hours(1),
            ..begun
        };
        assert_eq!(register(&journal).await.sign_ins, std::slice::from_ref(&rotated));

        for (id, from) in [("a", old), ("nobody", new)] {
            let told = journal
                .enter(vec![rotate(id, from, [3; 32])], vec![line(None, "refreshed")])
                .await;
            assert!(matches!(told, Err(RegisterError::Conflict)));
        }
        assert_eq!(register(&journal).await.sign_ins, [rotated]);
        assert_eq!(journal.audit(None, None, 10).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_that_has_ended_is_not_refreshed() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let ended = SignIn {
            refresh_hash: Some([1; 32]),
            ended_at: Some(noon()),
            ..sign_in("a", 1)
        };
        let rotate = Registration::Rotate {
            id: "a".to_owned(),
            from: [1; 32],
            to: [2; 32],
            seen_at: noon(),
            expires_at: noon(),
        };
        let told = enter(&journal, vec![Registration::SignIn(ended), rotate]).await;
        assert!(matches!(told, Err(RegisterError::Conflict)));
    })
    .await;
}

#[tokio::test]
async fn sign_ins_are_told_until_they_run_out_and_kept_for_a_month_after() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let day = SignedDuration::from_hours(24);
        let until = |id: &str, expires_at| SignIn {
            expires_at,
            ..sign_in(id, 1)
        };
        let ended = SignIn {
            ended_at: Some(noon() - day),
            ..until("ended", noon() + day)
        };
        let writes = vec![
            Registration::SignIn(until("long ago", noon() - 31 * day)),
            Registration::SignIn(until("over", noon())),
            Registration::SignIn(ended.clone()),
        ];
        enter(&journal, writes).await.unwrap();
        assert_eq!(register(&journal).await.sign_ins, [ended]);

        let tidied = journal.tidy_up(noon()).await.unwrap();
        assert_eq!(tidied.n_sign_ins, 1);
        let all = journal.register(Timestamp::MIN).await.unwrap().sign_ins;
        assert_eq!(
            all.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(),
            ["ended", "over"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_restored_journal_lets_in_nobody_who_was_let_in_before() {
    on_every_engine(async |place| {
        let journal = place.open().await;
        let writes = vec![
            Registration::Account(account(1, "maria", None)),
            Registration::SignIn(sign_in("a", 1)),
            Registration::SigningKey(signing_key("k")),
            // Signs nothing, and what is printed with it stays good.
            Registration::SigningKey(retired_from_the_start("codes")),
        ];
        enter(&journal, writes).await.unwrap();
        let backup = place.beside("backup");
        journal.backup(&backup, |_| {}).await.unwrap();
        let config = Config::in_folder(place.beside("restored"));
        Journal::restore(&backup, &config).await.unwrap();

        let restored = register(&Journal::open(&config).await.unwrap()).await;
        assert_eq!(restored.accounts.len(), 1);
        assert_eq!(restored.sign_ins.len(), 0);
        let kept: Vec<&str> = restored.signing_keys.iter().map(|it| it.kid.as_str()).collect();
        assert_eq!(kept, ["codes"]);
    })
    .await;
}

fn retired_from_the_start(kid: &str) -> SigningKey {
    let key = signing_key(kid);
    SigningKey {
        retired_at: Some(key.made_at),
        ..key
    }
}
