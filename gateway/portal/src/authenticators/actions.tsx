import { useState } from 'preact/hooks';
import type { AuthenticatorInTabFragment as Authenticator, AuthenticatorAction } from '../graphql/generated';
import { Deactivate } from './deactivate';
import { Reactivate } from './reactivate';
import { Unlock } from './unlock';

const dialogs = { UNLOCK: Unlock, DEACTIVATE: Deactivate, REACTIVATE: Reactivate };
const names = { UNLOCK: 'Unlock', DEACTIVATE: 'Deactivate', REACTIVATE: 'Reactivate' };

/** Opens the dialog of an action, on an authenticator as a whole or in one app. */
export type Open = (action: AuthenticatorAction, authenticator: Authenticator, app?: string) => void;

type Context = { all: Authenticator[]; user: string; refresh: () => Promise<void> };

export function useActions({ all, user, refresh }: Context) {
  const [opened, setOpened] = useState<{
    action: AuthenticatorAction;
    authenticator: Authenticator;
    app: string | null;
  } | null>(null);
  const open: Open = (action, authenticator, app) => setOpened({ action, authenticator, app: app ?? null });
  const Dialog = opened && dialogs[opened.action];
  const dialog = Dialog && (
    <Dialog
      authenticator={opened.authenticator}
      app={opened.app}
      all={all}
      user={user}
      onDone={() => void refresh()}
      onClose={() => setOpened(null)}
    />
  );
  return { open, dialog };
}

/** Every action that the authenticator offers as a whole or in some app. */
export function actionsOf({ availableActions, contexts }: Authenticator): AuthenticatorAction[] {
  const offered = new Set([...availableActions, ...contexts.flatMap((context) => context.availableActions)]);
  return (['UNLOCK', 'REACTIVATE', 'DEACTIVATE'] as const).filter((action) => offered.has(action));
}

/** The buttons of actions. Nothing else offers them, and only what the database says is offered. */
export function ActionButtons(props: {
  actions: AuthenticatorAction[];
  authenticator: Authenticator;
  app?: string;
  /** What the action is on, for whoever hears the buttons one by one. */
  what: string;
  open: Open;
}) {
  return (
    <span class="actions">
      {props.actions.map((action) => (
        <button
          key={action}
          type="button"
          class={`button small ${action === 'DEACTIVATE' ? 'quiet' : ''}`}
          onClick={() => props.open(action, props.authenticator, props.app)}
        >
          {names[action]}
          <span class="visually-hidden"> {props.what}</span>
        </button>
      ))}
    </span>
  );
}
