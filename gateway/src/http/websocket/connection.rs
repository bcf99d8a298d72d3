//! One connection: a task that reads, writes and watches the clock, and a task for each operation.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_graphql::ServerError;
use async_graphql::futures_util::SinkExt;
use async_graphql::futures_util::stream::{BoxStream, SplitSink, StreamExt};
use axum::extract::ws::{Message, WebSocket};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, interval_at, sleep, timeout};
use uuid::Uuid;

use super::PROTOCOL;
use super::close::Close;
use super::message::{FromClient, ToClient};
use crate::auth::Claims;
use crate::db::{Caller, Spent};
use crate::graphql::{Answer, Code, Reached};
use crate::http::Gateway;
use crate::http::bearer::token_of;
use crate::http::operation::{remaining, start};
use crate::http::request::Params;
use crate::http::stream_account::{Ended as StreamEnded, StreamAccount};

/// How many answers wait to be written; further ones wait where they come from.
const WAITING: usize = 4;

/// A peer that was silent for this many keep-alives is gone.
const SILENT: u32 = 3;

/// Who is at the other end, beside the token.
pub(super) struct Peer {
    pub(super) ip: IpAddr,
    pub(super) user_agent: Option<String>,
}

pub(super) struct Connection {
    gateway: Arc<Gateway>,
    peer: Peer,
    sink: SplitSink<WebSocket, Message>,
    /// Who it is, once the connection is acknowledged.
    claims: Option<Claims>,
    operations: HashMap<String, Running>,
    next_serial: u64,
    sender: mpsc::Sender<Said>,
    /// Why the operations end that end with the connection.
    ended: Arc<OnceLock<StreamEnded>>,
}

struct Running {
    /// Tells it from an earlier operation of the same id.
    serial: u64,
    task: AbortHandle,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What an operation has to say.
struct Said {
    id: String,
    serial: u64,
    what: What,
}

enum What {
    Answer(Answer),
    Error(Answer),
    Complete,
}

/// Why a connection ends.
enum Ended {
    /// We close it.
    Closed(Close),
    /// The peer is gone.
    Gone,
    /// The peer does not read.
    Unread,
}

impl Ended {
    /// What it is to the operations that still ran.
    fn of_operations(&self) -> StreamEnded {
        match self {
            Self::Closed(Close::GoingAway) => StreamEnded::Stop,
            Self::Closed(Close::Forbidden(_)) => StreamEnded::Token,
            Self::Unread => StreamEnded::Unread,
            Self::Closed(_) | Self::Gone => StreamEnded::Client,
        }
    }
}

impl Connection {
    /// Serves a connection until its end.
    pub(super) async fn serve(gateway: Arc<Gateway>, socket: WebSocket, peer: Peer) {
        let speaks = socket
            .protocol()
            .is_some_and(|protocol| protocol.as_bytes() == PROTOCOL.as_bytes());
        let (sink, incoming) = socket.split();
        let (sender, said) = mpsc::channel(WAITING);
        let mut connection = Self {
            gateway,
            peer,
            sink,
            claims: None,
            operations: HashMap::new(),
            next_serial: 0,
            sender,
            ended: Arc::default(),
        };
        let ended = match speaks {
            true => connection.run(incoming.boxed(), said).await,
            false => Ended::Closed(Close::SubprotocolNotAcceptable),
        };
        // Nobody else says so.
        let _ = connection.ended.set(ended.of_operations());
        connection.operations.clear();
        if let Ended::Closed(close) = ended {
            tracing::debug!(?close, "connection closed");
            // Whoever is gone needs no reason.
            let _ = connection.send(close.message()).await;
            let _ = timeout(Duration::from_secs(1), connection.sink.close()).await;
        }
    }

