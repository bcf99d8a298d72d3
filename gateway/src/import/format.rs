//! What a file can be, and what its lines become.

use std::io::BufRead;

use clap::ValueEnum;
use uuid::Uuid;

use super::attempt::{Element, Fields};
use super::{Names, keycloak, openssh, plain};

/// What the file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A header and the fields of authn.import_attempts
    Csv,
    /// One object a line, with the fields of authn.import_attempts
    Jsonl,
    /// The log of sshd: accepted and failed passwords
    Openssh,
    /// Keycloak's events, one object a line: LOGIN, and LOGIN_ERROR for wrong credentials
    Keycloak,
}

/// What a format needs to know beside the file.
#[derive(Debug, Default)]
pub struct Settings {
    /// Begins the external id of every attempt that has none: the file's name, unless told.
    pub source: String,
    /// How the file calls users.
    pub users: Names,
    /// How the file calls apps.
    pub apps: Names,
    /// The app of attempts that name none.
    pub app: Option<Uuid>,
    /// The method of attempts that name none.
    pub method: String,
    /// The year in which a log without years begins.
    pub year: Option<i32>,
}

impl Settings {
    pub(super) fn external_id(&self, line: u64) -> String {
        // With leading zeros, so that attempts of one second keep their order.
        format!("{}:{line:010}", self.source)
    }

    pub(super) fn user(&self, name: &str) -> Result<Uuid, String> {
        self.users
            .id_of(name)
            .ok_or_else(|| format!("no user is named {name:?}: add it to --users"))
    }

    pub(super) fn app(&self, name: Option<&str>) -> Result<Uuid, String> {
        name.and_then(|name| self.apps.id_of(name))
            .or(self.app)
            .ok_or_else(|| "the app is not known: name it with --app or --apps".to_owned())
    }
}

/// What a line holds: attempts (none where it speaks of something else), or why it cannot be.
pub type Content = Result<Vec<Element>, String>;

/// Lines and what they hold.
pub type Lines = Box<dyn Iterator<Item = (u64, Content)> + Send>;

/// The lines of a file.
///
/// # Errors
/// If the format needs a setting that is missing, or a header is not one.
pub fn read(
    format: Format,
    file: Box<dyn BufRead + Send>,
    settings: Settings,
) -> Result<Lines, String> {
    match format {
        Format::Csv => plain::csv(file, settings),
        Format::Jsonl => Ok(by_line(file, move |number, line| {
            plain::json(&settings, number, line)
        })),
        Format::Openssh => {
            let mut clock = openssh::Clock::beginning_in(settings.year.ok_or(
                "the log of sshd does not tell the year: say in which it begins with --year",
            )?);
            Ok(by_line(file, move |number, line| {
                elements(openssh::line(&settings, &mut clock, number, line)?)
            }))
        }
        Format::Keycloak => Ok(by_line(file, move |number, line| {
            elements(keycloak::line(&settings, number, line)?)
        })),
    }
}

fn elements(attempts: Vec<Fields>) -> Content {
    attempts.into_iter().map(Fields::element).collect()
}

fn by_line(
    file: Box<dyn BufRead + Send>,
    mut content: impl FnMut(u64, &str) -> Content + Send + 'static,
) -> Lines {
    Box::new((1..).zip(file.split(b'\n')).map(move |(number, bytes)| {
        let content = match bytes {
            Err(error) => Err(error.to_string()),
            Ok(bytes) => match std::str::from_utf8(&bytes) {
                Ok(line) if line.trim().is_empty() => Ok(Vec::new()),
                Ok(line) => content(number, line.trim_end()),
                Err(_) => Err("the line is not UTF-8".to_owned()),
            },
        };
        (number, content)
    }))
}
