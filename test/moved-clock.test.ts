import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { nextSchoolAfternoon, openMovedClock } from "../src/moved-clock.ts"

const start = new Date("2027-02-04T13:30:00Z")
const later = (minutes: number) => new Date(start.getTime() + minutes * 60_000)
const minutesOf = (at: Date) => (at.getTime() - start.getTime()) / 60_000

let folder: string
let real: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rapport-clock-"))
  real = Date.parse("2026-09-01T08:00:00Z")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (from: Date | null = start) => openMovedClock({ file: join(folder, "deep", "clock.json"), real: () => real, start: from })

/** Work at these minutes; each is done once, at the time the clock then shows. */
function agenda(clock: ReturnType<typeof open>, ...minutes: number[]) {
  const due = [...minutes].sort((a, b) => a - b)
  const done: [number, number][] = []
  return {
    done,
    due,
    work: async () => {
      while (due[0] !== undefined && later(due[0]) <= clock.now()) done.push([due.shift() ?? 0, minutesOf(clock.now())])
    },
    next: async () => (due[0] === undefined ? null : later(due[0])),
  }
}

describe("a moved clock", () => {
  test("begins where it is told, and runs on with the real one", () => {
    const clock = open()
    real += 90_000
    expect(minutesOf(clock.now())).toBe(1.5)
  })

  test("begins with the real one where it is told nothing", () => {
    expect(open(null).now()).toEqual(new Date(real))
  })

  test("stops at each moment that has work, in order, and at its time", async () => {
    const clock = open()
    const stops = agenda(clock, 30, 10, 20)
    await clock.moveTo(later(25), stops)
    expect(stops.done).toEqual([
      [10, 10],
      [20, 20],
    ])
    expect(clock.now()).toEqual(later(25))
  })

  test("takes up what is due before it sets out, and what falls due at its goal", async () => {
    const clock = open()
    const stops = agenda(clock, 0, 60)
    await clock.moveTo(later(60), stops)
    expect(stops.done).toEqual([
      [0, 0],
      [60, 60],
    ])
  })

  test("stops as well for what work on the way brings about", async () => {
    const clock = open()
    const stops = agenda(clock, 10)
    await clock.moveTo(later(60), {
      ...stops,
      work: async () => {
        const first = stops.done.length === 0
        await stops.work()
        if (first && stops.done.length > 0) stops.due.push(15)
      },
    })
    expect(stops.done).toEqual([
      [10, 10],
      [15, 15],
    ])
  })

  test("is not held by work that stays due", async () => {
    const clock = open()
    let worked = 0
    const work = async () => {
      worked += 1
    }
    await clock.moveTo(later(1), { work, next: async () => start })
    expect(clock.now()).toEqual(later(1))
    expect(worked).toBeLessThanOrEqual(63)
  })

  test("stands still at a stop, however long the work there takes", async () => {
    const clock = open()
    const seen: number[] = []
    const stops = agenda(clock, 10)
    await clock.moveTo(later(20), {
      next: stops.next,
      work: async () => {
        real += 600_000
        seen.push(minutesOf(clock.now()))
        await stops.work()
      },
    })
    expect(seen).toEqual([0, 10, 20])
  })

  test("says where it is while it moves, and nothing when it stands", async () => {
    const clock = open()
    const seen: unknown[] = []
    const stops = agenda(clock, 10)
    await clock.moveTo(later(20), {
      next: stops.next,
      work: async () => {
        seen.push({ ...clock.progress() })
        await stops.work()
      },
    })
    expect(seen[1]).toEqual({ from: start, at: later(10), to: later(20) })
    expect(clock.progress()).toBeNull()
  })

  test("refuses to move twice at once", async () => {
    const clock = open()
    const gate = Promise.withResolvers<void>()
    const first = clock.moveTo(later(10), { work: () => gate.promise, next: async () => null })
    await expect(clock.moveTo(later(20), agenda(clock))).rejects.toThrow("already moving")
    gate.resolve()
    await first
    expect(clock.now()).toEqual(later(10))
  })

  test("stays at the stop whose work failed, and can be moved again", async () => {
    const clock = open()
    const stops = agenda(clock, 10, 20)
    const failing = async () => {
      await stops.work()
      if (minutesOf(clock.now()) === 10) throw new Error("no")
    }
    await expect(clock.moveTo(later(30), { ...stops, work: failing })).rejects.toThrow("no")
    expect(minutesOf(clock.now())).toBe(10)
    await clock.moveTo(later(30), stops)
    expect(stops.done.map(([due]) => due)).toEqual([10, 20])
  })

  test("keeps its time over a restart", async () => {
    const clock = open()
    await clock.moveTo(later(600), agenda(clock))
    real += 60_000
    expect(open(null).now()).toEqual(later(601))
  })

  test("keeps the stop it had reached when it was stopped on its way", async () => {
    const clock = open()
    const stops = agenda(clock, 10)
    const dies = new Promise<void>((resolve) => {
      void clock.moveTo(later(60), {
        next: stops.next,
        work: async () => {
          await stops.work()
          if (stops.done.length > 0) {
            resolve()
            await new Promise(() => {})
          }
        },
      })
    })
    await dies
    expect(open(null).now()).toEqual(later(10))
  })

  test("begins anew where its file cannot be read", () => {
    const clock = open()
    expect(clock.now()).toEqual(start)
    writeFileSync(join(folder, "deep", "clock.json"), "{ half a")
    expect(open().now()).toEqual(start)
  })
})

describe("the afternoon a move lands on", () => {
  const calendar = {
    zone: "America/New_York",
    off: new Map([["2026-09-07", { date: "2026-09-07", students: true, staff: true, reason: "Labor Day" }]]),
    terms: [{ start: "2026-08-31", end: "2026-12-18" }],
  }

  test("is four o'clock of the next school day, over a weekend and a holiday, in summer time", () => {
    expect(nextSchoolAfternoon(new Date("2026-09-04T20:00:00Z"), calendar, 1)).toEqual(new Date("2026-09-08T20:00:00Z"))
    expect(nextSchoolAfternoon(new Date("2026-10-30T20:00:00Z"), calendar, 7)).toEqual(new Date("2026-11-06T21:00:00Z"))
  })

  test("goes on by a week where the calendar has ended", () => {
    expect(nextSchoolAfternoon(new Date("2026-12-18T21:00:00Z"), calendar, 1)).toEqual(new Date("2026-12-26T21:00:00Z"))
  })
})
