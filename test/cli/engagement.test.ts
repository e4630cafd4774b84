import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { envOf, rapportHere } from "./rapport.ts"

// Nothing answers on port 1: a command that needs no database must not notice.
const rapport = rapportHere(envOf("postgres://nobody@127.0.0.1:1/nothing"))
const recorded = join(import.meta.dirname, "../fixtures/engagement")
const [weekly, breaks] = [join(recorded, "weekly.csv"), join(recorded, "breaks.csv")]
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rapport-engagement-"))
})
afterAll(() => rm(folder, { recursive: true, force: true }))
const place = (name: string): string => join(folder, name)

describe("engagement replay and score", () => {
  test("write whom the detector would have named, and hold it against what became of them", async () => {
    const out = place("alerts.csv")
    expect(await rapport("engagement", "replay", weekly, "--breaks", breaks, "--out", out)).toEqual({
      code: 0,
      out: "101 student-courses up to week 21: 19 alerts, 71 lines of the quiet list, 11 students who never started, in 0.0 s.\n",
      err: "",
    })
    const lines = (await readFile(out, "utf8")).split("\n")
    expect(lines[0]).toBe("id_student,module,presentation,week,kind,level,reason")
    expect(lines).toContain(
      '7002,ELM,2031J,7,silence,alert,"Has not answered since week 4: 3 chances, in weeks 5, 6 and 7, while 63 of 70 in the course answered in week 7."',
    )
    const scored = await rapport("engagement", "score", weekly, out)
    expect(scored).toMatchObject({ code: 0, err: "" })
    expect(scored.out).toContain("101 student-courses, 1,471 weeks to judge in, 14 alerts, 3 hits.")
    expect(scored.out).toMatch(/precision: alerts that were right +21\.4% +>= 38 +>= 40 +>= 47 +misses the must/)
  })

  test("take the assignments handed in as a second source", async () => {
    const out = place("with-signals.csv")
    const run = await rapport("engagement", "replay", weekly, "--breaks", breaks, "--signals", "submitted", "--out", out)
    expect(run.code).toBe(0)
    expect(await readFile(out, "utf8")).toContain("7011,ELM,2031J,9,silence,alert,")
  })

  test("score as one object with --json", async () => {
    await writeFile(place("one.csv"), "id_student,module,presentation,week,kind,level,reason\n7010,ELM,2031J,1,silence,alert,because\n")
    const run = await rapport("engagement", "score", weekly, place("one.csv"), "--json")
    expect(JSON.parse(run.out)).toMatchObject({ precision: 100, timely: 25, counts: { alerts: 1, hits: 1, lost: 4 } })
  })
})

describe("bad input writes nothing and says what to do", () => {
  test("a file that is not there", async () => {
    const run = await rapport("engagement", "replay", place("nowhere.csv"), "--out", place("x.csv"))
    expect(run).toEqual({ code: 1, out: "", err: `${place("nowhere.csv")} is not there or cannot be read: name a CSV file of weekly activity.\n` })
  })

  test("a weekly file with a wrong cell, by line", async () => {
    const text = await readFile(weekly, "utf8")
    await writeFile(place("wrong.csv"), text.replace(/^6002,ELM,2031J,-30,/m, "6002,ELM,2031J,soon,"))
    const run = await rapport("engagement", "replay", place("wrong.csv"), "--out", place("x.csv"))
    expect(run).toMatchObject({ code: 1, out: "" })
    expect(run.err).toBe(
      'wrong.csv:3: reg_day: "soon" is not a day; write whole days from the course\'s start, or leave it empty for none\nNothing was written.\n',
    )
    await expect(readFile(place("x.csv"))).rejects.toThrow("ENOENT")
  })

  test("breaks of another presentation", async () => {
    await writeFile(place("breaks.csv"), "presentation,week\n2040J,3\n")
    const run = await rapport("engagement", "replay", weekly, "--breaks", place("breaks.csv"), "--out", place("x.csv"))
    expect(run.code).toBe(1)
    expect(run.err).toContain('breaks.csv:2: presentation: "2040J" is not a presentation of the weekly file; it has 2031B, 2031J')
  })

  test("an output that would write over what is read, or cannot be written", async () => {
    expect((await rapport("engagement", "replay", weekly, "--out", weekly)).err).toContain("name another file with --out")
    expect((await rapport("engagement", "replay", weekly, "--out", join(folder, "no", "x.csv"))).err).toContain("cannot be written")
  })

  test("alerts of somebody else's students", async () => {
    await writeFile(place("foreign.csv"), "id_student,module,presentation,week,kind,level,reason\n1,ELM,2031J,5,silence,alert,\n")
    const run = await rapport("engagement", "score", weekly, place("foreign.csv"))
    expect(run.code).toBe(1)
    expect(run.err).toContain("score alerts against the file they were made from\nNothing was scored.")
  })

  test.each([
    [["replay", "x.csv"], "required option '--out <file>' not specified"],
    [["replay", "x.csv", "--out", "y.csv", "--signals", "moods"], "Allowed choices are submitted"],
    [["score", "x.csv"], "missing required argument 'alerts'"],
  ])("wrong usage ends with 2: %j", async (args, says) => {
    const run = await rapport("engagement", ...args)
    expect(run.err).toContain(says)
    expect(run).toMatchObject({ code: 2, out: "" })
  })
})
