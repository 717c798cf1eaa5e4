//! Start, run, stop.

use crate::clock::Clock;
use crate::config::Config;
use crate::connection::Connection;
use crate::directory::Directory;
use crate::floors::Floors;
use crate::gate::Gate;
use crate::identity::{Identity, Rules};
use crate::limits::{BACKLOG, FILES_MAX, Limit, TIDY_EVERY, WRITE_STALL};
use crate::metrics::Metrics;
use crate::peer::{Networks, Peer};
use crate::stays::Waits;
use crate::surface::control::{ControlSocket, for_operators};
use crate::surface::ground::{DemoSignIn, Ground, Parts};
use crate::surface::origin::Origins;
use crate::surface::{App, in_our_form, router};
use crate::surface::{admin, branch, guest, host, v1};
use hub::{Goodbye, Hub};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use journal::Journal;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use socket2::{Domain, Protocol, SockRef, Type};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

/// A program that is ready to serve.
pub struct Server {
    listeners: Vec<TcpListener>,
    ground: Ground,
    stop: watch::Sender<bool>,
    drain: Duration,
    data: PathBuf,
    proxies: Networks,
    hsts: bool,
}

/// Why the program did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The journal was not opened.
    #[error(transparent)]
    Journal(#[from] journal::OpenError),
    /// The journal's content.
    #[error("the journal cannot be read")]
    Storage(#[from] journal::StorageError),
    /// An address.
    #[error("cannot listen at {address}")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

impl Server {
    /// Opens the journal, binds the addresses, wires the parts. Serves nothing yet.
    pub async fn start(config: &Config, clock: Clock) -> Result<Server, StartError> {
        let journal = Journal::open(&journal_config(config)).await?;
        let server = Server::start_over(journal, config, config.rules(), clock).await?;
        // Passwords that are printed in documents are good in the demo only.
        server.identity().forget_public().await?;
        Ok(server)
    }

    /// As [`Server::start`], over a journal that is open already, and with these rules of letting in.
    pub async fn start_over(
        journal: Journal,
        config: &Config,
        rules: Rules,
        clock: Clock,
    ) -> Result<Server, StartError> {
        raise_file_limit();
        let listeners = config
            .listen
            .iter()
            .map(|it| bind(it))
            .collect::<Result<Vec<_>, _>>()?;
        let directory = Directory::read(&journal).await?;
        let metrics = Metrics::default();
        let (own_journal, own_metrics) = (journal.clone(), metrics.clone());
        let identity = Identity::start(own_journal, directory, clock.clone(), own_metrics, rules).await?;
        let waits = Waits::new(journal.clone());
        let limits = Arc::new(config.limits.clone());
        let gate = Gate::new(Arc::clone(&limits), &clock, metrics.clone());
        let dialects = vec![
            v1::DIALECT,
            host::DIALECT,
            admin::DIALECT,
            branch::DIALECT,
            guest::DIALECT,
        ];
        let floors = Floors::new(
            journal,
            Hub::new(),
            clock,
            metrics.clone(),
            identity.clone(),
            dialects,
        );
        let default = config.host.default_restaurant.as_deref();
        if let Some(restaurant) = default.filter(|it| floors.directory().find(it).is_none()) {
            tracing::warn!(
                restaurant,
                "host.default_restaurant names no restaurant of this server"
            );
        }
        let (stop, stopping) = watch::channel(false);
        let origins = Arc::new(Origins::listed(config.origins.clone()));
        let ground = Ground::new(Parts {
            floors,
            identity,
            metrics,
            demo: None,
            waits,
            origins,
            trusted: Arc::new(config.trusted_networks.clone()),
            host: Arc::new(config.host.clone()),
            admin: Arc::new(config.admin.clone()),
            guest: Arc::new(config.guest.clone()),
            branch: Arc::new(config.branch.clone()),
            branches: Arc::default(),
            limits,
            gate,
            stopping,
        });
        Ok(Server {
            listeners,
            ground,
            stop,
            drain: config.drain(),
            data: config.data.clone(),
            proxies: config.proxies.clone(),
            hsts: config.hsts,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.listeners
            .iter()
            .filter_map(|it| it.local_addr().ok())
            .collect()
    }

    /// The floors.
    #[must_use]
    pub fn floors(&self) -> &Floors {
        &self.ground.floors
    }

    /// Who may sign in.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.ground.identity
    }

    /// Offers this sign-in to everybody, and lets pages of this machine use it.
    pub fn offer(&mut self, demo: DemoSignIn) {
        self.ground.offer(demo);
    }

    /// Every route, for whoever runs this program: as through its own socket.
    pub fn control_app(&self) -> App {
        for_operators(router(self.ground.clone(), false))
    }

    /// Lets go of the journal without having served anybody.
    pub async fn close(self) {
        let floors = self.ground.floors.clone();
        drop(self.ground);
        floors.close().await;
        floors.journal().close().await;
    }

    /// Serves until `stop` completes, then lets screens and requests go within the drain time.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let Server {
            listeners,
            ground,
            stop: stopper,
            drain,
            data,
            proxies,
            hsts,
        } = self;
        let (floors, identity) = (ground.floors.clone(), ground.identity.clone());
        let entrance = Entrance {
            gate: ground.gate.clone(),
            proxies: Arc::new(proxies),
            app: router(ground, hsts),
        };
        let mut accepting = JoinSet::new();
        for listener in listeners {
            accepting.spawn(accept(listener, entrance.clone(), stopper.subscribe()));
        }
        // Ended before the wait for connections: it holds what they hold.
        let mut operating = JoinSet::new();
        match ControlSocket::bind(&data) {
            Ok(control) => drop(operating.spawn(control.serve(entrance.app.clone()))),
            // Where the path is too long for a socket, everything else still works.
            Err(error) => {
                tracing::warn!(%error, "the operator's commands cannot reach this server while it runs");
            }
        }
        drop(entrance);
        let nudging = tokio::spawn(identity.clone().nudge(floors.hub().clone()));
        let tidying = tokio::spawn(tidy_up(floors.clone(), identity));
        stop.await;
        tidying.abort();
        nudging.abort();
        operating.shutdown().await;
        tracing::info!("draining: screens are told to come back, commands on their way are finished");
        stopper.send_replace(true);
        floors.hub().say_goodbye(Goodbye::Draining);
        if tokio::time::timeout(drain, stopper.closed()).await.is_err() {
            tracing::warn!(
                drain_seconds = drain.as_secs(),
                "some connections did not end in time"
            );
        }
        accepting.shutdown().await;
        floors.close().await;
        // On return the folder is free for the next program.
        floors.journal().close().await;
        tracing::info!("stopped");
    }
}

/// The journal's own part of the configuration.
#[must_use]
pub fn journal_config(config: &Config) -> journal::Config {
    journal::Config {
        busy_timeout: Duration::from_secs(config.busy_seconds),
        ..journal::Config::in_folder(config.data.clone())
    }
}

fn bind(address: &str) -> Result<TcpListener, StartError> {
    let failed = |source| StartError::Listen {
        address: address.to_owned(),
        source,
    };
    let parsed: SocketAddr = address.parse().map_err(|_| {
        let hint = "an address is written like 127.0.0.1:8000 or [::1]:8000";
        failed(std::io::Error::new(std::io::ErrorKind::InvalidInput, hint))
    })?;
    let open = || {
        let socket = socket2::Socket::new(Domain::for_address(parsed), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&parsed.into())?;
        socket.listen(BACKLOG)?;
        TcpListener::from_std(socket.into())
    };
    open().map_err(failed)
}

/// Ten thousand screens need ten thousand files.
fn raise_file_limit() {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(FILES_MAX, |it| it.min(FILES_MAX));
    if current.is_none_or(|it| it >= wanted) {
        return;
    }
    if let Err(error) = setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(wanted),
            maximum,
        },
    ) {
        tracing::warn!(%error, wanted, "the limit of open files was not raised");
    }
}

