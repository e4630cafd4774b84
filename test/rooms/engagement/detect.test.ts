import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cleared, type Group, judge, type LastAlert, leastMisses, missesNeeded, reasonFor, shouldOpen } from "../../../src/engagement/detect.ts"
import { groupDip, groupNeverStarted, groupQuiet, groupRate, type Tally, tallies } from "../../../src/engagement/group-rate.ts"
import { type History, mark, weekAt } from "../../../src/engagement/history.ts"

const start = "2025-09-01"
const of = (weeks: string): History => ({ start, weeks })
const at = (index: number): string => weekAt(start, index)
const end = (weeks: string): string => at(weeks.length - 1)
const group = (rate: number | null): Group => ({ rate, answeredThisWeek: 17, size: 21 })
const judged = (weeks: string, rate: number | null = 0.8) => judge({ history: of(weeks), group: group(rate), week: end(weeks) })
const oneOf = (letters: string) => fc.constantFrom(...letters.split(""))
const letters = oneOf("-.omgusa")
const anyWeeks = fc.array(letters, { minLength: 1, maxLength: 40 }).map((list) => list.join(""))
const anyRate = fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true }))

/** None where nothing is said, and where two chances of a silence say no more than one. */
const missesIn = (judgement: ReturnType<typeof judge>): number => {
  if (judgement.kind === "fine") return 0
  const misses = judgement.kind === "never_started" ? judgement.chances : judgement.misses
  // One miss is fine wherever it names nobody.
  return misses < 2 ? 0 : misses
}

describe("counted misses", () => {
  test.each([
    ["", 0],
    ["aaa", 0],
    ["amm", 2],
    ["ammo", 2],
    ["ammam", 1],
    ["ammsm", 1],
    ["am.m", 2],
    ["am-m", 2],
    ["amgm", 2],
    ["aum", 1],
    ["auu", 0],
    ["mmm", 3],
  ])("%j holds %i", (weeks, misses) => {
    expect(missesIn(judged(weeks))).toBe(misses < 2 ? 0 : misses)
  })
})

