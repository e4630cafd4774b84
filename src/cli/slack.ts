// Slack as a command reaches it: it asks and sends, and hears nothing.
import { setTimeout as rest } from "node:timers/promises"
import { botTokenIn } from "../../adapters/slack/api.ts"
import { createSlack, type Slack } from "../../adapters/slack/entry.ts"
import type { SlackConfig } from "../config-slack.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import { openTokens } from "../roster/tokens.ts"
import type { Session } from "./session.ts"

type SlackHere = Slack & {
  /** The token that an install link brought; null where none is kept. */
  tokenOf(tenant: string): Promise<string | null>
}

const mostWaitMs = 15_000

/** Events and installations are the running process's. Somebody waits at the terminal: a long wait is told, not waited for. */
export function slackHere({ db, words }: Pick<Session, "db" | "words">, slack: SlackConfig, now: () => Date): SlackHere {
  const tokens = openTokens({ db, words, platform: "slack", now })
  const platform = createSlack({
    ...slack,
    tokens,
    installs: { invited: () => false, keep: async () => "not_invited" },
    now,
    report: () => {},
    sleep: async (ms) => {
      if (ms > mostWaitMs) throw new DeliveryFailure({ reason: "busy", retryAfterMs: ms })
      await rest(ms)
    },
  })
  return {
    ...platform,
    async tokenOf(tenant) {
      const stored = await tokens.get(tenant)
      return stored === null ? null : botTokenIn(stored)
    },
  }
}
