// Decides what time it is in the playground: the sample school's own, moved by whoever plays. Production never sees this clock.
// Refuses to know what happens on the way: it stops at each moment that has work.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { z } from "zod"
import type { Clock } from "./platform/clock.ts"
import { isSchoolDay, type SchoolCalendar } from "./scheduling/calendar.ts"
import { addDays, atLocal, localDate } from "./scheduling/zone.ts"

export type Stops = {
  /** Everything due at the clock's time. */
  work: () => Promise<void>
  /** The next moment that has work; null: none is known. */
  next: () => Promise<Date | null>
}

export type MovedClock = Clock & {
  moveTo(target: Date, stops: Stops): Promise<void>
  progress(): { from: Date; at: Date; to: Date | null } | null
}

const saved = z.object({ aheadMs: z.number().int() })

/** Runs ahead of (or behind) the real one by an offset that is kept in `file`. `start`: where a new one begins; null: now. */
export function openMovedClock(options: { file: string; real: () => number; start: Date | null }): MovedClock {
  const { file, real } = options
  let aheadMs = readOffset(file) ?? (options.start === null ? 0 : options.start.getTime() - real())
  let moving: { from: Date; at: Date; to: Date } | null = null
  keep()

  function keep(): void {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify({ aheadMs }))
  }
  const now = () => (moving ? new Date(moving.at) : new Date(real() + aheadMs))
  function set(at: Date): void {
    aheadMs = at.getTime() - real()
    if (moving) moving.at = at
    keep()
  }

  return {
    now,
    progress: () => moving,
    async moveTo(target, stops) {
      if (moving) throw new Error("The clock is already moving.")
      const from = now()
      moving = { from, at: from, to: target }
      try {
        await stops.work()
        for (let last = from; ; ) {
          const next = await stops.next()
          if (next === null || next > target) break
          // Work that stays due must not hold the clock: each stop is at least a second after the last.
          last = new Date(Math.max(next.getTime(), last.getTime() + 1_000))
          if (last > target) break
          set(last)
          await stops.work()
        }
        set(target)
        await stops.work()
      } finally {
        moving = null
      }
    },
  }
}

function readOffset(file: string): number | null {
  try {
    return saved.parse(JSON.parse(readFileSync(file, "utf8"))).aheadMs
  } catch {
    return null
  }
}

// After the prompts of both sample sites (a quarter to three, an hour apart), while adults may still be written to.
const afternoon = "16:00"

/** Four in the afternoon of the next school day after `at`; a week on where the calendar has ended. */
export function nextSchoolAfternoon(at: Date, calendar: SchoolCalendar, leastDays: number): Date {
  const from = addDays(localDate(at, calendar.zone), leastDays)
  for (let i = 0; i < 60; i++) {
    const day = addDays(from, i)
    if (isSchoolDay(calendar, day, "staff")) return atLocal(day, afternoon, calendar.zone)
  }
  return atLocal(addDays(from, 7), afternoon, calendar.zone)
}
