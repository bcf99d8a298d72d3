import { useState } from 'preact/hooks';
import { ActionDialog, type Outcome } from '../actions/action-dialog';
import { ReactivateAuthenticator } from '../graphql/generated';
import { request } from '../graphql/request';
import { methodInSentence } from '../ui/words';
import type { ActionProps } from './action-props';
import { EVERYWHERE, PlaceField, placeInput, placesOf } from './place';

/** Lifts an administrator's block, the one that holds everywhere or the one of an app. */
export function Reactivate({ authenticator, app, onDone, onClose }: ActionProps) {
  const places = placesOf(authenticator, 'REACTIVATE').map((place) =>
    place.value === EVERYWHERE ? { ...place, name: 'The block that holds everywhere' } : place,
  );
  const [place, setPlace] = useState(app ?? places[0]?.value ?? EVERYWHERE);
  const name = methodInSentence(authenticator.method);
  const where = authenticator.contexts.find((context) => context.app.uuid === place)?.app.name;

  const act = async (reason: string): Promise<Outcome> => {
    const input = { authenticatorId: authenticator.id, ...placeInput(place), reason };
    const { done } = await request(ReactivateAuthenticator, { input });
    return done ?? { changes: [], userErrors: [] };
  };

  return (
    <ActionDialog
      title={`Reactivate ${name}`}
      verb="Reactivate"
      reasons={['Investigation is over', 'Device was found']}
      fields={(errorsOf) =>
        places.length > 1 && (
          <PlaceField
            places={places}
            place={place}
            errors={[...errorsOf('appId'), ...errorsOf('everywhere')]}
            onChange={setPlace}
          />
        )
      }
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="reach">
        {where
          ? `Lifts the deactivation of this ${name} in ${where}.`
          : `Lifts the deactivation of this ${name} that holds everywhere. One in a single app stays.`}
      </p>
      <p class="muted">
        It is again what its other facts make it: a lock that is still running is in force again.
      </p>
    </ActionDialog>
  );
}
