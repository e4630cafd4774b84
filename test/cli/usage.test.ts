import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { envOf, rapportHere, rapportProcess } from "./rapport.ts"

// Nothing answers on port 1: a command that needs no database must not notice.
const nowhere = envOf("postgres://nobody@127.0.0.1:1/nothing")
const rapport = rapportHere(nowhere)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-cli-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe("wrong usage ends with 2 and says how it goes on", () => {
  test.each([
    [["rooster"], "unknown command 'rooster'"],
    [["roster", "import"], "missing required argument 'path'"],
    [["roster", "import", "x", "--consent", "perhaps"], "Allowed choices are none, school, parent"],
    [["roster", "import", "x", "--zone", "a=b=c"], "Write Area/City, or SITE=Area/City."],
    [["lookup", "Ada"], "required option '--as <person>' not specified"],
    [["preview", "--week", "2027-02-30"], "Write a date as YYYY-MM-DD."],
    [["calendar", "close", "2026-13-11"], "Write a date as YYYY-MM-DD."],
    [["plan", "on", "Oak", "--weekday", "6"], "Write a weekday from 1 (Monday) to 5, or school."],
    [["plan", "on", "Oak", "--time", "9:40"], "Write a time as HH:MM"],
    [["start", "--role", "all"], "unknown option '--role'"],
    [["tick", "dream"], "Allowed choices are plan, deliver, sweep"],
    [["tick", "plan", "--at", "2027-02-11"], "Write a moment with its zone"],
    [["staff", "grant", "x", "boss"], "Allowed choices are counsellor, principal, admin"],
    [["link", "x", "y"], "Write PLATFORM:TENANT/USER"],
  ])("rapport %j", async (args, says) => {
    const run = await rapport(...args)
    expect(run.err).toContain(says)
    expect(run.err).toContain("--help")
    expect(run).toMatchObject({ code: 2, out: "" })
  })

  test("as a process too", { timeout: 120_000 }, async () => {
    expect(await rapportProcess(nowhere)("plan", "up")).toMatchObject({ code: 2, out: "" })
  })

  test("no command at all shows what there is", async () => {
    const run = await rapport()
    expect(run.code).toBe(2)
    expect(run.err).toContain("roster")
  })
})

test("help ends with 0 and gives an example", async () => {
  const run = await rapport("calendar", "import", "--help")
  expect(run).toMatchObject({ code: 0, err: "" })
  expect(run.out).toContain("rapport calendar import district.ics")
})

describe("prompts check needs no database", () => {
  test("and finds our own prompts sound, as a process", { timeout: 120_000 }, async () => {
    expect(await rapportProcess({})("prompts", "check")).toMatchObject({
      code: 0,
      out: expect.stringContaining("36 questions and 20 reply starters in 2 languages"),
    })
  })
  test("and names file and line of what is wrong", async () => {
    await writeFile(join(folder, "not-a-folder"), "")
    const run = await rapport("prompts", "check", folder)
    expect(run).toMatchObject({ code: 1, out: "" })
    expect(run.err).toMatch(/reflection:1: there is no such folder/)
  })
})

describe("what the machine lacks is one sentence", () => {
  test("a database that does not answer", async () => {
    const run = await rapport("status")
    expect(run).toEqual({ code: 1, out: "", err: "No Postgres answers at 127.0.0.1:1: start it, or correct DATABASE_URL.\n" })
  })
  test("a DATABASE_URL that is none, and a key that is missing, both at once", async () => {
    const run = await rapportHere({ DATABASE_URL: "mysql://x" })("status")
    expect(run.code).toBe(1)
    expect(run.err.trim().split("\n")).toHaveLength(2)
  })
  test("a roster that is not there, told before any database is opened", async () => {
    const run = await rapport("roster", "import", join(folder, "nowhere"))
    expect(run).toEqual({ code: 1, out: "", err: "nowhere is not there; name a folder or a .zip file\nNothing was changed.\n" })
  })
})
