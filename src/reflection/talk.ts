// Decides what happens when a student would like to talk to someone: whom they may pick, and what they are honestly told.
// Refuses to ask why.

import { openReachOutsOf } from "../../db/queries/outreach-reach-out.ts"
import { lockPerson } from "../../db/queries/people.ts"
import { changeReply, repliedById } from "../../db/queries/reflection.ts"
import { adultsAround, type TiedAdult } from "../../db/queries/reflection-student.ts"
import { record } from "../access/record.ts"
import type { Press, Submission, Turn } from "../deps.ts"
import { type Asked, askForPerson, withdrawWish } from "../outreach/reach-out.ts"
import { type Answer, ask } from "../platform/answer.ts"
import type { FieldErrors, Values } from "../platform/form.ts"
import { refill } from "../platform/form.ts"
import { never } from "../scheduling/hours.ts"
import { localDate } from "../scheduling/zone.ts"
import { dayAt, moment } from "./days.ts"
import { say } from "./phrases.ts"
import type { Wish } from "./saved.ts"
import { type Here, studentHere, studentsOnly, told } from "./student-here.ts"
import { pickable, talkForm, wishes } from "./talk-form.ts"

export const adultsOf = (turn: Turn, here: Here): Promise<TiedAdult[]> =>
  adultsAround(turn.tx, here.student.id, localDate(turn.now, here.student.zone))

export type Chosen = { wants: "mentor" | "someone"; who: string | null }

/** Checked against what the form could have offered, never taken on trust. */
export function checkWish(here: Here, values: Values, adults: readonly TiedAdult[]): { chosen: Chosen; errors: FieldErrors } {
  const { language } = here.place
  const wants = (["mentor", "someone"] as const).find((value) => value === values.wants && wishes(here).some((one) => one.value === value))
  const who = pickable(here, adults).find(({ id }) => id === values.who)?.id ?? null
  const errors = {
    ...(wants ? {} : { wants: say(language, "pickOne") }),
    ...(wants === "someone" && values.who && who === null ? { who: say(language, "pickOne") } : {}),
  }
  return { chosen: { wants: wants ?? "someone", who: wants === "someone" ? who : null }, errors }
}

const open = async (turn: Turn, replyId: string): Promise<Answer> => {
  const here = await studentHere(turn)
  return here ? ask(talkForm(here, replyId, await adultsOf(turn, here))) : studentsOnly(turn)
}

/** A reply that is not the student's, or is gone, is no reason to refuse them a person. */
const ownReply = async (turn: Turn, id: string): Promise<string | null> =>
  id === "" ? null : ((await repliedById(turn.tx, turn.actor.personId, id))?.id ?? null)

export const openTalk = async (turn: Turn, press: Press): Promise<Answer> => open(turn, (await ownReply(turn, press.target)) ?? "")
export const talk = (turn: Turn): Promise<Answer> => open(turn, "")

export async function submitTalk(turn: Turn, submission: Submission): Promise<Answer> {
  const here = await studentHere(turn)
  if (!here) return studentsOnly(turn)
  const replyId = await ownReply(turn, submission.target)
  const adults = await adultsOf(turn, here)
  const { chosen, errors } = checkWish(here, submission.values, adults)
  if (Object.keys(errors).length > 0) return ask(refill(talkForm(here, replyId ?? "", adults), submission.values), errors)
  await lockPerson(turn.tx, here.student.id)
  const before = replyId === null ? await sameWish(turn, here, chosen) : null
  if (before) return told([say(here.place.language, "askedAlready", { adult: nameOf(here, before) }), byWhen(here, before)])
  if (replyId !== null) await changeReply(turn.tx, replyId, { promptId: null, lens: null, mood: null, wants: chosen.wants, now: turn.now })
  await record(turn, "wish", here.student.id, { reply: replyId })
  return told((await askFor(turn, here, replyId, chosen)).sentences)
}

/** Without words of theirs to tell two wishes apart, the same person asked for again is the same wish. */
async function sameWish(turn: Turn, here: Here, chosen: Chosen): Promise<Pick<Asked, "ownerName" | "byWhen"> | null> {
  const asked = toldTo(here, chosen)
  const found = (await openReachOutsOf(turn.tx, here.student.id)).find((one) => one.asked === asked.asked && one.toId === asked.toId)
  return found ? { ownerName: found.ownerName, byWhen: found.dueAt } : null
}

// Where words about danger name the first advisor, "my mentor" is the one whom the form names instead.
const toldTo = ({ readers }: Here, { wants, who }: Chosen) => ({
  asked: wants,
  toId: wants === "mentor" && readers.leftOut.length > 0 ? (readers.first?.id ?? null) : who,
})

const nameOf = (here: Here, { ownerName }: Pick<Asked, "ownerName">): string => ownerName ?? say(here.place.language, "theCounsellors")

function byWhen(here: Here, result: Pick<Asked, "ownerName" | "byWhen">): string {
  const { language } = here.place
  if (result.byWhen >= never) return say(language, "askedOpen")
  return say(language, result.ownerName === null ? "askedByCounsellors" : "askedBy", { day: dayAt(result.byWhen, here.place) })
}

/** Owes the adult a message, and tells the student honestly who hears it, when, and what happens if nothing comes of it. */
export async function askFor(turn: Turn, here: Here, replyId: string | null, chosen: Chosen): Promise<Wish> {
  const { place } = here
  const { language } = place
  const result = await askForPerson(turn, { student: here.student.id, replyId, ...toldTo(here, chosen) })
  const adult = nameOf(here, result)
  const hears =
    result.hearsAt <= turn.now ? say(language, "askedNow", { adult }) : say(language, "askedLater", { adult, ...moment(result.hearsAt, place) })
  return { kind: "asked", sentences: [hears, byWhen(here, result)] }
}

/** The student thought again; where nobody had been asked, there is nothing to say. */
export async function takeBackWish(turn: Turn, here: Here, replyId: string): Promise<Wish> {
  const withdrawn = await withdrawWish(turn, replyId)
  return { kind: "withdrawn", sentences: withdrawn ? [say(here.place.language, "askedNoMore", { adult: nameOf(here, withdrawn) })] : [] }
}
