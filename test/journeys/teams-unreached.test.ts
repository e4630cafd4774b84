// Weeks of a school in Teams in which some cannot be written to: who removed the app, who blocked it, who never had it. They are named to the admin and
// to their advisor, and their silence is counted as nobody's. Then the tenant refuses us as a whole.
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Message } from "../adapters/teams/vendor/state.ts"
import type { Listed } from "../support/chat-town.ts"
import { at } from "../support/school.ts"
import { entraOf, type InTeams, inTeams, openTeamsTown, seen, type TeamsTown } from "../support/teams-town.ts"

const student = (key: string, name: string): Listed => ({ key, name, role: "student", grade: "12", advisory: true })
const listed: readonly Listed[] = [
  student("ada", "Ada Brook"),
  student("ben", "Ben Hollow"),
  student("cleo", "Cleo Marsh"),
  student("hugo", "Hugo Lane"),
  student("una", "Una Stone"),
  student("bly", "Bly Quill"),
  student("nev", "Nev Sol"),
  student("lin", "Lin Vale"),
  { key: "rivera", name: "Rosa Rivera", role: "teacher", advisory: true },
  { key: "linde", name: "Lena Linde", role: "teacher", office: "counsellor" },
  { key: "parr", name: "Pat Parr", role: "teacher", office: "principal" },
  { key: "soto", name: "Sol Soto", role: "teacher", office: "admin" },
]
const steady = ["ada", "ben", "cleo"]
/** Removed it, blocked it, never had it, and never had it but was linked by hand. Hugo has it, and goes quiet himself. */
const unreached = ["una", "bly", "nev", "lin"]
const neverInstalled = ["nev", "lin"]

let town: TeamsTown
let there: InTeams

beforeAll(async () => {
  town = await openTeamsTown({ listed, start: at("2027-02-01", "09:00") })
  there = inTeams(town.vendor, () => town.settled())
  await town.setUp({ signedOn: "2027-02-01" })
  for (const { key } of listed) if (!neverInstalled.includes(key)) await there.install(key)
  await town.rapport("link", "lin", `teams:${town.vendor.tenant}/${entraOf("lin")}`)
}, 120_000)
afterAll(() => town.close())

const isPrompt = ({ summary }: Message): boolean => summary === "Your two questions this week"
const promptsTo = (key: string): number => there.told(key).filter(isPrompt).length
const alerts = () =>
  town.ask<{ who: string }>(sql`select p.sourced_id as who from alert a left join person p on p.school_id = a.school_id and p.id = a.subject_id`)
const marksOf = async (key: string): Promise<string> =>
  (
    await town.ask<{ weeks: string }>(
      sql`select h.weeks from history h join person p on p.school_id = h.school_id and p.id = h.student_id where p.sourced_id = ${key}`,
    )
  )[0]?.weeks ?? ""
/** Of one status line's list, who and why. */
const listedIn = (status: string): string[] =>
  status.split("\n").flatMap((line) => (/^ {2}\S.*(student|staff) {2,}/.test(line) ? [line.trim().replace(/ {2,}/g, ", ")] : []))

async function week(thursday: string, friday: string): Promise<void> {
  await town.moveTo(at(thursday, "15:00"))
  for (const key of steady) await there.say(key, `What ${key} writes on ${thursday}.`)
  await town.moveTo(at(friday, "08:05"))
  const list = there.told("rivera").findLast((message) => /waiting to be read/.test(message.summary ?? ""))
  // A list that has more to say stays, and the answers come in a message of their own.
  await there.press("rivera", list, seen(list).includes("Notes for you") ? "reading_apart" : "reading_open")
  const reading = there.told("rivera").findLast((message) => /^Answer \d/.test(message.summary ?? ""))
  for (let n = 0; n < listed.length && /^Answer/.test(reading?.summary ?? ""); n++) await there.press("rivera", reading, "reading_read")
  expect(seen(reading)).toMatch(/^All read/)
}

