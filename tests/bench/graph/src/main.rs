//! `authn_bench`: load on the gateway and on what it is compared with, for `make bench B=graph`.

mod compare;
mod floor;
mod load;
mod people;
mod record;
mod script;
mod sent;
mod subject;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use load::Load;
use sent::Sent;
use subject::{Failure, Kind, Subject};

// The gateway's, so that the floor is one for it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the Authenticators screen of a user through the gateway, beside what it is compared with.
#[derive(Parser)]
#[command(version)]
enum Command {
    /// Asks the gateway for a screen and writes, as JSON, what it sent to the server for that
    Record {
        /// Where the gateway listens
        #[arg(long)]
        gateway: SocketAddr,
        #[command(flatten)]
        bearer: Bearer,
        /// The server's log in JSON, with every statement in it
        #[arg(long)]
        log: PathBuf,
    },
    /// Writes a script for pgbench that sends what was recorded
    Script {
        /// What `record` wrote
        #[arg(long)]
        recorded: PathBuf,
    },
    /// Serves the JSON of what was recorded, without GraphQL
    Floor {
        /// What `record` wrote
        #[arg(long)]
        recorded: PathBuf,
        /// The database
        #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
        database_url: String,
        /// Connections
        #[arg(long)]
        pool_size: usize,
        /// Where to listen
        #[arg(long)]
        listen: SocketAddr,
    },
    /// Fails unless all three answer the same about users
    Compare {
        /// Where the gateway listens
        #[arg(long)]
        gateway: SocketAddr,
        /// Where the floor listens
        #[arg(long)]
        floor: SocketAddr,
        /// Where PostGraphile listens
        #[arg(long)]
        postgraphile: SocketAddr,
        #[command(flatten)]
        bearer: Bearer,
    },
    /// Asks for the screens of one user after another, and prints answers per second, the median of their
    /// milliseconds, the 99th percentile, and how many answers there were
    Load {
        /// Who is asked
        #[arg(long)]
        subject: Kind,
        /// Where they listen
        #[arg(long)]
        address: SocketAddr,
        #[command(flatten)]
        bearer: Bearer,
        /// Clients that ask at once
        #[arg(long)]
        clients: u32,
        /// How long
        #[arg(long)]
        seconds: f64,
        /// Requests per second; without it, as many as are answered
        #[arg(long)]
        rate: Option<f64>,
    },
    /// Asks the gateway for a page of a hundred users with their authenticators, once
    Page {
        /// Where the gateway listens
        #[arg(long)]
        gateway: SocketAddr,
        #[command(flatten)]
        bearer: Bearer,
    },
}

/// Who asks.
#[derive(clap::Args)]
struct Bearer {
    /// The token
    #[arg(long, env = "TOKEN", hide_env_values = true)]
    token: String,
}

fn main() -> Result<(), Failure> {
    match Command::parse() {
        Command::Record {
            gateway,
            bearer,
            log,
        } => {
            let gateway = Subject::new(Kind::Gateway, gateway, &bearer.token);
            println!(
                "{}",
                serde_json::to_string(&record::record(&gateway, &log)?)?
            );
        }
        Command::Script { recorded } => print!("{}", script::script(&Sent::read(&recorded)?)),
        Command::Floor {
            recorded,
            database_url,
            pool_size,
            listen,
        } => {
            floor::serve(Sent::read(&recorded)?, &database_url, pool_size, listen)?;
        }
        Command::Compare {
            gateway,
            floor,
            postgraphile,
            bearer,
        } => {
            let subjects = [
                (Kind::Gateway, gateway),
                (Kind::Floor, floor),
                (Kind::Postgraphile, postgraphile),
            ];
            let subjects =
                subjects.map(|(kind, address)| Subject::new(kind, address, &bearer.token));
            println!("{}", compare::compare(&subjects)?);
        }
        Command::Load {
            subject,
            address,
            bearer,
            clients,
            seconds,
            rate,
        } => {
            let subject = Subject::new(subject, address, &bearer.token);
            let seconds = Duration::try_from_secs_f64(seconds)?;
            println!(
                "{}",
                Load {
                    clients,
                    seconds,
                    rate
                }
                .put_on(&subject)?
            );
        }
        Command::Page { gateway, bearer } => {
            let gateway = Subject::new(Kind::Gateway, gateway, &bearer.token);
            println!("{}", gateway.page()?);
        }
    }
    Ok(())
}
