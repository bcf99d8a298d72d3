import { useState } from 'preact/hooks';
import { ActionDialog, type Outcome } from '../actions/action-dialog';
import { complaintsOf, instantOf, type Until, UntilField } from '../actions/until';
import {
  type AuthenticatorInTabFragment as Authenticator,
  type PersonFragment,
  ReinstateUser,
  SuspendUser,
} from '../graphql/generated';
import { request } from '../graphql/request';
import { count } from '../ui/words';
import { nameOf } from './person';

type Props = {
  user: PersonFragment & { authenticators: Authenticator[] };
  onDone: () => void;
  onClose: () => void;
};

export function Suspend({ user, onDone, onClose }: Props) {
  const [until, setUntil] = useState<Until>({ kind: 'good' });
  const act = async (reason: string): Promise<Outcome> => {
    const end = instantOf(until);
    if (end === undefined) return { userErrors: complaintsOf(until) };
    const { done } = await request(SuspendUser, { input: { userId: user.id, until: end, reason } });
    return done ?? { changes: [], userErrors: [] };
  };
  return (
    <ActionDialog
      title={`Suspend ${nameOf(user)}`}
      verb="Suspend"
      danger
      reasons={['Suspected takeover', 'Chargeback under review']}
      warning={`${nameOf(user)} will not be able to sign in anywhere.`}
      fields={(errorsOf) => <UntilField until={until} errors={errorsOf('until')} onChange={setUntil} />}
      check={() => complaintsOf(until)}
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="reach">
        Blocks{' '}
        {user.authenticators.length === 1
          ? 'the one authenticator'
          : `all ${count(user.authenticators.length, 'authenticator')}`}{' '}
        in every app, and those that are registered later.
      </p>
      <p class="muted">
        Locks and deactivations stay underneath. Reinstating brings back exactly what there was.
      </p>
    </ActionDialog>
  );
}

export function Reinstate({ user, onDone, onClose }: Props) {
  const act = async (reason: string): Promise<Outcome> => {
    const { done } = await request(ReinstateUser, { input: { userId: user.id, reason } });
    return done ?? { changes: [], userErrors: [] };
  };
  return (
    <ActionDialog
      title={`Reinstate ${nameOf(user)}`}
      verb="Reinstate"
      reasons={['Review is over']}
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="reach">
        Lifts the suspension. Every authenticator is again exactly what it was, a lock that is still running
        included.
      </p>
    </ActionDialog>
  );
}
