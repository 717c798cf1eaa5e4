//! `/admin/ws/dashboard`: the WebSocket that shows every table of a restaurant, and takes what is done to them.

use super::actions::{self, Action, Asked, Failure, Said};
use super::calls;
use super::error::AdminError;
use super::frames::{self, DIALECT};
use crate::floors::AskError;
use crate::gate::{Messages, Seat};
use crate::identity::{Credential, Way};
use crate::peer::Peer;
use crate::rights::Right;
use crate::surface::ground::{EnterError, Ground};
use crate::surface::listener::{Listener, Next};
use crate::surface::presence::{Presence, closing};
use crate::surface::query::parameter;
use crate::surface::stream::{self, Ended};
use crate::surface::websocket::{self, FromScreen, Socket, text_frame};
use axum::body::Body;
use axum::extract::State;
use axum::http::Request;
use axum::http::request::Parts;
use axum::response::Response;
use floor::{CallId, Command, Refusal};
use hub::Goodbye;

/// A WebSocket: every table, then each that changes; takes what is to be done to tables.
#[utoipa::path(get, path = "/admin/ws/dashboard", operation_id = "admin_dashboard_socket", tag = "admin",
    params(("token" = Option<String>, Query, description = "an API key or a token")),
    responses(
        (status = 101, description = "frames as in docs/admin.md; a bad token is told in a frame"),
        (status = 403, description = "a page of an origin that is not listed"),
        (status = 426, description = "not a WebSocket handshake"),
        (status = 429, description = "too many handshakes from this address"),
    ))]
pub(super) async fn dashboard(
    State(ground): State<Ground>,
    peer: Peer,
    mut request: Request<Body>,
) -> Result<Response, AdminError> {
    ground.gate.handshake(&peer)?;
    let (response, upgrade) = websocket::upgrade(&mut request)?;
    let (asked, _) = request.into_parts();
    ground.origins.check(&asked)?;
    // Ends by itself when the socket does, or with a goodbye from the hub.
    tokio::spawn(async move {
        if let Some(socket) = upgrade.socket(ground.limits.frame_bytes).await {
            serve(ground, socket, asked).await;
        }
    });
    Ok(response)
}

async fn serve(ground: Ground, mut socket: Socket, asked: Parts) {
    let (metrics, gate) = (ground.metrics.clone(), ground.gate.clone());
    // Whoever holds one is waited for: the goodbye has to reach the dashboard before the program ends.
    let _held = ground.stopping.clone();
    let mut is_said = false;
    let begun = Box::pin(begin(&ground, &asked)).await;
    drop(asked);
    let ended = match begun {
        Ok(stream) => Box::pin(stream.run(&mut socket)).await,
        Err(NotBegun { failure, goodbye }) => {
            if let Some(failure) = failure {
                drop(socket.write(&frames::error(&failure)).await);
                is_said = true;
            }
            goodbye.into()
        }
    };
    if let Some((goodbye, _)) = ended.counted(&metrics, &gate) {
        if is_about_token(goodbye) && !is_said {
            // Dashboards go to the sign-in page on this frame only.
            drop(socket.write(&frames::error(&invalid_token())).await);
        }
        let (code, reason) = closing(goodbye);
        Box::pin(socket.close(code, reason)).await;
    }
}

/// Why a dashboard is shown nothing.
struct NotBegun {
    failure: Option<Failure>,
    goodbye: Goodbye,
}

impl NotBegun {
    fn without_floor(goodbye: Goodbye) -> NotBegun {
        NotBegun {
            failure: Some(Failure::new("snapshot_error", "Failed to load tables")),
            goodbye,
        }
    }
}

impl From<Goodbye> for NotBegun {
    fn from(goodbye: Goodbye) -> NotBegun {
        NotBegun {
            failure: None,
            goodbye,
        }
    }
}

/// A dashboard's connection.
struct Stream {
    ground: Ground,
    listener: Listener,
    messages: Messages,
    presence: Presence,
    /// Its place among the restaurant's dashboards.
    _seat: Seat,
}

async fn begin(ground: &Ground, asked: &Parts) -> Result<Stream, NotBegun> {
    let token = parameter(asked.uri.query(), "token").map(|it| Credential::new(it, Way::Query));
    let staff = ground
        .caller(asked, token)
        .await
        .map_err(|_| Goodbye::NotAllowed)?;
    let home = ground.identity.home(&staff);
    let home = home.ok_or_else(|| NotBegun::without_floor(Goodbye::NotAllowed))?;
    let restaurant_id = home.restaurant_id();
    let opened = ground.open(&staff, &restaurant_id.to_string()).await;
    let (pass, floor) = opened.map_err(|error| match error {
        EnterError::UnknownRestaurant | EnterError::NotAllowed | EnterError::NoPass(_) => {
            Goodbye::NotAllowed.into()
        }
        EnterError::Storage(error) => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "a floor could not be opened for a dashboard"
            );
            NotBegun::without_floor(Goodbye::Fault)
        }
    })?;
    let view = floor.view();
    let max = view
        .floor
        .settings
        .as_ref()
        .and_then(|it| it.dashboard_connections);
    let seat = ground
        .gate
        .dashboard_seat("admin_dashboard", restaurant_id, max)
        .map_err(|_| Goodbye::TooMany)?;
    Ok(Stream {
        ground: ground.clone(),
        listener: Listener::new(ground.clone(), pass, floor, DIALECT),
        messages: ground.gate.messages("admin_dashboard"),
        presence: Presence::new(),
        _seat: seat,
    })
}

