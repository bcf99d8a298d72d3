import { useEffect, useRef } from 'preact/hooks';

/** Asks again whenever `version` is another one. */
export function useVersion(version: unknown, refresh: () => Promise<void>): void {
  const seen = useRef(version);
  useEffect(() => {
    if (seen.current === version) return;
    seen.current = version;
    void refresh();
  }, [version, refresh]);
}
