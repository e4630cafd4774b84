import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { rows, withoutSchool } from "../../../db/client.ts"
import type { Account } from "../../../src/platform/account.ts"
import { type TestDatabase, testDatabase } from "../../support/database.ts"
import { at, look, type PersonName, seedSchool, type TestSchool } from "../../support/school.ts"
import { command, deedsOf, expectRefused, shown } from "./steps.ts"

let database: TestDatabase
let school: TestSchool
let serial = 0
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.close())
beforeEach(async () => {
  school = await seedSchool(database.db, { tenant: `t${serial++}` })
})

const now = at("2027-02-10", "10:00")
const account = (user: string, of: TestSchool = school): Account => ({ platform: "playground", tenant: of.tenant, user })
const ask = (name: "mentee" | "outreach", who: PersonName, about: Account, text = "") => command(school, who, now, name, text, about)

const link = (user: string, schoolId: string, personId: string) =>
  withoutSchool(database.db, (tx) =>
    rows(
      tx,
      sql`insert into account (platform, tenant, user_id, school_id, person_id) values ('playground', ${school.tenant}, ${user}, ${schoolId}, ${personId})`,
    ),
  )

describe("a look-up by mention", () => {
  test("shows the student whose account it is, as a look-up by name does", async () => {
    const byName = await command(school, "rivera", now, "mentee", "Ada Brook")
    expect(await ask("mentee", "rivera", account("ada"))).toEqual(byName)
    expect(await deedsOf(school)).toEqual(["rivera mentee_viewed ada", "rivera mentee_viewed ada"])
  })

  test("means the account and not the name beside it", async () => {
    expect(shown(await ask("mentee", "rivera", account("ada"), "Ben Hollow"))).toContain("Ada Brook")
    expectRefused(await ask("mentee", "rivera", account("nobody"), "Ben Hollow"))
  })

  test("shows as much as the tie to the student allows", async () => {
    const card = shown(await ask("mentee", "tanner", account("ada")))
    expect(card).toContain("Ada Brook")
    expect(card).not.toContain("Advisor")
    expect(shown(await ask("mentee", "linde", account("eli")))).toContain("Eli Stone")
  })

  test("is refused like a name that nobody has, and on the record, where there is no student for this adult", async () => {
    const other = await seedSchool(database.db, { tenant: `t${serial++}` })
    await link("visitor", other.id, other.people.ada)
    await look(school, sql`update person set status = 'ended' where id = ${school.people.ben}`)
    for (const about of [
      account("nobody"),
      account("eli"),
      account("okafor"),
      account("rivera"),
      account("ben"),
      account("visitor"),
      account("ada", other),
      { ...account("ada"), platform: "slack" } as const,
    ])
      expectRefused(await ask("mentee", "rivera", about))
    expect((await deedsOf(school)).sort()).toEqual(
      ["ben", "eli", "nobody", "nobody", "nobody", "nobody", "okafor", "rivera"].map((whom) => `rivera mentee_refused ${whom}`).sort(),
    )
  })

  test("is for staff", async () => {
    expectRefused(await ask("mentee", "ada", account("ben")))
    expect(await deedsOf(school)).toEqual(["ada mentee_refused nobody"])
  })
})

describe("a hello by mention", () => {
  test("is logged with the student whose account it is, whatever name stands beside it", async () => {
    expect(shown(await ask("outreach", "rivera", account("ada"), "Ben"))).toContain("Logged: a hello with Ada Brook.")
    expect(await deedsOf(school)).toEqual(["rivera hello_logged ada"])
  })

  test("is refused to whoever may not act for the student, and logs nothing", async () => {
    expectRefused(await ask("outreach", "tanner", account("ada")))
    expectRefused(await ask("outreach", "rivera", account("nobody"), "Ada"))
    expectRefused(await ask("outreach", "rivera", account("okafor")))
    expect((await deedsOf(school)).sort()).toEqual([
      "rivera outreach_refused nobody",
      "rivera outreach_refused okafor",
      "tanner outreach_refused ada",
    ])
    expect(await look(school, sql`select 1 from contact`)).toEqual([])
  })
})

test("whoever is away may name their cover by mention", async () => {
  expect(shown(await command(school, "rivera", now, "away", "until 2027-02-17 cover", account("okafor")))).toContain("Obi Okafor answers for you")
  expect(shown(await command(school, "rivera", now, "away", "until 2027-02-17 cover", account("ada")))).toContain("I know no colleague by that name.")
})
