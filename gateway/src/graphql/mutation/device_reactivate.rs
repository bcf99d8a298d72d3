//! `deviceReactivate`

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{Done, Outcome, Target, act};
use crate::db::statement;
use crate::graphql::ApiError;
use crate::graphql::ids::GlobalId;
use crate::graphql::types::Device;

/// Which device to reactivate.
#[derive(InputObject)]
struct DeviceReactivateInput {
    /// The device: global id.
    device_id: ID,
    /// Why, for the audit trail.
    reason: Option<String>,
}

/// What `deviceReactivate` did.
#[derive(SimpleObject)]
struct DeviceReactivatePayload {
    /// The device, as it is now; null when there is none.
    device: Option<Device>,
    #[graphql(flatten)]
    outcome: Outcome,
}

#[derive(Default)]
pub(super) struct DeviceReactivate;

#[Object]
impl DeviceReactivate {
    /// Lifts the block of a device. Each authenticator on it is again what its other facts make it.
    async fn device_reactivate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which device.")] input: DeviceReactivateInput,
    ) -> Option<Result<DeviceReactivatePayload, ApiError>> {
        Some(reactivate(context, input).await.map(Into::into))
    }
}

async fn reactivate(context: &Context<'_>, input: DeviceReactivateInput) -> Result<Done, ApiError> {
    let Some(key) = GlobalId::device(&input.device_id) else {
        return Ok(Done::not_found("AU011", "deviceId"));
    };
    let statement = statement!(["device_reactivate", "changes"], key.0, key.1, input.reason);
    act(context, statement, Target::device(key)).await
}

impl From<Done> for DeviceReactivatePayload {
    fn from(
        Done {
            outcome, device, ..
        }: Done,
    ) -> Self {
        Self { device, outcome }
    }
}
