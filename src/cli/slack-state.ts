// What doctor says of Slack: whether it knows us, whether it reaches us, and who of the roster is there. Names are for the admin at the
// terminal alone; nobody's words, e-mails or tokens.
import { checkSlack, type SlackCheck } from "../../adapters/slack/check.ts"
import { eventsPath } from "../../adapters/slack/paths.ts"
import { botEvents, neededFor } from "../../adapters/slack/scopes.ts"
import { withoutSchool } from "../../db/client.ts"
import { addressesInTrouble, lastEventAt, type Reachable, reachable } from "../../db/queries/connection.ts"
import type { SchoolRow } from "../../db/queries/school.ts"
import { type WorkspaceRow, workspaceRows } from "../../db/queries/workspaces.ts"
import type { SlackConfig } from "../config-slack.ts"
import type { Profile, Workspace } from "../platform/account.ts"
import { DeliveryFailure } from "../platform/failure.ts"
import { keptOff } from "../roster/age.ts"
import type { Settings } from "../roster/settings.ts"
import { addressFinding, type Finding, type Found, lastEvent, namedPeople, notSetUp } from "./finding.ts"
import { listed, many } from "./print.ts"
import { inSchool, type Session } from "./session.ts"
import { slackHere } from "./slack.ts"
import { refusalSays, tokenCodes } from "./slack-refusal.ts"

/** Without a school (there is none yet) only Slack itself is asked. */
export async function slackState(session: Session, school: SchoolRow | null, all: boolean): Promise<Found> {
  const { slack } = session.config
  const connected = (await withoutSchool(session.db, workspaceRows)).filter(({ platform }) => platform === "slack")
  const here = connected.filter(({ schoolId }) => schoolId === school?.id)
  if (slack === null) return { findings: here.map((row) => notSetUp("slack", row, notHere)), lines: [] }

  const platform = slackHere(session, slack, () => session.now)
  const found: Found = { findings: [settled(slack)], lines: [] }
  const appToken = slack.connection.kind === "socket" ? slack.connection.appToken : null
  const ask = (botToken: string | null, app: string | null) => checkSlack({ apiUrl: slack.apiUrl, botToken, appToken: app })
  const add = (findings: readonly Finding[], lines: readonly string[] = []) => {
    found.findings.push(...findings)
    found.lines.push(...lines)
  }

  const byToken = slack.access.kind === "token" ? slack.access.botToken : null
  const first = await ask(byToken, appToken)
  add(tokenFindings(first.token, "bot"))
  add(socketFindings(first.socket))
  const tenants = first.token.kind === "known" ? [first.token.tenant] : byToken === null ? here.map(({ tenant }) => tenant) : []
  if (byToken === null) for (const tenant of tenants) add(tokenFindings((await ask(await platform.tokenOf(tenant), null)).token, "install", tenant))
  if (school === null) return found
  if (tenants.length === 0 && byToken === null)
    add([{ of: "workspace", well: null, says: `none is connected to ${school.name}: run "rapport connect slack" and open its link` }])

  for (const tenant of tenants) {
    const row = connected.find((one) => one.tenant === tenant)
    add([workspaceFinding(row, tenant, school, byToken === null ? "install" : "bot")])
    if (row?.schoolId !== school.id) continue
    const workspace: Workspace = { platform: "slack", tenant }
    const profiles = await profilesIn(platform.people(tenant))
    const { last, trouble, people, settings } = await inSchool(session, school.id, async ({ tx, settings }) => ({
      last: await lastEventAt(tx, workspace),
      trouble: await addressesInTrouble(tx, workspace),
      people: await reachable(tx, workspace),
      settings,
    }))
    add([eventFinding(last, slack, session.config.publicUrl)])
    if (profiles.kind === "refused") add([{ of: "people", well: false, says: refusalSays(profiles.failure, byToken === null ? "install" : "bot") }])
    else add(...peopleFound(people, profiles.profiles, settings, all))
    add([addressFinding("slack addresses", trouble)])
  }
  const unasked =
    "Slack does not tell whether people may write to the app. Where they read “Sending messages to this app has been turned off”, switch the Messages Tab on, on the app's page “App Home”."
  add([], tenants.length > 0 ? [unasked] : [])
  return found
}

const notHere = "Slack is not set up here, so nothing is sent there: set SLACK_BOT_TOKEN and its companions (.env.example)"

function settled({ access, connection }: SlackConfig): Finding {
  const way = access.kind === "token" ? "one workspace, by its bot token" : "by install links"
  const reached = connection.kind === "socket" ? "Slack reaches us by Socket Mode" : "Slack reaches us over https"
  return { of: "slack", well: true, says: `${way}; ${reached}` }
}

function tokenFindings(token: SlackCheck["token"], asked: "bot" | "install", tenant?: string): Finding[] {
  const of = "slack token"
  if (token.kind === "refused") return [{ of, well: false, says: refusalSays(token.failure, asked) }]
  if (token.kind === "not_asked")
    return tenant === undefined ? [] : [{ of, well: false, says: `none is kept for ${tenant}: run "rapport connect slack" and open its link` }]
  return [{ of, well: true, says: `known: the workspace ${token.name} (${token.tenant})` }, scopesFinding(token)]
}

function scopesFinding({ missing, surplus }: Extract<SlackCheck["token"], { kind: "known" }>): Finding {
  const of = "slack scopes"
  const mend = 'on the app\'s page "OAuth & Permissions", then install it again'
  if (missing.length > 0)
    return { of, well: false, says: `add ${listed(missing.map((scope) => `${scope} (for ${neededFor(scope).join(", ")})`))} ${mend}` }
  if (surplus.length > 0) return { of, well: null, says: `nothing uses ${listed(surplus)}: take ${surplus.length === 1 ? "it" : "them"} out ${mend}` }
  return { of, well: true, says: "exactly those that are used" }
}

