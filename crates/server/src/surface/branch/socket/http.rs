//! Engine.IO's requests: to open a session, to fetch and send packets, and to take over with a WebSocket.

use super::error::SocketError;
use super::line::Line;
use super::open_to_all;
use super::packet;
use super::polling::Polling;
use super::session::Session;
use super::sockets::{Polled, Request as Brought, Sid, Sockets};
use crate::peer::Peer;
use crate::surface::ground::Ground;
use crate::surface::query::parameter;
use crate::surface::websocket::text_frame;
use crate::surface::{web, websocket};
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::sync::oneshot;

/// Opens a session, fetches packets, or takes a session over with a WebSocket.
#[utoipa::path(get, path = "/socket.io", operation_id = "branch_socket", tag = "branch",
    params(
        ("EIO" = String, Query, description = "the version of Engine.IO: `4`"),
        ("transport" = String, Query, description = "`polling` or `websocket`"),
        ("sid" = Option<String>, Query, description = "the session, once there is one"),
    ),
    responses(
        (status = 101, description = "packets of Engine.IO, in them those of the namespace `/restaurant/tables`"),
        (status = 200, description = "packets, parted by the byte 0x1E", body = String, content_type = "text/plain"),
        (status = 400, description = "another transport or version, no such session, or two polls at once"),
        (status = 403, description = "a page of an origin that is not listed"),
        (status = 429, description = "too many handshakes from this address"),
        (status = 503, description = "too many connections"),
    ))]
pub(super) async fn get(
    State(ground): State<Ground>,
    Extension(sockets): Extension<Sockets>,
    peer: Peer,
    request: Request<Body>,
) -> Result<Response, SocketError> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&ground, &peer, &parts)?;
    if parts.method != Method::GET {
        return Err(SocketError::handshake());
    }
    let request = Request::from_parts(parts, body);
    let response = match (asked.transport, asked.sid) {
        (Transport::Polling, Some(sid)) => poll(&sockets, &sid).await,
        (Transport::Polling, None) => open(ground, &sockets, request),
        (Transport::WebSocket, Some(sid)) => upgrade(&ground, &sockets, &sid, request),
        (Transport::WebSocket, None) => connect(ground, request),
    };
    response.map(open_to_all)
}

/// Sends packets.
#[utoipa::path(post, path = "/socket.io", operation_id = "branch_socket_post", tag = "branch",
    params(
        ("EIO" = String, Query, description = "the version of Engine.IO: `4`"),
        ("transport" = String, Query, description = "`polling`"),
        ("sid" = String, Query, description = "the session"),
    ),
    request_body(content = String, content_type = "text/plain"),
    responses(
        (status = 200, description = "`ok`: they were heard", body = String, content_type = "text/html"),
        (status = 400, description = "no such session, another transport, or two posts at once"),
        (status = 403, description = "a page of an origin that is not listed"),
        (status = 408, description = "it did not come in time"),
        (status = 413, description = "more than a payload may have"),
    ))]
pub(super) async fn post(
    State(ground): State<Ground>,
    Extension(sockets): Extension<Sockets>,
    peer: Peer,
    request: Request<Body>,
) -> Result<Response, SocketError> {
    let (parts, body) = request.into_parts();
    let asked = Asked::of(&ground, &peer, &parts)?;
    let sid = asked.sid.ok_or_else(SocketError::handshake)?;
    let way = sockets.find(&sid).ok_or_else(SocketError::session)?;
    if asked.transport != Transport::Polling {
        return Err(SocketError::request());
    }
    let _posting = way.post().ok_or_else(SocketError::request)?;
    let body = ground.read_up_to(body, way.bytes_max()).await?;
    // What is no text is heard as no packet.
    let body = String::from_utf8(body.into()).unwrap_or_default();
    let (posted, heard) = oneshot::channel();
    way.bring(Brought::Post(body, posted)).await?;
    heard.await.map_err(|_| SocketError::session())?;
    let kind = [(header::CONTENT_TYPE, "text/html")];
    Ok(open_to_all((kind, "ok").into_response()))
}

/// What a browser asks before it lets a page of another origin ask.
#[utoipa::path(options, path = "/socket.io", operation_id = "branch_socket_preflight", tag = "branch",
    responses((status = 204, description = "pages of every origin may ask, without credentials")))]
pub(super) async fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "authorization, content-type",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    open_to_all((StatusCode::NO_CONTENT, headers).into_response())
}

