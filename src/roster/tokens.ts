// Decides how an adapter's secrets are kept: with the school that the workspace belongs to, sealed for this row and version alone.
// Refuses to know what they are: a token is whatever text the adapter gives.
import { type Database, type Tx, withoutSchool, withSchool } from "../../db/client.ts"
import { dropToken, holdWorkspace, keepToken, schoolOf, tokenRow } from "../../db/queries/tokens.ts"
import type { Deps } from "../deps.ts"
import type { PlatformName, Workspace } from "../platform/account.ts"
import type { Tokens } from "../platform/platform.ts"

export type TokenDeps = { db: Database; words: Deps["words"]; platform: PlatformName; now: () => Date }

/** `get` of a workspace that nobody connected is null; `put` there throws. */
export function openTokens({ db, words, platform, now }: TokenDeps): Tokens {
  const schoolFor = (tenant: string) => withoutSchool(db, (tx) => schoolOf(tx, { platform, tenant }))
  return {
    async get(tenant) {
      const schoolId = await schoolFor(tenant)
      if (schoolId === null) return null
      const row = await withSchool(db, schoolId, (tx) => tokenRow(tx, platform, tenant))
      return row && words.open(schoolId, placeOf({ platform, tenant }), row.version, row.sealed)
    },
    async put(tenant, token) {
      const schoolId = await schoolFor(tenant)
      const kept =
        schoolId !== null && (await withSchool(db, schoolId, (tx) => sealToken(tx, words, { schoolId, platform, tenant, token, now: now() })))
      if (!kept) throw new Error(`No school has connected this ${platform} workspace: its token was not kept.`)
    },
    async delete(tenant, before) {
      const schoolId = await schoolFor(tenant)
      if (schoolId !== null) await withSchool(db, schoolId, (tx) => dropToken(tx, { platform, tenant }, before))
    },
  }
}

type Kept = Workspace & { schoolId: string; token: string; now: Date }

/** In the school's own transaction. False where the workspace is not this school's. */
export async function sealToken(tx: Tx, words: Deps["words"], { schoolId, platform, tenant, token, now }: Kept): Promise<boolean> {
  const workspace = { platform, tenant }
  if (!(await holdWorkspace(tx, schoolId, workspace))) return false
  const version = ((await tokenRow(tx, platform, tenant))?.version ?? 0) + 1
  await keepToken(tx, schoolId, workspace, { version, sealed: words.seal(schoolId, placeOf(workspace), version, token) }, now)
  return true
}

// As JSON, so that no two workspaces can spell the same place.
const placeOf = ({ platform, tenant }: Workspace): string => JSON.stringify(["token", platform, tenant])
