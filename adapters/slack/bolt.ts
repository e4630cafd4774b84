// Decides when Slack hears that a payload was taken: after the core has it, never before, over HTTP and in Socket Mode alike.
// Refuses to know what a payload says.
import { App, ExpressReceiver, type Receiver, type ReceiverEvent } from "@slack/bolt"
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from "express"
import { isBody, textIn } from "../../src/platform/body.ts"
import { clientOptions, type Report, silentLogger } from "./api.ts"
import { eventsPath } from "./paths.ts"
import { openSocket, type Socket } from "./socket.ts"

/** `body` rides in the acknowledgement; `after` runs once Slack has heard, whichever it heard. */
export type Taken = { kind: "taken" | "refused"; body?: object; after?: () => Promise<void> }

/** One payload of any kind. What it throws refuses the payload, as `refused` does. */
export type Take = (body: unknown) => Promise<Taken>

export type Connection = { kind: "http"; signingSecret: string } | { kind: "socket"; appToken: string }

export type ReceptionOptions = { connection: Connection; apiUrl: string | null; timeoutMs: number; report: Report; take: Take }

export type Reception = {
  readonly router: Router
  start(): void
  /** Resolves once nothing is left to do of what has come in. */
  settled(): Promise<void>
  /** Within a second. */
  stop(): Promise<void>
}

export type Process = (event: ReceiverEvent) => Promise<void>

const mostBytes = 1_048_576
const mostSkewSeconds = 5 * 60
const drainMs = 500

export function openReception({ connection, apiUrl, timeoutMs, report, take }: ReceptionOptions): Reception {
  const router = express.Router()
  const working = new Set<Promise<unknown>>()
  const work = (promise: Promise<unknown>): void => {
    working.add(promise)
    const over = () => working.delete(promise)
    promise.then(over, over)
  }
  const settled = async (): Promise<void> => {
    while (working.size > 0) await Promise.allSettled(working)
  }

  let app: App | null = null
  const process: Process = (event) => {
    const holding = hold(app, event, report)
    work(holding)
    return holding.then(({ after, refused }) => {
      if (after) work(after().catch(() => report("slack_answer_failed", { code: "unexpected" })))
      if (refused) throw new Refused()
    })
  }

  const socket: Socket | null =
    connection.kind === "socket"
      ? openSocket({ appToken: connection.appToken, api: clientOptions({ apiUrl, timeoutMs, report }), report, process })
      : null
  if (connection.kind === "http") {
    router.post(eventsPath, tellRefusals(report), express.raw({ type: () => true, limit: mostBytes, inflate: false }), guard)
    router.use(eventsPath, unreadable)
    const inner = new ExpressReceiver({
      signingSecret: connection.signingSecret,
      endpoints: eventsPath,
      router,
      bodyLimit: mostBytes,
      logger: silentLogger(report),
      // `process` above holds the acknowledgement; once it is given, it goes out at once.
      processBeforeResponse: false,
      unhandledRequestHandler: () => report("slack_answer_late"),
      processEventErrorHandler: async ({ response }) => {
        if (!response.headersSent) response.writeHead(500)
        response.end()
        return true
      },
    })
    // The receiver asks nothing of its app but this.
    inner.init({ processEvent: process } as unknown as App)
  }

  const outer: Receiver = { init: (next) => (app = next), start: async () => undefined, stop: async () => undefined }
  const bolt = new App({
    receiver: outer,
    authorize: async () => ({}),
    ignoreSelf: false,
    convoStore: false,
    tokenVerificationEnabled: false,
    attachFunctionToken: false,
    logger: silentLogger(report),
    clientOptions: clientOptions({ apiUrl, timeoutMs, report }),
  })
  bolt.error(async (error) => {
    throw error
  })
  bolt.use(async ({ body, context }) => {
    const { held } = context as unknown as { held: Held }
    held.reached = true
    held.taken = await take(body)
  })

  return {
    router,
    start: () => socket?.start(),
    settled,
    async stop() {
      await within(drainMs, settled())
      await socket?.stop()
    },
  }
}

/** What travels through Bolt with a payload: whether our middleware was reached, and what it made of it. */
type Held = { reached: boolean; taken: Taken | null }

class Refused extends Error {
  override readonly name = "Refused"
}

type Heard = { refused: boolean; after: (() => Promise<void>) | null }

/** Lets Bolt run with an acknowledgement that says nothing yet, and gives the real one once the core has the event. */
async function hold(app: App | null, event: ReceiverEvent, report: Report): Promise<Heard> {
  const held: Held = { reached: false, taken: null }
  let code = kindOf(event.body)
  try {
    await app?.processEvent({ ...event, ack: async () => undefined, customProperties: { held } })
  } catch {
    if (held.reached) return { refused: true, after: null }
    code = "unreadable"
  }
  // Bolt could make nothing of it, and never will: sent again it would only fail again.
  if (!held.reached) report("slack_ignored", { code })
  const { kind = "taken", body, after = null } = held.taken ?? {}
  if (kind === "refused") return { refused: true, after }
  try {
    await event.ack(body)
  } catch {
    // The connection went meanwhile: Slack sends the event again, and the core knows it by its id.
    report("slack_ack_failed")
  }
  return { refused: false, after }
}

/** Slack's own name for what has no event in it: `app_rate_limited` says that events were dropped. */
function kindOf(body: unknown): string {
  const type = isBody(body) ? textIn(body, "type") : null
  return type !== null && /^[a-z_]{1,40}$/.test(type) ? type : "unknown_shape"
}

/** One line a refused request: its status and nothing of what it said. */
const tellRefusals =
  (report: Report): RequestHandler =>
  (_request, response, next) => {
    response.once("finish", () => {
      if (response.statusCode >= 400) report("slack_request_refused", { status: response.statusCode })
    })
    next()
  }

/** What Bolt leaves open: a timestamp of the future, and a certificate check that carries a payload. */
const guard: RequestHandler = (request, response, next) => {
  const raw: Buffer = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const form = request.headers["content-type"] === "application/x-www-form-urlencoded"
  if (form && new URLSearchParams(raw.toString()).has("ssl_check")) {
    response.status(200).end()
    return
  }
  // By the machine's own clock, as Bolt judges the past: two clocks would refuse everything where one is moved.
  const skew = Math.abs(Date.now() / 1000 - Number(request.headers["x-slack-request-timestamp"] ?? Number.NaN))
  if (!(skew <= mostSkewSeconds)) {
    response.status(401).end()
    return
  }
  Object.assign(request, { rawBody: raw })
  next()
}

/** Too large, encoded, or cut off on the way: the parser's own status, and no words. */
const unreadable: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (response.headersSent) {
    next(error)
    return
  }
  const status = typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 500
  response.status(status >= 400 && status < 500 ? status : 500).end()
}

/** Resolves when the promise does, or after this long. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([promise.then(() => undefined), late])
  clearTimeout(timer)
}
