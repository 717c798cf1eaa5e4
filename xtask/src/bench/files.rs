//! The limit on open files: the load needs many, and what is measured must raise its own.

use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// How many open files a shell usually grants.
const USUAL: u64 = 1024;

/// Lets this process open as many as it may.
pub(crate) fn raise() -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    Ok(setrlimit(
        Resource::Nofile,
        Rlimit {
            current: limit.maximum,
            ..limit
        },
    )?)
}

/// Does `start` under the usual limit, which the process it starts inherits, then raises it again.
pub(crate) fn with_the_usual<T>(start: impl FnOnce() -> T) -> Result<T> {
    let limit = getrlimit(Resource::Nofile);
    let usual = limit.maximum.map_or(USUAL, |maximum| maximum.min(USUAL));
    setrlimit(
        Resource::Nofile,
        Rlimit {
            current: Some(usual),
            ..limit
        },
    )?;
    let started = start();
    raise()?;
    Ok(started)
}
