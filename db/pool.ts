// Decides which connection a transaction gets, and for how long it may wait. Refuses to know what is asked on it.
import { connect, type Socket } from "node:net"
import postgres from "postgres"

/** One connection. Once it is lost the slot is thrown away: a postgres.js client is never asked to reconnect. */
export type Slot = { readonly client: postgres.Sql; dead: boolean; lastUsed: number }

export type Pool = {
  /** Rejects with `DatabaseBusy` when no connection came free in time. */
  acquire(): Promise<Slot>
  release(slot: Slot): void
  /** Lets what runs come to its end for `graceMs`, then cuts it off. */
  close(graceMs?: number): Promise<void>
}

export type PoolOptions = { role: string | null; max: number; acquireTimeoutMs: number; applicationName: string }

export class DatabaseBusy extends Error {
  override readonly name = "DatabaseBusy"
}

const asIs = (value: unknown) => value
const iso = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value))

// A `date` is a day and stays text. Drizzle hands json over as text already. Counts are numbers: ours stay far below 2^53.
export const types = {
  day: { to: 1082, from: [1082], serialize: (value: unknown) => (value instanceof Date ? iso(value).slice(0, 10) : value), parse: asIs },
  instant: { to: 1184, from: [1184], serialize: iso, parse: (text: string) => new Date(`${text.replace(" ", "T")}:00`) },
  count: { to: 20, from: [20], serialize: String, parse: Number },
  json: {
    to: 3802,
    from: [114, 3802],
    serialize: (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value)),
    parse: JSON.parse,
  },
} as unknown as Record<string, postgres.PostgresType>

// What postgres.js cuts at; its rest, which is shorter, comes once nobody asks any more in this turn.
const pieceBytes = 1_024

/**
 * The connection, with everything that is written to it in one turn of the event loop leaving at once: postgres.js cuts what is asked together at
 * each kilobyte, and each piece costs both sides a call into the system (7 a message became 3).
 */
function gathered({ host, port, path }: { host: string[]; port: number[]; path?: string }): Socket {
  const socket = path ? connect(path) : connect(port[0] ?? 5432, host[0] ?? "localhost")
  socket.setNoDelay(true)
  const write = socket.write.bind(socket)
  let held = false
  const letGo = () => {
    if (held) socket.uncork()
    held = false
  }
  socket.write = ((...given: Parameters<Socket["write"]>) => {
    const piece = given[0]
    if (piece.length >= pieceBytes && !held) {
      held = true
      socket.cork()
      // Where nothing is left over: behind the write of a rest, which is planned by then.
      process.nextTick(() => setImmediate(letGo))
    }
    const more = write(...given)
    if (piece.length < pieceBytes) letGo()
    return more
  }) as Socket["write"]
  // postgres.js reads it for TLS.
  return Object.assign(socket, { host: host[0] })
}

/**
 * One client of width one per slot. postgres.js 3.4.9 writes to a socket that is gone when a backend dies inside its own
 * `begin` (an error nobody can catch), and a swallowed one leaves a slot that answers nobody. Here a lost slot is replaced.
 */
export function openPool(url: string, options: PoolOptions): Pool {
  const slots = new Set<Slot>()
  const idle: Slot[] = []
  const waiting: { give(slot: Slot): void; refuse(error: Error): void }[] = []
  let closed = false
  let drained: (() => void) | undefined

  function open(): Slot {
    const slot: Slot = {
      dead: false,
      lastUsed: 0,
      client: postgres(url, {
        max: 1,
        connect_timeout: 10,
        idle_timeout: 0,
        // Its timer would cut a transaction in two: the client does not know that it holds one.
        max_lifetime: 0,
        // Our queries are many and small: compiling one costs more than it ever gives back (half of a simulated week's time, measured).
        connection: {
          application_name: options.applicationName,
          TimeZone: "UTC",
          jit: "off",
          // And so does planning one anew each time it runs, for its parameters' sake: ours ask by keys.
          plan_cache_mode: "force_generic_plan",
          ...(options.role === null ? {} : { role: options.role }),
        },
        types,
        // An option that its types leave out.
        ...({ socket: gathered } as object),
        onnotice: () => {},
        onclose: () => {
          slot.dead = true
          const at = idle.indexOf(slot)
          if (at >= 0) {
            idle.splice(at, 1)
            discard(slot)
          }
        },
      }),
    }
    slots.add(slot)
    return slot
  }

  function discard(slot: Slot): void {
    slot.dead = true
    slots.delete(slot)
    slot.client.end({ timeout: 0 }).catch(() => {})
    if (slots.size === 0) drained?.()
  }

  function release(slot: Slot): void {
    if (slot.dead || closed) {
      discard(slot)
      if (closed) return
    }
    const next = waiting.shift()
    if (next !== undefined) next.give(slot.dead ? open() : slot)
    else if (!slot.dead) idle.push(slot)
  }

  return {
    release,
    acquire() {
      if (closed) return Promise.reject(new DatabaseBusy("The database is closed: Rapport is stopping."))
      const slot = idle.pop()
      if (slot !== undefined) return Promise.resolve(slot)
      if (slots.size < options.max) return Promise.resolve(open())
      return new Promise((resolve, reject) => {
        const waiter = {
          give(given: Slot) {
            clearTimeout(timer)
            resolve(given)
          },
          refuse(error: Error) {
            clearTimeout(timer)
            reject(error)
          },
        }
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(waiter), 1)
          reject(new DatabaseBusy(`All ${options.max} database connections were busy for ${options.acquireTimeoutMs} ms.`))
        }, options.acquireTimeoutMs)
        waiting.push(waiter)
      })
    },
    async close(graceMs = 5_000) {
      closed = true
      for (const waiter of waiting.splice(0)) waiter.refuse(new DatabaseBusy("The database is closed: Rapport is stopping."))
      const ends = idle.splice(0).map((slot) => {
        slots.delete(slot)
        return slot.client.end({ timeout: 1 })
      })
      if (slots.size > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, graceMs)
          drained = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      for (const slot of [...slots]) discard(slot)
      await Promise.all(ends)
    },
  }
}
