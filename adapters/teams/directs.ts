// Which personal conversation is the bot's own with whom, where each tenant is reached, and what people's devices said of themselves, as far as
// Teams has told since the start. Refuses to ask.
import type { Device } from "./receive-device.ts"
import type { Direct } from "./reply.ts"

export type Reached = { serviceUrl: string; botId: string }

export type Directs = {
  /** The route of the bot's own conversation with somebody. */
  of(tenant: string, user: string): string | null
  keep(direct: Direct): void
  /** It is not there any more. */
  forget(direct: Direct): void
  /** The newest address that the tenant's events came by, and as whom the bot was written to. */
  reached(tenant: string): Reached | null
  device(tenant: string, user: string): Device | null
  /** Of one event that is proven to be Teams'. */
  heard(from: Reached & { tenant: string; user: string; device: Device }): void
}

const most = 50_000

export function createDirects(): Directs {
  const routes = new Map<string, string>()
  const places = new Map<string, Reached>()
  const devices = new Map<string, Device>()
  const key = (tenant: string, user: string) => `${tenant}/${user}`
  return {
    of: (tenant, user) => routes.get(key(tenant, user)) ?? null,
    keep: ({ tenant, user, route }) => put(routes, key(tenant, user), route),
    forget({ tenant, user, route }) {
      if (routes.get(key(tenant, user)) === route) routes.delete(key(tenant, user))
    },
    reached: (tenant) => places.get(tenant) ?? null,
    device: (tenant, user) => devices.get(key(tenant, user)) ?? null,
    heard({ tenant, user, serviceUrl, botId, device }) {
      put(places, tenant, { serviceUrl, botId })
      if (device.zone !== null || device.language !== null) put(devices, key(tenant, user), device)
    },
  }
}

function put<Value>(map: Map<string, Value>, key: string, value: Value): void {
  if (map.get(key) === value) return
  const [oldest] = map.keys()
  if (map.size >= most && !map.has(key) && oldest !== undefined) map.delete(oldest)
  map.set(key, value)
}
