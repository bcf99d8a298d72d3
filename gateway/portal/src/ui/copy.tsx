import { Check, Copy as CopyIcon } from 'lucide-preact';
import { useState } from 'preact/hooks';

/** An id, to take along with one click. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <span class="copy">
      <code>{text}</code>
      <button type="button" class="icon-button small" aria-label={`Copy ${what}`} onClick={() => void copy()}>
        {copied ? <Check size={14} aria-hidden="true" /> : <CopyIcon size={14} aria-hidden="true" />}
      </button>
      <span class="visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </span>
  );
}