impl Stream {
    async fn run(mut self, socket: &mut Socket) -> Ended {
        if let Err(ended) = self.show_all(socket).await {
            return ended;
        }
        loop {
            let done = tokio::select! {
                // What has happened is told before what is asked then is answered.
                biased;
                next = self.listener.next_batch() => match next {
                    Next::Frames(batch) => self.write(socket, &batch.bytes).await,
                    // What was missed is in what is shown again.
                    Next::Fallen => self.show_all(socket).await,
                    Next::Goodbye(goodbye) => Err(goodbye.into()),
                },
                from = socket.next() => self.hear(socket, from).await,
                asks = self.presence.asks() => match asks {
                    Ok(question) => self.write(socket, &question).await,
                    Err(goodbye) => Err(Ended::By(goodbye, String::new())),
                },
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    /// Shows every table as it is, and goes on right behind that.
    async fn show_all(&mut self, socket: &mut Socket) -> Result<(), Ended> {
        let view = self.listener.floor().view();
        self.listener.begin_behind(view.seq);
        self.write(socket, &frames::snapshot(&view.floor)).await?;
        match frames::pending_calls(&view.floor, &view.guests) {
            Some(frame) => self.write(socket, &frame).await,
            None => Ok(()),
        }
    }

    async fn hear(&mut self, socket: &mut Socket, from: FromScreen) -> Result<(), Ended> {
        if self.messages.take().is_err() {
            return Err(Goodbye::TooMany.into());
        }
        self.presence.heard();
        match from {
            FromScreen::Text(text) => match text.trim() {
                "ping" => self.write(socket, &text_frame(b"pong")).await,
                "pong" => Ok(()),
                text => self.act(socket, text).await,
            },
            FromScreen::Alive => socket.flush().await.map_err(|_| Ended::ByScreen),
            FromScreen::Binary => self.say(socket, &Failure::message()).await,
            FromScreen::BadText => Err(Goodbye::BadText.into()),
            FromScreen::TooLarge => Err(Goodbye::TooLarge.into()),
            FromScreen::Gone => Err(Ended::ByScreen),
        }
    }

    /// Does what a frame asks for. What was done is told to every dashboard, this one too; what was not is told
    /// to this one alone.
    async fn act(&mut self, socket: &mut Socket, text: &str) -> Result<(), Ended> {
        let failures = match actions::read(text) {
            Err(failure) => vec![failure],
            Ok(Said::Act(asked)) => {
                self.listener.check()?;
                self.carry_out(&asked).await
            }
            Ok(Said::Resolve(call_id)) => {
                self.listener.check()?;
                self.resolve(call_id).await.err().into_iter().collect()
            }
        };
        for failure in failures {
            self.say(socket, &failure).await?;
        }
        Ok(())
    }

    async fn carry_out(&self, asked: &Asked) -> Vec<Failure> {
        let Some(first) = asked.actions.first() else {
            return Vec::new();
        };
        if !self.listener.pass().has(Right::Tables) {
            return vec![first.forbidden()];
        }
        if asked.is_all_or_nothing {
            let commands = asked.actions.iter().map(|it| it.command()).collect();
            return match self.ask(Command::Batch { commands }).await {
                Ok(()) => Vec::new(),
                Err(error) => vec![named(&asked.actions, *first, &error)],
            };
        }
        let mut failures = Vec::new();
        for action in &asked.actions {
            if let Err(error) = self.ask(action.command()).await {
                failures.push(action.refused(&error));
            }
        }
        failures
    }

    async fn resolve(&self, call_id: CallId) -> Result<(), Failure> {
        if !self.listener.pass().has(Right::Tables) {
            return Err(Failure::forbidden());
        }
        let asked = self.ask(Command::ResolveCall { call_id }).await;
        asked.map_err(|error| calls::refused(&error))
    }

    async fn ask(&self, command: Command) -> Result<(), AskError> {
        let asked = actions::ask(
            &self.ground,
            self.listener.pass(),
            self.listener.floor(),
            command,
            None,
        );
        asked.await.map(drop)
    }

    async fn say(&mut self, socket: &mut Socket, failure: &Failure) -> Result<(), Ended> {
        self.write(socket, &frames::error(failure)).await
    }

    async fn write(&mut self, socket: &mut Socket, bytes: &[u8]) -> Result<(), Ended> {
        stream::write(&mut self.listener, socket, bytes).await
    }
}

/// The failure of a batch, as that of the action which stood in the way.
fn named(actions: &[Action], first: Action, error: &AskError) -> Failure {
    match error {
        AskError::Refused(Refusal::InBatch { index, refusal }) => {
            let action = actions.get(*index).copied().unwrap_or(first);
            action.refused(&AskError::Refused((**refusal).clone()))
        }
        other => first.refused(other),
    }
}

fn invalid_token() -> Failure {
    Failure::new("invalid_token", "Invalid token")
}

fn is_about_token(goodbye: Goodbye) -> bool {
    matches!(
        goodbye,
        Goodbye::SignedOut | Goodbye::Expired | Goodbye::NotAllowed
    )
}
