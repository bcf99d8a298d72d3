import { useState } from 'preact/hooks';
import { ActionDialog, type Outcome } from '../actions/action-dialog';
import { complaintsOf, instantOf, type Until, UntilField } from '../actions/until';
import { DeactivateAuthenticator } from '../graphql/generated';
import { request } from '../graphql/request';
import { known } from '../session/viewer';
import { list, methodInSentence } from '../ui/words';
import type { ActionProps } from './action-props';
import { EVERYWHERE, PlaceField, placeInput, placesOf } from './place';
import { detailOf } from './reach';
import { lossOf } from './usable';

/** Blocks an authenticator, in one app or everywhere, for a while or for good. */
export function Deactivate({ authenticator, app, all, user, onDone, onClose }: ActionProps) {
  const places = placesOf(authenticator, 'DEACTIVATE');
  const [place, setPlace] = useState(app ?? places[0]?.value ?? EVERYWHERE);
  const [until, setUntil] = useState<Until>({ kind: 'good' });
  const name = methodInSentence(authenticator.method);
  const detail = detailOf(authenticator);
  const called = detail ? `${name} (${detail})` : name;
  const apps = authenticator.contexts.map(({ app }) => app.name);
  const where = authenticator.contexts.find((context) => context.app.uuid === place)?.app.name;

  const act = async (reason: string): Promise<Outcome> => {
    const end = instantOf(until);
    if (end === undefined) return { userErrors: complaintsOf(until) };
    const input = { authenticatorId: authenticator.id, ...placeInput(place), until: end, reason };
    const { done } = await request(DeactivateAuthenticator, { input });
    return done ?? { changes: [], userErrors: [] };
  };

  return (
    <ActionDialog
      title={`Deactivate ${name}`}
      verb="Deactivate"
      danger
      reasons={['Suspected takeover', 'Device lost or stolen', 'Asked for by the user']}
      warning={lossOf(
        { ids: [authenticator.id], app: place === EVERYWHERE ? null : place },
        all,
        known().apps,
        user,
      )}
      fields={(errorsOf) => (
        <>
          <PlaceField
            places={places}
            place={place}
            errors={[...errorsOf('appId'), ...errorsOf('everywhere')]}
            onChange={setPlace}
          />
          <UntilField until={until} errors={errorsOf('until')} onChange={setUntil} />
        </>
      )}
      check={() => complaintsOf(until)}
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="reach">
        {where
          ? `Nobody can sign in to ${where} with this ${called}. Other apps stay as they are.`
          : `Nobody can sign in anywhere with this ${called}: ${
              apps.length > 0
                ? `it is blocked in ${list(apps)}, and in apps that come later`
                : 'it is blocked in every app'
            }.`}
      </p>
    </ActionDialog>
  );
}
