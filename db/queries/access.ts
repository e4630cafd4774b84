import { type Hot, hot } from "../client.ts"
import { askedOf, type Each } from "../each.ts"

/** `actorId` null: the bot, or somebody at the terminal. `detail` holds codes and ids, never words. */
export type DeedRow = {
  schoolId: string
  id: string
  at: Date
  actorId: string | null
  via: string
  act: string
  subjectId: string | null
  detail?: Readonly<Record<string, string | number | boolean | null>>
}

export async function writeDeed(tx: Hot, deed: DeedRow): Promise<void> {
  const { schoolId, id, at, actorId, via, act, subjectId, detail = {} } = deed
  await hot(tx, write, [schoolId, id, at, actorId, via, act, subjectId, detail])
}

const intoDeed = `insert into deed (school_id, id, at, actor_id, via, act, subject_id, detail)`
const write: Each = {
  one: `${intoDeed} values ($1, $2, $3, $4, $5, $6, $7, $8)`,
  many: `${intoDeed} select p1, p2, p3, p4, p5, p6, p7, p8 from ${askedOf(["uuid", "uuid", "timestamptz", "uuid", "text", "text", "uuid", "jsonb"])}`,
}
