//! `authn_load`: fills a database that has the storage with a tenant, and says how fast that was.

use std::error::Error;

use authn_load::{Plan, load};
use clap::Parser;

/// Makes a tenant of any size: users, devices, authenticators, contexts, locks and months of events, by COPY.
/// The same seed, number of users and end make the same rows.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The database, as its superuser: tables are written past the functions that guard them.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,
    #[command(flatten)]
    plan: Plan,
    /// How many connections load at once.
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..))]
    connections: u16,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let loaded = load(
        &arguments.database_url,
        &arguments.plan,
        arguments.connections,
    )
    .await?;
    println!("{loaded}");
    Ok(())
}
