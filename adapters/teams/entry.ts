// Teams: a platform that is a vendor's, put together from its parts. Decides nothing itself.
import { AuthenticationConstants } from "botframework-connector"
import express, { type Response } from "express"
import { type Answer, quiet } from "../../src/platform/answer.ts"
import type { InboundEvent } from "../../src/platform/event.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Platform, Receive } from "../../src/platform/platform.ts"
import { type Given, given, type Step, takenOnly, take as takeStep } from "./answer.ts"
import { type App, createAppToken } from "./app-token.ts"
import { createProve, type Prove } from "./auth.ts"
import { createConnector } from "./connector.ts"
import { createDirects } from "./directs.ts"
import { type Endpoints, openFramework } from "./framework.ts"
import { guard, type Passed, type Take } from "./guard.ts"
import { messagesPath } from "./paths.ts"
import { createPeople } from "./people.ts"
import { receivedFrom } from "./receive.ts"
import { deviceIn } from "./receive-device.ts"
import type { Received, Reply } from "./reply.ts"
import { createMail } from "./send.ts"
import { publicServiceUrl, type ServiceUrls } from "./service-urls.ts"

export type TeamsOptions = {
  app: App
  /** Null: Microsoft's own. */
  endpoints: Endpoints | null
  /** Whether a tenant belongs to a school. */
  knows: (tenant: string) => Promise<boolean>
  now: () => Date
  /** Codes only; event names in snake_case. */
  report: (event: string, fields?: Readonly<Record<string, string | number>>) => void
  /** How long one call may take; 10 s unless told. */
  timeoutMs?: number
}

export type Teams = Platform & {
  /** Resolves once nothing is left to do of what has come in, answers included. */
  settled(): Promise<void>
  /** Asks for the app's own token. Throws `DeliveryFailure`: what doctor and the start try. */
  tryToken(): Promise<void>
}

/** What is not worth a line: the bot hears itself, and every installation is told twice. */
const unremarkable: readonly string[] = [
  ...["own_message", "told_before", "told_by_installation", "members", "members_of_team", "installed_in_team"],
  ...["upgraded", "reaction", "typing", "not_addressed", "other_update"],
]

const mostShown = 5_000
const drainMs = 500

