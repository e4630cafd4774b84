// Decides how the first words are owed to somebody whom the app was installed for: once, and for a week. Refuses to know what they are.
import type { Owed } from "../delivery/owed.ts"

const weekMs = 7 * 86_400_000

/** Their letter waits for school hours, and is dropped where they have been spoken with. */
export const welcomeTo = (personId: string, now: Date): Owed => ({
  ...{ kind: "welcome", dedupeKey: `welcome:${personId}`, personId, dueAt: now, expiresAt: new Date(now.getTime() + weekMs) },
})
