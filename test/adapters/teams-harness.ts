// Teams as the contract suite drives it: the real SDK against a Teams on loopback that signs real tokens.
import { once } from "node:events"
import { createServer } from "node:http"
import express from "express"
import { fieldInput } from "../../adapters/teams/carried.ts"
import { createTeams, type Teams, type TeamsOptions } from "../../adapters/teams/entry.ts"
import { messagesPath } from "../../adapters/teams/paths.ts"
import type { Receive } from "../../src/platform/platform.ts"
import type { Harness, Outcome, Seen } from "./contract.ts"
import { inputsIn, type Placed } from "./teams/vendor/cards.ts"
import { errorsIn, hasSubmit } from "./teams/vendor/dialogs.ts"
import { drawCard, visibleText } from "./teams/vendor/draw.ts"
import { json, list, text } from "./teams/vendor/json.ts"
import type { Message } from "./teams/vendor/state.ts"
import { type Delivered, openTeamsVendor, type TeamsVendor, type VendorOptions } from "./teams/vendor/vendor.ts"

export type Reported = { event: string; fields: Readonly<Record<string, string | number>> }

export type TeamsStage = {
  teams: Teams
  vendor: TeamsVendor
  /** Where the app listens. */
  origin: string
  reports: Reported[]
  restart(): Promise<void>
  close(): Promise<void>
}

export type StageOptions = {
  vendor?: Partial<VendorOptions>
  teams?: (vendor: TeamsVendor) => Partial<TeamsOptions>
}

/** Who is in the tenant; `nobody` is in none. */
export const teamsPeople: Readonly<Record<"avery" | "jo" | "guest" | "without" | "nobody", string>> = {
  avery: "0a0e5c1e-7b11-4c52-9f00-00000000a001",
  jo: "0a0e5c1e-7b11-4c52-9f00-00000000b002",
  guest: "0a0e5c1e-7b11-4c52-9f00-00000000c003",
  without: "0a0e5c1e-7b11-4c52-9f00-00000000d004",
  nobody: "0a0e5c1e-7b11-4c52-9f00-00000000ffff",
}

const people: VendorOptions["people"] = [
  { id: teamsPeople.avery, name: "Avery Lindqvist", email: "avery@larkspur.example", upn: "avery@larkspur.example" },
  {
    id: teamsPeople.jo,
    name: "Jo Okafor",
    email: "jo@larkspur.example",
    locale: "es-ES",
    country: "ES",
    zone: "America/Denver",
    device: "iOS",
    encodes: true,
  },
  { id: teamsPeople.guest, name: "A Guest", role: "guest", upn: "guest_elsewhere.example#EXT#@larkspur.example", email: "guest@elsewhere.example" },
  { id: teamsPeople.without, name: "Has Not", installed: false },
]

/** The app on a port of its own, beside a Teams that knows it. The vendor outlives `restart`. */
export async function openTeamsStage(receive: Receive, options: StageOptions = {}): Promise<TeamsStage> {
  const reports: Reported[] = []
  const vendor = await openTeamsVendor({ people, ...options.vendor })

  async function serve() {
    const app = express()
    const server = createServer(app)
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("the test server has no port")
    const teams = createTeams({
      app: { kind: "registered", appId: vendor.appId, type: "SingleTenant", password: vendor.appPassword, tenantId: vendor.tenant },
      endpoints: vendor.endpoints,
      knows: async (tenant) => tenant === vendor.tenant,
      now: () => new Date(),
      report: (event, fields = {}) => reports.push({ event, fields }),
      ...options.teams?.(vendor),
    })
    teams.listen(receive)
    app.use(teams.router)
    const origin = `http://127.0.0.1:${address.port}`
    vendor.deliverTo(`${origin}${messagesPath}`)
    return { teams, server, origin }
  }

  async function shut({ teams: old, server }: Awaited<ReturnType<typeof serve>>) {
    await old.stop()
    server.close()
    server.closeAllConnections()
    await once(server, "close")
  }

  let running = await serve()
  const stage: TeamsStage = {
    teams: running.teams,
    origin: running.origin,
    vendor,
    reports,
    async restart() {
      await shut(running)
      running = await serve()
      Object.assign(stage, { teams: running.teams, origin: running.origin })
    },
    async close() {
      await shut(running)
      await vendor.close()
    },
  }
  return stage
}

