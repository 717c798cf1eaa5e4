//! The operator's way to the program: to the server that runs on the journal, or, when none does, to the
//! journal itself through the same requests, answered in this process.

use super::answer::{entries, text};
use crate::clock::Clock;
use crate::config::Config;
use crate::server::{Server, journal_config};
use crate::surface::{App, control};
use anyhow::{Context, Result, bail};
use http_body_util::{BodyExt, Full};
use hyper::{Method, Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use journal::{Journal, OpenError};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use tokio::net::UnixStream;
use tower::ServiceExt;

/// The operator's way to the program.
pub(super) enum Office {
    /// No server runs: this process has the journal.
    Here { server: Box<Server>, app: App },
    /// A server runs, and listens at this socket.
    There(PathBuf),
}

/// How long a command waits for a program that has the journal and answers nothing yet: a server that is
/// starting, or another command that is about to end.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

impl Office {
    /// Does `work` with the journal that is there, and lets go of it.
    pub(super) async fn visit<T>(config: &Config, work: impl AsyncFnOnce(&Office) -> Result<T>) -> Result<T> {
        // A mistyped folder is not to become an empty journal.
        match Journal::open_to_read(&journal_config(config)).await {
            Ok(journal) => journal.close().await,
            Err(error @ OpenError::NotFound { .. }) => return Err(error.into()),
            // Whoever opens it to write says it better, or mends it.
            Err(_) => {}
        }
        Office::visit_or_make(config, work).await
    }

    /// As [`Office::visit`]; makes the journal if there is none.
    pub(super) async fn visit_or_make<T>(
        config: &Config,
        work: impl AsyncFnOnce(&Office) -> Result<T>,
    ) -> Result<T> {
        let office = Office::open(config).await?;
        let done = work(&office).await;
        office.close().await;
        done
    }

    /// Finds the server that runs on the journal, or opens the journal.
    async fn open(config: &Config) -> Result<Office> {
        let socket = control::path(&config.data);
        let until = Instant::now() + PATIENCE;
        let journal = loop {
            let in_use = match Journal::open(&journal_config(config)).await {
                Ok(journal) => break journal,
                Err(error @ OpenError::InUse { .. }) => error,
                Err(error) => return Err(error.into()),
            };
            // A socket may be left over from a program that was killed: it counts when somebody answers.
            match UnixStream::connect(&socket).await {
                Ok(_) => return Ok(Office::There(socket)),
                Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                    let whose = "a server runs on this journal, and its socket is for the user who runs it";
                    return Err(anyhow::Error::from(error).context(whose));
                }
                Err(_) if Instant::now() >= until => return Err(in_use.into()),
                Err(_) => tokio::time::sleep(LOOK_EVERY).await,
            }
        };
        let config = Config {
            listen: Vec::new(),
            ..config.clone()
        };
        let server = Server::start_over(journal, &config, config.rules(), Clock::System).await?;
        let app = server.control_app();
        Ok(Office::Here {
            server: Box::new(server),
            app,
        })
    }

    /// Asks, and answers what came back. An answer that says no is an error in its own words.
    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value> {
        let text = body.map(|it| it.to_string()).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "maitred")
            .body(Full::<bytes::Bytes>::from(text))?;
        let (status, bytes) = match self {
            Office::Here { app, .. } => read(app.clone().oneshot(request).await?).await?,
            Office::There(socket) => {
                let stream = UnixStream::connect(socket)
                    .await
                    .with_context(|| format!("the server does not answer at {}", socket.display()))?;
                let (mut sender, connection) =
                    hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
                // Ends with its only request.
                let connection = tokio::spawn(connection);
                let answer = sender.send_request(request).await?;
                let answer = read(answer).await?;
                connection.abort();
                answer
            }
        };
        if bytes.is_empty() && status.is_success() {
            return Ok(Value::Null);
        }
        let answer: Value = serde_json::from_slice(&bytes).context("the answer is not JSON")?;
        if status.is_success() {
            return Ok(answer);
        }
        let message = answer["message"].as_str().unwrap_or("no reason was given");
        match answer["field"].as_str() {
            Some(field) if !message.contains(field) => bail!("{field}: {message}"),
            _ => bail!("{message}"),
        }
    }

    /// Reads something.
    pub(super) async fn get(&self, path: &str) -> Result<Value> {
        self.ask(Method::GET, path, None).await
    }

    /// Sends something.
    pub(super) async fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.ask(Method::POST, path, Some(body)).await
    }

    /// Sets something.
    pub(super) async fn put(&self, path: &str, body: Value) -> Result<Value> {
        self.ask(Method::PUT, path, Some(body)).await
    }

    /// Changes something.
    pub(super) async fn patch(&self, path: &str, body: Value) -> Result<Value> {
        self.ask(Method::PATCH, path, Some(body)).await
    }

    /// Ends something.
    pub(super) async fn delete(&self, path: &str) -> Result<Value> {
        self.ask(Method::DELETE, path, None).await
    }

    /// Asks a restaurant's floor for a command.
    pub(super) async fn command(&self, restaurant: &str, command: Value) -> Result<Value> {
        self.post(&restaurant_path(restaurant, "/commands"), command)
            .await
    }

    /// Lets go of the journal, if this process has it.
    async fn close(self) {
        if let Office::Here { server, .. } = self {
            server.close().await;
        }
    }

    /// The id of somebody who works in a restaurant: by id, by login, or by the name colleagues use.
    pub(super) async fn staff_id(&self, restaurant: &str, who: &str) -> Result<u64> {
        let person = self.person(restaurant, who).await?;
        person["staff_id"].as_u64().context("the answer has no id")
    }

    /// The address of somebody who works in a restaurant, or of something of theirs.
    pub(super) async fn staff_path(&self, restaurant: &str, who: &str, rest: &str) -> Result<String> {
        let staff_id = self.staff_id(restaurant, who).await?;
        Ok(restaurant_path(restaurant, &format!("/staff/{staff_id}{rest}")))
    }

    /// The entry of somebody who works in a restaurant: by id, by login, or by the name colleagues use.
    pub(super) async fn person(&self, restaurant: &str, who: &str) -> Result<Value> {
        let staff = self.get(&restaurant_path(restaurant, "/staff")).await?;
        let is_called = |it: &&Value| {
            let texts = [&it["login"], &it["name"], &it["email"]];
            let id = text(&it["staff_id"]) == who;
            id || texts.iter().any(|it| {
                it.as_str()
                    .is_some_and(|it| it.to_lowercase() == who.to_lowercase())
            })
        };
        let found: Vec<&Value> = entries(&staff, "staff").iter().filter(is_called).collect();
        match found[..] {
            [person] => Ok(person.clone()),
            [] => bail!("nobody called `{who}` works there; see: maitred staff list {restaurant}"),
            _ => bail!("several people are called `{who}`: name the id"),
        }
    }
}

/// The address of a restaurant, or of something of its own.
pub(super) fn restaurant_path(restaurant: &str, rest: &str) -> String {
    format!("/v1/restaurants/{}{rest}", segment(restaurant))
}

/// What was typed, as one part of an address.
pub(super) fn segment(text: &str) -> String {
    let mut segment = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => segment.push(char::from(byte)),
            _ => write!(segment, "%{byte:02X}").expect("writing to a string cannot fail"),
        }
    }
    segment
}

async fn read<B: http_body::Body>(answer: Response<B>) -> Result<(StatusCode, bytes::Bytes)>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let (parts, body) = answer.into_parts();
    Ok((parts.status, body.collect().await?.to_bytes()))
}
