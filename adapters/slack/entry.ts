// Slack: a platform that is a vendor's, put together from its parts. Decides nothing itself.
import { setTimeout as rest } from "node:timers/promises"
import { type Answer, quiet } from "../../src/platform/answer.ts"
import { clocksDifferMs } from "../../src/platform/clock.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Installs, Platform, Receive, Tokens } from "../../src/platform/platform.ts"
import { type Given, given, type Step, take as takeStep } from "./answer.ts"
import { type Access, createApi, type Report } from "./api.ts"
import { type Connection, openReception, type Take, type Taken } from "./bolt.ts"
import { createDirects } from "./directs.ts"
import { installRouter } from "./install.ts"
import { createPeople } from "./people.ts"
import { createPictures } from "./picture-send.ts"
import { receivedFrom } from "./receive.ts"
import type { Reply } from "./reply.ts"
import { createMail } from "./send.ts"

export type SlackOptions = {
  /** SLACK_API_URL; null: Slack's own. */
  apiUrl: string | null
  connection: Connection
  access: Access
  /** By tenant, an installation as JSON; unused with one bot token. */
  tokens: Tokens
  installs: Installs
  now: () => Date
  /** Codes only; event names in snake_case. */
  report: Report
  /** How long one call may take; 10 s unless told. */
  timeoutMs?: number
  /** How the reading of people waits when Slack asks it to, and how a picture waits until Slack has it ready. */
  sleep?: (ms: number) => Promise<void>
}

export type Slack = Platform & {
  /** The workspace of the one bot token, from auth.test; null with OAuth. Throws `DeliveryFailure`. */
  team(): Promise<string | null>
  /** Resolves once nothing is left to do of what has come in, answers included. */
  settled(): Promise<void>
}

/** What is not worth a line: the bot hears itself, and every change of anybody's profile. */
const unremarkable: readonly string[] = ["own_message", "other_bot", "same_words", "profile_changed", "messages_tab", "not_direct", "other_subtype"]

const mostShown = 5_000

export function createSlack(options: SlackOptions): Slack {
  const { apiUrl, connection, access, tokens, now, report, timeoutMs = 10_000 } = options
  const directs = createDirects()
  const api = createApi({ apiUrl, access, tokens, now, report, timeoutMs })
  const mail = createMail(api, directs)
  const sleep = options.sleep ?? ((ms: number) => rest(ms, undefined, { ref: false }))
  const people = createPeople(api, sleep)
  const takePicture = createPictures({ api, report, sleep, otherwise: answerBy })
  const shown = new Set<string>()
  let receive: Receive = () => Promise.reject(new Error("Slack was served before anyone listened"))

  /** A courtesy: one try, and a code where it failed. */
  async function answerBy(step: Step, { tenant }: Reply): Promise<boolean> {
    try {
      await takeStep(step, api, tenant)
      return true
    } catch (error) {
      const failure = error instanceof DeliveryFailure ? error.failure : null
      const code = failure === null || failure.reason === "busy" ? "busy" : failure.detail
      report("slack_answer_failed", { kind: step.kind, reason: failure?.reason ?? "uncertain", code })
      return false
    }
  }

  /** Shows an answer whose event must come again: once for all its deliveries. */
  function refusedWith(answer: Answer, id: string, kind: InboundEvent["kind"], reply: Reply): Taken {
    const { step } = built(answer, kind, reply, false)
    if (step === null || shown.has(id)) return { kind: "refused" }
    const [oldest] = shown
    if (shown.size >= mostShown && oldest !== undefined) shown.delete(oldest)
    shown.add(id)
    return {
      kind: "refused",
      after: async () => {
        if (!(await answerBy(step, reply))) shown.delete(id)
      },
    }
  }

  const take: Take = async (body) => {
    const received = receivedFrom(body, { dmOf: (tenant, user) => directs.of(tenant, user), now: now() })
    if (received.kind === "ignored") {
      if (received.direct) directs.keep(received.direct)
      if (!unremarkable.includes(received.why)) report("slack_ignored", { code: received.why })
      return { kind: "taken" }
    }
    if (received.kind === "picture") return takePicture(received)
    const { event, reply } = received
    if (event.where === "direct" && reply.channel !== null) directs.keep({ tenant: reply.tenant, user: reply.user, channel: reply.channel })
    let answer = quiet
    try {
      answer = await receive(event)
      if (event.kind === "disconnected") await forget(event.workspace.tenant, event.at)
    } catch {
      report("slack_event_refused", { kind: event.kind })
      return { kind: "refused" }
    }
    if (answer.again === true) return refusedWith(answer, event.id, event.kind, reply)
    return takenWith(answer, event.kind, reply)
  }

  function takenWith(answer: Answer, kind: InboundEvent["kind"], reply: Reply): Taken {
    const { body, step } = built(answer, kind, reply, true)
    const after = async (): Promise<void> => {
      if (step !== null) await answerBy(step, reply)
    }
    return { kind: "taken", ...(body === null ? {} : { body }), ...(step === null ? {} : { after }) }
  }

  /** The core has the event by now: an answer that cannot be built is a fault of ours, and no reason to hear the event again. */
  function built(answer: Answer, kind: InboundEvent["kind"], reply: Reply, canRide: boolean): Given {
    try {
      return given(answer, kind, reply, canRide)
    } catch {
      report("slack_answer_failed", { kind: answer.kind, reason: "invalid", code: "not_built" })
      return { body: null, step: null }
    }
  }

  /** The workspace removed the app, and the core knows: its token is worth nothing, and is not kept. One of a newer installation is. */
  async function forget(tenant: string, at: Date): Promise<void> {
    api.forget(tenant)
    if (access.kind === "oauth") await tokens.delete(tenant, new Date(at.getTime() - clocksDifferMs))
  }

  const reception = openReception({ connection, apiUrl, timeoutMs, report, take })
  if (access.kind === "oauth")
    reception.router.use(installRouter({ access, apiUrl, timeoutMs, installs: options.installs, report, kept: (tenant) => api.forget(tenant) }))

  return {
    name: "slack",
    router: reception.router,
    listen(next) {
      receive = next
      reception.start()
    },
    ...mail,
    ...people,
    team: () => api.team(),
    settled: () => reception.settled(),
    stop: () => reception.stop(),
  }
}
