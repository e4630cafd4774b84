import { resolve } from "node:path"
import { describe, expect, test } from "vitest"
import { readConfig } from "../src/config.ts"

const key = Buffer.alloc(32, 7).toString("base64")
const ok = (env: Record<string, string>) => {
  const read = readConfig(env)
  if (read.kind === "refused") throw new Error(read.problems.join("\n"))
  return read.config
}
const problems = (env: Record<string, string>) => {
  const read = readConfig(env)
  return read.kind === "refused" ? read.problems : []
}

describe("settings", () => {
  test("need none of them: a bundled database and the playground, on this machine only", () => {
    expect(ok({})).toEqual({
      database: { kind: "embedded" },
      dataDir: resolve(".rapport"),
      key: null,
      host: "127.0.0.1",
      port: 3000,
      playground: true,
      publicUrl: null,
      slack: null,
      teams: null,
      logLevel: "info",
    })
  })

  test("count an empty variable as unset, and pass over what is not ours", () => {
    expect(ok({ PORT: "", HOST: " ", SLACK_BOT_TOKEN: "", HOME: "/home/someone" })).toEqual(ok({}))
  })

  test("take a database of one's own, with its owner apart", () => {
    const url = "postgres://app:secret@db.example:5432/rapport"
    expect(ok({ DATABASE_URL: url, RAPPORT_KEY: key }).database).toEqual({ kind: "given", url, ownerUrl: url })
    const ownerUrl = "postgresql://owner:secret@db.example/rapport"
    expect(ok({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, RAPPORT_KEY: key }).database).toEqual({ kind: "given", url, ownerUrl })
  })

  test("listen elsewhere once the playground is off", () => {
    expect(ok({ HOST: "0.0.0.0", PLAYGROUND: "off" })).toMatchObject({ host: "0.0.0.0", playground: false })
    expect(ok({ HOST: "::1", PLAYGROUND: "on" })).toMatchObject({ host: "::1", playground: true })
  })
})

const token = { SLACK_BOT_TOKEN: "xoxb-1-a", SLACK_SIGNING_SECRET: "signed" }
const link = {
  SLACK_CLIENT_ID: "1.2",
  SLACK_CLIENT_SECRET: "hush",
  SLACK_STATE_SECRET: "s".repeat(32),
  PUBLIC_URL: "https://rapport.example.org/",
  SLACK_SIGNING_SECRET: "signed",
}

