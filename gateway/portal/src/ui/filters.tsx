type Option<Value extends string> = { value: Value; name: string };

/** A choice of one; the empty value is "any". */
export function Select<Value extends string>(props: {
  label: string;
  any: string;
  value: string;
  options: Option<Value>[];
  onChange: (value: Value | '') => void;
}) {
  return (
    <label class="select">
      <span class="visually-hidden">{props.label}</span>
      <select
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value as Value | '')}
      >
        <option value="">{props.any}</option>
        {props.options.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Views of one list next to each other, of which one is shown. */
export function Segments<Value extends string>(props: {
  label: string;
  value: Value;
  options: Option<Value>[];
  onChange: (value: Value) => void;
}) {
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{props.label}</legend>
      {props.options.map(({ value, name }) => (
        <label key={value}>
          <input
            type="radio"
            name={props.label}
            value={value}
            checked={props.value === value}
            onChange={() => props.onChange(value)}
          />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
