import { Lock, SearchIcon } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { FindUsers, type FindUsersQuery, type UserStatus } from '../graphql/generated';
import { request } from '../graphql/request';
import { usePages } from '../graphql/use-pages';
import { LISTS_PACE, useLive } from '../live/use-live';
import { Select } from '../ui/filters';
import { Empty, Failed, Skeleton } from '../ui/notice';
import { useQueryState } from '../ui/query-state';
import { Status } from '../ui/status';
import { useTitle } from '../ui/title';
import { count, statusName } from '../ui/words';
import { Avatar, Name } from './person';

type Found = FindUsersQuery['users']['nodes'][number];

/** How long after a keystroke the question is asked. */
const PAUSE = 150;
const statuses: UserStatus[] = ['ACTIVE', 'PENDING', 'SUSPENDED'];

/** Finds a user by name, address, number or id, as it is typed. */
export function Search() {
  useTitle('Users');
  const { params, change } = useQueryState();
  const search = params.get('q') ?? '';
  const status = statuses.find((one) => one === params.get('status'));
  const locked = params.get('locked') === 'yes';
  const found = usePages(JSON.stringify([search, status, locked]), async (after, signal) => {
    const hasAuthenticator = locked ? { contextStatus: ['LOCKED' as const] } : null;
    const variables = { search: search.trim() || null, status: status ?? null, hasAuthenticator, after };
    return (await request(FindUsers, variables, signal)).users;
  });
  useLive(null, found.refresh, LISTS_PACE);
  return (
    <>
      <h1 tabIndex={-1}>Users</h1>
      <div class="toolbar">
        <SearchBox value={search} onChange={(q) => change({ q }, { replace: true })} />
        <Select
          label="Status of the user"
          any="Any status"
          value={status ?? ''}
          options={statuses.map((value) => ({ value, name: statusName[value] }))}
          onChange={(value) => change({ status: value })}
        />
        <label class="toggle">
          <input
            type="checkbox"
            checked={locked}
            onChange={(event) => change({ locked: event.currentTarget.checked ? 'yes' : null })}
          />
          <span>Something is locked</span>
        </label>
      </div>
      {found.error && <Failed error={found.error} again={() => void found.refresh()} />}
      {!found.answer && !found.error && <Skeleton rows={10} what="users" />}
      {found.answer && (
        <div class="results" aria-busy={found.loading}>
          <p class="visually-hidden" role="status">
            {found.loading
              ? ''
              : `${count(found.answer.items.length, 'user')}${found.answer.more ? ' and more' : ''}`}
          </p>
          {found.answer.items.length === 0 ? (
            <Empty title="Nobody is found">
              <p class="muted">
                {search
                  ? 'Try the beginning of a name, of the email address or of the phone number, or a whole id.'
                  : 'No user is like that now.'}
              </p>
            </Empty>
          ) : (
            <Users users={found.answer.items} />
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

function SearchBox({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  // Back and forward in the history change it from outside.
  useEffect(() => {
    if (input.current !== document.activeElement) setTyped(value);
  }, [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onChange(typed), PAUSE);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => input.current?.focus(), []);
  return (
    <label class="search">
      <span class="visually-hidden">Search users</span>
      <SearchIcon size={18} aria-hidden="true" />
      <input
        ref={input}
        type="search"
        placeholder="Name, email, phone or id"
        autocomplete="off"
        spellcheck={false}
        maxLength={320}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </label>
  );
}

function Users({ users }: { users: Found[] }) {
  return (
    <table class="rows users">
      <caption class="visually-hidden">Users, by name</caption>
      <thead>
        <tr>
          <th scope="col">User</th>
          <th scope="col">Contact</th>
          <th scope="col">Status</th>
          <th scope="col">Authenticators</th>
        </tr>
      </thead>
      <tbody>
        {users.map((user) => (
          <tr key={user.id}>
            <th scope="row">
              <Link href={`/users/${user.uuid}`} class="row-link">
                <Avatar user={user} />
                <Name user={user} />
              </Link>
            </th>
            <td class="contact">
              {user.email && <bdi>{user.email}</bdi>}
              {user.phone && <bdi class="muted">{user.phone}</bdi>}
            </td>
            <td>
              <Status status={user.status} />
            </td>
            <td>
              <Summary user={user} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Summary({ user }: { user: Found }) {
  const { nodes, pageInfo } = user.authenticators;
  const locked = nodes.filter(({ statusCounts, status }) =>
    [status, ...statusCounts.map((one) => one.status)].includes('LOCKED'),
  ).length;
  return (
    <span class="summary">
      {pageInfo.hasNextPage ? 'more than 100' : nodes.length}
      {locked > 0 && (
        <span class="chip locked">
          <Lock size={12} aria-hidden="true" /> {locked} locked
        </span>
      )}
    </span>
  );
}