export const seenAs = (message: Message): Seen => ({ messageId: `${message.conversation}/${message.id}`, text: visibleText(message) })

/** The button of ours that does this, and shows `value` in the list that it sends. */
export const isButton =
  (action: string, target: string, value: string | null = null) =>
  ({ action: { verb, data }, inputs }: Placed): boolean => {
    const { a, t, i } = json(data)
    const offers = inputs.some(({ id, choices }) => id === i && list(choices).some((choice) => json(choice).value === value))
    return (verb ?? a) === action && t === target && (value === null || offers)
  }

/** Each a name that the loopback Teams fails by, as platforms.md lists them. */
export const teamsFailures: Harness["failures"] = [
  { name: "429", failure: { reason: "busy", retryAfterMs: 1_000 } },
  { name: "429:30", failure: { reason: "busy", retryAfterMs: 30_000 } },
  { name: "429:0", failure: { reason: "busy", retryAfterMs: 1_000 } },
  { name: "429:-1", failure: { reason: "busy", retryAfterMs: 1_000 } },
  { name: "429:soon", failure: { reason: "busy", retryAfterMs: 1_000 } },
  { name: "429:99999999", failure: { reason: "busy", retryAfterMs: 3_600_000 } },
  { name: "412", failure: { reason: "busy", retryAfterMs: 1_000 } },
  ...["BotDisabledByUser", "MessageWritesBlocked", "BotNotInConversationRoster", "ConversationBlockedByUser", "ForbiddenOperationException"].map(
    (code) => ({ name: `403:${code}`, failure: { reason: "unreachable", detail: code } as const }),
  ),
  { name: "403:sub:MessageWritesBlocked", failure: { reason: "unreachable", detail: "MessageWritesBlocked" } },
  { name: "404", failure: { reason: "unreachable", detail: "ConversationNotFound", lost: true } },
  // By a token that was taken before.
  { name: "401", failure: { reason: "busy", retryAfterMs: 1_000 } },
  { name: "403:BotDisabledByAdmin", failure: { reason: "denied", detail: "BotDisabledByAdmin" } },
  { name: "403", failure: { reason: "denied", detail: "http_403" } },
  { name: "400", failure: { reason: "invalid", detail: "BadSyntax" } },
  { name: "413", failure: { reason: "invalid", detail: "MessageSizeTooBig" } },
  { name: "408", failure: { reason: "uncertain", detail: "http_408" } },
  { name: "500", failure: { reason: "uncertain", detail: "ServiceError" } },
  { name: "500:taken", failure: { reason: "uncertain", detail: "ServiceError" } },
  { name: "502", failure: { reason: "uncertain", detail: "http_502" } },
  { name: "503:120", failure: { reason: "uncertain", detail: "http_503" } },
  { name: "504:taken", failure: { reason: "uncertain", detail: "http_504" } },
  { name: "elsewhere", failure: { reason: "uncertain", detail: "http_307" } },
  { name: "cut_before", failure: { reason: "uncertain", detail: "request_failed" } },
]

