// Teams: all of Rapport beside botbuilder alone with an empty handler. Both are called with real tokens, and prove them.
import { randomBytes } from "node:crypto"
import { acknowledged, students } from "./acknowledged.ts"
import { type Server, started } from "./processes.ts"
import type { Measured } from "./run.ts"
import { openTeamsVendor, type TeamsVendor } from "./teams-events.ts"

export async function teams(): Promise<Measured> {
  const vendor = await openTeamsVendor()
  try {
    return await acknowledged({
      chat: vendor.chat,
      parts: vendor.parts,
      others: [() => bare(vendor)],
      rapport: (url) => rapport(vendor, url),
      remark: "The tokens are four: Rapport proves each anew every five minutes, botbuilder with every activity.",
    })
  } finally {
    await vendor.stop()
  }
}

async function bare({ places, events }: TeamsVendor): Promise<Server> {
  const { where, stop } = await started({ script: import.meta.resolve("./teams-bare.ts"), args: [JSON.stringify(places)], said: /^(\d+)$/ })
  return { name: "botbuilder, empty handler", url: `http://127.0.0.1:${where}/api/messages`, next: events(students + 1, students), stop }
}

async function rapport({ places, events }: TeamsVendor, databaseUrl: string): Promise<Server> {
  const { where, stop } = await started({
    script: import.meta.resolve("./teams-rapport.ts"),
    args: [JSON.stringify(places)],
    env: {
      DATABASE_URL: databaseUrl,
      RAPPORT_KEY: randomBytes(32).toString("base64"),
      MicrosoftAppId: places.appId,
      MicrosoftAppPassword: "bench",
      MicrosoftAppTenantId: places.tenant,
      PORT: "0",
      LOG_LEVEL: "error",
    },
    said: /Rapport is ready at (\S+)/,
  })
  return { name: "Rapport", url: `${where.replace("localhost", "127.0.0.1")}/api/messages`, next: events(1, students), stop }
}
