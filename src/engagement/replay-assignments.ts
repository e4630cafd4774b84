// Decides from recorded hand-ins alone which weeks had an assignment due, and whose did not come: the second source, in replay.
// Refuses to know any list of due dates: due is what more than half of those there have handed in.
import type { Signals } from "./detect.ts"
import { firstWeek, type StudentCourse } from "./weekly-file.ts"

export type Assignments = {
  /** Takes in one week, oldest first. `there`: those still registered who were ever active. */
  closeWeek(week: number, there: readonly StudentCourse[]): void
  /** As known by the week that was closed last: what came in late is no longer missing. */
  signalsOf(course: StudentCourse, start: string): Signals
}

export function assignments(run: readonly StudentCourse[]): Assignments {
  const handedIn = new Map(run.map((course) => [course, 0]))
  const due: { week: number; inAll: number }[] = []
  return {
    closeWeek(week, there) {
      for (const course of run) handedIn.set(course, (handedIn.get(course) ?? 0) + (course.handedIn[week - firstWeek] ?? 0))
      const most = there.map((course) => handedIn.get(course) ?? 0).sort((a, b) => b - a)
      const inAll = most[Math.floor(most.length / 2)] ?? 0
      if (inAll > (due.at(-1)?.inAll ?? 0)) due.push({ week, inAll })
    },
    signalsOf(course, start) {
      const own = handedIn.get(course) ?? 0
      const letters = Array.from({ length: (due.at(-1)?.week ?? firstWeek - 1) - firstWeek + 1 }, () => ".")
      for (const { week, inAll } of due) letters[week - firstWeek] = own >= inAll ? "p" : "x"
      return { start, weeks: letters.join("") }
    },
  }
}
