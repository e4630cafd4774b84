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
    ["a platform that this version cannot speak to", { SLACK_BOT_TOKEN: "x", SLACK_SIGNING_SECRET: "y" }, "unset them"],
    ["another one", { MicrosoftAppId: "x" }, "MicrosoftAppId would connect Microsoft Teams"],
  ])("%s", (_what, env, sentence) => {
    expect(problems(env)).toEqual([expect.stringContaining(sentence)])
  })

  test("a playground beside a connected platform", () => {
    expect(problems({ PLAYGROUND: "on", SLACK_BOT_TOKEN: "x" })).toEqual([
      expect.stringContaining("SLACK_BOT_TOKEN would connect Slack"),
      expect.stringContaining("never runs beside a connected platform"),
    ])
  })

  test("without repeating a secret", () => {
    const told = problems({ DATABASE_URL: "mysql://app:hunter2@db/x", RAPPORT_KEY: "hunter2", SLACK_BOT_TOKEN: "hunter2" }).join("\n")
    expect(told).not.toContain("hunter2")
  })
})
