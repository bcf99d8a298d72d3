import { expect, test } from 'vitest';
import { stepsInWords, windowInWords } from './words';

test('a simple policy is one step', () => {
  expect(stepsInWords({ tiers: [{ failures: 5, durationSeconds: 900 }], thenPermanent: false })).toEqual([
    '5 failures lock for 15 minutes',
  ]);
});

test('a progressive one says what comes after its last step', () => {
  const tiers = [
    { failures: 3, durationSeconds: 300 },
    { failures: 6, durationSeconds: 1800 },
  ];
  expect(stepsInWords({ tiers, thenPermanent: false }).at(-1)).toBe(
    'every further failure locks for 30 minutes',
  );
  expect(stepsInWords({ tiers, thenPermanent: true }).at(-1)).toBe(
    'every further failure locks until unlocked',
  );
});

test('an endless step needs nothing after it', () => {
  expect(stepsInWords({ tiers: [{ failures: 3, durationSeconds: null }], thenPermanent: false })).toEqual([
    '3 failures lock until unlocked',
  ]);
});

test('a window is told, and that there is none', () => {
  expect(windowInWords(900)).toBe('Failures count for 15 minutes');
  expect(windowInWords(null)).toBe('Failures count until a success');
});
