//! Load: as much as is answered, or so much and no more.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use crate::people::user;
use crate::subject::{Failure, Subject};

/// How much load.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// Clients that ask at once, each from a thread and over a connection of its own.
    pub(crate) clients: u32,
    pub(crate) seconds: Duration,
    /// Requests per second of all together.
    pub(crate) rate: Option<f64>,
}

/// What came of it: the times of all answers in order.
pub(crate) struct Outcome {
    times: Vec<Duration>,
    took: Duration,
}

impl Load {
    pub(crate) fn put_on(self, subject: &Subject) -> Result<Outcome, Failure> {
        let began = Instant::now();
        let times = thread::scope(|scope| {
            let clients: Vec<_> = (0..self.clients)
                .map(|client| scope.spawn(move || self.ask(subject, client, began)))
                .collect();
            let mut times = Vec::new();
            for client in clients {
                times.extend(client.join().map_err(|_| "a client came to an end")??);
            }
            times.sort_unstable();
            Ok::<_, Failure>(times)
        });
        Ok(Outcome {
            times: times?,
            took: began.elapsed(),
        })
    }

    /// Where there is a rate, each request has its instant, and its time begins there, whether or not this
    /// client could send it then: what is late because of others that were slow counts as slow.
    fn ask(self, subject: &Subject, client: u32, began: Instant) -> Result<Vec<Duration>, Failure> {
        let agent = subject.agent();
        let mut times = Vec::new();
        for turn in 0.. {
            let number = turn * u64::from(self.clients) + u64::from(client);
            let due = match self.rate {
                Some(rate) => began + Duration::from_secs_f64(number as f64 / rate),
                None => Instant::now(),
            };
            if due.duration_since(began) >= self.seconds {
                break;
            }
            thread::sleep(due.saturating_duration_since(Instant::now()));
            subject.ask(&agent, &user(number))?;
            times.push(due.elapsed());
        }
        Ok(times)
    }
}

impl Outcome {
    fn milliseconds(&self, part: f64) -> f64 {
        let place = (self.times.len() as f64 * part) as usize;
        let time = self.times.get(place).or(self.times.last());
        time.map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.times.len();
        write!(
            formatter,
            "{:.1} {:.3} {:.3} {count}",
            count as f64 / self.took.as_secs_f64(),
            self.milliseconds(0.5),
            self.milliseconds(0.99),
        )
    }
}
