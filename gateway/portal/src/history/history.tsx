import { type EventFilter, History as HistoryDocument } from '../graphql/generated';
import { request } from '../graphql/request';
import { usePages } from '../graphql/use-pages';
import { useVersion } from '../graphql/use-version';
import { known } from '../session/viewer';
import { Select } from '../ui/filters';
import { Empty, Failed, Skeleton } from '../ui/notice';
import { useQueryState } from '../ui/query-state';
import { methodName, methods } from '../ui/words';
import { Timeline } from './timeline';
import { groups } from './words';

/** What happened to a user; `version` changes when something did. */
export function History({ user, version }: { user: string; version: unknown }) {
  const { params, change } = useQueryState();
  const group = groups.find(({ value }) => value === params.get('kind'));
  const method = methods.find((one) => one === params.get('method'));
  const app = params.get('app');
  const filter: EventFilter = {
    ...(group && { kind: [...group.kinds] }),
    ...(method && { method: [method] }),
    ...(app && { app }),
  };
  const found = useEvents(user, filter, version);
  const filtered = Object.keys(filter).length > 0;
  return (
    <section aria-label="History">
      <div class="toolbar">
        <Select
          label="Kind"
          any="Everything"
          value={group?.value ?? ''}
          options={[...groups]}
          onChange={(value) => change({ kind: value })}
        />
        <Select
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
      </div>
      {found.error && <Failed error={found.error} again={() => void found.refresh()} />}
      {!found.answer && !found.error && <Skeleton rows={8} what="the history" />}
      {found.answer && (
        <div class="results" aria-busy={found.loading}>
          {found.answer.items.length === 0 ? (
            <Empty title={filtered ? 'Nothing like that has happened' : 'Nothing has happened yet'}>
              {filtered && (
                <button
                  type="button"
                  class="button"
                  onClick={() => change({ kind: null, method: null, app: null })}
                >
                  Show everything
                </button>
              )}
            </Empty>
          ) : (
            <Timeline events={found.answer.items} heading="h2" />
          )}
          {found.answer.more && (
            <button type="button" class="button more" disabled={found.growing} onClick={found.showMore}>
              Show older
            </button>
          )}
        </div>
      )}
    </section>
  );
}

/** A user's events that a filter describes, asked for again whenever `version` changes. */
export function useEvents(user: string, filter: EventFilter, version: unknown, first = 30) {
  const found = usePages(JSON.stringify([user, filter]), async (after, signal) => {
    const { user: of } = await request(HistoryDocument, { uuid: user, filter, first, after }, signal);
    return of?.events ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
  });
  useVersion(version, found.refresh);
  return found;
}
