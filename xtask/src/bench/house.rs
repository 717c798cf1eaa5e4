//! The server's restaurants, as the benchmark uses them.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::child::Measured;
use super::http::{self, Http};
use super::screens::Screens;
use super::writers::Writer;

/// How long a server with an empty house may take to its ready line.
const START_MAX: Duration = Duration::from_secs(20);

/// Starts `server` with its data in the folder `data`: the demo house without service or history, and `extra` options.
pub(crate) fn open(server: &Path, data: &Path, extra: &[&str]) -> Result<Measured> {
    Measured::start(
        demo(server, data).args(["--history", "0"]).args(extra),
        &log_file(data),
        START_MAX,
    )
}

/// The command line that all starts of the server share.
pub(crate) fn demo(server: &Path, data: &Path) -> Command {
    let mut command = Command::new(server);
    command
        .args(["demo", "--listen", "127.0.0.1:0", "--no-traffic", "--data"])
        .arg(data);
    command
}

/// Where a server with that data folder complains to.
pub(crate) fn log_file(data: &Path) -> std::path::PathBuf {
    data.with_extension("log")
}

/// One restaurant with the credential of its manager.
#[derive(Clone, Debug)]
pub(crate) struct House {
    addr: SocketAddr,
    slug: String,
    key: String,
}

impl House {
    /// The demo house.
    pub(crate) fn demo(server: &Measured) -> House {
        House {
            addr: server.addr,
            slug: "test-restaurant-1".into(),
            key: "demo-key-restaurant-1".into(),
        }
    }

    /// The first `n` of the houses that `--restaurants` adds.
    pub(crate) fn extra(server: &Measured, n: u64) -> Vec<House> {
        (1..=n)
            .map(|i| House {
                addr: server.addr,
                slug: format!("bench-{i}"),
                key: format!("bench-key-{i}"),
            })
            .collect()
    }

    /// No screens yet, ready to grow.
    pub(crate) fn screens(&self) -> Screens {
        Screens::new(self.addr, http::upgrade(&self.path("stream"), &self.key))
    }

    /// No tablets of the host stand yet, ready to grow.
    pub(crate) fn tablets(&self) -> Screens {
        let path = format!("/realtime?restaurant_id={}", self.slug);
        Screens::new(self.addr, http::upgrade(&path, &self.key))
    }

    /// A tablet that writes the first table, to and fro.
    pub(crate) async fn tablet_writer(&self) -> Result<Writer> {
        let mut http = Http::connect(self.addr).await?;
        let tables = self.tables(&mut http).await?;
        let table = tables.first().context("there is no table")?;
        let path = format!("/restaurants/{}/tables/table-{table}", self.slug);
        let status = |status: &str| http::put(&path, &self.key, &json!({ "status": status }));
        Ok(Writer::new(http, status("reserved"), status("available")))
    }

    /// Writers for the first `n` tables, each with a connection and a table of its own.
    pub(crate) async fn writers(&self, n: usize) -> Result<Vec<Writer>> {
        let mut http = Http::connect(self.addr).await?;
        let tables = self.tables(&mut http).await?;
        anyhow::ensure!(
            tables.len() >= n,
            "{} has only {} tables",
            self.slug,
            tables.len()
        );
        let mut writers = vec![self.writer(http, tables[0])];
        for &table in &tables[1..n] {
            writers.push(self.writer(Http::connect(self.addr).await?, table));
        }
        Ok(writers)
    }

    fn writer(&self, http: Http, table: u64) -> Writer {
        Writer::new(
            http,
            self.set_table_state(table, "dirty"),
            self.set_table_state(table, "available"),
        )
    }

    async fn tables(&self, http: &mut Http) -> Result<Vec<u64>> {
        let answer = http.ask(&http::get(&self.path("floor"), &self.key)).await?;
        let answer: Value = serde_json::from_slice(answer).context("the floor is not JSON")?;
        let tables = answer["floor"]["tables"]
            .as_array()
            .context("the floor has no tables")?;
        Ok(tables.iter().filter_map(|table| table["id"].as_u64()).collect())
    }

    fn set_table_state(&self, table: u64, state: &str) -> Vec<u8> {
        let command = json!({"command": "set_table_state", "table_id": table, "state": state});
        http::post(&self.path("commands"), &self.key, &command)
    }

    fn path(&self, what: &str) -> String {
        format!("/v1/restaurants/{}/{what}", self.slug)
    }
}
