import { randomBytes, randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rows, withoutSchool } from "../../../db/client.ts"
import { pauseWorkspace, workspaceRows } from "../../../db/queries/workspaces.ts"
import { openWords } from "../../../db/words.ts"
import type { Workspace } from "../../../src/platform/account.ts"
import { connectByHand, createInstalls, type InstallDeps, installLink, schoolInvited } from "../../../src/roster/connect.ts"
import { openTokens } from "../../../src/roster/tokens.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, seedSchool, type TestSchool } from "../../support/school.ts"

let database: TestDatabase
let oak: TestSchool
let elm: TestSchool
let tenant: string
let deps: InstallDeps
let clock: Date
let woken: Workspace[]
const now = at("2027-02-04", "15:00")
const key = { platform: "slack", secret: "a state secret that nobody guesses" } as const
const words = openWords({ key: randomBytes(32), randomBytes })
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  oak = await seedSchool(database.db, { tenant: randomUUID() })
  elm = await seedSchool(database.db, { tenant: randomUUID() })
  tenant = `T-${randomUUID()}`
  clock = now
  woken = []
  deps = { ...key, db: database.db, words, ids: randomUUID, now: () => clock, wakeLanes: async (workspaces) => void woken.push(...workspaces) }
})

const minutes = (count: number) => new Date(now.getTime() + count * 60_000)
const linkOf = (school: TestSchool, when = now) => installLink(key, { schoolId: school.id, now: when })
const installs = () => createInstalls(deps)
const tokenOf = (of: string) => openTokens({ db: database.db, words, platform: "slack", now: () => now }).get(of)
const here = async () => (await withoutSchool(database.db, workspaceRows)).find((row) => row.tenant === tenant) ?? null
const deeds = (school: TestSchool) =>
  look<{ act: string; detail: { link?: string } }>(school, sql`select act, detail from deed where act = 'workspace_connected'`)
const wakes = (school: TestSchool) =>
  look<{ kind: string; at: Date }>(
    school,
    sql`select kind, next_at as at from wake where school_id = ${school.id} and tenant = ${tenant} order by kind`,
  )

describe("a link", () => {
  test("is good for the school it names, for 24 hours", () => {
    const link = linkOf(oak)
    expect(schoolInvited(key, link, now)).toBe(oak.id)
    expect(schoolInvited(key, link, minutes(24 * 60 - 1))).toBe(oak.id)
    expect(schoolInvited(key, link, minutes(24 * 60))).toBeNull()
    expect(link).toMatch(/^[\w-]+\.[\w-]+$/)
  })

  test("is no good once a letter of it was changed, or with another secret, or on another platform", () => {
    const link = linkOf(oak)
    for (let i = 0; i < link.length; i++) {
      const letter = link[i] === "A" ? "B" : "A"
      expect(schoolInvited(key, `${link.slice(0, i)}${letter}${link.slice(i + 1)}`, now)).toBeNull()
    }
    expect(schoolInvited({ ...key, secret: "another" }, link, now)).toBeNull()
    expect(schoolInvited({ ...key, platform: "teams" }, link, now)).toBeNull()
  })

  test.each(["", ".", "..", "a.b", "null.", `${"x".repeat(100_000)}.y`, "ключ.ключ"])("that says %j is none", (link) => {
    expect(schoolInvited(key, link, now)).toBeNull()
  })

  test("with anything behind it, or spelled otherwise, is none", () => {
    const link = linkOf(oak)
    for (const other of [`${link}.x`, `${link}=`, ` ${link}`, `${link}\n`]) expect(schoolInvited(key, other, now)).toBeNull()
  })

  test("is asked by the adapter before it sends anybody to the vendor", () => {
    expect(installs().invited(linkOf(oak))).toBe(true)
    clock = minutes(24 * 60)
    expect(installs().invited(linkOf(oak))).toBe(false)
    expect(installs().invited("guessed")).toBe(false)
  })

  test("cannot be signed with no secret at all", () => {
    expect(() => createInstalls({ ...deps, secret: "" })).toThrow("secret")
  })
})

