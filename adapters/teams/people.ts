// Decides what a Teams account says of the person behind it. Refuses to list anybody: who has the app is met when it is installed for them.
import type { Account, Profile } from "../../src/platform/account.ts"
import { type Body, textIn } from "../../src/platform/body.ts"
import { DeliveryFailure } from "../../src/platform/failure.ts"
import type { Connector } from "./connector.ts"
import type { Directs } from "./directs.ts"
import { entraIdIn } from "./narrow.ts"
import { placeOf } from "./route.ts"
import type { ServiceUrls } from "./service-urls.ts"

export type People = {
  people(tenant: string): AsyncIterable<Profile>
  profile(account: Account, route?: string): Promise<Profile | null>
}

export function createPeople({ connector, directs, urls }: { connector: Connector; directs: Directs; urls: ServiceUrls }): People {
  return {
    // A tenant is listed by Graph alone, for a right over all its people that nothing here is worth.
    people: async function* nobody() {},
    async profile(account, kept) {
      const { platform, tenant, user } = account
      const route = platform === "teams" ? (directs.of(tenant, user) ?? kept ?? null) : null
      if (route === null) return null
      const member = await connector.member(placeOf(route, urls), user)
      if (member === null) {
        // It is not theirs, or not there any more: whoever writes to them opens their own.
        directs.forget({ tenant, user, route })
        return null
      }
      // Whoever answers for somebody else is nobody.
      const id = entraIdIn(member, "aadObjectId") ?? entraIdIn(member, "objectId")
      if (id !== null && id !== user) throw new DeliveryFailure({ reason: "invalid", detail: "another_member" })
      const device = directs.device(tenant, user)
      const [language = ""] = (device?.language ?? "").split("-")
      return {
        account,
        email: emailIn(member),
        zone: device?.zone ?? null,
        language: language === "" ? null : language.toLowerCase(),
        guest: isGuest(member, tenant),
      }
    },
  }
}

/** Both are the tenant's own word, which only its administrators change. */
function emailIn(member: Body): string | null {
  const found = [textIn(member, "email"), textIn(member, "userPrincipalName")].find((address) => address !== null && address !== "") ?? null
  return found !== null && /^[^\s@]+@[^\s@]+$/.test(found) && !/#EXT#/i.test(found) ? found : null
}

function isGuest(member: Body, tenant: string): boolean {
  const home = entraIdIn(member, "tenantId")
  return (
    ["guest", "anonymous"].includes((textIn(member, "userRole") ?? "").toLowerCase()) ||
    /#EXT#/i.test(textIn(member, "userPrincipalName") ?? "") ||
    (home !== null && home !== tenant)
  )
}
