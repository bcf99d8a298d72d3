import { Plus, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { ActionDialog, type ErrorsOf, type Outcome } from '../actions/action-dialog';
import { type PolicyFragment as Policy, SetPolicy } from '../graphql/generated';
import { request } from '../graphql/request';
import { Field } from '../ui/field';
import { methodInSentence } from '../ui/words';
import { type Draft, draftOf, inputOf, nextTier } from './draft';
import { DurationInput } from './duration-input';
import { Preview } from './preview';

/** The most steps that a policy may have; the server is the one who says so. */
const MOST_TIERS = 10;

export type App = { id: string; name: string };
type Props = { policy: Policy; app: App | null; onDone: () => void; onClose: () => void };

/** Changes a policy, for the tenant or one app, after a look at what it would have made of the past. */
export function Editor({ policy, app, onDone, onClose }: Props) {
  const [draft, setDraft] = useState(draftOf(policy));
  const place = { method: policy.method, appId: app?.id ?? null };
  const act = async (reason: string): Promise<Outcome> => {
    const { done } = await request(SetPolicy, { input: { ...place, ...inputOf(draft), reason } });
    return { userErrors: done?.userErrors ?? [] };
  };
  return (
    <ActionDialog
      title={`Lockout of ${methodInSentence(policy.method)} ${app ? `in ${app.name}` : 'in the whole tenant'}`}
      verb="Save"
      reasons={['Too many users were locked', 'Attack on this method']}
      fields={(errorsOf) => (
        <>
          <Tiers draft={draft} errorsOf={errorsOf} onChange={setDraft} />
          <Window draft={draft} errorsOf={errorsOf} onChange={setDraft} />
          <Preview input={{ ...place, ...inputOf(draft) }} />
        </>
      )}
      act={act}
      onDone={onDone}
      onClose={onClose}
    >
      <p class="muted">
        Takes effect at the next failure. Locks that are running stay as they are
        {policy.source === 'DEFAULT' || (app && policy.source === 'TENANT')
          ? '; this becomes a policy of its own'
          : ''}
        .
      </p>
    </ActionDialog>
  );
}

type Part = { draft: Draft; errorsOf: ErrorsOf; onChange: (draft: Draft) => void };

function Tiers({ draft, errorsOf, onChange }: Part) {
  const { tiers } = draft;
  const change = (index: number, changes: Partial<Draft['tiers'][number]>) =>
    onChange({ ...draft, tiers: tiers.map((tier, at) => (at === index ? { ...tier, ...changes } : tier)) });
  return (
    <fieldset class="tiers">
      <legend>Steps</legend>
      {tiers.map((tier, index) => {
        const last = index === tiers.length - 1;
        return (
          <div key={index} class="tier">
            <Field label="Failures in a row" errors={errorsOf(`tiers.${index}.failures`)}>
              {(described) => (
                <input
                  {...described}
                  type="number"
                  min={1}
                  step={1}
                  inputMode="numeric"
                  value={tier.failures}
                  onInput={(event) => change(index, { failures: event.currentTarget.value })}
                />
              )}
            </Field>
            {tier.duration ? (
              <Field label="Lock for" errors={errorsOf(`tiers.${index}.durationSeconds`)}>
                {(described) => (
                  <DurationInput
                    described={described}
                    label="the lock"
                    value={tier.duration ?? { amount: '', unit: 'minutes' }}
                    onChange={(duration) => change(index, { duration })}
                  />
                )}
              </Field>
            ) : (
              <p class="tier-endless">lock until unlocked</p>
            )}
            {tiers.length > 1 && (
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove step ${index + 1}`}
                onClick={() => onChange({ ...draft, tiers: tiers.filter((_, at) => at !== index) })}
              >
                <Trash2 size={16} aria-hidden="true" />
              </button>
            )}
            {last && (
              <label class="toggle tier-toggle">
                <input
                  type="checkbox"
                  checked={tier.duration === null}
                  onChange={(event) =>
                    change(index, {
                      duration: event.currentTarget.checked ? null : { amount: '15', unit: 'minutes' },
                    })
                  }
                />
                Until somebody unlocks
              </label>
            )}
          </div>
        );
      })}
      {errorsOf('tiers').map((error) => (
        <p key={error} class="field-error">
          {error}
        </p>
      ))}
      {tiers.length < MOST_TIERS && (
        <button
          type="button"
          class="button small"
          onClick={() => onChange({ ...draft, tiers: [...tiers, nextTier(draft)] })}
        >
          <Plus size={14} aria-hidden="true" />
          Add a step
        </button>
      )}
      <label class="toggle">
        <input
          type="checkbox"
          checked={draft.thenPermanent}
          onChange={(event) => onChange({ ...draft, thenPermanent: event.currentTarget.checked })}
        />
        After the last step, every further failure locks until somebody unlocks
      </label>
    </fieldset>
  );
}

function Window({ draft, errorsOf, onChange }: Part) {
  return (
    <fieldset class="tiers">
      <legend>Counting window</legend>
      <label class="toggle">
        <input
          type="checkbox"
          checked={draft.window !== null}
          onChange={(event) =>
            onChange({
              ...draft,
              window: event.currentTarget.checked ? { amount: '15', unit: 'minutes' } : null,
            })
          }
        />
        Failures stop counting after a while
      </label>
      {draft.window && (
        <Field
          label="After"
          hint="Counted from the last failure. Longer than the longest lock where there are several steps."
          errors={errorsOf('failuresExpireAfterSeconds')}
        >
          {(described) => (
            <DurationInput
              described={described}
              label="the window"
              value={draft.window ?? { amount: '', unit: 'minutes' }}
              onChange={(window) => onChange({ ...draft, window })}
            />
          )}
        </Field>
      )}
    </fieldset>
  );
}
