import { useEffect, useState } from 'preact/hooks';
import { type Asked, useQuery } from './use-query';

export type Page<Item> = {
  nodes: Item[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  totalCount?: number | null;
};

type Pages<Item> = Asked<{ items: Item[]; more: boolean; total: number | null }> & {
  /** Shows one page more. */
  showMore: () => void;
  /** Whether that page is on the way. */
  growing: boolean;
};

/** Asks for pages, one after the other, until there is no other. */
export async function allPages<Item>(ask: (after: string | null) => Promise<Page<Item>>, most = 1e9) {
  const items: Item[] = [];
  let after: string | null = null;
  for (let pages = 1; ; pages += 1) {
    const page: Page<Item> = await ask(after);
    items.push(...page.nodes);
    after = page.pageInfo.endCursor;
    const more = page.pageInfo.hasNextPage;
    if (!more || pages >= most) return { items, more, total: page.totalCount ?? null };
  }
}

/** A list that grows by pages. What is on the screen is asked for as a whole, so that no row is older than another. */
export function usePages<Item>(
  key: string,
  ask: (after: string | null, signal: AbortSignal) => Promise<Page<Item>>,
): Pages<Item> {
  const [pages, setPages] = useState(1);
  useEffect(() => setPages(1), [key]);
  const asked = useQuery(`${key} ${pages}`, (signal) => allPages((after) => ask(after, signal), pages));
  return {
    ...asked,
    loading: asked.loading && pages === 1,
    growing: asked.loading && pages > 1,
    showMore: () => setPages(pages + 1),
  };
}
