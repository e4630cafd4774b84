// The commands about Teams, against one on loopback: connect, doctor, link, status.
import { join } from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { rows, withoutSchool, withSchool } from "../../db/client.ts"
import { schoolIds } from "../../db/queries/roster-school.ts"
import { pauseWorkspace } from "../../db/queries/workspaces.ts"
import { openTeamsVendor, type TeamsVendor } from "../adapters/teams/vendor/vendor.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { envOf, type Run, rapportHere } from "./rapport.ts"

const sample = join(import.meta.dirname, "../../sample")
const other = "0a1b2c3d-0000-4000-8000-0000000000ff"
const [cass, stranger, gone] = [
  "c0ffee00-0000-4000-8000-000000000001",
  "c0ffee00-0000-4000-8000-000000000002",
  "c0ffee00-0000-4000-8000-000000000003",
]
let database: TestDatabase
let vendor: TeamsVendor
let env: Record<string, string>
let schoolId = ""
let mail = ""

beforeAll(async () => {
  database = await testDatabase()
  env = { ...envOf(database.ownerUrl), PLAYGROUND: "off" }
  await done("roster", "import", sample, "--zone", "America/New_York", "--consent", "school", "--school", "Larkspur Valley")
  schoolId = (await withoutSchool(database.db, schoolIds))[0] ?? ""
  mail = (await inSchool<{ email: string }>(sql`select email from person where sourced_id = 'c-01'`))[0]?.email ?? ""
  vendor = await openTeamsVendor({
    people: [
      { id: cass, email: mail },
      { id: stranger, email: "other@larkspur.example" },
      { id: gone, installed: false },
    ],
  })
  env = { ...env, MicrosoftAppId: vendor.appId, MicrosoftAppPassword: vendor.appPassword, MicrosoftAppTenantId: vendor.tenant }
})
afterAll(async () => {
  await vendor.close()
  await database.close()
})

const rapport = (...args: string[]): Promise<Run> => rapportHere(env, false, vendor?.endpoints ?? null)(...args)
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
const inSchool = <Row>(query: ReturnType<typeof sql>) => withSchool(database.db, schoolId, (tx) => rows<Row>(tx, query))
const line = ({ out }: Run, of: string): string => out.split("\n").find((one) => new RegExp(`^(ok|to do|WRONG) +${of} {2,}`).test(one)) ?? ""
const account = (user: string): string => `teams:${vendor.tenant.toUpperCase()}/${user.toUpperCase()}`
const connected = async () =>
  (await withoutSchool(database.db, (tx) => rows<{ tenant: string }>(tx, sql`select tenant from workspace where platform = 'teams'`))).map(
    ({ tenant }) => tenant,
  )

