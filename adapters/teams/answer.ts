// Decides how an answer is given to what just happened: in the HTTP response itself where Teams waits for one, else by calls after it.
// Refuses to insist: an answer is a courtesy, and what must be said is a delivery. Nothing is ever said in a shared place.
import { type Answer, commandAction } from "../../src/platform/answer.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import { cut, limits } from "../../src/platform/limits.ts"
import { type Block, buttons, type Message, message, text } from "../../src/platform/message.ts"
import type { Connector } from "./connector.ts"
import { failureOf } from "./failures.ts"
import { dialogOf, formDialog } from "./form.ts"
import { preview } from "./preview.ts"
import { adaptive, cardOf, rendered } from "./render.ts"
import type { Origin, Reply } from "./reply.ts"
import { placeOf } from "./route.ts"
import type { Mail } from "./send.ts"
import type { ServiceUrls } from "./service-urls.ts"

/** One call to Teams; where the conversation is not known, one more that opens it. */
export type Post = { kind: "post"; message: Message }
export type Step = Post | { kind: "update"; origin: Origin; message: Message }

/** `body` rides in the response, which is empty without one; `steps` come after it. */
export type Given = { body: object | null; steps: readonly Step[] }

/** `canRide`: the event is going to be acknowledged, so that an answer may ride in that. `language` is the device's. */
export function given(answer: Answer, reply: Reply, language: string | null, canRide = true): Given {
  if (!canRide) return { body: null, steps: stepsOf(answer, reply) }
  switch (reply.as) {
    case "message":
    case "submit_action":
      return { body: null, steps: stepsOf(answer, reply) }
    case "execute":
      return executed(answer, reply)
    case "task_fetch":
      return opened(answer, reply)
    case "task_submit":
      return answer.kind === "ask"
        ? { body: formDialog(answer.form, answer.errors, reply), steps: [] }
        : { body: null, steps: stepsOf(answer, reply) }
    case "query":
      return { body: preview(seenOf(answer, reply), language), steps: [] }
    default:
      return reply.as satisfies never
  }
}

function stepsOf(answer: Answer, reply: Reply): readonly Step[] {
  const { origin, where } = reply
  const seen = seenOf(answer, reply)
  if (seen === null) return []
  return answer.kind === "replace" && origin !== null && where === "direct"
    ? [{ kind: "update", origin, message: seen }]
    : [{ kind: "post", message: seen }]
}

/** The answer as a message, where it is shown as one. */
function seenOf(answer: Answer, { typed }: Reply): Message | null {
  switch (answer.kind) {
    case "quiet":
      return null
    case "say":
    case "replace":
      return answer.message
    case "home":
      return answer.view
    case "ask":
      return invitation(answer, typed)
    default:
      return answer satisfies never
  }
}

/** Words cannot open a dialog: a button can, and its press is taken as the command that the words were. */
const invitation = ({ form }: Extract<Answer, { kind: "ask" }>, typed: string | null): Message =>
  message(cut(form.title, limits.summary), [
    ...form.intro.map(text),
    buttons(
      typed === null
        ? { action: form.action, id: form.id, label: form.title, style: "primary", form: true }
        : { action: commandAction, id: cut(typed.trim(), limits.id), label: form.title, style: "primary", form: true },
    ),
  ])

/** Says the same in both languages, where Teams calls an empty answer a failure. */
const done = "✓"

/** The response that says only that the event was taken. */
export function takenOnly({ as }: Reply, language: string | null): object | null {
  switch (as) {
    case "message":
    case "submit_action":
    case "task_submit":
      return null
    case "execute":
      return { statusCode: 200, type: "application/vnd.microsoft.activity.message", value: done }
    case "task_fetch":
      return { task: { type: "message", value: done } }
    case "query":
      return preview(null, language)
    default:
      return as satisfies never
  }
}

/** The card that was pressed changes at once for whoever pressed it, and by the step for good. */
function executed(answer: Answer, reply: Reply): Given {
  const steps = stepsOf(answer, reply)
  const [step] = steps
  return { body: step?.kind === "update" ? { statusCode: 200, type: adaptive, value: cardOf(step.message) } : takenOnly(reply, null), steps }
}

/** A dialog that was to open shows the answer, if it is no form; what can be pressed in it is sent besides, for a dialog has no such buttons. */
function opened(answer: Answer, reply: Reply): Given {
  if (answer.kind === "ask") return { body: formDialog(answer.form, answer.errors, reply), steps: [] }
  const seen = seenOf(answer, reply)
  if (seen === null) return { body: takenOnly(reply, null), steps: [] }
  const words = seen.blocks.filter((block) => !canPress(block))
  const isPressable = words.length < seen.blocks.length
  const steps = stepsOf(answer, reply)
  return {
    body: dialogOf(seen.summary, cardOf({ ...seen, blocks: words.length > 0 ? words : [text([{ kind: "theirs", text: seen.summary }])] }), 320),
    steps: answer.kind === "replace" || isPressable ? steps : [],
  }
}

const canPress = ({ kind }: Block): boolean => kind === "buttons" || kind === "select"

export type Sending = { connector: Connector; mail: Mail; urls: ServiceUrls }

/** Takes the step; throws `DeliveryFailure`. */
export async function take(step: Step, reply: Reply, sending: Sending): Promise<void> {
  switch (step.kind) {
    case "post":
      return post(step, reply, sending)
    case "update":
      try {
        await sending.connector.update(reply, reply, step.origin, rendered(step.message))
        return
      } catch (error) {
        const failure = failureOf(error)
        // The message is gone: said anew, it is not lost.
        if (failure.reason === "unreachable") return post({ kind: "post", message: step.message }, reply, sending)
        throw new DeliveryFailure(failure)
      }
    default:
      return step satisfies never
  }
}

async function post({ message: said }: Post, { route, tenant, user }: Reply, { connector, mail, urls }: Sending): Promise<void> {
  const to = route ?? (await mail.reach({ platform: "teams", tenant, user })).route
  await connector.post(placeOf(to, urls), { tenant, user }, rendered(said))
}
