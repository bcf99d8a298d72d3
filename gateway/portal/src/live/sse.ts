export type Message = { event: string; data: string };

/** The messages of a text/event-stream, as they arrive (HTML standard, server-sent events). */
export async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let message: Message = { event: 'message', data: '' };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '') {
        take(line, message);
      } else {
        if (message.data || message.event !== 'message') yield message;
        message = { event: 'message', data: '' };
      }
    }
  }
}

function take(line: string, message: Message): void {
  const colon = line.indexOf(':');
  // A line that begins with a colon is a comment: it only shows that the connection lives.
  if (colon === 0) return;
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'event') message.event = value;
  if (field === 'data') message.data += message.data ? `\n${value}` : value;
}
