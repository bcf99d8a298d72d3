import { expire, token } from '../session/session';
import { followServerClock } from '../ui/clock';
import type { TypedDocument } from './document';

/** Why there is no answer, in words for whoever looks at the page. */
export class RequestError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly requestId?: string,
  ) {
    super(message);
  }

  /** Whether asking again may help. */
  get passing(): boolean {
    return ['UNREACHABLE', 'SERVICE_UNAVAILABLE', 'TIMEOUT', 'RATE_LIMITED', 'INTERNAL'].includes(this.code);
  }
}

type Body<Answer> = {
  data?: Answer | null;
  errors?: { message: string; extensions?: { code?: string; requestId?: string } }[];
};

/** The headers of whatever is asked in the name of who signed in. */
export function headers(accept: string): Record<string, string> {
  return { accept, 'content-type': 'application/json', authorization: `Bearer ${token.peek() ?? ''}` };
}

/** Asks the gateway. Throws a RequestError where the answer has an error or there is none. */
export async function request<Answer, Variables>(
  document: TypedDocument<Answer, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer> {
  const asked = token.peek();
  const { response, body } = await send<Answer>(document.id, variables, signal);
  followServerClock(response.headers.get('date'));
  const error = body.errors?.[0];
  if (error) {
    const code = error.extensions?.code ?? 'INTERNAL';
    if (code === 'UNAUTHENTICATED') expire(asked);
    throw new RequestError(code, inWords(code, error.message), error.extensions?.requestId);
  }
  if (!body.data) throw new RequestError('INTERNAL', inWords('INTERNAL', ''));
  return body.data;
}

async function send<Answer>(documentId: string, variables: unknown, signal: AbortSignal | undefined) {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: headers('application/graphql-response+json'),
      body: JSON.stringify({ documentId, variables }),
      signal: signal ?? null,
    });
    return { response, body: (await response.json()) as Body<Answer> };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new RequestError('UNREACHABLE', 'The server cannot be reached. Check your connection.');
  }
}

const words: Record<string, string> = {
  UNAUTHENTICATED: 'You are not signed in any more.',
  FORBIDDEN: 'Your role may not see this.',
  SERVICE_UNAVAILABLE: 'The service is not available right now.',
  TIMEOUT: 'The service took too long to answer.',
  RATE_LIMITED: 'Too many requests at once. Wait a moment.',
  PERSISTED_QUERY_NOT_FOUND: 'The service has a newer version of this page. Reload it.',
  INTERNAL: 'Something went wrong in the service.',
};

function inWords(code: string, message: string): string {
  return (
    words[code] ?? `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`
  );
}
