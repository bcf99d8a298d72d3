//! A small world on a database of one's own, for what needs real connections: attempts by many at once,
//! counted by a sequence, which survives rollback, not by the product's own counters.

use std::sync::Arc;

use tokio::sync::{Barrier, Mutex, MutexGuard};
use tokio::task::JoinSet;
use tokio_postgres::Client;
use tokio_postgres::types::{FromSql, ToSql};
use uuid::Uuid;

use crate::database::Database;

/// One world at a time: the cluster has connections for one.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A user with a password and an SMS code, in a tenant with three apps; and who is after them.
pub struct World {
    clients: Vec<Arc<Client>>,
    /// Where all of it is.
    pub database: Database,
    /// Its apps; the password is registered in the first.
    pub apps: Vec<Uuid>,
    /// The user.
    pub user: Uuid,
    /// The user's password.
    pub password: Uuid,
    /// The user's code by SMS, which works in every app.
    pub sms: Uuid,
    _alone: MutexGuard<'static, ()>,
}

impl World {
    /// Creates it, and this many connections.
    ///
    /// # Panics
    /// If the database refuses.
    pub async fn new(clients: usize) -> World {
        let alone = ALONE.lock().await;
        let database = Database::empty();
        let client = database.connect().await;
        client
            .batch_execute("create sequence public.answered")
            .await
            .expect("the oracle");
        let tenant: Uuid = one(&client, "select authn.create_tenant('Acme')", &[]).await;
        let mut apps = Vec::new();
        for name in ["Shop", "Wallet", "Desk"] {
            apps.push(
                one(
                    &client,
                    "select authn.create_app($1, $2)",
                    &[&tenant, &name],
                )
                .await,
            );
        }
        let user: Uuid = one(
            &client,
            "select authn.create_user($1, 'ana@example.com', '+49 151 1234567', 'Ana')",
            &[&tenant],
        )
        .await;
        let password: Uuid = one(
            &client,
            "select authn.register_authenticator($1, 'password', $2)",
            &[&user, &apps[0]],
        )
        .await;
        let sms: Uuid = one(
            &client,
            "select authenticator_id from authn.authenticators where user_id = $1 and method = 'sms_otp'",
            &[&user],
        )
        .await;
        let mut connections = Vec::new();
        for _ in 0..clients {
            connections.push(Arc::new(database.connect().await));
        }
        World {
            clients: connections,
            database,
            apps,
            user,
            password,
            sms,
            _alone: alone,
        }
    }

    /// Runs `attempt` on every client at once and collects what each answered.
    pub async fn at_once<F, A>(&self, attempt: F) -> Vec<String>
    where
        F: Fn(Arc<Client>, usize) -> A + Send + Sync + 'static,
        A: Future<Output = Vec<String>> + Send + 'static,
    {
        let attempt = Arc::new(attempt);
        let gun = Arc::new(Barrier::new(self.clients.len()));
        let mut tasks = JoinSet::new();
        for (client, number) in self.clients.iter().cloned().zip(0..) {
            let (attempt, gun) = (Arc::clone(&attempt), Arc::clone(&gun));
            tasks.spawn(async move {
                gun.wait().await;
                attempt(client, number).await
            });
        }
        tasks.join_all().await.concat()
    }

    /// What the oracle has counted since it was asked last.
    ///
    /// # Panics
    /// If the database refuses.
    pub async fn counted(&self) -> i64 {
        let client = self.database.connect().await;
        let counted: i64 = one(
            &client,
            "select case when is_called then last_value else 0 end from public.answered",
            &[],
        )
        .await;
        client
            .batch_execute("alter sequence public.answered restart")
            .await
            .expect("the oracle");
        counted
    }

    /// The number that a query answers.
    pub async fn number(&self, query: &str) -> i64 {
        one(&self.database.connect().await, query, &[]).await
    }
}

/// The one value that a query answers.
///
/// # Panics
/// If it answers otherwise.
pub async fn one<T>(client: &Client, query: &str, parameters: &[&(dyn ToSql + Sync)]) -> T
where
    T: for<'a> FromSql<'a>,
{
    client
        .query_one(query, parameters)
        .await
        .unwrap_or_else(|error| panic!("{query}: {error:?}"))
        .get(0)
}

/// The outcome of one verdict; the oracle counts it if it answered the guess.
pub async fn guess(
    client: &Client,
    user: Uuid,
    authenticator: Uuid,
    app: Uuid,
    succeeded: bool,
) -> String {
    one(
        client,
        "select r.outcome || case when r.outcome in ('failed', 'succeeded')
                                  then left(nextval('public.answered')::text, 0) else '' end
         from authn.record_attempt($1, $2, $3, $4) r",
        &[&user, &authenticator, &app, &succeeded],
    )
    .await
}

/// The id of an attempt that was admitted, or why it was not.
///
/// # Errors
/// The decision: busy, locked, deactivated or not_available.
///
/// # Panics
/// If the database refuses.
pub async fn reserve(
    client: &Client,
    user: Uuid,
    authenticator: Uuid,
    app: Uuid,
) -> Result<Uuid, String> {
    let attempt = client
        .query_one(
            "select decision, attempt_id from authn.begin_attempt($1, $2, $3)",
            &[&user, &authenticator, &app],
        )
        .await
        .expect("an answer");
    attempt.get::<_, Option<Uuid>>(1).ok_or(attempt.get(0))
}

/// Verification between begin and complete: what the oracle counts is that it runs at all.
pub async fn verify(client: &Client) {
    one::<i64>(client, "select nextval('public.answered')", &[]).await;
}

/// The outcome of an attempt that was begun.
pub async fn complete(client: &Client, user: Uuid, attempt: Uuid, succeeded: bool) -> String {
    one(
        client,
        "select outcome from authn.complete_attempt($1, $2, $3)",
        &[&user, &attempt, &succeeded],
    )
    .await
}

/// How many outcomes are this one.
#[must_use]
pub fn count(outcomes: &[String], outcome: &str) -> usize {
    outcomes.iter().filter(|other| *other == outcome).count()
}

/// Unlocks a method of the user, asked from the first app.
///
/// # Panics
/// If it is refused.
pub async fn unlock(world: &World, method: &str) {
    world
        .database
        .connect()
        .await
        .execute(
            "select authn.unlock($1, $2::text::authn.method, $3)",
            &[&world.user, &method, &world.apps[0]],
        )
        .await
        .expect("an unlock");
}

/// Each domain's events are numbered 1, 2, 3, … up to the number that the domain remembers.
///
/// # Panics
/// If they are not.
pub async fn assert_the_log_has_no_gap(world: &World) {
    let broken = world
        .number(
            "select count(*)
             from authn_data.contexts c
             left join (
                 select e.user_id, e.domain_id, count(*) as events, max(e.number) as latest
                 from authn_data.events e
                 group by e.user_id, e.domain_id
             ) l on l.user_id = c.user_id and l.domain_id = c.context_id
             where (coalesce(l.events, 0), coalesce(l.latest, 0)) <> (c.event_number, c.event_number)",
        )
        .await;
    assert_eq!(broken, 0, "the log of a domain has a gap");
}
