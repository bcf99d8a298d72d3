//! A gateway over a database, on a port of its own.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use ureq::Body;
use ureq::http::Response;
use uuid::Uuid;

use crate::database::Database;
use crate::environment::gateway_binary;

/// The secret that the tests' tokens are signed with.
pub const SECRET: &str = "a secret of the tests that is long enough to sign with";

/// A running gateway, which ends with this value.
pub struct Gateway {
    process: Child,
    address: String,
    log: PathBuf,
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The body, null where it is not JSON.
    pub body: Value,
    /// The id of the request, as the answer's header names it.
    pub request_id: String,
}

impl Answer {
    fn of(mut response: Response<Body>) -> Answer {
        let request_id = response.headers().get("x-request-id");
        Answer {
            status: response.status().as_u16(),
            request_id: request_id
                .and_then(|id| id.to_str().ok())
                .unwrap_or_default()
                .to_owned(),
            body: response.body_mut().read_json().unwrap_or(Value::Null),
        }
    }
}

impl Gateway {
    /// Starts a gateway over the database and waits until it is ready.
    ///
    /// # Panics
    /// If it is not ready within 30 seconds.
    #[must_use]
    pub fn over(database: &Database) -> Gateway {
        Gateway::with(database, &[])
    }

    /// Starts a gateway with settings of its own.
    ///
    /// # Panics
    /// If it is not ready within 30 seconds.
    #[must_use]
    pub fn with(database: &Database, settings: &[(&str, &str)]) -> Gateway {
        Gateway::at(&database.gateway_url(), settings)
    }

    /// Starts a gateway over the database of a connection string.
    ///
    /// # Panics
    /// If it is not ready within 30 seconds.
    #[must_use]
    pub fn at(database_url: &str, settings: &[(&str, &str)]) -> Gateway {
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .expect("a free port")
            .port();
        let address = format!("127.0.0.1:{port}");
        let log = std::env::temp_dir().join(format!("gateway-{}.log", Uuid::new_v4()));
        let process = Command::new(gateway_binary())
            .arg("serve")
            .env("DATABASE_URL", database_url)
            .env("LISTEN", &address)
            .env("JWT_SECRET", SECRET)
            .envs(settings.iter().copied())
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("a file for the log"))
            .spawn()
            .expect("the gateway starts");
        let gateway = Gateway {
            process,
            address,
            log,
        };
        gateway.wait_until_ready();
        gateway
    }

    /// A token for a tenant (by id) in a role; `more` are further arguments of `gateway token`.
    ///
    /// # Panics
    /// If `gateway token` fails.
    #[must_use]
    pub fn token(&self, tenant: &str, role: &str, more: &[&str]) -> String {
        let output = Command::new(gateway_binary())
            .args(["token", "--tenant", tenant, "--role", role])
            .args(more)
            .env("JWT_SECRET", SECRET)
            .output()
            .expect("the gateway signs a token");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout)
            .expect("a token is ASCII")
            .trim()
            .to_owned()
    }

    /// Sends an operation with a token.
    #[must_use]
    pub fn send(&self, token: Option<&str>, query: &str, variables: &Value) -> Answer {
        self.send_with(token, &[], query, variables)
    }

    /// Sends an operation with a token and further headers.
    #[must_use]
    pub fn send_with(
        &self,
        token: Option<&str>,
        headers: &[(&str, &str)],
        query: &str,
        variables: &Value,
    ) -> Answer {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let authorization = bearer.as_deref().map(|bearer| ("authorization", bearer));
        let headers: Vec<_> = headers.iter().copied().chain(authorization).collect();
        self.post(&headers, &json!({ "query": query, "variables": variables }))
    }

    /// Sends a body with headers, whatever they are.
    ///
    /// # Panics
    /// If there is no answer.
    #[must_use]
    pub fn post(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut request = agent().post(format!("http://{}/graphql", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Answer::of(request.send_json(body).expect("the gateway answers"))
    }

    /// Sends an operation from a thread of its own, which answers `None` where there is no answer.
    #[must_use]
    pub fn begin(
        &self,
        token: &str,
        query: &str,
        variables: &Value,
    ) -> thread::JoinHandle<Option<Answer>> {
        let url = format!("http://{}/graphql", self.address);
        let bearer = format!("Bearer {token}");
        let body = json!({ "query": query, "variables": variables });
        thread::spawn(move || {
            let request = agent().post(url).header("authorization", bearer);
            request.send_json(body).ok().map(Answer::of)
        })
    }

    /// Tells it to stop, as a service manager does, and waits until it has. Whether it ended well.
    ///
    /// # Panics
    /// If it cannot be told.
    pub fn stop(&mut self) -> bool {
        let status = Command::new("kill")
            .args(["-TERM", &self.process.id().to_string()])
            .status();
        assert!(status.expect("kill is installed").success());
        self.process.wait().expect("the gateway ends").success()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The memory that its process holds, in KiB.
    ///
    /// # Panics
    /// If it does not run.
    #[must_use]
    pub fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))
            .expect("the gateway runs");
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok())
            .expect("the kernel tells what a process holds")
    }

    /// Tells it to stop, as an operator does.
    ///
    /// # Panics
    /// If it does not run.
    pub fn terminate(&self) {
        let told = Command::new("sh")
            .args([
                "-c",
                "kill -TERM \"$1\"",
                "-",
                &self.process.id().to_string(),
            ])
            .status();
        assert!(told.expect("a shell").success(), "the gateway runs");
    }

    /// Waits until it has ended; whether it did so of its own accord.
    ///
    /// # Panics
    /// If nobody can wait for it.
    pub fn wait(&mut self) -> bool {
        self.process.wait().expect("the gateway ends").success()
    }

    /// What it has logged so far.
    ///
    /// # Panics
    /// If the log cannot be read.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).expect("the gateway writes a log")
    }

    /// The data of an operation that has no errors.
    ///
    /// # Panics
    /// If the answer has errors.
    #[must_use]
    pub fn data(&self, token: &str, query: &str, variables: &Value) -> Value {
        let answer = self.send(Some(token), query, variables);
        assert!(answer.body["errors"].is_null(), "{:#}", answer.body);
        answer.body["data"].clone()
    }

    /// The status and body of a path.
    #[must_use]
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut response = agent()
            .get(format!("http://{}{path}", self.address))
            .call()
            .expect("the gateway answers");
        let body = response.body_mut().read_to_string().unwrap_or_default();
        (response.status().as_u16(), body)
    }

    fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(30);
        let url = format!("http://{}/readyz", self.address);
        while agent()
            .get(&url)
            .call()
            .map(|answer| answer.status().as_u16())
            .ok()
            != Some(200)
        {
            assert!(
                Instant::now() < deadline,
                "the gateway is not ready after 30 seconds"
            );
            thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.process
            .kill()
            .expect("the gateway runs until the test is over");
        self.process.wait().expect("the gateway ends");
        // A log that somebody else removed is gone just as well.
        let _ = fs::remove_file(&self.log);
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into()
}
