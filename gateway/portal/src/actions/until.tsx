import { useId } from 'preact/hooks';
import type { ComplaintFragment } from '../graphql/generated';
import { serverTime } from '../ui/clock';
import { Field } from '../ui/field';

/** How long a block holds: for good, for a while from now, or until an instant of one's own. */
export type Until = { kind: 'good' } | { kind: 'hours'; hours: number } | { kind: 'instant'; local: string };

const choices: { value: string; name: string; until: Until }[] = [
  { value: 'good', name: 'Until somebody lifts it', until: { kind: 'good' } },
  { value: '1', name: 'For 1 hour', until: { kind: 'hours', hours: 1 } },
  { value: '24', name: 'For 24 hours', until: { kind: 'hours', hours: 24 } },
  { value: '168', name: 'For 7 days', until: { kind: 'hours', hours: 168 } },
  { value: 'instant', name: 'Until …', until: { kind: 'instant', local: '' } },
];

/** The instant that is sent; null for good, undefined where none that is still to come was chosen. */
export function instantOf(until: Until): string | null | undefined {
  if (until.kind === 'good') return null;
  if (until.kind === 'hours') return new Date(serverTime() + until.hours * 3_600_000).toISOString();
  const instant = Date.parse(until.local);
  return instant > serverTime() ? new Date(instant).toISOString() : undefined;
}

type Props = { until: Until; errors: string[]; onChange: (until: Until) => void };

export function UntilField({ until, errors, onChange }: Props) {
  const group = useId();
  const chosen = until.kind === 'hours' ? String(until.hours) : until.kind;
  const zone = new Intl.DateTimeFormat('en', { timeZoneName: 'long' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value;
  return (
    <>
      <fieldset class="choices">
        <legend>How long</legend>
        {choices.map(({ value, name, until: choice }) => (
          <label key={value}>
            <input type="radio" name={group} checked={chosen === value} onChange={() => onChange(choice)} />
            {name}
          </label>
        ))}
      </fieldset>
      {until.kind === 'instant' && (
        <Field label="Until" hint={zone && `Your time: ${zone}`} errors={errors}>
          {(described) => (
            <input
              {...described}
              type="datetime-local"
              value={until.local}
              onInput={(event) => onChange({ kind: 'instant', local: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      {until.kind !== 'instant' && errors.length > 0 && <p class="field-error">{errors.join(' ')}</p>}
    </>
  );
}

/** Complaints like the server's about an instant that is missing or past. */
export function complaintsOf(until: Until): ComplaintFragment[] {
  if (instantOf(until) !== undefined) return [];
  return [
    {
      field: ['input', 'until'],
      message: 'Choose a day and a time in the future',
      code: 'INVALID_ARGUMENT',
    },
  ];
}
