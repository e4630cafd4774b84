import { sql } from "drizzle-orm"
import { rows, type Tx } from "../client.ts"

/** Whether a person has written to the bot, pressed anything, or been written to, on any platform. */
export async function spokenWith(tx: Tx, personId: string): Promise<boolean> {
  const [row] = await rows<{ spoken: boolean }>(
    tx,
    sql`select exists (select from address where person_id = ${personId} and used_at is not null)
          or exists (select from delivery where person_id = ${personId} and state in ('sent', 'unknown')) as spoken`,
  )
  return row?.spoken ?? false
}
