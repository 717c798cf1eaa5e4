//! A server without anything in it: accepts, answers the upgrade, writes to every socket in turn. No rules, no disk.
//!
//! Runs as a process of its own, so that its CPU time is read the same way as the server's. The first connection
//! commands it, a line at a time; each line is answered with `done` when it has been carried out.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use anyhow::{Context as _, Result, bail};

use crate::bench::child::READY;
use crate::bench::files;
use crate::bench::frames::text_frame;

/// The bytes of one message, its frame header included: about what a change takes.
pub(crate) const MESSAGE_BYTES: usize = 300;

/// As many clients as may connect at once without the kernel turning one away.
const BACKLOG: u32 = 4096;

/// The whole life of the process.
pub(crate) fn serve() -> Result<()> {
    files::raise()?;
    let listener = listen()?;
    writeln!(std::io::stdout(), "{READY}{}", listener.local_addr()?)?;
    let (control, _) = listener.accept()?;
    control.set_nodelay(true)?;
    let mut answers = control.try_clone()?;
    let mut screens = Vec::new();
    for line in BufReader::new(control).lines() {
        match line?.split(' ').collect::<Vec<_>>()[..] {
            ["accept", n] => {
                for _ in 0..n.parse()? {
                    screens.push(accept(&listener)?);
                }
            }
            ["send", messages, batch] => send(&mut screens, messages.parse()?, batch.parse()?)?,
            ["hang_up"] => screens.clear(),
            ref other => bail!("cannot {other:?}"),
        }
        answers.write_all(b"done\n")?;
    }
    Ok(())
}

/// The standard library's listener has a backlog of 128, too short for a storm.
fn listen() -> Result<TcpListener> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let _inside = runtime.enter();
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, 1], 0).into())?;
    let listener = socket.listen(BACKLOG)?.into_std()?;
    listener.set_nonblocking(false)?;
    Ok(listener)
}

fn accept(listener: &TcpListener) -> Result<TcpStream> {
    let (mut screen, _) = listener.accept()?;
    screen.set_nodelay(true)?;
    let mut request = [0; 1024];
    let mut len = 0;
    while !request[..len].ends_with(b"\r\n\r\n") {
        let n = screen.read(&mut request[len..])?;
        if n == 0 {
            bail!("a screen left, or said too much, during its handshake");
        }
        len += n;
    }
    screen.write_all(
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n",
    )?;
    Ok(screen)
}

/// Writes `messages` to each of `screens`, `batch` of them in one `write(2)`.
fn send(screens: &mut [TcpStream], messages: usize, batch: usize) -> Result<()> {
    let block = message().repeat(batch);
    for _ in 0..messages / batch {
        for screen in &mut *screens {
            screen.write_all(&block).context("a screen is gone")?;
        }
    }
    Ok(())
}

/// A change frame of exactly [`MESSAGE_BYTES`].
fn message() -> Vec<u8> {
    const HEADER: usize = 4;
    let mut payload = br#"{"type":"change","seq":1,"pad":""#.to_vec();
    payload.resize(MESSAGE_BYTES - HEADER - 2, b'x');
    payload.extend(br#""}"#);
    text_frame(&payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_long_as_it_says() {
        assert_eq!(message().len(), MESSAGE_BYTES);
    }
}
