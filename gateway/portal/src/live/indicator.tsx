import { WifiOff } from 'lucide-preact';
import { connection } from './follow';

/** Whether what is on the screen changes by itself. */
export function Indicator() {
  switch (connection.value) {
    case 'live':
      return (
        <span class="live" title="Changes appear by themselves">
          <span class="dot" aria-hidden="true" />
          Live
        </span>
      );
    case 'lost':
      return (
        <span class="live lost" role="status" title="Trying to connect again">
          <WifiOff size={14} aria-hidden="true" />
          Not live, reconnecting …
        </span>
      );
    default:
      // Its place is there before it is needed, so that nothing moves.
      return (
        <span class="live waiting" aria-hidden="true">
          <span class="dot" />
          Live
        </span>
      );
  }
}
