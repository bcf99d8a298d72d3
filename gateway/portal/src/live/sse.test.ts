import { expect, test } from 'vitest';
import { type Message, messages } from './sse';

async function read(...chunks: string[]): Promise<Message[]> {
  const bytes = new TextEncoder();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytes.encode(chunk));
      controller.close();
    },
  });
  const all: Message[] = [];
  for await (const message of messages(stream)) all.push(message);
  return all;
}

test('messages are told apart, however they are cut', async () => {
  const expected = [
    { event: 'next', data: '{"a":1}' },
    { event: 'complete', data: '' },
  ];
  expect(await read('event: next\ndata: {"a":1}\n\nevent: complete\ndata:\n\n')).toEqual(expected);
  expect(await read('event: ne', 'xt\nda', 'ta: {"a":1}', '\n', '\nevent: complete\r\n', '\r\n')).toEqual(
    expected,
  );
});

test('comments and unfinished messages are none', async () => {
  expect(await read(': still here\n\n', 'data: 1')).toEqual([]);
});

test('data may have several lines', async () => {
  expect(await read('data: a\ndata: b\n\n')).toEqual([{ event: 'message', data: 'a\nb' }]);
});
