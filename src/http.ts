// Decides what every HTTP answer has in common, and when this process is alive and ready. Refuses to know what the routers do.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import express, { type ErrorRequestHandler, type RequestHandler, type Router } from "express"
import type { Log } from "./log.ts"
import { isLoopback } from "./web-address.ts"

export type ServeOptions = {
  routers: readonly Router[]
  host: string
  port: number
  /** The database answers and its migrations are done. */
  ready: () => Promise<boolean>
  /** Where `/` leads to; null leaves it not found. */
  home: string | null
  /** For the playground: refuses a request that a page elsewhere sent here by way of another host name. */
  localOnly: boolean
  /** Whoever asks is taken for whoever they say: also refuses what came through a proxy or a tunnel, which comes from this machine too. */
  anonymous?: boolean
  log: Log
}

export type Served = {
  url: string
  /** Not ready at once, no new connection; open answers get up to 3 s, then everything is closed. */
  stop(): Promise<void>
}

/** One sentence for the person who starts it: why the port could not be had and what to do. */
export class PortTrouble extends Error {
  override readonly name = "PortTrouble"
}

const drainMs = 3_000
const readyWithinMs = 2_000

export async function serve(options: ServeOptions): Promise<Served> {
  let stopping = false
  const app = express()
  app.disable("x-powered-by")
  app.disable("etag")
  app.use(headers)
  if (options.anonymous) app.use(notForwarded)
  if (options.localOnly || options.anonymous) app.use(localHostOnly)

  app.get("/livez", (_request, response) => {
    response.type("text/plain").send("alive\n")
  })
  app.get("/readyz", async (_request, response) => {
    const ready = !stopping && (await soon(options.ready))
    response
      .status(ready ? 200 : 503)
      .type("text/plain")
      .send(ready ? "ready\n" : "not ready\n")
  })
  const { home } = options
  if (home !== null) {
    app.get("/", (_request, response) => {
      response.redirect(302, home)
    })
  }
  for (const router of options.routers) app.use(router)
  app.use((_request, response) => {
    response.status(404).type("text/plain").send("Nothing is here.\n")
  })
  app.use(failed(options.log))

  const sockets = new Set<Socket>()
  const unanswered = new Set<ServerResponse>()
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (stopping) response.setHeader("Connection", "close")
    unanswered.add(response)
    response.once("close", () => {
      unanswered.delete(response)
      // A stream that ended just now said "keep-alive" long ago: nobody else would close its socket.
      if (stopping) request.socket.destroySoon()
    })
    app(request, response)
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  server.requestTimeout = 30_000
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(portTrouble(error, options)))
    server.listen(options.port, options.host, resolve)
  })
  const { port } = server.address() as AddressInfo

  return {
    url: `http://${named(options.host)}:${port}`,
    stop() {
      stopping = true
      return new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), drainMs)
        server.close(() => {
          clearTimeout(cut)
          resolve()
        })
        for (const response of unanswered) if (!response.headersSent) response.setHeader("Connection", "close")
        // Node's own closeIdleConnections spares a socket that has not asked anything yet, which browsers open in advance.
        const busy = new Set([...unanswered].map((response) => response.socket))
        for (const socket of sockets) if (!busy.has(socket)) socket.destroy()
      })
    },
  }
}

const headers: RequestHandler = (_request, response, next) => {
  response.set({
    "Cache-Control": "no-store",
    "Content-Security-Policy":
      "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  })
  next()
}

const localHostOnly: RequestHandler = (request, response, next) => {
  if (isLoopback((request.hostname ?? "").replace(/^\[|\]$/g, ""))) next()
  else response.status(421).type("text/plain").send("This page is for this machine only: open it as http://localhost.\n")
}

const notForwarded: RequestHandler = (request, response, next) => {
  if (Object.keys(request.headers).some((name) => name === "forwarded" || name.startsWith("x-forwarded-"))) response.status(403).end()
  else next()
}

/** The status a parser gave (400, 413), else 500; never a stack, never what was sent. */
function failed(log: Log): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const given = typeof error === "object" && error !== null && "status" in error ? Number(error.status) : 500
    const status = given >= 400 && given < 600 ? given : 500
    if (status >= 500) log.error("request_failed", { status, error })
    if (response.headersSent) {
      next(error)
      return
    }
    response
      .status(status)
      .type("text/plain")
      .send(status >= 500 ? "Something went wrong on our side. Please try again.\n" : "This request could not be read.\n")
  }
}

async function soon(ready: () => Promise<boolean>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), readyWithinMs)
  })
  try {
    return await Promise.race([ready(), late])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

function portTrouble(error: NodeJS.ErrnoException, { host, port }: ServeOptions): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new PortTrouble(
        `Port ${port} is taken by another program: stop that one, or choose another port: PORT=${port === 65_535 ? 3000 : port + 1} npm start.`,
      )
    case "EACCES":
      return new PortTrouble(`This account may not listen on port ${port}: choose one above 1023, such as PORT=3000.`)
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new PortTrouble(`${host} is not an address of this machine: correct HOST.`)
    default:
      return error
  }
}

function named(host: string): string {
  if (isLoopback(host) || host === "0.0.0.0" || host === "::") return "localhost"
  return host.includes(":") ? `[${host}]` : host
}
