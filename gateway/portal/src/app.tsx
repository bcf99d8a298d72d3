import { LogOut, ScrollText, ShieldCheck, TriangleAlert, Users } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter-preact';
import { Across } from './authenticators/across';
import { WhoAmI } from './graphql/generated';
import { request } from './graphql/request';
import { useQuery } from './graphql/use-query';
import { Announcer } from './live/announcer';
import { Indicator } from './live/indicator';
import { Policies } from './policies/policies';
import { Expired } from './session/expired';
import { end, expired, signedIn, token } from './session/session';
import type { Settings } from './session/settings';
import { SignIn } from './session/sign-in';
import { known, viewer } from './session/viewer';
import { useHeading } from './ui/heading';
import { Failed, Skeleton } from './ui/notice';
import { roleName } from './ui/words';
import { Search } from './users/search';
import { UserPage } from './users/user-page';

type Props = { settings: Settings | null; embedded: boolean; failure: string | null };

export function App({ settings, embedded, failure }: Props) {
  if (!signedIn.value) return <SignIn settings={settings} embedded={embedded} failure={failure} />;
  return (
    <>
      <Known />
      {expired.value && <Expired settings={settings} embedded={embedded} />}
    </>
  );
}

/** The page, once it is known who looks at it. A token of somebody else begins anew. */
function Known() {
  const asked = useQuery(token.value ?? '', (signal) => request(WhoAmI, {}, signal));
  useEffect(() => {
    viewer.value = asked.answer ?? null;
  }, [asked.answer]);
  if (viewer.value) return <Shell />;
  return (
    <main class="page">
      {asked.error ? (
        <Failed error={asked.error} again={() => void asked.refresh()} />
      ) : (
        <Skeleton rows={6} what="the page" />
      )}
    </main>
  );
}

const views = [
  { href: '/users', name: 'Users', icon: Users },
  { href: '/authenticators', name: 'Needs attention', icon: TriangleAlert },
  { href: '/policies', name: 'Policies', icon: ScrollText },
];

function Shell() {
  const [location] = useLocation();
  const { viewer: who } = known();
  useHeading(location);
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="bar">
        <Link href="/users" class="brand">
          <ShieldCheck size={24} strokeWidth={1.75} aria-hidden="true" />
          <span>Authenticators</span>
        </Link>
        <nav aria-label="Views">
          {views.map(({ href, name, icon: Icon }) => (
            <Link key={href} href={href} aria-current={location.startsWith(href) ? 'page' : undefined}>
              <Icon size={16} aria-hidden="true" />
              <span>{name}</span>
            </Link>
          ))}
        </nav>
        <div class="who">
          <Indicator />
          <span class="who-name">
            <bdi>{who.tenant?.name}</bdi>
            <span class="muted">
              <bdi>{who.subject}</bdi> · {roleName[who.role]}
            </span>
          </span>
          <button type="button" class="icon-button" aria-label="Sign out" onClick={end}>
            <LogOut size={18} aria-hidden="true" />
          </button>
        </div>
      </header>
      <Announcer />
      <main id="content" class="page" tabIndex={-1}>
        <Switch>
          <Route path="/users" component={Search} />
          <Route path="/users/:uuid/:tab?">
            {({ uuid, tab }) => <UserPage key={uuid} uuid={uuid} tab={tab ?? 'authenticators'} />}
          </Route>
          <Route path="/authenticators" component={Across} />
          <Route path="/policies" component={Policies} />
          <Route>
            <Redirect to="/users" replace />
          </Route>
        </Switch>
      </main>
    </>
  );
}
