//! What stands in the environment of the program.

use tokio::process::Command;

#[tokio::test]
async fn variables_that_are_no_settings_do_not_keep_the_program_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("house.toml"), "data = \"here\"\n").unwrap();
    // The file's own name, and what the build is told.
    for (n, (name, value)) in [("MAITRED_CONFIG", "house.toml"), ("MAITRED_SKIP_WEB", "1")]
        .into_iter()
        .enumerate()
    {
        let slug = format!("house-{n}");
        let mut program = Command::new(env!("CARGO_BIN_EXE_maitred"));
        let added = program
            .current_dir(folder.path())
            .env_clear()
            .env(name, value)
            .args(["restaurant", "add", &slug, "--name", "A House"])
            .output()
            .await
            .unwrap();
        assert!(
            added.status.success(),
            "{name}: {}",
            String::from_utf8_lossy(&added.stderr)
        );
    }
    assert!(folder.path().join("here").is_dir(), "the file was read");
}
