// A small school in a test's database, and one moment in it: everything a use case or a letter is handed, real words and prompts included.
import { createHash, randomBytes, randomUUID } from "node:crypto"
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { type Database, rows, type Tx, withoutSchool, withSchool } from "../../db/client.ts"
import { personById, staffRolesOf } from "../../db/queries/people.ts"
import { schoolRow, settingRows } from "../../db/queries/school.ts"
import { connectWorkspace, linkAccount } from "../../db/queries/workspaces.ts"
import { openWords } from "../../db/words.ts"
import type { Due, Scene, Turn } from "../../src/deps.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { settingsFrom } from "../../src/roster/settings.ts"
import { atLocal } from "../../src/scheduling/zone.ts"
import { languageOf } from "../../src/words/phrasebook.ts"
import { readPrompts } from "../../src/words/prompts.ts"

const { prompts } = readPrompts(join(import.meta.dirname, "..", "..", "prompts"))
const words = openWords({ key: createHash("sha256").update("a key for tests").digest(), randomBytes })

/** Students of the advisory Maple: ada, ben, cleo (two advisors), dani (Spanish), finn (consent none); of Cedar, three hours west: eli, gia. */
const students = {
  ada: { given: "Ada", family: "Brook", pronouns: "she/her", language: "en", consent: "parent", site: "east", group: "maple" },
  ben: { given: "Benjamin", preferred: "Ben", family: "Hollow", language: "en", consent: "school", site: "east", group: "maple" },
  cleo: { given: "Cleo", family: "Marsh", language: "en", consent: "own", site: "east", group: "maple" },
  dani: { given: "Daniela", preferred: "Dani", family: "Sol", language: "es", consent: "parent", site: "east", group: "maple" },
  finn: { given: "Finn", family: "Quill", language: "en", consent: "none", site: "east", group: "maple" },
  eli: { given: "Eli", family: "Stone", language: "en", consent: "school", site: "west", group: "cedar" },
  gia: { given: "Gia", family: "Vale", language: "en", consent: "parent", site: "west", group: "cedar" },
} as const

/** rivera leads Maple, okafor is Cleo's second advisor and leads Cedar, tanner teaches a class of Maple's, linde counsels, parr is the principal. */
const staff = {
  rivera: { given: "Rosa", family: "Rivera", language: "en", site: "east", role: null },
  okafor: { given: "Obi", family: "Okafor", language: "en", site: "west", role: null },
  tanner: { given: "Tess", family: "Tanner", language: "en", site: "east", role: null },
  linde: { given: "Lena", family: "Linde", language: "es", site: "east", role: "counsellor" },
  parr: { given: "Pat", family: "Parr", language: "en", site: "east", role: "principal" },
} as const

export type StudentName = keyof typeof students
export type StaffName = keyof typeof staff
export type PersonName = StudentName | StaffName

export type TestSchool = {
  db: Database
  id: string
  tenant: string
  people: Readonly<Record<PersonName, string>>
  sites: Readonly<Record<"east" | "west", string>>
  groups: Readonly<Record<"maple" | "cedar" | "biology", string>>
  plans: Readonly<Record<"maple" | "cedar", string>>
}

export const zones = { east: "America/New_York", west: "America/Los_Angeles" } as const
/** One term, with a week's break from 15 to 19 March and a day on 5 April that is off for students only. */
export const term = { start: "2027-01-11", end: "2027-06-04" } as const

/** A local time in the east, as an instant: `at("2027-02-04", "14:45")`. */
export const at = (date: string, time: string, site: keyof typeof zones = "east"): Date => atLocal(date, time, zones[site])

export type SeedOptions = {
  /** Another tenant for a second school in one database. */
  tenant?: string
  language?: "en" | "es"
  settings?: Readonly<Record<string, unknown>>
  consent?: Partial<Record<StudentName, "none" | "school" | "parent" | "own">>
}

