//! `maitred serve`.

use super::answer::say;
use super::asked_to_stop;
use crate::clock::Clock;
use crate::config::Config;
use crate::server::Server;
use anyhow::Result;

/// Runs the server until it is asked to stop.
pub(super) async fn run(config: Config) -> Result<()> {
    let server = Server::start(&config, Clock::System).await?;
    let addresses = server.addresses();
    give_hints(&server, &config);
    for address in &addresses {
        tracing::info!(%address, data = %config.data.display(), "serving");
    }
    let stop = asked_to_stop()?;
    if let Some(address) = addresses.first() {
        say(&format!("ready http://{address}"))?;
    }
    server.run(stop).await;
    Ok(())
}

/// Says what is missing before anybody can work, and which command brings it.
fn give_hints(server: &Server, config: &Config) {
    let data = shell_word(&config.data.display().to_string());
    let has_operator = config.operator_key.is_some();
    match server.floors().directory().list().first() {
        None => tracing::warn!(
            "there is no restaurant yet; make one, with an admin, with: maitred init --data {data} SLUG --name NAME"
        ),
        Some((_, slug)) if !has_operator && !server.identity().has_admin() => tracing::warn!(
            "nobody can sign in yet; hire an admin with: maitred staff add --data {data} {slug} NAME --role admin"
        ),
        Some(_) => {}
    }
    if config.tokens.is_weak() {
        tracing::warn!(
            "a secret in [tokens] has fewer than 32 bytes and could be guessed; make one with: openssl rand -hex 32"
        );
    }
}

/// A path as it is typed in a shell.
fn shell_word(text: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "/._-+,:@".contains(it);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::shell_word;

    #[test]
    fn a_folder_in_a_hint_can_be_pasted_into_a_shell() {
        assert_eq!(shell_word("/var/lib/maitred"), "/var/lib/maitred");
        assert_eq!(shell_word("/srv/Joe's floor"), r"'/srv/Joe'\''s floor'");
    }
}
