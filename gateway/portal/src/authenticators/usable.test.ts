import { expect, test } from 'vitest';
import { app, authenticator } from './example';
import { lossOf, usableIn } from './usable';

const apps = [app('Shop', ['PASSWORD', 'EMAIL_OTP']), app('Wallet', ['PASSWORD'])];
const password = authenticator(
  { method: 'PASSWORD', scope: 'APP_USER' },
  { Shop: 'ACTIVE', Wallet: 'ACTIVE' },
);
const email = authenticator({ method: 'EMAIL_OTP', scope: 'GLOBAL_USER', status: 'REGISTERED' });

test('what is locked or deactivated is not usable', () => {
  const mixed = authenticator(
    { method: 'PASSWORD', scope: 'APP_USER' },
    { Shop: 'LOCKED', Wallet: 'REGISTERED', Desk: 'DEACTIVATED' },
  );
  expect(usableIn(mixed, apps)).toEqual(['wallet']);
});

test('a global one is usable before its first use, where the app offers it', () => {
  expect(usableIn(email, apps)).toEqual(['shop']);
  expect(usableIn({ ...email, deactivatedIndefinitely: true }, apps)).toEqual([]);
  expect(usableIn({ ...email, lockedUntil: '2026-01-01T00:00:00Z' }, apps)).toEqual([]);
});

test('who has another way in is not warned about', () => {
  expect(lossOf({ ids: [email.id], app: null }, [password, email], apps, 'Mia')).toBeNull();
});

test('an app without a way in is named', () => {
  expect(lossOf({ ids: [password.id], app: null }, [password, email], apps, 'Mia')).toBe(
    'This leaves Mia no usable way to sign in to Wallet.',
  );
});

test('no way in at all is said', () => {
  expect(lossOf({ ids: [password.id], app: null }, [password], apps, 'Mia')).toBe(
    'This leaves Mia no usable way to sign in.',
  );
});

test('what is not usable before is not lost', () => {
  const locked = authenticator({ method: 'PASSWORD', scope: 'APP_USER' }, { Shop: 'LOCKED' });
  expect(lossOf({ ids: [locked.id], app: null }, [locked], apps, 'Mia')).toBeNull();
});
