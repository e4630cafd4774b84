import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Closing, closingsNeeded, suggestion } from "../../../src/outreach/coverage-useful.ts"

const notes = (count: number, needed: number, reached: number, as: Closing["as"]): Closing[] =>
  Array.from({ length: count }, () => ({ needed, reached, as }))

describe("another number of missed weeks is suggested by the school's own closings", () => {
  test("waiting a week, where most were of no use and the useful ones would have come all the same", () => {
    const closings = [...notes(8, 3, 5, "useful"), ...notes(1, 3, 3, "useful"), ...notes(4, 3, 4, "known"), ...notes(17, 3, 3, "false")]
    expect(suggestion(closings)).toEqual({
      kind: "wait",
      misses: 3,
      at: { closed: 30, useful: 9 },
      later: { closed: 12, useful: 8 },
      spared: 18,
      lost: 1,
    })
  })

  test("not where too many useful ones would have come too late", () => {
    const closings = [...notes(6, 3, 4, "useful"), ...notes(3, 3, 3, "useful"), ...notes(21, 3, 3, "known")]
    expect(suggestion(closings)).toMatchObject({ kind: "keep", lost: 3, spared: 24 })
  })

  test("not where half of them were useful, nor where little would be spared", () => {
    expect(suggestion([...notes(15, 3, 4, "useful"), ...notes(15, 3, 3, "false")])?.kind).toBe("keep")
    expect(suggestion([...notes(10, 3, 4, "useful"), ...notes(12, 3, 4, "false"), ...notes(8, 3, 3, "false")])?.kind).toBe("keep")
  })

  test("a week sooner, where nearly all were useful and there is a sooner", () => {
    expect(suggestion([...notes(25, 4, 5, "useful"), ...notes(5, 4, 4, "known")])).toMatchObject({ kind: "sooner", misses: 4 })
    expect(suggestion(notes(30, 3, 3, "useful"))?.kind).toBe("keep")
  })

  test("never from fewer than thirty, of the number of weeks that is the most common", () => {
    expect(suggestion([])).toBeNull()
    expect(suggestion([...notes(12, 3, 3, "false"), ...notes(5, 4, 4, "useful")])).toEqual({ kind: "too_few", misses: 3, closed: 12 })
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...notes(1, 3, 3, "false"), ...notes(1, 4, 6, "useful")), { maxLength: closingsNeeded - 1 }), (few) => {
        expect(["too_few", undefined]).toContain(suggestion(few)?.kind)
      }),
    )
  })

  test("from the last thirty alone", () => {
    expect(suggestion([...notes(30, 3, 3, "false"), ...notes(90, 3, 5, "useful")])).toMatchObject({ at: { closed: 30, useful: 0 } })
  })
})
