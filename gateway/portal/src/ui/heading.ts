import { useEffect, useRef } from 'preact/hooks';

/**
 * Whoever followed a link that is gone with its view, goes on at the heading of the next one, as soon as that is
 * there. A focus that somebody or something has put elsewhere stays.
 */
export function useHeading(view: string): void {
  const before = useRef(view);
  useEffect(() => {
    if (before.current === view) return;
    before.current = view;
    const arrive = () => {
      const heading = document.querySelector<HTMLElement>('main h1');
      if (heading && document.activeElement === document.body) heading.focus();
      return heading !== null;
    };
    if (arrive()) return;
    const observer = new MutationObserver(() => {
      if (arrive()) observer.disconnect();
    });
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, [view]);
}