export function createTeams(options: TeamsOptions): Teams {
  const { app, endpoints, knows, now, report, timeoutMs = 10_000 } = options
  const urls: ServiceUrls = app.kind === "anonymous" ? { kind: "anonymous" } : { kind: "teams", prefixes: endpoints?.serviceUrls ?? [] }
  const directs = createDirects()
  const appToken = createAppToken({ app, loginUrl: endpoints?.loginUrl ?? null, now, timeoutMs })
  const framework = openFramework({ app, endpoints, appToken, now, timeoutMs })
  const connector = createConnector(framework, urls)
  const usual = app.kind === "anonymous" ? null : { serviceUrl: endpoints?.serviceUrls[0] ?? publicServiceUrl, botId: `28:${app.appId}` }
  const mail = createMail({ connector, directs, urls, usual })
  const people = createPeople({ connector, directs, urls })
  const prove: Prove =
    app.kind === "anonymous"
      ? async () => ({ kind: "proven" })
      : createProve({
          appId: app.appId,
          issuer: endpoints?.tokenIssuer ?? AuthenticationConstants.ToBotFromChannelTokenIssuer,
          metadataUrl: endpoints?.openIdMetadataUrl ?? AuthenticationConstants.ToBotFromChannelOpenIdMetadataUrl,
          authentication: framework.authentication,
          timeoutMs,
        })
  const shown = new Set<string>()
  const working = new Set<Promise<unknown>>()
  let receive: Receive = () => Promise.reject(new Error("Teams was served before anyone listened"))

  const work = <Result>(promise: Promise<Result>): Promise<Result> => {
    working.add(promise)
    const over = () => working.delete(promise)
    promise.then(over, over)
    return promise
  }
  const settled = async (): Promise<void> => {
    while (working.size > 0) await Promise.allSettled(working)
  }
  const refusedWith = (status: number, code: string): void => report("teams_request_refused", { status, code })

  /** A courtesy: one try, and a code where it failed. */
  async function answerBy(steps: readonly Step[], reply: Reply): Promise<boolean> {
    let isGiven = true
    for (const step of steps)
      try {
        await takeStep(step, reply, { connector, mail, urls })
      } catch (error) {
        isGiven = false
        const failure = error instanceof DeliveryFailure ? error.failure : null
        const code = failure === null || failure.reason === "busy" ? "busy" : failure.detail
        report("teams_answer_failed", { kind: step.kind, reason: failure?.reason ?? "uncertain", code })
      }
    return isGiven
  }

  /** The core has the event by now: an answer that cannot be built is a fault of ours, and no reason to hear the event again. */
  function built(answer: Answer, reply: Reply, language: string | null, canRide: boolean): Given {
    try {
      return given(answer, reply, language, canRide)
    } catch {
      report("teams_answer_failed", { kind: answer.kind, reason: "invalid", code: "not_built" })
      return { body: canRide ? takenOnly(reply, language) : null, steps: [] }
    }
  }

  /** Shows an answer whose event must come again: once for all its deliveries. */
  async function showOnce(answer: Answer, id: string, reply: Reply): Promise<void> {
    if (shown.has(id)) return
    const { steps } = built(answer, reply, null, false)
    const [oldest] = shown
    if (shown.size >= mostShown && oldest !== undefined) shown.delete(oldest)
    shown.add(id)
    if (!(await answerBy(steps, reply))) shown.delete(id)
  }

  async function happened(event: InboundEvent, reply: Reply, language: string | null, response: Response): Promise<void> {
    const direct = event.where === "direct" && reply.route !== null ? { tenant: reply.tenant, user: reply.user, route: reply.route } : null
    if (direct !== null && event.kind !== "left") directs.keep(direct)
    // Told again after it was not kept, an arrival must not be taken for one that is known.
    const refuse = (): void => {
      if (direct !== null && event.kind === "arrived") directs.forget(direct)
      response.status(500).end()
    }
    let answer = quiet
    try {
      answer = await receive(event)
    } catch {
      report("teams_event_refused", { kind: event.kind })
      refuse()
      return
    }
    if (direct !== null && event.kind === "left") directs.forget(direct)
    if (answer.again === true) {
      refuse()
      void work(showOnce(answer, event.id, reply))
      return
    }
    const { body, steps } = built(answer, reply, language, true)
    response.status(200)
    if (body === null) response.end()
    else response.setHeader("content-type", "application/json; charset=utf-8").end(JSON.stringify(body))
    if (steps.length > 0) void work(answerBy(steps, reply))
  }

  function ignored({ why, direct }: Extract<Received, { kind: "ignored" }>, response: Response): void {
    if (direct) directs.keep(direct)
    if (!unremarkable.includes(why)) report("teams_ignored", { code: why })
    response.status(200).end()
  }

  async function taken(passed: Passed, response: Response): Promise<void> {
    const proven = await prove(passed)
    if (proven.kind === "refused") {
      refusedWith(proven.status, proven.why)
      response.status(proven.status).end()
      return
    }
    const { activity } = passed
    const device = deviceIn(activity)
    const received = receivedFrom(activity, { direct: (...who) => directs.of(...who), now: now() })
    switch (received.kind) {
      case "event":
        directs.heard({ ...received.reply, device })
        return happened(received.event, received.reply, device.language, response)
      case "ignored":
        return ignored(received, response)
      case "unknown_invoke":
        report("teams_ignored", { code: "unknown_invoke" })
        response.status(501).end()
        return
      default:
        received satisfies never
    }
  }

  const take: Take = (passed, response) => work(taken(passed, response))
  const router = express.Router()
  router.all(
    messagesPath,
    guard({ anonymous: app.kind === "anonymous" ? { tenant: app.tenant } : null, serviceUrls: urls, knows, refusedWith }, take),
  )

  return {
    name: "teams",
    router,
    listen(next) {
      receive = next
    },
    ...mail,
    ...people,
    settled,
    async tryToken() {
      await appToken.get()
    },
    stop: () => within(drainMs, settled()),
  }
}

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([promise, late])
  clearTimeout(timer)
}
