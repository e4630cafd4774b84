import { hot, type Tx } from "../client.ts"

export type ContactKind = "hello" | "reply" | "chat" | "hallway" | "call" | "home"

/** The new contact's id; null where `source` has logged it before. */
export async function insertContact(
  tx: Tx,
  contact: { schoolId: string; id: string; studentId: string; adultId: string; kind: ContactKind; source: string; at: Date },
): Promise<string | null> {
  const [row] = await hot<{ id: string }>(
    tx,
    `insert into contact (school_id, id, student_id, adult_id, kind, source, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning id`,
    [contact.schoolId, contact.id, contact.studentId, contact.adultId, contact.kind, contact.source, contact.at],
  )
  return row?.id ?? null
}
