import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** What a control inside a field needs to be told to whoever does not see it. */
export type Described = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };

type Props = {
  label: string;
  hint?: string | undefined;
  errors?: string[];
  children: (described: Described) => ComponentChildren;
};

/** A label, its control, a hint, and what is wrong with what was entered. */
export function Field({ label, hint, errors = [], children }: Props) {
  const id = useId();
  const described = [hint && `${id}-hint`, errors.length > 0 && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': errors.length > 0 })}
      {hint && (
        <p id={`${id}-hint`} class="muted small">
          {hint}
        </p>
      )}
      {errors.length > 0 && (
        <p id={`${id}-error`} class="field-error">
          {errors.join(' ')}
        </p>
      )}
    </div>
  );
}
