import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rows, withoutSchool, withSchool } from "../../../db/client.ts"
import { keepAddress, personById } from "../../../db/queries/people.ts"
import { unlinkedPeople } from "../../../db/queries/roster-enrol.ts"
import { connectWorkspace, linkAccount } from "../../../db/queries/workspaces.ts"
import type { EnrolReport } from "../../../src/roster/enrol.ts"
import { enrolAccount, enrolWorkspace } from "../../../src/roster/enrol.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, sceneFor, zones } from "../../support/school.ts"
import { addressesIn, type Chat, deedsIn, linksIn, mail, openChat } from "./chat.ts"

let database: TestDatabase
let chat: Chat
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())

const now = at("2027-02-04", "15:00")
beforeEach(async () => {
  chat = await openChat(database.db, now)
})

async function enrol(): Promise<EnrolReport> {
  const enrolled = await enrolWorkspace(chat.deps, chat.workspace)
  if (enrolled.kind !== "done") throw new Error(`it ended as ${enrolled.kind}`)
  return enrolled.report
}
const person = async (who: PersonName) => sceneFor(chat.school, now, ({ tx }) => personById(tx, chat.school.people[who]))
const set = (who: PersonName, column: "email" | "grade" | "status" | "language" | "consent", value: string | null) =>
  look(chat.school, sql`update person set ${sql.identifier(column)} = ${value} where id = ${chat.school.people[who]}`)
const linkByHand = (user: string, who: PersonName) =>
  withoutSchool(database.db, (tx) => linkAccount(tx, { ...chat.workspace, user }, chat.school.id, chat.school.people[who]))

describe("an account is linked", () => {
  test("to the person whose e-mail the vendor verified, whatever its case and the spaces around it", async () => {
    chat.joins("U1", null, { email: " Ada@Larch.Example " })
    await set("ben", "email", " BEN@larch.example")
    chat.joins("U2", "ben")
    chat.joins("U3", "rivera")
    expect(await enrol()).toMatchObject({ linked: 3, already: 0, nobody: 0 })
    expect(await linksIn(chat)).toEqual({ U1: "ada", U2: "ben", U3: "rivera" })
  })

  test("once: the next night finds it linked already", async () => {
    chat.joins("U1", "ada")
    await enrol()
    expect(await enrol()).toMatchObject({ linked: 0, already: 1 })
  })

  test("once, however many runs and look-ups there are at the same moment", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    const runs = await Promise.all([
      ...Array.from({ length: 4 }, () => enrol().then(({ linked }) => linked)),
      ...Array.from({ length: 4 }, () =>
        enrolAccount(chat.deps, { ...chat.workspace, user: "U1" }).then((outcome) => (outcome === "linked" ? 1 : 0)),
      ),
    ])
    expect(runs.reduce((sum, count) => sum + count, 0)).toBe(2)
    expect((await deedsIn(chat)).filter(({ act }) => act === "account_linked").map(({ subject }) => subject)).toEqual(["ada", "ben"])
  })

  test("with an address that can be written to, and that nobody has written from", async () => {
    chat.joins("U1", "ada")
    await enrol()
    expect(await addressesIn(chat)).toEqual([{ user: "U1", route: "opened:U1", usedAt: null, trouble: null }])
  })

  test("in many hundreds at once, each to its own person", async () => {
    await look(
      chat.school,
      sql`insert into person (school_id, id, sourced_id, role, given_name, family_name, email, grade, site_id, consent)
          select ${chat.school.id}::uuid, gen_random_uuid(), 'many-' || n, 'student', 'Given', 'Family', 'many-' || n || '@larch.example', '12',
            ${chat.school.sites.east}::uuid, 'none' from generate_series(1, 1200) n`,
    )
    for (let n = 1; n <= 1_200; n++) chat.joins(`M${n}`, null, { email: `many-${n}@larch.example` })
    expect(await enrol()).toMatchObject({ linked: 1_200, opened: 0 })
    expect(Object.entries(await linksIn(chat)).every(([user, who]) => who === `many-${user.slice(1)}`)).toBe(true)
  })
})

