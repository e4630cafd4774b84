import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { begin, type History, type Mark, mark, markOf, read, strength, weekAt, weekIndex } from "../../../src/engagement/history.ts"

const start = "2025-09-01"
const marks: readonly Mark[] = [".", "o", "m", "g", "u", "s", "a"]
const told = (events: readonly (readonly [number, Mark])[], from: History): History =>
  events.reduce((history, [index, as]) => mark(history, weekAt(start, index), as), from)
const events = fc.array(fc.tuple(fc.integer({ min: -6, max: 40 }), fc.constantFrom(...marks)), { maxLength: 60 })

describe("weeks", () => {
  test.each([
    ["2025-09-01", 0],
    ["2025-09-08", 1],
    ["2025-10-27", 8],
    ["2026-03-30", 30],
    ["2025-08-25", -1],
  ])("%s is week %i, whatever the clocks did between", (week, index) => {
    expect(weekIndex(start, week)).toBe(index)
    expect(weekAt(start, index)).toBe(week)
  })

  test.each(["2025-09-02", "2025-09-07", "september", ""])("%j names no week", (week) => {
    expect(() => weekIndex(start, week)).toThrow(RangeError)
  })
})

describe("marking", () => {
  test.each<[string, readonly Mark[], Mark]>([
    ["a delivered question that closed unanswered is a miss", ["o", "m"], "m"],
    ["a late reply turns a miss into an answer", ["o", "m", "a"], "a"],
    ["an answer never becomes a miss", ["o", "a", "m"], "a"],
    ["a skip is never turned into a miss", ["o", "s", "m"], "s"],
    ["a skip and then an answer is an answer", ["o", "s", "a"], "a"],
    ["a miss becomes ours when nobody had read the answer before it", ["m", "u"], "u"],
    ["a miss that is ours is not counted after all by a late sweep", ["u", "m"], "u"],
    ["a week the net took out is no longer a miss", ["m", "g"], "g"],
    ["a day closed after the fact takes the chance back", ["o", "m", "."], "."],
    ["a reply in a closed week is still a reply", [".", "a"], "a"],
    ["delivery reported after the close opens nothing", ["m", "o"], "m"],
  ])("%s", (_, sequence, outcome) => {
    const history = sequence.reduce((so, as) => mark(so, start, as), begin(start))
    expect(markOf(history, 0)).toBe(outcome)
  })

  test("a gap is remembered as untold, so that a late event can still fill it", () => {
    const gap = mark(mark(begin(start), start, "a"), weekAt(start, 3), "m")
    expect(gap).toEqual({ start, weeks: "a--m" })
    expect(mark(gap, weekAt(start, 1), "m").weeks).toBe("am-m")
  })

  test("a week before the start moves the start", () => {
    expect(mark({ start, weeks: "m" }, weekAt(start, -2), "a")).toEqual({ start: weekAt(start, -2), weeks: "a-m" })
  })

  test("every order of the same events ends in the same history", () => {
    fc.assert(
      fc.property(
        events.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        ([list, shuffled]) => {
          expect(told(shuffled, begin(start))).toEqual(told(list, begin(start)))
        },
      ),
    )
  })

  test("an event told twice changes nothing", () => {
    fc.assert(
      fc.property(events, (list) => {
        expect(told([...list, ...list], begin(start))).toEqual(told(list, begin(start)))
      }),
    )
  })

  test("each week holds the strongest mark it was given", () => {
    fc.assert(
      fc.property(events, fc.integer({ min: -8, max: 42 }), (list, index) => {
        const given = list.filter(([week]) => week === index).map(([, as]) => as)
        const strongest = given.toSorted((a, b) => strength.indexOf(b) - strength.indexOf(a))[0] ?? "."
        expect(read(told(list, begin(start)), weekAt(start, index), weekAt(start, index))).toBe(strongest)
      }),
    )
  })
})

describe("reading", () => {
  const history = { start, weeks: "a-ms" }
  test.each([
    [0, 3, "a.ms"],
    [-2, 1, "..a."],
    [2, 5, "ms.."],
    [3, 2, ""],
  ])("weeks %i to %i read %j: what is outside was no chance", (from, to, expected) => {
    expect(read(history, weekAt(start, from), weekAt(start, to))).toBe(expected)
  })
})
