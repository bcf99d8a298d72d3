//! The answer to an attempt.

use authn_rules::Instant;
use pgrx::heap_tuple::PgHeapTuple;
use pgrx::{AllocatedByRust, IntoDatum, pg_sys};

use super::facts::{Status, timestamp};
use crate::shells::composite::{columns_of, row_of};
use crate::shells::enum_value::labelled;

pub(super) struct Outcome {
    pub(super) outcome: &'static str,
    pub(super) status: Option<Status>,
    pub(super) failures: Option<u32>,
    pub(super) locked_until: Option<Instant>,
}

impl Outcome {
    /// One that tells nothing of the facts.
    pub(super) fn bare(outcome: &'static str) -> Outcome {
        Outcome {
            outcome,
            status: None,
            failures: None,
            locked_until: None,
        }
    }

    /// As the columns of `authn.attempt_outcome`, in their order (sql/types/composites.sql).
    pub(super) fn row(
        self,
        call: pg_sys::FunctionCallInfo,
    ) -> PgHeapTuple<'static, AllocatedByRust> {
        let status = self.status.map(|status| {
            let columns = columns_of(call);
            let column = columns.get(1).expect("the second column is the status");
            labelled(column.atttypid, status.label())
        });
        row_of(
            call,
            [
                self.outcome.into_datum(),
                status.into_datum(),
                self.failures
                    .map(crate::shells::lockout::stored)
                    .into_datum(),
                self.locked_until.and_then(timestamp),
            ],
        )
    }
}
