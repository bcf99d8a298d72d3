//! `gateway import`

use std::fs::{File, OpenOptions};
use std::io::BufReader;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use uuid::Uuid;

use super::Failure;
use crate::import::Names;
use crate::import::cursor::{Cursor, Progress};
use crate::import::format::{self, Format, Settings};
use crate::import::importer::{self, Plan};

#[derive(Debug, Args)]
pub(super) struct ImportCommand {
    /// File with attempts that another system recorded
    file: PathBuf,

    /// What the file holds
    #[arg(long)]
    format: Format,

    /// Tenant whose attempts they are
    #[arg(long)]
    tenant: Uuid,

    /// Connection to Postgres, as a role that can become authn_admin
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,

    /// Who acts, as the database is told
    #[arg(long, default_value = "import")]
    actor: String,

    /// App of attempts that name none
    #[arg(long)]
    app: Option<Uuid>,

    /// Method of attempts that name none
    #[arg(long, default_value = "password")]
    method: String,

    /// CSV file of two columns: what the file calls a user, and the user's id
    #[arg(long, value_name = "FILE")]
    users: Option<PathBuf>,

    /// CSV file of two columns: what the file calls an app, and the app's id
    #[arg(long, value_name = "FILE")]
    apps: Option<PathBuf>,

    /// Year in which a log without years begins
    #[arg(long)]
    year: Option<i32>,

    /// What external ids begin with where the file has none; the file's name when left out
    #[arg(long)]
    source: Option<String>,

    /// Attempts in one transaction
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    batch: u32,

    /// Transactions at a time
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    connections: u16,

    /// File that remembers how far it is, so that the same command goes on there; FILE.cursor when left out
    #[arg(long, value_name = "FILE")]
    cursor: Option<PathBuf>,

    /// File that rejected lines are added to, one JSON object each; FILE.rejected when left out
    #[arg(long, value_name = "FILE")]
    rejected: Option<PathBuf>,
}

pub(super) fn run(args: ImportCommand) -> Result<(), Failure> {
    let beside = |extension| args.file.with_added_extension(extension);
    let cursor = Cursor::at(args.cursor.clone().unwrap_or_else(|| beside("cursor")));
    let rejected = args.rejected.clone().unwrap_or_else(|| beside("rejected"));
    let names = |path: &Option<PathBuf>| {
        path.as_deref()
            .map_or_else(|| Ok(Names::default()), Names::read)
    };
    let settings = Settings {
        source: args.source.clone().unwrap_or_else(|| {
            let name = args.file.file_name().unwrap_or_default();
            name.to_string_lossy().into_owned()
        }),
        users: names(&args.users).map_err(Failure::new)?,
        apps: names(&args.apps).map_err(Failure::new)?,
        app: args.app,
        method: args.method.clone(),
        year: args.year,
    };
    let file = File::open(&args.file)
        .map_err(|error| Failure::new(format!("{}: {error}", args.file.display())))?;
    let lines = format::read(args.format, Box::new(BufReader::new(file)), settings)
        .map_err(|reason| Failure::new(format!("{}: {reason}", args.file.display())))?;
    let mut report = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&rejected)
        .map_err(|error| Failure::new(format!("{}: {error}", rejected.display())))?;
    let plan = Plan {
        database: args
            .database_url
            .parse()
            .map_err(|error| Failure::new(format!("DATABASE_URL does not parse: {error}")))?,
        tenant: args.tenant,
        actor: args.actor,
        batch: args.batch as usize,
        connections: args.connections.into(),
    };

    let began = Instant::now();
    let mut told = began;
    let progress = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format!("cannot start: {error}")))?
        .block_on(importer::run(
            plan,
            lines,
            &cursor,
            &mut report,
            |progress| {
                if told.elapsed() >= Duration::from_secs(1) {
                    told = Instant::now();
                    eprintln!("{}", sentence(progress));
                }
            },
        ))
        .map_err(|reason| {
            Failure::new(format!(
                "{reason}; the same command goes on where it stopped"
            ))
        })?;
    println!(
        "{} in {:.1} s",
        sentence(&progress),
        began.elapsed().as_secs_f64()
    );
    if progress.rejected > 0 {
        println!("rejected lines and why: {}", rejected.display());
    }
    Ok(())
}

fn sentence(progress: &Progress) -> String {
    format!(
        "{} lines: {} attempts imported, {} known already, {} rejected",
        progress.line, progress.imported, progress.repeated, progress.rejected
    )
}
