import { expect, test } from 'vitest';
import { app, authenticator, device } from './example';
import { detailOf, unlockableIn, unlockReach } from './reach';

const sms = authenticator(
  { method: 'SMS_OTP', scope: 'GLOBAL_USER' },
  { Desk: 'LOCKED', Shop: 'LOCKED', Wallet: 'LOCKED' },
);
const password = authenticator(
  { method: 'PASSWORD', scope: 'APP_USER' },
  { Shop: 'ACTIVE', Wallet: 'LOCKED' },
);
const pins = ['Pixel 9', 'iPad'].map((name) =>
  authenticator({ method: 'PIN', scope: 'DEVICE_USER', device: device(name) }, { Wallet: 'LOCKED' }),
);
const all = [sms, password, ...pins];

test('a global authenticator is unlocked in all apps', () => {
  expect(unlockReach(sms, [], all)).toEqual(['Unlocks SMS code in all 3 apps: Desk, Shop and Wallet.']);
});

test('an app-scoped one is unlocked where it is asked for, and the others are named', () => {
  expect(unlockReach(password, unlockableIn(password), all)).toEqual([
    'Unlocks the password in Wallet. Shop stays as it is.',
  ]);
});

test('a device-scoped one is unlocked on every device of the app', () => {
  const [pin] = pins;
  if (!pin) throw new Error();
  expect(unlockReach(pin, [app('Wallet')], all)).toEqual([
    'Unlocks the PIN on 2 devices in Wallet: Pixel 9 and iPad.',
  ]);
  expect(unlockReach(pin, [app('Wallet')], [pin])).toEqual(['Unlocks the PIN on Pixel 9 in Wallet.']);
});

test('an authenticator is told from its likes by address, device, provider or name', () => {
  const of = (said: Partial<typeof sms>) =>
    detailOf(authenticator({ method: 'PIN', scope: 'DEVICE_USER', ...said }));
  expect(of({ identifier: 'm…@example.com' })).toBe('m…@example.com');
  expect(of({ device: device('iPad'), name: 'iPad' })).toBe('iPad');
  expect(of({ device: device('iPad'), name: 'Face' })).toBe('Face on iPad');
  expect(of({ provider: 'google', identifier: 'g-1' })).toBe('google · g-1');
  expect(of({})).toBeNull();
});
