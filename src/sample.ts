// Decides how the sample school is loaded: its files go through the very import a real school uses, into an empty database only.
// Refuses to touch a database that holds a school already.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import { type Database, withoutSchool, withSchool } from "../db/client.ts"
import { givePlaygroundAccounts } from "../db/queries/roster-accounts.ts"
import { createSchool, schoolIds } from "../db/queries/roster-school.ts"
import { switchPlan } from "../db/queries/scheduling.ts"
import { grantRole, peopleCalled, sampleMark, saveSetting } from "../db/queries/settings.ts"
import { groupRows } from "../db/queries/status.ts"
import { applyRoster } from "./roster/apply.ts"
import { applyCalendar } from "./roster/apply-calendar.ts"
import { readCalendar } from "./roster/calendar-import.ts"
import { openRoster } from "./roster/open-roster.ts"
import { readRoster } from "./roster/read-roster.ts"

export const sampleFolder = join(import.meta.dirname, "..", "sample")

const shape = z.object({
  name: z.string(),
  language: z.enum(["en", "es"]),
  zone: z.string(),
  sites: z.record(z.string(), z.object({ zone: z.string() })),
  settings: z.record(z.string(), z.unknown()),
  ladder: z.array(z.array(z.string())),
  consent: z.enum(["none", "school", "parent"]),
  offices: z.array(z.object({ person: z.string(), office: z.enum(["counsellor", "principal", "admin"]) })),
  clock: z.string(),
})

const about = () => shape.parse(JSON.parse(readFileSync(join(sampleFolder, "school.json"), "utf8")))

/** When the sample school's first week begins: where the playground's clock starts. */
export const sampleStart = (): Date => new Date(about().clock)

/** Loads the sample school where there is no school yet. True where it did. */
export async function loadSample({ db, ids }: { db: Database; ids: () => string }): Promise<boolean> {
  if ((await withoutSchool(db, schoolIds)).length > 0) return false
  const school = about()
  const now = new Date(school.clock)
  const opened = await openRoster(sampleFolder)
  const read = opened.kind === "opened" ? readRoster(opened, {}) : opened
  if (read.kind !== "read") throw new Error("The sample school's own files do not read.")
  const calendar = readCalendar(readFileSync(join(sampleFolder, "calendar.ics"), "utf8"), { today: now.toISOString().slice(0, 10) })
  const schoolId = ids()
  await withSchool(db, schoolId, async (tx) => {
    const scene = { tx, schoolId, ids, now }
    await createSchool(tx, { id: schoolId, name: school.name, language: school.language, now })
    await saveSetting(tx, schoolId, { key: sampleMark, value: true, now })
    for (const [key, value] of Object.entries(school.settings)) await saveSetting(tx, schoolId, { key, value, now })
    const bySite = Object.fromEntries(Object.entries(school.sites).map(([site, { zone }]) => [site, zone]))
    const applied = await applyRoster(scene, read.roster, {
      consent: school.consent,
      zones: { everywhere: school.zone, bySite },
      expectShrink: false,
    })
    if (applied.kind !== "applied") throw new Error(`The sample school's roster was not taken: ${applied.kind}.`)
    await applyCalendar(scene, calendar, { site: null, source: "ics" })
    for (const { person, office } of school.offices) {
      for (const { id } of await peopleCalled(tx, person)) await grantRole(tx, schoolId, id, office)
    }
    const steps = []
    for (const step of school.ladder)
      steps.push({ personIds: (await Promise.all(step.map((key) => peopleCalled(tx, key)))).flat().map(({ id }) => id) })
    await saveSetting(tx, schoolId, { key: "safety.ladder", value: { steps, stepMinutes: 20, channel: null }, now })
    for (const group of await groupRows(tx, now.toISOString().slice(0, 10))) {
      if (group.kind === "advisory") await switchPlan(tx, schoolId, { id: ids(), groupId: group.id, active: true, now })
    }
    await givePlaygroundAccounts(tx, schoolId, now)
  })
  return true
}
