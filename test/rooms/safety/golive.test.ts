import { describe, expect, test } from "vitest"
import { type GoLiveInput, goLive, safetyShapes } from "../../../src/safety/golive.ts"
import { hoursExample, nextRead, type Staffed } from "../../../src/safety/staffed.ts"
import { fixedWordsVersion } from "../../../src/safety/words.ts"
import { languages } from "../../../src/words/phrasebook.ts"

const hours: Staffed = {
  weekly: [{ weekdays: [1, 2, 3, 4, 5], open: "07:30", close: "16:00" }],
  breaks: { kind: "nobody_reads", periods: [{ from: "2026-12-19", until: "2027-01-04" }] },
}
const ready: GoLiveInput["settings"] = {
  "safety.ladder": { steps: [{ personIds: ["ana"] }, { personIds: ["ben"] }], stepMinutes: 20, channel: null },
  "safety.hours": hours,
  "safety.signoff": { by: "Dana Wren", on: "2026-08-20", version: fixedWordsVersion() },
  "consent.basis": "school",
  "family.notice": "2026-08-25",
}
const judged = (change: Partial<GoLiveInput["settings"]>, rest: Partial<GoLiveInput> = {}) =>
  goLive({ settings: { ...ready, ...change }, staffIds: new Set(["ana", "ben"]), signers: ["dana"], today: "2026-09-01", ...rest })

describe("going live", () => {
  test("is ready when nothing is missing", () => {
    expect(judged({})).toEqual({ ready: true, missing: [] })
    expect(judged({ "safety.hours": { ...hours, breaks: { kind: "covered" } } }).ready).toBe(true)
  })

  const alone = { steps: [{ personIds: ["ana"] }, { personIds: ["ana"] }], stepMinutes: 20, channel: null }
  test.each([
    ["no ladder", { "safety.ladder": null }, "safety.ladder", "who is told"],
    ["a ladder of one person", { "safety.ladder": alone }, "safety.ladder", "at least two people"],
    [
      "a ladder that tells everybody at once",
      { "safety.ladder": { ...alone, steps: [{ personIds: ["ana", "ben"] }] } },
      "safety.ladder",
      "a second step",
    ],
    [
      "a second step with nobody new in it",
      { "safety.ladder": { ...alone, steps: [{ personIds: ["ana", "ben"] }, { personIds: ["ben"] }] } },
      "safety.ladder",
      "not in the first",
    ],
    [
      "a ladder with someone who left",
      { "safety.ladder": { ...alone, steps: [{ personIds: ["ana"] }, { personIds: ["gone"] }] } },
      "safety.ladder",
      "no longer",
    ],
    ["no hours", { "safety.hours": null }, "safety.hours", "holidays and summer"],
    [
      "weekdays on which nobody ever reads",
      { "safety.hours": { ...hours, weekly: [{ weekdays: [1, 2, 4, 6], open: "07:30", close: "16:00" }] } },
      "safety.hours",
      "nobody reads on Wednesday and Friday",
    ],
    [
      "only breaks that are over",
      { "safety.hours": { ...hours, breaks: { kind: "nobody_reads" as const, periods: [{ from: "2026-06-12", until: "2026-09-01" }] } } },
      "safety.hours",
      "is over",
    ],
    ["no sign-off", { "safety.signoff": null }, "safety.signoff", "sign them off"],
    ["a sign-off of other words", { "safety.signoff": { by: "Dana Wren", on: "2026-08-20", version: "old" } }, "safety.signoff", "Dana Wren"],
    ["a sign-off still to come", { "safety.signoff": { by: "Dana Wren", on: "2026-09-02", version: "old" } }, "safety.signoff", "still to come"],
    ["no consent basis", { "consent.basis": "none" as const }, "consent.basis", "school or parent"],
    ["no family notice", { "family.notice": null }, "family.notice", "Tell families"],
    ["a family notice still to come", { "family.notice": "2026-09-02" }, "family.notice", "2026-09-02"],
  ])("is refused with %s, and says with which command it is mended", (_, change, key, says) => {
    const { ready: isReady, missing } = judged(change)
    expect(isReady).toBe(false)
    expect(missing).toHaveLength(1)
    expect(missing[0]?.key).toBe(key)
    expect(missing[0]?.says).toContain(says)
    expect(missing[0]?.says).toContain(`rapport settings ${key} `)
  })

  test("is refused with a sign-off by somebody who is not on staff, where that was looked up", () => {
    const { missing } = judged({}, { signers: [] })
    expect(missing.map(({ key, says }) => [key, says.startsWith("Dana Wren signed")])).toEqual([["safety.signoff", true]])
  })

  test("lists everything at once, in either language", () => {
    const nothing = Object.fromEntries(Object.entries(safetyShapes).map(([key, shape]) => [key, shape.parse(undefined)]))
    for (const language of languages) {
      const { missing } = goLive({ settings: nothing as GoLiveInput["settings"], staffIds: new Set(), today: "2026-09-01" }, language)
      expect(missing.map(({ key }) => key)).toEqual(Object.keys(safetyShapes))
      expect(missing.every(({ says }) => says.includes("rapport settings"))).toBe(true)
    }
  })
})

