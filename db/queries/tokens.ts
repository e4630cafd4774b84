import type { PlatformName, Workspace } from "../../src/platform/account.ts"
import { hot, type Tx } from "../client.ts"

/** The school that a workspace belongs to; null where nobody connected it. Runs without a school. */
export async function schoolOf(tx: Tx, { platform, tenant }: Workspace): Promise<string | null> {
  const [row] = await hot<{ schoolId: string }>(tx, `select school_id as "schoolId" from workspace where platform = $1 and tenant = $2`, [
    platform,
    tenant,
  ])
  return row?.schoolId ?? null
}

/** The same, held until this transaction ends: what is kept for a workspace is kept by one at a time. False where it is not this school's. */
export async function holdWorkspace(tx: Tx, schoolId: string, { platform, tenant }: Workspace): Promise<boolean> {
  const found = await hot(tx, `select from workspace where platform = $1 and tenant = $2 and school_id = $3 for no key update`, [
    platform,
    tenant,
    schoolId,
  ])
  return found.length === 1
}

export type TokenRow = { version: number; sealed: Uint8Array }

export async function tokenRow(tx: Tx, platform: PlatformName, tenant: string): Promise<TokenRow | null> {
  const [row] = await hot<TokenRow>(tx, `select version, sealed from token where platform = $1 and tenant = $2`, [platform, tenant])
  return row ?? null
}

export async function keepToken(tx: Tx, schoolId: string, { platform, tenant }: Workspace, token: TokenRow, now: Date): Promise<void> {
  await hot(
    tx,
    `insert into token (school_id, platform, tenant, version, sealed, changed_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (school_id, platform, tenant) do update set version = excluded.version, sealed = excluded.sealed, changed_at = excluded.changed_at`,
    [schoolId, platform, tenant, token.version, token.sealed, now],
  )
}

/** Unless it was kept at `before` or later: then another has come meanwhile. */
export async function dropToken(tx: Tx, { platform, tenant }: Workspace, before: Date): Promise<void> {
  await hot(tx, `delete from token where platform = $1 and tenant = $2 and changed_at < $3`, [platform, tenant, before])
}
