//! `/graphql/stream`: Server-Sent Events, in the distinct connections mode of
//! [graphql-sse](https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md): one POST, one operation;
//! events `next` with an answer each, then `complete`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::ServerError;
use async_graphql::futures_util::stream::{self, BoxStream, StreamExt};
use axum::extract::{ConnectInfo, State};
use axum::http::header::{ACCEPT, ALLOW, CACHE_CONTROL, HeaderName, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{sleep, timeout};

use super::Gateway;
use super::accept::MediaType;
use super::account::Account;
use super::graphql::{REQUEST_ID, Reply, authenticate, refusal, unauthenticated, with_header};
use super::operation::{Started, remaining, start};
use super::request::{Malformed, Params};
use super::stream_account::{Ended, StreamAccount};
use crate::graphql::{Answer, Code};
use crate::metrics::Refusal;

const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

pub(super) async fn handle(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: axum::extract::Request,
) -> Response {
    let mut account = Account::open(&gateway, request.headers());
    match open(&gateway, peer, request, &mut account).await {
        Ok(opened) => opened.into_response(&gateway).await,
        Err(reply) => {
            account.close(&gateway, reply.status, &reply.answer, reply.refusal);
            reply.into_response(account.request_id)
        }
    }
}

/// A stream about to begin.
struct Opened {
    started: Started,
    log: StreamAccount,
    /// How long the token is good.
    until: Duration,
    _permit: OwnedSemaphorePermit,
}

async fn open(
    gateway: &Arc<Gateway>,
    peer: SocketAddr,
    request: axum::extract::Request,
    account: &mut Account,
) -> Result<Opened, Reply> {
    let (parts, body) = request.into_parts();
    let (method, headers) = (&parts.method, &parts.headers);
    let refused = |account: &Account, reason, status, code, message: &str| {
        refusal(account, MediaType::Json, reason, status, code, message)
    };
    if method != Method::POST {
        let (status, message) = (StatusCode::METHOD_NOT_ALLOWED, "send a POST");
        let reply = refused(
            account,
            Refusal::Method,
            status,
            Code::BadUserInput,
            message,
        );
        return Err(with_header(reply, ALLOW, "POST"));
    }
    if !takes_events(headers) {
        let (status, message) = (StatusCode::NOT_ACCEPTABLE, "this answers text/event-stream");
        return Err(refused(
            account,
            Refusal::Accept,
            status,
            Code::BadUserInput,
            message,
        ));
    }
    let caller = match authenticate(gateway, headers, peer, account.request_id).await {
        Ok(Some(caller)) => Arc::new(caller),
        Ok(None) => return Err(unauthenticated(account, MediaType::Json, "Bearer")),
        Err(challenge) => return Err(unauthenticated(account, MediaType::Json, challenge)),
    };
    account.caller = Some(Arc::clone(&caller));
    let read = Params::read(method, &parts.uri, headers, body);
    let params = match timeout(gateway.settings.request_timeout, read).await {
        Ok(Ok(params)) => params,
        Ok(Err(Malformed { status, message })) => {
            return Err(refused(
                account,
                Refusal::Body,
                status,
                Code::BadUserInput,
                message,
            ));
        }
        Err(_) => {
            let (status, message) = (
                StatusCode::REQUEST_TIMEOUT,
                "the body did not arrive in time",
            );
            return Err(refused(
                account,
                Refusal::SlowBody,
                status,
                Code::Timeout,
                message,
            ));
        }
    };
    let Some(permit) = gateway.admit_stream() else {
        let (status, message) = (
            StatusCode::SERVICE_UNAVAILABLE,
            "too many streams are open; try again later",
        );
        let reply = refused(
            account,
            Refusal::Busy,
            status,
            Code::ServiceUnavailable,
            message,
        );
        return Err(with_header(reply, RETRY_AFTER, "1"));
    };
    let name = params.operation_name.as_deref();
    let found = gateway
        .documents
        .find(&params.document, name, Some(caller.claims.role));
    let log = StreamAccount::open(
        "sse",
        &gateway.metrics,
        &caller,
        found.as_ref().ok(),
        Arc::default(),
    );
    let until = remaining(&caller.claims);
    let started = match found {
        Ok(operation) => start(gateway, caller, operation, params.variables),
        // The protocol wants it told in the stream.
        Err(error) => {
            gateway.metrics.refusal(error.refusal());
            let (code, error) = error.explain();
            let answer = Answer::refused(code, error, account.request_id);
            Started::with(answer)
        }
    };
    Ok(Opened {
        started,
        log,
        until,
        _permit: permit,
    })
}

impl Opened {
    async fn into_response(self, gateway: &Arc<Gateway>) -> Response {
        let request_id = self.log.request_id().to_string();
        let (sender, events) = mpsc::channel(1);
        let (answers, established) = self.started.split();
        let producer = Producer {
            gateway: Arc::clone(gateway),
            sender,
            answers,
            log: self.log,
            until: self.until,
            _permit: self._permit,
        };
        tokio::spawn(producer.run());
        established.await;
        let events = stream::unfold(events, |mut events| async {
            let event = events.recv().await?;
            Some((Ok::<Event, Infallible>(event), events))
        });
        let keep_alive = KeepAlive::new().interval(gateway.settings.streams.keep_alive);
        let mut response = Sse::new(events).keep_alive(keep_alive).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        // What stands in front must not wait for more.
        headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
        if let Ok(request_id) = HeaderValue::from_str(&request_id) {
            headers.insert(REQUEST_ID, request_id);
        }
        response
    }
}

/// Ends with the operation, the token, the gateway, or the client's patience: whichever is first, and whether
/// anybody reads or not.
struct Producer {
    gateway: Arc<Gateway>,
    sender: mpsc::Sender<Event>,
    answers: BoxStream<'static, Answer>,
    log: StreamAccount,
    until: Duration,
    _permit: OwnedSemaphorePermit,
}

impl Producer {
    async fn run(mut self) {
        let stopped = self.gateway.stopped();
        let token_ends = sleep(self.until);
        tokio::pin!(stopped, token_ends);
        loop {
            tokio::select! {
                biased;
                () = self.sender.closed() => return,
                () = &mut stopped => {
                    self.log.end(Ended::Stop);
                    break;
                }
                () = &mut token_ends => {
                    self.log.end(Ended::Token);
                    let error = ServerError::new("the token has ended: begin anew with another", None);
                    let request_id = self.log.request_id();
                    let answer = Answer::refused(Code::Unauthenticated, error, request_id);
                    if !self.send(&answer).await {
                        return;
                    }
                    break;
                }
                answer = self.answers.next() => match answer {
                    Some(answer) => if !self.send(&answer).await {
                        return;
                    },
                    None => {
                        self.log.end(Ended::Itself);
                        break;
                    }
                },
            }
        }
        // Whoever went away needs no end.
        let _ = self
            .deliver(Event::default().event("complete").data(""))
            .await;
    }

    /// Whether there is somebody to send more to.
    async fn send(&mut self, answer: &Answer) -> bool {
        self.log.count(answer);
        match Event::default().event("next").json_data(answer) {
            Ok(event) => self.deliver(event).await,
            Err(_) => false,
        }
    }

    async fn deliver(&mut self, event: Event) -> bool {
        let patience = self.gateway.settings.streams.send_timeout;
        match timeout(patience, self.sender.send(event)).await {
            Ok(sent) => sent.is_ok(),
            Err(_) => {
                self.log.end(Ended::Unread);
                false
            }
        }
    }
}

/// Whether a client takes events; one that says nothing takes them.
fn takes_events(headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).iter().peekable();
    accepted.peek().is_none()
        || accepted
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|range| range.split(';').next())
            .any(|name| matches!(name.trim(), "text/event-stream" | "text/*" | "*/*"))
}
