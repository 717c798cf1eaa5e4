//! A whole server in the test's own process, on a free port, with the demo house inside.

use crate::captured_log;
use crate::client::{Client, Screen};
use jiff::{SignedDuration, Timestamp};
use journal::Journal;
use maitred::clock::Clock;
use maitred::config::Config;
use maitred::demo;
use maitred::floors::Floors;
use maitred::identity::Identity;
use maitred::limits::Limits;
use maitred::server::{Server, journal_config};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A running server. Dropping it leaves the folder to be removed with the test.
pub struct House {
    pub address: SocketAddr,
    pub floors: Floors,
    pub identity: Identity,
    pub clock: Clock,
    folder: Option<tempfile::TempDir>,
    data: PathBuf,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

/// When the tests' evening begins.
pub fn evening() -> Timestamp {
    "2026-11-20T19:30:00Z".parse().unwrap()
}

/// The key of whoever runs the program.
pub const OPERATOR_KEY: &str = "the-owner-of-all-of-this";

/// Gives the configuration an operator key.
pub fn operated(config: &mut Config) {
    config.operator_key = Some(OPERATOR_KEY.to_owned().into());
}

impl House {
    /// The demo house, empty, on a clock that stands until it is set.
    pub async fn open() -> House {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_owned();
        let mut house = House::open_at(&data, 0).await;
        house.folder = Some(folder);
        house
    }

    /// As [`House::open`], with the journal in `data`, at this port (0: a free one).
    pub async fn open_at(data: &Path, port: u16) -> House {
        let config = Config {
            listen: vec![format!("127.0.0.1:{port}")],
            data: data.to_owned(),
            drain_seconds: 5,
            busy_seconds: 1,
            // A test may ask quickly, and its clock stands still.
            limits: Limits {
                handshakes_per_minute: 600_000,
                messages_per_second: 100_000,
                commands_per_second: 200_000,
                ..Limits::default()
            },
            ..Config::default()
        };
        House::open_as(config).await
    }

    /// As [`House::open`], with `change` made to the usual configuration.
    pub async fn open_with(change: impl FnOnce(&mut Config)) -> House {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            listen: vec!["127.0.0.1:0".to_owned()],
            data: folder.path().to_owned(),
            drain_seconds: 5,
            ..Config::default()
        };
        change(&mut config);
        let mut house = House::open_as(config).await;
        house.folder = Some(folder);
        house
    }

    /// As [`House::open_at`], with this configuration.
    pub async fn open_as(config: Config) -> House {
        captured_log::capture();
        let data = config.data.clone();
        let clock = Clock::standing_at(evening());
        let journal = Journal::open(&journal_config(&config)).await.unwrap();
        let houses = demo::build(&journal, 0, evening()).await.unwrap();
        let rules = demo::rules(config.rules());
        let mut server = Server::start_over(journal, &config, rules, clock.clone())
            .await
            .unwrap();
        let sign_in = demo::let_in(server.identity(), &houses).await.unwrap();
        server.offer(sign_in);
        let (stop, stopped) = oneshot::channel();
        let address = server.addresses()[0];
        let floors = server.floors().clone();
        let identity = server.identity().clone();
        let running = tokio::spawn(server.run(async { drop(stopped.await) }));
        House {
            address,
            floors,
            identity,
            clock,
            folder: None,
            data,
            stop,
            running,
        }
    }

    /// Where the journal is.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// A client with the manager's API key of restaurant 1.
    pub fn manager(&self) -> Client {
        self.client("demo-key-restaurant-1")
    }

    /// A client with the key of whoever runs the program, in a house that was opened with [`operated`].
    pub fn operator(&self) -> Client {
        self.client(OPERATOR_KEY)
    }

    /// A client that shows nothing.
    pub fn stranger(&self) -> Client {
        Client::new(self.address, None)
    }

    /// Sets the clock to this long after the evening began. Answers what it shows.
    pub fn later(&self, passed: SignedDuration) -> Timestamp {
        self.clock.set(evening() + passed);
        self.clock.now()
    }

    /// A client with this credential.
    pub fn client(&self, credential: &str) -> Client {
        Client::new(self.address, Some(credential))
    }

    /// A screen of restaurant 1 that has just connected.
    pub async fn screen(&self) -> Screen {
        self.screen_from("").await
    }

    /// A screen of restaurant 1 that connects with this query.
    pub async fn screen_from(&self, query: &str) -> Screen {
        Screen::connect(
            self.address,
            "test-restaurant-1",
            query,
            Some("demo-key-restaurant-1"),
        )
        .await
        .unwrap()
    }

    /// Stops the server as a signal would, and waits until it has ended. Its folder stays.
    pub async fn stop(self) -> Option<tempfile::TempDir> {
        self.stop.send(()).unwrap();
        self.running.await.unwrap();
        drop((self.floors, self.identity));
        self.folder
    }
}
