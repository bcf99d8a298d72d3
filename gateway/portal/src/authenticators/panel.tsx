import type {
  AuthenticatorInTabFragment as Authenticator,
  ContextInPanelFragment as Context,
} from '../graphql/generated';
import { useEvents } from '../history/history';
import { Timeline } from '../history/timeline';
import { Copy } from '../ui/copy';
import { Dialog } from '../ui/dialog';
import { MethodIcon } from '../ui/method';
import { Failed, Skeleton } from '../ui/notice';
import { breakdown, Status } from '../ui/status';
import { Instant, Left, Moment } from '../ui/time';
import { count, methodName, statusName } from '../ui/words';
import { ActionButtons, type Open } from './actions';
import { detailOf } from './reach';
import { type Explanation, piecesOf, useExplanations } from './why';

type Props = {
  authenticator: Authenticator;
  /** The user's key. */
  user: string;
  /** Changes when something of the user did. */
  version: unknown;
  open: Open;
  onClose: () => void;
};

/** What is behind a status: each app that uses the authenticator, and what holds there. */
export function Panel({ authenticator, user, version, open, onClose }: Props) {
  const explanations = useExplanations(authenticator.id, version);
  const { method, status, statusCounts, contexts, uuid, registeredAt, availableActions } = authenticator;
  const detail = detailOf(authenticator);
  return (
    <Dialog
      shape="panel"
      onClose={onClose}
      title={
        <span class="method">
          <MethodIcon method={method} />
          <span class="method-words">
            <span>{methodName[method]}</span>
            {detail && <bdi class="muted small">{detail}</bdi>}
          </span>
        </span>
      }
    >
      <div class="panel-summary">
        <Status status={status} />
        {status === 'MIXED' && <span class="muted">{breakdown(statusCounts)}</span>}
        <ActionButtons
          actions={availableActions.filter(
            (action) => action !== 'UNLOCK' || authenticator.scope === 'GLOBAL_USER',
          )}
          authenticator={authenticator}
          what={`${methodName[method]} everywhere`}
          open={open}
        />
      </div>
      <dl class="facts">
        <dt>Registered</dt>
        <dd>
          <Moment at={registeredAt} />
        </dd>
        <dt>Id</dt>
        <dd>
          <Copy text={uuid} what="the id" />
        </dd>
      </dl>
      <h3>{contexts.length === 0 ? 'Apps' : count(contexts.length, 'app')}</h3>
      {contexts.length === 0 && (
        <p class="muted">
          Not used in any app yet. It is ready in every app that offers {methodName[method]}.
        </p>
      )}
      <ul class="contexts">
        {contexts.map((context) => (
          <li key={context.app.uuid}>
            <InApp
              context={context}
              authenticator={authenticator}
              explanation={explanations.get(context.app.uuid)}
              open={open}
            />
          </li>
        ))}
      </ul>
      <Recent authenticator={authenticator} user={user} version={version} />
    </Dialog>
  );
}

/** The last events of the authenticator. */
function Recent({ authenticator, user, version }: Pick<Props, 'authenticator' | 'user' | 'version'>) {
  const found = useEvents(user, { authenticator: authenticator.id }, version, 5);
  return (
    <section class="recent" aria-label="Recent events">
      <h3>Recent events</h3>
      {found.error && <Failed error={found.error} again={() => void found.refresh()} />}
      {!found.answer && !found.error && <Skeleton rows={3} what="events" />}
      {found.answer?.items.length === 0 && <p class="muted">None yet.</p>}
      {found.answer && <Timeline events={found.answer.items} heading="h4" />}
      {found.answer?.more && (
        <button type="button" class="button small" onClick={found.showMore}>
          Show older
        </button>
      )}
    </section>
  );
}

type InAppProps = {
  context: Context;
  authenticator: Authenticator;
  /** Once it is there. */
  explanation: Explanation | undefined;
  open: Open;
};

function InApp({ context, authenticator, explanation, open }: InAppProps) {
  const { app, status, available, device, failures, reason, lastSuccessAt, lastFailureAt, lastDevice } =
    context;
  return (
    <article class="context" aria-label={app.name}>
      <header>
        <h4>
          <bdi>{app.name}</bdi>
          {device && <bdi class="muted small"> on {device.name}</bdi>}
        </h4>
        <Status status={status} />
      </header>
      {!available && <p class="muted">The app does not offer this method now.</p>}
      <Why context={context} explanation={explanation} />
      <dl class="facts">
        <dt>Last success</dt>
        <dd>{lastSuccessAt ? <Moment at={lastSuccessAt} /> : 'Never'}</dd>
        <dt>Last failure</dt>
        <dd>{lastFailureAt ? <Moment at={lastFailureAt} /> : 'Never'}</dd>
        {failures > 0 && (
          <>
            <dt>Failures</dt>
            <dd>{failuresInWords(failures, status === 'LOCKED' ? null : explanation?.next)}</dd>
          </>
        )}
        {lastDevice && (
          <>
            <dt>Last device</dt>
            <dd>
              <bdi>{lastDevice.name}</bdi>
            </dd>
          </>
        )}
        <dt>Registered</dt>
        <dd>
          <Moment at={context.registeredAt} />
        </dd>
      </dl>
      {reason && status !== 'LOCKED' && status !== 'DEACTIVATED' && <p class="muted">{reason}</p>}
      <ActionButtons
        actions={context.availableActions.filter(
          // A global one is unlocked in all apps at once, which is offered once.
          (action) => action !== 'UNLOCK' || authenticator.scope !== 'GLOBAL_USER',
        )}
        authenticator={authenticator}
        app={app.uuid}
        what={`${methodName[authenticator.method]} in ${app.name}`}
        open={open}
      />
    </article>
  );
}

/** "2 of 5": how many there are, and how many lock. */
function failuresInWords(failures: number, next: number | null | undefined): string {
  return next ? `${failures} of ${next} that lock` : `${failures} in a row`;
}

/** Why it cannot be used, and until when: what is known at once, until the whole explanation is there. */
function Why({ context, explanation }: Pick<InAppProps, 'context' | 'explanation'>) {
  const { status, reason } = context;
  if (status !== 'LOCKED' && status !== 'DEACTIVATED') return null;
  return (
    <div class={`why ${status.toLowerCase()}`}>
      {status === 'LOCKED' ? (
        <End until={context.lockedUntil} endless={context.lockedIndefinitely} by="unlocks it" />
      ) : (
        <End until={context.deactivatedUntil} endless={context.deactivatedIndefinitely} by="lifts it" />
      )}
      <p class="explanation">
        <bdi>
          {explanation
            ? piecesOf(explanation.sentence).map((piece) =>
                typeof piece === 'string' ? piece : <Instant key={piece.at} at={piece.at} />,
              )
            : sentence(reason ?? statusName[status])}
        </bdi>
      </p>
    </div>
  );
}

function End({ until, endless, by }: { until: string | null; endless: boolean; by: string }) {
  if (endless) {
    return (
      <p>
        <strong>Until somebody {by}</strong>
      </p>
    );
  }
  if (until === null) return null;
  return (
    <p>
      <strong>
        <Left until={until} />
      </strong>
      , until <Instant at={until} />
    </p>
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
