import { request as rawRequest } from "node:http"
import { connect } from "node:net"
import express, { Router } from "express"
import { afterEach, describe, expect, test } from "vitest"
import { type Served, type ServeOptions, serve } from "../src/http.ts"
import { createLog } from "../src/log.ts"

const lines: string[] = []
const log = createLog("info", { write: (line) => void lines.push(line) })
let open: Served[] = []

afterEach(async () => {
  await Promise.all(open.map((served) => served.stop()))
  open = []
  lines.length = 0
})

async function start(options: Partial<ServeOptions> = {}): Promise<Served> {
  const served = await serve({ routers: [], host: "127.0.0.1", port: 0, ready: async () => true, home: null, localOnly: false, log, ...options })
  open.push(served)
  return served
}

function statusFor(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const request = rawRequest({ hostname, port, path: "/livez", headers: { host } }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.once("error", reject)
    request.end()
  })
}

describe("the server", () => {
  test("is alive at once, and ready only when the database is", async () => {
    let answers: () => Promise<boolean> = async () => false
    const { url } = await start({ ready: () => answers() })
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    answers = () => Promise.reject(new Error("database gone"))
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    answers = async () => true
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })

  test("sets safe headers on every answer and tells nothing of itself", async () => {
    const { headers } = await fetch(`${(await start()).url}/nothing`)
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("cache-control")).toBe("no-store")
    expect(headers.get("x-powered-by")).toBeNull()
  })

  test("refuses whatever came through a proxy or a tunnel where anyone is taken for whoever they say", async () => {
    const { url } = await start({ anonymous: true })
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    for (const name of ["Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-FORWARDED-HOST"]) {
      const refused = await fetch(`${url}/livez`, { headers: { [name]: "for=127.0.0.1" } })
      expect([name, refused.status, await refused.text()]).toEqual([name, 403, ""])
    }
    expect(await statusFor(url, "rapport.example.org")).toBe(421)
    expect((await fetch(`${(await start()).url}/livez`, { headers: { "x-forwarded-for": "203.0.113.9" } })).status).toBe(200)
  })

  test("leads from / to its home, where it has one", async () => {
    const home = await fetch((await start({ home: "/playground" })).url, { redirect: "manual" })
    expect([home.status, home.headers.get("location")]).toEqual([302, "/playground"])
    expect((await fetch((await start()).url)).status).toBe(404)
  })

  test("answers a failure without a stack or the words that caused it, and logs its place only", async () => {
    const router = Router()
    router.post("/kept", express.json({ limit: 100 }), () => {
      throw new Error("Wren wrote: I am sad")
    })
    const { url } = await start({ routers: [router] })
    const post = (body: string) => fetch(`${url}/kept`, { method: "POST", body, headers: { "content-type": "application/json" } })
    const broken = await post("{}")
    expect([broken.status, await broken.text()]).toEqual([500, "Something went wrong on our side. Please try again.\n"])
    expect((await post("{")).status).toBe(400)
    expect((await post(JSON.stringify("x".repeat(200)))).status).toBe(413)
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ event: "request_failed", status: 500, errorAt: expect.stringContaining("test/http.test.ts") })
    expect(lines[0]).not.toContain("Wren")
  })

  test("for this machine only refuses another name for it", async () => {
    const { url } = await start({ localOnly: true })
    expect(await statusFor(url, "localhost:3000")).toBe(200)
    expect(await statusFor(url, "127.0.0.1")).toBe(200)
    expect(await statusFor(url, "[::1]:3000")).toBe(200)
    expect(await statusFor(url, "somewhere.example")).toBe(421)
  })

  test("says what to do about a port that is taken", async () => {
    const port = Number(new URL((await start()).url).port)
    await expect(start({ port })).rejects.toThrow(
      `Port ${port} is taken by another program: stop that one, or choose another port: PORT=${port + 1} npm start.`,
    )
  })
})

describe("stopping", () => {
  test("closes idle connections and lets an open answer end, with Connection: close", async () => {
    let finish = () => {}
    let arrived = () => {}
    const inside = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const router = Router()
    router.get("/slow", async (_request, response) => {
      arrived()
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      response.send("done")
    })
    const served = await start({ routers: [router] })
    const idle = connect(Number(new URL(served.url).port), "127.0.0.1")
    const idleEnded = new Promise((resolve) => idle.once("close", resolve))
    const slow = fetch(`${served.url}/slow`)
    await inside
    const before = performance.now()
    const stopped = served.stop()
    finish()
    expect(await (await slow).text()).toBe("done")
    await Promise.all([stopped, idleEnded])
    expect(performance.now() - before).toBeLessThan(2_000)
    await expect(fetch(`${served.url}/livez`)).rejects.toThrow("fetch failed")
  })

  test("ends within five seconds beside an answer that never ends", async () => {
    let arrived = () => {}
    const inside = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const router = Router()
    router.get("/live", (_request, response) => {
      response.write("event: hello\n\n")
      arrived()
    })
    const served = await start({ routers: [router] })
    const live = fetch(`${served.url}/live`).then((response) => response.text())
    await inside
    const before = performance.now()
    await Promise.all([served.stop(), expect(live).rejects.toThrow("terminated")])
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})