    async fn run(
        &mut self,
        mut incoming: BoxStream<'static, Result<Message, axum::Error>>,
        mut said: mpsc::Receiver<Said>,
    ) -> Ended {
        let settings = self.gateway.settings.streams;
        let stopped = self.gateway.stopped();
        // First until it must be acknowledged, then until its token ends.
        let deadline = sleep(settings.connection_init_timeout);
        tokio::pin!(stopped, deadline);
        let mut keep_alive = interval_at(Instant::now() + settings.keep_alive, settings.keep_alive);
        let mut silent = 0;
        loop {
            let done = tokio::select! {
                biased;
                () = &mut stopped => Err(Ended::Closed(Close::GoingAway)),
                () = &mut deadline => Err(Ended::Closed(match self.claims {
                    None => Close::InitialisationTimeout,
                    Some(_) => Close::Forbidden("Forbidden: the token has ended"),
                })),
                message = incoming.next() => {
                    silent = 0;
                    let acknowledged = self.claims.is_some();
                    let done = match message {
                        Some(Ok(message)) => self.hear(message).await,
                        None | Some(Err(_)) => Err(Ended::Gone),
                    };
                    if let (false, Some(claims)) = (acknowledged, &self.claims) {
                        deadline.as_mut().reset(Instant::now() + remaining(claims));
                    }
                    done
                }
                // There is always a sender: our own.
                Some(said) = said.recv() => self.pass_on(said).await,
                _ = keep_alive.tick() => {
                    silent += 1;
                    match silent > SILENT {
                        true => Err(Ended::Gone),
                        false => self.send(Message::Ping(Vec::new().into())).await,
                    }
                }
            };
            if let Err(ended) = done {
                return ended;
            }
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        let patience = self.gateway.settings.streams.send_timeout;
        match timeout(patience, self.sink.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Ended::Gone),
            Err(_) => Err(Ended::Unread),
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), Ended> {
        let text = match message {
            Message::Text(text) => text,
            // Pings of the transport are answered below us.
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(Ended::Gone),
            Message::Binary(_) => {
                return Err(Ended::Closed(Close::BadRequest(
                    "Messages are text: one JSON object each",
                )));
            }
        };
        match FromClient::parse(&text) {
            None => Err(Ended::Closed(Close::BadRequest(
                "This is no message of graphql-transport-ws",
            ))),
            Some(FromClient::ConnectionInit { payload }) => self.init(payload).await,
            Some(FromClient::Ping { payload }) => {
                self.send(ToClient::Pong { payload }.message()).await
            }
            Some(FromClient::Pong) => Ok(()),
            Some(FromClient::Subscribe { id, payload }) => self.subscribe(id, payload).await,
            Some(FromClient::Complete { id }) => {
                self.operations.remove(&id);
                Ok(())
            }
        }
    }

    async fn init(&mut self, payload: Option<Map<String, Value>>) -> Result<(), Ended> {
        if self.claims.is_some() {
            return Err(Ended::Closed(Close::TooManyInitialisationRequests));
        }
        let forbidden = || Ended::Closed(Close::Forbidden("Forbidden: a valid token is required"));
        let authorization = payload.as_ref().and_then(|payload| {
            let value = payload
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
            value?.1.as_str()
        });
        let token = authorization.and_then(token_of).ok_or_else(forbidden)?;
        let claims = self
            .gateway
            .verifier
            .verify(token)
            .await
            .map_err(|reason| {
                tracing::debug!(%reason, "token refused");
                forbidden()
            })?;
        self.claims = Some(claims);
        self.send(ToClient::ConnectionAck.message()).await
    }

    async fn subscribe(&mut self, id: String, payload: Map<String, Value>) -> Result<(), Ended> {
        let Some(claims) = &self.claims else {
            return Err(Ended::Closed(Close::Unauthorized));
        };
        let caller = Arc::new(Caller {
            claims: claims.clone(),
            request_id: Uuid::new_v4(),
            ip: Some(self.peer.ip),
            user_agent: self.peer.user_agent.clone(),
            spent: Spent::default(),
        });
        let most = usize::from(self.gateway.settings.streams.max_subscriptions);
        let running = self.operations.len();
        let Entry::Vacant(entry) = self.operations.entry(id.clone()) else {
            return Err(Ended::Closed(Close::SubscriberAlreadyExists(id)));
        };
        let refused = |code, error| Answer::refused(code, error, caller.request_id);
        if running >= most {
            let message = format!("one connection runs at most {most} operations at once");
            let answer = refused(Code::RateLimited, ServerError::new(message, None));
            return self.refuse(&id, &answer).await;
        }
        let params = match Params::of_members(payload) {
            Ok(params) => params,
            Err(malformed) => {
                let error = ServerError::new(malformed.message, None);
                let answer = refused(Code::BadUserInput, error);
                return self.refuse(&id, &answer).await;
            }
        };
        let name = params.operation_name.as_deref();
        let role = Some(caller.claims.role);
        let operation = match self.gateway.documents.find(&params.document, name, role) {
            Ok(operation) => operation,
            Err(error) => {
                self.gateway.metrics.refusal(error.refusal());
                let (code, error) = error.explain();
                let answer = refused(code, error);
                return self.refuse(&id, &answer).await;
            }
        };
        let log = StreamAccount::open(
            "websocket",
            &self.gateway.metrics,
            &caller,
            Some(&operation),
            Arc::clone(&self.ended),
        );
        let started = start(&self.gateway, caller, operation, params.variables);
        let (answers, established) = started.split();
        let serial = self.next_serial;
        self.next_serial += 1;
        let speaker = Speaker {
            id,
            serial,
            sender: self.sender.clone(),
            log,
        };
        entry.insert(Running {
            serial,
            task: tokio::spawn(speaker.run(answers)).abort_handle(),
        });
        // What the client sends next comes after the beginning.
        established.await;
        Ok(())
    }

    async fn refuse(&mut self, id: &str, answer: &Answer) -> Result<(), Ended> {
        let payload = answer.errors();
        self.send(ToClient::Error { id, payload }.message()).await
    }

    /// Unless the client has ended the operation meanwhile.
    async fn pass_on(&mut self, said: Said) -> Result<(), Ended> {
        let Said { id, serial, what } = said;
        if self.operations.get(&id).map(|running| running.serial) != Some(serial) {
            return Ok(());
        }
        let id = id.as_str();
        let message = match &what {
            What::Answer(payload) => ToClient::Next { id, payload }.message(),
            What::Error(answer) => ToClient::Error {
                id,
                payload: answer.errors(),
            }
            .message(),
            What::Complete => ToClient::Complete { id }.message(),
        };
        if !matches!(what, What::Answer(_)) {
            self.operations.remove(id);
        }
        self.send(message).await
    }
}

/// An operation's way to its connection.
struct Speaker {
    id: String,
    serial: u64,
    sender: mpsc::Sender<Said>,
    log: StreamAccount,
}

impl Speaker {
    async fn run(mut self, mut answers: BoxStream<'static, Answer>) {
        let mut first = true;
        while let Some(answer) = answers.next().await {
            self.log.count(&answer);
            // What never came to be executed is an error of the operation, not an answer.
            if first && answer.reached() == Reached::Nothing {
                self.log.end(StreamEnded::Itself);
                return self.say(What::Error(answer)).await;
            }
            first = false;
            self.say(What::Answer(answer)).await;
        }
        self.log.end(StreamEnded::Itself);
        self.say(What::Complete).await;
    }

    async fn say(&self, what: What) {
        // A connection that has ended takes this task with it.
        let _ = self
            .sender
            .send(Said {
                id: self.id.clone(),
                serial: self.serial,
                what,
            })
            .await;
    }
}
