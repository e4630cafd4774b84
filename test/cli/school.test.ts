import { randomUUID } from "node:crypto"
import { existsSync } from "node:fs"
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { loadSample } from "../../src/sample.ts"
import { fixturePath } from "../fixtures/roster/files.ts"
import { type TestDatabase, testDatabase } from "../support/database.ts"
import { envOf, type Rapport, type Run, rapportHere, rapportProcess } from "./rapport.ts"

let database: TestDatabase
let rapport: Rapport
let asProcess: Rapport
let folder: string
const sample = join(import.meta.dirname, "../../sample")
const zones = ["--zone", "America/New_York", "--zone", "lvs-prairie=America/Chicago"]

beforeAll(async () => {
  database = await testDatabase()
  rapport = rapportHere(envOf(database.ownerUrl))
  asProcess = rapportProcess(envOf(database.ownerUrl))
  folder = await mkdtemp(join(tmpdir(), "rapport-school-"))
})
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

const well = (run: Run): string => {
  expect(run).toMatchObject({ code: 0, err: "" })
  return run.out
}
const ill = (run: Run): string => {
  expect(run).toMatchObject({ code: 1, out: "" })
  return run.err
}
const done = async (...args: string[]): Promise<string> => well(await rapport(...args))
const fails = async (...args: string[]): Promise<string> => ill(await rapport(...args))
const row = (out: string, name: string): string[] =>
  out
    .split("\n")
    .find((line) => line.startsWith(name))
    ?.split(/\s+/)
    .slice(1) ?? []

