type Named = { displayName: string | null; email: string | null; phone?: string | null };

/** What a user is called: the name, or else what else there is. */
export function nameOf({ displayName, email, phone }: Named): string {
  return displayName ?? email ?? phone ?? 'Without a name';
}

/** The same, in whatever direction its script runs. */
export function Name({ user }: { user: Named }) {
  return <bdi class="name">{nameOf(user)}</bdi>;
}

export function Avatar({ user }: { user: Named }) {
  const initials = nameOf(user)
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0])
    .join('');
  return (
    <span class="avatar" aria-hidden="true">
      {initials.toLocaleUpperCase()}
    </span>
  );
}
