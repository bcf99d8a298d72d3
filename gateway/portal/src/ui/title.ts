import { useEffect } from 'preact/hooks';

/** What the tab of the browser and the history say. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Authenticators`;
  }, [title]);
}
