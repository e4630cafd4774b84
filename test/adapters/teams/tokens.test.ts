// Who is let in over real HTTP: the table of bad tokens and bad activities, each with exactly its status, an empty body, and nothing sent out for it.
import { subscribe, unsubscribe } from "node:diagnostics_channel"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import { quiet } from "../../../src/platform/answer.ts"
import type { InboundEvent } from "../../../src/platform/event.ts"
import { openTeamsStage, type TeamsStage, teamsPeople } from "../teams-harness.ts"
import { type BadToken, badTokens } from "./vendor/identity.ts"
import { type Json, json } from "./vendor/json.ts"

let stage: TeamsStage
const events: InboundEvent[] = []
const open = () =>
  openTeamsStage(async (event) => {
    events.push(event)
    return quiet
  })

/** Every request that this process starts, by whatever client, but for those to the app itself. */
const sentOut: string[] = []
const note = (origin: string, path: string): void => void (origin === stage.origin || sentOut.push(`${origin}${path}`))
const byNode = (message: unknown): void => {
  const { request } = message as { request: { protocol: string; path: string; getHeader(name: string): string } }
  note(`${request.protocol}//${request.getHeader("host")}`, request.path)
}
const byFetch = (message: unknown): void => {
  const { request } = message as { request: { origin: string; path: string } }
  note(request.origin, request.path)
}
beforeAll(() => {
  subscribe("http.client.request.start", byNode)
  subscribe("undici:request:create", byFetch)
})
afterAll(() => {
  unsubscribe("http.client.request.start", byNode)
  unsubscribe("undici:request:create", byFetch)
})
beforeEach(() => {
  events.length = 0
  sentOut.length = 0
})

type Sent = { activity?: unknown; authorization?: string | null; headers?: Readonly<Record<string, string>>; method?: string }