/** Builds the school by SQL, as the app's own role. Everybody has an account and an address on the playground, named like here: `ada`. */
export async function seedSchool(db: Database, options: SeedOptions = {}): Promise<TestSchool> {
  const school = namesOf(db, options.tenant ?? "playground")
  await withoutSchool(db, (tx) => connectWorkspace(tx, { platform: "playground", tenant: school.tenant }, school.id))
  await withSchool(db, school.id, async (tx) => {
    await rows(
      tx,
      sql`insert into school (id, name, language, created_at) values (${school.id}, 'Larch Hill', ${options.language ?? "en"}, ${at("2027-01-04", "09:00")})`,
    )
    for (const [key, value] of Object.entries(options.settings ?? {})) {
      await rows(
        tx,
        sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, ${key}, ${JSON.stringify(value)}::jsonb, ${at("2027-01-04", "09:00")})`,
      )
    }
    await seedCalendar(tx, school)
    await seedPeople(tx, school, options)
    await seedGroups(tx, school)
  })
  await withoutSchool(db, async (tx) => {
    for (const [user, id] of Object.entries(school.people))
      await linkAccount(tx, { platform: "playground", tenant: school.tenant, user }, school.id, id)
  })
  return school
}

function namesOf(db: Database, tenant: string): TestSchool {
  const id = randomUUID
  return {
    db,
    id: id(),
    tenant,
    people: {
      ...{ ada: id(), ben: id(), cleo: id(), dani: id(), finn: id(), eli: id(), gia: id() },
      ...{ rivera: id(), okafor: id(), tanner: id(), linde: id(), parr: id() },
    },
    sites: { east: id(), west: id() },
    groups: { maple: id(), cedar: id(), biology: id() },
    plans: { maple: id(), cedar: id() },
  }
}

async function seedCalendar(tx: Tx, school: TestSchool): Promise<void> {
  await rows(
    tx,
    sql`insert into term (school_id, id, sourced_id, title, starts, ends) values (${school.id}, ${randomUUID()}, 'spring', 'Spring', ${term.start}, ${term.end})`,
  )
  for (const site of ["east", "west"] as const) {
    const siteId = school.sites[site]
    await rows(
      tx,
      sql`insert into site (school_id, id, sourced_id, name, zone) values (${school.id}, ${siteId}, ${site}, ${`Larch Hill ${site}`}, ${zones[site]})`,
    )
    await rows(
      tx,
      sql`insert into day_off (school_id, site_id, date, students, staff, reason, source)
          select ${school.id}::uuid, ${siteId}::uuid, d::date, true, true, 'Spring break', 'ics' from generate_series('2027-03-15'::date, '2027-03-19', '1 day') d
          union all select ${school.id}::uuid, ${siteId}::uuid, '2027-04-05'::date, true, false, 'Teacher workday', 'ics'`,
    )
  }
}

async function seedPeople(tx: Tx, school: TestSchool, options: SeedOptions): Promise<void> {
  for (const [name, one] of Object.entries(students) as [StudentName, (typeof students)[StudentName]][]) {
    const consent = options.consent?.[name] ?? one.consent
    await rows(
      tx,
      sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, preferred_name, pronouns, grade, language, site_id, consent)
          values (${school.id}, ${school.people[name]}, ${name}, 'student', ${one.given}, ${one.family}, ${"preferred" in one ? one.preferred : null},
            ${"pronouns" in one ? one.pronouns : null}, '10', ${one.language}, ${school.sites[one.site]}, ${consent})`,
    )
  }
  for (const [name, one] of Object.entries(staff) as [StaffName, (typeof staff)[StaffName]][]) {
    await rows(
      tx,
      sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, language, site_id)
          values (${school.id}, ${school.people[name]}, ${name}, 'staff', ${one.given}, ${one.family}, ${one.language}, ${school.sites[one.site]})`,
    )
    if (one.role) await rows(tx, sql`insert into staff_role (school_id, person_id, role) values (${school.id}, ${school.people[name]}, ${one.role})`)
  }
  for (const [user, id] of Object.entries(school.people)) {
    await rows(
      tx,
      sql`insert into address (school_id, platform, tenant, user_id, person_id, route, used_at)
          values (${school.id}, 'playground', ${school.tenant}, ${user}, ${id}, ${`direct:${user}`}, ${at("2027-01-11", "08:00")})`,
    )
  }
}

async function seedGroups(tx: Tx, school: TestSchool): Promise<void> {
  const groups = [
    { name: "maple", title: "Maple advisory", kind: "advisory", site: "east" },
    { name: "cedar", title: "Cedar advisory", kind: "advisory", site: "west" },
    { name: "biology", title: "Biology", kind: "class", site: "east" },
  ] as const
  for (const group of groups) {
    await rows(
      tx,
      sql`insert into school_group (school_id, id, sourced_id, site_id, title, kind)
          values (${school.id}, ${school.groups[group.name]}, ${group.name}, ${school.sites[group.site]}, ${group.title}, ${group.kind})`,
    )
  }
  for (const group of ["maple", "cedar"] as const) {
    await rows(
      tx,
      sql`insert into plan (school_id, id, group_id, active, since)
          values (${school.id}, ${school.plans[group]}, ${school.groups[group]}, true, ${at(term.start, "07:00")})`,
    )
  }
  for (const [name, one] of Object.entries(students) as [StudentName, (typeof students)[StudentName]][]) {
    const studentId = school.people[name]
    await rows(
      tx,
      sql`insert into membership (school_id, group_id, student_id, from_date) values (${school.id}, ${school.groups[one.group]}, ${studentId}, ${term.start})`,
    )
    await addTie(tx, school, { studentId, adult: one.group === "maple" ? "rivera" : "okafor", kind: "advisor", group: one.group, lead: true })
    if (one.group === "maple") await addTie(tx, school, { studentId, adult: "tanner", kind: "class", group: "biology", lead: false })
  }
  await addTie(tx, school, { studentId: school.people.cleo, adult: "okafor", kind: "advisor", group: null, lead: false })
}

type NewTie = { studentId: string; adult: StaffName; kind: "advisor" | "class"; group: keyof TestSchool["groups"] | null; lead: boolean }

const addTie = (tx: Tx, school: TestSchool, tie: NewTie) =>
  rows(
    tx,
    sql`insert into tie (school_id, id, student_id, adult_id, kind, group_id, lead, source, from_date)
        values (${school.id}, ${randomUUID()}, ${tie.studentId}, ${school.people[tie.adult]}, ${tie.kind}, ${tie.group ? school.groups[tie.group] : null},
          ${tie.lead}, ${tie.group ? "roster" : "caseload"}, ${term.start})`,
  )

/** One transaction of the school at `now`, committed when `work` ends well. */
export const sceneFor = <T>(school: TestSchool, now: Date, work: (scene: Scene) => Promise<T>): Promise<T> =>
  withSchool(school.db, school.id, async (tx) =>
    work({ deps: { ids: randomUUID, words, prompts }, tx, schoolId: school.id, now, settings: settingsFrom(await settingRows(tx)), woken: [] }),
  )

/** What happened, without what the helper fills in itself. */
type Happened<E = InboundEvent> = E extends InboundEvent ? Omit<E, "id" | "at" | "from" | "where"> : never

/** The same as one person's event: `turnFor(school, "ada", now, { kind: "said", messageId: "m1", text: "Hi" }, (turn) => said(turn, turn.event))`. */
export const turnFor = <H extends Happened, T>(
  school: TestSchool,
  who: PersonName,
  now: Date,
  happened: H,
  work: (turn: Turn, event: Extract<InboundEvent, { kind: H["kind"] }>) => Promise<T>,
): Promise<T> =>
  sceneFor(school, now, async (scene) => {
    const [person, known] = [await personById(scene.tx, school.people[who]), await schoolRow(scene.tx)]
    if (!person || !known) throw new Error(`nobody is called ${who}`)
    const event = eventFrom(school, who, now, happened) as Extract<InboundEvent, { kind: H["kind"] }>
    const actor = {
      schoolId: school.id,
      personId: person.id,
      role: person.role,
      staffRoles: await staffRolesOf(scene.tx, person.id),
      name: person.name,
      language: languageOf(person.language, languageOf(known.language)),
      siteId: person.siteId,
      zone: person.zone,
      consent: person.consent,
      card: person,
      account: event.from.account,
    }
    return work({ ...scene, actor, event }, event)
  })

/** An event as the playground's adapter hands it to the door. */
export function eventFrom(school: TestSchool, who: PersonName, now: Date, happened: Happened, id: string = randomUUID()): InboundEvent {
  const account = { platform: "playground", tenant: school.tenant, user: who } as const
  return { id, at: now, from: { account, route: `direct:${who}` }, where: "direct", ...happened }
}

export type Prompted = { occurrenceId: string; deliveryId: string }

/**
 * One student's prompt of one week by SQL: Thursday 14:45 to Tuesday 18:00, its delivery beside it (`sent` unless told otherwise). A planned
 * one has no questions yet: its letter chooses them.
 */
export async function promptFor(
  school: TestSchool,
  who: StudentName,
  week: { thursday: string; tuesday: string; state?: "planned" | "sent" | "refused"; questions?: readonly [string, string] },
): Promise<Prompted> {
  const { site, group } = students[who]
  const [occurrenceId, deliveryId] = [randomUUID(), randomUUID()]
  const [opensAt, closesAt] = [at(week.thursday, "14:45", site), at(week.tuesday, "18:00", site)]
  const state = week.state ?? "sent"
  const [first = null, second = null] = week.questions ?? (state === "planned" ? [] : ["interests-five-minutes", "skills-a-year-ago"])
  await withSchool(school.db, school.id, async (tx) => {
    await rows(
      tx,
      sql`insert into occurrence (school_id, id, plan_id, group_id, student_id, local_date, week, opens_at, closes_at, first_prompt, second_prompt)
          values (${school.id}, ${occurrenceId}, ${school.plans[group]}, ${school.groups[group]}, ${school.people[who]}, ${week.thursday},
            date_trunc('week', ${week.thursday}::date)::date, ${opensAt}, ${closesAt}, ${first}, ${second})`,
    )
    await rows(
      tx,
      sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, subject_id, platform, tenant, user_id, due_at, expires_at, state, settled_at)
          values (${school.id}, ${deliveryId}, 'prompt', ${`prompt:${occurrenceId}`}, ${school.people[who]}, ${occurrenceId}, 'playground', ${school.tenant}, ${who},
            ${opensAt}, ${closesAt}, ${state}, ${state === "planned" ? null : opensAt})`,
    )
  })
  return { occurrenceId, deliveryId }
}

export type OwedRow = Due & { dedupeKey: string; state: string; urgent: boolean }

/** Everything the school owes, or one person's, oldest due first: what the lanes would see. */
export const owedIn = (school: TestSchool, who?: PersonName): Promise<OwedRow[]> =>
  withSchool(school.db, school.id, (tx) =>
    rows<OwedRow>(
      tx,
      sql`select id, kind, dedupe_key as "dedupeKey", person_id as "personId", subject_id as "subjectId", detail, urgent, due_at as "dueAt",
            expires_at as "expiresAt", state from delivery
          where ${who ? school.people[who] : null}::uuid is null or person_id = ${who ? school.people[who] : null}::uuid order by due_at, dedupe_key`,
    ),
  )

/** Rows of the school as they lie, for what a test asserts. */
export const look = <Row>(school: TestSchool, query: ReturnType<typeof sql>): Promise<Row[]> =>
  withSchool(school.db, school.id, (tx) => rows<Row>(tx, query))
