import { writeDeed } from "../../db/queries/access.ts"
import type { Hot, Turn } from "../deps.ts"

/** The audit deed of what the turn's actor does, in the same transaction as its effect. `detail`: ids and codes, never words. */
export const record = (
  turn: Omit<Turn, "tx"> & { tx: Hot },
  act: string,
  subjectId: string | null,
  detail: Readonly<Record<string, string | number | boolean | null>> = {},
): Promise<void> =>
  writeDeed(turn.tx, {
    schoolId: turn.schoolId,
    id: turn.deps.ids(),
    at: turn.now,
    actorId: turn.actor.personId,
    via: turn.event.from.account.platform,
    act,
    subjectId,
    detail,
  })