// One story: each step stands on the one before.
describe("Teams at the terminal", () => {
  test("doctor says what is to be done before a tenant is connected, and how the endpoint must look", async () => {
    const run = await rapport("doctor")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(line(run, "teams")).toMatch(/^ok .*an app of one tenant, with a password$/)
    expect(line(run, "teams token")).toMatch(/^ok .*Microsoft gives one to this app$/)
    expect(line(run, "messaging endpoint")).toMatch(/^to do .*PUBLIC_URL is not set.*\/api\/messages behind it$/)
    expect(line(run, "tenant")).toMatch(/^to do .*connected to no school yet: run "rapport connect teams"$/)
    expect(line(run, "accounts")).toMatch(/^to do .*nobody can be written to yet: run "rapport connect teams"$/)
    const addressed = await rapportHere({ ...env, PUBLIC_URL: "https://rapport.example.org" }, false, vendor.endpoints)("doctor")
    expect(line(addressed, "messaging endpoint")).toMatch(
      /^ok .*must read https:\/\/rapport\.example\.org\/api\/messages on the page "Configuration"/,
    )
    expect(run.out).toContain('"Setup policies": Rapport is installed for everybody who is to have it')
  })

  test("a wrong password is named, and nothing is connected", async () => {
    const right = env
    env = { ...env, MicrosoftAppPassword: "wrong" }
    expect(await fails("connect", "teams")).toMatch(/Microsoft does not know this password .*correct MicrosoftAppPassword\. Nothing was changed\.\n$/)
    const run = await rapport("doctor")
    expect(run.code).toBe(1)
    expect(line(run, "teams token")).toMatch(/^WRONG .*correct MicrosoftAppPassword\.$/)
    expect(run.out + run.err).not.toContain("wrong\n")
    env = right
    expect(await connected()).toEqual([])
  })

  test("connect binds the tenant of the settings to the school, once, and asks for a reading", async () => {
    expect(await fails("connect", "teams", "--tenant", other)).toContain("This app is of one tenant")
    expect(await done("connect", "teams")).toContain(`The Microsoft tenant ${vendor.tenant} is now connected to Larkspur Valley.`)
    expect(await done("connect", "teams", "--tenant", vendor.tenant.toUpperCase())).toContain("is connected already to Larkspur Valley.")
    expect(await connected()).toEqual([vendor.tenant])
    const wakes = await inSchool<{ kind: string }>(sql`select kind from wake where platform = 'teams' order by 1`)
    expect(wakes.map(({ kind }) => kind)).toEqual(["enrol", "lane"])
  })

  test("link takes Microsoft's ids in whatever case, says whose they are, and does not believe a stranger's", async () => {
    expect(await done("link", "c-01", account(cass))).toContain(`In Teams ${cass} is ${mail}.`)
    expect(await fails("link", "s-15", account(stranger))).toMatch(/^Teams says other@larkspur\.example, and the roster says .*nothing was changed/)
    expect(await done("link", "t-01", account(gone))).toContain(`teams:${vendor.tenant}/${gone} is `)
    expect(await inSchool(sql`select user_id as "user" from address where platform = 'teams' order by 1`)).toEqual([{ user: cass }, { user: gone }])
  })

  test("doctor says who is known in Teams and who is not, and names no e-mail", async () => {
    const run = await rapport("doctor")
    expect(run.code).toBe(0)
    expect(line(run, "tenant")).toMatch(/^ok .*is connected to Larkspur Valley$/)
    expect(line(run, "teams events")).toMatch(/^to do .*none has come yet/)
    expect(line(run, "teams people")).toMatch(/^to do .*2 of \d+ in the roster are known in Teams; \d+ are not \(see below\)/)
    expect(line(run, "teams addresses")).toMatch(/^ok .*none refuses us$/)
    expect(run.out).toMatch(/^ {2}\S.* +(student|staff) +has not been met there$/m)
    expect(run.out).toMatch(/^ {2}and \d+ more: add --all$/m)
    expect(run.out).not.toContain("@")
  })

  test("status lists who removed the app, who blocked it and who never had it, each by name and role", async () => {
    await inSchool(sql`update address set trouble = 'left' where user_id = ${cass}`)
    await inSchool(sql`update address set trouble = 'BotDisabledByUser' where user_id = ${gone}`)
    const out = await done("status", "--all")
    expect(out).toMatch(/^cannot be written to +2$/m)
    expect(out).toMatch(/^ {2}\S.* +staff +removed the app, or left \(Teams\)$/m)
    expect(out).toMatch(/^ {2}\S.* +staff +blocked the app \(Teams\)$/m)
    const never = out.match(/^ {2}\S.* +(student|staff) +not on the bot$/gm) ?? []
    expect(out).toMatch(new RegExp(`^not on the bot +${never.length}: they get nothing, which is never their silence$`, "m"))
    expect(await done("status")).toMatch(/^ {2}and \d+ more: add --all$/m)
  })

  test("doctor says what a paused tenant needs, and what a tenant without settings does", async () => {
    await withoutSchool(database.db, (tx) => pauseWorkspace(tx, { platform: "teams", tenant: vendor.tenant }, "AADSTS7000222"))
    expect(line(await rapport("doctor"), "tenant")).toMatch(/^WRONG .*is paused, .*The password has run out .*Then run "rapport connect teams"$/)
    const { MicrosoftAppId: _, MicrosoftAppPassword: __, MicrosoftAppTenantId: ___, ...without } = env
    expect(line(await rapportHere(without)("doctor"), "teams")).toMatch(/^WRONG .*is connected, but Teams is not set up here/)
    expect(await rapportHere(without)("connect", "teams")).toMatchObject({
      code: 1,
      err: expect.stringContaining("Teams is not set up here: set MicrosoftAppId"),
    })
    expect(await done("connect", "teams")).toContain("is now connected")
  })

  test("an app of many tenants is told which", async () => {
    const { MicrosoftAppTenantId: _, ...rest } = env
    const many = { ...rest, MicrosoftAppType: "MultiTenant" }
    const asMany = rapportHere(many, false, vendor.endpoints)
    expect((await asMany("connect", "teams")).err).toContain("say which with --tenant")
    expect((await asMany("connect", "teams", "--tenant", "larkspur.example")).err).toContain("--tenant must be a Directory (tenant) ID")
    expect((await asMany("connect", "teams", "--tenant", other)).out).toContain(`The Microsoft tenant ${other} is now connected`)
    expect((await connected()).toSorted()).toEqual([vendor.tenant, other].toSorted())
  })

  test("anonymous Teams needs no proof, and is called what it is", async () => {
    const anonymous = rapportHere({ ...envOf(database.ownerUrl), TEAMS_ANONYMOUS: "loopback" })
    const run = await anonymous("doctor")
    expect(line(run, "teams")).toMatch(/^to do .*for a try, never for real people$/)
    const { out } = await anonymous("connect", "teams")
    expect(out).toContain("The Microsoft tenant local is now connected")
    expect(out).toContain('rapport link "NAME" teams:local/ID')
    expect(out).not.toMatch(/admin center|e-mail|Teams tells/)
  })
})
