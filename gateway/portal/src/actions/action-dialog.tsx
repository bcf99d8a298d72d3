import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ChangeFragment, ComplaintFragment } from '../graphql/generated';
import { RequestError } from '../graphql/request';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { Failed, Notice } from '../ui/notice';
import { Changes } from './changes';

/** What a mutation answers. One that touches no context has no changes to show. */
export type Outcome = { changes?: ChangeFragment[]; userErrors: ComplaintFragment[] };

type Props = {
  title: string;
  /** The word on the button. */
  verb: string;
  danger?: boolean;
  /** What will be touched, in words. */
  children: ComponentChildren;
  /** What would be lost, in words. */
  warning?: string | null;
  /** Further choices, with what the answer says about them. */
  fields?: (errorsOf: ErrorsOf) => ComponentChildren;
  /** What is wrong with the choices before anybody is asked. */
  check?: () => ComplaintFragment[];
  /** Reasons that are given often. */
  reasons?: string[];
  act: (reason: string) => Promise<Outcome>;
  /** Something was changed. */
  onDone: () => void;
  onClose: () => void;
};

/** What was answered about an argument, by its path: "reason", "tiers.0.failures". */
export type ErrorsOf = (path: string) => string[];

/** Says what is going to happen, asks why, does it, and shows what changed. */
export function ActionDialog(props: Props) {
  const [reason, setReason] = useState('');
  const [acting, setActing] = useState(false);
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<RequestError | null>(null);
  const [complaints, setComplaints] = useState<ComplaintFragment[]>([]);
  const [done, setDone] = useState<ChangeFragment[] | null>(null);

  const act = async () => {
    if (acting) return;
    const wrong = props.check?.() ?? [];
    setMissing(!reason.trim());
    setComplaints(wrong);
    setFailure(null);
    if (!reason.trim() || wrong.length > 0) return;
    setActing(true);
    try {
      const { changes, userErrors } = await props.act(reason.trim());
      setComplaints(userErrors);
      if (userErrors.length === 0 || changes?.length) props.onDone();
      if (userErrors.length > 0) return;
      if (changes) setDone(changes);
      else props.onClose();
    } catch (error) {
      setFailure(error instanceof RequestError ? error : new RequestError('INTERNAL', String(error)));
    } finally {
      setActing(false);
    }
  };

  if (done) {
    return (
      <Dialog title={props.title} onClose={props.onClose}>
        <Changes changes={done} />
        <footer>
          <button type="button" class="button primary" ref={focus} onClick={props.onClose}>
            Close
          </button>
        </footer>
      </Dialog>
    );
  }

  const shown = new Set<ComplaintFragment>();
  const errorsOf: ErrorsOf = (path) =>
    complaints
      .filter(({ field }) => field?.slice(1).join('.') === path)
      .map((complaint) => {
        shown.add(complaint);
        return sentence(complaint.message);
      });
  const fields = props.fields?.(errorsOf);
  const reasonErrors = [...(missing ? ['Say why: it is kept with what you do.'] : []), ...errorsOf('reason')];
  const others = complaints.filter((complaint) => !shown.has(complaint));

  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void act();
        }}
      >
        <div class="prose">{props.children}</div>
        {fields}
        {props.warning && <Notice tone="warning">{props.warning}</Notice>}
        <Field label="Reason" hint="Kept in the history, beside your name." errors={reasonErrors}>
          {(described) => (
            <>
              <input
                {...described}
                ref={focus}
                type="text"
                required
                maxLength={500}
                autocomplete="off"
                list={`${described.id}-often`}
                value={reason}
                onInput={(event) => {
                  setReason(event.currentTarget.value);
                  setMissing(false);
                }}
              />
              <datalist id={`${described.id}-often`}>
                {props.reasons?.map((often) => (
                  <option key={often} value={often} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        {others.length > 0 && (
          <Notice tone="error">{others.map(({ message }) => sentence(message)).join(' ')}</Notice>
        )}
        {failure && <Failed error={failure} />}
        <footer>
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={`button primary ${props.danger ? 'danger' : ''}`}
            aria-disabled={acting}
          >
            {acting ? `${props.verb} …` : props.verb}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

/** The dialog has put the focus on its close button by then. */
function focus(element: HTMLElement | null): void {
  if (element && !element.dataset.focused) {
    element.dataset.focused = 'yes';
    requestAnimationFrame(() => element.focus());
  }
}

function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}${/[.!?]$/.test(message) ? '' : '.'}`;
}
