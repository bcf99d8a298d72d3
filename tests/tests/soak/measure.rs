//! How large everything is.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::fs;

use tokio_postgres::Client;

use crate::load::Load;

/// What a table may grow by page by page, however few rows it has: an eighth of a MiB.
pub(crate) const SLACK: f64 = 131_072.0;

/// What an allocator may keep: 8 MiB.
pub(crate) const SLACK_OF_MEMORY: f64 = 8_388_608.0;

/// A table with its indexes.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) rows: f64,
    pub(crate) bytes: f64,
}

impl Size {
    /// What so many rows would take at the size of these.
    pub(crate) fn bytes_of(&self, rows: f64) -> f64 {
        self.bytes / self.rows.max(1.0) * rows
    }
}

pub(crate) struct Measure {
    pub(crate) tables: BTreeMap<String, Size>,
    /// Memory that the gateway holds.
    pub(crate) gateway: f64,
    /// Memory of its own that the largest process of the server holds for the gateway or a login service.
    pub(crate) backend: f64,
    updates: i64,
    updates_in_place: i64,
}

impl Measure {
    pub(crate) async fn take(client: &Client, load: &Load) -> Measure {
        let mut tables = BTreeMap::new();
        for table in ["users", "authenticators", "contexts", "events", "locks"] {
            let query = format!(
                "select (select count(*) from authn_data.{table})::float8, sum(pg_total_relation_size(t.relid))::float8
                 from pg_partition_tree('authn_data.{table}') t"
            );
            // An ordinary table is no partition tree of its own.
            let query = if table == "events" {
                query
            } else {
                format!(
                    "select count(*)::float8, pg_total_relation_size('authn_data.{table}')::float8 from authn_data.{table}"
                )
            };
            let row = client.query_one(&query, &[]).await.expect("a size");
            let (rows, bytes) = (row.get(0), row.get(1));
            tables.insert(table.to_owned(), Size { rows, bytes });
        }
        let updates = client
            .query_one(
                "select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where relid = 'authn_data.contexts'::regclass",
                &[],
            )
            .await
            .expect("statistics");
        let backends = client
            .query(
                "select pid from pg_stat_activity where usename = 'authn_gateway'",
                &[],
            )
            .await
            .expect("the server's processes");
        Measure {
            tables,
            gateway: load.gateway().resident() as f64 * 1024.0,
            backend: backends
                .iter()
                .filter_map(|row| memory_of(row.get(0)))
                .fold(0.0, f64::max),
            updates: updates.get(0),
            updates_in_place: updates.get(1),
        }
    }

    /// Of the updates since an earlier measure, how many stayed on their page, in percent.
    pub(crate) fn in_place_since(&self, before: &Measure) -> f64 {
        let all = self.updates - before.updates;
        let in_place = self.updates_in_place - before.updates_in_place;
        assert!(all > 0, "there were updates");
        in_place as f64 * 100.0 / all as f64
    }
}

impl Display for Measure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (table, size) in &self.tables {
            write!(
                f,
                "{table} {:.0} rows of {:.0} bytes, ",
                size.rows,
                size.bytes_of(1.0)
            )?;
        }
        write!(
            f,
            "gateway {:.1} MiB, largest server process {:.1} MiB",
            self.gateway / 1_048_576.0,
            self.backend / 1_048_576.0
        )
    }
}

/// Not counting what it shares; `None` where it has ended.
fn memory_of(process: i32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0)
}

/// Whether autovacuum has been at any of the tables.
pub(crate) async fn was_tended(client: &Client) -> bool {
    client
        .query_one(
            "select sum(autovacuum_count + autoanalyze_count) > 0 from pg_stat_user_tables where schemaname = 'authn_data'",
            &[],
        )
        .await
        .expect("statistics")
        .get(0)
}
