// Decides what a Slack account says of the person behind it. Refuses an e-mail that Slack did not see confirmed.
import type { WebClient } from "@slack/web-api"
import type { Account, Profile } from "../../src/platform/account.ts"
import { type Body, bodyIn, isBody, listIn, textIn } from "../../src/platform/body.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Api } from "./api.ts"
import { failureOf } from "./failures.ts"
import { idIn, isTrueIn } from "./narrow.ts"

export type People = {
  people(tenant: string): AsyncIterable<Profile>
  profile(account: Account): Promise<Profile | null>
}

const pageSize = 200
/** Read in the background, a large workspace is asked for slowly; somebody who is told to wait for ever gives up. */
const mostWaits = 50
const wait = { leastMs: 1_000, mostMs: 60_000 }

export function createPeople(api: Api, sleep: (ms: number) => Promise<void>): People {
  async function page(client: WebClient, cursor: string | undefined): Promise<Body> {
    for (let waits = 0; ; waits++) {
      try {
        return { ...(await client.users.list({ limit: pageSize, include_locale: true, ...(cursor === undefined ? {} : { cursor }) })) }
      } catch (error) {
        const failure = failureOf(error)
        if (failure.reason !== "busy" || waits >= mostWaits) throw new DeliveryFailure(failure)
        await sleep(Math.min(wait.mostMs, Math.max(wait.leastMs, failure.retryAfterMs)))
      }
    }
  }

  return {
    async *people(tenant) {
      // With one bot token, every other tenant is another's.
      const own = await api.team()
      if (own !== null && own !== tenant) return
      const client = await api.client(tenant)
      let cursor: string | undefined
      do {
        const found = await page(client, cursor)
        for (const user of listIn(found, "members")) {
          const profile = profileOf(user, tenant)
          if (profile) yield profile
        }
        cursor = textIn(bodyIn(found, "response_metadata"), "next_cursor") ?? ""
      } while (cursor !== "")
    },
    async profile({ platform, tenant, user }) {
      if (platform !== "slack") return null
      const client = await api.client(tenant)
      try {
        const found = await client.users.info({ user, include_locale: true })
        return profileOf(found.user, tenant)
      } catch (error) {
        const failure = failureOf(error)
        if (failure.reason === "unreachable" && (failure.detail === "user_not_found" || failure.detail === "user_not_visible")) return null
        throw new DeliveryFailure(failure)
      }
    },
  }
}

/** Null for whoever is no person of now: bots, Slack itself, the deactivated. */
function profileOf(user: unknown, tenant: string): Profile | null {
  if (!isBody(user)) return null
  const id = idIn(user, "id")
  if (id === null || id === "USLACKBOT" || ["is_bot", "is_workflow_bot", "deleted"].some((name) => isTrueIn(user, name))) return null
  const email = isTrueIn(user, "is_email_confirmed") ? textIn(bodyIn(user, "profile"), "email") : null
  const [language = ""] = (textIn(user, "locale") ?? "").split("-")
  return {
    account: { platform: "slack", tenant, user: id },
    email: email === "" ? null : email,
    zone: textIn(user, "tz") || null,
    language: language === "" ? null : language.toLowerCase(),
    guest: ["is_restricted", "is_ultra_restricted", "is_stranger"].some((name) => isTrueIn(user, name)) || !isAtHome(user, tenant),
  }
}

/** In this workspace, also where an organisation has it beside others. */
const isAtHome = (user: Body, tenant: string): boolean =>
  idIn(user, "team_id") === tenant || listIn(bodyIn(user, "enterprise_user"), "teams").includes(tenant)
