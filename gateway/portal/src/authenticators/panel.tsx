import type {
  AuthenticatorInTabFragment as Authenticator,
  ContextInPanelFragment as Context,
} from '../graphql/generated';
import { Copy } from '../ui/copy';
import { Dialog } from '../ui/dialog';
import { MethodIcon } from '../ui/method';
import { breakdown, Status } from '../ui/status';
import { Instant, Left, Moment } from '../ui/time';
import { count, methodName } from '../ui/words';
import { ActionButtons, type Open } from './actions';
import { detailOf } from './reach';

type Props = { authenticator: Authenticator; open: Open; onClose: () => void };

/** What is behind a status: each app that uses the authenticator, and what holds there. */
export function Panel({ authenticator, open, onClose }: Props) {
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
            <InApp context={context} authenticator={authenticator} open={open} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function InApp({
  context,
  authenticator,
  open,
}: {
  context: Context;
  authenticator: Authenticator;
  open: Open;
}) {
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
      <Why context={context} />
      <dl class="facts">
        <dt>Last success</dt>
        <dd>{lastSuccessAt ? <Moment at={lastSuccessAt} /> : 'Never'}</dd>
        <dt>Last failure</dt>
        <dd>{lastFailureAt ? <Moment at={lastFailureAt} /> : 'Never'}</dd>
        {failures > 0 && (
          <>
            <dt>Failures</dt>
            <dd>{status === 'LOCKED' ? `${failures} in a row` : `${failures} count towards a lock`}</dd>
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

/** Why it cannot be used, and until when. */
function Why({ context }: { context: Context }) {
  const { status, reason } = context;
  if (status === 'LOCKED') {
    return (
      <p class="why locked">
        <Sentence text={reason ?? 'locked'} />{' '}
        <End until={context.lockedUntil} endless={context.lockedIndefinitely} by="unlocks it" />
      </p>
    );
  }
  if (status === 'DEACTIVATED') {
    return (
      <p class="why deactivated">
        <Sentence text={reason ?? 'deactivated'} />{' '}
        {context.deactivatedSince && (
          <>
            Since <Instant at={context.deactivatedSince} />.{' '}
          </>
        )}
        <End until={context.deactivatedUntil} endless={context.deactivatedIndefinitely} by="lifts it" />
      </p>
    );
  }
  return null;
}

function End({ until, endless, by }: { until: string | null; endless: boolean; by: string }) {
  if (endless) return <>Until somebody {by}.</>;
  if (until === null) return null;
  return (
    <>
      <strong>
        <Left until={until} />
      </strong>
      , until <Instant at={until} />.
    </>
  );
}

function Sentence({ text }: { text: string }) {
  return <bdi>{`${text.charAt(0).toUpperCase()}${text.slice(1)}.`}</bdi>;
}
