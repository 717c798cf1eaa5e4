//! The program's own socket: how the operator's commands reach a server that is running.
//!
//! A Unix socket in the journal's folder, which only the folder's owner can open. Whoever can open it
//! could read the journal as well, so it asks for no credential and has the operator's rights.

use crate::surface::App;
use axum::Extension;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};

/// Marks a request that came through the program's own socket. Nothing that comes over a network can
/// carry it.
#[derive(Clone, Copy, Debug)]
pub struct Control;

/// The socket's name in the journal's folder.
const NAME: &str = "control.sock";

/// Every route, with the operator's rights.
pub(crate) fn for_operators(app: App) -> App {
    app.layer(Extension(Control))
}

/// The program's own socket, listening.
pub(crate) struct ControlSocket {
    listener: UnixListener,
    path: PathBuf,
}

/// Where the socket of a journal's folder is.
pub(crate) fn path(folder: &Path) -> PathBuf {
    folder.join(NAME)
}

impl ControlSocket {
    /// Listens. The journal's lock is held, so that a socket that is there already is nobody's.
    pub(crate) fn bind(folder: &Path) -> io::Result<ControlSocket> {
        let path = path(folder);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        // Closed to others from its first moment on.
        let usual = rustix::process::umask(rustix::fs::Mode::from_bits_truncate(0o177));
        let bound = UnixListener::bind(&path);
        rustix::process::umask(usual);
        let listener = bound?;
        Ok(ControlSocket { listener, path })
    }

    /// Serves until it is dropped.
    pub(crate) async fn serve(self, app: App) {
        let app = for_operators(app);
        loop {
            match self.listener.accept().await {
                // Ends with its connection: an operator's command is one request.
                Ok((stream, _)) => drop(tokio::spawn(serve(stream, app.clone()))),
                Err(error) => {
                    tracing::warn!(%error, "an operator's connection was not accepted");
                    // Out of files: waiting lets some connections end.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
}

impl Drop for ControlSocket {
    fn drop(&mut self) {
        // The next start removes it otherwise.
        drop(fs::remove_file(&self.path));
    }
}

async fn serve(stream: UnixStream, app: App) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(app));
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a connection of the operator's ended early");
    }
}
