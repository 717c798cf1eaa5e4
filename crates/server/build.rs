//! Builds the web app with npm and lays it where the server embeds it.
//!
//! Without Node, or when the build fails, a page that says so takes its place, with a warning: `cargo
//! build` and `cargo test` need no Node.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn main() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("web");
    for watched in [
        "src",
        "public",
        "docs",
        "index.html",
        "dashboard-files.ts",
        "socket-client.ts",
        "package.json",
        "package-lock.json",
        "vite.config.ts",
        "../docs/protocol.md",
        "../docs/host.md",
        "../docs/admin.md",
        "../docs/branch.md",
        "../docs/rights.md",
        "../docs/operating.md",
    ] {
        println!("cargo::rerun-if-changed={}", web.join(watched).display());
    }
    println!("cargo::rerun-if-env-changed=MAITRED_SKIP_WEB");
    let problem = if env::var_os("MAITRED_SKIP_WEB").is_some() {
        Some("MAITRED_SKIP_WEB is set".to_owned())
    } else {
        build(&web, &out).err()
    };
    if let Some(problem) = problem {
        println!("cargo::warning=the web app is not inside this build: {problem}");
        fs::create_dir_all(&out).expect("OUT_DIR is writable");
        fs::write(out.join("index.html"), MISSING_PAGE).expect("OUT_DIR is writable");
    }
}

fn build(web: &Path, out: &Path) -> Result<(), String> {
    if !web.join("package.json").exists() {
        return Err("there is no web/package.json".to_owned());
    }
    let installed = web.join("node_modules/.package-lock.json");
    if is_older(&installed, &web.join("package-lock.json")) {
        npm(web, &["ci", "--no-audit", "--no-fund", "--prefer-offline"])?;
    }
    let out = out.to_str().ok_or("OUT_DIR is not UTF-8")?;
    npm(
        web,
        &[
            "run",
            "build",
            "--",
            "--outDir",
            out,
            "--emptyOutDir",
            "--logLevel",
            "warn",
        ],
    )
}

fn is_older(made: &Path, from: &Path) -> bool {
    let time = |path: &Path| fs::metadata(path).and_then(|it| it.modified()).ok();
    match (time(made), time(from)) {
        (Some(made), Some(from)) => made < from,
        _ => true,
    }
}

fn npm(web: &Path, args: &[&str]) -> Result<(), String> {
    let done = Command::new("npm").args(args).current_dir(web).output();
    let done = done.map_err(|error| format!("npm cannot be run ({error}); install Node 20 or newer"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let last = said
        .lines()
        .rfind(|it| !it.trim().is_empty())
        .unwrap_or("it says nothing");
    Err(format!("`npm {}` failed: {last}", args.join(" ")))
}

const MISSING_PAGE: &str = "<!doctype html><meta charset=utf-8><title>maitred</title>\
<h1>The web app is not inside this build</h1>\
<p>Install Node 20 or newer and build again: <code>cargo build --release</code>.</p>\
<p>The server itself is complete: see <a href=/docs/openapi.json>/docs/openapi.json</a>.</p>\n";
