import { ChevronLeft } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { useActions } from '../authenticators/actions';
import { Panel } from '../authenticators/panel';
import { Tab } from '../authenticators/tab';
import { OneUser, type OneUserQuery } from '../graphql/generated';
import { request } from '../graphql/request';
import { allPages } from '../graphql/use-pages';
import { useQuery } from '../graphql/use-query';
import { useRefreshAt } from '../graphql/use-refresh';
import { History } from '../history/history';
import { useLive } from '../live/use-live';
import { Copy } from '../ui/copy';
import { Empty, Failed, Notice, Skeleton } from '../ui/notice';
import { useQueryState } from '../ui/query-state';
import { Status } from '../ui/status';
import { Left, Moment } from '../ui/time';
import { useTitle } from '../ui/title';
import { Devices } from './devices';
import { Avatar, Name, nameOf } from './person';
import { Reinstate, Suspend } from './suspension';

type User = NonNullable<OneUserQuery['user']>;
type Loaded = Omit<User, 'authenticators'> & { authenticators: User['authenticators']['nodes'] };

const tabs = [
  { tab: 'authenticators', name: 'Authenticators' },
  { tab: 'devices', name: 'Devices' },
  { tab: 'history', name: 'History' },
];

/** What an id looks like; anything else is nobody's. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A user as a whole, however many pages of authenticators that is. */
async function load(uuid: string, signal: AbortSignal): Promise<Loaded | null> {
  if (!UUID.test(uuid)) return null;
  let user: User | null = null;
  const { items } = await allPages(async (after) => {
    user = (await request(OneUser, { uuid, after }, signal)).user;
    return user?.authenticators ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
  });
  return user && { ...(user as User), authenticators: items };
}

export function UserPage({ uuid, tab }: { uuid: string; tab: string }) {
  const asked = useQuery(uuid, (signal) => load(uuid, signal));
  return (
    <>
      <Link href="/users" class="back">
        <ChevronLeft size={16} aria-hidden="true" />
        Users
      </Link>
      {asked.error && <Failed error={asked.error} again={() => void asked.refresh()} />}
      {asked.answer === undefined && !asked.error && <Skeleton rows={8} what="the user" />}
      {asked.answer === null && <Nobody />}
      {asked.answer && <Shown user={asked.answer} tab={tab} refresh={asked.refresh} />}
    </>
  );
}

function Nobody() {
  useTitle('Not found');
  return (
    <>
      <h1 tabIndex={-1}>Not found</h1>
      <Empty title="There is no such user">
        <p class="muted">Or none that you may see.</p>
      </Empty>
    </>
  );
}

function Shown({ user, tab, refresh }: { user: Loaded; tab: string; refresh: () => Promise<void> }) {
  useTitle(nameOf(user));
  useRefreshAt(endsOf(user), refresh);
  useLive(user.uuid, refresh);
  const { params, change } = useQueryState();
  const { open, dialog } = useActions({ all: user.authenticators, user: nameOf(user), refresh });
  const shown = user.authenticators.find((one) => one.uuid === params.get('authenticator'));
  return (
    <>
      <Header user={user} refresh={refresh} />
      <nav class="tabs" aria-label="About this user">
        {tabs.map((one) => (
          <Link
            key={one.tab}
            href={`/users/${user.uuid}/${one.tab}`}
            aria-current={tab === one.tab ? 'page' : undefined}
          >
            {one.name}
          </Link>
        ))}
      </nav>
      {tab === 'authenticators' && <Tab authenticators={user.authenticators} open={open} />}
      {tab === 'devices' && <Devices user={user} refresh={refresh} />}
      {tab === 'history' && <History user={user.uuid} version={user} />}
      {shown && (
        <Panel
          authenticator={shown}
          user={user.uuid}
          version={user}
          open={open}
          onClose={() => change({ authenticator: null })}
        />
      )}
      {dialog}
    </>
  );
}

function Header({ user, refresh }: { user: Loaded; refresh: () => Promise<void> }) {
  const [asking, setAsking] = useState<'SUSPEND' | 'REINSTATE' | null>(null);
  const Asked = asking && { SUSPEND: Suspend, REINSTATE: Reinstate }[asking];
  return (
    <header class="person">
      <Avatar user={user} />
      <div class="person-words">
        <h1 tabIndex={-1}>
          <Name user={user} /> <Status status={user.status} />
        </h1>
        <p class="muted person-contact">
          {user.email && <bdi>{user.email}</bdi>}
          {user.phone && <bdi>{user.phone}</bdi>}
          <Copy text={user.uuid} what="the user’s id" />
        </p>
      </div>
      <div class="actions">
        {user.availableActions.map((action) => (
          <button key={action} type="button" class="button" onClick={() => setAsking(action)}>
            {action === 'SUSPEND' ? 'Suspend' : 'Reinstate'}
          </button>
        ))}
      </div>
      {user.suspendedSince && (
        <Notice tone="warning">
          Suspended <Moment at={user.suspendedSince} />
          {user.suspensionReason && (
            <>
              : <q dir="auto">{user.suspensionReason}</q>
            </>
          )}
          . {user.suspendedIndefinitely && 'Nothing can be used until they are reinstated.'}
          {user.suspendedUntil && <Left until={user.suspendedUntil} />}
        </Notice>
      )}
      {Asked && <Asked user={user} onDone={() => void refresh()} onClose={() => setAsking(null)} />}
    </header>
  );
}

/** The instants at which something of the user runs out by itself. */
function endsOf(user: Loaded): (string | null)[] {
  return [
    user.suspendedUntil,
    ...user.devices.map((device) => device.deactivatedUntil),
    ...user.authenticators.flatMap((one) => [
      one.lockedUntil,
      one.deactivatedUntil,
      ...one.contexts.flatMap((context) => [context.lockedUntil, context.deactivatedUntil]),
    ]),
  ];
}
