import { useState } from 'preact/hooks';
import { Policies as PoliciesDocument, type PolicyFragment as Policy } from '../graphql/generated';
import { request } from '../graphql/request';
import { useQuery } from '../graphql/use-query';
import { known } from '../session/viewer';
import { Select } from '../ui/filters';
import { MethodIcon } from '../ui/method';
import { Empty, Failed, Skeleton } from '../ui/notice';
import { useQueryState } from '../ui/query-state';
import { useTitle } from '../ui/title';
import { methodName } from '../ui/words';
import { type App, Editor } from './editor';
import { Unset } from './unset';
import { sourceName, stepsInWords, windowInWords } from './words';

/** The policy in force for each method, in the whole tenant or one app, and where it comes from. */
export function Policies() {
  useTitle('Lockout policies');
  const { params, change } = useQueryState();
  const { apps } = known();
  const app = apps.find(({ uuid }) => uuid === params.get('app')) ?? null;
  const asked = useQuery(app?.uuid ?? 'tenant', async (signal) => {
    return (await request(PoliciesDocument, { app: app?.uuid ?? null }, signal)).lockoutPolicies;
  });
  return (
    <>
      <h1 tabIndex={-1}>Lockout policies</h1>
      <div class="toolbar">
        <Select
          label="Where"
          any="Whole tenant"
          value={app?.uuid ?? ''}
          options={apps.map(({ uuid, name }) => ({ value: uuid, name }))}
          onChange={(value) => change({ app: value })}
        />
        <p class="muted">The app’s policy comes before the tenant’s, the tenant’s before the built-in one.</p>
      </div>
      {asked.error && <Failed error={asked.error} again={() => void asked.refresh()} />}
      {!asked.answer && !asked.error && <Skeleton rows={5} what="policies" />}
      {asked.answer?.length === 0 && <Empty title="No method here can lock" />}
      {asked.answer && asked.answer.length > 0 && (
        <Rows policies={asked.answer} app={app} busy={asked.loading} refresh={asked.refresh} />
      )}
    </>
  );
}

type RowsProps = { policies: Policy[]; app: App | null; busy: boolean; refresh: () => Promise<void> };

function Rows({ policies, app, busy, refresh }: RowsProps) {
  const [opened, setOpened] = useState<{ policy: Policy; Dialog: typeof Editor } | null>(null);
  const cap = policies.find(({ hardCap }) => hardCap !== null)?.hardCap;
  return (
    // What is still that of another place is not to be changed.
    <div class="results" aria-busy={busy} inert={busy}>
      <table class="rows policies">
        <caption class="visually-hidden">Lockout policies in force</caption>
        <thead>
          <tr>
            <th scope="col">Method</th>
            <th scope="col">Policy</th>
            <th scope="col">From</th>
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {policies.map((policy) => (
            <Row
              key={policy.method}
              policy={policy}
              app={app}
              edit={() => setOpened({ policy, Dialog: Editor })}
              unset={() => setOpened({ policy, Dialog: Unset })}
            />
          ))}
        </tbody>
      </table>
      {cap != null && (
        <p class="muted small">
          Whatever the policy says, {cap} failures since the last success lock until somebody unlocks (NIST SP
          800-63B-4, 3.2.2).
        </p>
      )}
      {opened && (
        <opened.Dialog
          policy={opened.policy}
          app={app}
          onDone={() => void refresh()}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}

function Row(props: { policy: Policy; app: App | null; edit: () => void; unset: () => void }) {
  const { policy, app } = props;
  const { viewer, methods } = known();
  const global = methods.some(({ method, scope }) => method === policy.method && scope === 'GLOBAL_USER');
  const may = viewer.permissions.includes('SET_LOCKOUT_POLICIES') && !(app && global);
  const own = policy.source === (app ? 'APP' : 'TENANT');
  const name = methodName[policy.method];
  return (
    <tr>
      <th scope="row">
        <span class="method">
          <MethodIcon method={policy.method} />
          <span class="method-words">
            <span>{name}</span>
            {app && global && <span class="muted small">the same in every app</span>}
          </span>
        </span>
      </th>
      <td class="policy-words">
        <ul>
          {stepsInWords(policy).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ul>
        <span class="muted small">{windowInWords(policy.failuresExpireAfterSeconds)}</span>
      </td>
      <td>
        <span class={`chip source ${policy.source.toLowerCase()}`}>{sourceName[policy.source]}</span>
        {policy.version !== null && <span class="muted small below">version {policy.version}</span>}
      </td>
      <td class="row-actions">
        <span class="actions">
          {may && (
            <button type="button" class="button small" onClick={props.edit}>
              Change<span class="visually-hidden"> lockout of {name}</span>
            </button>
          )}
          {may && own && (
            <button type="button" class="button small quiet" onClick={props.unset}>
              Take back<span class="visually-hidden"> lockout of {name}</span>
            </button>
          )}
        </span>
      </td>
    </tr>
  );
}
