//! Subscriptions: each change once, over both transports, whoever restarts.

mod resumed;
mod scene;
mod socket;
mod streams;
mod told;
