import { useEffect, useRef, useState } from 'preact/hooks';

/** How long a change is pointed out. */
const SHOWN = 2500;

/** Whether a value became another one just now, as long as that is to be seen. Its first value is no change. */
export function useChanged(value: string): boolean {
  const before = useRef(value);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    setChanged(true);
    const timer = setTimeout(() => setChanged(false), SHOWN);
    return () => clearTimeout(timer);
  }, [value]);
  return changed;
}
