//! The commands.

mod import;
mod schema;
mod secret;
mod serve;
mod token;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::{FileError, ServeArgs, with_file};

/// The GraphQL gateway of pg_authn: authenticators, their status and their lockout
#[derive(Debug, Parser)]
#[command(name = "gateway", version, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve GraphQL over HTTP until told to stop
    Serve(Box<ServeArgs>),
    /// Print a signed token for development
    Token(token::TokenCommand),
    /// Import attempts that another system recorded, for history and what-if
    Import(Box<import::ImportCommand>),
    /// Print the GraphQL schema
    Schema,
}

/// Why a command failed, in words for whoever typed it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Failure(String);

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl Cli {
    /// What is asked for by arguments, the first of which is the program's name, the environment and a file.
    ///
    /// # Errors
    /// If the file of settings cannot be used. Arguments that cannot are told by the way, and the process ends.
    pub fn read(arguments: &[OsString]) -> Result<Self, FileError> {
        let command = with_file(Self::command(), "serve", arguments)?;
        let matches = command.get_matches_from(arguments);
        Ok(Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit()))
    }

    /// Runs the command that was asked for.
    pub fn run(self) -> ExitCode {
        let result = match self.command {
            Command::Serve(args) => serve::run(*args),
            Command::Token(args) => token::run(&args),
            Command::Import(args) => import::run(*args),
            Command::Schema => schema::run(),
        };
        match result {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                eprintln!("gateway: {failure}");
                ExitCode::FAILURE
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_commands_are_consistent() {
        Cli::command().debug_assert();
    }
}