describe("what a history says", () => {
  test.each([
    ["aaaa", "fine"],
    ["am", "fine"],
    ["amo", "fine"],
    ["amm", "quiet"],
    ["am..m", "quiet"],
    ["ammm", "alert"],
    ["am.m..m", "quiet"],
    ["am.m..mm", "alert"],
    ["auuuuuu", "fine"],
    ["aggggg", "fine"],
    ["a......", "fine"],
    ["ammma", "fine"],
    ["ammms", "fine"],
    ["ssmmm", "alert"],
    ["", "fine"],
    ["m", "fine"],
    ["mo", "fine"],
    ["mm", "never_started"],
    ["mmmmmm", "never_started"],
    ["..m..m", "never_started"],
    ["mma", "fine"],
  ])("%j is %s", (weeks, kind) => {
    expect(judged(weeks || "-").kind).toBe(kind)
  })

  test("three misses are an alert since the week of the last answer", () => {
    expect(judged("aa.mmm")).toEqual({ kind: "alert", level: "alert", misses: 3, needed: 3, since: at(1) })
  })

  test("five misses and more are long", () => {
    expect(judged("ammmm")).toMatchObject({ level: "alert", misses: 4 })
    expect(judged("ammmmm")).toMatchObject({ level: "long", misses: 5 })
    expect(judged("ammm..mmm")).toMatchObject({ level: "long", misses: 6 })
  })

  test.each([
    ["two before it and the first one behind it are not enough", "amm.m", "quiet"],
    ["one before it and two behind it are", "am.mm", "alert"],
    ["three before it and one behind it are", "ammm.m", "alert"],
    ["three behind it are", "a.mmm", "alert"],
    ["a week in which the whole school was quiet is one too", "ammgm", "quiet"],
    ["and so is one that is ours", "ammum", "quiet"],
    ["where two of them lie in the silence, the latest counts", "am.m.m", "quiet"],
    ["one before the silence is none", "a.ammm", "alert"],
  ])("just behind a break it takes one miss more: %s", (_, weeks, kind) => {
    expect(judged(weeks).kind).toBe(kind)
  })

  test("where half the group answers, it takes one more than four just behind a break", () => {
    expect(judged("ammm.m", 0.5).kind).toBe("quiet")
    expect(judged("amm.mm", 0.5)).toMatchObject({ kind: "alert", needed: 4 })
    expect(judged("ammmm.m", 0.5)).toMatchObject({ kind: "alert", needed: 5 })
  })

  test.each([
    ["one answer in eight chances, and missed again", "ammmmmmmam", 0.8, "alert"],
    ["and so with one skip", "ammmmmmmsm", 0.8, "alert"],
    ["two answers in eight", "ammmmmamam", 0.8, "fine"],
    ["one in seven, and no eighth chance", "mmmmmam", 0.8, "fine"],
    ["none before it in eight: the first answer of a student who never started", "mmmmmmam", 0.8, "alert"],
    ["weeks that were no chance are left out of the eight", "ammm.gummmmam", 0.8, "alert"],
    ["a break does not hide it", "ammmmmmma.m", 0.8, "alert"],
    ["whoever answered this week is fine", "ammmmmmmma", 0.8, "fine"],
    ["not where half the group answers", "ammmmmmmam", 0.5, "fine"],
  ])("one answer among eight chances starts no new count: %s", (_, weeks, rate, kind) => {
    expect(judged(weeks, rate).kind).toBe(kind)
  })

  test("an alert says when it is for that one answer", () => {
    expect(judged("ammmmmmmam")).toEqual({ kind: "alert", level: "alert", misses: 1, needed: 1, since: at(8), rarely: true })
    expect(judged("ammmmmmmammm")).toEqual({ kind: "alert", level: "alert", misses: 3, needed: 3, since: at(8) })
  })

  test("a student who never started is told apart however long it lasts", () => {
    expect(judged("mmmm")).toEqual({ kind: "never_started", chances: 4 })
  })

  test.each([
    [null, 3],
    [0.9, 3],
    [0.55, 3],
    [0.5499, 4],
    [0.45, 4],
    [0.4499, 5],
    [0.4, 5],
    [0.3999, null],
    [0, null],
  ])("a group that answers %s needs %s misses", (rate, needed) => {
    expect(missesNeeded(rate)).toBe(needed)
  })

  test("where half the group answers, three misses are only the quiet list", () => {
    expect(judged("ammm", 0.5)).toEqual({ kind: "quiet", misses: 3, since: at(0) })
    expect(judged("ammmm", 0.5)).toMatchObject({ kind: "alert", level: "alert", needed: 4 })
    expect(judged("ammmm", 0.42)).toMatchObject({ kind: "quiet", misses: 4 })
    expect(judged("ammmmm", 0.42)).toMatchObject({ kind: "alert", level: "long" })
  })

  test("where the prompts do not work nobody is named", () => {
    for (const weeks of ["ammmmmmm", "mmmm", "amm"]) expect(judged(weeks, 0.39)).toEqual({ kind: "fine" })
  })

  test("what comes after the judged week changes nothing", () => {
    fc.assert(
      fc.property(anyWeeks, fc.nat(39), anyRate, (weeks, index, rate) => {
        const week = at(index)
        const blanked = of(weeks.slice(0, index + 1))
        expect(judge({ history: of(weeks), group: group(rate), week })).toEqual(judge({ history: blanked, group: group(rate), week }))
        const many = Array.from({ length: 6 }, (_, i) => of(weeks.slice(i) || "-"))
        const manyBlanked = many.map((history) => of(history.weeks.slice(0, index + 1)))
        expect(groupRate(many, week)).toBe(groupRate(manyBlanked, week))
      }),
    )
  })

  test("one reply or one skip always clears", () => {
    fc.assert(
      fc.property(anyWeeks, fc.constantFrom("a" as const, "s" as const), anyRate, (weeks, reply, rate) => {
        const week = at(weeks.length)
        expect(judge({ history: mark(of(weeks), week, reply), group: group(rate), week })).toEqual({ kind: "fine" })
      }),
    )
  })

  test("breaks, pauses, group-quiet weeks and misses that are ours never count, wherever they fall", () => {
    const uncounted = fc.array(oneOf("-.gu"), { maxLength: 4 }).map((list) => list.join(""))
    fc.assert(
      fc.property(fc.array(fc.tuple(oneOf("ams"), uncounted), { minLength: 1, maxLength: 15 }), anyRate, (weeks, rate) => {
        const bare = judged(weeks.map(([letter]) => letter).join(""), rate)
        const padded = judged(weeks.map(([letter, pad]) => letter + pad).join(""), rate)
        expect([missesIn(padded), padded.kind === "alert" && bare.kind !== "alert"]).toEqual([missesIn(bare), false])
      }),
    )
  })
})

