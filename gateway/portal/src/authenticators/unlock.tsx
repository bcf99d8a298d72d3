import { useState } from 'preact/hooks';
import { ActionDialog, type Outcome } from '../actions/action-dialog';
import { type AuthenticatorInTabFragment as Authenticator, UnlockAuthenticator } from '../graphql/generated';
import { request } from '../graphql/request';
import { known } from '../session/viewer';
import { methodInSentence } from '../ui/words';
import type { ActionProps } from './action-props';
import { unlockableIn, unlockNamesApp, unlockReach } from './reach';

/** Clears locks and failures, as far as the scope of the method reaches. */
export function Unlock({ authenticator, app, all, onDone, onClose }: ActionProps) {
  const named = unlockNamesApp(authenticator);
  const possible = unlockableIn(authenticator);
  const [chosen, setChosen] = useState(app ? [app] : possible.map(({ uuid }) => uuid));
  const apps = possible.filter(({ uuid }) => chosen.includes(uuid));
  const reach = unlockReach(authenticator, apps, all);

  const act = async (reason: string): Promise<Outcome> => {
    if (!named) return await unlock(authenticator, askedFrom(authenticator), reason);
    if (apps.length === 0) return nowhere;
    const outcomes: Outcome[] = [];
    for (const { uuid } of apps) outcomes.push(await unlock(authenticator, uuid, reason));
    return {
      changes: outcomes.flatMap(({ changes = [] }) => changes),
      userErrors: outcomes.flatMap(({ userErrors }) => userErrors),
    };
  };

  return (
    <ActionDialog
      title={`Unlock ${methodInSentence(authenticator.method)}`}
      verb="Unlock"
      reasons={['Caller proved who they are', 'Forgot the new password, has it again', 'Attack is over']}
      fields={(errorsOf) =>
        named &&
        possible.length > 1 && (
          <fieldset class="choices">
            <legend>Where</legend>
            {possible.map(({ uuid, name }) => (
              <label key={uuid}>
                <input
                  type="checkbox"
                  checked={chosen.includes(uuid)}
                  onChange={(event) =>
                    setChosen(
                      event.currentTarget.checked ? [...chosen, uuid] : chosen.filter((one) => one !== uuid),
                    )
                  }
                />
                <bdi>{name}</bdi>
              </label>
            ))}
            {errorsOf('appId').map((error) => (
              <p key={error} class="field-error">
                {error}
              </p>
            ))}
          </fieldset>
        )
      }
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      {reach.map((sentence) => (
        <p key={sentence} class="reach">
          {sentence}
        </p>
      ))}
      <p class="muted">Failures start again at zero. What an administrator deactivated stays deactivated.</p>
    </ActionDialog>
  );
}

const nowhere: Outcome = {
  changes: [],
  userErrors: [{ field: ['input', 'appId'], message: 'Choose an app', code: 'APP_REQUIRED' }],
};

/** Whoever is confined to apps asks from one of them, though it reaches all. */
function askedFrom(authenticator: Authenticator): string | null {
  return known().viewer.apps ? (unlockableIn(authenticator)[0]?.uuid ?? null) : null;
}

async function unlock(authenticator: Authenticator, appId: string | null, reason: string): Promise<Outcome> {
  const input = { authenticatorId: authenticator.id, appId, reason };
  const { done } = await request(UnlockAuthenticator, { input });
  return done ?? { changes: [], userErrors: [] };
}
