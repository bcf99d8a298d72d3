import { CircleCheck, Info, TriangleAlert } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import type { RequestError } from '../graphql/request';

type Tone = 'error' | 'warning' | 'info' | 'success';
const icons = { error: TriangleAlert, warning: TriangleAlert, info: Info, success: CircleCheck };

export function Notice({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  const Icon = icons[tone];
  return (
    <div class={`notice ${tone}`} role={tone === 'error' ? 'alert' : undefined}>
      <Icon size={18} aria-hidden="true" />
      <div>{children}</div>
    </div>
  );
}

/** Why something is not there, and what to do. */
export function Failed({ error, again }: { error: RequestError; again?: () => void }) {
  return (
    <Notice tone="error">
      <p>{error.message}</p>
      {error.requestId && (
        <p class="muted small">
          Request <code>{error.requestId}</code>
        </p>
      )}
      {again && error.passing && (
        <button type="button" class="button" onClick={again}>
          Try again
        </button>
      )}
    </Notice>
  );
}

/** Nothing there, in words. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Grey lines as high as what is to come, so that nothing jumps. */
export function Skeleton({ rows, what }: { rows: number; what: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="visually-hidden">Loading {what} …</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="skeleton-row" />
      ))}
    </div>
  );
}
