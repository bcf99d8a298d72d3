import { ActionDialog, type Outcome } from '../actions/action-dialog';
import { type PolicyFragment as Policy, UnsetPolicy } from '../graphql/generated';
import { request } from '../graphql/request';
import { methodInSentence } from '../ui/words';
import type { App } from './editor';

type Props = { policy: Policy; app: App | null; onDone: () => void; onClose: () => void };

/** Takes a policy back: what is less specific holds again. */
export function Unset({ policy, app, onDone, onClose }: Props) {
  const name = methodInSentence(policy.method);
  const act = async (reason: string): Promise<Outcome> => {
    const input = { method: policy.method, appId: app?.id ?? null, reason };
    const { done } = await request(UnsetPolicy, { input });
    return { userErrors: done?.userErrors ?? [] };
  };
  return (
    <ActionDialog
      title={`Take back the lockout of ${name} ${app ? `in ${app.name}` : 'in the whole tenant'}`}
      verb="Take back"
      danger
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="reach">
        {app
          ? `What the tenant says about ${name} holds in ${app.name} again.`
          : `The built-in lockout of ${name} holds again, except in apps with one of their own.`}
      </p>
      <p class="muted">There is always a lockout. Locks that are running stay as they are.</p>
    </ActionDialog>
  );
}
