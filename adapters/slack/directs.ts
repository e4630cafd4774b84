// Which direct conversation is the bot's own with whom, as far as Slack has said so since the start.
// Refuses to ask: what is not known is written to by the user's id.
import type { Direct } from "./reply.ts"

export type Directs = {
  of(tenant: string, user: string): string | null
  keep(direct: Direct): void
}

const most = 50_000

export function createDirects(): Directs {
  const known = new Map<string, string>()
  const key = (tenant: string, user: string) => `${tenant}/${user}`
  return {
    of: (tenant, user) => known.get(key(tenant, user)) ?? null,
    keep({ tenant, user, channel }) {
      if (!channel.startsWith("D") || user === "" || known.get(key(tenant, user)) === channel) return
      const [oldest] = known.keys()
      if (known.size >= most && oldest !== undefined) known.delete(oldest)
      known.set(key(tenant, user), channel)
    },
  }
}
