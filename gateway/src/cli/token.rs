//! `gateway token`: what an identity provider does in production, with the shared secret.

use std::time::Duration;

use chrono::Utc;
use clap::Args;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use uuid::Uuid;

use super::{Failure, secret};
use crate::auth::{Claims, RawClaims, Role};
use crate::config::{TokenArgs, duration};

#[derive(Debug, Args)]
pub(super) struct TokenCommand {
    /// Tenant that the token confines its bearer to
    #[arg(long)]
    tenant: Uuid,

    /// What the bearer may do
    #[arg(long)]
    role: Role,

    /// Who acts, as the audit trail records it
    #[arg(long, default_value = "developer")]
    subject: String,

    /// Apps that a support role is confined to, separated by commas; every app when left out
    #[arg(long, value_delimiter = ',')]
    apps: Option<Vec<Uuid>>,

    /// How long the token is good for
    #[arg(long, default_value = "8h", value_parser = duration)]
    ttl: Duration,

    #[command(flatten)]
    tokens: TokenArgs,
}

pub(super) fn run(args: &TokenCommand) -> Result<(), Failure> {
    let secret = secret::read(&args.tokens)?.ok_or_else(|| {
        Failure::new("there is no secret to sign with: set JWT_SECRET or JWT_SECRET_FILE")
    })?;
    println!("{}", sign(args, &secret)?);
    Ok(())
}

fn sign(args: &TokenCommand, secret: &[u8]) -> Result<String, Failure> {
    let now = Utc::now().timestamp().unsigned_abs();
    let claims = RawClaims {
        iss: Some(args.tokens.jwt_issuer.clone()),
        aud: Some(args.tokens.jwt_audience.clone().into()),
        sub: args.subject.clone(),
        exp: now.saturating_add(args.ttl.as_secs()),
        nbf: Some(now),
        tenant: args.tenant,
        role: args.role.claim().into(),
        apps: args.apps.clone(),
    };
    let token = encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(secret),
    )
    .map_err(|error| Failure::new(format!("cannot sign: {error}")))?;
    // What `serve` would refuse is not worth printing.
    Claims::try_from(claims).map_err(|reason| Failure::new(format!("no token: {reason}")))?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::auth::{KeySet, Keys, Verifier, VerifierSettings};

    const SECRET: &[u8] = b"an hmac secret of more than 32 bytes";

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        command: TokenCommand,
    }

    fn signed(line: &[&str]) -> Result<String, Failure> {
        let tenant = ["token", "--tenant", "00000000-0000-0000-0000-000000000001"];
        let line = Line::try_parse_from(tenant.iter().chain(line)).expect("the arguments parse");
        sign(&line.command, SECRET)
    }

    #[tokio::test]
    async fn what_is_signed_here_is_believed_by_serve() {
        let settings = VerifierSettings {
            issuer: "pg_authn".into(),
            audience: "pg_authn".into(),
            leeway: 0,
        };
        let verifier = Verifier::new(settings, Some(SECRET), Keys::Fixed(KeySet::default()));
        let app = Uuid::from_u128(7);
        let token = signed(&[
            "--role",
            "support",
            "--subject",
            "ada",
            "--apps",
            &app.to_string(),
        ])
        .unwrap();
        let claims = verifier.verify(&token).await.unwrap();
        assert_eq!(claims.subject, "ada");
        assert_eq!(claims.role, Role::Support);
        assert_eq!(claims.apps, Some(vec![app]));
    }

    #[test]
    fn what_serve_would_refuse_is_not_signed() {
        let app = Uuid::from_u128(7).to_string();
        assert!(signed(&["--role", "admin", "--apps", &app]).is_err());
        assert!(signed(&["--role", "admin", "--subject", ""]).is_err());
    }
}
