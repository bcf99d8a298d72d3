import {
  Fingerprint,
  Globe,
  Hash,
  IdCard,
  KeyRound,
  Link,
  Mail,
  MessageSquareText,
  RectangleEllipsis,
  Share2,
  Timer,
} from 'lucide-preact';
import type { AuthenticatorMethod } from '../graphql/generated';

const icons = {
  PASSWORD: RectangleEllipsis,
  TOTP: Timer,
  PIN: Hash,
  PASSKEY: KeyRound,
  MOBILE_BIOMETRIC: Fingerprint,
  SMS_OTP: MessageSquareText,
  EMAIL_OTP: Mail,
  EMAIL_MAGIC_LINK: Link,
  SOCIAL: Share2,
  OIDC: Globe,
  SAML: IdCard,
} satisfies Record<AuthenticatorMethod, unknown>;

/** The picture of a method; its name stands beside it. */
export function MethodIcon({ method }: { method: AuthenticatorMethod }) {
  const Icon = icons[method];
  return (
    <span class="method-icon" aria-hidden="true">
      <Icon size={18} strokeWidth={1.75} />
    </span>
  );
}