// One story: each step stands on the one before.
describe("a school at the terminal", () => {
  test("has to be there first", async () => {
    expect(await fails("status")).toBe('There is no school here yet: "npm run rapport -- roster import PATH" makes it.\n')
  })

  test("is not made by a broken roster: its line is named, and nothing is changed", { timeout: 120_000 }, async () => {
    const broken = join(folder, "broken")
    await cp(fixturePath("sds-2.1"), broken, { recursive: true })
    const enrolments = await readFile(join(broken, "enrollments.csv"), "utf8")
    await writeFile(join(broken, "enrollments.csv"), `${enrolments.trimEnd()}\nno-such-class,no-such-user,student\n`)
    const line = enrolments.trimEnd().split("\n").length + 1
    expect(ill(await asProcess("roster", "import", broken))).toMatch(
      new RegExp(`^enrollments\\.csv:${line}: classSourcedId: "no-such-class" is not in classes\\.csv\\n[^]*Nothing was changed\\.\\n$`),
    )
    expect(await fails("status")).toContain("There is no school here yet")
  })

  test("is not made by a dry run, which says what would be", async () => {
    const out = await done("roster", "import", fixturePath("sds-2.1"), "--zone", "America/Denver", "--dry-run")
    expect(out).toContain("This was a dry run: nothing was changed.")
    expect(Number(row(out, "people")[0])).toBeGreaterThan(0)
    expect(await fails("status")).toContain("There is no school here yet")
  })

  test("is made once by two first imports that race, and the second changes nothing", async () => {
    const both = await Promise.all([1, 2].map(() => done("roster", "import", sample, ...zones, "--consent", "school", "--school", "Larkspur Valley")))
    expect(both.map((out) => row(out, "people")).sort((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
      ["0", "0", "0"],
      ["74", "0", "0"],
    ])
    const out = both.find((one) => row(one, "people")[0] === "74") ?? ""
    expect(out).toContain('Into the school "Larkspur Valley", from OneRoster 1.2:')
    expect(out).toMatch(/Cottonwood Room 12 +Larkspur Prairie High School +10 students +.+ +its type is homeroom/)
    expect(out).toContain("Every student has an advisor.")
  })

  test("keeps a much smaller roster waiting for an admin, or takes it as another school's", { timeout: 120_000 }, async () => {
    expect(await fails("roster", "import", fixturePath("sds-2.1"))).toMatch(
      /^Only 0 of the 60 students here are in this roster, .* add --yes .*Nothing was changed\.\n$/,
    )
    expect(well(await asProcess("roster", "import", fixturePath("sds-2.1"), "--school", "Two Pines"))).toContain(
      'Into the school "Two Pines", from SDS v2.1:',
    )
    expect(await fails("status")).toBe('There are several schools here: add --school with one of "Larkspur Valley" and "Two Pines".\n')
    expect(await done("status", "--school", "two pines")).toContain("Two Pines")
    const out = await done("roster", "import", fixturePath("sds-2.1"), "--school", "Two Pines")
    expect(out).toMatch(/Nobody said in which time zone .* --zone Area\/City/)
    expect(["sites", "terms", "people", "groups", "memberships", "ties"].map((name) => row(out, name))).toEqual(Array(6).fill(["0", "0", "0"]))
  })

  const here = ["--school", "Larkspur Valley"]

  test("takes a calendar, shows what it inferred and why, and closes a day by hand", async () => {
    const out = await done("calendar", "import", join(sample, "calendar.ics"), ...here)
    expect(out).toMatch(/2026-09-25 +Friday +students +Teacher workday +it says "teacher workday": off for students, not for staff/)
    expect(out).toMatch(/line \d+ +2026-09-14 +Spirit Week +nothing in it says that school is closed/)
    expect(await done("calendar", "import", join(sample, "calendar.ics"), ...here)).toContain("0 days off added, 0 changed, 0 taken out.")
    await writeFile(join(folder, "wrong.txt"), "2026-11-26 all Thanksgiving\n2026-13-01 all Nothing\n")
    expect(await fails("calendar", "import", join(folder, "wrong.txt"), ...here)).toMatch(/^wrong\.txt:2: /)
    expect(await done("calendar", "close", "2099-02-11", "--site", "lvs-ridge", ...here)).toContain("Wednesday 11 February is closed")
    expect(await done("calendar", "close", "2099-02-11", "--undo", ...here)).toContain("no longer closed by hand")
    expect(await fails("calendar", "close", "2001-02-11", ...here)).toContain("is over")
    expect(await fails("calendar", "close", "2099-02-11", "--site", "annex", ...here)).toContain(
      'No site is called "annex": the sites are lvs-prairie and lvs-ridge.',
    )
  })

  test("switches a group on by its title, and previews who is asked, when, and who reads", async () => {
    expect(await fails("plan", "on", "advisory", ...here)).toContain("write the whole title")
    expect(await fails("plan", "on", "Falcon", ...here)).toMatch(/No group is called "Falcon"\. The groups are:\n(.*\n)*.*Advisory Heron/)
    expect(await done("plan", "on", "bluestem", ...here)).toContain("10 of 10 students will be asked")
    expect(await done("plan", ...here)).toMatch(/Crew Bluestem .* on\n(.*\n)*.*Advisory Heron .* off\n(.*\n)*\n1 of 12 groups on\.\n$/)
    const out = await done("preview", "--week", "2026-12-02", ...here)
    expect(out).toContain("Crew Bluestem: 10 students asked on Thursday 3 December at 2:45 pm (America/Chicago).")
    expect(out).toContain("Dez Okonjo-Hale reads the answer")
    expect(out).toMatch(/50 students in no group that is on, who get nothing:\n(.*\n)* {2}Advisory Heron +10 students +it has no plan\n/)
    expect(out).not.toContain("In no group at all")
    expect(await done("preview", "--week", "2026-11-25", ...here)).toContain("asked on Tuesday 24 November")
    expect(await done("preview", "--week", "2026-10-14", ...here)).toContain("(10 students): nobody is asked, because there is no school that week")
  })

  test("lets a group have a weekday and a time of its own, and takes them back", async () => {
    await done("plan", "on", "Bluestem", "--weekday", "2", ...here)
    await done("plan", "on", "Bluestem", "--time", "09:40", ...here)
    expect(await done("plan", ...here)).toMatch(/Crew Bluestem .* on, Tuesday 09:40\n/)
    const week = ["preview", "--week", "2026-12-02", ...here]
    expect(await done(...week)).toContain("10 students asked on Tuesday 1 December at 9:40 am")
    await done("plan", "on", "Bluestem", "--weekday", "school", "--time", "school", ...here)
    expect(await done(...week)).toContain("10 students asked on Thursday 3 December at 2:45 pm")
  })

  test("keeps settings within what they may be, and people in them by name", async () => {
    expect(await fails("settings", "prompt.time", "25:00", ...here)).toBe('"25:00" does not fit prompt.time: it takes a time like 14:45.\n')
    expect(await done("settings", "prompt.time", "09:40", ...here)).toContain("prompt.time = 09:40\n")
    expect(await done("settings", "safety.ladder", "c-01, c-02; p-01", ...here)).toContain(
      "Renata Holloway-Cruz, Thad Nakagawa-Reed; Imogen Castellanos",
    )
    expect(await fails("settings", "safety.ladder", "s-01", ...here)).toContain("is a student")
    const all = await done("settings", ...here)
    expect(all).toMatch(/prompt\.time +09:40 +changed/)
    expect(all).toMatch(/hours\.close +18:00 +default/)
    await done("settings", "prompt.time", "default", ...here)
    expect(await done("settings", "prompt.close_weekday", "1", ...here)).toContain("prompt.close_weekday = 1\n")
    expect(await done("preview", "--week", "2026-12-02", ...here)).toContain("Closes Monday 7 December")
    await done("settings", "prompt.close_weekday", "default", ...here)
    expect(await fails("settings", "prompt.tine", ...here)).toContain("No setting is called")
  })

  test("keeps settings that go with each other: hours that leave no hour are refused, a time outside them is said to move", async () => {
    const narrow = "hours.open 19:00 and hours.close 18:00 leave less than an hour a day in which anybody may be written to. Nothing was changed.\n"
    expect(await fails("settings", "hours.open", "19:00", ...here)).toBe(narrow)
    expect(await done("settings", "hours.open", ...here)).toContain("hours.open = 07:30 (the default)")
    await done("settings", "hours.close", "21:00", ...here)
    expect(await done("settings", "hours.open", "19:00", ...here)).toContain(
      "The brief is set for 07:30, outside the hours 19:00 to 21:00: it goes out at 19:00.",
    )
    expect((await rapport("doctor", ...here)).out).toMatch(/to do +settings +The prompt is set for 14:45, outside the hours 19:00 to 21:00/)
    expect(await fails("settings", "hours.close", "default", ...here)).toBe(narrow)
    for (const key of ["hours.open", "hours.close"]) await done("settings", key, "default", ...here)
    expect((await rapport("doctor", ...here)).out).toMatch(/ok +settings/)
  })

  test("goes live only when nothing is missing", async () => {
    const missing = await fails("golive", ...here)
    expect(missing).toMatch(/4 things to do:\n(.*\n)*.*rapport settings safety\.hours/)
    expect(missing).toMatch(/\nThe words to sign, in English:\n(.*\n)*.*988(.*\n)*\nThe words to sign, in Spanish:\n(.*\n)*.*988/)
    await done("settings", "safety.hours", "mon-fri 07:30-16:00; breaks covered", ...here)
    await done("settings", "safety.signoff", "Imogen Castellanos, 2026-08-20", ...here)
    await done("settings", "consent.basis", "school", ...here)
    await done("settings", "family.notice", "2026-08-21", ...here)
    expect(await done("golive", ...here)).toContain("ready to serve students")
  })

  test("looks a student up as chat does: an advisor sees, whoever has no tie reads that there is no such student", async () => {
    expect(await done("lookup", "Lucía", "Altamira", "--as", "t-01", ...here)).toMatch(/Advisor: +Odessa Fennimore \(Advisory Heron\)/)
    const seen = await done("lookup", "Lucía", "Altamira", "--as", "t-01", ...here)
    expect(seen).toContain("No question has counted yet this term.")
    expect(seen).not.toMatch(/^[.[]/m)
    const [refused, unknown] = [await fails("lookup", "Lucía", "--as", "c-02", ...here), await fails("lookup", "Zebulon", "--as", "c-02", ...here)]
    expect(refused).toBe(unknown)
    await done("staff", "grant", "c-02", "counsellor", ...here)
    expect(await done("lookup", "lucia", "--as", "c-02", ...here)).toContain("Lucía Altamira")
    await done("staff", "revoke", "c-02", "counsellor", ...here)
    expect(await fails("lookup", "lucia", "--as", "c-02", ...here)).toBe(unknown)
  })

  test("takes a caseload by key or e-mail, with the line of what is wrong in it", async () => {
    const list = join(folder, "mentors.csv")
    await writeFile(list, "student,adult,kind,from,to\ns-01,t-09,advisor,2026-09-01,\nnobody,t-09,advisor,,\ns-02,s-03,class,,\n")
    expect(await fails("caseload", "import", list, ...here)).toBe(
      'mentors.csv:3: student: "nobody" is nobody in the roster; write a sourcedId or an e-mail of somebody who is\n' +
        'mentors.csv:4: adult: "s-03" is a student, not an adult\nNothing was changed.\n',
    )
    await writeFile(list, "student,adult,kind,from,to\ns-01,t-09,advisor,2026-09-01,\n")
    expect(await done("caseload", "import", list, ...here)).toBe("1 tie added, 0 changed, 0 ended.\nEvery student has an advisor.\n")
    expect(await done("caseload", "import", list, ...here)).toContain("0 ties added, 0 changed, 0 ended.")
  })

  test("shows how far long work is, to somebody who watches, and leaves no trace of it", async () => {
    const run = await rapportHere(envOf(database.ownerUrl), true)("roster", "import", sample, ...here)
    expect(run.code).toBe(0)
    expect(run.err).toMatch(/^\rReading the roster in: \d+%.*\r +\r$/s)
    expect(["people", "groups", "memberships", "ties"].map((name) => row(run.out, name))).toEqual(Array(4).fill(["0", "0", "0"]))
  })

  test("is planned and swept by hand, and its state is told in counts", async () => {
    expect(await done("tick", "plan", "--at", "2026-12-03T20:46:00Z")).toMatch(
      /^Planned what is due: 10 prompts, \d+ too late to send, \d+ messages owed\.\n$/,
    )
    expect(await done("tick", "sweep", "--at", "2026-12-03T20:46:00Z")).toContain("Swept what waits.")
    const out = await done("status", ...here)
    expect(out).toMatch(/students +60, of them 0 without consent/)
    expect(out).toMatch(/groups asked each week +1/)
    expect(out).toMatch(/alerts +0 open; 0 closed/)
    expect(out.match(/What we are judged by: /g)).toHaveLength(2)
    expect(out).toContain("  No week of questions is complete yet.")
    expect(out).toMatch(/ {2}0 of \d+ students have a hello or a talk with a named adult on record in the last four weeks\./)
    expect(out).not.toContain("In touch")
    expect(await done("status", "--all", ...here)).toMatch(/ {2}In touch in the last four weeks:\n( {4}.+ 0 of \d+\n)+/)
    expect((await rapport("doctor", ...here)).out).toMatch(/ok +roster +Larkspur Valley: 60 students and 14 staff at 2 sites/)
  })
})

describe("the sample school", () => {
  test("takes no real roster unless it is named, and whoever is on the playground only is told as such", async () => {
    const fresh = await testDatabase()
    const onFresh = rapportHere({ ...envOf(fresh.ownerUrl), PLAYGROUND: "on" })
    try {
      await loadSample({ db: fresh.db, ids: randomUUID })
      const smaller = fixturePath("sds-2.1")
      expect(ill(await onFresh("roster", "import", smaller))).toMatch(
        /^This database holds the sample school: set DATABASE_URL .*Nothing was changed\.\n$/,
      )
      expect(ill(await onFresh("roster", "import", smaller, "--school", "larkspur valley schools"))).toContain("Only 0 of the 60 students")
      expect((await onFresh("doctor")).out).toMatch(/to do +accounts +74 people on the playground only: nobody on Slack or Teams yet\n/)
      expect(well(await onFresh("status"))).toMatch(/on the playground only +74\n/)
    } finally {
      await fresh.close()
    }
  })
})

// Microsoft's own sample lies beside a checkout of ours where we work on it; the committed one is like it, and smaller.
const sds = [fixturePath("sds-2.1"), join(import.meta.dirname, "../../../shared/data/roster-sds-v2.1")].filter((path) => existsSync(path))

describe.each(sds)("the SDS v2.1 roster %s", (path) => {
  test("works as it stands, again changes nothing, and a broken copy of it is refused with its line", async () => {
    const fresh = await testDatabase()
    const onFresh = rapportHere(envOf(fresh.ownerUrl))
    try {
      expect(Number(row(well(await onFresh("roster", "import", path)), "people")[0])).toBeGreaterThan(0)
      expect(row(well(await onFresh("roster", "import", path)), "people")).toEqual(["0", "0", "0"])
      const broken = await mkdtemp(join(folder, "broken-"))
      await cp(path, broken, { recursive: true })
      const users = await readFile(join(broken, "users.csv"), "utf8")
      await writeFile(join(broken, "users.csv"), users.replace(/\n([^,]+),/, "\n,"))
      expect(ill(await onFresh("roster", "import", broken))).toMatch(/^users\.csv:2: sourcedId: is empty; every row needs its key\n/)
    } finally {
      await fresh.close()
    }
  })
})
