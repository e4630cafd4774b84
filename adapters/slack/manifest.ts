// The app as Slack is told of it: what it is called, may do and is told of.
// Refuses to know which commands there are and which addresses it has: both are given.
import type { AppsManifestCreateArguments } from "@slack/web-api"
import { eventsPath, redirectPath } from "./paths.ts"
import { botEvents, botScopes } from "./scopes.ts"

export type Manifest = AppsManifestCreateArguments["manifest"]
type Features = NonNullable<Manifest["features"]>
type BotScope = NonNullable<NonNullable<NonNullable<Manifest["oauth_config"]>["scopes"]>["bot"]>[number]
type BotEvent = NonNullable<NonNullable<NonNullable<Manifest["settings"]>["event_subscriptions"]>["bot_events"]>[number]

/** `name` without its slash; `hint` is what may follow it, null where nothing may. */
export type SlashCommand = { name: string; description: string; hint: string | null }

export type ManifestInput = {
  commands: readonly SlashCommand[]
  /** Where Slack reaches this server; may be null only in Socket Mode. */
  publicUrl: string | null
  socket: boolean
  /** At most 140 characters. */
  description: string
  /** 175 to 4,000 characters. */
  longDescription: string
}

/** Caps of docs.slack.dev/reference/app-manifest and slackapi/manifest-schema; a manifest beyond one is refused whole. */
export const manifestCaps = { description: 140, longDescription: [175, 4_000], commands: 50, command: 32, commandText: 2_000, hint: 1_000 } as const

// Slack refuses the whole manifest ("the slash command has an invalid name") over one of its own words.
const slacksOwn: ReadonlySet<string> = new Set(
  "active apps archive away collapse dm dnd expand feed invite join leave me msg mute open pro remind remove rename search shortcuts shrug star status topic who".split(
    " ",
  ),
)

/** Whether an app may have a slash command of this name: Slack keeps its own words, such as /away. */
export const isFreeCommand = (name: string): boolean => !slacksOwn.has(name)

export function slackManifest(input: ManifestInput): Manifest {
  const { publicUrl, socket } = input
  // Socket Mode takes everything over its one connection: Slack wants no addresses then.
  const called = socket || publicUrl === null ? null : `${publicUrl}${eventsPath}`
  return {
    display_information: { name: "Rapport", description: input.description, long_description: input.longDescription, background_color: "#1f4e5f" },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "rapport", always_online: true },
      slash_commands: input.commands.map((command) => slashCommand(command, called)),
    },
    oauth_config: {
      ...(publicUrl === null ? {} : { redirect_urls: [`${publicUrl}${redirectPath}`] }),
      scopes: { bot: botScopes as BotScope[] },
    },
    settings: {
      event_subscriptions: { ...(called === null ? {} : { request_url: called }), bot_events: botEvents as BotEvent[] },
      interactivity: { is_enabled: true, ...(called === null ? {} : { request_url: called }) },
      org_deploy_enabled: false,
      socket_mode_enabled: socket,
      token_rotation_enabled: false,
    },
  }
}

const slashCommand = ({ name, description, hint }: SlashCommand, url: string | null): NonNullable<Features["slash_commands"]>[number] => ({
  command: `/${name}`,
  ...(url === null ? {} : { url }),
  description,
  ...(hint === null ? {} : { usage_hint: hint }),
  // So that a person who is mentioned arrives as an id.
  should_escape: true,
})
