//! `/graphql`: GraphQL over HTTP, by a handler of our own (the library's answers everything with 200 and
//! executes mutations that any page on the web can send).

use std::net::SocketAddr;
use std::sync::Arc;

use async_graphql::parser::types::OperationType;
use async_graphql::{Request, ServerError, Variables};
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderName, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use tokio::time::timeout;
use uuid::Uuid;

use super::accept::MediaType;
use super::account::Account;
use super::request::{Malformed, Params};
use super::{Gateway, bearer};
use crate::db::Caller;
use crate::graphql::{Answer, Code, DocumentError, Operation, Session};
use crate::metrics::Refusal;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers a request.
pub(super) async fn handle(
    State(gateway): State<Arc<Gateway>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: axum::extract::Request,
) -> Response {
    let mut account = Account::open(&gateway, request.headers());
    let reply = reply(&gateway, peer, request, &mut account).await;
    account.close(&gateway, reply.status, &reply.answer, reply.refusal);
    reply.into_response(account.request_id)
}

/// An answer with the HTTP around it.
pub(super) struct Reply {
    media_type: MediaType,
    pub(super) status: StatusCode,
    pub(super) answer: Answer,
    /// Why it was not executed.
    pub(super) refusal: Option<Refusal>,
    /// What a status obliges to say.
    header: Option<(HeaderName, &'static str)>,
}

impl Reply {
    pub(super) fn into_response(self, request_id: Uuid) -> Response {
        let body = match serde_json::to_vec(&self.answer) {
            Ok(body) => body,
            Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        let mut response = (self.status, Body::from(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, self.media_type.content_type());
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(request_id) = HeaderValue::from_str(&request_id.to_string()) {
            headers.insert(REQUEST_ID, request_id);
        }
        if let Some((name, value)) = self.header {
            headers.insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

async fn reply(
    gateway: &Gateway,
    peer: SocketAddr,
    request: axum::extract::Request,
    account: &mut Account,
) -> Reply {
    let (parts, body) = request.into_parts();
    let (method, headers) = (&parts.method, &parts.headers);
    let Some(media_type) = MediaType::preferred(headers) else {
        let message = "this answers application/graphql-response+json or application/json";
        return refusal(
            account,
            MediaType::Json,
            Refusal::Accept,
            StatusCode::NOT_ACCEPTABLE,
            Code::BadUserInput,
            message,
        );
    };
    let refused = |account: &Account, reason, status, code, message: &str| {
        refusal(account, media_type, reason, status, code, message)
    };

    if method != Method::GET && method != Method::POST {
        let reply = refused(
            account,
            Refusal::Method,
            StatusCode::METHOD_NOT_ALLOWED,
            Code::BadUserInput,
            "send a POST, or a GET for a query",
        );
        return with_header(reply, ALLOW, "GET, POST");
    }
    let caller = match authenticate(gateway, headers, peer, account.request_id).await {
        Ok(caller) => caller.map(Arc::new),
        Err(challenge) => return unauthenticated(account, media_type, challenge),
    };
    account.caller.clone_from(&caller);

    let read = Params::read(method, &parts.uri, headers, body);
    let params = match timeout(gateway.settings.request_timeout, read).await {
        Ok(Ok(params)) => params,
        Ok(Err(Malformed { status, message })) => {
            return refused(account, Refusal::Body, status, Code::BadUserInput, message);
        }
        Err(_) => {
            return refused(
                account,
                Refusal::SlowBody,
                StatusCode::REQUEST_TIMEOUT,
                Code::Timeout,
                "the body did not arrive in time",
            );
        }
    };
    // After the body, whose sender may take his time, and before anything that costs ours.
    let Ok(_permit) = gateway.permits.try_acquire() else {
        let reply = refused(
            account,
            Refusal::Busy,
            StatusCode::SERVICE_UNAVAILABLE,
            Code::ServiceUnavailable,
            "too many requests are at work; try again later",
        );
        return with_header(reply, RETRY_AFTER, "1");
    };
    let role = caller.as_ref().map(|caller| caller.claims.role);
    let name = params.operation_name.as_deref();
    let operation = match gateway.documents.find(&params.document, name, role) {
        Ok(operation) => operation,
        Err(DocumentError::Unauthenticated) => {
            return unauthenticated(account, media_type, "Bearer");
        }
        Err(error) => {
            let refusal = Some(error.refusal());
            let (code, error) = error.explain();
            let reply = answered(media_type, Answer::refused(code, error, account.request_id));
            return Reply { refusal, ..reply };
        }
    };
    account.operation.clone_from(&operation.name);
    account.kind = Some(operation.kind);
    account.trusted = Some(operation.trusted);
    if operation.kind == OperationType::Subscription {
        let message = "a subscription is sent to /graphql/stream, or over a WebSocket";
        let error = ServerError::new(message, None);
        let answer = Answer::refused(Code::BadUserInput, error, account.request_id);
        return answered(media_type, answer);
    }
    if method == Method::GET && operation.kind != OperationType::Query {
        let reply = refused(
            account,
            Refusal::Method,
            StatusCode::METHOD_NOT_ALLOWED,
            Code::BadUserInput,
            "a GET can only query: send a POST",
        );
        return with_header(reply, ALLOW, "POST");
    }

    let root_fields = Arc::clone(&operation.root_fields);
    let request = executable(gateway, caller, operation, params.variables);
    let execution = gateway.schema.execute(request);
    match timeout(gateway.settings.request_timeout, execution).await {
        Ok(response) => answered(
            media_type,
            Answer::new(response, &root_fields, account.request_id),
        ),
        Err(_) => {
            let message = "it took too long; a mutation may have taken effect all the same";
            Reply {
                status: StatusCode::GATEWAY_TIMEOUT,
                ..answered(
                    media_type,
                    Answer::refused(
                        Code::Timeout,
                        ServerError::new(message, None),
                        account.request_id,
                    ),
                )
            }
        }
    }
}

/// The caller, `None` where no token was sent, or the challenge to answer with. Why a token is refused is
/// nobody's business but ours.
pub(super) async fn authenticate(
    gateway: &Gateway,
    headers: &HeaderMap,
    peer: SocketAddr,
    request_id: Uuid,
) -> Result<Option<Caller>, &'static str> {
    let ip = gateway.settings.proxies.client(peer.ip(), headers);
    match bearer::caller(&gateway.verifier, headers, ip, request_id).await {
        Ok(caller) => Ok(Some(caller)),
        Err(None) => Ok(None),
        Err(Some(reason)) => {
            tracing::debug!(%request_id, %reason, "token refused");
            Err("Bearer error=\"invalid_token\"")
        }
    }
}

pub(super) fn unauthenticated(
    account: &Account,
    media_type: MediaType,
    challenge: &'static str,
) -> Reply {
    let reply = refusal(
        account,
        media_type,
        Refusal::Token,
        StatusCode::UNAUTHORIZED,
        Code::Unauthenticated,
        "a valid bearer token is required",
    );
    with_header(reply, WWW_AUTHENTICATE, challenge)
}

pub(super) fn executable(
    gateway: &Gateway,
    caller: Option<Arc<Caller>>,
    operation: Operation,
    variables: Map<String, Value>,
) -> Request {
    let request = operation
        .into_request()
        .variables(Variables::from_json(variables.into()));
    match caller {
        Some(caller) => request.data(gateway.live.clone()).data(Session {
            database: gateway.database.clone(),
            caller,
        }),
        None => request.disable_introspection(),
    }
}

/// What GraphQL answered, with the status that the form of the answer asks for.
fn answered(media_type: MediaType, answer: Answer) -> Reply {
    Reply {
        status: media_type.status(&answer),
        media_type,
        answer,
        refusal: None,
        header: None,
    }
}

pub(super) fn refusal(
    account: &Account,
    media_type: MediaType,
    reason: Refusal,
    status: StatusCode,
    code: Code,
    message: &str,
) -> Reply {
    Reply {
        media_type,
        status,
        answer: Answer::refused(code, ServerError::new(message, None), account.request_id),
        refusal: Some(reason),
        header: None,
    }
}

pub(super) fn with_header(reply: Reply, name: HeaderName, value: &'static str) -> Reply {
    Reply {
        header: Some((name, value)),
        ..reply
    }
}
