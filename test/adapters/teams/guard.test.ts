// What reaches the messages endpoint that should not: a status, an empty body, one code, and nothing behind the guard.
import { once } from "node:events"
import { createServer, type Server } from "node:http"
import { type AddressInfo, connect } from "node:net"
import { gzipSync } from "node:zlib"
import express from "express"
import fc from "fast-check"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { checked, type GuardOptions, guard, mostBytes, type Passed } from "../../../adapters/teams/guard.ts"

const tenant = "00000000-0000-4000-8000-00000000f1c7"
const serviceUrl = "https://smba.trafficmanager.net/amer/"
const bearer = "Bearer aaa.bbb.ccc"

const asked: string[] = []
const refusals: { status: number; why: string }[] = []
const passed: Passed[] = []
const options: GuardOptions = {
  anonymous: null,
  serviceUrls: { kind: "teams", prefixes: [] },
  knows: async (one) => {
    asked.push(one)
    return one === tenant
  },
  refusedWith: (status, why) => refusals.push({ status, why }),
}

let server: Server
let origin: string
let taking: (one: Passed) => Promise<void> = async () => undefined

beforeAll(async () => {
  const app = express()
  app.all(
    "/api/messages",
    guard(options, async (one, response) => {
      passed.push(one)
      await taking(one)
      response.status(200).end()
    }),
  )
  server = createServer(app).listen(0, "127.0.0.1")
  await once(server, "listening")
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  for (const list of [asked, refusals, passed]) list.length = 0
  taking = async () => undefined
})

const activity = (over: object = {}) => ({
  type: "message",
  id: "1773309600000",
  timestamp: "2026-03-12T10:00:00.000Z",
  serviceUrl,
  channelId: "msteams",
  from: { id: "29:1fiction", aadObjectId: "00000000-0000-4000-8000-000000000001" },
  conversation: { id: "a:1fiction", conversationType: "personal", tenantId: tenant },
  recipient: { id: "28:00000000-0000-4000-8000-00000000b071" },
  channelData: { tenant: { id: tenant } },
  text: "words that nobody may log",
  ...over,
})

type Sent = { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string>; method?: string }

async function post({ body = JSON.stringify(activity()), headers = {}, method = "POST" }: Sent = {}) {
  const all = { "content-type": "application/json; charset=utf-8", authorization: bearer, ...headers }
  const response = await fetch(`${origin}/api/messages`, { method, headers: all, ...(method === "GET" ? {} : { body }) })
  return { status: response.status, body: await response.text() }
}
const sent = (over: object, headers?: Record<string, string>) => post({ body: JSON.stringify(activity(over)), ...(headers ? { headers } : {}) })

/** The answer, what was told of it, and what came through. */
const cameOf = (outcome: { status: number; body: string }) => ({ ...outcome, refusals: [...refusals], passed: [...passed] })

/** Answered so, without a word; nobody behind the guard heard of it. */
const refused = (status: number, why: string) => ({ status, body: "", refusals: [{ status, why }], passed: [] })

