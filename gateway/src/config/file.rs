//! The file of settings: its values are what a setting has where neither a flag nor the environment says
//! otherwise.

use std::error::Error as _;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};
use toml::de::{DeArray, DeTable, DeValue};
use toml::{Spanned, de};

/// The flag that names the file; it cannot be in one.
const CONFIG: &str = "config";

/// Why the file cannot be used, with the line where that is known.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {complaint}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct FileError {
    path: PathBuf,
    line: Option<usize>,
    complaint: String,
}

/// A value of a setting, and where it stands.
struct Entry {
    setting: Arg,
    values: Vec<String>,
    line: usize,
}

/// `command` as these arguments are to be read with: where they or the environment name a file for its
/// subcommand `name`, the file's values are the defaults of the settings that it names.
pub fn with_file(
    command: Command,
    name: &str,
    arguments: &[OsString],
) -> Result<Command, FileError> {
    // A built command finds its arguments by their place, which changing one moves.
    let mut built = command.clone();
    built.build();
    // Which file, and what has been said already; what is wrong with the rest is told afterwards.
    let said = built
        .clone()
        .ignore_errors(true)
        .try_get_matches_from(arguments);
    let Some(said) = said
        .ok()
        .as_ref()
        .and_then(|said| said.subcommand_matches(name).cloned())
    else {
        return Ok(command);
    };
    let Some(path) = said.get_one::<PathBuf>(CONFIG) else {
        return Ok(command);
    };
    let Some(subcommand) = built.find_subcommand(name) else {
        return Ok(command);
    };
    let entries = read(subcommand, path)?;
    check_conflicts(subcommand, &entries, path)?;
    let entries: Vec<_> = entries
        .into_iter()
        .filter(|entry| !is_overruled(subcommand, &entry.setting, &said))
        .collect();
    Ok(command.mut_subcommand(name, |subcommand| {
        entries.into_iter().fold(subcommand, |subcommand, entry| {
            subcommand.mut_arg(entry.setting.get_id().clone(), |setting| {
                setting.required(false).default_values(entry.values)
            })
        })
    }))
}

fn read(command: &Command, path: &Path) -> Result<Vec<Entry>, FileError> {
    let complain = |line, complaint| FileError {
        path: path.into(),
        line,
        complaint,
    };
    let text = fs::read_to_string(path)
        .map_err(|error| complain(None, format!("it cannot be read: {error}")))?;
    let line = |offset: usize| {
        1 + text
            .bytes()
            .take(offset)
            .filter(|byte| *byte == b'\n')
            .count()
    };
    let table = DeTable::parse(&text).map_err(|error: de::Error| {
        let at = error.span().map(|span| line(span.start));
        complain(at, error.message().to_owned())
    })?;
    let mut entries = Vec::new();
    for (key, value) in table.get_ref() {
        let at = line(key.span().start);
        let complain = |complaint| complain(Some(at), format!("{}: {complaint}", key.get_ref()));
        let setting = setting(command, key.get_ref()).ok_or_else(|| {
            complain("there is no such setting; `gateway serve --help` lists them".into())
        })?;
        let values = texts(setting, value).map_err(complain)?;
        for value in &values {
            check(setting, value).map_err(complain)?;
        }
        entries.push(Entry {
            setting: setting.clone(),
            values,
            line: at,
        });
    }
    Ok(entries)
}

/// The setting that a key means: it is called like its flag.
fn setting<'a>(command: &'a Command, key: &str) -> Option<&'a Arg> {
    command.get_arguments().find(|setting| {
        setting.get_long() == Some(key) && setting.get_env().is_some() && setting.get_id() != CONFIG
    })
}

/// A value as a flag would have it.
fn texts(setting: &Arg, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, String> {
    let Some(delimiter) = setting.get_value_delimiter() else {
        return Ok(vec![text(value)?]);
    };
    match value.get_ref() {
        DeValue::Array(items) => all(items),
        _ => Ok(text(value)?.split(delimiter).map(Into::into).collect()),
    }
}

fn all(items: &DeArray<'_>) -> Result<Vec<String>, String> {
    items.iter().map(text).collect()
}

fn text(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.clone().into_owned()),
        DeValue::Boolean(value) => Ok(value.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map(|number| number.to_string())
            .map_err(|error| error.to_string()),
        other => Err(format!(
            "its value is to be text, a whole number, true or false, not: {}",
            other.type_str()
        )),
    }
}

/// What the flag's own parser says about a value.
fn check(setting: &Arg, value: &str) -> Result<(), String> {
    let probe = Arg::new("value")
        .long("value")
        .value_parser(setting.get_value_parser().clone());
    let read = Command::new("check")
        .no_binary_name(true)
        .arg(probe)
        .try_get_matches_from([format!("--value={value}")]);
    let Err(error) = read else {
        return Ok(());
    };
    let possible: Vec<_> = setting
        .get_possible_values()
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    let reason = match (error.source(), possible.is_empty()) {
        (Some(source), _) => source.to_string(),
        (None, false) => format!("it is to be one of {}", possible.join(", ")),
        (None, true) => "it is to have a value".into(),
    };
    Err(format!("{value:?} will not do: {reason}"))
}

/// Two settings of which only one can be meant.
fn check_conflicts(command: &Command, entries: &[Entry], path: &Path) -> Result<(), FileError> {
    for (index, entry) in entries.iter().enumerate() {
        for other in &entries[..index] {
            if excludes(command, &entry.setting, &other.setting) {
                return Err(FileError {
                    path: path.into(),
                    line: Some(entry.line.max(other.line)),
                    complaint: format!(
                        "{} and {} exclude each other",
                        name(&other.setting),
                        name(&entry.setting)
                    ),
                });
            }
        }
    }
    Ok(())
}

/// Whether what excludes a setting was said by a flag or in the environment.
fn is_overruled(command: &Command, setting: &Arg, said: &ArgMatches) -> bool {
    command.get_arguments().any(|other| {
        let source = said.value_source(other.get_id().as_str());
        matches!(
            source,
            Some(ValueSource::CommandLine | ValueSource::EnvVariable)
        ) && excludes(command, setting, other)
    })
}

fn excludes(command: &Command, one: &Arg, other: &Arg) -> bool {
    let excluded = |one: &Arg, other: &Arg| {
        let excluded = command.get_arg_conflicts_with(one);
        excluded.iter().any(|arg| arg.get_id() == other.get_id())
    };
    excluded(one, other) || excluded(other, one)
}

fn name(setting: &Arg) -> &str {
    setting.get_long().unwrap_or_default()
}

#[cfg(test)]
mod tests;
