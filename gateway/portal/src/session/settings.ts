/** What the gateway tells the page about signing in. */
export type Settings = {
  signIn: { issuer: string; clientId: string; scope: string } | null;
  /** The origins whose pages may show this one in a frame and hand it a token. */
  embedders: string[];
};

export async function readSettings(): Promise<Settings> {
  const response = await fetch('/portal.json');
  if (!response.ok) throw new Error(`portal.json: ${response.status}`);
  return await response.json();
}
