import { Link } from 'wouter-preact';
import {
  AcrossUsers,
  type AcrossUsersQuery,
  type AuthenticatorFilter,
  type AuthenticatorMethod,
} from '../graphql/generated';
import { request } from '../graphql/request';
import { usePages } from '../graphql/use-pages';
import { useRefreshAt } from '../graphql/use-refresh';
import { LISTS_PACE, useLive } from '../live/use-live';
import { known } from '../session/viewer';
import { Segments, Select } from '../ui/filters';
import { MethodIcon } from '../ui/method';
import { Empty, Failed, Skeleton } from '../ui/notice';
import { useQueryState } from '../ui/query-state';
import { breakdown, Status } from '../ui/status';
import { Ago } from '../ui/time';
import { useTitle } from '../ui/title';
import { count, methodName, methods } from '../ui/words';
import { nameOf } from '../users/person';
import { End } from './end';

type Found = AcrossUsersQuery['authenticators']['nodes'][number];
type View = 'locked' | 'deactivated' | 'never-used';

const views: { value: View; name: string; filter: AuthenticatorFilter; none: string }[] = [
  { value: 'locked', name: 'Locked now', filter: { contextStatus: ['LOCKED'] }, none: 'Nothing is locked' },
  {
    value: 'deactivated',
    name: 'Deactivated',
    filter: { contextStatus: ['DEACTIVATED'] },
    none: 'Nothing is deactivated',
  },
  {
    value: 'never-used',
    name: 'Never used',
    filter: { status: ['REGISTERED'] },
    none: 'Everything has been used',
  },
];

/** Authenticators across all users: who is locked now, what is deactivated, what was never used. */
export function Across() {
  useTitle('Needs attention');
  const { params, change } = useQueryState();
  const view =
    views.find(({ value }) => value === params.get('view')) ?? (views[0] as (typeof views)[number]);
  const method = methods.find((one) => one === params.get('method'));
  const app = params.get('app');
  const filter: AuthenticatorFilter = {
    ...view.filter,
    ...(method && { method: [method] }),
    ...(app && { app }),
  };
  const found = usePages(JSON.stringify(filter), async (after, signal) => {
    return (await request(AcrossUsers, { filter, after }, signal)).authenticators;
  });
  useRefreshAt(
    found.answer?.items.flatMap((one) => [one.lockedUntil, one.deactivatedUntil]) ?? [],
    found.refresh,
  );
  useLive(null, found.refresh, LISTS_PACE);
  return (
    <>
      <h1 tabIndex={-1}>Needs attention</h1>
      <div class="toolbar">
        <Segments
          label="View"
          value={view.value}
          options={views}
          onChange={(value) => change({ view: value })}
        />
        <Select<AuthenticatorMethod>
          label="Method"
          any="Any method"
          value={method ?? ''}
          options={methods.map((value) => ({ value, name: methodName[value] }))}
          onChange={(value) => change({ method: value })}
        />
        <Select
          label="App"
          any="Any app"
          value={app ?? ''}
          options={known().apps.map(({ uuid, name }) => ({ value: uuid, name }))}
          onChange={(value) => change({ app: value })}
        />
        <p class="muted toolbar-end" role="status">
          {found.answer?.total != null && count(found.answer.total, 'authenticator')}
        </p>
      </div>
      {found.error && <Failed error={found.error} again={() => void found.refresh()} />}
      {!found.answer && !found.error && <Skeleton rows={10} what="authenticators" />}
      {found.answer && (
        <div class="results" aria-busy={found.loading}>
          {found.answer.items.length === 0 ? (
            <Empty title={view.none}>
              {(method || app) && (
                <button type="button" class="button" onClick={() => change({ method: null, app: null })}>
                  Look in all methods and apps
                </button>
              )}
            </Empty>
          ) : (
            <Rows found={found.answer.items} />
          )}
          {found.answer.more && (
            <button type="button" class="button more" disabled={found.growing} onClick={found.showMore}>
              Show more
            </button>
          )}
        </div>
      )}
    </>
  );
}

function Rows({ found }: { found: Found[] }) {
  return (
    <table class="rows across">
      <caption class="visually-hidden">Authenticators across users</caption>
      <thead>
        <tr>
          <th scope="col">User</th>
          <th scope="col">Method</th>
          <th scope="col">App</th>
          <th scope="col">Status</th>
          <th scope="col">Last used</th>
        </tr>
      </thead>
      <tbody>
        {found.map((one) => (
          <tr key={one.id}>
            <th scope="row">
              <Link
                href={`/users/${one.user.uuid}/authenticators?authenticator=${one.uuid}`}
                class="row-link"
              >
                <bdi class="name">{nameOf(one.user)}</bdi>
              </Link>
            </th>
            <td>
              <span class="method">
                <MethodIcon method={one.method} />
                <span class="method-words">
                  <span>{methodName[one.method]}</span>
                  <bdi class="muted small">
                    {one.device?.name ?? one.identifier ?? one.name ?? one.provider}
                  </bdi>
                </span>
              </span>
            </td>
            <td data-label="App">
              {one.appLabel ? <bdi>{one.appLabel}</bdi> : <span class="muted">None yet</span>}
            </td>
            <td>
              <Status status={one.status} />
              <span class="small muted below">
                {one.status === 'MIXED' && breakdown(one.statusCounts)}
                <End of={one} />
              </span>
            </td>
            <td data-label="Last used">
              {one.lastSuccessAt ? <Ago at={one.lastSuccessAt} /> : <span class="muted">Never</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
