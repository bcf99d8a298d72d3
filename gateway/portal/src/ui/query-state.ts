import { useSearchParams } from 'wouter-preact';

type Changes = Record<string, string | string[] | null>;

/** The part of the address behind the question mark: what is filtered, and what is open. */
export function useQueryState() {
  const [params, setParams] = useSearchParams();
  const change = (changes: Changes, options?: { replace?: boolean }) =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      for (const [name, value] of Object.entries(changes)) {
        next.delete(name);
        for (const one of [value].flat()) if (one) next.append(name, one);
      }
      return next;
    }, options);
  return { params, change };
}
