import { join } from "node:path"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { chooseTwo, seasonOf, type ToChoose } from "../../../src/growth/choose.ts"
import { type Lens, lenses, readPrompts, type Season, seasons } from "../../../src/words/prompts.ts"

const questions = readPrompts(join(import.meta.dirname, "../../../prompts")).prompts.questions()
const lensOf = (id: string) => questions.find((topic) => topic.id === id)?.lens

const known = (counts: Partial<Record<Lens, number>> = {}): ToChoose["known"] => {
  const of = (lens: Lens) => ({ count: counts[lens] ?? 0, lastWeek: counts[lens] ? "2025-09-01" : null })
  return {
    interests: of("interests"),
    abilities: of("abilities"),
    skills: of("skills"),
    knowledge: of("knowledge"),
    language: of("language"),
    family: of("family"),
    peers: of("peers"),
  }
}
const given = (change: Partial<ToChoose> = {}): ToChoose => ({
  questions,
  asked: [],
  known: known(),
  cares: [],
  familyAllowed: false,
  season: "any",
  seed: "ada:2025-09-08",
  ...change,
})

const weeks = Array.from(
  { length: 40 },
  (_, i) => `2025-${String(1 + Math.floor(i / 4)).padStart(2, "0")}-${String(1 + (i % 4) * 7).padStart(2, "0")}`,
)
const anyGiven: fc.Arbitrary<ToChoose> = fc.record({
  questions: fc.constant(questions),
  asked: fc.array(fc.record({ id: fc.constantFrom(...questions.map(({ id }) => id), "no-longer-written"), weekStart: fc.constantFrom(...weeks) })),
  known: fc.record({
    interests: count(),
    abilities: count(),
    skills: count(),
    knowledge: count(),
    language: count(),
    family: count(),
    peers: count(),
  }),
  cares: fc.subarray([...lenses]),
  familyAllowed: fc.constant(false as const),
  season: fc.constantFrom<Season>(...seasons),
  seed: fc.string(),
})
function count() {
  return fc.record({ count: fc.nat({ max: 9 }), lastWeek: fc.option(fc.constantFrom(...weeks)) })
}

describe("whatever is known and asked", () => {
  test("two questions come from two lenses, never the family lens, in season, and after what they follow", () => {
    fc.assert(
      fc.property(anyGiven, (g) => {
        const { first, second } = chooseTwo(g)
        expect(first.lens).not.toBe(second.lens)
        for (const topic of [first, second]) {
          expect(topic.lens).not.toBe("family")
          expect(["any", g.season]).toContain(topic.season)
          expect(topic.follow === null || g.asked.some(({ id }) => id === topic.follow)).toBe(true)
        }
      }),
    )
  })

  test("a question comes back only when its lens has no new one, and then the one asked longest ago", () => {
    fc.assert(
      fc.property(anyGiven, (g) => {
        const ids = new Set(g.asked.map(({ id }) => id))
        const last = (id: string) =>
          g.asked.filter((each) => each.id === id).reduce((latest, each) => (each.weekStart > latest ? each.weekStart : latest), "")
        for (const topic of Object.values(chooseTwo(g)).filter((each) => "id" in each)) {
          if (!ids.has(topic.id)) continue
          const open = questions.filter(
            (each) => each.lens === topic.lens && ["any", g.season].includes(each.season) && (each.follow === null || ids.has(each.follow)),
          )
          expect(open.filter((each) => !ids.has(each.id))).toEqual([])
          for (const each of open) expect(last(topic.id) <= last(each.id)).toBe(true)
        }
      }),
    )
  })

  test("the same seed chooses alike, whatever order the rows come in", () => {
    fc.assert(
      fc.property(anyGiven, (g) => {
        const turned = { ...g, questions: g.questions.toReversed(), asked: g.asked.toReversed(), cares: g.cares.toReversed() }
        expect(chooseTwo(turned)).toEqual(chooseTwo(g))
      }),
    )
  })

  test("the reason names the lens that was taken, and a lens the student cares about leads while it has something new", () => {
    fc.assert(
      fc.property(anyGiven, (g) => {
        const { first, second, why } = chooseTwo(g)
        expect(why.first.lens).toBe(first.lens)
        expect(why.second).toEqual({ kind: "emptiest_lens", lens: second.lens })
        expect(why.first.kind === "cares").toBe(g.cares.includes(first.lens) && !g.asked.some(({ id }) => id === first.id))
      }),
    )
  })

  test("without asked questions or cares, no lens left out is emptier than one taken", () => {
    fc.assert(
      fc.property(anyGiven, (g) => {
        const { first, second } = chooseTwo({ ...g, asked: [], cares: [] })
        const taken = [g.known[first.lens].count, g.known[second.lens].count]
        for (const lens of lenses) {
          if (lens === "family" || lens === first.lens || lens === second.lens) continue
          expect(g.known[lens].count).toBeGreaterThanOrEqual(Math.max(...taken))
        }
      }),
    )
  })
})

