// Slack as the contract suite drives it: the real SDK against a Slack on loopback, over signed HTTP or in Socket Mode.
import { once } from "node:events"
import { createServer } from "node:http"
import express from "express"
import { createSlack, type Slack, type SlackOptions } from "../../adapters/slack/entry.ts"
import { actionIn, selectIdIn } from "../../adapters/slack/render.ts"
import type { Installs, Receive, Tokens } from "../../src/platform/platform.ts"
import type { Harness, Outcome, Seen } from "./contract.ts"
import { drawView, visibleText } from "./slack/vendor/draw.ts"
import { type Json, json, list, text } from "./slack/vendor/json.ts"
import type { Delivered } from "./slack/vendor/line.ts"
import { dmOf, type Message } from "./slack/vendor/state.ts"
import { general, openSlackVendor, type SlackVendor, type VendorOptions } from "./slack/vendor/vendor.ts"

export type Reported = { event: string; fields: Readonly<Record<string, string | number>> }

export type SlackStage = {
  slack: Slack
  vendor: SlackVendor
  /** Where the app listens. */
  origin: string
  reports: Reported[]
  /** What OAuth keeps, by tenant. */
  stored: Map<string, string>
  restart(): Promise<void>
  close(): Promise<void>
}

export type StageOptions = {
  transport?: "http" | "socket"
  vendor?: Partial<VendorOptions>
  slack?: (vendor: SlackVendor, origin: string) => Partial<SlackOptions>
}

const people: VendorOptions["people"] = [
  { id: "U0AVERY", name: "Avery Lindqvist" },
  { id: "U0JO", name: "Jo Okafor", locale: "es-ES", tz: "America/Denver" },
  { id: "U0GUEST", name: "A Guest", guest: "single_channel" },
  { id: "U0ROBOT", name: "Another App", bot: true },
  { id: "USLACKBOT", name: "Slackbot" },
  { id: "U0GONE", name: "Gone", deleted: true },
]

const nobodyInstalls: Installs = { invited: () => false, keep: async () => "not_invited" }

/** The app on a port of its own, beside a Slack that knows it. The vendor outlives `restart`. */
export async function openSlackStage(receive: Receive, options: StageOptions = {}): Promise<SlackStage> {
  const transport = options.transport ?? "http"
  const reports: Reported[] = []
  const stored = new Map<string, string>()
  const tokens: Tokens = {
    get: async (tenant) => stored.get(tenant) ?? null,
    put: async (tenant, token) => void stored.set(tenant, token),
    delete: async (tenant) => void stored.delete(tenant),
  }
  let slack: Slack | null = null
  const vendor = await openSlackVendor({ transport, people, settled: async () => slack?.settled(), ...options.vendor })

  async function serve() {
    const app = express()
    const server = createServer(app)
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("the test server has no port")
    const origin = `http://127.0.0.1:${address.port}`
    const made = createSlack({
      apiUrl: vendor.apiUrl,
      connection: transport === "http" ? { kind: "http", signingSecret: vendor.signingSecret } : { kind: "socket", appToken: vendor.appToken },
      access: { kind: "token", botToken: vendor.team.botToken },
      tokens,
      installs: nobodyInstalls,
      now: () => new Date(),
      report: (event, fields = {}) => reports.push({ event, fields }),
      ...options.slack?.(vendor, origin),
    })
    slack = made
    made.listen(receive)
    app.use(made.router)
    vendor.deliverTo(`${origin}/slack/events`)
    if (transport === "socket") await vendor.socket.opened()
    return { slack: made, server, origin }
  }

  async function shut({ slack: old, server }: Awaited<ReturnType<typeof serve>>) {
    await old.stop()
    server.close()
    server.closeAllConnections()
    await once(server, "close")
  }

  let running = await serve()
  const stage: SlackStage = {
    slack: running.slack,
    origin: running.origin,
    vendor,
    reports,
    stored,
    async restart() {
      await shut(running)
      running = await serve()
      Object.assign(stage, { slack: running.slack, origin: running.origin })
    },
    async close() {
      await shut(running)
      await vendor.close()
    },
  }
  return stage
}

export const seenAs = (message: Message): Seen => ({ messageId: `${message.channel}/${message.ts}`, text: visibleText(message) })

/** Each a name that the loopback Slack fails by, as platforms.md lists them. */
export const slackFailures: Harness["failures"] = [
  { name: "rate:30", failure: { reason: "busy", retryAfterMs: 30_000 } },
  { name: "rate:1", failure: { reason: "busy", retryAfterMs: 1_000 } },
  { name: "rate:0", failure: { reason: "busy", retryAfterMs: 30_000 } },
  { name: "rate:-1", failure: { reason: "busy", retryAfterMs: 30_000 } },
  { name: "rate:soon", failure: { reason: "busy", retryAfterMs: 30_000 } },
  { name: "rate", failure: { reason: "busy", retryAfterMs: 30_000 } },
  { name: "rate:99999999", failure: { reason: "busy", retryAfterMs: 3_600_000 } },
  { name: "ratelimited", failure: { reason: "busy", retryAfterMs: 30_000 } },
  ...["channel_not_found", "user_not_found", "user_disabled", "cannot_dm_bot"].map((name) => ({
    name,
    failure: { reason: "unreachable", detail: name } as const,
  })),
  ...["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "messages_tab_disabled"].map((name) => ({
    name,
    failure: { reason: "denied", detail: name } as const,
  })),
  ...["invalid_blocks", "msg_too_long", "msg_blocks_too_long"].map((name) => ({ name, failure: { reason: "invalid", detail: name } as const })),
  ...["fatal_error", "fatal_error:taken", "internal_error"].map((name) => ({
    name,
    failure: { reason: "uncertain", detail: name.replace(":taken", "") } as const,
  })),
  { name: "http:500", failure: { reason: "uncertain", detail: "http_500" } },
  { name: "http:503:taken", failure: { reason: "uncertain", detail: "http_503" } },
  { name: "http:403", failure: { reason: "invalid", detail: "http_403" } },
  { name: "cut_before", failure: { reason: "uncertain", detail: "request_failed" } },
  { name: "page", failure: { reason: "uncertain", detail: "unreadable_response" } },
]

