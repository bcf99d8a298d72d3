//! Recorded histories of many clients at once. Afterwards the log's own order (the number within the
//! lock domain) is replayed through the reference: it must explain every answer that a client was given.

mod client;
mod replay;
mod setting;

use std::sync::Arc;

use client::{Call, Client};
use setting::{Setting, Target};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const CLIENTS: usize = 16;
const CALLS_PER_CLIENT: usize = 60;
const ROUNDS: usize = 4;

async fn record(setting: &Arc<Setting>, target: Target, round: usize) -> Vec<Call> {
    let gun = Arc::new(Barrier::new(CLIENTS));
    let mut tasks = JoinSet::new();
    for number in 0..CLIENTS {
        let mut client = Client::new(Arc::clone(setting), target, round, number).await;
        let gun = Arc::clone(&gun);
        tasks.spawn(async move {
            gun.wait().await;
            for _ in 0..CALLS_PER_CLIENT {
                client.do_something().await;
            }
            client.calls
        });
    }
    tasks.join_all().await.concat()
}

async fn record_and_replay(target: Target) {
    for round in 0..ROUNDS {
        let setting = Arc::new(Setting::new(target).await);
        let mut calls = setting.first_calls.clone();
        calls.extend(record(&setting, target, round).await);
        replay::explain(&setting.trail().await, &calls);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_about_a_password_is_the_references() {
    record_and_replay(Target::Password).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_about_a_code_used_through_every_app_is_the_references() {
    record_and_replay(Target::Sms).await;
}
