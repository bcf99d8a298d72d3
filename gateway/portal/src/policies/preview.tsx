import { useState } from 'preact/hooks';
import { type LockoutPolicySimulationInput, TryPolicy, type TryPolicyQuery } from '../graphql/generated';
import { RequestError, request } from '../graphql/request';
import { serverTime } from '../ui/clock';
import { duration } from '../ui/duration';
import { Select } from '../ui/filters';
import { Failed, Notice } from '../ui/notice';
import { count } from '../ui/words';

type Summary = NonNullable<TryPolicyQuery['simulation']['summary']>;
type Answer = TryPolicyQuery['simulation'];

const spans = [
  { value: '7', name: 'the last 7 days' },
  { value: '30', name: 'the last 30 days' },
  { value: '90', name: 'the last 90 days' },
];

/** What the policy would have made of the attempts that were recorded. */
export function Preview({ input }: { input: LockoutPolicySimulationInput }) {
  const [span, setSpan] = useState('30');
  const [asking, setAsking] = useState(false);
  const [answer, setAnswer] = useState<{ of: string; is: Answer } | null>(null);
  const [failure, setFailure] = useState<RequestError | null>(null);
  const question = JSON.stringify([input, span]);

  const ask = async () => {
    setAsking(true);
    setFailure(null);
    try {
      const since = span ? new Date(serverTime() - Number(span) * 86_400_000).toISOString() : null;
      const { simulation } = await request(TryPolicy, { input: { ...input, since } });
      setAnswer({ of: question, is: simulation });
    } catch (error) {
      setFailure(error instanceof RequestError ? error : new RequestError('INTERNAL', String(error)));
    } finally {
      setAsking(false);
    }
  };

  // An answer to what has been changed since is none.
  const current = answer?.of === question ? answer.is : null;
  return (
    <section class="preview" aria-label="Preview">
      <div class="toolbar">
        <button type="button" class="button small" aria-disabled={asking} onClick={() => void ask()}>
          {asking ? 'Trying it …' : 'Try it on'}
        </button>
        <Select label="Attempts of" any="all attempts" value={span} options={spans} onChange={setSpan} />
      </div>
      <div aria-live="polite">
        {failure && <Failed error={failure} />}
        {current && current.userErrors.length > 0 && (
          <Notice tone="error">{current.userErrors.map(({ message }) => message).join('. ')}.</Notice>
        )}
        {current?.summary && <Tried summary={current.summary} />}
      </div>
    </section>
  );
}

function Tried({ summary }: { summary: Summary }) {
  const { attempts, users, usersLocked, usersKeptOut, locks, lockedForSeconds, refused, wouldBeLockedNow } =
    summary;
  if (attempts === 0) return <p class="muted">There are no attempts to try it on.</p>;
  return (
    <>
      <dl class="figures">
        <Figure name="users locked" value={`${number(usersLocked)} of ${number(users)}`} />
        <Figure
          name="users kept out with the right secret"
          value={number(usersKeptOut)}
          warn={usersKeptOut > 0}
        />
        <Figure name="attempts refused" value={`${number(refused)} of ${number(attempts)}`} />
        <Figure name="locked now" value={number(wouldBeLockedNow)} />
      </dl>
      <p class="muted small">
        {count(locks, 'lock')}
        {locks > 0 && `, ${duration(lockedForSeconds / locks)} each on average`}.
      </p>
    </>
  );
}

function Figure({ name, value, warn = false }: { name: string; value: string; warn?: boolean }) {
  return (
    <div class={warn ? 'figure warn' : 'figure'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function number(many: number): string {
  return many.toLocaleString('en');
}
