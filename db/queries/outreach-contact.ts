import { sql } from "drizzle-orm"
import { hot, rows, type Tx } from "../client.ts"

export type ContactKind = "hello" | "reply" | "chat" | "hallway" | "call" | "home"
/** Who came to whom: out, the adult went to the student; in, the student came. */
export type Direction = "out" | "in"
export type About = "hello" | "good" | "school" | "problem"

/** What an adult says of a contact beyond that it was. `about` null: they did not say. */
export type Told = { kind: ContactKind; direction: Direction; about: About | null }

/** The new contact's id; null where `source` has logged it before. */
export async function insertContact(
  tx: Tx,
  contact: Told & { schoolId: string; id: string; studentId: string; adultId: string; source: string; at: Date },
): Promise<string | null> {
  const { schoolId, id, studentId, adultId, kind, source, at, direction, about } = contact
  const [row] = await hot<{ id: string }>(
    tx,
    `insert into contact (school_id, id, student_id, adult_id, kind, source, at, direction, about) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict do nothing returning id`,
    [schoolId, id, studentId, adultId, kind, source, at, direction, about],
  )
  return row?.id ?? null
}

export type ContactRow = Told & { id: string; studentId: string; adultId: string; adultName: string; at: Date }

const columns = `c.id, c.student_id as "studentId", c.adult_id as "adultId", coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name as "adultName", c.kind, c.at,
  c.direction, c.about`
const from = `contact c join person p on p.school_id = c.school_id and p.id = c.adult_id`

export async function contactById(tx: Tx, id: string): Promise<ContactRow | null> {
  const [row] = await hot<ContactRow>(tx, `select ${columns} from ${from} where c.id::text = $1`, [id])
  return row ?? null
}

export async function lastContact(tx: Tx, studentId: string): Promise<ContactRow | null> {
  const [row] = await hot<ContactRow>(tx, `select ${columns} from ${from} where c.student_id = $1 order by c.at desc, c.id limit 1`, [studentId])
  return row ?? null
}

/** Takes back what was logged by mistake, in the brief too. False where it is gone already. */
export async function removeContact(tx: Tx, contact: Pick<ContactRow, "id" | "studentId" | "adultId" | "at">): Promise<boolean> {
  const gone = await hot(tx, `delete from contact where id = $1 returning id`, [contact.id])
  await hot(
    tx,
    `update brief_name n set done_at = null from brief b
     where b.school_id = n.school_id and b.id = n.brief_id and b.adult_id = $1 and n.student_id = $2 and n.done_at = $3`,
    [contact.adultId, contact.studentId, contact.at],
  )
  return gone.length === 1
}

export type LoggedName = { id: string; studentId: string; studentName: string; at: Date; about: About | null }

/** What one press logged: the contact itself, with all others where it was a press on a whole brief. None where it is gone. */
export async function loggedTogether(tx: Tx, contactId: string): Promise<LoggedName[]> {
  return hot(
    tx,
    `select c.id, c.student_id as "studentId", coalesce(s.preferred_name, s.given_name) || ' ' || s.family_name as "studentName", c.at, c.about
     from contact one join contact c on c.school_id = one.school_id and c.adult_id = one.adult_id and c.at = one.at
       and (c.id = one.id or (c.source = one.source and one.source like one.adult_id || ':brief:%'))
     join person s on s.school_id = c.school_id and s.id = c.student_id
     where one.id = $1 order by "studentName", c.id`,
    [contactId],
  )
}

/** An adult's own contacts, told as they were; what one was about is said once and stays. Returns which there still are. */
export async function tellContacts(tx: Tx, adultId: string, ids: readonly string[], told: Told): Promise<string[]> {
  const found = await hot<{ id: string }>(
    tx,
    `update contact set kind = $3, direction = $4, about = coalesce(about, $5)
     where adult_id = $1 and id = any($2::uuid[]) and kind <> 'reply' returning id`,
    [adultId, [...ids], told.kind, told.direction, told.about],
  )
  return found.map(({ id }) => id)
}

/** A hello is said: the adult's briefs since the Monday `week` count that name as done. */
export async function tickNames(tx: Tx, adultId: string, studentIds: readonly string[], week: string, at: Date): Promise<void> {
  await rows(
    tx,
    sql`update brief_name n set done_at = ${at} from brief b
        where b.school_id = n.school_id and b.id = n.brief_id and b.adult_id = ${adultId} and b.week >= ${week}::date
          and n.done_at is null and n.student_id = any(${sql.param([...studentIds])}::uuid[])`,
  )
}

type BriefNameRow = { studentId: string; name: string; doneAt: Date | null }
export type BriefRow = { id: string; adultId: string; week: string; names: BriefNameRow[] }

const briefColumns = sql.raw(`b.id, b.adult_id as "adultId", b.week, coalesce((
  select jsonb_agg(jsonb_build_object('studentId', n.student_id, 'name', coalesce(p.preferred_name, p.given_name) || ' ' || p.family_name, 'doneAt', n.done_at) order by n.rank)
  from brief_name n join person p on p.school_id = n.school_id and p.id = n.student_id
  where n.school_id = b.school_id and n.brief_id = b.id and p.status = 'active'), '[]') as names`)

export async function briefById(tx: Tx, id: string): Promise<BriefRow | null> {
  const [row] = await rows<BriefRow>(tx, sql`select ${briefColumns} from brief b where b.id::text = ${id}`)
  return row ?? null
}

/** The adult's brief of the week that a Monday names. */
export async function briefOfWeek(tx: Tx, adultId: string, week: string): Promise<BriefRow | null> {
  const [row] = await rows<BriefRow>(tx, sql`select ${briefColumns} from brief b where b.adult_id = ${adultId} and b.week = ${week}::date`)
  return row ?? null
}
