// Decides which events share a transaction: those that came in while others of their school were being kept, so that a school that answers in the
// same five minutes is kept by a few commits. Refuses to know what is done with them: each has its own answer, and where one fails each begins anew, alone.
import { type Database, DatabaseBusy, type Tx, withSchool, withSchoolTogether } from "../../db/client.ts"

/** Work that may be begun more than once; kept once. */
type Work<T> = (tx: Tx) => Promise<T>
/** `by`: who speaks. One thing of theirs is kept at a time, in the order in which they came, so that each sees what the one before it kept. */
export type Gather = <T>(schoolId: string, by: string, work: Work<T>) => Promise<T>

type School = { running: number; readonly waiting: Waiting[]; readonly busy: Set<string> }
type Waiting = { by: string; work: Work<unknown>; resolve: (value: never) => void; reject: (error: unknown) => void; until: NodeJS.Timeout | null }

// Two: while the database keeps one, the other is worked on.
const atOnce = 2
const most = 32
// Whoever is held up by somebody else's lock holds up nobody else: it is then kept alone, beside the lots.
const patienceMs = 300
// As for a connection: the platform sends again.
const longestMs = 5_000

export function openGather(db: Database): Gather {
  const schools = new Map<string, School>()

  /** Until nobody waits but for what is being kept; whoever keeps that goes on with them. */
  async function serve(schoolId: string, school: School): Promise<void> {
    school.running += 1
    for (let lot = taken(school); lot.length > 0; lot = taken(school)) await keep(schoolId, school, lot)
    school.running -= 1
    if (school.running === 0 && school.busy.size === 0) schools.delete(schoolId)
  }

  async function keep(schoolId: string, school: School, lot: readonly Waiting[]): Promise<void> {
    try {
      const works = lot.map(({ work }) => work)
      const values = await withSchoolTogether(db, schoolId, works, patienceMs)
      for (const [i, one] of lot.entries()) one.resolve(values[i] as never)
      for (const { by } of lot) school.busy.delete(by)
    } catch (error) {
      for (const one of lot) void alone(schoolId, school, one, error)
    }
  }

  async function alone(schoolId: string, school: School, { by, work, resolve, reject }: Waiting, why: unknown): Promise<void> {
    try {
      // No connection came free: asking for one each would not help.
      if (why instanceof DatabaseBusy) throw why
      resolve((await withSchool(db, schoolId, work)) as never)
    } catch (error) {
      reject(error)
    }
    school.busy.delete(by)
    if (school.running < atOnce) await serve(schoolId, school)
  }

  return (schoolId, by, work) =>
    new Promise((resolve, reject) => {
      const school = schools.get(schoolId) ?? { running: 0, waiting: [], busy: new Set<string>() }
      schools.set(schoolId, school)
      const one: Waiting = { by, work, resolve, reject, until: null }
      school.waiting.push(one)
      if (school.running < atOnce) void serve(schoolId, school)
      if (!school.waiting.includes(one)) return
      one.until = setTimeout(() => {
        school.waiting.splice(school.waiting.indexOf(one), 1)
        reject(new DatabaseBusy(`What was said could not be kept within ${longestMs} ms.`))
      }, longestMs)
    })
}

/** Takes the first thing of everybody who is not busy, in the order in which they came, and makes it so. */
function taken({ waiting, busy }: School): Waiting[] {
  const lot: Waiting[] = []
  const left: Waiting[] = []
  for (const one of waiting) {
    if (lot.length >= most || busy.has(one.by)) left.push(one)
    else {
      if (one.until) clearTimeout(one.until)
      busy.add(one.by)
      lot.push(one)
    }
  }
  waiting.splice(0, waiting.length, ...left)
  return lot
}