describe("what Teams sends", () => {
  test("is handed on as it came, with its header", async () => {
    expect(await post()).toEqual({ status: 200, body: "" })
    expect(passed).toEqual([{ kind: "passed", activity: activity(), tenant, authorization: bearer }])
    expect(asked).toEqual([tenant])
  })

  test.each([
    ["the tenant said in one place only", { conversation: { id: "a:1fiction", tenantId: tenant }, channelData: {} }],
    ["the tenant said in the other only", { conversation: { id: "a:1fiction" } }],
    ["the tenant in capitals", { conversation: { id: "a:1fiction", tenantId: tenant.toUpperCase() } }],
    ["a kind that is told without an id", { type: "conversationUpdate", id: undefined }],
    ["a kind that is not known yet", { type: "somethingNew" }],
    ["nobody's account", { from: { id: "29:1fiction" } }],
    ["a personal service address with the tenant in it", { serviceUrl: `https://smba.trafficmanager.net/emea/${tenant}/` }],
    ["a government's service address", { serviceUrl: "https://smba.infra.gcc.teams.microsoft.com/teams" }],
  ])("passes with %s", async (_what, over) => {
    expect((await sent(over)).status).toBe(200)
    expect(passed).toMatchObject([{ tenant }])
  })

  test("passes up to the most bytes there may be, and a body that comes in pieces", async () => {
    const padding = mostBytes - Buffer.byteLength(JSON.stringify(activity({ text: "" })))
    expect((await sent({ text: "x".repeat(padding) })).status).toBe(200)
    const socket = connect(Number(new URL(origin).port), "127.0.0.1")
    const body = JSON.stringify(activity({ text: "¿qué tal? 🎉" }))
    const bytes = Buffer.from(body)
    socket.write(
      `POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: ${bearer}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    )
    for (const byte of bytes) socket.write(Buffer.concat([Buffer.from("1\r\n"), Buffer.from([byte]), Buffer.from("\r\n")]))
    socket.write("0\r\n\r\n")
    const [head] = (await once(socket, "data")) as [Buffer]
    socket.destroy()
    expect(head.toString()).toMatch(/^HTTP\/1\.1 200 /)
    expect(passed[1]?.activity.text).toBe("¿qué tal? 🎉")
  })
})

describe("a request that is none of Teams'", () => {
  test.each(["GET", "PUT", "DELETE", "PATCH"])("by %s", async (method) => expect(cameOf(await post({ method }))).toEqual(refused(405, "not_posted")))

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "text/json"])("of type %s", async (type) => {
    expect(cameOf(await post({ headers: { "content-type": type } }))).toEqual(refused(415, "not_json"))
  })

  test.each(["gzip", "deflate", "br", "gzip, gzip"])("packed by %s", async (encoding) => {
    const body = new Uint8Array(gzipSync(JSON.stringify(activity())))
    expect(cameOf(await post({ body, headers: { "content-encoding": encoding } }))).toEqual(refused(415, "encoded"))
  })

  test("of five megabytes, said beforehand or not", async () => {
    const body = JSON.stringify(activity({ text: "x".repeat(5_000_000) }))
    expect(cameOf(await post({ body }))).toEqual(refused(413, "too_large"))
    refusals.length = 0
    const chunked = new ReadableStream({
      start(controller) {
        for (let at = 0; at < body.length; at += 50_000) controller.enqueue(Buffer.from(body.slice(at, at + 50_000)))
        controller.close()
      },
    })
    const response = await fetch(`${origin}/api/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: bearer },
      body: chunked,
      duplex: "half",
    } as RequestInit)
    expect(cameOf({ status: response.status, body: await response.text() })).toEqual(refused(413, "too_large"))
  })

  test("one byte too large, before anything else is looked at", async () => {
    const body = "x".repeat(mostBytes + 1)
    expect(cameOf(await post({ body, headers: { authorization: "" } }))).toEqual(refused(413, "too_large"))
  })

  test("that never ends is cut off, and keeps nothing", async () => {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1")
    // The rest of what was poured is never read: the line is reset.
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()))
    let answer = ""
    socket.on("data", (chunk) => {
      answer += chunk.toString()
    })
    socket.on("error", () => undefined)
    socket.write(`POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n`)
    const piece = Buffer.alloc(65_536, 0x20)
    const before = process.memoryUsage().arrayBuffers
    const pour = (): void => {
      while (!socket.destroyed && socket.write(piece));
    }
    socket.on("drain", pour)
    pour()
    await closed
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
    expect(passed).toEqual([])
  })

  test("a small bomb is refused unopened", async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(100_000_000)))
    expect(bomb.byteLength).toBeLessThan(mostBytes)
    const before = process.memoryUsage().arrayBuffers
    expect(cameOf(await post({ body: bomb, headers: { "content-encoding": "gzip" } }))).toEqual(refused(415, "encoded"))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000)
  })

  test.each([
    ["nothing", ""],
    ["no JSON", "type=message"],
    ["half a JSON", JSON.stringify(activity()).slice(0, 100)],
    ["a list", "[]"],
    ["a number", "7"],
    ["null", "null"],
    ["text", '"message"'],
    ["a list in a list, ten thousand deep", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
    ["objects ten thousand deep", JSON.stringify(activity()).replace('"text"', `"deep":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)},"text"`)],
    ["brackets that never close", '{"type":'.repeat(20_000)],
  ])("whose body is %s", async (_what, body) => expect(cameOf(await post({ body }))).toEqual(refused(400, "unreadable")))

  test.each(["", "Bearer", "Bearer ", "Basic YTpi", "aaa.bbb.ccc", "Bearer a b", "Bearer <script>", "bearerx"])(
    "with %j for an authorization",
    async (authorization) => {
      expect(cameOf(await sent({}, { authorization }))).toEqual(refused(401, "no_bearer"))
      expect(asked).toEqual([])
    },
  )

  test("without an authorization is refused for that, whatever else is wrong with it", async () => {
    const headers = { authorization: "" }
    expect(cameOf(await post({ body: JSON.stringify({ channelId: "other" }), headers }))).toEqual(refused(401, "no_bearer"))
    refusals.length = 0
    expect(cameOf(await post({ body: "{", headers }))).toEqual(refused(400, "unreadable"))
  })

  const strange: readonly unknown[] = [undefined, null, "", 7, true, [], {}]
  const lacking = (name: string, why: string) => strange.map((value): [string, unknown, string] => [name, value, why])
  test.each([
    ...lacking("type", "no_type"),
    ...lacking("id", "no_id"),
    ...lacking("serviceUrl", "no_service_url").filter(([, value]) => value !== ""),
    ...lacking("channelId", "no_channel").filter(([, value]) => value !== ""),
    ...lacking("from", "no_from"),
    ...lacking("conversation", "no_conversation"),
    ...lacking("recipient", "no_recipient"),
    ["from", { id: "" }, "no_from"],
    ["conversation", { id: "a:1/../../other", tenantId: tenant }, "no_conversation"],
    ["conversation", { id: "a b" }, "no_conversation"],
    ["id", "1?x=2", "no_id"],
    ["type", "message/../invoke", "no_type"],
  ] as [string, unknown, string][])("whose %s is %j", async (name, value, why) => {
    expect(cameOf(await sent({ [name]: value }))).toEqual(refused(400, why))
    expect(asked).toEqual([])
  })

  test("that says no tenant", async () => {
    expect(cameOf(await sent({ conversation: { id: "a:1fiction" }, channelData: undefined }))).toEqual(refused(400, "no_tenant"))
  })

  test.each(["", "emulator", "webchat", "MSTEAMS", "msteams ", "directline"])("from the channel %j", async (channelId) => {
    expect(cameOf(await sent({ channelId }))).toEqual(refused(403, "foreign_channel"))
    expect(asked).toEqual([])
  })

  test.each([
    "",
    "http://smba.trafficmanager.net/amer/",
    "http://169.254.169.254/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "http://metadata.google.internal/",
    "https://smba.trafficmanager.net:8443/amer/",
    "https://user@smba.trafficmanager.net/amer/",
    "https://smba.trafficmanager.net@evil.example/amer/",
    "https://smba.trafficmanager.net.evil.example/amer/",
    "https://evil.example/smba.trafficmanager.net/",
    "https://smba.trafficmanager.net./amer/",
    "https://smba.trafficmanager.net/amer/?x=1",
    "https://smba.trafficmanager.net/amer/#x",
    "https://smba.trafficmanager.net\\@evil.example/",
    "https://smba.trafficmanager.net/amer/../../x",
    "//smba.trafficmanager.net/amer/",
    "file:///etc/passwd",
    "http://127.0.0.1:3000/",
    "http://localhost/",
    "http://[::1]:80/",
    `https://smba.trafficmanager.net/${"x".repeat(600)}`,
  ])("to be answered at %s", async (url) => {
    expect(cameOf(await sent({ serviceUrl: url }))).toEqual(refused(403, "foreign_service_url"))
    expect(asked).toEqual([])
  })

  test.each([
    ["of another tenant", { conversation: { id: "a:1", tenantId: "00000000-0000-4000-8000-0000000000ff" }, channelData: {} }],
    ["of two tenants at once", { channelData: { tenant: { id: "00000000-0000-4000-8000-0000000000ff" } } }],
  ])("%s", async (_what, over) => expect(cameOf(await sent(over))).toEqual(refused(403, "foreign_tenant")))
})