describe("an account is linked to nobody", () => {
  test("where it is a guest's, whatever its e-mail", async () => {
    chat.joins("U1", "ada", { guest: true })
    expect(await enrol()).toMatchObject({ linked: 0, guest: 1 })
    expect(await linksIn(chat)).toEqual({})
  })

  test("where the vendor verified no e-mail, or the roster knows none like it", async () => {
    chat.joins("U1", null)
    chat.joins("U2", null, { email: "passer-by@elsewhere.example" })
    chat.joins("U3", null, { email: " " })
    await set("ada", "email", "")
    await set("ben", "email", null)
    expect(await enrol()).toMatchObject({ linked: 0, nobody: 3 })
  })

  test("where two active people have that e-mail; where one of them has left, the other is meant", async () => {
    await set("ben", "email", mail("ada").toUpperCase())
    chat.joins("U1", "ada")
    expect(await enrol()).toMatchObject({ linked: 0, ambiguous: 1 })
    await set("ben", "status", "ended")
    expect(await enrol()).toMatchObject({ linked: 1, ambiguous: 0 })
    expect(await linksIn(chat)).toEqual({ U1: "ada" })
  })

  test("where the person has left the school", async () => {
    await set("ada", "status", "ended")
    chat.joins("U1", "ada")
    expect(await enrol()).toMatchObject({ linked: 0, nobody: 1 })
  })

  test("where an admin linked it to somebody else", async () => {
    await linkByHand("U1", "rivera")
    chat.joins("U1", "ada")
    expect(await enrol()).toMatchObject({ linked: 0, elsewhere: 1 })
    expect(await linksIn(chat)).toEqual({ U1: "rivera" })
  })

  test("where that person has another account there", async () => {
    await linkByHand("U1", "ada")
    chat.joins("U1", null)
    chat.joins("U2", "ada")
    expect(await enrol()).toMatchObject({ linked: 0, already: 1, other_account: 1 })
    expect(await linksIn(chat)).toEqual({ U1: "ada" })
  })

  test("where a list has two accounts of one e-mail: the first is linked, the other reported", async () => {
    chat.joins("U2", "ada")
    chat.joins("U1", "ada")
    expect(await enrol()).toMatchObject({ linked: 1, other_account: 1 })
    expect(await linksIn(chat)).toEqual({ U1: "ada" })
  })

  test("by the e-mail of another school's person", async () => {
    const other = await openChat(database.db, now)
    await look(other.school, sql`update person set email = 'only@other.example' where id = ${other.school.people.ada}`)
    chat.joins("U1", null, { email: "only@other.example" })
    expect(await enrol()).toMatchObject({ linked: 0, nobody: 1 })
  })

  test("and nothing of it is kept", async () => {
    chat.joins("U1", null, { email: "passer-by@elsewhere.example", zone: "Europe/Paris", language: "fr" })
    await enrol()
    const kept = await look(
      chat.school,
      sql`select (select count(*) from account where tenant = ${chat.workspace.tenant}) as accounts, (select count(*) from address) as addresses,
            (select count(*) from deed where detail::text like '%passer%') as deeds`,
    )
    expect(kept).toEqual([{ accounts: 0, addresses: 0, deeds: 0 }])
  })
})

describe("the report", () => {
  test("says who is still without an account, by role, and which", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "rivera")
    expect((await enrol()).without).toEqual({ student: 6, staff: 4 })
    const missing = await withSchool(database.db, chat.school.id, (tx) => unlinkedPeople(tx, chat.workspace))
    expect(missing.map(({ sourcedId }) => sourcedId)).toEqual(["linde", "okafor", "parr", "tanner", "ben", "cleo", "dani", "eli", "finn", "gia"])
  })

  test("is a deed too, with counts alone, beside one of each link", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", null, { email: "stranger@elsewhere.example" })
    await enrol()
    const deeds = await deedsIn(chat)
    expect(deeds.map(({ act, subject }) => [act, subject])).toEqual([
      ["account_linked", "ada"],
      ["workspace_enrolled", null],
    ])
    expect(deeds[0]?.detail).toEqual({ platform: "slack", by: "email" })
    expect(deeds[1]?.detail).toMatchObject({ linked: 1, nobody: 1, students_without: 6, staff_without: 5 })
    expect(JSON.stringify(deeds)).not.toMatch(/@|U1|U2/)
  })

  test("no log line holds an e-mail or a name", async () => {
    chat.joins("U1", "ada")
    chat.vendor.onReach = () => ({ reason: "invalid", detail: "bad" })
    await enrol()
    expect(chat.logged.join()).toContain("conversation_not_opened")
    expect(chat.logged.join()).not.toMatch(/@|ada|Ada/)
  })
})

