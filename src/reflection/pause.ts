// Decides how a student ends the questions for a while or for good, and how they come back. Neither is silence.
// Refuses to ask why.
import { occurrenceNow } from "../../db/queries/reflection-occurrence.ts"
import { askAgain, pauseUntil, stopAsking } from "../../db/queries/reflection-student.ts"
import { record } from "../access/record.ts"
import type { Submission, Turn } from "../deps.ts"
import { keepStop } from "../engagement/keep.ts"
import { type Answer, ask } from "../platform/answer.ts"
import { type FieldErrors, type Form, form } from "../platform/form.ts"
import { type Block, buttons } from "../platform/message.ts"
import { plain } from "../platform/prose.ts"
import { parseUntil, type Until } from "../scheduling/until.ts"
import { localDate } from "../scheduling/zone.ts"
import { dayName } from "./days.ts"
import { nextSentence } from "./next-prompt.ts"
import { say } from "./phrases.ts"
import { type Here, studentHere, studentsOnly, told } from "./student-here.ts"

export const startButton = (here: Here, key: "undo" | "startAgain"): Block =>
  buttons({ action: "start", id: "", label: say(here.place.language, key) })

export async function stop(turn: Turn): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const { language } = here.place
  const changed = await stopAsking(turn.tx, here.student.id, turn.now)
  if (changed) {
    await keepStop(turn, here.student.id, turn.now)
    await record(turn, "stop", here.student.id)
  }
  return changed
    ? told([say(language, "stopped", { adult: here.adult })], startButton(here, "undo"))
    : told([say(language, "stoppedAlready")], startButton(here, "startAgain"))
}

/** Ends a stop and a pause alike. */
export async function start(turn: Turn): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const changed = await askAgain(turn.tx, here.student.id)
  if (changed) await record(turn, "start", here.student.id)
  const open = await occurrenceNow(turn.tx, here.student.id, turn.now)
  const hello = say(here.place.language, changed ? "started" : "startedAlready", { name: here.student.shortName })
  return told([hello, await nextSentence(turn, here, open)])
}

/** Without a day it asks for one. */
export async function pause(turn: Turn, text: string): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const until = parseUntil(text, localDate(turn.now, here.student.zone))
  if (until.kind === "empty") return ask(pauseForm(here))
  return until.kind === "date" ? pauseTo(turn, here, until.date) : told([problem(here, until)])
}

export const openPause = async (turn: Turn): Promise<Answer> => pause(turn, "")

export async function submitPause(turn: Turn, submission: Submission): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const typed = submission.values.until ?? ""
  const until = parseUntil(typed, localDate(turn.now, here.student.zone))
  if (until.kind === "date") return pauseTo(turn, here, until.date)
  const errors: FieldErrors = { until: problem(here, until) }
  return ask(pauseForm(here, typed), errors)
}

function pauseForm(here: Here, initial?: string): Form {
  const { language } = here.place
  return form({
    action: "pause",
    id: "",
    title: say(language, "pauseTitle"),
    submit: say(language, "pauseTitle"),
    intro: [plain(say(language, "pauseIntro"))],
    fields: [{ kind: "day", name: "until", label: say(language, "pauseField"), ...(initial ? { initial } : {}) }],
  })
}

function problem(here: Here, until: Exclude<Until, { kind: "date" }>): string {
  const { language } = here.place
  switch (until.kind) {
    case "empty":
    case "unclear":
      return say(language, "pauseUnclear")
    case "past":
      return say(language, "pausePast")
    case "far":
      return say(language, "pauseFar", { day: dayName(until.last, here.place) })
    default:
      return until satisfies never
  }
}

async function pauseTo(turn: Turn, here: Here, until: string): Promise<Answer> {
  await pauseUntil(turn.tx, here.student.id, until)
  await record(turn, "pause", here.student.id, { until })
  return told([say(here.place.language, "paused", { day: dayName(until, here.place) })], startButton(here, "undo"))
}
