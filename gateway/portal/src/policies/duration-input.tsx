import type { Described } from '../ui/field';
import { type Entered, type Unit, units } from './draft';

type Props = {
  described: Described;
  label: string;
  value: NonNullable<Entered>;
  onChange: (value: NonNullable<Entered>) => void;
};

/** A number and its unit. */
export function DurationInput({ described, label, value, onChange }: Props) {
  return (
    <span class="duration">
      <input
        {...described}
        type="number"
        min={1}
        step={1}
        inputMode="numeric"
        value={value.amount}
        onInput={(event) => onChange({ ...value, amount: event.currentTarget.value })}
      />
      <select
        aria-label={`Unit of ${label}`}
        value={value.unit}
        onChange={(event) => onChange({ ...value, unit: event.currentTarget.value as Unit })}
      >
        {Object.keys(units).map((unit) => (
          <option key={unit}>{unit}</option>
        ))}
      </select>
    </span>
  );
}
