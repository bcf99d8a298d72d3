//! Clients of both transports of subscriptions, written from their protocols.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::{Message, WebSocket};

use crate::gateway::Gateway;

/// How long anything is waited for: as long as a loaded machine takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// Server-Sent Events of one operation.
pub struct Events {
    lines: Receiver<String>,
}

/// What a stream of events tells.
#[derive(Debug, PartialEq)]
pub enum Event {
    /// An answer.
    Next(Value),
    /// The operation is over.
    Complete,
    /// The connection ended without a word.
    Cut,
}

impl Events {
    /// Sends an operation; the status and body where it is not answered with a stream.
    ///
    /// # Errors
    /// If it is refused.
    ///
    /// # Panics
    /// If the gateway does not answer.
    pub fn open(
        gateway: &Gateway,
        token: &str,
        query: &str,
        variables: &Value,
    ) -> Result<Events, (u16, Value)> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .build()
            .into();
        let mut response = agent
            .post(format!("http://{}/graphql/stream", gateway.address()))
            .header("accept", "text/event-stream")
            .header("authorization", format!("Bearer {token}"))
            .send_json(json!({ "query": query, "variables": variables }))
            .expect("the gateway answers");
        let status = response.status().as_u16();
        let content_type = response.headers().get("content-type").cloned();
        if !content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream")) {
            return Err((
                status,
                response.body_mut().read_json().unwrap_or(Value::Null),
            ));
        }
        let (sender, lines) = channel();
        let body = BufReader::new(response.into_body().into_reader());
        thread::spawn(move || {
            for line in body.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Ok(Events { lines })
    }

    /// The next event; keep-alives are passed over.
    ///
    /// # Panics
    /// If there is none in time, or it is not as the protocol says.
    #[must_use]
    pub fn next(&self) -> Event {
        let mut name = String::new();
        let mut data = String::new();
        loop {
            let line = match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => line,
                Err(RecvTimeoutError::Disconnected) => return Event::Cut,
                Err(RecvTimeoutError::Timeout) => panic!("no event in time"),
            };
            match line.split_once(':') {
                _ if line.is_empty() && name.is_empty() => {}
                _ if line.is_empty() => break,
                Some(("", _comment)) => {}
                Some(("event", value)) => name = value.trim().to_owned(),
                Some(("data", value)) => data += value.trim(),
                _ => panic!("not of the protocol: {line}"),
            }
        }
        match name.as_str() {
            "next" => Event::Next(serde_json::from_str(&data).expect("an answer")),
            "complete" => Event::Complete,
            _ => panic!("not of the protocol: {name}"),
        }
    }

    /// The next change.
    ///
    /// # Panics
    /// If something else comes.
    #[must_use]
    pub fn change(&self) -> Value {
        match self.next() {
            Event::Next(answer) => change_of(answer),
            other => panic!("no change but {other:?}"),
        }
    }

    /// Waits for a comment: what is sent where there is nothing to tell.
    ///
    /// # Panics
    /// If none comes in time.
    pub fn keep_alive(&self) {
        while !self
            .lines
            .recv_timeout(PATIENCE)
            .expect("a line")
            .starts_with(':')
        {}
    }
}

/// The change of an answer.
///
/// # Panics
/// If there is none, or an error.
#[must_use]
pub fn change_of(mut answer: Value) -> Value {
    assert!(answer["errors"].is_null(), "{answer:#}");
    let change = answer["data"]["authenticatorChanged"].take();
    assert!(!change.is_null(), "{answer:#}");
    change
}

/// A WebSocket to a gateway.
pub struct Socket(WebSocket<TcpStream>);

/// What comes over a WebSocket.
#[derive(Debug, PartialEq)]
pub enum Heard {
    /// A message.
    Message(Value),
    /// The connection was closed with this code.
    Closed(u16),
}

impl Socket {
    /// Connects with further headers, where `graphql-transport-ws` is spoken if so.
    ///
    /// # Errors
    /// If the handshake is refused: the status.
    ///
    /// # Panics
    /// If there is no gateway.
    pub fn connect(
        gateway: &Gateway,
        speaks: bool,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, u16> {
        let mut request = format!("ws://{}/graphql", gateway.address())
            .into_client_request()
            .expect("an address");
        if speaks {
            let protocol = HeaderValue::from_static("graphql-transport-ws");
            request
                .headers_mut()
                .insert("sec-websocket-protocol", protocol);
        }
        for (name, value) in headers {
            request
                .headers_mut()
                .insert(*name, HeaderValue::from_str(value).expect("a header"));
        }
        let stream = TcpStream::connect(gateway.address()).expect("the gateway listens");
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a time limit");
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
                Err(answer.status().as_u16())
            }
            // A protocol that was offered and not taken.
            Err(error) => panic!("no handshake: {error}"),
        }
    }

    /// Connects and is acknowledged.
    ///
    /// # Panics
    /// If it is not.
    #[must_use]
    pub fn open(gateway: &Gateway, token: &str) -> Socket {
        let mut socket = Socket::connect(gateway, true, &[]).expect("a handshake");
        socket.init(token);
        assert_eq!(
            socket.hear(),
            Heard::Message(json!({ "type": "connection_ack" }))
        );
        socket
    }

    /// Sends `connection_init` with a token.
    pub fn init(&mut self, token: &str) {
        self.say(&json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } }));
    }

    /// Begins an operation, and waits until it has begun.
    ///
    /// # Panics
    /// If something else comes.
    pub fn follow(&mut self, id: &str, query: &str, variables: &Value) {
        self.subscribe(id, query, variables);
        // One message after the other.
        self.say(&json!({ "type": "ping" }));
        assert_eq!(self.hear(), Heard::Message(json!({ "type": "pong" })));
    }

    /// Begins an operation.
    pub fn subscribe(&mut self, id: &str, query: &str, variables: &Value) {
        self.say(&json!({ "type": "subscribe", "id": id, "payload": { "query": query, "variables": variables } }));
    }

    /// Sends a message.
    pub fn say(&mut self, message: &Value) {
        self.say_raw(&message.to_string());
    }

    /// Sends a text, whatever it is.
    ///
    /// # Panics
    /// If the connection is gone.
    pub fn say_raw(&mut self, text: &str) {
        self.0.send(Message::text(text)).expect("the gateway reads");
    }

    /// What comes next; pings of the transport are passed over.
    ///
    /// # Panics
    /// If nothing comes in time, or something that is not of the protocol.
    #[must_use]
    pub fn hear(&mut self) -> Heard {
        loop {
            match self.0.read().expect("a message in time") {
                Message::Text(text) => {
                    return Heard::Message(serde_json::from_str(&text).expect("JSON"));
                }
                Message::Close(frame) => {
                    return Heard::Closed(frame.map_or(1005, |frame| frame.code.into()));
                }
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("not of the protocol: {other:?}"),
            }
        }
    }

    /// Waits for a ping of the transport.
    ///
    /// # Panics
    /// If something else comes.
    pub fn keep_alive(&mut self) {
        let heard = self.0.read().expect("a ping in time");
        assert!(matches!(heard, Message::Ping(_)), "{heard:?}");
    }

    /// The next change of an operation.
    ///
    /// # Panics
    /// If something else comes.
    #[must_use]
    pub fn change(&mut self, id: &str) -> Value {
        match self.hear() {
            Heard::Message(mut message) if message["type"] == "next" && message["id"] == id => {
                change_of(message["payload"].take())
            }
            other => panic!("no change but {other:?}"),
        }
    }
}
