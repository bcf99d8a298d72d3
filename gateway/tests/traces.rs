//! Traces of a gateway that was built with them, as a collector receives them.
#![cfg(feature = "otel")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long anything is waited for: as long as a loaded machine takes.
const PATIENCE: Duration = Duration::from_secs(120);

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

/// Where a collector listens, and the paths and bodies that it is sent.
fn collector() -> (String, Receiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, sent) = channel();
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let mut connection = BufReader::new(connection);
            while let Some((head, body)) = message(&mut connection) {
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let body = serde_json::from_slice(&body).expect("JSON");
                let answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
                connection.get_mut().write_all(answer).expect("an answer");
                if sender.send((path, body)).is_err() {
                    return;
                }
            }
        }
    });
    (address, sent)
}

/// The next message of HTTP/1.1: its head and its body.
fn message(connection: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if connection.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().expect("a length");
        }
        head += &line;
    }
    let mut body = vec![0; length];
    connection.read_exact(&mut body).ok()?;
    Some((head, body))
}

/// A gateway without a database, and where it listens.
fn gateway(variables: &[(&str, &str)]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_gateway"))
        .arg("serve")
        .env_clear()
        .envs([
            ("LISTEN", "127.0.0.1:0"),
            ("LOG_FORMAT", "json"),
            ("JWT_SECRET", "an hmac secret of more than 32 bytes"),
            (
                "DATABASE_URL",
                "host=127.0.0.1 port=1 user=nobody dbname=nothing",
            ),
        ])
        .envs(variables.iter().copied())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a gateway");
    let mut log = BufReader::new(child.stderr.take().expect("its log")).lines();
    let address = log
        .by_ref()
        .map_while(Result::ok)
        .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
        .find_map(|line| Some(line["address"].as_str()?.to_owned()))
        .expect("where it listens");
    thread::spawn(move || log.for_each(drop));
    (child, address)
}

fn ask(address: &str, headers: &str) -> (String, Vec<u8>) {
    let mut connection = TcpStream::connect(address).expect("a connection");
    let body = json!({ "query": "query Who { __typename }" }).to_string();
    let length = body.len();
    write!(
        connection,
        "POST /graphql HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n{headers}\r\n{body}"
    )
    .expect("a request");
    message(&mut BufReader::new(connection)).expect("an answer")
}

fn stop(mut gateway: Child) {
    let id = gateway.id().to_string();
    assert!(
        Command::new("kill")
            .arg(id)
            .status()
            .expect("kill")
            .success()
    );
    assert!(gateway.wait().expect("its end").success());
}

#[test]
fn a_collector_is_told_of_each_request_in_the_trace_that_it_belongs_to() {
    let (endpoint, sent) = collector();
    let (gateway, address) = gateway(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json"),
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "deployment.environment.name=test",
        ),
    ]);
    let (head, _) = ask(
        &address,
        &format!("traceparent: 00-{TRACE}-{PARENT}-01\r\n"),
    );
    let request_id = head
        .lines()
        .find_map(|line| line.strip_prefix("x-request-id: "))
        .expect("a request id");
    // What is still to be sent goes with the stop.
    stop(gateway);

    let (path, body) = sent.recv_timeout(PATIENCE).expect("a trace");
    assert_eq!(path, "/v1/traces");
    let resource = &body["resourceSpans"][0];
    let attribute = |of: &Value, key: &str| {
        let all = of["attributes"].as_array().cloned().unwrap_or_default();
        all.into_iter()
            .find(|one| one["key"] == key)
            .map(|one| one["value"].clone())
    };
    let text = |text: &str| Some(json!({ "stringValue": text }));
    assert_eq!(
        attribute(&resource["resource"], "service.name"),
        text("gateway")
    );
    assert_eq!(
        attribute(&resource["resource"], "deployment.environment.name"),
        text("test")
    );
    let span = &resource["scopeSpans"][0]["spans"][0];
    assert_eq!(span["traceId"], TRACE, "{body:#}");
    assert_eq!(span["parentSpanId"], PARENT);
    // Its document is not trusted, so its name is no name of the span.
    assert_eq!(span["name"], "query");
    assert_eq!(attribute(span, "graphql.operation.name"), text("Who"));
    assert_eq!(attribute(span, "authn.request_id"), text(request_id));
    assert_eq!(
        attribute(span, "authn.tenant"),
        None,
        "nobody was signed in"
    );
}

#[test]
fn without_a_collector_or_where_a_trace_is_not_recorded_nobody_is_told() {
    let (endpoint, sent) = collector();
    let (silent, address) = gateway(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
        ("OTEL_SDK_DISABLED", "true"),
    ]);
    ask(&address, "");
    stop(silent);
    let (sampling, address) = gateway(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)]);
    // Whoever began the trace decided so.
    ask(
        &address,
        &format!("traceparent: 00-{TRACE}-{PARENT}-00\r\n"),
    );
    stop(sampling);
    assert!(sent.try_recv().is_err());
}
