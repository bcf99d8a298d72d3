//! `/graphql` as a WebSocket: the subprotocol
//! [graphql-transport-ws](https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md), with the token in
//! the payload of `connection_init`.

mod close;
mod connection;
mod message;
mod origin;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;

use super::accept::MediaType;
use super::account::Account;
use super::graphql::{self, refusal, with_header};
use super::{Gateway, bearer};
use crate::graphql::Code;
use crate::metrics::Refusal;
use connection::{Connection, Peer};

const PROTOCOL: &str = "graphql-transport-ws";

/// The longest message: as long as a body.
const MAX_MESSAGE: usize = 64 * 1024;

/// How much may wait to be written before the connection counts as broken.
const MAX_UNWRITTEN: usize = 4 * 1024 * 1024;

/// A WebSocket where one is asked for, else HTTP.
pub(super) async fn or_http(
    state: State<Arc<Gateway>>,
    connect_info: ConnectInfo<SocketAddr>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: axum::extract::Request,
) -> Response {
    match upgrade {
        Ok(upgrade) => accept(&state, connect_info.0, upgrade, &request),
        Err(_) => graphql::handle(state, connect_info, request).await,
    }
}

fn accept(
    gateway: &Arc<Gateway>,
    address: SocketAddr,
    upgrade: WebSocketUpgrade,
    request: &axum::extract::Request,
) -> Response {
    let headers = request.headers();
    let account = Account::open(gateway, headers);
    let refused = |reason, status, code, message: &str| {
        refusal(&account, MediaType::Json, reason, status, code, message)
    };
    let reply = if !origin::is_allowed(headers, &gateway.settings.cors_origins) {
        let message = "pages of this origin may not connect: see CORS_ORIGINS";
        refused(
            Refusal::Origin,
            StatusCode::FORBIDDEN,
            Code::Forbidden,
            message,
        )
    } else if let Some(permit) = gateway.admit_stream() {
        let peer = Peer {
            ip: gateway.settings.proxies.client(address.ip(), headers),
            user_agent: bearer::user_agent(headers),
        };
        let gateway = Arc::clone(gateway);
        return upgrade
            .protocols([PROTOCOL])
            .max_message_size(MAX_MESSAGE)
            .max_frame_size(MAX_MESSAGE)
            .max_write_buffer_size(MAX_UNWRITTEN)
            .on_upgrade(|socket| async move {
                Connection::serve(gateway, socket, peer).await;
                drop(permit);
            });
    } else {
        let message = "too many streams are open; try again later";
        let status = StatusCode::SERVICE_UNAVAILABLE;
        let reply = refused(Refusal::Busy, status, Code::ServiceUnavailable, message);
        with_header(reply, RETRY_AFTER, "1")
    };
    account.close(gateway, reply.status, &reply.answer, reply.refusal);
    reply.into_response(account.request_id)
}