/// The official client, for pages that load it from here.
#[utoipa::path(get, path = "/socket.io/socket.io.js", operation_id = "branch_socket_client", tag = "branch",
    responses(
        (status = 200, description = "the client as a script", body = String, content_type = "text/javascript"),
        (status = 404, description = "this program was built without it"),
    ))]
pub(super) async fn client() -> Response {
    let file = web::file(&Method::GET, "/socket.io/socket.io.js");
    let mut response = file.unwrap_or_else(|| {
        let kind = [(header::CONTENT_TYPE, "text/javascript")];
        let word = "// The client is not inside this build: install Node and build again.\n";
        (StatusCode::NOT_FOUND, kind, word).into_response()
    });
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    let headers = response.headers_mut();
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    open_to_all(response)
}

/// How packets are to travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transport {
    Polling,
    WebSocket,
}

/// What a request is about.
struct Asked {
    transport: Transport,
    sid: Option<String>,
}

impl Asked {
    /// Whoever opens a session counts as beginning a stream, whatever else is wrong with it.
    fn of(ground: &Ground, peer: &Peer, request: &Parts) -> Result<Asked, SocketError> {
        let query = request.uri.query();
        let sid = parameter(query, "sid").filter(|it| !it.is_empty());
        if sid.is_none() {
            ground.gate.handshake(peer)?;
        }
        ground.origins.check(request)?;
        let transport = match parameter(query, "transport").as_deref() {
            Some("polling") => Transport::Polling,
            Some("websocket") => Transport::WebSocket,
            _ => return Err(SocketError::transport()),
        };
        if sid.is_none() && request.method == Method::GET && parameter(query, "EIO").as_deref() != Some("4") {
            return Err(SocketError::version());
        }
        Ok(Asked { transport, sid })
    }
}

/// Opens a session that polls.
fn open(ground: Ground, sockets: &Sockets, request: Request<Body>) -> Result<Response, SocketError> {
    let counted = ground.gate.connection().ok_or_else(SocketError::crowded)?;
    let (entry, requests) = sockets.enter(counted);
    let bytes_max = usize::try_from(ground.limits.frame_bytes).unwrap_or(usize::MAX);
    let polling = Polling::new(entry, requests, bytes_max);
    let open = packet::open(polling.sid(), &["websocket"]);
    let asked = Box::new(request.into_parts().0);
    // It is told its session in this answer. Ends by itself when the client is silent, or with a goodbye.
    let line = Line::Polling(Box::new(polling));
    tokio::spawn(Session::serve(ground, asked, line, Bytes::new()));
    Ok(packets(Body::from(open)))
}

/// Waits for packets.
async fn poll(sockets: &Sockets, sid: &str) -> Result<Response, SocketError> {
    let way = sockets.find(sid).ok_or_else(SocketError::session)?;
    let (poll, polled) = oneshot::channel();
    way.bring(Brought::Poll(poll)).await?;
    match polled.await.map_err(|_| SocketError::session())? {
        Polled::Packets(delivery) => Ok(packets(Body::new(delivery))),
        Polled::Overlapping => Err(SocketError::request()),
    }
}

fn packets(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, body).into_response()
}

/// Opens a session with a WebSocket.
fn connect(ground: Ground, mut request: Request<Body>) -> Result<Response, SocketError> {
    let (response, upgrade) = websocket::upgrade(&mut request)?;
    let asked: Box<Parts> = Box::new(request.into_parts().0);
    // Ends by itself when the socket does, or with a goodbye.
    tokio::spawn(async move {
        if let Some(socket) = upgrade.socket(ground.limits.frame_bytes).await {
            let open = packet::open(Sid::random().as_str(), &[]);
            let line = Line::Socket(Box::new(socket));
            Session::serve(ground, asked, line, text_frame(open.as_bytes())).await;
        }
    });
    Ok(response)
}

/// Brings a WebSocket to a session that polls.
fn upgrade(
    ground: &Ground,
    sockets: &Sockets,
    sid: &str,
    mut request: Request<Body>,
) -> Result<Response, SocketError> {
    let way = sockets.find(sid).ok_or_else(SocketError::session)?;
    let (response, upgrade) = websocket::upgrade(&mut request)?;
    let frame_bytes = ground.limits.frame_bytes;
    // Ends as soon as the session has it, or has ended.
    tokio::spawn(async move {
        if let Some(socket) = upgrade.socket(frame_bytes).await {
            drop(way.bring(Brought::Upgrade(Box::new(socket))).await);
        }
    });
    Ok(response)
}
