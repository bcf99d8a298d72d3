import { signal } from '@preact/signals';
import { Changes, type ChangesSubscription } from '../graphql/generated';
import { headers } from '../graphql/request';
import { expire, token } from '../session/session';
import { messages } from './sse';

export type Change = ChangesSubscription['authenticatorChanged'];

/** Whether changes reach the page by themselves. */
export const connection = signal<'off' | 'connecting' | 'live' | 'lost'>('off');

/** The server says something at least every 15 seconds; a connection that is silent for longer is dead. */
const SILENCE = 40_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/** The server has answered that it does not go on. */
class Refused extends Error {}

type Followed = {
  /** Only this user's changes. */
  userId: string | null;
  onChange: (change: Change) => void;
  /** Something may have been missed: the connection was away and there is nothing to resume from. */
  onGap: () => void;
};

/** Follows changes until it is told to stop; a connection that breaks is made again from where it was. */
export function follow(followed: Followed): () => void {
  const stopped = new AbortController();
  void keep(followed, stopped.signal).finally(() => {
    connection.value = 'off';
  });
  return () => stopped.abort();
}

async function keep(followed: Followed, stopped: AbortSignal): Promise<void> {
  let after: string | null = null;
  let pause = FIRST_PAUSE;
  let broken = false;
  connection.value = 'connecting';
  while (!stopped.aborted) {
    try {
      for await (const change of listen(followed.userId, after, stopped, () => {
        pause = FIRST_PAUSE;
        connection.value = 'live';
        if (broken && after === null) followed.onGap();
        broken = false;
      })) {
        after = change.cursor;
        followed.onChange(change);
      }
    } catch (error) {
      // Whatever it was, it is tried again; where the server cannot go on from there, from now on.
      if (error instanceof Refused) after = null;
    }
    if (stopped.aborted) return;
    broken = true;
    connection.value = 'lost';
    await waitOrOnline(pause * (0.75 + Math.random() / 2), stopped);
    pause = Math.min(LONGEST_PAUSE, pause * 2);
  }
}

async function* listen(
  userId: string | null,
  after: string | null,
  stopped: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<Change> {
  const silent = new AbortController();
  let timer = setTimeout(() => silent.abort(), SILENCE);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silent.abort(), SILENCE);
  };
  try {
    const asked = token.peek();
    const response = await fetch('/graphql/stream', {
      method: 'POST',
      headers: headers('text/event-stream'),
      body: JSON.stringify({ documentId: Changes.id, variables: { userId, after } }),
      signal: AbortSignal.any([stopped, silent.signal]),
    });
    if (response.status === 401) expire(asked);
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    onOpen();
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          heard();
          controller.enqueue(chunk);
        },
      }),
    );
    for await (const { event, data } of messages(body)) {
      if (event === 'complete') return;
      if (event !== 'next') continue;
      const answer = JSON.parse(data) as { data?: ChangesSubscription | null; errors?: unknown[] };
      if (answer.errors || !answer.data) throw new Refused();
      yield answer.data.authenticatorChanged;
    }
  } finally {
    clearTimeout(timer);
  }
}

function waitOrOnline(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener('online', done);
      stopped.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    stopped.addEventListener('abort', done);
  });
}