describe("what a chat says of a person", () => {
  test("is taken over where the roster is silent: their zone and their language", async () => {
    chat.joins("U1", "ada", { zone: "Europe/Madrid", language: "es-ES" })
    await enrol()
    expect(await person("ada")).toMatchObject({ zone: zones.east, ownZone: "Europe/Madrid", language: "es" })
  })

  test("gives way to the roster's language", async () => {
    await set("ada", "language", "en")
    chat.joins("U1", "ada", { language: "es-MX" })
    await enrol()
    expect(await person("ada")).toMatchObject({ language: "en" })
  })

  test("is nothing where it is no place and no language that is spoken here", async () => {
    for (const [user, zone, language] of [
      ["U1", "Mars/Olympus", "fr-FR"],
      ["U2", "+05:00", ""],
      ["U3", "", null],
    ] as const)
      chat.joins(user, user === "U1" ? "ada" : user === "U2" ? "ben" : "cleo", { zone, language })
    await enrol()
    for (const who of ["ada", "ben", "cleo"] as const) expect(await person(who)).toMatchObject({ ownZone: zones.east, language: "en" })
  })

  test("is not believed where it is what a vendor gives everybody", async () => {
    chat.joins("U1", "ada", { zone: "America/Los_Angeles" })
    chat.joins("U2", "eli", { zone: "America/Los_Angeles" })
    await enrol()
    expect((await person("ada"))?.ownZone).toBe(zones.east)
    expect((await person("eli"))?.ownZone).toBe(zones.west)
  })

  test("follows them, and stays where it is no longer said", async () => {
    chat.joins("U1", "ada", { zone: "Europe/Madrid", language: "es" })
    await enrol()
    chat.joins("U1", "ada")
    await enrol()
    expect(await person("ada")).toMatchObject({ ownZone: "Europe/Madrid", language: "es" })
    chat.joins("U1", "ada", { zone: zones.east, language: "en-US" })
    await enrol()
    expect(await person("ada")).toMatchObject({ ownZone: zones.east, language: "en" })
    expect(await look(chat.school, sql`select zone from person where id = ${chat.school.people.ada}`)).toEqual([{ zone: null }])
  })

  test("waits for another night where a roster import holds that person: neither waits for the other", async () => {
    chat.joins("U1", "ada", { zone: "Europe/Madrid" })
    await withSchool(database.db, chat.school.id, async (tx) => {
      await rows(tx, sql`select from person where id = ${chat.school.people.ada} for update`)
      expect(await enrol()).toMatchObject({ linked: 1, opened: 1 })
    })
    expect((await person("ada"))?.ownZone).toBe(zones.east)
    await enrol()
    expect((await person("ada"))?.ownZone).toBe("Europe/Madrid")
  })

  test("is taken over from an account that was linked by hand too", async () => {
    await linkByHand("U1", "ada")
    chat.joins("U1", null, { zone: "Europe/Madrid" })
    await enrol()
    expect((await person("ada"))?.ownZone).toBe("Europe/Madrid")
    expect(await addressesIn(chat)).toMatchObject([{ user: "U1" }])
  })
})

describe("a student too young for Slack", () => {
  test("is linked, so that they are known when they write, but is given no address and no conversation", async () => {
    await set("ada", "grade", "10")
    await set("ben", "grade", null)
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    chat.joins("U3", "cleo")
    expect(await enrol()).toMatchObject({ linked: 3, opened: 1 })
    expect((await addressesIn(chat)).map(({ user }) => user)).toEqual(["U3"])
    expect(chat.vendor.calls).toEqual(["reach U3"])
  })

  test("is given one the night after they are old enough, or the school keeps nobody off", async () => {
    await set("ada", "grade", "10")
    await set("ben", "grade", "1")
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    await enrol()
    await set("ada", "grade", "11")
    await enrol()
    expect((await addressesIn(chat)).map(({ user }) => user)).toEqual(["U1"])
    await look(chat.school, sql`insert into setting (school_id, key, value, changed_at) values (${chat.school.id}, 'slack.minimum_age', '0', ${now})`)
    await enrol()
    expect((await addressesIn(chat)).map(({ user }) => user)).toEqual(["U1", "U2"])
  })
})

