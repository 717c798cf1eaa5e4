//! The command line of `cargo xtask bench`.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use super::lines::Line;

/// What `--help` prints.
pub(crate) const USAGE: &str = "\
usage: cargo xtask bench [--quick] [--only NAME]… [--json FILE] [--server FILE]

  --quick        shorter runs: under 90 s in place of 6 minutes
  --only NAME    only this line: saturation, low-rate, latency, tablets, writes, memory, storm, start
  --json FILE    write the figures there too
  --server FILE  measure this `maitred` in place of the one built from here

example: cargo xtask bench --quick --only saturation --json target/bench.json";

/// What was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Shorter runs.
    pub(crate) quick: bool,
    /// Where to write JSON.
    pub(crate) json: Option<PathBuf>,
    /// Another server than the one built from here.
    pub(crate) server: Option<PathBuf>,
    only: Vec<String>,
}

impl Options {
    /// None if help was asked for.
    pub(crate) fn parse(args: &[String]) -> Result<Option<Options>> {
        let mut options = Options::default();
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            let mut value = || {
                args.next()
                    .with_context(|| format!("{arg} needs a value\n\n{USAGE}"))
            };
            match arg.as_str() {
                "--quick" => options.quick = true,
                "--only" => options.only.push(known(value()?)?),
                "--json" => options.json = Some(value()?.into()),
                "--server" => options.server = Some(value()?.into()),
                "--help" | "-h" => return Ok(None),
                _ => bail!("unknown option {arg}\n\n{USAGE}"),
            }
        }
        Ok(Some(options))
    }

    /// Whether the line of that name is to run.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|it| it == name)
    }
}

fn known(name: &str) -> Result<String> {
    if Line::ALL.iter().all(|line| line.name() != name) {
        bail!("no line is called {name}\n\n{USAGE}");
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Option<Options>> {
        Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn without_options_everything_runs() -> Result<()> {
        let options = parse("")?.context("no help asked for")?;
        assert_eq!(options, Options::default());
        assert!(Line::ALL.iter().all(|line| options.wants(line.name())));
        Ok(())
    }

    #[test]
    fn only_what_is_named_runs() -> Result<()> {
        let options =
            parse("--only storm --quick --only start --json a.json")?.context("no help asked for")?;
        assert!(
            options.quick && options.wants("storm") && options.wants("start") && !options.wants("memory")
        );
        Ok(())
    }

    #[test]
    fn help_names_every_line() {
        assert!(Line::ALL.iter().all(|line| USAGE.contains(line.name())));
        assert!(matches!(parse("--quick --help"), Ok(None)));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        for line in ["--fast", "--only", "--only lunch", "--json"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
