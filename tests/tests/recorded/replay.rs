//! The log in its own order, through the reference.

use std::collections::{HashMap, HashSet};

use authn_reference::{Action, Answer, Domain};
use authn_rules::{Instant, LockCause, Policy};
use uuid::Uuid;

use crate::client::{Call, What};
use crate::setting::{Entry, Trail};

/// From its first instant until the last at which somebody may still have seen it.
type Span = (Instant, Instant);

/// Panics at the first answer that the log and the reference do not explain.
pub(crate) fn explain(trail: &Trail, calls: &[Call]) {
    let by_request: HashMap<&str, &Call> = calls
        .iter()
        .map(|call| (call.request.as_str(), call))
        .collect();
    for entries in [&trail.of_domain, &trail.of_user] {
        for (entry, number) in entries.iter().zip(1..) {
            assert_eq!(entry.number, number, "the log has no gap");
        }
    }
    replay(trail, calls, &by_request);
    every_answer_has_its_entry(trail, calls);
    let suspensions = suspensions(trail, &by_request);
    for entry in attempts(trail).filter(|entry| entry.abandoned.is_none()) {
        let suspended = suspensions
            .iter()
            .any(|(from, until)| *from < entry.at && entry.at < until.0);
        assert!(
            !suspended,
            "{} was let through while suspended",
            entry.request
        );
    }
    let suspensions: Vec<Span> = suspensions
        .into_iter()
        .map(|(from, (_, seen))| (from, seen))
        .collect();
    let locks = locks(trail, &by_request);
    for call in calls {
        explain_refusal(trail, calls, call, &locks, &suspensions);
    }
}

fn attempts(trail: &Trail) -> impl Iterator<Item = &Entry> {
    trail
        .of_domain
        .iter()
        .filter(|entry| matches!(entry.kind.as_str(), "attempt_failed" | "attempt_succeeded"))
}

/// The policies that a call may have been judged by: while it ran, one may have come after another.
fn policies<'a>(trail: &Trail, calls: &'a [Call], call: &Call) -> Vec<&'a Policy> {
    let mut versions: Vec<(Instant, &Call)> = calls
        .iter()
        .filter(|other| matches!(other.what, What::Configure(_)))
        .map(|other| (trail.policies_set_at[&other.request], other))
        .collect();
    versions.sort_by_key(|(set_at, _)| *set_at);
    let seen_by_all = versions
        .iter()
        .rposition(|(_, version)| version.answered <= call.invoked)
        .expect("the first policy was there before anybody");
    versions[seen_by_all..]
        .iter()
        .filter(|(set_at, _)| *set_at < call.answered)
        .filter_map(|(_, version)| match &version.what {
            What::Configure(policy) => Some(policy),
            _ => None,
        })
        .collect()
}

fn replay(trail: &Trail, calls: &[Call], by_request: &HashMap<&str, &Call>) {
    let What::Configure(first) = &calls[0].what else {
        panic!("the first call sets the policy");
    };
    // Every account that is consistent with the log so far.
    let mut accounts = vec![Domain::new(first.clone())];
    let mut entries = trail.of_domain.iter().peekable();
    while let Some(entry) = entries.next() {
        let at = entry.at;
        let mut next = Vec::new();
        match entry.kind.as_str() {
            "registered" => continue,
            "unlocked" => {
                for mut account in accounts.drain(..) {
                    account.apply(at, &Action::Unlock);
                    next.push(account);
                }
            }
            "attempt_succeeded" => {
                for mut account in accounts.drain(..) {
                    if account.apply(at, &Action::Succeed) == Answer::Succeeded {
                        next.push(account);
                    }
                }
            }
            "attempt_failed" => {
                let lock = entries
                    .next_if(|next| next.kind == "locked")
                    .map(|lock| lock.until);
                let call = by_request[entry.request.as_str()];
                for account in accounts.drain(..) {
                    for policy in policies(trail, calls, call) {
                        let mut account = account.clone();
                        account.apply(at, &Action::Configure(policy.clone()));
                        let answer = account.apply(at, &Action::Fail);
                        if explains(&answer, entry, lock, call, &account) {
                            next.push(account);
                        }
                    }
                }
            }
            other => panic!("{other} in a lock domain"),
        }
        let mut known = HashSet::new();
        next.retain(|account| known.insert(format!("{account:?}")));
        assert!(
            !next.is_empty(),
            "entry {} ({} at {}, {}) contradicts the reference",
            entry.number,
            entry.kind,
            at.0,
            entry.request
        );
        accounts = next;
    }
}

