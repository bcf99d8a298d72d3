import { expect, test } from 'vitest';
import { detailsOf, eventInWords } from './words';

const event = { kind: 'LOCKED', method: 'SMS_OTP', app: { name: 'Shop' }, device: null } as const;

test('an event is told in words', () => {
  expect(eventInWords(event)).toBe('SMS code locked in Shop');
  expect(eventInWords({ ...event, kind: 'ATTEMPT_SUCCEEDED' })).toBe('Signed in to Shop with SMS code');
  expect(eventInWords({ ...event, kind: 'LOCK_EXPIRED', app: null })).toBe('Lock of SMS code ran out');
  expect(eventInWords({ ...event, kind: 'USER_SUSPENDED', method: null, app: null })).toBe('User suspended');
});

test('what happens to a device is told of the device', () => {
  const device = { name: 'Pixel 9' };
  expect(eventInWords({ kind: 'DEACTIVATED', method: null, app: null, device })).toBe('Pixel 9 deactivated');
});

test('refusals after the first are counted', () => {
  expect(detailsOf({ further: 3 }).further).toBe(3);
  expect(detailsOf(null)).toEqual({ further: 0, until: null, policy: null });
  expect(detailsOf({ further: 'x' }).further).toBe(0);
});

test('a lock says under which policy, and until when', () => {
  const details = {
    tier: 1,
    cause: 'tier',
    until: '2026-12-25T13:14:53+00:00',
    failures: 5,
    policy_source: 'tenant',
  };
  expect(detailsOf({ ...details, policy_version: 2 })).toEqual({
    further: 0,
    until: '2026-12-25T13:14:53+00:00',
    policy: '5 in a row: step 1 of the tenant’s policy, version 2',
  });
  expect(detailsOf({ ...details, cause: 'hard_cap', failures: 100 }).policy).toBe(
    '100 in a row: the hard cap',
  );
  expect(detailsOf({ until: 'infinity' }).until).toBe('endless');
});