describe("the group's own rate", () => {
  const five = (weeks: string): History[] => Array.from({ length: 5 }, () => of(weeks))

  test("is answers and skips over closed chances", () => {
    expect(groupRate([...five("aaas"), ...five("mamo")], at(3))).toBeCloseTo(25 / 35)
  })

  test("looks back six weeks", () => {
    expect(groupRate(five("mmmaaaaaa"), at(8))).toBe(1)
    expect(groupRate(five("aaammaaaaaa"), at(5))).toBeCloseTo(4 / 6)
  })

  test("leaves out misses that are ours and weeks the net took out", () => {
    expect(groupRate(five("auau"), at(3))).toBe(1)
    expect(groupRate([...five("aga"), ...five("aam")], at(2))).toBeCloseTo(15 / 20)
  })

  test("leaves out what follows the fifth miss of one silence, until the student is back", () => {
    expect(groupRate([...five("aaaaaaaaaaaa"), ...five("ammmmmmmmmmm")], at(11))).toBe(1)
    expect(groupRate([...five("aaaaaaa"), ...five("ammmmmm")], at(6))).toBeCloseTo(30 / 55)
    expect(groupRate([...five("aaaaaaaaaaaa"), ...five("ammmmmmmmmam")], at(11))).toBeCloseTo(35 / 40)
  })

  test("is unknown in a class of three, and before anything has closed", () => {
    expect(groupRate([of("amm"), of("mmm"), of("mmm")], at(2))).toBeNull()
    expect(groupRate(five("o"), at(0))).toBeNull()
    expect(groupRate([], at(0))).toBeNull()
  })
})

describe("the group-quiet net", () => {
  const week = (answered: number, chances = 100): Tally => ({ answered, chances })
  const usual = [week(80), week(82), week(78), week(81), week(79)]

  test.each<[string, Tally[], boolean]>([
    ["a week at half the usual is quiet", [...usual, week(40)], true],
    ["a usual week is not", [...usual, week(76)], false],
    ["just under 0.85 of the usual is quiet", [...usual, week(67)], true],
    ["0.86 of the usual is not", [...usual, week(69)], false],
    ["an advisory of 20 is never judged", [...usual.map(() => week(16, 20)), week(2, 20)], false],
    ["a drop that chance explains is not quiet", [...usual.map(() => week(8, 40)), week(6, 40)], false],
    ["a second quiet week in a row is still quiet", [...usual, week(40), week(42)], true],
    ["weeks without a chance are passed over", [...usual, week(0, 0), week(0, 0), week(40)], true],
    ["a group that always answers is quiet when some do not", [...usual.map(() => week(100)), week(80)], true],
    ["a group that never answers is not quiet, it is silent", [...usual.map(() => week(0)), week(0)], false],
    ["the first week has nothing to compare with", [week(10)], false],
    ["no weeks", [], false],
  ])("%s", (_, weeks, quiet) => {
    expect(groupQuiet(weeks)).toBe(quiet)
  })

  test("tallies count the misses the net has taken out, and not those that are ours", () => {
    expect(tallies([of("aagm"), of("-smu"), of("oo..")], at(3), 3)).toEqual([week(2, 2), week(0, 2), week(0, 1)])
  })
})

describe("one notice about a group", () => {
  test.each([
    [21, 9, true],
    [21, 8, false],
    [20, 8, true],
    [5, 2, false],
    [6, 3, true],
    [3, 3, true],
    [3, 2, false],
    [21, 0, false],
  ])("of %i members %i come up in one week: %s", (members, newlyAlertable, dip) => {
    expect(groupDip({ members, newlyAlertable })).toBe(dip)
  })

  test.each([
    [20, 5, false],
    [20, 6, true],
    [3, 1, false],
    [4, 2, true],
    [20, 0, false],
  ])("of %i members %i never started: %s", (members, neverStarted, line) => {
    expect(groupNeverStarted({ members, neverStarted })).toBe(line)
  })
})

