// What the bot says, in each language: ICU messages by key, complete by type.
// Refuses to know who is spoken to, and why.
import { IntlMessageFormat } from "intl-messageformat"

export const languages = ["en", "es"] as const
export type Language = (typeof languages)[number]

/** A person's language as a roster or vendor words it ("es-MX", "ES"), or the school's where it is unknown. */
export const languageOf = (tag: string | null, otherwise: Language = "en"): Language => {
  const short = tag?.toLowerCase().slice(0, 2)
  return languages.find((language) => language === short) ?? otherwise
}

type Vars = Readonly<Record<string, string | number>>
export type Say<Key extends string> = (language: Language, key: Key, vars?: Vars) => string

/**
 * A room's phrases. Spanish must have every English key (checked by type); that both name the same variables is
 * checked by `test/words.test.ts` through `phrasebook.all`. Throws on a variable that the caller forgot.
 */
export function phrasebook<const En extends Readonly<Record<string, string>>>(
  room: string,
  phrases: { en: En; es: { readonly [K in keyof En]: string } },
): Say<keyof En & string> {
  shelf.set(room, phrases)
  const parsed = new Map<string, IntlMessageFormat>()
  return (language, key, vars) => {
    const id = `${language}:${key}`
    let format = parsed.get(id)
    if (!format) {
      format = new IntlMessageFormat(phrases[language][key], language, undefined, { ignoreTag: true })
      parsed.set(id, format)
    }
    return String(format.format(vars))
  }
}

type Phrases = { en: Readonly<Record<string, string>>; es: Readonly<Record<string, string>> }
const shelf = new Map<string, Phrases>()
/** Every room's phrases that have been loaded, for the checks on words. */
export const phrasebooks = (): ReadonlyMap<string, Phrases> => shelf
