import { expect, test } from 'vitest';
import { begin, endOf, expire, expired } from './session';

const token = (claims: object) => `h.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.s`;

test('a token says itself when it ends', () => {
  expect(endOf(token({ exp: 12 }))).toBe(12_000);
  expect(endOf(token({}))).toBeNull();
  expect(endOf('nonsense')).toBeNull();
});

test('a refusal counts against the token that was refused', () => {
  begin('old');
  begin('new');
  expire('old');
  expect(expired.value).toBe(false);
  expire('new');
  expect(expired.value).toBe(true);
});