describe("an installation", () => {
  test("connects the workspace to the link's school, keeps its token sealed, and says so in the audit", async () => {
    expect(await installs().keep(linkOf(oak), tenant, "xoxb-1")).toBe("kept")
    expect(await here()).toMatchObject({ schoolId: oak.id, paused: null })
    expect(await tokenOf(tenant)).toBe("xoxb-1")
    expect(await deeds(oak)).toEqual([
      { act: "workspace_connected", detail: { platform: "slack", tenant, by: "link", link: expect.stringMatching(/^[\w-]{22}$/) } },
    ])
    expect(JSON.stringify(await deeds(oak))).not.toContain("xoxb")
    expect(linkOf(oak)).not.toContain((await deeds(oak))[0]?.detail.link ?? "")
  })

  test("asks for its people to be read, and wakes its lane", async () => {
    await installs().keep(linkOf(oak), tenant, "xoxb-1")
    expect(await wakes(oak)).toEqual([
      { kind: "enrol", at: now },
      { kind: "lane", at: now },
    ])
    expect(woken).toEqual([{ platform: "slack", tenant }])
  })

  test("without a link, or with one that is over, keeps nothing", async () => {
    clock = minutes(24 * 60)
    for (const link of ["", "guessed", linkOf(oak)]) expect(await installs().keep(link, tenant, "xoxb-1")).toBe("not_invited")
    expect(await here()).toBeNull()
    expect(await tokenOf(tenant)).toBeNull()
    expect(await deeds(oak)).toEqual([])
    expect(woken).toEqual([])
  })

  test("by a link to a school that is not there keeps nothing", async () => {
    expect(await installs().keep(installLink(key, { schoolId: randomUUID(), now }), tenant, "xoxb-1")).toBe("not_invited")
    expect(await here()).toBeNull()
  })

  test("of a second workspace by a link that was used is not invited; the first may try again", async () => {
    const link = linkOf(oak)
    const first = tenant
    expect(await installs().keep(link, first, "xoxb-1")).toBe("kept")
    tenant = `T-${randomUUID()}`
    expect(await installs().keep(link, tenant, "xoxb-other")).toBe("not_invited")
    expect(await here()).toBeNull()
    expect(await tokenOf(tenant)).toBeNull()
    expect(await wakes(oak)).toEqual([])
    expect(await installs().keep(link, first, "xoxb-2")).toBe("kept")
    expect(await tokenOf(first)).toBe("xoxb-2")
    expect(await installs().keep(linkOf(oak, minutes(1)), tenant, "xoxb-other")).toBe("kept")
  })

  test("of two workspaces by one link at the same moment is one workspace's", async () => {
    for (let round = 0; round < 5; round++) {
      const link = linkOf(oak, minutes(round))
      const both = [`T-${randomUUID()}`, `T-${randomUUID()}`]
      clock = minutes(round)
      expect((await Promise.all(both.map((one) => installs().keep(link, one, "xoxb-1")))).sort()).toEqual(["kept", "not_invited"])
      expect((await Promise.all(both.map(tokenOf))).filter((token) => token !== null)).toHaveLength(1)
    }
  })

  test("of another school's workspace does not use the link up", async () => {
    await installs().keep(linkOf(elm), tenant, "xoxb-elm")
    const link = linkOf(oak)
    expect(await installs().keep(link, tenant, "xoxb-oak")).toBe("elsewhere")
    expect(await installs().keep(link, `T-${randomUUID()}`, "xoxb-oak")).toBe("kept")
  })

  test("of another school's workspace changes nothing there", async () => {
    await installs().keep(linkOf(elm), tenant, "xoxb-elm")
    expect(await installs().keep(linkOf(oak), tenant, "xoxb-oak")).toBe("elsewhere")
    expect(await here()).toMatchObject({ schoolId: elm.id })
    expect(await tokenOf(tenant)).toBe("xoxb-elm")
    expect(await deeds(oak)).toEqual([])
    expect(await wakes(oak)).toEqual([])
  })

  test("of one workspace by two schools at the same moment is one school's", async () => {
    for (let round = 0; round < 5; round++) {
      tenant = `T-${randomUUID()}`
      const [first, second] = await Promise.all([
        installs().keep(linkOf(oak, minutes(-round)), tenant, "xoxb-oak"),
        installs().keep(linkOf(elm, minutes(-round)), tenant, "xoxb-elm"),
      ])
      expect([first, second].sort()).toEqual(["elsewhere", "kept"])
      const winner = first === "kept" ? oak : elm
      expect(await here()).toMatchObject({ schoolId: winner.id })
      expect(await tokenOf(tenant)).toBe(winner === oak ? "xoxb-oak" : "xoxb-elm")
      for (const school of [oak, elm]) {
        const kept = await look<{ n: number }>(school, sql`select count(*) as n from token where tenant = ${tenant}`)
        expect(kept[0]?.n).toBe(school === winner ? 1 : 0)
      }
    }
  })

  test("many times at once by one school is one workspace with one token", async () => {
    const given = Array.from({ length: 6 }, (_, i) => `xoxb-${i}`)
    expect(new Set(await Promise.all(given.map((token) => installs().keep(linkOf(oak), tenant, token))))).toEqual(new Set(["kept"]))
    expect(given).toContain(await tokenOf(tenant))
  })

  test("again ends the pause, keeps what is owed there, and lets its lane look at once", async () => {
    await installs().keep(linkOf(oak), tenant, "xoxb-1")
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, { platform: "slack", tenant }, "token_revoked"))
    await look(
      oak,
      sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, platform, tenant, user_id, due_at, expires_at)
          values (${oak.id}, ${randomUUID()}, 'notice', 'n', ${oak.people.rivera}, 'slack', ${tenant}, 'U1', ${now}, ${minutes(600)})`,
    )
    await withoutSchool(database.db, (tx) => rows(tx, sql`update wake set next_at = ${minutes(9_999)} where tenant = ${tenant}`))
    clock = minutes(10)
    expect(await installs().keep(linkOf(oak), tenant, "xoxb-2")).toBe("kept")
    expect(await here()).toMatchObject({ schoolId: oak.id, paused: null })
    expect(await tokenOf(tenant)).toBe("xoxb-2")
    expect(await look(oak, sql`select state from delivery where tenant = ${tenant}`)).toEqual([{ state: "planned" }])
    expect((await wakes(oak)).map(({ at }) => at)).toEqual([minutes(10), minutes(10)])
  })
})

describe("the workspace of the one bot token", () => {
  const byHand = (school: TestSchool) => connectByHand(deps, { platform: "slack", tenant }, school.id)

  test("becomes the school's, once", async () => {
    expect(await byHand(oak)).toBe("connected")
    expect(await byHand(oak)).toBe("kept")
    expect(await here()).toMatchObject({ schoolId: oak.id })
    expect(await deeds(oak)).toHaveLength(1)
    expect(woken).toHaveLength(1)
    expect((await wakes(oak)).map(({ kind }) => kind)).toEqual(["enrol", "lane"])
  })

  test("is left where it is another school's", async () => {
    await byHand(elm)
    expect(await byHand(oak)).toBe("elsewhere")
    expect(await here()).toMatchObject({ schoolId: elm.id })
    expect(await deeds(oak)).toEqual([])
  })

  test("goes on where it was paused", async () => {
    await byHand(oak)
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, { platform: "slack", tenant }, "invalid_auth"))
    expect(await byHand(oak)).toBe("connected")
    expect(await here()).toMatchObject({ paused: null })
  })

  test("is one school's of two that start at the same moment", async () => {
    const both = await Promise.all([byHand(oak), byHand(elm)])
    expect([...both].sort()).toEqual(["connected", "elsewhere"])
  })
})
