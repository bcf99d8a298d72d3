import { Laptop, Smartphone } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type {
  AuthenticatorInTabFragment as Authenticator,
  DeviceOfUserFragment as Device,
  DeviceAction,
  PersonFragment,
} from '../graphql/generated';
import { Empty } from '../ui/notice';
import { Status } from '../ui/status';
import { Ago, Left } from '../ui/time';
import { count, methodName } from '../ui/words';
import { DeactivateDevice, ReactivateDevice } from './device-actions';

type User = PersonFragment & { devices: Device[]; authenticators: Authenticator[] };

/** The user's devices and what is on them. */
export function Devices({ user, refresh }: { user: User; refresh: () => Promise<void> }) {
  const [asking, setAsking] = useState<{ action: DeviceAction; device: Device } | null>(null);
  const Asked = asking && { DEACTIVATE: DeactivateDevice, REACTIVATE: ReactivateDevice }[asking.action];
  if (user.devices.length === 0) {
    return (
      <Empty title="No devices">
        <p class="muted">A device is there once an app has registered it.</p>
      </Empty>
    );
  }
  return (
    <section aria-label="Devices">
      <table class="rows devices">
        <caption class="visually-hidden">Devices</caption>
        <thead>
          <tr>
            <th scope="col">Device</th>
            <th scope="col">Authenticators on it</th>
            <th scope="col">Status</th>
            <th scope="col">Registered</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {user.devices.map((device) => (
            <Row
              key={device.id}
              device={device}
              on={onDevice(user, device)}
              ask={(action) => setAsking({ action, device })}
            />
          ))}
        </tbody>
      </table>
      {Asked && asking && (
        <Asked
          device={asking.device}
          user={user}
          on={onDevice(user, asking.device)}
          onDone={() => void refresh()}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  );
}

function Row({
  device,
  on,
  ask,
}: {
  device: Device;
  on: Authenticator[];
  ask: (action: DeviceAction) => void;
}) {
  const Icon = device.platform === 'web' ? Laptop : Smartphone;
  return (
    <tr>
      <th scope="row">
        <span class="method">
          <span class="method-icon" aria-hidden="true">
            <Icon size={18} strokeWidth={1.75} />
          </span>
          <span class="method-words">
            <bdi>{device.name}</bdi>
            {device.platform && <span class="muted small">{device.platform}</span>}
          </span>
        </span>
      </th>
      <td data-label="On it">
        {on.length === 0 ? (
          <span class="muted">None</span>
        ) : (
          <span title={on.map(({ method }) => methodName[method]).join(', ')}>
            {count(on.length, 'authenticator')}
          </span>
        )}
      </td>
      <td>
        {device.deactivatedSince ? (
          <>
            <Status status="DEACTIVATED" />
            <span class="small muted below">
              {device.deactivatedUntil ? <Left until={device.deactivatedUntil} /> : 'until lifted'}
              {device.deactivationReason && (
                <>
                  : <q dir="auto">{device.deactivationReason}</q>
                </>
              )}
            </span>
          </>
        ) : (
          <span class="muted">In use</span>
        )}
      </td>
      <td data-label="Registered">
        <Ago at={device.registeredAt} />
      </td>
      <td class="row-actions">
        <span class="actions">
          {device.availableActions.map((action) => (
            <button
              key={action}
              type="button"
              class={`button small ${action === 'DEACTIVATE' ? 'quiet' : ''}`}
              onClick={() => ask(action)}
            >
              {action === 'DEACTIVATE' ? 'Deactivate' : 'Reactivate'}
              <span class="visually-hidden"> {device.name}</span>
            </button>
          ))}
        </span>
      </td>
    </tr>
  );
}

function onDevice(user: User, device: Device): Authenticator[] {
  return user.authenticators.filter((one) => one.device?.uuid === device.uuid);
}
