import { expect, test } from 'vitest';
import { duration, left } from './duration';

test('what is left is told in its two largest parts', () => {
  const at = (seconds: number) => left(seconds * 1000, 0);
  expect(at(0)).toBeNull();
  expect(at(0.2)).toBe('0:01');
  expect(at(899)).toBe('14:59');
  expect(at(3 * 3600 + 12 * 60)).toBe('3 h 12 min');
  expect(at(86_400)).toBe('1 d');
  expect(at(6 * 86_400 + 3 * 3600)).toBe('6 d 3 h');
});

test('a duration is told in words', () => {
  expect(duration(0)).toBe('0 seconds');
  expect(duration(900)).toBe('15 minutes');
  expect(duration(5400)).toBe('1 hour 30 minutes');
  expect(duration(86_400)).toBe('1 day');
});
