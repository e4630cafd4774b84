import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { botScopes } from "../../adapters/slack/scopes.ts"
import { rows, withoutSchool, withSchool } from "../../db/client.ts"
import { openSlackVendor, type SlackVendor } from "../adapters/slack/vendor/vendor.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { envOf, rapportHere } from "./rapport.ts"

const sample = join(import.meta.dirname, "../../sample")
let database: TestDatabase
let vendor: SlackVendor
let env: Record<string, string>
let schoolId: string
let mails: Map<string, string>

const mailOf = (key: string): string => mails.get(key) ?? ""
const slack = (user: string): string => `slack:T0LARKSPUR/${user}`

beforeAll(async () => {
  database = await testDatabase()
  vendor = await openSlackVendor({
    transport: "http",
    scopes: botScopes,
    people: [
      { id: "U0OTHER", email: "other@larkspur.example" },
      { id: "U0GUEST", email: null, guest: "single_channel" },
      { id: "U0ROBOT", email: null, bot: true },
      { id: "U0GONE", deleted: true },
    ],
  })
  env = {
    ...envOf(database.ownerUrl),
    SLACK_API_URL: vendor.apiUrl,
    SLACK_BOT_TOKEN: vendor.team.botToken,
    SLACK_SIGNING_SECRET: vendor.signingSecret,
    PLAYGROUND: "off",
  }
  await done("roster", "import", sample, "--zone", "America/New_York", "--consent", "school", "--school", "Larkspur Valley")
  await done("connect", "slack")
  const [school] = await withoutSchool(database.db, (tx) =>
    rows<{ id: string }>(tx, sql`select school_id as id from workspace where platform = 'slack'`),
  )
  schoolId = school?.id ?? ""
  const people = await inSchool<{ key: string; email: string }>(sql`select sourced_id as key, email from person where email is not null`)
  mails = new Map(people.map(({ key, email }) => [key, email]))
  const [someone] = vendor.people.values()
  if (!someone) throw new Error("Nobody is in the workspace.")
  vendor.state.people.set("U0CASS", { ...someone, id: "U0CASS", email: mailOf("c-01").toUpperCase() })
  vendor.state.people.set("U0CASS2", { ...someone, id: "U0CASS2", emailConfirmed: false })
})
afterAll(async () => {
  await vendor.close()
  await database.close()
})

const rapport = (...args: string[]) => rapportHere(env)(...args)
const done = async (...args: string[]): Promise<string> => {
  const run = await rapport(...args)
  expect(run).toMatchObject({ code: 0, err: "" })
  return run.out
}
const fails = async (...args: string[]): Promise<string> => {
  const run = await rapport(...args)
  expect(run).toMatchObject({ code: 1, out: "" })
  return run.err
}
const inSchool = <T extends Record<string, unknown>>(query: ReturnType<typeof sql>): Promise<T[]> =>
  withSchool(database.db, schoolId, (tx) => rows<T>(tx, query))
const kept = async (): Promise<string[]> =>
  (
    await inSchool<{ is: string }>(
      sql`select 'account ' || a.user_id || ' ' || p.sourced_id as is from account a join person p on p.school_id = a.school_id and p.id = a.person_id where a.platform = 'slack'
        union all select 'address ' || a.user_id || ' ' || p.sourced_id from address a join person p on p.school_id = a.school_id and p.id = a.person_id where a.platform = 'slack' order by 1`,
    )
  ).map((row) => row.is)
const deeds = async (): Promise<string[]> =>
  (await inSchool<{ act: string }>(sql`select act from deed where act like 'account_%' order by at, id`)).map(({ act }) => act).sort()