/// Whether the reference answers a failure as the log and the client have it.
fn explains(
    answer: &Answer,
    entry: &Entry,
    lock: Option<Option<Instant>>,
    call: &Call,
    account: &Domain,
) -> bool {
    let expected: Option<(Instant, LockCause)> = match answer {
        Answer::Failed(lock) => *lock,
        // An attempt abandoned under a lock that came before its end is on record and counts nothing.
        Answer::Refused if entry.abandoned.is_some() => return lock.is_none(),
        _ => return false,
    };
    let until = expected.map(|(until, _)| until);
    let told = entry.abandoned.is_some()
        || call.failures == i32::try_from(account.count_on_record()).ok()
            && call.locked_until == until;
    lock == until.map(Some) && told
}

/// A client was answered `failed` or `succeeded` exactly where the log says so.
fn every_answer_has_its_entry(trail: &Trail, calls: &[Call]) {
    let mut written: Vec<(&str, &str)> = attempts(trail)
        .filter(|entry| entry.abandoned.is_none())
        .map(|entry| (entry.request.as_str(), entry.kind.as_str()))
        .collect();
    let mut answered: Vec<(&str, &str)> = calls
        .iter()
        .filter_map(|call| match call.outcome.as_str() {
            "failed" => Some((call.request.as_str(), "attempt_failed")),
            "succeeded" => Some((call.request.as_str(), "attempt_succeeded")),
            _ => None,
        })
        .collect();
    written.sort_unstable();
    answered.sort_unstable();
    assert_eq!(written, answered);
}

fn locks(trail: &Trail, by_request: &HashMap<&str, &Call>) -> Vec<Span> {
    let mut locks = Vec::new();
    for (index, entry) in trail.of_domain.iter().enumerate() {
        let Some(until) = entry.until else {
            continue;
        };
        let lifted = trail.of_domain[index..]
            .iter()
            .find(|later| later.kind == "unlocked");
        let lifted = lifted.map(|unlock| by_request[unlock.request.as_str()].answered);
        locks.push((entry.at, until.min(lifted.unwrap_or(Instant::FOREVER))));
    }
    locks
}

/// With the instant of the end, and the last at which somebody may still have seen it.
fn suspensions(trail: &Trail, by_request: &HashMap<&str, &Call>) -> Vec<(Instant, Span)> {
    let mut suspensions = Vec::new();
    for (index, entry) in trail.of_user.iter().enumerate() {
        if entry.kind != "user_suspended" {
            continue;
        }
        let lifted = trail.of_user[index..]
            .iter()
            .find(|later| later.kind == "user_reinstated");
        let (end, seen) = lifted.map_or((Instant::FOREVER, Instant::FOREVER), |end| {
            (end.at, by_request[end.request.as_str()].answered)
        });
        suspensions.push((entry.at, (end, seen)));
    }
    suspensions
}

/// What is not a verdict on the credential has a reason that was there while the call ran.
fn explain_refusal(
    trail: &Trail,
    calls: &[Call],
    call: &Call,
    locks: &[Span],
    suspensions: &[Span],
) {
    let overlaps = |span: &Span| span.0 < call.answered && call.invoked < span.1;
    let explained = match call.outcome.as_str() {
        "refused" => locks.iter().any(overlaps) || suspensions.iter().any(overlaps),
        "locked" => locks.iter().any(overlaps),
        "deactivated" => suspensions.iter().any(overlaps),
        "busy" => calls.iter().any(|other| {
            matches!(other.what, What::Begin { attempt: Some(attempt) }
                if overlaps(&(other.invoked, completed(calls, attempt))))
        }),
        "expired" => {
            let What::Attempt { attempt } = call.what else {
                panic!("only a completion answers {}", call.outcome);
            };
            // Under a lock it ended without a trace: nothing counts there.
            locks.iter().any(|lock| lock.0 < call.answered)
                || trail
                    .of_domain
                    .iter()
                    .any(|entry| entry.abandoned.is_some() && entry.abandoned == attempt)
        }
        "void" => trail
            .of_domain
            .iter()
            .any(|entry| entry.kind == "unlocked" && entry.at < call.answered),
        "succeeded" | "failed" | "admitted" | "" => true,
        _ => false,
    };
    assert!(explained, "nothing explains {call:?}");
}

fn completed(calls: &[Call], attempt: Uuid) -> Instant {
    calls
        .iter()
        .find(
            |call| matches!(call.what, What::Attempt { attempt: Some(other) } if other == attempt),
        )
        .map_or(Instant::FOREVER, |call| call.answered)
}
