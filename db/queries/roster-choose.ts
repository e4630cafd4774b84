import { sql } from "drizzle-orm"
import type { Account, PlatformName } from "../../src/platform/account.ts"
import { rows, type Tx } from "../client.ts"

/** This account is where its person is written to from now on, and no other of theirs. Returns the platforms of the others. */
export async function chooseAddress(
  tx: Tx,
  { schoolId, personId, account, now }: { schoolId: string; personId: string; account: Account; now: Date },
): Promise<PlatformName[]> {
  const { platform, tenant, user } = account
  const others = await rows<{ platform: PlatformName }>(
    tx,
    sql`update address set chosen_at = null
        where school_id = ${schoolId} and person_id = ${personId} and (platform, tenant, user_id) <> (${platform}, ${tenant}, ${user}) returning platform`,
  )
  await rows(
    tx,
    sql`insert into address (school_id, platform, tenant, user_id, person_id, chosen_at)
        values (${schoolId}, ${platform}, ${tenant}, ${user}, ${personId}, ${now})
        on conflict (school_id, platform, tenant, user_id) do update set chosen_at = excluded.chosen_at, person_id = excluded.person_id`,
  )
  return others.map((one) => one.platform)
}
