import { render } from 'preact';
import { App } from './app';
import { listenToEmbedder } from './session/embedded';
import { takeTokenFromFragment } from './session/fragment';
import { finishSignIn } from './session/oidc';
import { begin } from './session/session';
import { readSettings, type Settings } from './session/settings';

async function start(): Promise<void> {
  const root = document.getElementById('portal');
  if (!root) return;
  let settings: Settings | null = null;
  let failure: string | null = null;
  let embedded = false;
  const given = takeTokenFromFragment();
  try {
    settings = await readSettings();
    embedded = listenToEmbedder(settings.embedders);
    if (given) begin(given);
    else if (settings.signIn && location.pathname === '/signed-in') await finishSignIn(settings.signIn);
  } catch (error) {
    failure = error instanceof TypeError ? 'The server cannot be reached.' : (error as Error).message;
  }
  addEventListener('hashchange', () => {
    const another = takeTokenFromFragment();
    if (another) begin(another);
  });
  render(<App settings={settings} embedded={embedded} failure={failure} />, root);
}

void start();
