//! `deviceDeactivate`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::scalars::DateTime;
use crate::graphql::types::Device;

/// Which device to deactivate.
#[derive(InputObject)]
struct DeviceDeactivateInput {
    /// The device: global id.
    device_id: ID,
    /// Until this instant, which lies in the future; left out: until it is reactivated.
    until: Option<DateTime>,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `deviceDeactivate` did.
#[derive(SimpleObject)]
struct DeviceDeactivatePayload {
    /// The device, as it is now; null when there is none.
    device: Option<Device>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct DeviceDeactivate;

#[Object]
impl DeviceDeactivate {
    /// Blocks every device-scoped authenticator on a device, those registered later too. Again with another
    /// end: moves the end.
    async fn device_deactivate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which device.")] input: DeviceDeactivateInput,
    ) -> Option<Result<DeviceDeactivatePayload, ApiError>> {
        Some(deactivate(context, input).await.map(Into::into))
    }
}

async fn deactivate(context: &Context<'_>, input: DeviceDeactivateInput) -> Result<Done, ApiError> {
    let Some(key) = GlobalId::device(&input.device_id) else {
        return Ok(Done::not_found("AU011", "deviceId"));
    };
    let until = input.until.map(|until| until.0);
    let statement = statement!(
        ["device_deactivate", "changes"],
        key.0,
        key.1,
        until,
        input.reason
    );
    act(context, statement, Target::device(key)).await
}

impl From<Done> for DeviceDeactivatePayload {
    fn from(
        Done {
            outcome, device, ..
        }: Done,
    ) -> Self {
        Self { device, outcome }
    }
}