test("the emptiest lenses are asked about", () => {
  const { first, second } = chooseTwo(given({ known: known({ interests: 3, abilities: 2, skills: 2, knowledge: 4, language: 0, peers: 1 }) }))
  expect([first.lens, second.lens]).toEqual(["language", "peers"])
})

test("what the student cares about comes first, the emptiest lens second", () => {
  const { why } = chooseTwo(given({ cares: ["interests"], known: known({ interests: 9, abilities: 1, skills: 1, knowledge: 1, peers: 1 }) }))
  expect(why).toEqual({ first: { kind: "cares", lens: "interests" }, second: { kind: "emptiest_lens", lens: "language" } })
})

test("a question of the season comes before one for any time, and a step toward a goal after the goal", () => {
  const skillsFirst = { cares: ["skills"] as const, known: known({ interests: 9 }) }
  expect(chooseTwo(given({ ...skillsFirst, season: "start" })).first.id).toBe("skills-by-the-end")
  expect(chooseTwo(given({ ...skillsFirst, season: "middle" })).first.id).not.toBe("skills-one-small-step")
  const asked = [{ id: "skills-by-the-end", weekStart: "2025-09-08" }]
  expect(chooseTwo(given({ ...skillsFirst, season: "middle", asked })).first.id).toBe("skills-one-small-step")
})

test("a student who never answers is offered every lens, and nothing twice in a term of twelve weeks", () => {
  const asked: { id: string; weekStart: string }[] = []
  for (const [i, weekStart] of weeks.slice(0, 12).entries()) {
    const season = i < 3 ? "start" : i < 9 ? "middle" : "end"
    const { first, second } = chooseTwo(given({ asked, season, seed: `sam:${weekStart}` }))
    asked.push({ id: first.id, weekStart }, { id: second.id, weekStart })
  }
  expect(new Set(asked.slice(0, 6).map(({ id }) => lensOf(id))).size).toBe(6)
  expect(new Set(asked.map(({ id }) => id)).size).toBe(24)
})

test("seeds spread the questions over a school", () => {
  const ids = new Set(Array.from({ length: 300 }, (_, i) => chooseTwo(given({ seed: `student-${i}:2025-09-08` })).first.id))
  expect(ids.size).toBeGreaterThan(20)
})

test("five thousand students are chosen for within a second", () => {
  const asked = questions.map(({ id }, i) => ({ id, weekStart: weeks[i] ?? "2025-01-01" }))
  const start = performance.now()
  for (let i = 0; i < 5_000; i += 1) chooseTwo(given({ asked, seed: `student-${i}` }))
  expect(performance.now() - start).toBeLessThan(1_000)
})

test("fewer than two lenses to ask about is a fault, said aloud", () => {
  expect(() => chooseTwo(given({ questions: questions.filter(({ lens }) => lens === "peers" || lens === "family") }))).toThrow(
    "fewer than two lenses",
  )
})

describe("the season of a term", () => {
  const term = { start: "2025-09-02", end: "2025-12-19" }
  test.each<[string, Season]>([
    ["2025-09-01", "any"],
    ["2025-09-02", "start"],
    ["2025-09-22", "start"],
    ["2025-09-23", "middle"],
    ["2025-11-28", "middle"],
    ["2025-11-29", "end"],
    ["2025-12-19", "end"],
    ["2025-12-20", "any"],
  ])("%s is %s", (date, season) => {
    expect(seasonOf(term, date)).toBe(season)
  })
  test("a short term has a start and an end, and no term is any time", () => {
    expect(seasonOf({ start: "2025-09-01", end: "2025-09-21" }, "2025-09-11")).toBe("start")
    expect(seasonOf({ start: "2025-09-01", end: "2025-09-21" }, "2025-09-12")).toBe("end")
    expect(seasonOf(null, "2025-09-12")).toBe("any")
  })
})
