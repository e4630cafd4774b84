import { describe, expect, test } from "vitest"
import { adultsNamedIn, type Ladder, type LadderState, nextStep } from "../../../src/safety/ladder.ts"

const zone = "America/New_York"
const ladder: Ladder = { steps: [{ personIds: ["ana"] }, { personIds: ["ben", "cal"] }], stepMinutes: 20, channel: "responders" }
const at = (local: string): Date => new Date(`${local}:00-05:00`)
const fresh = (level: LadderState["level"]): LadderState => ({ level, step: 0, nextAt: null, taken: false })
const nobodyLeftOut = { excluded: [], named: [], zone }

/** Runs the ladder unacknowledged for so many tellings. */
function told(
  level: LadderState["level"],
  from: Date,
  times: number,
  leftOut: { excluded: string[]; named: string[] } = { excluded: [], named: [] },
) {
  let state = fresh(level)
  let now = from
  const log: string[] = []
  for (let n = 0; n < times; n += 1) {
    const next = nextStep(ladder, state, now, { ...leftOut, zone })
    if (next.kind !== "tell") return [...log, next.kind]
    const time = now.toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" })
    log.push(`${time} ${next.personIds.join("+")}${next.channel ? "+channel" : ""}${next.page ? "" : " by chat"}`)
    state = { ...state, step: next.step, nextAt: next.nextAt }
    now = next.nextAt
  }
  return log
}

describe("the ladder", () => {
  test("climbs at any hour when it is urgent, and begins again after the last step", () => {
    expect(told("urgent", at("2026-12-13T02:00"), 4)).toEqual(["02:00 ana", "02:20 ben+cal+channel", "02:40 ana+channel", "03:00 ben+cal+channel"])
  })

  test("tells a concern at once by chat at night, and pages from 07:30", () => {
    expect(told("concern", at("2026-12-11T22:10"), 3)).toEqual(["22:10 ana by chat", "07:30 ana", "07:50 ben+cal+channel"])
  })

  test("pages a concern at once by day, on a Sunday too, and rests overnight", () => {
    expect(told("concern", at("2026-12-13T17:50"), 3)).toEqual(["17:50 ana", "07:30 ben+cal+channel", "07:50 ana+channel"])
  })

  test("pages at 07:30 local time on the night the clocks change", () => {
    expect(told("concern", new Date("2026-03-08T04:00:00Z"), 2)).toEqual(["23:00 ana by chat", "07:30 ana"])
    expect(nextStep(ladder, fresh("concern"), new Date("2026-03-08T06:30:00Z"), nobodyLeftOut)).toMatchObject({
      nextAt: new Date("2026-03-08T11:30:00Z"),
    })
  })

  test("skips whom the words name and whom the student excludes, and then no channel hears of it", () => {
    expect(told("urgent", at("2026-12-13T02:00"), 3, { excluded: ["ana"], named: ["cal"] })).toEqual(["02:00 ben", "02:20 ben", "02:40 ben"])
  })

  test("says so when it has nobody left", () => {
    expect(told("urgent", at("2026-12-13T02:00"), 1, { excluded: ["ana", "ben"], named: ["cal"] })).toEqual(["nobody"])
  })

  test("waits for the next step, and is settled once somebody has it", () => {
    const nextAt = at("2026-12-13T02:20")
    expect(nextStep(ladder, { ...fresh("urgent"), step: 1, nextAt }, at("2026-12-13T02:19"), nobodyLeftOut)).toEqual({ kind: "wait", until: nextAt })
    expect(nextStep(ladder, { ...fresh("urgent"), taken: true }, at("2026-12-13T02:19"), nobodyLeftOut)).toEqual({ kind: "settled" })
  })

  test("says from the second step on that it is still open", () => {
    const first = nextStep(ladder, fresh("urgent"), at("2026-12-13T02:00"), nobodyLeftOut)
    const second = nextStep(ladder, { ...fresh("urgent"), step: 1 }, at("2026-12-13T02:20"), nobodyLeftOut)
    expect([first, second]).toMatchObject([{ again: false }, { again: true }])
  })
})

describe("adults that words name", () => {
  const adults = [
    { id: "quill", names: ["Marta Quill", "Ms. Quill"] },
    { id: "nunez", names: ["Óscar Núñez Vela", "Óscar Núñez"] },
    { id: "obrien", names: ["Sean O'Brien"] },
    { id: "roe", names: ["Coach Roe"] },
  ]
  test.each([
    ["Marta Quill hit me", ["quill"]],
    ["ms quill scares me", ["quill"]],
    ["it was Quill's idea", ["quill"]],
    ["la señora Quill me pegó", ["quill"]],
    ["Miss Marta knows", ["quill"]],
    ["MR. NUNEZ touched me", ["nunez"]],
    ["el profe Óscar me toca", ["nunez"]],
    ["mr obriens class", ["obrien"]],
    ["Mr. O’Brien", ["obrien"]],
    ["coach roe and ms. quill", ["quill", "roe"]],
    ["Q\u200buill", ["quill"]],
    ["my friend Marta is kind", []],
    ["a quilled pen and a roebuck", []],
    ["", []],
  ])("%s", (text, ids) => {
    expect(adultsNamedIn(text, adults)).toEqual(ids)
  })

  test("an adult without a name is never named", () => {
    expect(adultsNamedIn("anything at all", [{ id: "x", names: ["", "Mr."] }])).toEqual([])
  })
})