export async function openTeamsHarness(receive: Receive): Promise<Harness & { stage: TeamsStage }> {
  const stage = await openTeamsStage(receive)
  const { vendor } = stage
  let lastUser = ""

  const bots = (user: string): readonly Message[] => vendor.seenBy(user).filter((message) => message.by === null)

  function shownForm(user: string): Outcome["form"] {
    const dialog = vendor.dialog(user)
    if (dialog === null || !hasSubmit(dialog)) return null
    const name = (id: string): string => id.slice(fieldInput("").length)
    return {
      title: dialog.title,
      labels: inputsIn(dialog.card).map(({ input }) => text(input.label) ?? ""),
      errors: Object.fromEntries(Object.entries(errorsIn(dialog)).map(([id, sentence]) => [name(id), sentence])),
    }
  }

  /** What a person sees in the moment; their inbox has what is left when they come back. */
  async function doing(user: string, deed: () => Promise<Delivered>): Promise<Outcome> {
    lastUser = user
    const before = new Map(
      bots(user)
        .map(seenAs)
        .map((seen) => [seen.messageId, seen.text]),
    )
    const { accepted } = await deed()
    await stage.teams.settled()
    const after = bots(user).map(seenAs)
    const dialog = vendor.dialog(user)
    const inDialog = dialog !== null && !hasSubmit(dialog) ? [{ messageId: "dialog", text: drawCard(dialog.card) }] : []
    return {
      accepted,
      said: [...after.filter(({ messageId }) => !before.has(messageId)), ...inDialog],
      replaced: after.filter(({ messageId, text: words }) => before.has(messageId) && before.get(messageId) !== words),
      form: shownForm(user),
      home: null,
    }
  }

  /** A dialog that an earlier test left open is closed by its person. */
  const afresh = (user: string, deed: () => Promise<Delivered>): Promise<Outcome> => {
    vendor.state.dialogs.delete(user)
    return doing(user, deed)
  }

  const idOf = (messageId: string): string => messageId.slice(messageId.lastIndexOf("/") + 1)
  const shown = (messageId: string): Message => {
    const message = vendor.message(messageId.slice(0, messageId.lastIndexOf("/")), idOf(messageId))
    if (message === null) throw new Error(`Teams knows no message ${messageId}`)
    return message
  }

  return {
    stage,
    get platform() {
      return stage.teams
    },
    tenant: vendor.tenant,
    users: { first: teamsPeople.avery, second: teamsPeople.jo, nobody: teamsPeople.nobody },
    failures: teamsFailures,
    cuts: { before: "cut_before", after: "cut_after" },
    remembers: false,
    // An admin who blocks the app tells nobody; who uninstalls it for themselves leaves.
    tellsRemoval: false,
    listsPeople: false,
    vendor: {
      say: (user, words, where) => afresh(user, () => (where === "shared" ? vendor.mention(user, words) : vendor.say(user, words))),
      edit: (user, messageId, words) => afresh(user, () => vendor.edit(user, idOf(messageId), words)),
      remove: (user, messageId) => afresh(user, () => vendor.remove(user, idOf(messageId))),
      press: (user, messageId, { action, target, value }) =>
        afresh(user, () => {
          const message = shown(messageId)
          const find = isButton(action, target, value)
          const [button] = vendor.buttons(message).filter(find)
          // An old message may have lost its buttons on the way to whoever presses them.
          if (button === undefined) return vendor.act(user, message, { type: "Action.Execute", title: "Gone", verb: action, data: { t: target } })
          return vendor.press(user, message, find, value === null ? {} : { [text(json(button.action.data).i) ?? ""]: value })
        }),
      submit: (user, _form, values) =>
        doing(user, () => vendor.submit(user, Object.fromEntries(Object.entries(values).map(([name, value]) => [fieldInput(name), value])))),
      command: (user, command, words, where) =>
        afresh(user, () => (where === "shared" ? vendor.mention(user, `/${command} ${words}`) : vendor.say(user, `/${command} ${words}`))),
      openHome: (user) => afresh(user, () => vendor.say(user, "/home")),
      arrive: (user) => afresh(user, () => vendor.install(user)),
      leave: (user) => afresh(user, () => vendor.uninstall(user)),
      async disconnect() {
        vendor.state.blockedByAdmin = true
        return { accepted: true, said: [], replaced: [], form: null, home: null }
      },
      reconnect() {
        vendor.state.blockedByAdmin = false
      },
      redeliver: () => doing(lastUser, () => vendor.redeliver()),
      forge: async () => (await vendor.post(vendor.activity(teamsPeople.avery), `Bearer ${await vendor.badToken("foreign_key")}`)).status ?? 0,
      echo: () => afresh(teamsPeople.avery, () => vendor.echo(teamsPeople.avery)),
      failNext: (name) => vendor.fail(name),
      async inbox(user) {
        vendor.reopen(user)
        return bots(user).map(seenAs)
      },
      requests: () => vendor.requests(),
    },
    restart: () => stage.restart(),
    close: () => stage.close(),
  }
}
