import type { AuthenticatorInTabFragment as Authenticator } from '../graphql/generated';

/** What a dialog about one authenticator needs to know. */
export type ActionProps = {
  authenticator: Authenticator;
  /** The app it was asked from; null: from the authenticator as a whole. */
  app: string | null;
  /** All authenticators of the user. */
  all: Authenticator[];
  /** What the user is called. */
  user: string;
  onDone: () => void;
  onClose: () => void;
};
