//! Public keys that the issuer publishes at a URL. They are fetched when a token names one that is not
//! known, and every so often, so that a withdrawn key ends too; never oftener than the issuer bears.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use tokio::sync::Mutex;

use super::{JwksError, KeySet};

/// The longest key set that is read; that of a large issuer has some ten kilobytes.
const MAX_KEY_SET: usize = 256 * 1024;

/// Where the keys are, and how often they are asked for.
#[derive(Clone, Debug)]
pub struct RemoteKeysSettings {
    /// The address of the key set.
    pub url: String,
    /// Whether the address may be one without TLS on another machine.
    pub allow_http: bool,
    /// How long one fetch may take.
    pub timeout: Duration,
    /// The shortest time between two fetches, whatever tokens name.
    pub min_interval: Duration,
    /// The age at which keys that are known are fetched anew.
    pub max_age: Duration,
}

/// Why a URL cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RemoteUrlError {
    /// Not a URL.
    #[error("it is no URL: {0}")]
    Malformed(#[from] url::ParseError),
    /// Whoever is on the way could put keys of their own in.
    #[error("it is not https, and not on this machine")]
    Unprotected,
    /// The HTTP client cannot be made.
    #[error("{0}")]
    Client(#[from] reqwest::Error),
}

/// Why a fetch brought no keys. The last ones stay.
#[derive(Debug, thiserror::Error)]
enum FetchError {
    #[error("{0}")]
    Http(#[from] reqwest::Error),
    #[error("it is longer than {MAX_KEY_SET} bytes")]
    TooLarge,
    #[error("{0}")]
    Jwks(#[from] JwksError),
}

/// The keys at a URL. Cheap to clone.
#[derive(Clone)]
pub struct RemoteKeys(Arc<Inner>);

struct Inner {
    client: Client,
    url: Url,
    min_interval: Duration,
    max_age: Duration,
    fetched: RwLock<Fetched>,
    /// When a fetch began last. Held during a fetch: whoever needs the same keys waits for it.
    began: Mutex<Option<Instant>>,
}

#[derive(Clone, Default)]
struct Fetched {
    keys: Arc<KeySet>,
    at: Option<Instant>,
}

impl RemoteKeys {
    /// Prepares; fetches nothing yet.
    pub fn new(settings: &RemoteKeysSettings) -> Result<Self, RemoteUrlError> {
        let url = Url::parse(&settings.url)?;
        let local = is_loopback(&url);
        if url.scheme() != "https" && !(url.scheme() == "http" && (local || settings.allow_http)) {
            return Err(RemoteUrlError::Unprotected);
        }
        // An error means that there is a provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(settings.timeout)
            // A redirect could lead to where nobody checked the address.
            .redirect(Policy::none())
            .user_agent("pg_authn gateway");
        let client = if local { client.no_proxy() } else { client };
        Ok(Self(Arc::new(Inner {
            client: client.build()?,
            url,
            min_interval: settings.min_interval,
            max_age: settings.max_age,
            fetched: RwLock::default(),
            began: Mutex::new(None),
        })))
    }

    /// The key of this name, fetched where it is not known yet.
    pub(super) async fn find(&self, kid: &str) -> Option<(Algorithm, DecodingKey)> {
        let fetched = self.0.fetched();
        if let Some(key) = fetched.keys.find(kid) {
            if fetched.at.is_none_or(|at| at.elapsed() >= self.0.max_age) {
                // The key is good for this request; nobody waits.
                drop(self.refresh());
            }
            return Some(key);
        }
        // A task that panicked fetched nothing.
        let _ = self.refresh().await;
        self.0.fetched().keys.find(kid)
    }

    /// Fetches the keys, unless that was done a moment ago. In a task of its own, which a client that
    /// goes away cannot stop: its attempt would be used up with nothing fetched.
    pub fn refresh(&self) -> tokio::task::JoinHandle<()> {
        let inner = Arc::clone(&self.0);
        tokio::spawn(async move {
            let mut began = inner.began.lock().await;
            if began.is_some_and(|at| at.elapsed() < inner.min_interval) {
                return;
            }
            *began = Some(Instant::now());
            match inner.fetch().await {
                Ok(keys) => inner.keep(keys),
                Err(error) => {
                    tracing::warn!(%error, "the key set was not fetched; the last one stays");
                }
            }
        })
    }

    /// Whether keys were fetched at all.
    pub(super) fn are_there(&self) -> bool {
        !self.0.fetched().keys.is_empty()
    }
}

impl Inner {
    fn fetched(&self) -> Fetched {
        self.fetched
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn keep(&self, keys: KeySet) {
        let mut fetched = self.fetched.write().unwrap_or_else(PoisonError::into_inner);
        *fetched = Fetched {
            keys: Arc::new(keys),
            at: Some(Instant::now()),
        };
    }

    async fn fetch(&self) -> Result<KeySet, FetchError> {
        let request = self.client.get(self.url.clone());
        let mut response = request.send().await?.error_for_status()?;
        let mut json = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if json.len() + chunk.len() > MAX_KEY_SET {
                return Err(FetchError::TooLarge);
            }
            json.extend_from_slice(&chunk);
        }
        Ok(KeySet::parse(&json)?)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(url::Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