/** A whole activity under a good token, but for what is said otherwise. */
async function sent({ activity, authorization, headers = {}, method = "POST" }: Sent = {}): Promise<{ status: number; body: string }> {
  const { vendor, origin } = stage
  const bearer = authorization === undefined ? `Bearer ${await vendor.identity.token(vendor.serviceUrl())}` : authorization
  const body = activity ?? vendor.activity(teamsPeople.avery)
  const response = await fetch(`${origin}/api/messages`, {
    method,
    headers: { "content-type": "application/json; charset=utf-8", ...(bearer === null ? {} : { authorization: bearer }), ...headers },
    ...(method === "GET" ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: await response.text() }
}

const own = (over: Json = {}): Json => ({ ...stage.vendor.activity(teamsPeople.avery), ...over })
const from =
  (serviceUrl: string): (() => Json) =>
  () =>
    own({ serviceUrl })
const ofTenant =
  (conversation: string, channelData: string): (() => Json) =>
  () =>
    own({ conversation: { ...json(own().conversation), tenantId: conversation }, channelData: { tenant: { id: channelData } } })
const foreign = "00000000-0000-4000-8000-0000000000ff"

describe("before any key is asked for", () => {
  beforeAll(async () => {
    stage = await open()
  })
  afterAll(() => stage.close())
  afterEach(() => {
    if (events.length + sentOut.length + stage.vendor.calls.length > 0) throw new Error(`something went out, or came in: ${sentOut.join(", ")}`)
  })

  test.each<[string, string | null]>([
    ["no token", null],
    ["an empty one", "Bearer "],
    ["another scheme", "Basic YXBwOnNlY3JldA=="],
    ["a token without its scheme", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"],
    ["two tokens", "Bearer a.b.c, Bearer d.e.f"],
  ])("%s: 401", async (_what, authorization) => {
    expect(await sent({ authorization })).toEqual({ status: 401, body: "" })
  })

  const withoutAsking: readonly BadToken[] = [
    ...(["expired", "not_yet", "alg_none", "symmetric", "wrong_audience", "no_audience", "wrong_issuer"] as const),
    ...(["emulator", "no_issuer", "wrong_service_url", "no_service_url", "no_claims", "garbage"] as const),
  ]
  test.each(withoutAsking)("a token that reads wrong (%s): 401", async (kind) => {
    expect(await sent({ authorization: `Bearer ${await stage.vendor.badToken(kind)}` })).toEqual({ status: 401, body: "" })
  })

  test.each<[string, () => unknown]>([
    ["no JSON", () => "{ type: message }"],
    ["nothing", () => ""],
    ["a list", () => [own()]],
    ["a word", () => '"message"'],
    ["a hundred thousand brackets", () => "[".repeat(100_000)],
    ["no type", () => own({ type: undefined })],
    ["a type that is no word", () => own({ type: { a: 1 } })],
    ["no id", () => own({ id: undefined })],
    ["no channel", () => own({ channelId: undefined })],
    ["no service address", () => own({ serviceUrl: undefined })],
    ["nobody", () => own({ from: undefined })],
    ["a sender without an id", () => own({ from: { aadObjectId: teamsPeople.avery } })],
    ["no conversation", () => own({ conversation: undefined })],
    ["no recipient", () => own({ recipient: undefined })],
    ["no tenant", () => own({ conversation: { id: "a:1" }, channelData: {} })],
  ])("%s: 400", async (_what, activity) => {
    expect(await sent({ activity: activity() })).toEqual({ status: 400, body: "" })
  })

  test.each<[string, () => unknown]>([
    ["an empty channel", () => own({ channelId: "" })],
    ["another channel", () => own({ channelId: "webchat" })],
    ["the emulator", () => own({ channelId: "emulator" })],
    ["an address of metadata", from("http://169.254.169.254/latest/meta-data/")],
    ["that over https", from("https://169.254.169.254/metadata/instance")],
    ["another host", from("https://evil.example/amer/")],
    ["a host that begins like Teams'", from("https://smba.trafficmanager.net.evil.example/amer/")],
    ["a host that ends like Teams'", from("https://evil-smba.trafficmanager.net/amer/")],
    ["a user in the address", from("https://smba.trafficmanager.net@evil.example/amer/")],
    ["a port", from("https://smba.trafficmanager.net:8443/amer/")],
    ["no https", from("http://smba.trafficmanager.net/amer/")],
    ["no address at all", from("smba.trafficmanager.net")],
    ["another port of this machine", from("http://127.0.0.1:1/amer/")],
    ["beside the allowed prefix", () => own({ serviceUrl: `${stage.vendor.origin}/admin/` })],
    ["above the allowed prefix", () => own({ serviceUrl: `${stage.vendor.serviceUrl()}../admin/` })],
    ["another tenant", ofTenant(foreign, foreign)],
    ["two tenants", () => ofTenant(stage.vendor.tenant, foreign)()],
  ])("%s: 403", async (_what, activity) => {
    expect(await sent({ activity: activity() })).toEqual({ status: 403, body: "" })
  })

  test("too large: 413; not posted: 405; not JSON by its own word: 415", async () => {
    expect(await sent({ activity: own({ text: "x".repeat(256 * 1024) }) })).toEqual({ status: 413, body: "" })
    expect(await sent({ method: "GET" })).toEqual({ status: 405, body: "" })
    expect(await sent({ method: "PUT" })).toEqual({ status: 405, body: "" })
    expect(await sent({ headers: { "content-type": "text/plain" } })).toEqual({ status: 415, body: "" })
  })

  test("of several faults the first decides: size, JSON, no token, shape, whence, and the token last", async () => {
    const bad = `Bearer ${await stage.vendor.badToken("expired")}`
    expect((await sent({ activity: "x".repeat(300_000), authorization: null })).status).toBe(413)
    expect((await sent({ activity: "no JSON", authorization: null })).status).toBe(400)
    expect((await sent({ activity: own({ type: undefined }), authorization: null })).status).toBe(401)
    expect((await sent({ activity: own({ from: undefined, channelId: "webchat" }), authorization: bad })).status).toBe(400)
    expect((await sent({ activity: own({ channelId: "webchat" }), authorization: bad })).status).toBe(403)
    expect((await sent({ authorization: bad })).status).toBe(401)
  })

  test("a good token of Teams' own is no pass to what it was not given for", async () => {
    const allowed = own({ serviceUrl: "https://smba.trafficmanager.net/amer/" })
    expect(await sent({ activity: allowed })).toEqual({ status: 401, body: "" })
    expect(await sent({ activity: own({ serviceUrl: stage.vendor.serviceUrl("emea") }) })).toEqual({ status: 401, body: "" })
  })

  test("what is written down of it is a status and a code", () => {
    expect(stage.reports.length).toBeGreaterThan(30)
    for (const { event, fields } of stage.reports) {
      expect(event).toBe("teams_request_refused")
      expect(Object.keys(fields).sort()).toEqual(["code", "status"])
      expect(fields.code).toMatch(/^[a-z_]+$/)
    }
  })
})

describe("with the issuer's keys", () => {
  beforeAll(async () => {
    stage = await open()
  })
  afterAll(() => stage.close())

  const kinds = () => stage.vendor.calls.map(({ kind }) => kind)

  test("while they cannot be had, whoever comes is told to come again", async () => {
    for (const name of ["500", "cut_before", "page"]) {
      stage.vendor.fail(name, "metadata")
      expect([name, await sent()]).toEqual([name, { status: 503, body: "" }])
    }
    stage.vendor.fail("503", "keys")
    expect(await sent()).toEqual({ status: 503, body: "" })
    expect(events).toEqual([])
    expect(new Set(kinds())).toEqual(new Set(["metadata", "keys"]))
  })

  test("a good token is let in, and the keys are asked for once", async () => {
    stage.vendor.state.calls.length = 0
    expect(await sent()).toEqual({ status: 200, body: "" })
    expect(await sent()).toEqual({ status: 200, body: "" })
    expect(events).toHaveLength(2)
    expect(kinds()).toEqual(["metadata", "keys"])
    expect(sentOut.map((url) => url.replace(stage.vendor.origin, ""))).toEqual([
      "/identity/v1/.well-known/openidconfiguration",
      "/identity/v1/.well-known/keys",
    ])
  })

  const byKey = badTokens.filter((kind) => ["foreign_key", "unknown_key", "tampered", "other_channel"].includes(kind))
  test.each(byKey)("a token that only its key gives away (%s): 401, nobody is asked again, and nothing is printed", async (kind) => {
    const printed = vi.spyOn(console, "error")
    const bearer = `Bearer ${await stage.vendor.badToken(kind)}`
    expect(await sent({ authorization: bearer })).toEqual({ status: 401, body: "" })
    expect(await sent({ authorization: bearer })).toEqual({ status: 401, body: "" })
    expect([events, sentOut, printed.mock.calls]).toEqual([[], [], []])
    printed.mockRestore()
  })

  test.each(badTokens)("a bad token stays one beside good ones (%s): 401", async (kind) => {
    const answers = await Promise.all([sent(), sent({ authorization: `Bearer ${await stage.vendor.badToken(kind)}` }), sent()])
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 200])
    expect([events.length, sentOut]).toEqual([2, []])
  })
})

describe("a cold start under a bad token that only its key gives away", () => {
  beforeAll(async () => {
    stage = await open()
  })
  afterAll(() => stage.close())

  test("asks the issuer for its keys, and nobody for anything else", async () => {
    expect(await sent({ authorization: `Bearer ${await stage.vendor.badToken("foreign_key")}` })).toEqual({ status: 401, body: "" })
    expect(stage.vendor.calls.map(({ kind }) => kind)).toEqual(["metadata", "keys"])
    expect(sentOut).toHaveLength(2)
    expect(events).toEqual([])
  })
})

describe("the local client that needs no token", () => {
  beforeAll(async () => {
    stage = await openTeamsStage(
      async (event) => {
        events.push(event)
        return quiet
      },
      {
        vendor: { anonymous: true },
        teams: () => ({ app: { kind: "anonymous", tenant: "local" }, endpoints: null, knows: async (tenant) => tenant === "local" }),
      },
    )
  })
  afterAll(() => stage.close())

  test("is heard as of the one tenant, and asks nobody for a token", async () => {
    expect(await sent({ authorization: null })).toEqual({ status: 200, body: "" })
    expect(events).toMatchObject([{ kind: "said", from: { account: { platform: "teams", tenant: "local", user: teamsPeople.avery } } }])
    expect(sentOut).toEqual([])
  })

  test.each(["https://smba.trafficmanager.net/amer/", "https://evil.example/", "http://10.0.0.7:3978/", "http://127.0.0.1/"])(
    "is written to on this machine only, not at %s: 403",
    async (serviceUrl) => {
      expect(await sent({ activity: own({ serviceUrl }), authorization: null })).toEqual({ status: 403, body: "" })
      expect([events, sentOut]).toEqual([[], []])
    },
  )
})