describe("settings for Slack", () => {
  test("are one bot token and how Slack reaches us, and then there is no playground", () => {
    const expected = { apiUrl: null, connection: { kind: "http", signingSecret: "signed" }, access: { kind: "token", botToken: "xoxb-1-a" } }
    expect(ok(token)).toMatchObject({ playground: false, slack: expected, publicUrl: null })
    expect(ok({ ...token, PLAYGROUND: "off", HOST: "0.0.0.0" })).toMatchObject({ playground: false, host: "0.0.0.0" })
  })

  test("are an install link with all that Slack asks for", () => {
    const { slack, publicUrl } = ok({ ...link, SLACK_API_URL: "http://127.0.0.1:4000/api/" })
    expect(publicUrl).toBe("https://rapport.example.org")
    expect(slack).toEqual({
      apiUrl: "http://127.0.0.1:4000/api/",
      connection: { kind: "http", signingSecret: "signed" },
      access: { kind: "oauth", clientId: "1.2", clientSecret: "hush", stateSecret: "s".repeat(32), publicUrl: "https://rapport.example.org" },
    })
  })

  test("mean Socket Mode wherever an app token is given, beside a signing secret too", () => {
    const socket = { kind: "socket", appToken: "xapp-1" }
    expect(ok({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: " xapp-1 " }).slack?.connection).toEqual(socket)
    expect(ok({ ...token, SLACK_APP_TOKEN: "xapp-1" }).slack?.connection).toEqual(socket)
  })

  test("take http addresses on this machine, for a try", () => {
    const here = { PUBLIC_URL: "http://localhost:3000", SLACK_API_URL: "http://[::1]:9/api/" }
    expect(ok({ ...token, ...here })).toMatchObject({ publicUrl: "http://localhost:3000", slack: { apiUrl: "http://[::1]:9/api/" } })
  })

  test("pass over what other programs call by a similar name", () => {
    expect(ok({ SLACK_WEBHOOK_URL: "https://hooks.example.org" })).toMatchObject({ slack: null, playground: true })
  })

  test.each<[string, Record<string, string>, string]>([
    ["neither a token nor a client", { SLACK_SIGNING_SECRET: "x" }, "SLACK_SIGNING_SECRET is not enough for Slack: set SLACK_BOT_TOKEN"],
    ["both ways at once", { ...token, SLACK_CLIENT_ID: "1.2" }, "keep one of the two"],
    ["a token beside a leftover of the other way", { ...token, SLACK_STATE_SECRET: "s".repeat(32) }, "SLACK_STATE_SECRET any workspace"],
    ["a client without its id", { ...link, SLACK_CLIENT_ID: "" }, "SLACK_CLIENT_ID is needed to install by link"],
    ["a client without its secret", { ...link, SLACK_CLIENT_SECRET: "" }, "SLACK_CLIENT_SECRET is needed to install by link"],
    [
      "a client without a secret for the state",
      { ...link, SLACK_STATE_SECRET: "" },
      "SLACK_STATE_SECRET is needed to install by link: make one with",
    ],
    ["a short secret for the state", { ...link, SLACK_STATE_SECRET: "s".repeat(31) }, "at least 32 characters"],
    ["a client without a public address", { ...link, PUBLIC_URL: "" }, "PUBLIC_URL is needed to install by link"],
    ["a public address in the clear", { ...link, PUBLIC_URL: "http://rapport.example.org" }, "PUBLIC_URL must be the https address"],
    ["a public address with a query", { ...link, PUBLIC_URL: "https://rapport.example.org/?a=b" }, "PUBLIC_URL must be the https address"],
    ["a public address with a path", { ...link, PUBLIC_URL: "https://rapport.example.org/slack" }, "PUBLIC_URL must be the address alone"],
    ["a public address with a path on this machine", { ...token, PUBLIC_URL: "http://localhost:3000/a/" }, "must be the address alone"],
    ["a public address that is none", { ...link, PUBLIC_URL: "rapport.example.org" }, "PUBLIC_URL must be the https address"],
    ["no way for Slack to reach us", { SLACK_BOT_TOKEN: "xoxb-1" }, "set SLACK_SIGNING_SECRET where Slack calls PUBLIC_URL, or SLACK_APP_TOKEN"],
    ["a token of another kind", { ...token, SLACK_BOT_TOKEN: "xoxp-1" }, "SLACK_BOT_TOKEN must begin with xoxb-"],
    ["a bot token for Socket Mode", { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xoxb-1" }, "SLACK_APP_TOKEN must begin with xapp-"],
    ["an API address in the clear", { ...token, SLACK_API_URL: "http://slack.example.org/api/" }, "SLACK_API_URL must be an https address"],
    ["an API address that only looks like this machine", { ...token, SLACK_API_URL: "http://127.0.0.1.example.org/" }, "SLACK_API_URL must be"],
    ["a playground beside it", { ...token, PLAYGROUND: "on" }, "never runs beside a connected platform"],
    ["its database without the key that seals words and tokens", { ...token, DATABASE_URL: "postgres://a@b/c" }, "RAPPORT_KEY is needed"],
  ])("refuse %s, in one sentence", (_what, env, sentence) => {
    expect(problems(env)).toEqual([expect.stringContaining(sentence)])
  })

  test("name everything that is missing at once", () => {
    const told = problems({ SLACK_CLIENT_ID: "1.2" })
    for (const name of ["SLACK_CLIENT_SECRET", "SLACK_STATE_SECRET", "PUBLIC_URL", "SLACK_SIGNING_SECRET"])
      expect(told.filter((line) => line.includes(`${name} is needed`) || line.includes(`set ${name}`))).toHaveLength(1)
    expect(told).toHaveLength(4)
  })
})

const [appId, tenantId] = ["0a1b2c3d-0000-4000-8000-00000000000a", "0a1b2c3d-0000-4000-8000-00000000000b"]
const app = { MicrosoftAppId: appId, MicrosoftAppPassword: "hush", MicrosoftAppTenantId: tenantId }

describe("settings for Teams", () => {
  test("are an app of one tenant and its password, and then there is no playground", () => {
    const teams = { kind: "registered", appId, type: "SingleTenant", password: "hush", tenantId }
    expect(ok(app)).toMatchObject({ playground: false, slack: null, teams })
    expect(ok({ ...app, MicrosoftAppType: "SingleTenant", HOST: "0.0.0.0", PLAYGROUND: "off" })).toMatchObject({ host: "0.0.0.0", teams })
  })

  test("are ids in whatever case the portal shows them", () => {
    const loud = { ...app, MicrosoftAppId: ` ${appId.toUpperCase()} `, MicrosoftAppTenantId: tenantId.toUpperCase() }
    expect(ok(loud).teams).toMatchObject({ appId, tenantId })
  })

  test("are a managed identity without a password, or an app of many tenants without one of its own", () => {
    expect(ok({ MicrosoftAppId: appId, MicrosoftAppTenantId: tenantId, MicrosoftAppType: "UserAssignedMSI" }).teams).toEqual({
      ...{ kind: "registered", appId, type: "UserAssignedMSI", password: null, tenantId },
    })
    expect(ok({ MicrosoftAppId: appId, MicrosoftAppPassword: "hush", MicrosoftAppType: "MultiTenant" }).teams).toEqual({
      ...{ kind: "registered", appId, type: "MultiTenant", password: "hush", tenantId: null },
    })
  })

  test("stand beside Slack's in one process", () => {
    expect(ok({ ...app, ...token })).toMatchObject({ slack: { access: { kind: "token" } }, teams: { kind: "registered" }, playground: false })
  })

  test("are nobody at all on this machine alone, where that is asked for by name", () => {
    expect(ok({ TEAMS_ANONYMOUS: "loopback" })).toMatchObject({ host: "127.0.0.1", playground: false, teams: { kind: "anonymous", tenant: "local" } })
    const here = { TEAMS_ANONYMOUS: "loopback", MicrosoftAppTenantId: tenantId, HOST: "localhost", PUBLIC_URL: "http://localhost:3000" }
    expect(ok({ ...here, SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" })).toMatchObject({
      ...{ host: "localhost", teams: { kind: "anonymous", tenant: tenantId }, slack: { connection: { kind: "socket" } } },
    })
  })

  test("pass over what other programs call by a similar name", () => {
    expect(ok({ TEAMS_WEBHOOK_URL: "https://hooks.example.org" })).toMatchObject({ teams: null, playground: true })
  })

  test.each<[string, Record<string, string>, string]>([
    ["no app id", { ...app, MicrosoftAppId: "" }, "MicrosoftAppId is needed for Teams"],
    ["no password", { ...app, MicrosoftAppPassword: " " }, "MicrosoftAppPassword is needed for Teams: make one"],
    ["no tenant", { ...app, MicrosoftAppTenantId: "" }, "MicrosoftAppTenantId is needed for Teams"],
    ["no password for many tenants", { MicrosoftAppId: appId, MicrosoftAppType: "MultiTenant" }, "MicrosoftAppPassword is needed"],
    ["an app id that is a name", { ...app, MicrosoftAppId: "rapport" }, "MicrosoftAppId must look like 00000000-"],
    ["a tenant by its domain", { ...app, MicrosoftAppTenantId: "school.example.org" }, "MicrosoftAppTenantId must look like 00000000-"],
    ["another kind of app", { ...app, MicrosoftAppType: "singletenant" }, "MicrosoftAppType must be SingleTenant, MultiTenant, UserAssignedMSI"],
    ["a managed identity with a password", { ...app, MicrosoftAppType: "UserAssignedMSI" }, "MicrosoftAppPassword is not used"],
    ["a managed identity without its tenant", { MicrosoftAppId: appId, MicrosoftAppType: "UserAssignedMSI" }, "MicrosoftAppTenantId is needed"],
    ["anonymity for everybody", { TEAMS_ANONYMOUS: "everywhere" }, "TEAMS_ANONYMOUS must be loopback, or unset"],
    ["anonymity beside an app", { TEAMS_ANONYMOUS: "loopback", MicrosoftAppId: appId }, "MicrosoftAppId asks for proof: keep one of the two"],
    ["anonymity that others could reach", { TEAMS_ANONYMOUS: "loopback", HOST: "0.0.0.0" }, "unset HOST (now 0.0.0.0)"],
    ["anonymity at an address of the world", { TEAMS_ANONYMOUS: "loopback", PUBLIC_URL: "https://rapport.example.org" }, "unset PUBLIC_URL"],
    ["anonymity beside Slack's way in", { TEAMS_ANONYMOUS: "loopback", ...token }, "use Socket Mode (SLACK_APP_TOKEN)"],
    ["a playground beside it", { ...app, PLAYGROUND: "on" }, "never runs beside a connected platform"],
    ["a playground beside anonymity", { TEAMS_ANONYMOUS: "loopback", PLAYGROUND: "on" }, "never runs beside a connected platform"],
  ])("refuse %s, in one sentence", (_what, env, sentence) => {
    expect(problems(env)).toEqual([expect.stringContaining(sentence)])
  })

  test("name everything that is missing at once, Slack's too", () => {
    const told = problems({ MicrosoftAppType: "SingleTenant", SLACK_SIGNING_SECRET: "x" })
    expect(told).toHaveLength(4)
    for (const name of ["MicrosoftAppId", "MicrosoftAppPassword", "MicrosoftAppTenantId", "SLACK_BOT_TOKEN"]) expect(told.join("\n")).toContain(name)
  })
})

describe("settings are refused", () => {
  test("all at once, each with what to do", () => {
    const told = problems({ PORT: "http", PLAYGROUND: "yes", LOG_LEVEL: "loud", DATABASE_URL: "mysql://x", RAPPORT_KEY: "short" })
    expect(told).toHaveLength(5)
    for (const name of ["PORT", "PLAYGROUND", "LOG_LEVEL", "DATABASE_URL", "RAPPORT_KEY"]) expect(told.join("\n")).toContain(name)
  })

  test.each([
    ["a playground that others could reach", { HOST: "0.0.0.0" }, "listens on this machine only"],
    ["a playground at an address that only begins like this machine's", { HOST: "127.example.com" }, "listens on this machine only"],
    ["a database without the key that seals its words", { DATABASE_URL: "postgres://a@b/c" }, "RAPPORT_KEY is needed"],
    ["an owner without a database", { DATABASE_OWNER_URL: "postgres://a@b/c" }, "without DATABASE_URL"],
    ["a key of the wrong length", { RAPPORT_KEY: Buffer.alloc(16).toString("base64") }, "32 random bytes"],
    ["a port beyond the last", { PORT: "70000" }, "from 0 to 65535"],
  ])("%s", (_what, env, sentence) => {
    expect(problems(env)).toEqual([expect.stringContaining(sentence)])
  })

  test("without repeating a secret", () => {
    const told = problems({
      DATABASE_URL: "mysql://app:hunter2@db/x",
      RAPPORT_KEY: "hunter2",
      SLACK_BOT_TOKEN: "hunter2",
      SLACK_STATE_SECRET: "hunter2",
      MicrosoftAppPassword: "hunter2",
      MicrosoftAppId: "hunter2",
    }).join("\n")
    expect(told).not.toContain("hunter2")
  })
})
