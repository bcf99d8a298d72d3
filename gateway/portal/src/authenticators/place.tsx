import { useId } from 'preact/hooks';
import type { AuthenticatorInTabFragment as Authenticator, AuthenticatorAction } from '../graphql/generated';

/** Everywhere, or one app. */
export const EVERYWHERE = 'everywhere';

/** Where the action is offered: the authenticator as a whole, and each of its apps. */
export function placesOf(
  authenticator: Authenticator,
  action: AuthenticatorAction,
): { value: string; name: string }[] {
  const everywhere = authenticator.availableActions.includes(action)
    ? [{ value: EVERYWHERE, name: 'Everywhere, in later apps too' }]
    : [];
  const apps = authenticator.contexts
    .filter(({ availableActions }) => availableActions.includes(action))
    .map(({ app }) => ({ value: app.uuid, name: `Only in ${app.name}` }));
  return [...everywhere, ...apps];
}

/** What a mutation is told about the place. */
export function placeInput(place: string): { everywhere: true } | { appId: string } {
  return place === EVERYWHERE ? { everywhere: true } : { appId: place };
}

type Props = {
  places: { value: string; name: string }[];
  place: string;
  errors: string[];
  onChange: (place: string) => void;
};

export function PlaceField({ places, place, errors, onChange }: Props) {
  const group = useId();
  return (
    <fieldset class="choices">
      <legend>Where</legend>
      {places.map(({ value, name }) => (
        <label key={value}>
          <input type="radio" name={group} checked={place === value} onChange={() => onChange(value)} />
          <bdi>{name}</bdi>
        </label>
      ))}
      {errors.length > 0 && <p class="field-error">{errors.join(' ')}</p>}
    </fieldset>
  );
}