describe("the settings it reads", () => {
  const read = (key: keyof typeof safetyShapes, value: unknown) => safetyShapes[key].safeParse(value)
  test.each([
    ["safety.ladder", "ana, ben; cal", { steps: [{ personIds: ["ana", "ben"] }, { personIds: ["cal"] }], stepMinutes: 20, channel: null }],
    ["safety.ladder", '{"steps":[{"personIds":["ana"]}],"stepMinutes":15}', { steps: [{ personIds: ["ana"] }], stepMinutes: 15, channel: null }],
    ["safety.hours", "mon-fri 07:30-16:00; nobody 2026-12-19 to 2027-01-04", hours],
    [
      "safety.hours",
      "Mon-Thu 07:30-16:00; sat 09:00-12:00; breaks covered",
      {
        weekly: [
          { weekdays: [1, 2, 3, 4], open: "07:30", close: "16:00" },
          { weekdays: [6], open: "09:00", close: "12:00" },
        ],
        breaks: { kind: "covered" },
      },
    ],
    ["safety.signoff", "Dana Wren, 2026-08-20", { by: "Dana Wren", on: "2026-08-20", version: fixedWordsVersion() }],
    ["consent.basis", "parent", "parent"],
    ["family.notice", "2026-08-25", "2026-08-25"],
  ] as const)("%s is read from %s, and from what was stored", (key, value, expected) => {
    expect(read(key, value).data).toEqual(expected)
    expect(read(key, expected).data).toEqual(expected)
  })

  test.each([
    ["safety.ladder", ""],
    ["safety.ladder", "ana,; ben"],
    ["safety.ladder", "{broken"],
    ["safety.ladder", { steps: [{ personIds: ["ana"] }], stepMinutes: 45 }],
    ["safety.hours", "mon-fri"],
    ["safety.hours", "mon-fri 16:00-07:30; breaks covered"],
    ["safety.hours", "mon-fri 07:30-16:00"],
    ["safety.hours", "mon-fri 07:30-16:00; nobody 2027-01-04 to 2026-12-19"],
    ["safety.hours", "mon-fri 07:30-16:00; nobody 2027-02-30 to 2027-03-04"],
    ["safety.hours", "someday 07:30-16:00; breaks covered"],
    ["safety.signoff", "Dana Wren"],
    ["safety.signoff", "Dana Wren, yesterday"],
    ["consent.basis", "maybe"],
    ["family.notice", "soon"],
  ] as const)("%s is refused as %j", (key, value) => {
    expect(read(key, value).success).toBe(false)
  })

  test("the example that is printed can be typed", () => {
    expect(read("safety.hours", hoursExample).success).toBe(true)
  })
})

describe("when a person reads", () => {
  const zone = "America/Chicago"
  test.each([
    ["in hours", "2026-09-01T10:00:00-05:00", { kind: "now" }],
    ["before they open", "2026-09-01T06:00:00-05:00", { kind: "at", at: new Date("2026-09-01T07:30:00-05:00") }],
    ["at closing", "2026-09-01T16:00:00-05:00", { kind: "at", at: new Date("2026-09-02T07:30:00-05:00") }],
    ["on a Saturday", "2026-09-05T10:00:00-05:00", { kind: "at", at: new Date("2026-09-07T07:30:00-05:00") }],
    ["in a break", "2026-12-21T10:00:00-06:00", { kind: "at", at: new Date("2027-01-04T07:30:00-06:00") }],
    ["over a clock change", "2026-10-31T10:00:00-05:00", { kind: "at", at: new Date("2026-11-02T07:30:00-06:00") }],
  ])("%s", (_, now, expected) => {
    expect(nextRead(hours, new Date(now), zone)).toEqual(expected)
  })

  test("is not known where no hours are set, or nobody ever comes back", () => {
    const now = new Date("2026-09-01T10:00:00-05:00")
    const gone: Staffed = { ...hours, breaks: { kind: "nobody_reads", periods: [{ from: "2026-01-01", until: "2030-01-01" }] } }
    expect(nextRead(null, now, zone)).toEqual({ kind: "unknown" })
    expect(nextRead(gone, now, zone)).toEqual({ kind: "unknown" })
  })
})
