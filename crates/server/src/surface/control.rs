//! The program's own socket: how the operator's commands reach a server that is running.
//!
//! A Unix socket in the journal's folder, which only the folder's owner can open. Whoever can open it
//! could read the journal as well, so it asks for no credential and has the operator's rights.

use crate::surface::App;
use axum::Extension;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use socket2::{Domain, SockAddr, Socket, Type};
use std::fs::{self, Permissions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::net::{UnixListener, UnixStream};

/// Marks a request that came through the program's own socket. Nothing that comes over a network can
/// carry it.
#[derive(Clone, Copy, Debug)]
pub struct Control;

/// The socket's name in the journal's folder.
const NAME: &str = "control.sock";
/// Operators who may wait to be let in.
const BACKLOG: i32 = 128;

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
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        socket.bind(&SockAddr::unix(&path)?)?;
        // Nobody can connect before it listens, and then it is closed to others.
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        socket.listen(BACKLOG)?;
        socket.set_nonblocking(true)?;
        let listener = UnixListener::from_std(OwnedFd::from(socket).into())?;
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

#[cfg(test)]
mod tests {
    use super::{ControlSocket, path};
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use tokio::net::UnixStream;

    #[tokio::test]
    async fn only_the_owner_can_open_it_and_it_can_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            // The second time, one is left there as by a program that was killed.
            let socket = ControlSocket::bind(folder.path()).unwrap();
            let mode = fs::metadata(path(folder.path())).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            UnixStream::connect(path(folder.path())).await.unwrap();
            std::mem::forget(socket);
        }
    }
}