// One story: each step stands on the one before.
describe("an account by hand", () => {
  test("that Slack does not know, or that is no person's, is refused", async () => {
    for (const user of ["U0NOBODY", "U0ROBOT", "U0GONE"])
      expect(await fails("link", "c-01", slack(user), "--yes")).toBe(
        `Slack knows no account ${user} in T0LARKSPUR, or only a bot's or one that was deactivated: nothing was changed.\n`,
      )
    expect(await kept()).toEqual([])
  })

  test("whose e-mail is another's is linked only when the admin insists", async () => {
    const refused = await fails("link", "c-02", slack("U0CASS"))
    expect(refused).toMatch(
      /^Slack says \S+, which is .+'s in the roster, and the roster says \S+ of .+: nothing was changed\. Add --yes if it is theirs all the same\.\n$/,
    )
    expect(refused).toContain(mailOf("c-01").toUpperCase())
    expect(refused).toContain(mailOf("c-02"))
    await inSchool(sql`update person set email = null where sourced_id = 'c-02'`)
    expect(await fails("link", "c-02", slack("U0CASS"))).toContain("in the roster: nothing was changed")
    expect(await kept()).toEqual([])
    expect(await done("link", "c-02", slack("U0OTHER"))).toContain("In Slack U0OTHER is other@larkspur.example.\n")
    await inSchool(sql`update person set email = ${mailOf("c-02")} where sourced_id = 'c-02'`)
    expect(await fails("link", "c-02", slack("U0OTHER"))).toContain("Slack says other@larkspur.example, and the roster says")
    expect(await done("link", "c-02", slack("U0OTHER"), "--yes")).toMatch(/\nslack:T0LARKSPUR\/U0OTHER is .+'s\.\n$/)
  })

  test("is shown as Slack knows it, guests too, beside the accounts that its person has already", async () => {
    const out = await done("link", "c-01", slack("U0CASS"), "--dry-run")
    expect(out).toContain(`In Slack U0CASS is ${mailOf("c-01").toUpperCase()}.\n`)
    expect(out).toContain("This was a dry run")
    expect(await kept()).not.toContain("account U0CASS c-01")
    expect(await done("link", "c-01", slack("U0CASS"))).not.toContain("account")
    const more = await done("link", "c-01", slack("U0GUEST"))
    expect(more).toContain("In Slack U0GUEST is somebody without a verified e-mail, a guest.\n")
    expect(more).toContain("has another account too: slack:T0LARKSPUR/U0CASS.\n")
    expect(await fails("link", "c-03", slack("U0GUEST"))).not.toBe("")
  })

  test("changes nothing where Slack refuses to say", async () => {
    vendor.fail("invalid_auth", "auth.test")
    expect(await fails("link", "c-02", slack("U0CASS2"))).toMatch(/^Slack does not know this token .* Nothing was changed\.\n$/)
    expect(await kept()).not.toContain("account U0CASS2 c-02")
  })

  test("is taken back: what waits there goes to another account of its person's, or ends", async () => {
    expect(await fails("unlink", "c-02", slack("U0CASS"))).toMatch(
      /^slack:T0LARKSPUR\/U0CASS is not .+'s account, who has slack:T0LARKSPUR\/U0OTHER: nothing was changed\.\n$/,
    )
    await inSchool(sql`insert into delivery (school_id, id, kind, dedupe_key, person_id, due_at, expires_at, platform, tenant, user_id, state)
      select school_id, gen_random_uuid(), 'note', user_id || state, person_id, '2026-11-24T16:00:00Z', '2026-11-25T16:00:00Z', platform, tenant, user_id, state
      from address, (values ('planned'), ('sent')) s(state) where user_id in ('U0GUEST', 'U0OTHER')`)
    const waiting = () =>
      inSchool<{ is: string }>(
        sql`select concat_ws(' ', dedupe_key, user_id, state, failure) as is from delivery where kind = 'note' order by dedupe_key`,
      ).then((found) => found.map((row) => row.is))
    await done("unlink", "c-01", slack("U0GUEST"), "--dry-run")
    expect(await kept()).toContain("account U0GUEST c-01")
    expect(await done("unlink", "c-01", slack("U0GUEST"))).toMatch(
      /^slack:T0LARKSPUR\/U0GUEST is no longer .+'s\. Left to them: slack:T0LARKSPUR\/U0CASS\.\n$/,
    )
    expect(await done("unlink", "c-02", slack("U0OTHER"))).toMatch(
      /No account of theirs is left: they get nothing\.\n1 message that waited for it is not sent\.\n$/,
    )
    expect(await waiting()).toEqual([
      "U0GUESTplanned U0CASS planned",
      "U0GUESTsent U0GUEST sent",
      "U0OTHERplanned refused no_account",
      "U0OTHERsent U0OTHER sent",
    ])
    expect(await kept()).toEqual(["account U0CASS c-01", "address U0CASS c-01"])
    expect((await deeds()).filter((act) => act === "account_unlinked")).toHaveLength(2)
    expect(await fails("unlink", "c-02", slack("U0OTHER"))).toContain("who has none: nothing was changed")
  })
})

describe("the safety ladder", () => {
  test("names whoever of it cannot be written to: wrong for the doctor, a warning before going live", async () => {
    await done("settings", "safety.ladder", "c-01; c-02")
    const doctor = await rapport("doctor")
    expect(doctor.code).toBe(1)
    expect(doctor.out.match(/^WRONG +ladder +.+, step 2 of the ladder, cannot be written to: no account is known as theirs\./gm)).toHaveLength(1)
    expect(doctor.out).not.toContain("step 1 of the ladder")
    await inSchool(sql`update address set trouble = 'user_disabled' where user_id = 'U0CASS'`)
    expect(await fails("golive")).toMatch(/\nWarning: .+, step 1 of the ladder, cannot be written to: their account refuses us \(user_disabled\)/)
    await done("settings", "safety.hours", "mon-fri 07:30-16:00; breaks covered")
    await done("settings", "safety.signoff", "c-01, 2026-08-20")
    await done("settings", "consent.basis", "school")
    await done("settings", "family.notice", "2026-08-21")
    expect(await done("golive")).toMatch(/ready to serve students .*\nWarning: .+, step 1 .*\nWarning: .+, step 2 .*\n$/)
    await inSchool(sql`update address set trouble = null where user_id = 'U0CASS'`)
    await done("link", "c-02", slack("U0OTHER"), "--yes")
    expect(await done("golive")).not.toContain("Warning")
  })
})

describe("switching a group on", () => {
  test("counts as the preview does, and says why the others are left out", async () => {
    const [group] = await inSchool<{ id: string; title: string }>(sql`select id, title from school_group where title = 'Crew Bluestem'`)
    const members = sql`select student_id from membership where group_id = ${group?.id ?? ""}`
    await inSchool(sql`update person set grade = '9' where id in (${members})`)
    await inSchool(sql`insert into account (platform, tenant, user_id, school_id, person_id)
      select 'slack', 'T0LARKSPUR', 'U0S' || sourced_id, school_id, id from person where id in (${members}) order by sourced_id limit 8`)
    await inSchool(sql`insert into address (school_id, platform, tenant, user_id, person_id)
      select school_id, platform, tenant, user_id, person_id from account where user_id like 'U0S%'`)
    await inSchool(sql`update person set grade = '12' where id in (select person_id from account where user_id like 'U0S%' order by user_id limit 3)`)
    await inSchool(
      sql`update person set stopped_at = now() where id in (select person_id from account where user_id like 'U0S%' order by user_id limit 1)`,
    )
    const lines = (await done("plan", "on", "Crew Bluestem")).trimEnd().split("\n")
    expect(lines[0]).toBe('Crew Bluestem is on: 2 of 10 students will be asked. "rapport preview" says when.')
    expect(lines.slice(1).sort()).toEqual([
      "  1 will not: they said stop.",
      "  2 will not: they are not on the bot yet.",
      "  5 will not: they are too young for Slack, by their grade and the setting slack.minimum_age.",
    ])
    expect(await done("preview", "--week", "2026-12-02")).toContain("Crew Bluestem: 2 students asked")
  })
})

describe("one person who is not found", () => {
  test("is spoken of as one", async () => {
    await inSchool(sql`update person set status = 'ended' where sourced_id not in ('c-01', 't-01')`)
    expect((await rapport("doctor")).out).toMatch(
      /to do +people +1 of 2 in the roster is found in Slack; 1 is not \(see below\), and gets nothing there\n/,
    )
  })
})
