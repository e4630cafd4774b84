// The playground over HTTP: its page, and the calls the page makes. Decides who may call: this machine's own page only.
// Refuses to know what an event means.
import { randomBytes, timingSafeEqual } from "node:crypto"
import { readFile } from "node:fs/promises"
import express, { type NextFunction, type Request, type Response, type Router } from "express"
import { isBody } from "../../src/platform/body.ts"
import type { Chats, Place } from "./chats.ts"
import type { Live } from "./live.ts"
import { parseDeed } from "./parse.ts"
import { botUser, moves, type PlaygroundPerson, type PlaygroundTime } from "./people.ts"
import { shownItem, type Tell } from "./receive.ts"
import { clean } from "./render.ts"

type World = {
  chats: Chats
  live: Live
  tell: Tell
  time: PlaygroundTime
  tenant: string
  people: () => Promise<ReadonlyMap<string, PlaygroundPerson>>
  knows: (user: string) => Promise<boolean>
  habits: Habitual
  clock: () => ClockState
  clockFailed: (failed: boolean) => void
  report: (error: unknown) => void
}

/** Who answers by habit, and for whom that is switched on. A person who is opened in a tab is left to that tab. */
export type Habitual = { has(user: string): boolean; on(user: string): boolean; open(user: string): void; set(user: string, on: boolean): void }

export type ClockState = {
  now: string
  zone: string
  moving: { from: string; at: string; to: string | null } | null
  failed: boolean
}

const textLimit = "32kb"
const newestItems = 300

const pageFiles: Readonly<Record<string, string>> = {
  "app.js": "text/javascript",
  "api.js": "text/javascript",
  "clock.js": "text/javascript",
  "composer.js": "text/javascript",
  "conversation.js": "text/javascript",
  "dom.js": "text/javascript",
  "form.js": "text/javascript",
  "message.js": "text/javascript",
  "people.js": "text/javascript",
  "trend.js": "text/javascript",
  "style.css": "text/css",
  "base.css": "text/css",
  "frame.css": "text/css",
  "message.css": "text/css",
  "form.css": "text/css",
  "small.css": "text/css",
  "icon.svg": "image/svg+xml",
}

const headers = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cache-Control": "no-store",
}

export function createRouter(world: World): Router {
  const { chats, live, tell, time, tenant, people, habits } = world
  const key = randomBytes(24).toString("base64url")
  const router = express.Router()
  const page = (name: string) => readFile(new URL(`./page/${name}`, import.meta.url), "utf8")

  router.use("/playground", (request, response, next) => {
    response.set(headers)
    // A page elsewhere whose name was made to point at this machine still sends its own name.
    if (isLocal(request.headers.host)) next()
    else refuse(response, 403, "The playground answers on localhost only.")
  })

  router.get("/playground", async (_request, response) => {
    response.type("html").send((await page("index.html")).replace("{{key}}", key))
  })
  router.get("/playground/page/:name", async (request, response, next) => {
    const type = Object.hasOwn(pageFiles, request.params.name) ? pageFiles[request.params.name] : undefined
    if (type === undefined) return next()
    response.type(type).send(await page(request.params.name))
  })

  router.use("/playground/api", (request, response, next) => {
    if (sameKey(request.get("x-playground-key"), key)) next()
    else refuse(response, 401, "This page is from before the last start. Reload it.")
  })
  router.use("/playground/api", express.json({ limit: textLimit, inflate: false }))

  async function known(user: unknown, response: Response): Promise<string | null> {
    if (typeof user === "string" && (await world.knows(user))) return user
    refuse(response, 404, "Nobody here has this id.")
    return null
  }

  router.get("/playground/api/people", async (_request, response) => {
    const everyone = [...(await people()).values()]
    chats.refresh()
    response.json({
      people: everyone.map((person) => ({ ...person, name: clean(person.name), unread: chats.unread(person.user) })),
      clock: world.clock(),
    })
  })

  router.get("/playground/api/chat", async (request, response) => {
    const user = await known(request.query.user, response)
    if (user === null) return
    const place: Place = request.query.place === "shared" ? "shared" : "direct"
    chats.refresh()
    const items = place === "direct" ? chats.direct(user) : chats.shared(user)
    response.json({
      items: items.slice(-newestItems).map(shownItem),
      blocked: chats.blocked(user),
      habit: habits.has(user) ? { on: habits.on(user) } : null,
    })
  })

  router.get("/playground/api/live", async (request, response) => {
    // A tab in which nobody is picked yet hears of the clock and of what is unread.
    if (request.query.user === "") return live.open("", response)
    const user = await known(request.query.user, response)
    if (user === null) return
    habits.open(user)
    live.open(user, response)
  })

  router.post("/playground/api/events", async (request, response) => {
    // What the bot wrote itself never becomes an event, as on any platform.
    if (isBody(request.body) && request.body.user === botUser) return void response.json({ shown: { kind: "nothing" } })
    const parsed = parseDeed(request.body, chats, tenant)
    if (parsed.kind === "malformed") return refuse(response, 400, parsed.why)
    if ((await known(parsed.deed.user, response)) === null) return
    const { shown, again } = await tell(parsed.deed)
    live.beat()
    response.status(again ? 503 : 200).json({ shown, again })
  })

  router.post("/playground/api/seen", async (request, response) => {
    const body = isBody(request.body) ? request.body : {}
    const user = await known(body.user, response)
    if (user === null) return
    const last = chats.direct(user).at(-1)
    if (last && chats.unread(user) > 0) chats.write({ kind: "seen", user, at: time.now().toISOString(), messageId: last.id })
    live.beat()
    response.json({})
  })

  router.post("/playground/api/habits", async (request, response) => {
    const body = isBody(request.body) ? request.body : {}
    if (typeof body.on !== "boolean") return refuse(response, 400, "`on` must be true or false.")
    const user = await known(body.user, response)
    if (user === null) return
    habits.set(user, body.on)
    response.json({})
  })

  router.post("/playground/api/clock", (request, response) => {
    const to = isBody(request.body) ? moves.find((move) => move === request.body.to) : undefined
    if (to === undefined) return refuse(response, 400, `\`to\` must be one of ${moves.join(", ")}.`)
    if (world.clock().moving) return refuse(response, 409, "The clock is moving already.")
    world.clockFailed(false)
    time.move(to).catch((error: unknown) => {
      world.clockFailed(true)
      world.report(error)
    })
    live.beat()
    response.status(202).json({ clock: world.clock() })
  })

  router.use("/playground/api", (_request, response) => refuse(response, 404, "There is no such call."))
  router.use("/playground", (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error)
    const status = isBody(error) && typeof error.status === "number" ? error.status : 500
    if (status === 413) return refuse(response, 413, "That is too long: at most 32 kB at once.")
    if (status >= 400 && status < 500) return refuse(response, 400, "The body could not be read as JSON.")
    world.report(error)
    refuse(response, 500, "Rapport could not take this. Nothing is lost: try again.")
  })
  return router
}

function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error })
}

const isLocal = (host: string | undefined): boolean => /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? "")

function sameKey(given: string | undefined, key: string): boolean {
  const [a, b] = [Buffer.from(given ?? ""), Buffer.from(key)]
  return a.length === b.length && timingSafeEqual(a, b)
}
