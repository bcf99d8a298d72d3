import { useState } from 'preact/hooks';
import { ActionDialog, type Outcome } from '../actions/action-dialog';
import { complaintsOf, instantOf, type Until, UntilField } from '../actions/until';
import { lossOf } from '../authenticators/usable';
import {
  type AuthenticatorInTabFragment as Authenticator,
  DeactivateDevice as Deactivate,
  type DeviceOfUserFragment as Device,
  type PersonFragment,
  ReactivateDevice as Reactivate,
} from '../graphql/generated';
import { request } from '../graphql/request';
import { known } from '../session/viewer';
import { count } from '../ui/words';
import { nameOf } from './person';

type Props = {
  device: Device;
  user: PersonFragment & { authenticators: Authenticator[] };
  /** The authenticators that are bound to the device. */
  on: Authenticator[];
  onDone: () => void;
  onClose: () => void;
};

export function DeactivateDevice({ device, user, on, onDone, onClose }: Props) {
  const [until, setUntil] = useState<Until>({ kind: 'good' });
  const act = async (reason: string): Promise<Outcome> => {
    const end = instantOf(until);
    if (end === undefined) return { userErrors: complaintsOf(until) };
    const { done } = await request(Deactivate, { input: { deviceId: device.id, until: end, reason } });
    return done ?? { changes: [], userErrors: [] };
  };
  const ids = on.map(({ id }) => id);
  return (
    <ActionDialog
      title={`Deactivate ${device.name}`}
      verb="Deactivate"
      danger
      reasons={['Device lost or stolen', 'Device was sold']}
      warning={lossOf({ ids, app: null }, user.authenticators, known().apps, nameOf(user))}
      fields={(errorsOf) => <UntilField until={until} errors={errorsOf('until')} onChange={setUntil} />}
      check={() => complaintsOf(until)}
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="reach">
        {on.length === 0
          ? `Nothing is registered on ${device.name} now; what is registered there later will be blocked.`
          : `Blocks ${count(on.length, 'authenticator')} on ${device.name}, and those that are registered there later.`}
      </p>
    </ActionDialog>
  );
}

export function ReactivateDevice({ device, onDone, onClose }: Props) {
  const act = async (reason: string): Promise<Outcome> => {
    const { done } = await request(Reactivate, { input: { deviceId: device.id, reason } });
    return done ?? { changes: [], userErrors: [] };
  };
  return (
    <ActionDialog
      title={`Reactivate ${device.name}`}
      verb="Reactivate"
      reasons={['Device was found']}
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="reach">
        Lifts the block of {device.name}. What is on it is again what its other facts make it.
      </p>
    </ActionDialog>
  );
}