// One story: each step stands on the one before.
describe("a school in Teams where some cannot be written to", () => {
  test("everybody who has the app is asked, and answers", async () => {
    await town.moveTo(at("2027-02-04", "14:50"))
    for (const key of ["hugo", "una", "bly"]) await there.say(key, "My first answer.")
    await week("2027-02-04", "2027-02-05")
    expect(listed.filter(({ role }) => role === "student").map(({ key }) => promptsTo(key))).toEqual([1, 1, 1, 1, 1, 1, 0, 0])
  })

  test("who removes the app, and who blocks it, gets nothing more, and nobody is told that they went quiet", async () => {
    await there.uninstall("una")
    town.vendor.change(entraOf("bly"), { blocked: true })
    for (const [thursday, friday] of [
      ["2027-02-11", "2027-02-12"],
      ["2027-02-18", "2027-02-19"],
      ["2027-02-25", "2027-02-26"],
      ["2027-03-04", "2027-03-05"],
      ["2027-03-11", "2027-03-12"],
    ] as const)
      await week(thursday, friday)
    await town.moveTo(at("2027-03-17", "12:00"))
    expect(unreached.map(promptsTo)).toEqual([1, 1, 0, 0])
    // He had the same weeks, and every chance.
    expect(await alerts()).toEqual([{ who: "hugo" }])
    expect(await marksOf("hugo")).toMatch(/^am{5}$/)
    for (const key of unreached) expect(await marksOf(key)).not.toMatch(/[mu]/)
    for (const name of ["Una Stone", "Bly Quill", "Nev Sol", "Lin Vale"])
      for (const message of ["rivera", "linde", "parr", "soto"].flatMap((key) => there.told(key)))
        expect(seen(message)).not.toMatch(new RegExp(`${name} has not answered`))
  })

  test("the advisor's brief names them as out of reach, and status names them to the admin, each with the reason", async () => {
    const brief = there.told("rivera").findLast((message) => /worth a hello this week/.test(message.summary ?? ""))
    expect(seen(brief)).toMatch(/^Not reached by me, so only in person: Bly Quill, Nev Sol, Una Stone, and Lin Vale\.$/m)
    const status = await town.rapport("status", "--all")
    expect(status).toMatch(/^cannot be written to +3$/m)
    expect(status).toMatch(/^not on the bot +1: they get nothing, which is never their silence$/m)
    expect(listedIn(status)).toEqual(
      [
        "Bly Quill, student, blocked the app (Teams)",
        "Nev Sol, student, not on the bot",
        "Una Stone, student, removed the app, or left (Teams)",
        "Lin Vale, student, the app is not installed for them (Teams)",
      ].toSorted((a, b) => (a.split(" ")[1] ?? "").localeCompare(b.split(" ")[1] ?? "")),
    )
  })

  test("who lets the bot in again is asked again, and only what they miss from then on is theirs", async () => {
    await there.install("una")
    town.vendor.change(entraOf("bly"), { blocked: false })
    await week("2027-03-18", "2027-03-19")
    expect(["una", "bly"].map(promptsTo)).toEqual([2, 2])
    expect(listedIn(await town.rapport("status", "--all"))).toHaveLength(2)
    await town.moveTo(at("2027-03-24", "12:00"))
    for (const key of ["una", "bly"]) expect(await marksOf(key)).toMatch(/^a[^mu]{5}m$/)
    expect(await alerts()).toEqual([{ who: "hugo" }])
  })

  test("a tenant that refuses us rests at once, with one notice to the admin, and nobody's weeks are counted", async () => {
    await town.moveTo(at("2027-03-25", "14:40"))
    town.vendor.state.blockedByAdmin = true
    const posts = () => town.vendor.calls.filter(({ kind }) => kind === "send").length
    const before = posts()
    await town.moveTo(at("2027-03-25", "14:50"))
    expect(await town.ask(sql`select paused from workspace`)).toEqual([{ paused: "BotDisabledByAdmin" }])
    const tried = posts() - before
    // One batch's calls at most were on their way.
    expect(tried).toBeGreaterThan(0)
    expect(tried).toBeLessThanOrEqual(8)
    await town.moveTo(at("2027-04-14", "12:00"))
    expect(posts() - before).toBe(tried)
    const notices = await town.ask(
      sql`select p.sourced_id as who, d.state from delivery d join person p on p.school_id = d.school_id and p.id = d.person_id where d.kind = 'workspace_paused'`,
    )
    // It could reach nobody but by the same tenant.
    expect(notices).toEqual([{ who: "soto", state: "expired" }])
    expect(town.logged.filter((line) => line.includes("workspace_paused"))).toHaveLength(1)
    for (const key of steady) expect(await marksOf(key)).not.toMatch(/[mu]/)
    expect(await alerts()).toEqual([{ who: "hugo" }])
  })

  test("connected again, the next questions come, each once", async () => {
    town.vendor.state.blockedByAdmin = false
    expect(await town.rapport("connect", "teams")).toContain("is now connected to Larch Hill")
    const before = steady.map(promptsTo)
    await town.moveTo(at("2027-04-15", "15:00"))
    expect(steady.map(promptsTo)).toEqual(before.map((n) => n + 1))
  })
})
