import { X } from 'lucide-preact';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

type Props = {
  title: ComponentChildren;
  /** Beside the page (a panel) or over it (a question). */
  shape?: 'panel' | 'question';
  onClose: () => void;
  children: ComponentChildren;
};

/**
 * A modal dialog of the browser: it keeps the focus, Escape closes it, and what is behind is inert. Afterwards the
 * focus is where it was or, where that is gone, at the heading of the page.
 */
export function Dialog({ title, shape = 'question', onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const label = useId();
  // Before anything in it asks for the focus: opening gives it to the first control.
  useLayoutEffect(() => {
    const opener = document.activeElement;
    const element = dialog.current;
    element?.showModal();
    return () => {
      element?.close();
      if (opener instanceof HTMLElement && opener.isConnected && opener !== document.body) opener.focus();
      else document.querySelector<HTMLElement>('dialog[open] h2, h1')?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={shape}
      aria-labelledby={label}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => {
        if (shape === 'panel' && event.target === event.currentTarget) onClose();
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 id={label} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
            <X size={20} aria-hidden="true" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
