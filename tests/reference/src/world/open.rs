//! Steps that the account leaves open: what happens to attempts in flight that nothing has counted yet.

use authn_rules::Instant;

use super::World;
use super::cast::{App, Authenticator, Method};
use super::history::LockDomain;
use super::step::{Status, Step};

impl World {
    /// Whether the account has no opinion about a step.
    #[must_use]
    pub fn leaves_open(&self, at: Instant, step: &Step) -> bool {
        match step {
            Step::Attempt(authenticator, app, _) | Step::Begin(authenticator, app) => {
                self.another_app_ran_out(at, *authenticator, *app)
            }
            Step::Unlock(method, ..) => self.any_ran_out(at, &of_method(*method)),
            Step::UnlockAuthenticator(authenticator, ..) => {
                self.any_ran_out(at, &of_method(authenticator.method()))
            }
            Step::Block(block, _) | Step::Unblock(block) => {
                self.any_ran_out(at, &World::reach_of(*block).0)
            }
            Step::Remove(authenticator, _) => App::ALL.into_iter().any(|app| {
                let domain = LockDomain::of(*authenticator, app);
                !self.in_flight(domain).is_empty()
            }),
            Step::Complete(number, _) => {
                let reservation = self.reservations()[*number];
                let (authenticator, app) = (reservation.authenticator, reservation.app);
                let status = self.status(authenticator, app, at);
                let closed = matches!(status, Status::Locked | Status::Deactivated)
                    || !self.offers(app, authenticator.method());
                closed && self.ran_out(at, LockDomain::of(authenticator, app))
                    || self.another_app_ran_out(at, authenticator, app)
            }
            _ => false,
        }
    }

    fn another_app_ran_out(&self, at: Instant, authenticator: Authenticator, app: App) -> bool {
        let in_flight = self.in_flight(LockDomain::of(authenticator, app));
        in_flight
            .iter()
            .any(|reservation| reservation.expires_at <= at && reservation.app != app)
    }

    fn any_ran_out(&self, at: Instant, authenticators: &[Authenticator]) -> bool {
        authenticators.iter().any(|authenticator| {
            App::ALL
                .into_iter()
                .any(|app| self.ran_out(at, LockDomain::of(*authenticator, app)))
        })
    }

    fn ran_out(&self, at: Instant, domain: LockDomain) -> bool {
        let in_flight = self.in_flight(domain);
        in_flight
            .iter()
            .any(|reservation| reservation.expires_at <= at)
    }
}

fn of_method(method: Method) -> Vec<Authenticator> {
    Authenticator::ALL
        .into_iter()
        .filter(|authenticator| authenticator.method() == method)
        .collect()
}
