//! `maitred serve`.

use super::asked_to_stop;
use crate::clock::Clock;
use crate::config::Config;
use crate::server::Server;
use anyhow::Result;

/// Runs the server until it is asked to stop.
#[expect(clippy::print_stdout, reason = "the ready line is what scripts wait for")]
pub(super) async fn run(config: Config) -> Result<()> {
    let server = Server::start(&config, Clock::System).await?;
    let addresses = server.addresses();
    if server.floors().list().is_empty() {
        tracing::warn!(
            "there is no restaurant yet; make one with: maitred restaurant add --data {} SLUG --name NAME",
            config.data.display()
        );
    }
    if config.operator_key.is_none() {
        tracing::warn!(
            "nobody can sign in yet; set MAITRED_OPERATOR_KEY to a long secret and send it as a bearer token"
        );
    }
    for address in &addresses {
        tracing::info!(%address, data = %config.data.display(), "serving");
    }
    let stop = asked_to_stop()?;
    if let Some(address) = addresses.first() {
        println!("ready http://{address}");
    }
    server.run(stop).await;
    Ok(())
}
