// What tests of the room's rows do again and again: a message through the door, a turn of the ladder, a letter, a press.
import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import type { Database } from "../../../db/client.ts"
import { peopleById } from "../../../db/queries/people.ts"
import { type Doorway, openDoor } from "../../../src/conversation/door.ts"
import type { Composed } from "../../../src/deps.ts"
import { createLog } from "../../../src/log.ts"
import type { Answer } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { message } from "../../../src/platform/message.ts"
import { routes as reflectionRoutes } from "../../../src/reflection/routes.ts"
import { student } from "../../../src/reflection/student.ts"
import { ladderSafety } from "../../../src/safety/ladder-rows.ts"
import { letters } from "../../../src/safety/letters.ts"
import { foreseeLook, looked, lookedAtStranger, urgentWords } from "../../../src/safety/look.ts"
import { routes } from "../../../src/safety/routes.ts"
import {
  eventFrom,
  look,
  type OwedRow,
  owedIn,
  type PersonName,
  type SeedOptions,
  type StaffName,
  type StudentName,
  sceneFor,
  seedSchool,
  type TestSchool,
} from "../../support/school.ts"

export const doorway: Doorway = {
  routes: {
    commanded: {},
    ...reflectionRoutes,
    pressed: { ...reflectionRoutes.pressed, ...routes.pressed },
    submitted: reflectionRoutes.submitted ?? {},
  },
  looked,
  lookedAtStranger,
  urgentWords,
  foresee: (tx, studentId, _said, when) => foreseeLook(tx, studentId, when),
  student,
  staff: { home: async () => message("staff", []) },
}

/** A school of its own in the file's database, with a ladder where one is named. */
export async function freshSchool(
  db: Database,
  ladder: readonly (readonly StaffName[])[] | null = null,
  options: SeedOptions = {},
): Promise<TestSchool> {
  const school = await seedSchool(db, { tenant: randomUUID(), ...options })
  if (ladder)
    await set(school, "safety.ladder", {
      steps: ladder.map((names) => ({ personIds: names.map((name) => school.people[name]) })),
      stepMinutes: 20,
      channel: null,
    })
  return school
}

export const set = (school: TestSchool, key: string, value: unknown) =>
  look(
    school,
    sql`insert into setting (school_id, key, value, changed_at) values (${school.id}, ${key}, ${JSON.stringify(value)}::jsonb, '2027-01-04T09:00:00Z')
        on conflict (school_id, key) do update set value = excluded.value`,
  )

export const knock = (school: TestSchool, now: Date, event: InboundEvent, door: Doorway = doorway): Promise<Answer> =>
  sceneFor(school, now, async ({ deps }) => deps).then((deps) =>
    openDoor({ ...deps, db: school.db, clock: { now: () => now }, log: createLog("silent"), wakeLanes: async () => {} }, door)(event),
  )

export const write = (school: TestSchool, who: StudentName, now: Date, text: string): Promise<Answer> =>
  knock(school, now, eventFrom(school, who, now, { kind: "said", messageId: randomUUID(), text }))

export const press = (school: TestSchool, who: PersonName, now: Date, action: "safety_show" | "safety_taken", target: string): Promise<Answer> =>
  knock(school, now, eventFrom(school, who, now, { kind: "pressed", action, target, value: null, messageId: "m" }))

export const climb = (school: TestSchool, now: Date): Promise<Date | null> => sceneFor(school, now, ladderSafety)

export type EventRow = {
  id: string
  source: string
  studentId: string | null
  account: string | null
  level: string
  topics: string[]
  skipped: string[]
  state: string
  step: number
  nextAt: Date | null
  takenBy: string | null
}
export const eventsIn = (school: TestSchool): Promise<EventRow[]> =>
  look(
    school,
    sql`select id, source, student_id as "studentId", account, level, topics, skipped, state, step, next_at as "nextAt", taken_by as "takenBy"
        from safety_event order by opened_at, next_at nulls last`,
  )

/** Who was told by each step, in the order of the steps: `{ "1": ["linde"], "2": ["parr"] }`. */
export async function told(school: TestSchool): Promise<Record<string, string[]>> {
  const names = new Map(Object.entries(school.people).map(([name, id]) => [id, name]))
  const steps: Record<string, string[]> = {}
  for (const row of await owedIn(school)) {
    if (row.kind !== "safety_alert") continue
    const step = row.dedupeKey.split(":")[2] ?? ""
    steps[step] = [...(steps[step] ?? []), names.get(row.personId) ?? row.personId].sort()
  }
  return steps
}

export const safetyOwed = async (school: TestSchool, who: PersonName): Promise<OwedRow[]> =>
  (await owedIn(school, who)).filter(({ kind }) => kind === "safety_alert" || kind === "safety_resources")

/** What a row says when its time comes. */
export const letterOf = (school: TestSchool, now: Date, row: OwedRow): Promise<Composed> =>
  sceneFor(school, now, async (scene) => {
    const person = (await peopleById(scene.tx, [row.personId])).get(row.personId)
    const letter = row.kind === "safety_alert" || row.kind === "safety_resources" ? letters[row.kind] : null
    if (!person || !letter) throw new Error(`no letter for ${row.kind}`)
    return letter(scene, row, person)
  })

/** As if the lanes had run. */
export const sendAll = (school: TestSchool, now: Date) =>
  look(school, sql`update delivery set state = 'sent', settled_at = ${now} where state = 'planned'`)

export const deedsIn = async (school: TestSchool): Promise<string[]> =>
  (await look<{ act: string }>(school, sql`select act from deed where act like 'safety%' order by at, act`)).map(({ act }) => act)
