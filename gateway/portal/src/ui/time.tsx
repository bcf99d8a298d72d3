import { now } from './clock';
import { left } from './duration';

// The words of the page are English; how a date is written is the reader's, where they read English.
const locale = navigator.languages.find((language) => language.startsWith('en')) ?? 'en-GB';
const withZone = new Intl.DateTimeFormat(locale, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
});
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'full' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function inWords(at: number, from: number): string {
  const seconds = (at - from) / 1000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return seconds <= 0 ? 'just now' : 'in less than a minute';
}

/** "3 hours ago", with the instant and its zone for whoever points at it or has it read. */
export function Ago({ at }: { at: string }) {
  const instant = Date.parse(at);
  return (
    <time dateTime={at} title={withZone.format(instant)}>
      {inWords(instant, now.value)}
    </time>
  );
}

/** The instant and its zone. */
export function Instant({ at }: { at: string }) {
  return <time dateTime={at}>{withZone.format(Date.parse(at))}</time>;
}

/** The time of day, under the heading of its day. */
export function Clock({ at }: { at: string }) {
  const instant = Date.parse(at);
  return (
    <time dateTime={at} title={withZone.format(instant)}>
      {clock.format(instant)}
    </time>
  );
}

/** The day as the reader's calendar has it. */
export function dayOf(at: string): string {
  return day.format(Date.parse(at));
}

/** Both: for where there is room. */
export function Moment({ at }: { at: string }) {
  return (
    <>
      <Ago at={at} /> <span class="muted nowrap">{withZone.format(Date.parse(at))}</span>
    </>
  );
}

/** The time left, counting down; what ran out is told as such until the answer to it is there. */
export function Left({ until }: { until: string }) {
  const remaining = left(Date.parse(until), now.value);
  return (
    <time
      dateTime={until}
      title={withZone.format(Date.parse(until))}
      class="left"
      role="timer"
      aria-live="off"
    >
      {remaining ? `${remaining} left` : 'ends now'}
    </time>
  );
}