describe("one alert per silence", () => {
  const opens = (weeks: string, last: LastAlert | null): boolean => shouldOpen(judged(weeks), last, { history: of(weeks), week: end(weeks) })
  const raised = (openedAt: number, sinceWeek: number, closedAt: number | null): LastAlert => ({
    openedWeek: at(openedAt),
    since: at(sinceWeek),
    closedWeek: closedAt === null ? null : at(closedAt),
  })

  test.each<[string, string, LastAlert | null, boolean]>([
    ["the third miss opens one", "ammm", null, true],
    ["the second does not", "amm", null, false],
    ["not while one is open", "ammmmmm", raised(3, 0, null), false],
    ["not again in the same silence, though an adult closed it", "ammmmmm", raised(3, 0, 4), false],
    ["again once the student was back and is silent anew", "ammmammm", raised(3, 0, 4), true],
    ["again when a late reply reached back before the alert", "aamm.mm", raised(3, 0, 4), true],
    ["never two within three weeks", "ammamm.m", raised(6, 0, 6), false],
    ["a break by itself brings nobody up", "ammm.", null, false],
    ["a group-quiet week brings nobody up", "ammmg", null, false],
    ["two questions never answered open a line", "mm", null, true],
    ["that line is said once", "mmm", { openedWeek: at(1), since: null, closedWeek: at(2) }, false],
  ])("%s", (_, weeks, last, open) => {
    expect(opens(weeks, last)).toBe(open)
  })

  const openings = (history: History): number[] => {
    const found: number[] = []
    let last: LastAlert | null = null
    for (let index = 0; index < history.weeks.length; index++) {
      const week = at(index)
      if (last && last.closedWeek === null && cleared(history, last.since, week))
        last = { openedWeek: last.openedWeek, since: last.since, closedWeek: week }
      const judgement = judge({ history, group: group(0.8), week })
      if (judgement.kind !== "alert" || !shouldOpen(judgement, last, { history, week })) continue
      found.push(index)
      last = { openedWeek: week, since: judgement.since, closedWeek: null }
    }
    return found
  }

  test("over any year, each alert after the first follows a reply or a skip and is three weeks or more from the one before", () => {
    expect(openings(of("ammmm.aammmasmmgmm"))).toEqual([3, 10, 17])
    fc.assert(
      fc.property(anyWeeks, (weeks) => {
        const found = openings(of(weeks))
        const pairs = found.slice(1).map((index, i) => ({ gap: index - (found[i] ?? 0), between: weeks.slice((found[i] ?? 0) + 1, index) }))
        expect(pairs.every(({ gap, between }) => gap >= 3 && /[as]/.test(between))).toBe(true)
      }),
    )
  })

  test("a reply after the alert clears it, an older one does not", () => {
    expect(cleared(of("ammm"), at(0), at(3))).toBe(false)
    expect(cleared(of("ammma"), at(0), at(4))).toBe(true)
    expect(cleared(of("amms"), at(0), at(3))).toBe(true)
    expect(cleared(of("mmm"), null, at(2))).toBe(false)
    expect(cleared(of("mms"), null, at(2))).toBe(true)
  })
})