function socketFindings(socket: SlackCheck["socket"]): Finding[] {
  const of = "socket mode"
  if (socket.kind === "not_asked") return []
  return socket.kind === "opens" ? [{ of, well: true, says: "opens" }] : [{ of, well: false, says: refusalSays(socket.failure, "app") }]
}

function workspaceFinding(row: WorkspaceRow | undefined, tenant: string, school: SchoolRow, asked: "bot" | "install"): Finding {
  const of = "workspace"
  if (!row) return { of, well: null, says: `${tenant} is connected to no school yet: run "rapport connect slack"` }
  if (row.schoolId !== school.id) return { of, well: false, says: `${tenant} belongs to another school here: ask about that one with --school` }
  if (row.paused === null) return { of, well: true, says: `${tenant} is connected to ${school.name}` }
  // This token was just accepted: what was refused is the one that the running process began with.
  if (asked === "bot" && tokenCodes.includes(row.paused))
    return {
      of,
      well: false,
      says: `${tenant} is paused, everything owed there waits. Slack knows the token that is set now, but the running Rapport was started with an older one (${row.paused}): stop it, start it with this one, then run "rapport connect slack"`,
    }
  const refusal = refusalSays({ reason: "denied", detail: row.paused }, asked)
  return { of, well: false, says: `${tenant} is paused, everything owed there waits. ${refusal} Then run "rapport connect slack"` }
}

function eventFinding(last: Date | null, { connection }: SlackConfig, publicUrl: string | null): Finding {
  const of = "slack events"
  if (last !== null) return lastEvent(of, last)
  const url = publicUrl === null ? `your https address with ${eventsPath} (PUBLIC_URL is not set)` : `${publicUrl}${eventsPath}`
  const reached =
    connection.kind === "socket"
      ? 'look whether Socket Mode is on, on the app\'s page "Socket Mode"'
      : `look whether SLACK_SIGNING_SECRET is the "Signing Secret" of the app's page "Basic Information", and on "Event Subscriptions" whether the Request URL ${url} is verified`
  return {
    of,
    well: null,
    says: `none has come yet: start Rapport, write help to the app in Slack and look again; if still none, ${reached}, with the bot events ${botEvents.join(", ")}`,
  }
}

type Profiles = { kind: "read"; profiles: Profile[] } | { kind: "refused"; failure: DeliveryFailure["failure"] }

async function profilesIn(people: AsyncIterable<Profile>): Promise<Profiles> {
  const profiles: Profile[] = []
  try {
    for await (const profile of people) profiles.push(profile)
  } catch (error) {
    if (error instanceof DeliveryFailure) return { kind: "refused", failure: error.failure }
    throw error
  }
  return { kind: "read", profiles }
}

const emailOf = ({ email }: Profile): string => email?.trim().toLowerCase() ?? ""

/** The roster against the workspace, by e-mail or by whoever is linked already. */
function peopleFound(people: readonly Reachable[], profiles: readonly Profile[], settings: Settings, all: boolean): [Finding[], string[]] {
  const mayBe = people.filter((person) => !keptOff("slack", person, settings))
  const young = people.length - mayBe.length
  const guests = new Set(profiles.filter(({ guest }) => guest).map(emailOf))
  const members = new Set(profiles.filter(({ guest }) => !guest).map(emailOf))
  const times = Map.groupBy(people, ({ email }) => email)
  const shared = (email: string): boolean => (times.get(email)?.length ?? 0) > 1
  const missed = mayBe.filter(({ users, email }) => users.length === 0 && (email === null || shared(email) || !members.has(email)))
  const why = ({ email }: Reachable): string => {
    if (email === null) return "no e-mail in the roster"
    if (shared(email)) return "somebody else in the roster has the same e-mail"
    return guests.has(email) ? "only a guest there" : "nobody there has that e-mail"
  }

  const linked = new Set(people.flatMap(({ users }) => users))
  const emails = new Set(people.flatMap(({ email }) => (email === null ? [] : [email])))
  const unlinked = profiles.filter(({ account }) => !linked.has(account.user))
  const [guestCount, strangers] = [
    unlinked.filter(({ guest }) => guest).length,
    unlinked.filter((one) => !one.guest && !emails.has(emailOf(one))).length,
  ]

  const here = mayBe.length - missed.length
  const unlinkedYet = mayBe.filter(({ users }) => users.length === 0).length - missed.length
  const yet = unlinkedYet === 0 ? "" : `; ${unlinkedYet} of them will be linked while Rapport runs`
  const findings: Finding[] = [
    {
      of: "people",
      well: missed.length === 0 ? true : null,
      says:
        missed.length === 0
          ? `all ${here} of the roster who may be in Slack are there${yet}`
          : `${here} of ${mayBe.length} in the roster ${here === 1 ? "is" : "are"} found in Slack${yet}; ${missed.length} ${missed.length === 1 ? "is" : "are"} not (see below), and ${missed.length === 1 ? "gets" : "get"} nothing there`,
    },
    {
      of: "strangers",
      well: true,
      says: `${many(guestCount, "guest")}, and ${many(strangers, "account")} that the roster does not know: they get one polite answer, and nothing they write is kept; words about danger are heard all the same`,
    },
    ...(young === 0
      ? []
      : [
          {
            of: "age",
            well: true,
            says: `${many(young, "student")} kept off Slack, younger than ${settings["slack.minimum_age"]} (slack.minimum_age)`,
          },
        ]),
  ]
  return [
    findings,
    namedPeople(
      "Not found in Slack (correct the roster or their Slack profile, or run rapport link):",
      missed.map((person) => [person.name, person.role, why(person)]),
      all,
    ),
  ]
}
