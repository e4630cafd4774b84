// Decides which events share a transaction: those that came in while others of their school were being kept, so that a school that answers in the
// same five minutes is kept by a few commits. Refuses to know what is done with them: each has its own answer, and where one fails each begins anew, alone.
import { type Database, DatabaseBusy, type Tx, withSchool, withSchoolTogether } from "../../db/client.ts"

/** Work that may be begun more than once; kept once. */
type Work<T> = (tx: Tx) => Promise<T>
/** `by`: the account. One thing of an account is kept at a time, in the order in which they came, so that each sees what the one before it kept. */
export type Gather = <T>(schoolId: string, by: string, work: Work<T>) => Promise<T>

type School = { running: number; readonly waiting: Waiting[]; readonly busy: Set<string> }
type Waiting = { by: string; work: Work<unknown>; resolve: (value: never) => void; reject: (error: unknown) => void }

// Two: while the database keeps one, the other is worked on.
const atOnce = 2
const most = 32

export function openGather(db: Database): Gather {
  const schools = new Map<string, School>()

  async function run(schoolId: string, group: readonly Waiting[]): Promise<void> {
    const alone = (one: Waiting) => withSchool(db, schoolId, one.work).then((value) => one.resolve(value as never), one.reject)
    const [first] = group
    if (group.length === 1 && first) return alone(first)
    try {
      const values = await withSchoolTogether(
        db,
        schoolId,
        group.map(({ work }) => work),
      )
      for (const [i, one] of group.entries()) one.resolve(values[i] as never)
    } catch (error) {
      // No connection came free: asking for one each would not help.
      if (error instanceof DatabaseBusy) for (const one of group) one.reject(error)
      else await Promise.all(group.map(alone))
    }
  }

  /** Until nobody waits but for what is being kept; whoever keeps that goes on with them. */
  async function serve(schoolId: string, school: School): Promise<void> {
    school.running += 1
    for (let group = taken(school); group.length > 0; group = taken(school)) {
      await run(schoolId, group)
      for (const { by } of group) school.busy.delete(by)
    }
    school.running -= 1
    if (school.running === 0) schools.delete(schoolId)
  }

  return (schoolId, by, work) =>
    new Promise((resolve, reject) => {
      const school = schools.get(schoolId) ?? { running: 0, waiting: [], busy: new Set<string>() }
      schools.set(schoolId, school)
      school.waiting.push({ by, work, resolve, reject })
      if (school.running < atOnce) void serve(schoolId, school)
    })
}

/** Takes the first of each account that is not busy, in the order in which they came, and makes it so. */
function taken({ waiting, busy }: School): Waiting[] {
  const group: Waiting[] = []
  const left: Waiting[] = []
  for (const one of waiting) {
    if (group.length >= most || busy.has(one.by)) left.push(one)
    else {
      busy.add(one.by)
      group.push(one)
    }
  }
  waiting.splice(0, waiting.length, ...left)
  return group
}
