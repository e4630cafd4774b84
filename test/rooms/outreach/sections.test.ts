import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { monthly } from "../../../src/outreach/brief-foot.ts"
import { fitting, type Section } from "../../../src/outreach/sections.ts"
import { limits } from "../../../src/platform/limits.ts"
import { type Block, charsOf, divider, text } from "../../../src/platform/message.ts"
import { plain } from "../../../src/platform/prose.ts"
import { addDays, mondayOf } from "../../../src/scheduling/zone.ts"

const section = fc.record({
  blocks: fc.array(
    fc.nat(40).map((size) => text(plain("x".repeat(size)))),
    { maxLength: 12 },
  ),
})
const sections = fc
  .array(fc.record({ section, spare: fc.boolean() }), { maxLength: 8 })
  .map((list) => list.map(({ section: one, spare }, i): Section => (spare ? { ...one, spare: i } : one)))
const blocksIn = (list: readonly Section[]) => list.flatMap(({ blocks }) => blocks)

describe("parts of a long message", () => {
  test("that cannot be missed are all there, in their order, whatever the room", () => {
    fc.assert(
      fc.property(sections, fc.nat(600), (list, room) => {
        const shown = fitting([], list, room)
        const needed = blocksIn(list.filter(({ spare }) => spare === undefined))
        expect(shown.filter((block) => needed.includes(block))).toEqual(needed)
      }),
    )
  })

  test("give way from the highest down, and no more of them than have to", () => {
    fc.assert(
      fc.property(sections, fc.nat(600), (list, room) => {
        const said = list.filter(({ blocks }) => blocks.length > 0)
        const shown = fitting([], list, room)
        const kept = said.filter(({ blocks }) => blocks.every((block) => shown.includes(block)))
        const lost = said.filter((one) => !kept.includes(one))
        const spares = (some: readonly Section[]) => some.flatMap(({ spare }) => spare ?? [])
        expect(Math.max(-1, ...spares(kept))).toBeLessThan(Math.min(Number.POSITIVE_INFINITY, ...spares(lost)))
        const least = Math.min(Number.POSITIVE_INFINITY, ...spares(lost))
        const more = said.filter((one) => kept.includes(one) || one.spare === least)
        const fits = (blocks: readonly Block[]) => charsOf(blocks) <= room && blocks.length <= limits.blocks
        expect(fits(shown) || spares(kept).length === 0).toBe(true)
        expect(lost.length === 0 || !fits(more.flatMap(({ blocks }, i) => (i === 0 ? blocks : [divider, ...blocks])))).toBe(true)
      }),
    )
  })
})

test("of all the weeks of a year one in each month offers to look at oneself, on whichever day its brief falls", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2020, max: 2060 }), fc.nat(4), (year, weekday) => {
      const offered: string[] = []
      for (let monday = mondayOf(`${year}-01-07`); monday.startsWith(`${year}`); monday = addDays(monday, 7))
        if (monthly(addDays(monday, weekday), "en").length > 0) offered.push(monday.slice(0, 7))
      expect(offered).toEqual(Array.from({ length: 12 }, (_, month) => `${year}-${String(month + 1).padStart(2, "0")}`))
    }),
    { numRuns: 20 },
  )
})
