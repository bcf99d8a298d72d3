//! Files that have the fields of `authn.import_attempts`: CSV and JSON lines.

use std::io::BufRead;

use super::attempt::Fields;
use super::format::{Content, Lines, Settings};

pub(super) fn csv(file: Box<dyn BufRead + Send>, settings: Settings) -> Result<Lines, String> {
    let mut reader = csv::Reader::from_reader(file);
    let columns = reader
        .headers()
        .map_err(|error| error.to_string())?
        .iter()
        .map(|name| position(name).ok_or_else(|| unknown_field(name)))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Box::new(reader.into_records().map(
        move |record| match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let mut fields = Fields::default();
                for (column, value) in columns.iter().zip(&record) {
                    if !value.is_empty() {
                        *fields.each()[*column] = Some(value.to_owned());
                    }
                }
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
    let fields =
        serde_json::from_str(text).map_err(|error| format!("it is no attempt: {error}"))?;
    complete(settings, line, fields)
}

/// Fills in what the command line says for all of them.
fn complete(settings: &Settings, line: u64, mut fields: Fields) -> Content {
    if fields.external_id.is_none() {
        fields.external_id = Some(settings.external_id(line));
    }
    if fields.app_id.is_none() {
        fields.app_id = settings.app.map(|app| app.to_string());
    }
    if fields.authenticator_id.is_none() && fields.method.is_none() {
        fields.method = Some(settings.method.clone());
    }
    Ok(vec![fields.element()?])
}

fn position(name: &str) -> Option<usize> {
    Fields::NAMES.iter().position(|known| *known == name)
}

fn unknown_field(name: &str) -> String {
    format!(
        "there is no field {name:?}; the fields are {}",
        Fields::NAMES.join(", ")
    )
}
