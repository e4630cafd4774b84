import { type Hot, hot } from "../client.ts"

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
  await hot(tx, `insert into deed (school_id, id, at, actor_id, via, act, subject_id, detail) values ($1, $2, $3, $4, $5, $6, $7, $8)`, [
    deed.schoolId,
    deed.id,
    deed.at,
    deed.actorId,
    deed.via,
    deed.act,
    deed.subjectId,
    deed.detail ?? {},
  ])
}