export async function openSlackHarness(receive: Receive, transport: "http" | "socket"): Promise<Harness & { stage: SlackStage }> {
  const stage = await openSlackStage(receive, { transport })
  const { vendor } = stage
  const tenant = vendor.team.id
  let lastUser = ""

  const ofThe = (user: string): readonly Seen[] =>
    vendor
      .seenBy(user)
      .filter((message) => message.fromBot)
      .map(seenAs)

  function shownForm(user: string): Outcome["form"] {
    const modal = vendor.modal(user)
    if (modal === null) return null
    const inputs = list(modal.view.blocks)
      .map(json)
      .filter((block) => block.type === "input")
    return {
      title: text(json(modal.view.title).text) ?? "",
      labels: inputs.map((block) => text(json(block.label).text) ?? ""),
      errors: modal.errors,
    }
  }

  async function doing(user: string, deed: () => Promise<Delivered>): Promise<Outcome> {
    lastUser = user
    const before = new Map(ofThe(user).map((seen) => [seen.messageId, seen.text]))
    const homeBefore = vendor.home(user)
    const { accepted } = await deed()
    await stage.slack.settled()
    const after = ofThe(user)
    const home = vendor.home(user)
    return {
      accepted,
      said: after.filter(({ messageId }) => !before.has(messageId)),
      replaced: after.filter(({ messageId, text: words }) => before.has(messageId) && before.get(messageId) !== words),
      form: shownForm(user),
      home: home === null || home === homeBefore ? null : drawView(home.view),
    }
  }

  /** A window that an earlier test left open is closed by its person. */
  const afresh = (user: string, deed: () => Promise<Delivered>): Promise<Outcome> => {
    vendor.state.modals.delete(user)
    return doing(user, deed)
  }

  const shown = (messageId: string): Message => {
    const [channel = "", ts = ""] = messageId.split("/")
    const message = vendor.message(channel, ts)
    if (message === null) throw new Error(`Slack knows no message ${messageId}`)
    return message
  }
  const tsOf = (messageId: string): string => messageId.split("/")[1] ?? ""

  return {
    stage,
    get platform() {
      return stage.slack
    },
    tenant,
    users: { first: "U0AVERY", second: "U0JO", nobody: "U0NOBODY" },
    failures: slackFailures,
    cuts: { before: "cut_before", after: "cut_after" },
    remembers: true,
    tellsRemoval: true,
    listsPeople: true,
    vendor: {
      say: (user, words) => afresh(user, () => vendor.say(user, words)),
      edit: (user, messageId, words) => afresh(user, () => vendor.edit(user, tsOf(messageId), words)),
      remove: (user, messageId) => afresh(user, () => vendor.remove(user, tsOf(messageId))),
      press: (user, messageId, { action, target, value }) =>
        afresh(user, () => {
          const message = shown(messageId)
          const isIt = (element: Json, block: Json) =>
            actionIn(text(element.action_id) ?? "") === action &&
            (value === null ? element.value === target : selectIdIn(text(block.block_id) ?? "") === target)
          const shows = message.blocks.some((block) => list(json(block).elements).some((element) => isIt(json(element), json(block))))
          // An old message may have lost its buttons on the way to whoever presses them.
          if (!shows) return vendor.act(user, message, { type: "button", blockId: "gone", actionId: `${action}#0`, value: target })
          return vendor.press(user, message, isIt, value ?? undefined)
        }),
      submit: (user, _form, values) => doing(user, () => vendor.submit(user, values)),
      command: (user, command, words, where) => afresh(user, () => vendor.command(user, command, words, where === "shared" ? general : dmOf(user))),
      openHome: (user) => afresh(user, () => vendor.openHome(user)),
      arrive: (user) => afresh(user, () => vendor.join(user)),
      leave: (user) => afresh(user, () => vendor.deactivate(user)),
      disconnect: () => afresh("U0AVERY", () => vendor.uninstall()),
      reconnect() {
        vendor.team.installed = true
      },
      redeliver: () => doing(lastUser, () => vendor.redeliver()),
      forge: async () => {
        const response = await fetch(`${stage.origin}/slack/events`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ type: "event_callback", event: { type: "message", user: "U0AVERY", text: "let me in", channel_type: "im" } }),
        })
        // In Socket Mode nothing listens there: what is not signed has no way in at all.
        return transport === "socket" && response.status === 404 ? 401 : response.status
      },
      echo: () => afresh("U0AVERY", () => vendor.echo()),
      failNext: (name) => vendor.fail(name),
      inbox: async (user) => ofThe(user),
      requests: () => vendor.requests(),
    },
    restart: () => stage.restart(),
    close: () => stage.close(),
  }
}
