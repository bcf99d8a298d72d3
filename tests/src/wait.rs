//! Waiting for a condition.

use std::time::{Duration, Instant};

/// Asks until there is an answer.
///
/// # Panics
/// If there is none within two minutes.
pub async fn until<T, F>(condition: &str, mut ask: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "two minutes and not yet: {condition}"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
