//! What the portal is told, and what its page may do: both follow from the same settings.

use axum::http::HeaderValue;
use clap::Args;
use serde::Serialize;
use url::Url;

use crate::http::origin;

/// How people sign in to the portal, and which pages may show it.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Portal")]
pub struct PortalArgs {
    /// Issuer that people sign in to the portal with, by OpenID Connect (authorization code with PKCE), such
    /// as `https://login.example`. Its access tokens must be ones that this gateway takes. Without it: a token
    /// in the portal's address after `#token=`, or one from an embedding page
    #[arg(long, env = "OIDC_ISSUER", value_name = "URL", value_parser = issuer)]
    pub oidc_issuer: Option<Url>,

    /// Client id of the portal at that issuer: a public client, whose redirect address is `/signed-in` here
    #[arg(long, env = "OIDC_CLIENT_ID", value_name = "ID")]
    pub oidc_client_id: Option<String>,

    /// Scopes that the portal asks that issuer for
    #[arg(
        long,
        env = "OIDC_SCOPE",
        value_name = "SCOPES",
        default_value = "openid"
    )]
    pub oidc_scope: String,

    /// Origins whose pages may show the portal in a frame and hand it a token, separated by commas, such as
    /// `https://admin.example`
    #[arg(long, env = "PORTAL_EMBEDDERS", value_name = "ORIGINS", value_delimiter = ',', value_parser = origin)]
    pub portal_embedders: Vec<HeaderValue>,
}

/// The same, as it is used.
#[derive(Clone, Debug, Default)]
pub struct PortalSettings {
    sign_in: Option<SignIn>,
    issuer_origin: Option<String>,
    embedders: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SignIn {
    issuer: String,
    client_id: String,
    scope: String,
}

/// What the page reads at `/portal.json`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told<'a> {
    sign_in: &'a Option<SignIn>,
    embedders: &'a [String],
}

impl PortalSettings {
    pub(super) fn told(&self) -> Told<'_> {
        Told {
            sign_in: &self.sign_in,
            embedders: &self.embedders,
        }
    }

    /// The origin of the issuer, which the page must reach.
    pub(crate) fn issuer_origin(&self) -> Option<&str> {
        self.issuer_origin.as_deref()
    }

    /// The origins that may show the page in a frame.
    pub(crate) fn embedders(&self) -> &[String] {
        &self.embedders
    }
}

impl TryFrom<&PortalArgs> for PortalSettings {
    type Error = &'static str;

    fn try_from(args: &PortalArgs) -> Result<Self, Self::Error> {
        let sign_in = match (&args.oidc_issuer, &args.oidc_client_id) {
            (Some(issuer), Some(client_id)) => Some(SignIn {
                issuer: issuer.as_str().into(),
                client_id: client_id.clone(),
                scope: args.oidc_scope.clone(),
            }),
            (None, None) => None,
            _ => return Err("OIDC_ISSUER and OIDC_CLIENT_ID belong together: set both or neither"),
        };
        Ok(Self {
            sign_in,
            issuer_origin: args
                .oidc_issuer
                .as_ref()
                .map(|issuer| issuer.origin().ascii_serialization()),
            embedders: args
                .portal_embedders
                .iter()
                .filter_map(|origin| Some(origin.to_str().ok()?.to_owned()))
                .collect(),
        })
    }
}

fn issuer(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| error.to_string())?;
    let plain = url.query().is_none() && url.fragment().is_none();
    if !matches!(url.scheme(), "http" | "https") || !plain {
        return Err(
            "an issuer is an address without a query, as in https://login.example/realm".into(),
        );
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_address() {
        for good in ["https://login.example", "http://127.0.0.1:9/realms/x"] {
            assert!(issuer(good).is_ok(), "{good}");
        }
        for bad in [
            "login.example",
            "file:///x",
            "https://a.example?b",
            "https://a.example#b",
        ] {
            assert!(issuer(bad).is_err(), "{bad}");
        }
    }
}
