// Decides to which school a workspace is connected: by a link that its admin made, or by hand where one bot token stands in the environment.
// Refuses to know how a vendor installs anything, and to move a workspace from one school to another.
import { createHash, createHmac, timingSafeEqual } from "node:crypto"
import { type Tx, withSchool } from "../../db/client.ts"
import { writeDeed } from "../../db/queries/access.ts"
import { holdLink, linkUsedElsewhere, type Taken, takeWorkspace, wakeLane } from "../../db/queries/roster-connect.ts"
import { askEnrolment } from "../../db/queries/roster-enrol-wake.ts"
import { schoolRow } from "../../db/queries/school.ts"
import type { Deps } from "../deps.ts"
import type { PlatformName, Workspace } from "../platform/account.ts"
import type { Installs } from "../platform/platform.ts"
import { isId } from "../words/id.ts"
import { sealToken } from "./tokens.ts"

const linkLastsMs = 24 * 3_600_000

/** What makes links and reads them: one platform's state secret. */
export type LinkKey = { platform: PlatformName; secret: string }

/** The link's token: names the school, opens nothing else, and is good for 24 hours and one workspace. */
export function installLink(key: LinkKey, { schoolId, now }: { schoolId: string; now: Date }): string {
  const said = Buffer.from(JSON.stringify({ school: schoolId, until: now.getTime() + linkLastsMs })).toString("base64url")
  return `${said}.${signed(key, said).toString("base64url")}`
}

const signed = ({ platform, secret }: LinkKey, said: string): Buffer =>
  createHmac("sha256", secret).update(`rapport install ${platform} ${said}`).digest()

/** The school that a link names; null for one that is not ours, was changed, or is over. */
export function schoolInvited(key: LinkKey, link: string, now: Date): string | null {
  const [said = "", mark = "", ...more] = link.split(".")
  const [ours, theirs] = [signed(key, said), Buffer.from(mark, "base64url")]
  // Read back, so that one link has one spelling.
  const same = theirs.length === ours.length && timingSafeEqual(ours, theirs) && theirs.toString("base64url") === mark
  if (!same || more.length > 0) return null
  const { school, until } = JSON.parse(Buffer.from(said, "base64url").toString("utf8")) as { school: unknown; until: unknown }
  const current = typeof until === "number" && now.getTime() < until
  return current && typeof school === "string" && isId(school) ? school : null
}

/** What the audit keeps of a link: enough to know it again, nothing to use it with. */
const markOf = (link: string): string => createHash("sha256").update(link).digest("base64url").slice(0, 22)

export type ConnectDeps = Pick<Deps, "db" | "ids" | "wakeLanes"> & { now: () => Date }
export type InstallDeps = ConnectDeps & LinkKey & Pick<Deps, "words">

/** Workspace, token, deed and wake-ups are kept together or not at all. */
export function createInstalls(deps: InstallDeps): Installs {
  const { db, words, platform } = deps
  if (deps.secret === "") throw new TypeError("Links to install by are signed with a secret.")
  return {
    invited: (link) => schoolInvited(deps, link, deps.now()) !== null,
    async keep(link, tenant, token) {
      const now = deps.now()
      const schoolId = schoolInvited(deps, link, now)
      if (schoolId === null) return "not_invited"
      const workspace = { platform, tenant }
      const kept = await withSchool(db, schoolId, async (tx) => {
        if ((await schoolRow(tx)) === null) return "not_invited"
        const mark = markOf(link)
        await holdLink(tx, mark)
        if (await linkUsedElsewhere(tx, workspace, mark)) return "not_invited"
        if ((await takeWorkspace(tx, workspace, schoolId)) === "elsewhere") return "elsewhere"
        await sealToken(tx, words, { ...workspace, schoolId, token, now })
        await begin(tx, deps, { schoolId, workspace, now, by: { by: "link", link: mark } })
        return "kept"
      })
      if (kept === "kept") await deps.wakeLanes([workspace])
      return kept
    },
  }
}

/** For the workspace of the one bot token: nobody's becomes this school's, a paused one goes on. Does nothing where it is connected already. */
export async function connectByHand(deps: ConnectDeps, workspace: Workspace, schoolId: string): Promise<Taken> {
  const now = deps.now()
  const taken = await withSchool(deps.db, schoolId, async (tx) => {
    const taken = await takeWorkspace(tx, workspace, schoolId)
    if (taken === "connected") await begin(tx, deps, { schoolId, workspace, now, by: { by: "token" } })
    return taken
  })
  if (taken === "connected") await deps.wakeLanes([workspace])
  return taken
}

type Begun = { schoolId: string; workspace: Workspace; now: Date; by: { by: "link"; link: string } | { by: "token" } }

/** What a workspace starts with, or goes on with: the deed, its lane awake, its people to be read. */
async function begin(tx: Tx, { ids }: Pick<Deps, "ids">, { schoolId, workspace, now, by }: Begun): Promise<void> {
  const { platform, tenant } = workspace
  await writeDeed(tx, {
    ...{ schoolId, id: ids(), at: now, actorId: null, via: platform },
    ...{ act: "workspace_connected", subjectId: null, detail: { platform, tenant, ...by } },
  })
  await wakeLane(tx, schoolId, workspace, now)
  await askEnrolment(tx, schoolId, workspace, now)
}
