import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { RequestError } from './request';

/** What is known of a question at this moment. An answer stays while a newer one is on the way. */
export type Asked<Answer> = {
  answer: Answer | undefined;
  error: RequestError | undefined;
  /** Whether an answer to this question, not an earlier one, is still to come. */
  loading: boolean;
  /** Asks again, without taking anything off the screen. */
  refresh: () => Promise<void>;
};

/** Asks whenever `key` changes; `ask` must depend on nothing else. A newer question takes back the one before. */
export function useQuery<Answer>(key: string, ask: (signal: AbortSignal) => Promise<Answer>): Asked<Answer> {
  const [known, setKnown] = useState<{ key: string; answer?: Answer; error?: RequestError }>({ key: '' });
  const running = useRef<AbortController>(null);
  const asking = useRef(ask);
  asking.current = ask;

  const refresh = useCallback(async () => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    try {
      const answer = await asking.current(controller.signal);
      if (!controller.signal.aborted) setKnown({ key, answer });
    } catch (error) {
      if (controller.signal.aborted) return;
      const told = error instanceof RequestError ? error : new RequestError('INTERNAL', String(error));
      setKnown((before) =>
        before.key === key && before.answer !== undefined
          ? { key, answer: before.answer, error: told }
          : { key, error: told },
      );
    }
  }, [key]);

  useEffect(() => {
    void refresh();
    return () => running.current?.abort();
  }, [refresh]);

  return { answer: known.answer, error: known.error, loading: known.key !== key, refresh };
}
