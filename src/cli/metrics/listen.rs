//! `--metrics-listen`: the page over HTTP, to this machine only.
//!
//! A Unix socket or a loopback address; anything else is refused, because the page tells what kinds
//! of data flow where. The counts are those of the last pause of the run, at most five seconds old
//! while records come in.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tiny_http::{Header, Method, Request, Response, Server};

use super::{Events, text};
use crate::error::Error;
use crate::scan::Scanner;
use crate::stream::Summary;

const ADDRESSES: &str = "--metrics-listen takes unix:PATH, 127.0.0.1:PORT or [::1]:PORT";

/// A server that answers `GET /metrics` until it is dropped.
pub(in crate::cli) struct Listener {
    page: Arc<Mutex<String>>,
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
    /// The socket's file, to be removed at the end.
    socket: Option<PathBuf>,
}

impl Listener {
    /// Listens at an address.
    ///
    /// # Errors
    /// An address that is neither a Unix socket nor loopback (`is_usage`), or is in use (`is_io`).
    pub(in crate::cli) fn bind(address: &str) -> Result<Self, Error> {
        let failed = |error| Error::io("--metrics-listen: can't listen there", error);
        let (server, socket) = match address.strip_prefix("unix:") {
            Some("") => return Err(Error::usage(ADDRESSES)),
            Some(path) => {
                let path = Path::new(path);
                remove_stale(path).map_err(failed)?;
                (Server::http_unix(path), Some(path.to_owned()))
            }
            None => (Server::http(loopback(address)?), None),
        };
        let server = Arc::new(server.map_err(|error| failed(std::io::Error::other(error.to_string())))?);
        let page = Arc::new(Mutex::new(String::new()));
        let (served, shown) = (Arc::clone(&server), Arc::clone(&page));
        let thread = std::thread::Builder::new()
            .name("metrics".into())
            .spawn(move || served.incoming_requests().for_each(|request| answer(request, &shown)))
            .map_err(failed)?;
        Ok(Self { page, server, thread: Some(thread), socket })
    }

    /// Shows the counts of now from here on.
    pub(in crate::cli) fn show(&self, scanner: &Scanner, summary: &Summary, events: &Events) {
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) = text(scanner, summary, events);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        if let Some(socket) = &self.socket {
            let _ = std::fs::remove_file(socket);
        }
    }
}

/// The address, if it is one of this machine alone.
fn loopback(address: &str) -> Result<SocketAddr, Error> {
    let named = address.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let parsed: Option<SocketAddr> = named.as_deref().unwrap_or(address).parse().ok();
    match parsed {
        Some(address) if address.ip().is_loopback() => Ok(address),
        Some(_) => {
            Err(Error::usage(format!("{ADDRESSES}: others could read an address that is not this machine's")))
        }
        None => Err(Error::usage(ADDRESSES)),
    }
}

/// Removes the socket of a process that has ended; a file or a living socket stays.
fn remove_stale(path: &Path) -> std::io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(meta) if meta.file_type().is_socket() && UnixStream::connect(path).is_err() => {
            std::fs::remove_file(path)
        }
        Ok(_) => Err(ErrorKind::AddrInUse.into()),
    }
}

fn answer(request: Request, page: &Mutex<String>) {
    let path = request.url().split('?').next().unwrap_or_default();
    let is_known = matches!(path, "/metrics" | "/");
    let text = |status: u16, text: String| {
        let kind = Header::from_bytes("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        let mut response = Response::from_string(text).with_status_code(status);
        kind.into_iter().for_each(|kind| response.add_header(kind));
        response
    };
    let response = match request.method() {
        Method::Get | Method::Head if is_known => {
            text(200, page.lock().unwrap_or_else(PoisonError::into_inner).clone())
        }
        Method::Get | Method::Head => text(404, "the counts are at /metrics\n".into()),
        _ => text(405, "GET /metrics\n".into()),
    };
    // Who asks may have gone away: that is no matter of the run.
    let _ = request.respond(response);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_listened_to() {
        for address in ["127.0.0.1:0", "[::1]:0", "localhost:9000", "127.8.8.8:1"] {
            assert!(loopback(address).is_ok(), "{address}");
        }
        for address in ["0.0.0.0:9000", "[::]:9000", "192.0.2.1:80", "9000", ":9000", "", "example.com:80"] {
            assert!(loopback(address).unwrap_err().is_usage(), "{address}");
        }
    }

    #[test]
    fn files_and_living_sockets_stay() {
        let folder = tempfile::tempdir().unwrap();
        let (file, socket) = (folder.path().join("f"), folder.path().join("s"));
        std::fs::write(&file, "x").unwrap();
        assert!(remove_stale(&file).is_err() && file.exists());
        let living = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert!(remove_stale(&socket).is_err() && socket.exists());
        drop(living);
        assert!(remove_stale(&socket).is_ok() && !socket.exists());
        assert!(remove_stale(&socket).is_ok());
    }
}
