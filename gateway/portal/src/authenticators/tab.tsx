import { useMemo } from 'preact/hooks';
import type { AuthenticatorInTabFragment as Authenticator, AuthenticatorStatus } from '../graphql/generated';
import { Select } from '../ui/filters';
import { MethodIcon } from '../ui/method';
import { Empty } from '../ui/notice';
import { useQueryState } from '../ui/query-state';
import { breakdown, Status } from '../ui/status';
import { Ago } from '../ui/time';
import { useChanged } from '../ui/use-changed';
import { count, methodName, methods, statusName } from '../ui/words';
import { ActionButtons, actionsOf, type Open } from './actions';
import { End } from './end';
import { detailOf } from './reach';

const statuses: AuthenticatorStatus[] = ['LOCKED', 'MIXED', 'DEACTIVATED', 'ACTIVE', 'REGISTERED'];

type Props = { authenticators: Authenticator[]; open: Open };

/** One row per authenticator, however many apps use it. */
export function Tab({ authenticators, open }: Props) {
  const { params, change } = useQueryState();
  const status = params.get('status') ?? '';
  const method = params.get('method') ?? '';
  const app = params.get('app') ?? '';
  const apps = useMemo(() => appsOf(authenticators), [authenticators]);
  const shown = authenticators.filter(
    (one) =>
      (!status || has(one, status)) &&
      (!method || one.method === method) &&
      (!app || one.contexts.some((context) => context.app.uuid === app)),
  );
  const present = methods.filter((value) => authenticators.some((one) => one.method === value));
  return (
    <section aria-label="Authenticators">
      <div class="toolbar">
        <Select
          label="Status"
          any="Any status"
          value={status}
          options={statuses
            .map((value) => ({ value, many: authenticators.filter((one) => has(one, value)).length }))
            .filter(({ value, many }) => many > 0 || value === status)
            .map(({ value, many }) => ({ value, name: `${statusName[value]} (${many})` }))}
          onChange={(value) => change({ status: value })}
        />
        <Select
          label="Method"
          any="Any method"
          value={method}
          options={present.map((value) => ({ value, name: methodName[value] }))}
          onChange={(value) => change({ method: value })}
        />
        <Select
          label="App"
          any="Any app"
          value={app}
          options={apps.map(({ uuid, name }) => ({ value: uuid, name }))}
          onChange={(value) => change({ app: value })}
        />
        <p class="muted toolbar-end" role="status">
          {shown.length === authenticators.length
            ? count(shown.length, 'authenticator')
            : `${shown.length} of ${count(authenticators.length, 'authenticator')}`}
        </p>
      </div>
      {authenticators.length === 0 && (
        <Empty title="No authenticators yet">
          <p class="muted">An address on the profile, or an enrolment in an app, is the first one.</p>
        </Empty>
      )}
      {authenticators.length > 0 && shown.length === 0 && (
        <Empty title="None is like that">
          <button
            type="button"
            class="button"
            onClick={() => change({ status: null, method: null, app: null })}
          >
            Show all
          </button>
        </Empty>
      )}
      {shown.length > 0 && (
        <table class="rows authenticators">
          <caption class="visually-hidden">Authenticators</caption>
          <thead>
            <tr>
              <th scope="col">Method</th>
              <th scope="col">App</th>
              <th scope="col">Status</th>
              <th scope="col">Last used</th>
              <th scope="col">Registered</th>
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((authenticator) => (
              <Row
                key={authenticator.id}
                authenticator={authenticator}
                open={open}
                show={() => change({ authenticator: authenticator.uuid })}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row(props: { authenticator: Authenticator; open: Open; show: () => void }) {
  const { authenticator } = props;
  const { method, status, statusCounts, appLabel, lastSuccessAt, lastApp, lastDevice, registeredAt } =
    authenticator;
  const detail = detailOf(authenticator);
  const what = `${methodName[method]}${detail ? ` ${detail}` : ''}`;
  const helping = actionsOf(authenticator).filter((action) => action !== 'DEACTIVATE');
  const changed = useChanged(`${status} ${breakdown(statusCounts)}`);
  return (
    <tr class={changed ? 'changed' : undefined}>
      <th scope="row">
        <span class="method">
          <MethodIcon method={method} />
          <span class="method-words">
            <span>{methodName[method]}</span>
            {detail && <bdi class="muted small">{detail}</bdi>}
          </span>
        </span>
      </th>
      <td data-label="App">
        {appLabel === 'Multiple' ? (
          <Apps authenticator={authenticator} />
        ) : appLabel ? (
          <bdi>{appLabel}</bdi>
        ) : (
          <span class="muted">None yet</span>
        )}
      </td>
      <td>
        <button type="button" class="status-button" aria-haspopup="dialog" onClick={props.show}>
          <Status status={status} />
          <span class="visually-hidden"> {what}: show each app</span>
        </button>
        <span class="small muted below">
          {status === 'MIXED' && breakdown(statusCounts)}
          <End of={authenticator} />
        </span>
      </td>
      <td data-label="Last used">
        {lastSuccessAt ? (
          <>
            <Ago at={lastSuccessAt} />
            <span class="small muted below">
              <bdi>{[lastApp?.name, lastDevice?.name].filter(Boolean).join(' · ')}</bdi>
            </span>
          </>
        ) : (
          <span class="muted">Never</span>
        )}
      </td>
      <td data-label="Registered">
        <Ago at={registeredAt} />
      </td>
      <td class="row-actions">
        <ActionButtons actions={helping} authenticator={authenticator} what={what} open={props.open} />
      </td>
    </tr>
  );
}

function Apps({ authenticator }: { authenticator: Authenticator }) {
  return <span title={authenticator.contexts.map(({ app }) => app.name).join(', ')}>Multiple</span>;
}

/** Its status as a whole, or that in one of its apps. */
function has({ status, statusCounts }: Authenticator, wanted: string): boolean {
  return status === wanted || statusCounts.some((one) => one.status === wanted);
}

function appsOf(authenticators: Authenticator[]) {
  const apps = new Map(
    authenticators.flatMap(({ contexts }) => contexts.map(({ app }) => [app.uuid, app.name])),
  );
  return [...apps].map(([uuid, name]) => ({ uuid, name })).sort((a, b) => a.name.localeCompare(b.name));
}
