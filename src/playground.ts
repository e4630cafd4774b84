// Decides how the playground is put together: the adapter, its movable clock, and the sample school's simulated people.
// Refuses to run anywhere but on a machine of one's own; `config.ts` sees to that.
import { join } from "node:path"
import { createPlayground, type Playground } from "../adapters/playground/entry.ts"
import type { Habit } from "../adapters/playground/habit-plans.ts"
import { createHabits } from "../adapters/playground/habits.ts"
import { type Database, withoutSchool, withSchool } from "../db/client.ts"
import { playedPeople } from "../db/queries/playground.ts"
import { calendars } from "../db/queries/school.ts"
import { workspaceRows } from "../db/queries/workspaces.ts"
import { type MovedClock, nextSchoolAfternoon } from "./moved-clock.ts"
import { sampleHabits, sampleReplies } from "./sample-people.ts"
import type { Prompts } from "./words/prompts.ts"
import { seeded } from "./words/seed.ts"

export const playgroundTenant = "playground"

export type Town = {
  platform: Playground
  /** Lets the simulated people do what they have not done yet. */
  live(): Promise<number>
  /** Moves the clock, stopping at everything that happens on the way. */
  moveTo(target: Date): Promise<void>
}

type TownOptions = {
  dataDir: string
  db: Database
  clock: MovedClock
  ids: () => string
  prompts: Pick<Prompts, "questions" | "question">
  /** Without it, the sample's. */
  habits?: ReadonlyMap<string, Habit>
  /** Everything due at the clock's time: planned, swept, delivered, once. Returns how much there was. */
  work: () => Promise<number>
  nextWork: () => Promise<Date | null>
  report: (error: unknown) => void
}

// A stop at which people answer what they were just sent, and so on, settles in a few rounds.
const roundsMax = 12

export function openTown(options: TownOptions): Town {
  const { db, clock } = options
  const people = () => inPlayedSchool(db, (tx) => playedPeople(tx, playgroundTenant, clock.now().toISOString().slice(0, 10)), [])
  const platform = createPlayground({
    journal: join(options.dataDir, "playground", "journal.jsonl"),
    people,
    tenant: playgroundTenant,
    ids: options.ids,
    now: () => clock.now(),
    report: options.report,
    time: {
      now: () => clock.now(),
      zone: "America/New_York",
      progress: () => clock.progress(),
      async move(to) {
        await moveTo(await targetOf(to))
      },
    },
  })
  const habits = createHabits({
    mailbox: platform.mailbox,
    habits: options.habits ?? sampleHabits(),
    actions: {
      answer: ["reflect_first", "reflect_second"],
      skip: ["reflect_skip"],
      read: ["reading_read", "reading_open", "reading_apart"],
      greet: ["hello", "alert_hello"],
      close: ["alert_useful", "alert_known", "alert_false"],
    },
    replies: sampleReplies(options.prompts),
    varied: ["mood"],
    random: (seed) => seeded(seed) / 2 ** 32,
  })

  const moveTo = (target: Date): Promise<void> => clock.moveTo(target, { work: settleDown, next })

  async function settleDown(): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      const acted = await habits.act(clock.now())
      const at = await options.nextWork()
      const done = at === null || at > clock.now() ? 0 : await options.work()
      if (done + acted === 0) return
    }
  }

  async function next(): Promise<Date | null> {
    const [work, habit] = [await options.nextWork(), habits.next()]
    if (work === null || habit === null) return work ?? habit
    return work < habit ? work : habit
  }

  async function targetOf(to: "next_school_day" | "next_week" | "next_event"): Promise<Date> {
    const now = clock.now()
    if (to === "next_event") return (await next()) ?? now
    const calendar = await inPlayedSchool(db, async (tx) => [...(await calendars(tx)).values()][0], undefined)
    return nextSchoolAfternoon(now, calendar ?? { zone: "America/New_York", off: new Map(), terms: [] }, to === "next_week" ? 7 : 1)
  }

  return { platform, moveTo, live: () => habits.act(clock.now()) }
}

async function inPlayedSchool<T>(db: Database, work: Parameters<typeof withSchool<T>>[2], otherwise: T): Promise<T> {
  const row = (await withoutSchool(db, workspaceRows)).find(({ platform, tenant }) => platform === "playground" && tenant === playgroundTenant)
  return row ? withSchool(db, row.schoolId, work) : otherwise
}
