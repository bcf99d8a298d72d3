//! `docs/settings.md` lists every setting of `gateway serve` as `--help` does. With `UPDATE_SETTINGS=1` it is
//! written anew.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use clap::{Arg, CommandFactory};
use gateway::cli::Cli;

/// Where the list begins below what is written by hand.
const LIST: &str = "## Every setting\n";

#[test]
fn every_setting_is_documented_as_the_command_has_it() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/settings.md");
    let text = fs::read_to_string(&page).expect("there is a page");
    let (by_hand, _) = text.split_once(LIST).expect("the page has a list");
    let written = format!("{by_hand}{LIST}{}", list());
    if env::var_os("UPDATE_SETTINGS").is_some() {
        fs::write(&page, &written).expect("the page can be written");
    }
    assert!(
        fs::read_to_string(&page).expect("there is a page") == written,
        "write it anew with `UPDATE_SETTINGS=1 cargo test -p gateway --test settings`"
    );
}

#[test]
fn every_setting_is_a_variable_called_like_its_flag_and_explained() {
    for setting in settings() {
        let flag = setting.get_long().expect("a flag");
        let variable = flag.to_uppercase().replace('-', "_");
        assert_eq!(setting.get_env(), Some(variable.as_ref()), "{flag}");
        assert!(setting.get_help().is_some(), "{flag} is explained");
    }
}

/// What is no setting is how to ask about them.
fn settings() -> Vec<Arg> {
    let mut command = Cli::command();
    command.build();
    let serve = command.find_subcommand("serve").expect("there is `serve`");
    let settings = serve.get_arguments();
    settings
        .filter(|setting| setting.get_id() != "help")
        .cloned()
        .collect()
}

fn list() -> String {
    let settings = settings();
    let heading = |setting: &Arg| setting.get_help_heading().expect("a heading").to_owned();
    let mut headings: Vec<String> = Vec::new();
    for setting in &settings {
        if !headings.contains(&heading(setting)) {
            headings.push(heading(setting));
        }
    }
    let mut list = String::new();
    for wanted in headings {
        let _ = write!(
            list,
            "\n### {wanted}\n| flag | variable | default | |\n|---|---|---|---|\n"
        );
        for setting in settings.iter().filter(|setting| heading(setting) == wanted) {
            let _ = writeln!(list, "{}", row(setting));
        }
    }
    list
}

fn row(setting: &Arg) -> String {
    let flag = setting.get_long().unwrap_or_default();
    let takes_value = setting.get_action().takes_values();
    let values = setting.get_value_names().unwrap_or_default();
    let value = match values.first().filter(|_| takes_value) {
        Some(name) => format!(" {name}"),
        None => String::new(),
    };
    let variable = setting.get_env().unwrap_or_default().to_string_lossy();
    let defaults = setting.get_default_values();
    let defaults: Vec<_> = defaults
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    let default = match (defaults.is_empty(), takes_value) {
        (false, _) => format!("`{}`", defaults.join(",")),
        (true, true) => "none".into(),
        (true, false) => "off".into(),
    };
    let possible = match takes_value {
        true => setting.get_possible_values(),
        false => Vec::new(),
    };
    let mut help = setting
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    if !possible.is_empty() {
        let possible: Vec<_> = possible
            .iter()
            .map(|value| format!("`{}`", value.get_name()))
            .collect();
        let _ = write!(help, ". One of {}", possible.join(", "));
    }
    format!(
        "| `--{flag}{value}` | `{variable}` | {default} | {} |",
        help.replace('|', "\\|")
    )
}
