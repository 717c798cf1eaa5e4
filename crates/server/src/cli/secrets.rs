//! Passwords and PINs that an operator makes or types. None is ever an argument: everybody on a machine
//! can read the arguments of everybody's programs.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, IsTerminal, Read};

/// Bytes of a line that is read from standard input, at the most. A longer one is refused.
const LINE_BYTES_MAX: u64 = 4_096;
/// Characters of a password at the least. The server checks it again; it is checked here as well because
/// `init` makes a restaurant first.
const PASSWORD_CHARS_MIN: usize = 8;
const PASSWORD_CHARS_MAX: usize = 200;

/// A fresh password: 100 random bits, in groups that can be read out.
pub(super) fn generated() -> String {
    /// Without those that look like others.
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut random = [0; 20];
    getrandom::fill(&mut random).expect("the system has random numbers");
    let mut password = String::new();
    for (n, byte) in random.iter().enumerate() {
        if n > 0 && n % 5 == 0 {
            password.push('-');
        }
        password.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    password
}

/// A password from standard input, or a fresh one; with it, whether it is a fresh one, to be shown.
pub(super) fn read_or_generated(is_on_stdin: bool) -> Result<(String, bool)> {
    if !is_on_stdin {
        return Ok((generated(), true));
    }
    let password = line("password")?;
    if !(PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&password.chars().count()) {
        bail!("password must have {PASSWORD_CHARS_MIN} to {PASSWORD_CHARS_MAX} characters");
    }
    Ok((password, false))
}

/// A secret: typed twice at a terminal, without being shown; otherwise a line of standard input.
pub(super) fn asked(what: &str, is_on_stdin: bool) -> Result<String> {
    if is_on_stdin || !std::io::stdin().is_terminal() {
        return line(what);
    }
    let prompt = |text: String| {
        rpassword::prompt_password(text).with_context(|| format!("the {what} cannot be asked for"))
    };
    let secret = prompt(format!("new {what}: "))?;
    if prompt(format!("new {what}, again: "))? != secret {
        bail!("the two are not the same; nothing was changed");
    }
    Ok(secret)
}

/// Whether the person at the terminal means it: they type `word`.
pub(super) fn confirmed(word: &str, consequence: &str) -> Result<()> {
    if !std::io::stdin().is_terminal() {
        bail!("{consequence}; add --yes if you mean it");
    }
    super::answer::say_aside(&format!("{consequence}; type {word} if you mean it:"));
    if line("confirmation")? != word {
        bail!("nothing was changed");
    }
    Ok(())
}

/// The first line of standard input.
fn line(what: &str) -> Result<String> {
    let mut text = String::new();
    let read = std::io::stdin().lock().take(LINE_BYTES_MAX).read_line(&mut text);
    let n_bytes = read.with_context(|| format!("the {what} cannot be read from standard input"))?;
    if n_bytes as u64 == LINE_BYTES_MAX {
        bail!("the {what} on standard input is too long");
    }
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        bail!("there is no {what} on standard input");
    }
    Ok(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::generated;
    use std::collections::BTreeSet;

    #[test]
    fn a_generated_password_is_long_and_comes_once() {
        let made: BTreeSet<String> = (0..100).map(|_| generated()).collect();
        assert_eq!(made.len(), 100);
        assert!(made.iter().all(|it| it.len() == 23), "{made:?}");
    }
}
