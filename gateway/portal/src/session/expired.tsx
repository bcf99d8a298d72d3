import { Dialog } from '../ui/dialog';
import { askEmbedder } from './embedded';
import { end } from './session';
import type { Settings } from './settings';
import { ByIssuer, ByToken } from './sign-in';

/** Over whatever was open when the token ended: it is still there afterwards. */
export function Expired({ settings, embedded }: { settings: Settings | null; embedded: boolean }) {
  return (
    <Dialog title="Sign in again" onClose={end}>
      <p>Your session has ended. What you were looking at stays here.</p>
      {embedded && (
        <button type="button" class="button primary" onClick={() => askEmbedder(settings?.embedders ?? [])}>
          Ask the surrounding page
        </button>
      )}
      {!embedded && (settings?.signIn ? <ByIssuer issuer={settings.signIn} /> : <ByToken />)}
    </Dialog>
  );
}
