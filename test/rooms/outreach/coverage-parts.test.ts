// Nobody may work out the figure of a group that is not shown, from anything that is.
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type Part, type Shown, shownParts, smallest } from "../../../src/outreach/coverage-parts.ts"

const part = (name: string, of: number, yes: number): Part => ({ name, of, yes })
const parts = fc
  .array(
    fc.integer({ min: 0, max: 12 }).chain((of) => fc.integer({ min: 0, max: of }).map((yes) => ({ of, yes }))),
    { maxLength: 7 },
  )
  .map((counts) => counts.map(({ of, yes }, i) => part(`Group ${i}`, of, yes)))

const namesIn = ({ parts: shown }: Shown) => new Set(shown.map(({ name }) => name))

/** Whether the same page could be seen while this group's figure is another: somebody in it, or a yes, or all of them, are another hidden group's. */
function couldBeOtherwise(all: readonly Part[], one: Part, { guarded, sizesKnown }: { guarded: boolean; sizesKnown: boolean }): boolean {
  const seen = shownParts(all, { guarded })
  const hidden = all.filter(({ name }) => !namesIn(seen).has(name))
  const steps = [-2, -1, 0, 1, 2]
  const isSame = (world: readonly Part[]): boolean =>
    world.every(({ of, yes }) => of >= 0 && yes >= 0 && yes <= of) &&
    JSON.stringify([seen.total, seen.parts]) === JSON.stringify([shownParts(world, { guarded }).total, shownParts(world, { guarded }).parts])
  const swapped = (other: Part) =>
    all.map((each) => (each === one ? { ...other, name: one.name } : each === other ? { ...one, name: other.name } : each))
  const differs = (other: Part) => (other.of !== one.of && !sizesKnown) || (other.of === one.of && other.yes !== one.yes)
  if (hidden.some((other) => differs(other) && isSame(swapped(other)))) return true
  for (const other of seen.total === null ? [null] : hidden.filter(({ name }) => name !== one.name)) {
    for (const dOf of sizesKnown ? [0] : steps) {
      for (const dYes of steps) {
        if (dOf === 0 && dYes === 0) continue
        const world = all.map((each) => {
          if (each.name === one.name) return { ...each, of: each.of + dOf, yes: each.yes + dYes }
          return each.name === other?.name ? { ...each, of: each.of - dOf, yes: each.yes - dYes } : each
        })
        if (isSame(world)) return true
      }
    }
  }
  return false
}