describe("an account that is gone from the list", () => {
  beforeEach(async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    await enrol()
    chat.clock.at = at("2027-02-05", "03:00")
  })

  test("has left, and is back when it is listed again", async () => {
    chat.people.delete("U1")
    expect(await enrol()).toMatchObject({ left: 1, back: 0 })
    expect(await addressesIn(chat)).toMatchObject([
      { user: "U1", trouble: "left" },
      { user: "U2", trouble: null },
    ])
    expect(await enrol()).toMatchObject({ left: 0 })
    chat.joins("U1", "ada")
    expect(await enrol()).toMatchObject({ left: 0, back: 1 })
    expect(await addressesIn(chat)).toMatchObject([
      { user: "U1", trouble: null },
      { user: "U2", trouble: null },
    ])
  })

  test("is still here where it has been heard from since the list was begun", async () => {
    chat.people.delete("U1")
    await sceneFor(chat.school, now, ({ tx }) =>
      keepAddress(tx, { schoolId: chat.school.id, ...chat.workspace, user: "U1", personId: chat.school.people.ada, route: "D1", now: chat.clock.at }),
    )
    expect(await enrol()).toMatchObject({ left: 0 })
  })

  test("is not gone because a list broke off, or was empty", async () => {
    chat.people.clear()
    expect(await enrol()).toMatchObject({ left: 0 })
    chat.joins("U2", "ben")
    chat.vendor.people = async function* () {
      yield* [...chat.people.values()]
      throw new Error("cut off")
    }
    await expect(enrol()).rejects.toThrow("cut off")
    expect((await addressesIn(chat)).map(({ trouble }) => trouble)).toEqual([null, null])
  })

  test("keeps the vendor's own trouble where it is still listed", async () => {
    await look(chat.school, sql`update address set trouble = 'cannot_dm_bot' where user_id = 'U1'`)
    expect(await enrol()).toMatchObject({ back: 0 })
    expect(await addressesIn(chat)).toMatchObject([{ trouble: "cannot_dm_bot" }, { trouble: null }])
  })
})

