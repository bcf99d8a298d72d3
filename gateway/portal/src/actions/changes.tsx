import { ArrowRight } from 'lucide-preact';
import type { ChangeFragment } from '../graphql/generated';
import { Notice } from '../ui/notice';
import { Status } from '../ui/status';
import { count, methodName } from '../ui/words';

const placeOf = ({ app, device }: ChangeFragment) => `${app?.name ?? ''} ${device?.name ?? ''}`;

function byPlace(one: ChangeFragment, other: ChangeFragment): number {
  return placeOf(one).localeCompare(placeOf(other), 'en');
}

/** What an action changed, context by context, by app and device. */
export function Changes({ changes }: { changes: ChangeFragment[] }) {
  if (changes.length === 0) {
    return <Notice tone="info">Nothing had to be changed: it was so already.</Notice>;
  }
  return (
    <div role="status">
      <Notice tone="success">Done: {count(changes.length, 'change')}.</Notice>
      <ul class="changes">
        {changes.toSorted(byPlace).map((change) => (
          <li key={`${change.authenticator.id} ${change.app?.uuid}`}>
            <span>
              {methodName[change.method]}
              <span class="muted">
                {change.app && (
                  <>
                    {' '}
                    · <bdi>{change.app.name}</bdi>
                  </>
                )}
                {change.device && (
                  <>
                    {' '}
                    · <bdi>{change.device.name}</bdi>
                  </>
                )}
              </span>
            </span>
            <span class="change">
              <Status status={change.statusBefore} />
              <ArrowRight size={14} aria-label="is now" />
              <Status status={change.statusAfter} />
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
