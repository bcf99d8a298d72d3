//! Rows in the binary format of COPY, and what each table is sent.

use authn_rules::Instant;
use bytes::{BufMut, Bytes, BytesMut};
use uuid::Uuid;

pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// In the order in which the fields of a row are written.
    columns: &'static str,
    width: usize,
    data: BytesMut,
    pub(crate) rows: u64,
}

impl Table {
    fn new(name: &'static str, columns: &'static str) -> Table {
        Table {
            name,
            columns,
            width: columns.split(',').count(),
            data: BytesMut::new(),
            rows: 0,
        }
    }

    pub(crate) fn row(&mut self) -> Row<'_> {
        if self.data.is_empty() {
            self.data.put_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
        }
        self.rows += 1;
        self.data.put_i16(self.width as i16);
        Row {
            data: &mut self.data,
            left: self.width,
        }
    }

    /// The statement that takes the rows.
    pub(crate) fn copy(&self) -> String {
        format!(
            "copy authn_data.{} ({}) from stdin (format binary)",
            self.name, self.columns
        )
    }

    /// What was written since the last time, as a whole COPY.
    pub(crate) fn take(&mut self) -> Bytes {
        if !self.data.is_empty() {
            self.data.put_i16(-1);
        }
        self.data.split().freeze()
    }
}

/// A row that is being written, field by field.
pub(crate) struct Row<'a> {
    data: &'a mut BytesMut,
    left: usize,
}

impl Row<'_> {
    fn field(mut self, value: &[u8]) -> Self {
        self.left -= 1;
        self.data.put_i32(value.len() as i32);
        self.data.put_slice(value);
        self
    }

    pub(crate) fn null(mut self) -> Self {
        self.left -= 1;
        self.data.put_i32(-1);
        self
    }

    pub(crate) fn id(self, value: Uuid) -> Self {
        self.field(value.as_bytes())
    }

    pub(crate) fn maybe_id(self, value: Option<Uuid>) -> Self {
        match value {
            Some(value) => self.id(value),
            None => self.null(),
        }
    }

    /// A text, or a value of an enum.
    pub(crate) fn text(self, value: &str) -> Self {
        self.field(value.as_bytes())
    }

    pub(crate) fn maybe_text(self, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(value),
            None => self.null(),
        }
    }

    pub(crate) fn integer(self, value: i32) -> Self {
        self.field(&value.to_be_bytes())
    }

    /// A small number as an integer.
    pub(crate) fn count(self, value: u32) -> Self {
        self.field(&value.to_be_bytes())
    }

    pub(crate) fn bigint(self, value: i64) -> Self {
        self.field(&value.to_be_bytes())
    }

    pub(crate) fn instant(self, value: Instant) -> Self {
        self.bigint(value.0)
    }

    pub(crate) fn maybe_instant(self, value: Option<Instant>) -> Self {
        match value {
            Some(value) => self.instant(value),
            None => self.null(),
        }
    }

    pub(crate) fn maybe_address(self, value: Option<[u8; 4]>) -> Self {
        match value {
            // PostgreSQL's number for IPv4, the length of the prefix, no network but a host, four bytes.
            Some([a, b, c, d]) => self.field(&[2, 32, 0, 4, a, b, c, d]),
            None => self.null(),
        }
    }

    pub(crate) fn maybe_json(self, value: Option<&str>) -> Self {
        match value {
            // The version of the format comes before the text.
            Some(value) => self.field(&[b"\x01", value.as_bytes()].concat()),
            None => self.null(),
        }
    }

    /// # Panics
    /// If the table has more columns than fields were written.
    pub(crate) fn end(self) {
        assert_eq!(self.left, 0, "a field for every column");
    }
}

pub(crate) struct Tables {
    pub(crate) users: Table,
    pub(crate) devices: Table,
    pub(crate) authenticators: Table,
    pub(crate) contexts: Table,
    pub(crate) events: Table,
    pub(crate) locks: Table,
}

impl Tables {
    pub(crate) fn new() -> Tables {
        Tables {
            users: Table::new(
                "users",
                "user_id, tenant_id, email, phone, display_name, created_at, activated_at, \
                 suspended_since, suspended_until, suspended_by, suspension_reason, event_number",
            ),
            devices: Table::new(
                "devices",
                "user_id, device_id, tenant_id, name, platform, registered_at",
            ),
            authenticators: Table::new(
                "authenticators",
                "user_id, authenticator_id, tenant_id, method, device_id, provider, identifier, name, registered_at, \
                 deactivated_since, deactivated_until, deactivated_by, deactivation_reason",
            ),
            contexts: Table::new(
                "contexts",
                "user_id, context_id, tenant_id, authenticator_id, app_id, method, registered_at, last_success_at, \
                 last_failure_at, last_device_id, failures, failures_since_success, tier, locked_since, locked_until, \
                 latest_at, event_number",
            ),
            events: Table::new(
                "events",
                "user_id, domain_id, number, at, tenant_id, kind, authenticator_id, app_id, device_id, method, \
                 status_before, status_after, actor, role, ip, user_agent, reason, details",
            ),
            locks: Table::new(
                "locks",
                "user_id, context_id, number, tenant_id, authenticator_id, app_id, method, policy_source, \
                 policy_version, cause, tier, failures, since, until",
            ),
        }
    }

    pub(crate) fn each(&mut self) -> [&mut Table; 6] {
        [
            &mut self.users,
            &mut self.devices,
            &mut self.authenticators,
            &mut self.contexts,
            &mut self.events,
            &mut self.locks,
        ]
    }
}
