import { Why, type WhyQuery } from '../graphql/generated';
import { request } from '../graphql/request';
import { useQuery } from '../graphql/use-query';
import { useVersion } from '../graphql/use-version';

/** What the database says about the status in one app. */
export type Explanation = { sentence: string; next: number | null };

/** The explanations of an authenticator, by the key of the app; asked for again whenever `version` changes. */
export function useExplanations(id: string, version: unknown): Map<string, Explanation> {
  const asked = useQuery(id, (signal) => request(Why, { id }, signal));
  useVersion(version, asked.refresh);
  return new Map(
    contextsOf(asked.answer).flatMap(({ app, sentence, facts }) =>
      app ? [[app.uuid, { sentence, next: nextLockOf(facts) }]] : [],
    ),
  );
}

function contextsOf(answer: WhyQuery | undefined) {
  const node = answer?.node;
  return node && 'explanation' in node ? node.explanation.contexts : [];
}

/** A sentence of the database, its instants apart: they are read in the reader's own time. */
export function piecesOf(sentence: string): (string | { at: string })[] {
  return sentence
    .split(/(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC)/)
    .map((piece, index) =>
      index % 2 === 1 ? { at: `${piece.slice(0, 10)}T${piece.slice(11, 19)}Z` } : piece,
    );
}

/** The number of failures at which the policy locks next, as `authn.explain_status` tells it; null: none is known. */
export function nextLockOf(facts: unknown): number | null {
  const { facts: now, policy } = (facts ?? {}) as {
    facts?: { failures?: number };
    policy?: { tiers?: { failures: number }[]; hard_cap?: number | null } | null;
  };
  const failures = now?.failures ?? 0;
  const thresholds = [...(policy?.tiers ?? []).map((tier) => tier.failures), policy?.hard_cap ?? Infinity];
  const next = Math.min(...thresholds.filter((threshold) => threshold > failures));
  return Number.isFinite(next) ? next : null;
}
