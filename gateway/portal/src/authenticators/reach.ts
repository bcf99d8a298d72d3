import type { AuthenticatorInTabFragment as Authenticator } from '../graphql/generated';
import { list, methodInSentence, methodName } from '../ui/words';

export type App = { uuid: string; name: string };

/** What an authenticator is called among the others of its user: "Pixel 9", "m…@example.com". */
export function detailOf(authenticator: Authenticator): string | null {
  const { identifier, name, provider, device } = authenticator;
  if (device) return name && name !== device.name ? `${name} on ${device.name}` : device.name;
  if (provider) return identifier ? `${provider} · ${identifier}` : provider;
  return identifier ?? (name === methodName[authenticator.method] ? null : name);
}

/** The apps from which an unlock would change something. */
export function unlockableIn(authenticator: Authenticator): App[] {
  return authenticator.contexts
    .filter(({ availableActions }) => availableActions.includes('UNLOCK'))
    .map(({ app }) => app);
}

/** Whether an unlock asks for an app: a global authenticator is unlocked in all of them. */
export function unlockNamesApp({ scope }: Authenticator): boolean {
  return scope !== 'GLOBAL_USER';
}

/**
 * What an unlock would touch, in words, as the scope decides it: `authenticator` in `apps`, among `all` of its
 * user.
 */
export function unlockReach(authenticator: Authenticator, apps: App[], all: Authenticator[]): string[] {
  const name = methodInSentence(authenticator.method);
  switch (authenticator.scope) {
    case 'GLOBAL_USER': {
      const names = authenticator.contexts.map(({ app }) => app.name);
      if (names.length === 0) return [`Unlocks ${name}.`];
      if (names.length === 1) return [`Unlocks ${name} in ${names[0]}.`];
      return [`Unlocks ${name} in all ${names.length} apps: ${list(names)}.`];
    }
    case 'APP_USER': {
      const others = authenticator.contexts.filter(({ app }) => !apps.some(({ uuid }) => uuid === app.uuid));
      const stay = others.length > 0 ? ` ${list(others.map(({ app }) => app.name))} stays as it is.` : '';
      return [`Unlocks the ${name} in ${list(apps.map((app) => app.name))}.${others.length > 1 ? '' : stay}`];
    }
    case 'DEVICE_USER':
      return apps.map((app) => {
        const devices = all
          .filter((one) => one.method === authenticator.method)
          .flatMap(({ contexts }) => contexts)
          .filter((context) => context.app.uuid === app.uuid)
          .flatMap(({ device }) => device?.name ?? []);
        return devices.length === 1
          ? `Unlocks the ${name} on ${devices[0]} in ${app.name}.`
          : `Unlocks the ${name} on ${devices.length} devices in ${app.name}: ${list(devices)}.`;
      });
  }
}