describe("no group that is not shown can be worked out from what is", () => {
  test("of answers: not how many there were, nor how many said yes; but that all of the hidden said yes", () => {
    fc.assert(
      fc.property(parts, (all) => {
        const hidden = all.filter(({ name, of }) => of > 0 && !namesIn(shownParts(all, { guarded: true })).has(name))
        if (hidden.every(({ of, yes }) => of === yes)) return
        for (const one of hidden) expect(couldBeOtherwise(all, one, { guarded: true, sizesKnown: false })).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test("of contacts, where everybody knows how large each group is; but that all of the hidden had one, or none of them", () => {
    fc.assert(
      fc.property(parts, (all) => {
        const seen = shownParts(all, { guarded: false })
        const hidden = all.filter(({ name, of }) => of > 0 && !namesIn(seen).has(name))
        const [of, yes] = [hidden.reduce((sum, one) => sum + one.of, 0), hidden.reduce((sum, one) => sum + one.yes, 0)]
        if (yes === of || yes === 0) return
        for (const one of hidden) expect(couldBeOtherwise(all, one, { guarded: false, sizesKnown: true })).toBe(true)
      }),
      { numRuns: 2_000 },
    )
  })

  test("nothing that is shown is of fewer than five, and nothing guarded says that nobody said yes, or only one", () => {
    fc.assert(
      fc.property(parts, fc.boolean(), (all, guarded) => {
        const { total, parts: shown } = shownParts(all, { guarded })
        for (const one of [...shown, ...(total ? [total] : [])]) {
          expect(one.of).toBeGreaterThanOrEqual(smallest)
          expect(one.yes).toBeGreaterThanOrEqual(guarded ? 2 : 0)
        }
        expect(total === null && shown.length > 0).toBe(false)
      }),
    )
  })
})

/** Every other way in which the same people might have answered. */
function worldsOf([one, ...others]: readonly Part[]): Part[][] {
  if (!one) return [[]]
  const rest = worldsOf(others)
  return Array.from({ length: one.of + 1 }, (_, yes) => rest.map((world) => [{ ...one, yes }, ...world])).flat()
}

test("no guarded page tells that some group has nobody who said yes, unless there were fewer of them than groups", () => {
  const few = fc
    .array(
      fc.integer({ min: 1, max: 8 }).chain((of) => fc.integer({ min: 0, max: of }).map((yes) => ({ of, yes }))),
      { minLength: 1, maxLength: 4 },
    )
    .map((counts) => counts.map(({ of, yes }, i) => part(`Group ${i}`, of, yes)))
  fc.assert(
    fc.property(few, (all) => {
      const seen = shownParts(all, { guarded: true })
      if (seen.total === null || seen.total.yes < all.length) return
      const { total } = seen
      const alike = worldsOf(all).some(
        (world) =>
          world.every(({ yes }) => yes > 0) &&
          world.reduce((sum, { yes }) => sum + yes, 0) === total.yes &&
          JSON.stringify(shownParts(world, { guarded: true })) === JSON.stringify(seen),
      )
      expect(alike).toBe(true)
    }),
    { numRuns: 200 },
  )
})

describe("what is shown", () => {
  test("is every group of five and more, by name, where none is smaller", () => {
    expect(shownParts([part("Oak", 9, 3), part("Ash", 5, 4)], { guarded: true })).toEqual({
      total: { of: 14, yes: 7 },
      parts: [part("Ash", 5, 4), part("Oak", 9, 3)],
      hidden: 0,
    })
  })

  test("leaves out a class of three, and the smallest beside it, from which it could be taken", () => {
    const { total, parts: shown, hidden } = shownParts([part("Ash", 3, 1), part("Elm", 6, 5), part("Oak", 9, 3)], { guarded: true })
    expect([total, shown, hidden]).toEqual([{ of: 18, yes: 9 }, [part("Oak", 9, 3)], 2])
  })

  test("is the total alone where nothing else can be hidden behind", () => {
    expect(shownParts([part("Ash", 3, 1), part("Elm", 6, 5)], { guarded: true })).toEqual({ total: { of: 9, yes: 6 }, parts: [], hidden: 2 })
  })

  test("is nothing below five", () => {
    expect(shownParts([part("Ash", 3, 3)], { guarded: false })).toEqual({ total: null, parts: [], hidden: 1 })
    expect(shownParts([], { guarded: false })).toEqual({ total: null, parts: [], hidden: 0 })
  })

  test("is the total alone where one yes, or none, is a group's, or no more than one each of the hidden ones", () => {
    expect(shownParts([part("Ash", 8, 1), part("Elm", 6, 5)], { guarded: true })).toEqual({ total: { of: 14, yes: 6 }, parts: [], hidden: 2 })
    const small = [part("Ash", 2, 1), part("Elm", 3, 1), part("Oak", 9, 9)]
    expect(shownParts(small, { guarded: true })).toEqual({ total: { of: 14, yes: 11 }, parts: [], hidden: 3 })
    expect(shownParts([part("Ash", 8, 1)], { guarded: true }).total).toBeNull()
    expect(shownParts([part("Ash", 8, 0), part("Elm", 6, 5), part("Oak", 9, 3)], { guarded: true })).toEqual({
      total: { of: 23, yes: 8 },
      parts: [],
      hidden: 3,
    })
    expect(shownParts([part("Ash", 8, 0)], { guarded: true })).toEqual({ total: null, parts: [], hidden: 1 })
    expect(shownParts([part("Ash", 8, 0)], { guarded: false })).toEqual({ total: { of: 8, yes: 0 }, parts: [part("Ash", 8, 0)], hidden: 0 })
  })
})
