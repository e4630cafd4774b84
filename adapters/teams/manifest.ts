// The app as Teams is told of it: what it is called, where it may be used and what can be typed to it.
// Refuses to know which commands there are and who runs it: both are given.

/** `title` is what Teams writes for whoever picks it: it must be understood as it stands. */
export type TeamsCommand = { title: string; description: string }

/** Everything of the app that a person reads, in one language. */
export type TeamsWords = {
  fullName: string
  /** At most 80 characters. */
  description: string
  longDescription: string
  personal: readonly TeamsCommand[]
  team: readonly TeamsCommand[]
  lookUp: { title: string; description: string; name: string; nameDescription: string }
}

export type TeamsManifestInput = {
  appId: string
  /** An https page of whoever answers for the app: who they are, privacy, terms. */
  website: string
  /** The first is what people read whose Teams speaks none of these. */
  languages: readonly [Localized, ...Localized[]]
}
export type Localized = { tag: string; words: TeamsWords }

/** Raise it with every change of the manifest: Teams takes a package again only with a higher one. */
export const appVersion = "1.1.0"

const schemaVersion = "1.25"
const schemas = `https://developer.microsoft.com/json-schemas/teams/v${schemaVersion}`
export const accentColor = "#1f4e5f"
export const colorIcon = "color.png"
export const outlineIcon = "outline.png"
export const languageFile = (tag: string): string => `${tag}.json`

/** Nothing may be loaded from elsewhere, no file is taken, and no right to anybody's data is asked for beyond who writes. */
export function teamsManifest({ appId, website, languages: [first, ...others] }: TeamsManifestInput) {
  const { words } = first
  const { lookUp } = words
  return {
    $schema: `${schemas}/MicrosoftTeams.schema.json`,
    manifestVersion: schemaVersion,
    version: appVersion,
    id: appId,
    developer: { name: "Rapport", websiteUrl: website, privacyUrl: website, termsOfUseUrl: website },
    name: { short: "Rapport", full: words.fullName },
    description: { short: words.description, full: words.longDescription },
    localizationInfo: {
      defaultLanguageTag: first.tag,
      additionalLanguages: others.map(({ tag }) => ({ languageTag: tag, file: languageFile(tag) })),
    },
    icons: { color: colorIcon, outline: outlineIcon },
    accentColor,
    defaultInstallScope: "personal",
    bots: [
      {
        botId: appId,
        scopes: ["personal", "team"],
        isNotificationOnly: false,
        supportsFiles: false,
        commandLists: [
          { scopes: ["personal"], commands: words.personal },
          { scopes: ["team"], commands: words.team },
        ],
      },
    ],
    composeExtensions: [
      {
        botId: appId,
        commands: [
          {
            id: "mentee",
            type: "query",
            context: ["compose", "commandBox"],
            title: lookUp.title,
            description: lookUp.description,
            initialRun: false,
            parameters: [{ name: "name", title: lookUp.name, description: lookUp.nameDescription, inputType: "text" }],
          },
        ],
      },
    ],
    permissions: ["identity", "messageTeamMembers"],
    validDomains: [],
  }
}

/** The same words in another language, by the places in the manifest where they stand. */
export function localization(words: TeamsWords): Record<string, string> {
  const listed = [words.personal, words.team].flatMap((commands, list) =>
    commands.flatMap(({ title, description }, n) => {
      const place = `bots[0].commandLists[${list}].commands[${n}]`
      return [
        [`${place}.title`, title],
        [`${place}.description`, description],
      ]
    }),
  )
  const query = "composeExtensions[0].commands[0]"
  return {
    $schema: `${schemas}/MicrosoftTeams.Localization.schema.json`,
    "name.short": "Rapport",
    "name.full": words.fullName,
    "description.short": words.description,
    "description.full": words.longDescription,
    ...Object.fromEntries(listed),
    [`${query}.title`]: words.lookUp.title,
    [`${query}.description`]: words.lookUp.description,
    [`${query}.parameters[0].title`]: words.lookUp.name,
    [`${query}.parameters[0].description`]: words.lookUp.nameDescription,
  }
}
