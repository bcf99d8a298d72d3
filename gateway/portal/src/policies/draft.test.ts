import { expect, test } from 'vitest';
import type { PolicyFragment } from '../graphql/generated';
import { draftOf, inputOf, nextTier } from './draft';

const policy: PolicyFragment = {
  method: 'TOTP',
  app: null,
  source: 'TENANT',
  tiers: [
    { failures: 3, durationSeconds: 300 },
    { failures: 9, durationSeconds: null },
  ],
  failuresExpireAfterSeconds: 7200,
  thenPermanent: false,
  hardCap: 100,
  version: 1,
};

test('what is entered means what it was made from', () => {
  const draft = draftOf(policy);
  expect(draft.tiers[0]).toEqual({ failures: '3', duration: { amount: '5', unit: 'minutes' } });
  expect(draft.window).toEqual({ amount: '2', unit: 'hours' });
  expect(inputOf(draft)).toEqual({
    tiers: policy.tiers,
    failuresExpireAfterSeconds: 7200,
    thenPermanent: false,
  });
});

test('what is no number is left to the server to refuse', () => {
  const draft = { ...draftOf(policy), tiers: [{ failures: '', duration: null }] };
  expect(inputOf(draft).tiers).toEqual([{ failures: 0, durationSeconds: null }]);
});

test('a further step is longer than the last', () => {
  const draft = {
    ...draftOf(policy),
    tiers: [{ failures: '5', duration: { amount: '15', unit: 'minutes' as const } }],
  };
  expect(nextTier(draft)).toEqual({ failures: '10', duration: { amount: '30', unit: 'minutes' } });
});