describe("a second source beside the replies", () => {
  const beside = (weeks: string, signals: string | null, rate = 0.8) =>
    judge({ history: of(weeks), group: group(rate), week: end(weeks), signals: signals === null ? null : { start, weeks: signals } })

  test.each<[string, string, string, "fine" | "quiet" | "alert"]>([
    ["nothing known changes nothing", "amm", "...", "quiet"],
    ["nothing known changes nothing at three misses either", "ammm", "....", "alert"],
    ["over a third missed is one miss sooner", "aaamm", "px...", "alert"],
    ["a third missed is not", "aaamm", "ppx..", "quiet"],
    ["one known week alone counts in full", "aam", "x..", "alert"],
    ["exactly two thirds are two sooner", "aaam", "pxx.", "alert"],
    ["over a third missed is one sooner just behind a break too", "aaam.m", "px....", "alert"],
    ["a third missed waits behind a break as ever", "aamm.m", "ppx...", "quiet"],
    ["always there: one answer in eight chances is no alert", "ammmmmmmam", "p.........", "fine"],
    ["a third missed: one answer in eight chances is one", "ammmmmmmam", "ppx.......", "alert"],
    ["half missed is only one sooner", "aaam", "ppxx", "fine"],
    ["always there: three misses are the quiet list", "ammm", "pp..", "quiet"],
    ["always there: seven too", "ammmmmmm", "p.......", "quiet"],
    ["always there: eight are an alert", "ammmmmmmm", "p........", "alert"],
    ["a student who answers is fine, whatever else is missed", "aaaa", "xxxx", "fine"],
    ["a student who skips is fine, whatever else is missed", "aaas", "xxxx", "fine"],
    ["being there is no answer: misses go on counting", "amm", "ppp", "quiet"],
    ["who never started is told as before", "mm", "pp", "fine"],
  ])("%s", (name, weeks, signals, kind) => {
    expect(beside(weeks, signals).kind).toBe(name.startsWith("who never") ? "never_started" : kind)
  })

  test("only the last eight weeks known count, wherever they lie", () => {
    expect(beside("aaaaaaaaaaaaamm", "xxxxx.pppppppp.")).toEqual({ kind: "quiet", misses: 2, since: at(12) })
    expect(beside("aaaaaaaaaaaaammm", "xxxxxpppp.pppp..").kind).toBe("quiet")
    expect(beside("aaaaaaaaaaaaammm", "xxxxxpppp.ppp...").kind).toBe("alert")
  })

  test("what was last known over ten weeks ago says nothing of this silence", () => {
    expect(beside(`${"a".repeat(11)}m`, "xx").kind).toBe("alert")
    expect(beside(`${"a".repeat(12)}m`, "xx").kind).toBe("fine")
    expect(beside(`${"a".repeat(10)}mmm`, "pp").kind).toBe("alert")
  })

  test("where the group answers less it takes more, from there as far away", () => {
    expect(beside("amm", "x..", 0.5)).toMatchObject({ kind: "alert", needed: 2 })
    expect(beside("amm", "px.", 0.5)).toMatchObject({ kind: "quiet" })
    expect(beside("ammm", "px..", 0.5)).toMatchObject({ kind: "alert", needed: 3 })
    expect(beside("ammmmm", "xxx...", 0.3)).toEqual({ kind: "fine" })
  })

  test("signals may start before or after the history", () => {
    const history = { start: at(2), weeks: "amm" }
    const judgedWith = (signals: { start: string; weeks: string }) => judge({ history, group: group(0.8), week: at(4), signals }).kind
    expect(judgedWith({ start, weeks: "xxx" })).toBe("alert")
    expect(judgedWith({ start: at(4), weeks: "x" })).toBe("alert")
    expect(judgedWith({ start: at(5), weeks: "x" })).toBe("quiet")
  })

  const missesOf = (judgement: ReturnType<typeof judge>): number => (judgement.kind === "alert" ? judgement.misses : Number.POSITIVE_INFINITY)

  test("what comes after the judged week changes nothing, and without a chance missed that week nothing opens", () => {
    const known = fc.array(oneOf("px."), { maxLength: 40 }).map((list) => list.join(""))
    fc.assert(
      fc.property(anyWeeks, known, fc.nat(39), anyRate, (weeks, letters, index, rate) => {
        const about = { history: of(weeks), group: group(rate), week: at(index), signals: { start, weeks: letters } }
        const judgement = judge(about)
        expect(judge({ ...about, history: of(weeks.slice(0, index + 1)), signals: { start, weeks: letters.slice(0, index + 1) } })).toEqual(judgement)
        expect(weeks[index] === "m" || !shouldOpen(judgement, null, about)).toBe(true)
        expect(missesOf(judgement)).toBeGreaterThanOrEqual(leastMisses.withSignals)
        const alone = judge({ ...about, signals: null })
        const lately = weeks
          .slice(0, index + 1)
          .replaceAll(/[^ams]/g, "")
          .slice(-leastMisses.rarely.weeks)
        const rare = lately.length === leastMisses.rarely.weeks && lately.replaceAll("m", "").length <= leastMisses.rarely.answers
        expect(missesOf(alone)).toBeGreaterThanOrEqual(rare ? leastMisses.rarely.misses : leastMisses.alone)
      }),
    )
  })

  test("the reason keeps the weeks that were known, on either side", () => {
    const about = { history: of("aaamm"), group: group(0.8), week: at(4), signals: { start, weeks: "pxx.." } }
    expect(reasonFor(judge(about), about)).toMatchObject({ needed: 1, signals: { present: [at(0)], absent: [at(1), at(2)] } })
  })
})

describe("the arithmetic kept with an alert", () => {
  const kept = (weeks: string) => reasonFor(judged(weeks), { history: of(weeks), group: group(0.8), week: end(weeks) })

  test("names every week that counted and every week that did not", () => {
    expect(kept("auam.gumm")).toEqual({
      kind: "silence",
      week: at(8),
      since: at(2),
      needed: 3,
      missed: [at(3), at(7), at(8)],
      ours: [at(6)],
      groupQuiet: [at(5)],
      group: { rate: 0.8, answeredThisWeek: 17, size: 21 },
    })
  })

  test("names the last eight chances where one answer among them is why", () => {
    expect(kept("ammmmmmmam")).toMatchObject({ since: at(8), missed: [at(9)], needed: 1, lately: { missed: 7, chances: 8 } })
    expect(kept("ammmmmmmammm")).not.toHaveProperty("lately")
  })

  test("names the chances of a student who never started", () => {
    expect(kept("m.m")).toMatchObject({ kind: "never_started", missed: [at(0), at(2)] })
  })

  test("is kept for alerts only and survives JSON", () => {
    expect(kept("amm")).toBeNull()
    expect(kept("aaa")).toBeNull()
    const reason = kept("ammm")
    expect(JSON.parse(JSON.stringify(reason))).toEqual(reason)
  })
})
