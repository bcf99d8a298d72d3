//! How long-lived answers are given: settings of `gateway serve`.

use std::time::Duration;

use clap::Args;

use crate::config::duration;

/// What stands between a client and us may cut off what is silent for longer.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);

/// Bounds on streams and WebSockets.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Streams")]
pub struct StreamSettings {
    /// Streams (Server-Sent Events) and WebSockets that may be open at once; further ones are told
    /// SERVICE_UNAVAILABLE
    #[arg(long, env = "MAX_STREAMS", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_streams: u16,

    /// Operations that may run at once over one WebSocket; further ones are told RATE_LIMITED
    #[arg(long, env = "MAX_SUBSCRIPTIONS", default_value_t = 20, value_parser = clap::value_parser!(u16).range(1..))]
    pub max_subscriptions: u16,

    /// How long a WebSocket may be open before its `connection_init` has come, with the token
    #[arg(long, env = "CONNECTION_INIT_TIMEOUT", default_value = "5s", value_parser = duration)]
    pub connection_init_timeout: Duration,

    /// How often something is sent where there is nothing to tell; at most 15s, so that no proxy takes a stream
    /// for dead
    #[arg(long, env = "KEEP_ALIVE", default_value = "12s", value_parser = keep_alive)]
    pub keep_alive: Duration,

    /// How long a client may leave unread what it is sent before it is cut off. It goes on with its cursor
    #[arg(long, env = "SEND_TIMEOUT", default_value = "30s", value_parser = duration)]
    pub send_timeout: Duration,
}

fn keep_alive(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        silence if silence > LONGEST_SILENCE => Err("at most 15s".into()),
        silence => Ok(silence),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_silence_is_long() {
        assert_eq!(keep_alive("15s"), Ok(LONGEST_SILENCE));
        assert!(keep_alive("16s").is_err());
        assert!(keep_alive("0s").is_err());
    }
}
