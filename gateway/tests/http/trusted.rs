//! Trusted documents: a gateway that executes no others.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use gateway::auth::Role;
use gateway::graphql::{DocumentId, DocumentSettings, Executed};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::support::{app_executing, code, post, query, token, token_of};

/// Executes what is trusted, and what an administrator sends.
async fn trusting(request: Request<Body>) -> (StatusCode, Value) {
    let documents = DocumentSettings {
        executed: Executed::Trusted,
        ad_hoc_roles: vec![Role::Admin],
        ..DocumentSettings::default()
    };
    let app = app_executing(&documents, 256, Vec::new()).await;
    let response = app.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    (parts.status, serde_json::from_slice(&bytes).unwrap())
}

/// A query that the gateway brings along.
fn trusted_document() -> String {
    let manifest: Value =
        serde_json::from_str(include_str!("../../documents/documentation.json")).unwrap();
    let documents = manifest.as_object().unwrap();
    let mut texts = documents.values().filter_map(Value::as_str);
    texts.find(|text| text.starts_with("query")).unwrap().into()
}

#[tokio::test]
async fn only_trusted_documents_are_executed_unless_the_role_may_send_its_own() {
    let document = trusted_document();
    let id = DocumentId::of(&document).to_string();
    let other = DocumentId::of("{ apps { uuid } }").to_string();
    for (body, expected) in [
        // It is executed: this database does not answer.
        (json!({ "documentId": id }), "SERVICE_UNAVAILABLE"),
        (json!({ "query": document }), "SERVICE_UNAVAILABLE"),
        (
            json!({ "query": document, "documentId": id }),
            "SERVICE_UNAVAILABLE",
        ),
        (
            json!({ "documentId": id, "operationName": "Another" }),
            "BAD_USER_INPUT",
        ),
        (
            json!({ "query": "{ apps { uuid } }", "documentId": id }),
            "BAD_USER_INPUT",
        ),
        (json!({ "documentId": other }), "PERSISTED_QUERY_NOT_FOUND"),
        (
            json!({ "query": "{ apps { uuid } }" }),
            "OPERATION_NOT_ALLOWED",
        ),
        (
            json!({ "query": "{ apps { uuid } }", "documentId": other }),
            "OPERATION_NOT_ALLOWED",
        ),
        (
            json!({ "query": "{ __schema { types { name } } }" }),
            "OPERATION_NOT_ALLOWED",
        ),
        (json!({ "query": "{ __typename }" }), ""),
    ] {
        let (_, answer) = trusting(post(body.to_string())).await;
        assert_eq!(code(&answer), expected, "{body}: {answer}");
    }
    let mut request = query("{ apps { uuid } }");
    let token = format!("Bearer {}", token_of("admin"));
    request
        .headers_mut()
        .insert("authorization", token.parse().unwrap());
    let (_, answer) = trusting(request).await;
    assert_eq!(code(&answer), "SERVICE_UNAVAILABLE", "{answer}");
}

#[tokio::test]
async fn a_get_may_name_a_trusted_document() {
    let id = DocumentId::of(&trusted_document());
    let request = Request::get(format!("/graphql?documentId={id}"))
        .header("authorization", format!("Bearer {}", token()))
        .body(Body::empty())
        .unwrap();
    let (_, answer) = trusting(request).await;
    assert_eq!(code(&answer), "SERVICE_UNAVAILABLE", "{answer}");
}

#[tokio::test]
async fn without_a_token_nothing_is_said_about_trusted_documents() {
    let mut answers = Vec::new();
    for document in [trusted_document(), "{ apps { uuid } }".into()] {
        let id = DocumentId::of(&document).to_string();
        for body in [json!({ "documentId": id }), json!({ "query": document })] {
            let mut request = post(body.to_string());
            request.headers_mut().remove("authorization");
            let (status, mut answer) = trusting(request).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
            answer["errors"][0]["extensions"]["requestId"].take();
            answers.push(answer);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
}
