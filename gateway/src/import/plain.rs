//! Files that have the fields of `authn.import_attempts`: CSV and JSON lines.

use std::io::BufRead;

use serde_json::{Map, Value};

use super::format::{Content, Lines, Settings};

const FIELDS: [&str; 10] = [
    "external_id",
    "at",
    "user_id",
    "authenticator_id",
    "method",
    "app_id",
    "device_id",
    "ip",
    "user_agent",
    "succeeded",
];

pub(super) fn csv(file: Box<dyn BufRead + Send>, settings: Settings) -> Result<Lines, String> {
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers().map_err(|error| error.to_string())?.clone();
    if let Some(unknown) = header.iter().find(|name| !FIELDS.contains(name)) {
        return Err(unknown_field(unknown));
    }
    Ok(Box::new(reader.into_records().map(
        move |record| match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let fields = header
                    .iter()
                    .zip(&record)
                    .filter(|(_, value)| !value.is_empty())
                    .map(|(name, value)| (name.to_owned(), Value::from(value)))
                    .collect();
                (line, complete(&settings, line, fields))
            }
            Err(error) => (
                error.position().map_or(0, csv::Position::line),
                Err(error.to_string()),
            ),
        },
    )))
}

pub(super) fn json(settings: &Settings, line: u64, text: &str) -> Content {
    let fields: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| format!("it is no JSON object: {error}"))?;
    match fields.keys().find(|name| !FIELDS.contains(&name.as_str())) {
        Some(unknown) => Err(unknown_field(unknown)),
        None => complete(settings, line, fields),
    }
}

/// Fills in what the command line says for all of them.
fn complete(settings: &Settings, line: u64, mut fields: Map<String, Value>) -> Content {
    fields
        .entry("external_id")
        .or_insert_with(|| settings.external_id(line).into());
    if let Some(app) = settings.app {
        fields
            .entry("app_id")
            .or_insert_with(|| app.to_string().into());
    }
    if !fields.contains_key("authenticator_id") {
        fields
            .entry("method")
            .or_insert_with(|| settings.method.as_str().into());
    }
    Ok(vec![Value::Object(fields).to_string()])
}

fn unknown_field(name: &str) -> String {
    format!(
        "there is no field {name:?}; the fields are {}",
        FIELDS.join(", ")
    )
}
