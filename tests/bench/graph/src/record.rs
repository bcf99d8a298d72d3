//! What the gateway sends is read from the server's log, so that it is what is sent and no copy of it.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use serde::Deserialize;

use crate::people::user;
use crate::sent::{Sent, Statement};
use crate::subject::{Failure, Subject};

/// The server begins to log, and writes its log, when it gets round to it.
const TRIES: u32 = 50;
const PATIENCE: Duration = Duration::from_millis(200);

/// A line of the log, as far as it is looked at.
#[derive(Deserialize)]
struct Line {
    pid: u32,
    #[serde(default)]
    message: String,
    #[serde(default)]
    detail: String,
}

/// Asks for a screen and finds in the log what that took.
pub(crate) fn record(gateway: &Subject, log: &Path) -> Result<Sent, Failure> {
    let user = user(0);
    for _ in 0..TRIES {
        let request_id = gateway.ask_by_id(&user)?;
        sleep(PATIENCE);
        if let Some(statements) = transaction(&fs::read_to_string(log)?, &request_id) {
            return Ok(Sent { user, statements });
        }
    }
    Err(format!(
        "{} has no transaction of a request for a screen",
        log.display()
    )
    .into())
}

/// The transaction that has a request's id among its parameters, once it is there as a whole.
fn transaction(log: &str, request_id: &str) -> Option<Vec<Statement>> {
    let lines: Vec<Line> = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let pid = lines
        .iter()
        .find(|line| line.detail.contains(request_id))?
        .pid;
    let mut statements = Vec::new();
    let mut found = false;
    for line in lines.iter().filter(|line| line.pid == pid) {
        let Some(statement) = statement(line) else {
            continue;
        };
        if statement.sql.starts_with("begin") {
            statements.clear();
        }
        found |= line.detail.contains(request_id);
        let ends = statement.sql == "commit";
        statements.push(statement);
        if ends && found {
            return Some(statements);
        }
    }
    None
}

fn statement(line: &Line) -> Option<Statement> {
    if let Some(sql) = line.message.strip_prefix("statement: ") {
        return Some(Statement {
            sql: sql.into(),
            parameters: None,
        });
    }
    let (_, sql) = line.message.strip_prefix("execute ")?.split_once(": ")?;
    Some(Statement {
        sql: sql.into(),
        parameters: Some(parameters(&line.detail)?),
    })
}

/// `parameters: $1 = 'text', $2 = NULL`, where a quote in a text is written twice.
fn parameters(detail: &str) -> Option<Vec<Option<String>>> {
    let mut rest = detail.strip_prefix("parameters: ")?;
    let mut values = Vec::new();
    loop {
        rest = rest.split_once(" = ")?.1;
        if let Some(after) = rest.strip_prefix("NULL") {
            values.push(None);
            rest = after;
        } else {
            let (value, after) = quoted(rest)?;
            values.push(Some(value));
            rest = after;
        }
        if rest.is_empty() {
            return Some(values);
        }
    }
}

/// A text in quotes, and what comes after it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('\'')?;
    let mut value = String::new();
    loop {
        let (before, after) = rest.split_once('\'')?;
        value.push_str(before);
        match after.strip_prefix('\'') {
            Some(after) => {
                value.push('\'');
                rest = after;
            }
            None => return Some((value, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_the_server_writes_them() {
        let values =
            parameters("parameters: $1 = 't', $2 = NULL, $3 = 'it''s $4 = ''x''', $4 = ''");
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            values,
            Some(vec![text("t"), None, text("it's $4 = 'x'"), text("")])
        );
        assert_eq!(parameters(""), None);
    }

    #[test]
    fn a_transaction_is_found_by_the_request_once_it_is_whole() {
        let line = |pid: u32, message: &str, detail: &str| {
            serde_json::json!({ "pid": pid, "message": message, "detail": detail }).to_string()
        };
        let mut log = vec![
            line(1, "statement: begin read only", ""),
            line(1, "execute s1: select $1", "parameters: $1 = 'another'"),
            line(1, "statement: commit", ""),
            line(1, "statement: begin read only", ""),
            line(2, "statement: begin read only", ""),
            line(1, "execute s1: select $1", "parameters: $1 = 'wanted'"),
            line(1, "execute s2: select ': ', $1", "parameters: $1 = '2'"),
        ];
        assert!(transaction(&log.join("\n"), "wanted").is_none());
        log.push(line(1, "statement: commit", ""));
        let found = transaction(&log.join("\n"), "wanted").unwrap();
        let texts: Vec<_> = found.iter().map(|statement| &*statement.sql).collect();
        assert_eq!(
            texts,
            ["begin read only", "select $1", "select ': ', $1", "commit"]
        );
        assert_eq!(found[1].parameters, Some(vec![Some("wanted".into())]));
    }
}
