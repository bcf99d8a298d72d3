import { expect, test } from 'vitest';
import { nextLockOf, piecesOf } from './why';

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

test('the instants of a sentence stand apart', () => {
  expect(piecesOf('Locked since 2026-01-31 12:00:00 UTC until 2026-02-01 00:00:30 UTC: 5 failures.')).toEqual(
    [
      'Locked since ',
      { at: '2026-01-31T12:00:00Z' },
      ' until ',
      { at: '2026-02-01T00:00:30Z' },
      ': 5 failures.',
    ],
  );
  expect(piecesOf('Mixed: its apps differ.')).toEqual(['Mixed: its apps differ.']);
});
