import { expect, test } from 'vitest';
import { nextLockOf } from './why';

const policy = { tiers: [{ failures: 3 }, { failures: 6 }], hard_cap: 100 };

test('the next lock is at the next step, and after the last at the hard cap', () => {
  expect(nextLockOf({ facts: { failures: 0 }, policy })).toBe(3);
  expect(nextLockOf({ facts: { failures: 3 }, policy })).toBe(6);
  expect(nextLockOf({ facts: { failures: 6 }, policy })).toBe(100);
});

test('what cannot lock has none', () => {
  expect(nextLockOf({ facts: { failures: 0 }, policy: null })).toBeNull();
  expect(nextLockOf(null)).toBeNull();
});
