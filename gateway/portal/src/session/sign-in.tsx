import { ShieldCheck } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { Field } from '../ui/field';
import { Notice } from '../ui/notice';
import { signIn } from './oidc';
import { begin } from './session';
import type { Settings } from './settings';

type Props = { settings: Settings | null; embedded: boolean; failure: string | null };

/** What there is before anybody is signed in. */
export function SignIn({ settings, embedded, failure }: Props) {
  return (
    <main class="sign-in">
      <div class="card">
        <ShieldCheck size={36} strokeWidth={1.5} class="mark" aria-hidden="true" />
        <h1 tabIndex={-1}>Authenticators</h1>
        <p class="muted">How users prove who they are, what is locked, and the one button that helps.</p>
        {failure && <Notice tone="error">{failure}</Notice>}
        {embedded ? (
          <p role="status">Waiting for the surrounding page to sign you in …</p>
        ) : (
          <Ways settings={settings} />
        )}
      </div>
    </main>
  );
}

function Ways({ settings }: { settings: Settings | null }) {
  return settings?.signIn ? <ByIssuer issuer={settings.signIn} /> : <ByToken />;
}

export function ByIssuer({ issuer }: { issuer: NonNullable<Settings['signIn']> }) {
  const [leaving, setLeaving] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const leave = async () => {
    setLeaving(true);
    try {
      await signIn(issuer);
    } catch (error) {
      setLeaving(false);
      setFailure(
        error instanceof TypeError ? 'The issuer cannot be reached.' : String((error as Error).message),
      );
    }
  };
  return (
    <>
      {failure && <Notice tone="error">{failure}</Notice>}
      <button type="button" class="button primary wide" disabled={leaving} onClick={() => void leave()}>
        Sign in with {new URL(issuer.issuer).host}
      </button>
    </>
  );
}

export function ByToken() {
  const [given, setGiven] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (given.trim()) begin(given.trim());
      }}
    >
      <Field
        label="Access token"
        hint="From “make run”, “make token” or “gateway token”. It stays in this page’s memory and nowhere else."
      >
        {(described) => (
          <input
            {...described}
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={given}
            onInput={(event) => setGiven(event.currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button primary wide">
        Sign in
      </button>
    </form>
  );
}