/// Lets the journal forget, now and then, what it need not remember.
async fn tidy_up(floors: Floors, identity: Identity) {
    let mut every = tokio::time::interval(TIDY_EVERY);
    loop {
        every.tick().await;
        identity.tidy_up();
        match floors.journal().tidy_up(floors.clock().now()).await {
            Ok(tidied) => tracing::debug!(?tidied, "the journal was tidied up"),
            Err(error) => tracing::warn!(%error, "the journal was not tidied up"),
        }
    }
}

/// Where connections come in.
#[derive(Clone)]
struct Entrance {
    gate: Gate,
    proxies: Arc<Networks>,
    app: App,
}

async fn accept(listener: TcpListener, entrance: Entrance, mut stopping: watch::Receiver<bool>) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = asked(&mut stopping) => return,
        };
        match accepted {
            Ok((stream, address)) => {
                // Full: the socket is closed by being dropped.
                let Some(open) = entrance.gate.connection() else {
                    continue;
                };
                prepare(&stream);
                let connection = Connection::new(stream, open);
                // Ends with its connection, which the drain waits for.
                tokio::spawn(serve(
                    connection,
                    address.ip(),
                    entrance.clone(),
                    stopping.clone(),
                ));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                // Out of files: waiting lets some connections end.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Completes when the program is to stop.
async fn asked(stopping: &mut watch::Receiver<bool>) {
    // An error means that the program has stopped already.
    drop(stopping.wait_for(|it| *it).await);
}

fn prepare(stream: &TcpStream) {
    // Frames are small and urgent. Whoever takes nothing for too long, and has not been told goodbye by
    // then, is let go by the system. A socket that refuses either option is served all the same.
    drop(stream.set_nodelay(true));
    drop(SockRef::from(stream).set_tcp_user_timeout(Some(2 * WRITE_STALL)));
}

async fn serve(
    connection: Connection,
    address: IpAddr,
    entrance: Entrance,
    mut stopping: watch::Receiver<bool>,
) {
    let Entrance { gate, proxies, app } = entrance;
    let introduced = app.map_request(move |mut request: Request<Incoming>| {
        in_our_form(&mut request);
        let peer = Peer::of(address, request.headers(), &proxies);
        request.extensions_mut().insert(peer);
        request
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(gate.limits().header_seconds.into()))
        .max_buf_size(32 * 1024);
    let connection = http.serve_connection(TokioIo::new(connection), TowerToHyperService::new(introduced));
    let mut connection = std::pin::pin!(connection.with_upgrades());
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = asked(&mut stopping) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        if error.is_timeout() {
            gate.reached(Limit::HeaderSeconds);
        }
        tracing::debug!(%error, "a connection ended early");
    }
}
