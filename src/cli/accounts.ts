// The commands that say by hand whose account is whose: link, unlink. What a platform itself says of an account is shown before it is believed.
import { type Command, InvalidArgumentError } from "commander"
import { withoutSchool } from "../../db/client.ts"
import { accountsOf } from "../../db/queries/connection.ts"
import { wakeLane } from "../../db/queries/roster-connect.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import { giveAddress, type PersonRow, peopleCalled } from "../../db/queries/settings.ts"
import { connectWorkspace, linkAccount, readdress, unlinkAccount, type WorkspaceRow, workspaceRows } from "../../db/queries/workspaces.ts"
import type { SlackConfig } from "../config-slack.ts"
import type { TeamsConfig } from "../config-teams.ts"
import type { Scene } from "../deps.ts"
import { type Account, type PlatformName, type Profile, platformNames } from "../platform/account.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import { deed, onePerson } from "./people.ts"
import { listed, many, print } from "./print.ts"
import { inSchool, type Session, theSchool, withDatabase } from "./session.ts"
import { Trouble } from "./trouble.ts"

type Options = { school?: string; dryRun?: true }
type LinkOptions = Options & { yes?: true }

export function addAccounts(program: Command): void {
  program
    .command("link")
    .argument("<person>", "name, e-mail or sourcedId")
    .argument("<account>", "PLATFORM:TENANT/USER, such as slack:T0AB12/U0CD34", accountIn)
    .description("say by hand whose account this is")
    .option("--school <name>", "which school, where there are several")
    .option("--yes", "link it even if its e-mail says otherwise")
    .option("--dry-run", "say what would be linked, and change nothing")
    .addHelpText(
      "after",
      '\nExamples:\n  rapport link "Ada Brook" slack:T0AB12/U0CD34\n  rapport link "Ada Brook" teams:TENANT-ID/OBJECT-ID\n\nIn Teams both are ids of Microsoft Entra: Directory (tenant) ID, and the person\'s Object ID.',
    )
    .action(link)
  program
    .command("unlink")
    .argument("<person>", "name, e-mail or sourcedId")
    .argument("<account>", "PLATFORM:TENANT/USER, such as slack:T0AB12/U0CD34", accountIn)
    .description("say by hand that this account is not theirs")
    .option("--school <name>", "which school, where there are several")
    .option("--dry-run", "say what would be changed, and change nothing")
    .addHelpText(
      "after",
      '\nExample:\n  rapport unlink "Ada Brook" slack:T0AB12/U0CD34\n\nAn account whose e-mail is the one in the roster is found and linked again.',
    )
    .action(unlink)
}

function accountIn(text: string): Account {
  const [, name, tenant, user] = /^([a-z]+):([^/\s]+)\/(\S+)$/.exec(text) ?? []
  const platform = platformNames.find((one): one is PlatformName => one === name)
  if (!platform || !tenant || !user)
    throw new InvalidArgumentError(`Write PLATFORM:TENANT/USER with ${listed(platformNames).replace(" and ", " or ")}, such as slack:T0AB12/U0CD34.`)
  // Microsoft's ids are of no case, and written in small letters.
  return platform === "teams" ? { platform, tenant: tenant.toLowerCase(), user: user.toLowerCase() } : { platform, tenant, user }
}

const names: Readonly<Record<PlatformName, string>> = { slack: "Slack", teams: "Teams", playground: "The playground" }

const written = ({ platform, tenant, user }: Account): string => `${platform}:${tenant}/${user}`
const dry = "This was a dry run: nothing was changed."

/** `not_asked`: no token here is of that workspace. */
type Seen = { kind: "not_asked" } | { kind: "seen"; profile: Profile | null }

/** What the platform says of an account in a workspace of this school's. */
async function lookAt(session: Session, school: SchoolRow, account: Account): Promise<Seen> {
  const { slack, teams } = session.config
  const connected = await withoutSchool(session.db, workspaceRows)
  const ours = ({ platform, tenant, schoolId }: WorkspaceRow) => platform === account.platform && tenant === account.tenant && schoolId === school.id
  if (!connected.some(ours)) return { kind: "not_asked" }
  if (account.platform === "teams" && teams !== null) return lookInTeams(session, teams, account)
  if (account.platform === "slack" && slack !== null) return lookInSlack(session, slack, account)
  return { kind: "not_asked" }
}

/** Teams tells of nobody who does not have the app, and of them only in their conversation with it; opening that says nothing to anybody. */
async function lookInTeams(session: Session, teams: TeamsConfig, account: Account): Promise<Seen> {
  const platform = (await import("./teams.ts")).teamsHere(session, teams, () => session.now)
  try {
    await platform.reach(account)
    const profile = await platform.profile(account)
    return profile === null ? { kind: "not_asked" } : { kind: "seen", profile }
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error
    if (error.failure.reason === "unreachable") return { kind: "not_asked" }
    throw new Trouble(`${(await import("./teams-refusal.ts")).teamsRefusalSays(error.failure)} Nothing was changed.`)
  }
}