describe("what was owed to somebody without an account", () => {
  const owed = (who: PersonName, failure: string, expiresAt: Date) =>
    look(
      chat.school,
      sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, due_at, expires_at, state, failure, settled_at)
          values (${chat.school.id}, ${randomUUID()}, 'notice', ${randomUUID()}, ${chat.school.people[who]}, ${now}, ${expiresAt}, 'refused', ${failure}, ${now})`,
    )
  const states = () => look(chat.school, sql`select user_id as "user", state, failure from delivery order by user_id nulls last, failure`)

  test("is owed again once they have one, and the lane is told; what is too late or was refused otherwise is not", async () => {
    await owed("ada", "no_account", at("2027-02-05", "15:00"))
    await owed("ada", "no_account", at("2027-02-04", "14:00"))
    await owed("ada", "user_disabled", at("2027-02-05", "15:00"))
    await owed("ben", "no_account", at("2027-02-05", "15:00"))
    chat.joins("U1", "ada")
    await enrol()
    expect(await states()).toEqual([
      { user: "U1", state: "planned", failure: null },
      { user: null, state: "refused", failure: "no_account" },
      { user: null, state: "refused", failure: "no_account" },
      { user: null, state: "refused", failure: "user_disabled" },
    ])
    expect(chat.woken).toEqual([chat.workspace])
    expect(await look(chat.school, sql`select kind from wake where tenant = ${chat.workspace.tenant}`)).toEqual([{ kind: "lane" }])
  })
})

describe("conversations", () => {
  test("are opened for the linked who may be written to, and not again for those who have one", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "rivera")
    chat.joins("U3", "finn")
    expect(await enrol()).toMatchObject({ opened: 2 })
    expect(chat.vendor.calls).toEqual(["reach U1", "reach U2"])
    expect(await enrol()).toMatchObject({ opened: 0 })
    expect(chat.vendor.calls).toHaveLength(2)
  })

  test("wait as long as a busy vendor says, between a second and five minutes, and then go on", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    const waits = [30_000, 0, Number.NaN, 86_400_000]
    chat.vendor.onReach = (user) => {
      const retryAfterMs = user === "U2" ? waits.shift() : undefined
      return retryAfterMs === undefined ? "opens" : { reason: "busy", retryAfterMs }
    }
    expect(await enrol()).toMatchObject({ opened: 2 })
    expect(chat.slept).toEqual([30_000, 1_000, 1_000, 300_000])
  })

  test("are left to the lane where the vendor does nothing but rest", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    chat.vendor.onReach = () => ({ reason: "busy", retryAfterMs: 1_000 })
    expect(await enrol()).toMatchObject({ opened: 0 })
    expect(chat.slept).toHaveLength(10)
  })

  test("that cannot be opened are trouble, by the vendor's code; the others go on", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    chat.joins("U3", "cleo")
    chat.vendor.onReach = (user) =>
      user === "U1" ? { reason: "unreachable", detail: "cannot_dm_bot" } : user === "U2" ? { reason: "uncertain", detail: "timeout" } : "opens"
    expect(await enrol()).toMatchObject({ opened: 1 })
    expect(await addressesIn(chat)).toMatchObject([{ trouble: "cannot_dm_bot" }, { trouble: null, route: null }, { route: "opened:U3" }])
  })

  test("end where the vendor refuses the whole workspace", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    chat.vendor.onReach = () => ({ reason: "denied", detail: "missing_scope" })
    expect(await enrolWorkspace(chat.deps, chat.workspace)).toEqual({ kind: "failed", failure: { reason: "denied", detail: "missing_scope" } })
    expect(chat.vendor.calls).toEqual(["reach U1"])
    expect(await linksIn(chat)).toEqual({ U1: "ada", U2: "ben" })
  })

  test("end politely when asked to stop", async () => {
    chat.joins("U1", "ada")
    chat.joins("U2", "ben")
    const stop = new AbortController()
    chat.vendor.onReach = () => {
      stop.abort()
      return "opens"
    }
    expect((await enrolWorkspace(chat.deps, chat.workspace, { signal: stop.signal })).kind).toBe("stopped")
    expect(await addressesIn(chat)).toMatchObject([{ route: "opened:U1" }, { route: null }])
  })
})

describe("one account", () => {
  const lookUp = (user: string) => enrolAccount(chat.deps, { ...chat.workspace, user })

  test("is linked in the same way", async () => {
    chat.joins("U1", "ada", { zone: "Europe/Madrid" })
    expect(await lookUp("U1")).toBe("linked")
    expect(await lookUp("U1")).toBe("already")
    expect(await linksIn(chat)).toEqual({ U1: "ada" })
    expect((await person("ada"))?.ownZone).toBe("Europe/Madrid")
    expect(chat.listed).toBe(0)
  })

  test("that turns out to be nobody leaves no row", async () => {
    chat.joins("U1", null, { email: "passer-by@elsewhere.example" })
    chat.joins("U2", "ada", { guest: true })
    expect([await lookUp("U1"), await lookUp("U2"), await lookUp("U3")]).toEqual(["nobody", "guest", "unknown"])
    expect(await linksIn(chat)).toEqual({})
    expect(await deedsIn(chat)).toEqual([])
  })

  test("of a workspace that nobody connected is not asked about", async () => {
    expect(await enrolAccount(chat.deps, { platform: "slack", tenant: "T-NOBODY", user: "U1" })).toBe("not_connected")
    expect(await enrolWorkspace(chat.deps, { platform: "slack", tenant: "T-NOBODY" })).toEqual({ kind: "not_connected" })
  })

  test("of a platform that this process does not have is not asked about either", async () => {
    await withoutSchool(database.db, (tx) => connectWorkspace(tx, { platform: "teams", tenant: chat.workspace.tenant }, chat.school.id))
    expect(await enrolAccount(chat.deps, { platform: "teams", tenant: chat.workspace.tenant, user: "U1" })).toBe("not_connected")
  })
})
