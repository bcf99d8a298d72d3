//! Statements that a backend prepares once and keeps: planning would cost an attempt more than running.

use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use pgrx::{FromDatum, Spi, pg_sys};

/// An argument, or a column: null or a datum of the declared type.
pub(super) type Value = Option<pg_sys::Datum>;

/// A statement of `sql/statements`, and the types of its parameters.
pub(super) struct Statement {
    text: &'static str,
    parameters: &'static [pg_sys::Oid],
    /// A backend has one thread; the pointer is atomic only to be a constant that can change.
    plan: AtomicPtr<pg_sys::_SPI_plan>,
}

/// Declares statements by the names of their files.
macro_rules! statements {
    ($($(#[$meta:meta])* $name:ident = $file:literal [$($parameter:ident),* $(,)?];)+) => {
        $(
            $(#[$meta])*
            static $name: crate::attempts::statement::Statement = crate::attempts::statement::Statement::new(
                concat!(include_str!(concat!("../../../sql/statements/", $file, ".sql")), "\0"),
                &[$(pgrx::pg_sys::$parameter),*],
            );
        )+
    };
}
pub(super) use statements;

impl Statement {
    /// `text` ends with a zero byte.
    pub(super) const fn new(text: &'static str, parameters: &'static [pg_sys::Oid]) -> Statement {
        Statement {
            text,
            parameters,
            plan: AtomicPtr::new(null_mut()),
        }
    }

    /// Runs it with a snapshot of its own. The rows live until the connection that [`connected`] made ends.
    pub(super) fn run<const N: usize>(&self, arguments: [Value; N]) -> Rows {
        self.execute(arguments, false)
    }

    /// Runs it with a snapshot that others share; it must write nothing.
    pub(super) fn read<const N: usize>(&self, _: &Snapshot, arguments: [Value; N]) -> Rows {
        self.execute(arguments, true)
    }

    fn execute<const N: usize>(&self, arguments: [Value; N], read_only: bool) -> Rows {
        assert_eq!(N, self.parameters.len(), "{}", self.text);
        let mut values = arguments.map(|argument| argument.unwrap_or(pg_sys::Datum::null()));
        let nulls = arguments.map(|argument| if argument.is_none() { b'n' } else { b' ' });
        // SAFETY: the arrays are as long as the plan has parameters, and datums of their types.
        unsafe {
            let status = pg_sys::SPI_execute_plan(
                self.plan(),
                values.as_mut_ptr(),
                nulls.as_ptr().cast(),
                read_only,
                0,
            );
            if status < 0 {
                pgrx::error!("a statement of an attempt did not run: {status}");
            }
            Rows {
                table: pg_sys::SPI_tuptable,
                count: usize::try_from(pg_sys::SPI_processed).unwrap_or(usize::MAX),
            }
        }
    }

    /// The plan, generic from the start: which values an attempt has changes nothing about how its rows are found.
    fn plan(&self) -> pg_sys::SPIPlanPtr {
        let kept = self.plan.load(Ordering::Relaxed);
        if !kept.is_null() {
            return kept;
        }
        let mut parameters = self.parameters.to_vec();
        let count = i32::try_from(parameters.len()).expect("a statement has few parameters");
        // SAFETY: the text ends with a zero byte, and the types are as many as is said.
        let plan = unsafe {
            let plan = pg_sys::SPI_prepare_cursor(
                self.text.as_ptr().cast(),
                count,
                parameters.as_mut_ptr(),
                i32::try_from(pg_sys::CURSOR_OPT_GENERIC_PLAN).expect("a flag is small"),
            );
            if plan.is_null() || pg_sys::SPI_keepplan(plan) != 0 {
                pgrx::error!("a statement of an attempt was not prepared: {}", self.text);
            }
            plan
        };
        self.plan.store(plan, Ordering::Relaxed);
        plan
    }
}

/// One moment that several statements see.
pub(super) struct Snapshot {
    pushed: bool,
}

impl Snapshot {
    /// A new one: what was committed by now.
    pub(super) fn taken() -> Snapshot {
        // SAFETY: who calls is in a transaction.
        unsafe { pg_sys::PushActiveSnapshot(pg_sys::GetTransactionSnapshot()) };
        Snapshot { pushed: true }
    }

    /// That of the statement which calls: what a stable function sees.
    pub(super) fn of_the_statement() -> Snapshot {
        Snapshot { pushed: false }
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        // The end of a transaction that failed forgets every snapshot.
        if self.pushed && !std::thread::panicking() {
            // SAFETY: it was pushed when this was made, and statements pop what they push.
            unsafe { pg_sys::PopActiveSnapshot() };
        }
    }
}

/// What a statement answered.
pub(super) struct Rows {
    table: *mut pg_sys::SPITupleTable,
    /// How many rows it answered or, without `returning`, wrote.
    pub(super) count: usize,
}

impl Rows {
    pub(super) fn any(&self) -> bool {
        self.count > 0
    }

    pub(super) fn first(&self) -> Option<Row> {
        self.iter().next()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Row> + '_ {
        (0..self.count).map(|at| {
            // SAFETY: the table lives as long as the connection, and has as many rows as were counted.
            unsafe { Row::of((*self.table).tupdesc, *(*self.table).vals.add(at)) }
        })
    }
}

/// One row, taken apart.
pub(super) struct Row {
    values: Vec<pg_sys::Datum>,
    nulls: Vec<bool>,
}

impl Row {
    unsafe fn of(columns: pg_sys::TupleDesc, tuple: pg_sys::HeapTuple) -> Row {
        // SAFETY: the caller hands in a tuple with its own description.
        unsafe {
            let count = usize::try_from((*columns).natts).unwrap_or(0);
            let mut row = Row {
                values: vec![pg_sys::Datum::null(); count],
                nulls: vec![true; count],
            };
            pg_sys::heap_deform_tuple(
                tuple,
                columns,
                row.values.as_mut_ptr(),
                row.nulls.as_mut_ptr(),
            );
            row
        }
    }

    /// A column as it is.
    pub(super) fn value(&self, column: usize) -> Value {
        (!self.nulls[column]).then(|| self.values[column])
    }

    /// A column as a value of Rust, which must fit its type.
    pub(super) fn get<T: FromDatum>(&self, column: usize) -> Option<T> {
        // SAFETY: the statements select what their readers read.
        unsafe { T::from_datum(self.values[column], self.nulls[column]) }
    }

    /// A column that is never null.
    pub(super) fn is<T: FromDatum>(&self, column: usize) -> T {
        self.get(column)
            .unwrap_or_else(|| pgrx::error!("column {column} of an attempt's row is null"))
    }
}

/// Makes what `body` needs to run statements. What it answers must not point into rows.
pub(super) fn connected<T>(body: impl FnOnce() -> T) -> T {
    Spi::connect_mut(|_| body())
}