async function lookInSlack(session: Session, slack: SlackConfig, account: Account): Promise<Seen> {
  const { slackHere } = await import("./slack.ts")
  const platform = slackHere(session, slack, () => session.now)
  try {
    const own = await platform.team()
    if (own !== null && own !== account.tenant) return { kind: "not_asked" }
    return { kind: "seen", profile: await platform.profile(account) }
  } catch (error) {
    if (!(error instanceof DeliveryFailure)) throw error
    const { refusalSays } = await import("./slack-refusal.ts")
    throw new Trouble(`${refusalSays(error.failure, slack.access.kind === "token" ? "bot" : "install")} Nothing was changed.`)
  }
}

const small = (email: string | null): string => email?.trim().toLowerCase() ?? ""

/** Whose the verified e-mail is, where it is not this person's; null where nothing speaks against them. */
async function contradicted({ tx }: Scene, person: PersonRow, { platform }: Account, email: string | null): Promise<string | null> {
  if (email === null || small(email) === small(person.email)) return null
  const others = (await peopleCalled(tx, email.trim())).filter(({ id }) => id !== person.id)
  const whose = others.length === 0 ? "" : `, which is ${listed(others.map(({ name }) => name))}'s in the roster`
  if (small(person.email) !== "") return `${names[platform]} says ${email}${whose}, and the roster says ${person.email} of ${person.name}`
  return others.length === 0 ? null : `${names[platform]} says ${email}${whose}`
}

function seenLine(account: Account, { email, guest }: Profile): string {
  const who = email === null ? "somebody without a verified e-mail" : email
  return `In ${names[account.platform]} ${account.user} is ${who}${guest ? ", a guest" : ""}.`
}

async function link(said: string, account: Account, options: LinkOptions): Promise<void> {
  const text = written(account)
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const seen = await lookAt(session, school, account)
    const lines = await inSchool(
      session,
      school.id,
      async (scene) => {
        const person = await onePerson(scene.tx, said)
        const workspace = (await workspaceRows(scene.tx)).find((row) => row.platform === account.platform && row.tenant === account.tenant)
        if (!workspace && account.platform !== "playground")
          throw new Trouble(`No ${account.platform} workspace ${account.tenant} is connected: install the app there first.`)
        if (workspace && workspace.schoolId !== school.id)
          throw new Trouble(`The ${account.platform} workspace ${account.tenant} belongs to another school.`)
        if (seen.kind === "seen" && seen.profile === null)
          throw new Trouble(
            `${names[account.platform]} knows no account ${account.user} in ${account.tenant}, or only a bot's or one that was deactivated: nothing was changed.`,
          )
        const profile = seen.kind === "seen" ? seen.profile : null
        const otherwise = options.yes ? null : await contradicted(scene, person, account, profile?.email ?? null)
        if (otherwise !== null) throw new Trouble(`${otherwise}: nothing was changed. Add --yes if it is theirs all the same.`)
        if (!workspace) await connectWorkspace(scene.tx, account, school.id)
        if (!(await linkAccount(scene.tx, account, school.id, person.id)))
          throw new Trouble(`${text} is somebody else's account already: nothing was changed.`)
        await giveAddress(scene.tx, school.id, { ...account, personId: person.id })
        await deed(scene, "account_linked", person.id, { platform: account.platform })
        const others = (await accountsOf(scene.tx, person.id)).map(written).filter((one) => one !== text)
        return [
          ...(profile === null ? [] : [seenLine(account, profile)]),
          `${text} is ${person.name}'s.`,
          ...(others.length === 0
            ? []
            : [`${person.name} has ${others.length === 1 ? "another account" : "other accounts"} too: ${listed(others)}.`]),
        ]
      },
      () => !options.dryRun,
    )
    print(...lines, ...(options.dryRun ? [dry] : []))
  })
}

async function unlink(said: string, account: Account, options: Options): Promise<void> {
  const text = written(account)
  await withDatabase(async (session) => {
    const school = await theSchool(session, options.school)
    const lines = await inSchool(
      session,
      school.id,
      async (scene) => {
        const person = await onePerson(scene.tx, said)
        if (!(await unlinkAccount(scene.tx, account, school.id, person.id))) {
          const theirs = (await accountsOf(scene.tx, person.id)).map(written)
          const has = theirs.length === 0 ? "has none" : `has ${listed(theirs)}`
          throw new Trouble(`${text} is not ${person.name}'s account, who ${has}: nothing was changed.`)
        }
        const asOf = { now: scene.now, slackMinimumAge: scene.settings["slack.minimum_age"] }
        const { moved, ended } = await readdress(scene.tx, account, person.id, asOf)
        for (const workspace of moved) await wakeLane(scene.tx, school.id, workspace, scene.now)
        await deed(scene, "account_unlinked", person.id, { platform: account.platform })
        const left = (await accountsOf(scene.tx, person.id)).map(written)
        return [
          `${text} is no longer ${person.name}'s. ${left.length === 0 ? "No account of theirs is left: they get nothing" : `Left to them: ${listed(left)}`}.`,
          ...(ended === 0 ? [] : [`${many(ended, "message")} that waited for it ${ended === 1 ? "is" : "are"} not sent.`]),
        ]
      },
      () => !options.dryRun,
    )
    print(...lines, ...(options.dryRun ? [dry] : []))
  })
}
