//! What the gateway sends, as a script for pgbench.

use std::fmt::Write;

use crate::people::{USERS, user};
use crate::sent::Sent;

/// A script that prepares the statements once for each client, as the gateway does for each connection, and
/// then sends a whole transaction about some user in one go. It wants `--define prepared=0`.
pub(crate) fn script(sent: &Sent) -> String {
    let (first, last) = (user(0), user(USERS - 1));
    let ((prefix, first), (_, last)) = (number(&first), number(&last));
    let mut script = String::from("\\if :prepared = 0\n");
    let mut transaction = Vec::new();
    for (place, statement) in sent.statements.iter().enumerate() {
        match &statement.parameters {
            None => transaction.push(statement.sql.replace(';', "\\;")),
            Some(parameters) => {
                let name = format!("sent_{place}");
                // Writing to a String does not fail.
                let _ = writeln!(script, "prepare {name} as {};", statement.sql.trim_end());
                let values = parameters
                    .iter()
                    .map(|value| literal(value.as_deref(), sent, &prefix));
                transaction.push(format!(
                    "execute {name}({})",
                    values.collect::<Vec<_>>().join(", ")
                ));
            }
        }
    }
    let _ = writeln!(
        script,
        "\\set prepared 1\n\\endif\n\\set number random({first}, {last})"
    );
    let _ = writeln!(script, "{};", transaction.join("\\;\n"));
    script
}

/// The end of an id, which is a number, and what comes before.
fn number(user: &str) -> (String, &str) {
    let (prefix, number) = user.rsplit_once('-').unwrap_or_default();
    (format!("{prefix}-"), number)
}

/// A value where pgbench puts another user in place of the recorded one.
fn literal(value: Option<&str>, sent: &Sent, prefix: &str) -> String {
    match value {
        None => "null".into(),
        Some(value) => {
            let value = value.replace('\'', "''");
            format!(
                "'{}'",
                value.replace(&sent.user, &format!("{prefix}:number"))
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sent::Statement;

    #[test]
    fn a_script_prepares_once_and_asks_about_some_user() {
        let sent = Sent {
            user: user(0),
            statements: vec![
                Statement {
                    sql: "begin; set local jit = off".into(),
                    parameters: None,
                },
                Statement {
                    sql: "select $1::uuid[], $2\n".into(),
                    parameters: Some(vec![Some(format!("{{{}}}", user(0))), None]),
                },
                Statement {
                    sql: "commit".into(),
                    parameters: None,
                },
            ],
        };
        assert_eq!(
            script(&sent),
            "\\if :prepared = 0\n\
             prepare sent_1 as select $1::uuid[], $2;\n\
             \\set prepared 1\n\
             \\endif\n\
             \\set number random(100000000001, 100000000200)\n\
             begin\\; set local jit = off\\;\n\
             execute sent_1('{bbb00000-0000-4000-8000-:number}', null)\\;\n\
             commit;\n"
        );
    }
}