describe("what happens behind the guard", () => {
  test("is answered 500 with nothing in it where it fails", async () => {
    taking = async () => {
      throw new Error("words that nobody may read")
    }
    expect(await post()).toEqual({ status: 500, body: "" })
    expect(refusals).toEqual([])
  })

  test("a tenant that cannot be asked for is our fault", async () => {
    const failing = checked(Buffer.from(JSON.stringify(activity())), bearer, { ...options, knows: () => Promise.reject(new Error("no database")) })
    await expect(failing).rejects.toThrow("no database")
  })
})

describe("the local client, without tokens", () => {
  const local: GuardOptions = {
    ...options,
    anonymous: { tenant: "local" },
    serviceUrls: { kind: "anonymous" },
    knows: async (one) => one === "local",
  }
  const outcome = (over: object) =>
    checked(Buffer.from(JSON.stringify(activity({ serviceUrl: "http://localhost:56150/_connector", ...over }))), undefined, local)

  test("needs none, and all it sends is of the one tenant", async () => {
    const made = { conversation: { id: "personal-chat-id", conversationType: "personal", tenantId: "00000000-0000-0000-0000-0000000000001" } }
    expect(await outcome(made)).toMatchObject({
      kind: "passed",
      tenant: "local",
      authorization: "",
      activity: { conversation: { id: "personal-chat-id", tenantId: "local" }, channelData: { tenant: { id: "local" } } },
    })
    expect(await outcome({ conversation: { id: "personal-chat-id" }, channelData: undefined })).toMatchObject({ tenant: "local" })
  })

  test.each([serviceUrl, "https://localhost:3000/", "http://localhost/", "http://10.0.0.1:3000/", "http://localhost.evil.example:80/"])(
    "is not answered at %s",
    async (url) => {
      expect(await outcome({ serviceUrl: url })).toEqual({ kind: "refused", status: 403, why: "foreign_service_url" })
    },
  )
})

describe("whatever is sent", () => {
  test("any bytes at all are refused or passed, and nothing throws", async () => {
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
      fc.dictionary(fc.constantFrom(...Object.keys(activity())), fc.jsonValue()).map((over) => Buffer.from(JSON.stringify(activity(over)))),
    )
    await fc.assert(
      fc.asyncProperty(anything, fc.option(fc.string(), { nil: undefined }), async (body, header) => {
        const outcome = await checked(body, header, options)
        expect(outcome.kind === "passed" || [400, 401, 403].includes(outcome.status)).toBe(true)
      }),
    )
  })
})
