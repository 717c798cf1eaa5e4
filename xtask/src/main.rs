//! What the builders of maitred run: `cargo xtask test | bench | tidy`.

mod bench;
mod test;
mod tidy;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    match command.as_str() {
        "test" => test::run(&rest),
        "bench" => bench::run(&rest),
        "tidy" => tidy::run(&rest),
        _ => bail!("usage: cargo xtask test | bench | tidy"),
    }
}
