import type { AuthenticatorMethod, AuthenticatorStatus, UserStatus, ViewerRole } from '../graphql/generated';

/** How each method is called, at the beginning of a line. */
export const methodName: Record<AuthenticatorMethod, string> = {
  PASSWORD: 'Password',
  TOTP: 'Authenticator app',
  PIN: 'PIN',
  PASSKEY: 'Passkey',
  MOBILE_BIOMETRIC: 'Mobile biometric',
  SMS_OTP: 'SMS code',
  EMAIL_OTP: 'Email code',
  EMAIL_MAGIC_LINK: 'Email magic link',
  SOCIAL: 'Social login',
  OIDC: 'OpenID Connect',
  SAML: 'SAML',
};

export const methods = Object.keys(methodName) as AuthenticatorMethod[];

/** The same inside a sentence: names that are names keep their capitals. */
export function methodInSentence(method: AuthenticatorMethod): string {
  const name = methodName[method];
  return /^(PIN|SMS|SAML|OpenID)/.test(name) ? name : name.charAt(0).toLowerCase() + name.slice(1);
}

export const statusName: Record<AuthenticatorStatus | UserStatus, string> = {
  REGISTERED: 'Registered',
  ACTIVE: 'Active',
  LOCKED: 'Locked',
  DEACTIVATED: 'Deactivated',
  MIXED: 'Mixed',
  PENDING: 'Pending',
  SUSPENDED: 'Suspended',
};

export const roleName: Record<ViewerRole, string> = {
  ADMIN: 'Administrator',
  SUPPORT: 'Support',
  READER: 'Reader',
  SERVICE: 'Service',
};

export function count(many: number, one: string, several = `${one}s`): string {
  return `${many.toLocaleString('en')} ${many === 1 ? one : several}`;
}

/** "Shop", "Shop and Wallet", "Desk, Shop and Wallet" */
export function list(names: string[]): string {
  return new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(names);
}
