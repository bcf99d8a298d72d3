use std::env;
use std::fmt;
use std::time::SystemTime;

use axum::http::HeaderMap;
use opentelemetry::propagation::{Extractor, TextMapPropagator};
use opentelemetry::trace::{Span, SpanKind, Status, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use super::Traced;
use crate::graphql::Code;

/// The way to a collector of traces. Cheap to clone.
#[derive(Clone, Default)]
pub struct Traces(Option<Exported>);

#[derive(Clone)]
struct Exported {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

/// The beginning of a request: when, and of which trace.
pub(crate) struct Began(Option<(SystemTime, Context)>);

impl fmt::Debug for Traces {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.0.is_some() { "on" } else { "off" };
        formatter.debug_tuple("Traces").field(&state).finish()
    }
}

impl Traces {
    /// What the `OTEL_*` variables ask for: nothing, unless one of them names a collector.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn from_environment() -> Result<Self, String> {
        let value = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let collector = value("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
            .or_else(|| value("OTEL_EXPORTER_OTLP_ENDPOINT"));
        let off = value("OTEL_SDK_DISABLED").is_some_and(|off| off.eq_ignore_ascii_case("true"))
            || value("OTEL_TRACES_EXPORTER").is_some_and(|exporter| exporter == "none");
        if collector.is_none() || off {
            return Ok(Self::default());
        }
        // The exporter's client takes whichever there is. An error means that there is a provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let exporter = SpanExporter::builder()
            .with_http()
            .build()
            .map_err(|error| format!("cannot export traces as OTEL_* say: {error}"))?;
        let mut resource = Resource::builder_empty()
            .with_service_name("gateway")
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_detector(Box::new(TelemetryResourceDetector))
            .with_detector(Box::new(EnvResourceDetector::new()));
        if let Some(name) = value("OTEL_SERVICE_NAME") {
            resource = resource.with_service_name(name);
        }
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource.build())
            .build();
        let tracer = provider.tracer("pg_authn gateway");
        Ok(Self(Some(Exported { provider, tracer })))
    }

    /// Sends what is still to be sent. It waits for the collector, so not in the runtime.
    pub fn shut_down(&self) {
        if let Some(Exported { provider, .. }) = &self.0
            && let Err(error) = provider.shutdown()
        {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }

    pub(crate) fn begin(&self, headers: &HeaderMap) -> Began {
        Began(self.0.as_ref().map(|_| {
            let parent = TraceContextPropagator::new().extract(&Headers(headers));
            (SystemTime::now(), parent)
        }))
    }

    /// Tells of a request that was answered.
    pub(crate) fn end(&self, began: &Began, traced: &Traced<'_>) {
        let (Some(exported), Some((at, parent))) = (&self.0, &began.0) else {
            return;
        };
        let kind = traced.kind.map(|kind| kind.to_string());
        // A name that a client made up would be a group of its own.
        let name = match (&kind, traced.operation) {
            (Some(kind), Some(name)) if traced.trusted == Some(true) => format!("{kind} {name}"),
            (Some(kind), _) => kind.clone(),
            (None, _) => "GraphQL request".to_owned(),
        };
        let attributes = [
            Some(KeyValue::new(
                "authn.request_id",
                traced.request_id.to_string(),
            )),
            Some(KeyValue::new(
                "http.response.status_code",
                i64::from(traced.status.as_u16()),
            )),
            kind.map(|kind| KeyValue::new("graphql.operation.type", kind)),
            traced
                .operation
                .map(|name| KeyValue::new("graphql.operation.name", name.to_owned())),
            traced
                .trusted
                .map(|trusted| KeyValue::new("authn.trusted", trusted)),
            traced.role.map(|role| KeyValue::new("authn.role", role)),
            traced
                .tenant
                .map(|tenant| KeyValue::new("authn.tenant", tenant.to_string())),
            traced.transactions.map(|count| {
                KeyValue::new(
                    "authn.transactions",
                    i64::try_from(count).unwrap_or(i64::MAX),
                )
            }),
            traced
                .database
                .map(|time| KeyValue::new("authn.database_ms", time.as_secs_f64() * 1000.0)),
            traced
                .code
                .map(|code| KeyValue::new("error.type", code.to_owned())),
        ];
        let mut span = exported
            .tracer
            .span_builder(name)
            .with_kind(SpanKind::Server)
            .with_start_time(*at)
            .with_attributes(attributes.into_iter().flatten())
            .start_with_context(&exported.tracer, parent);
        if let Some(code) = traced.code
            && is_ours(code)
        {
            span.set_status(Status::error(code.to_owned()));
        }
        span.end();
    }
}

/// Whether an error is the server's fault and not the caller's.
fn is_ours(code: &str) -> bool {
    [Code::Internal, Code::Timeout, Code::ServiceUnavailable]
        .iter()
        .any(|ours| ours.as_str() == code)
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}
