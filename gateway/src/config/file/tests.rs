use std::env;
use std::fs;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use uuid::Uuid;

use super::*;

#[derive(Debug, Parser)]
struct Line {
    #[command(subcommand)]
    command: Program,
}

#[derive(Debug, Subcommand)]
enum Program {
    Serve(Settings),
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Form {
    Text,
    Json,
}

/// One setting of each kind, with variables that no environment has.
#[derive(Debug, Args)]
struct Settings {
    #[arg(long, env = "FILE_TEST_CONFIG")]
    config: Option<PathBuf>,
    #[arg(long, env = "FILE_TEST_SIZE", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..))]
    size: u16,
    #[arg(long, env = "FILE_TEST_FORM", default_value = "text")]
    form: Form,
    #[arg(long, env = "FILE_TEST_ALLOW")]
    allow: bool,
    #[arg(long, env = "FILE_TEST_NAMES", value_delimiter = ',')]
    names: Vec<String>,
    #[arg(long, env = "FILE_TEST_SECRET", conflicts_with = "secret_file")]
    secret: Option<String>,
    #[arg(long, env = "FILE_TEST_SECRET_FILE")]
    secret_file: Option<PathBuf>,
    #[arg(long, env = "PATH")]
    path: String,
}

/// A file that goes with this value.
struct File(PathBuf);

impl File {
    fn with(text: &str) -> Self {
        let path = env::temp_dir().join(format!("settings-{}.toml", Uuid::new_v4()));
        fs::write(&path, text).expect("a file");
        Self(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // Somebody else may have cleaned up before.
        let _ = fs::remove_file(&self.0);
    }
}

/// The settings that a file and flags make, or what is wrong with the file.
fn settings(text: &str, flags: &[&str]) -> Result<Settings, String> {
    let file = File::with(text);
    let config = file.0.to_str().expect("a path of text");
    let arguments: Vec<OsString> = ["gateway", "serve", "--config", config]
        .iter()
        .chain(flags)
        .map(Into::into)
        .collect();
    let command = with_file(Line::command(), "serve", &arguments)
        .map_err(|error| error.to_string().replace(config, "FILE"))?;
    let matches = command
        .try_get_matches_from(&arguments)
        .expect("the arguments can be read");
    let Program::Serve(settings) = Line::from_arg_matches(&matches).expect("a line").command;
    Ok(settings)
}

fn complaint(text: &str) -> String {
    settings(text, &[]).expect_err("the file cannot be used")
}

#[test]
fn a_file_says_what_neither_flags_nor_the_environment_say() {
    let text = "# a comment\nsize = 7\nform = \"json\"\nallow = true\nnames = [\"one\", \"two\"]\n";
    let file = settings(text, &[]).unwrap();
    assert_eq!((file.size, file.form, file.allow), (7, Form::Json, true));
    assert_eq!(file.names, ["one", "two"]);
    let flags = settings(text, &["--size", "9", "--names", "three"]).unwrap();
    assert_eq!((flags.size, flags.form), (9, Form::Json));
    assert_eq!(flags.names, ["three"]);
    assert_eq!(settings("", &[]).unwrap().size, 4);
    assert_eq!(
        settings("names = \"one,two\"", &[]).unwrap().names,
        ["one", "two"]
    );
}

#[test]
fn the_environment_overrules_a_file() {
    let settings = settings("path = \"of the file\"", &[]).unwrap();
    assert_eq!(settings.path, env::var("PATH").unwrap());
}

#[test]
fn what_excludes_a_setting_overrules_it_too() {
    let overruled = settings("secret = \"in the file\"", &["--secret-file", "elsewhere"]).unwrap();
    assert_eq!(overruled.secret, None);
    assert_eq!(overruled.secret_file, Some("elsewhere".into()));
    let overruled = settings("secret-file = \"elsewhere\"", &["--secret", "said"]).unwrap();
    assert_eq!(overruled.secret.as_deref(), Some("said"));
    assert_eq!(overruled.secret_file, None);
    assert_eq!(
        complaint("secret = \"one\"\n\nsecret-file = \"other\""),
        "FILE, line 3: secret and secret-file exclude each other"
    );
}

#[test]
fn a_key_that_is_no_setting_is_named_with_its_line() {
    let nothing = "there is no such setting; `gateway serve --help` lists them";
    assert_eq!(
        complaint("size = 7\nsizes = 8\n"),
        format!("FILE, line 2: sizes: {nothing}")
    );
    for key in ["config", "help", "SIZE"] {
        assert_eq!(
            complaint(&format!("{key} = \"x\"")),
            format!("FILE, line 1: {key}: {nothing}")
        );
    }
    assert_eq!(
        complaint("[serve]\nsize = 7"),
        format!("FILE, line 1: serve: {nothing}")
    );
}

#[test]
fn a_value_that_will_not_do_is_named_with_its_line_and_what_would() {
    for (text, words) in [
        (
            "size = 0",
            "line 1: size: \"0\" will not do: 0 is not in 1..=65535",
        ),
        (
            "\nsize = \"many\"",
            "line 2: size: \"many\" will not do: invalid digit",
        ),
        (
            "form = \"xml\"",
            "line 1: form: \"xml\" will not do: it is to be one of text, json",
        ),
        (
            "size = 1.5",
            "line 1: size: its value is to be text, a whole number, true or false, not: float",
        ),
        (
            "size = [1]",
            "line 1: size: its value is to be text, a whole number, true or false, not: array",
        ),
        (
            "allow = \"perhaps\"",
            "line 1: allow: \"perhaps\" will not do",
        ),
        ("size = 1\nsize = 2", "line 2: duplicate key"),
        ("size = ", "line 1: "),
    ] {
        let complaint = complaint(text);
        assert!(
            complaint.starts_with(&format!("FILE, {words}")),
            "{text}: {complaint}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let arguments = ["gateway", "serve", "--config", "/nowhere/settings.toml"].map(Into::into);
    let error = with_file(Line::command(), "serve", &arguments);
    let error = error.expect_err("there is no file").to_string();
    assert!(
        error.starts_with("/nowhere/settings.toml: it cannot be read: "),
        "{error}"
    );
}
