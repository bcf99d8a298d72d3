import type { EventInTimelineFragment as Event } from '../graphql/generated';
import { Status } from '../ui/status';
import { Ago, Clock, dayOf, Instant } from '../ui/time';
import { count } from '../ui/words';
import { detailsOf, eventInWords, tone } from './words';

/** Events, newest first, by day. */
export function Timeline({ events, heading: Heading }: { events: Event[]; heading: 'h2' | 'h4' }) {
  const days = Map.groupBy(events, ({ at }) => dayOf(at));
  return (
    <div class="timeline">
      {[...days].map(([day, ofDay]) => (
        <section key={day} aria-label={day}>
          <Heading class="day">{day}</Heading>
          <ol>
            {ofDay.map((event) => (
              <Row key={event.id} event={event} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function Row({ event }: { event: Event }) {
  const { at, kind, statusBefore, statusAfter, reason, details, device, method } = event;
  const { further, until, policy } = detailsOf(details);
  // The failure that locks is followed by its lock, which says so.
  const led = kind !== 'ATTEMPT_FAILED' && statusBefore !== statusAfter ? statusAfter : null;
  return (
    <li class={`event ${tone[kind]}`}>
      <span class="event-time">
        <Clock at={at} />
      </span>
      <div>
        <p>
          <bdi>{eventInWords(event)}</bdi>
          {statusBefore && led && <Status status={led} />}
        </p>
        {reason && (
          <p>
            <q dir="auto">{reason}</q>
          </p>
        )}
        <p class="muted small event-facts">
          <span>
            by <bdi>{event.actor}</bdi>
          </span>
          {event.ip && <span>{event.ip}</span>}
          {device && method && <bdi>{device.name}</bdi>}
          {policy && <span>{policy}</span>}
          {until === 'endless' && <span>until somebody ends it</span>}
          {until !== null && until !== 'endless' && (
            <span>
              until <Instant at={until} />
            </span>
          )}
          {further > 0 && <span>and {count(further, 'more', 'more')} after it</span>}
          <Ago at={at} />
        </p>
      </div>
    </li>
  );
}
