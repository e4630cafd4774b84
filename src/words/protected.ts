// The eight areas that a school may not ask students about without a family's consent or notice (PPRA, 20 U.S.C. 1232h),
// as words that give such a question away. It finds the plain cases; a person still reads every new prompt.
import type { Language } from "./phrasebook.ts"

type Area = { area: string; en: readonly string[]; es: readonly string[] }

// Letters, spaces and hyphens, without accents; a * at the end stands for any ending. Words with an innocent twin are left out
// ("partido" is also a match, "elección" a choice, "pastor" a dish).
const areas: readonly Area[] = [
  {
    area: "politics",
    en: ["politic*", "election*", "republican*", "democrat*", "vote", "voted", "voting"],
    es: ["politic*", "elecciones", "republican*", "democrat*", "votar", "votaste", "votarias"],
  },
  {
    area: "mental health",
    en: ["mental health", "mental illness", "depress*", "anxiety", "suicid*", "therap*", "psychiatr*", "self-harm", "diagnos*", "medication*"],
    es: [
      "salud mental",
      "depresi*",
      "deprimi*",
      "ansiedad",
      "suicid*",
      "terapi*",
      "terapeut*",
      "psiquiatr*",
      "autolesi*",
      "diagnostic*",
      "medicamento*",
    ],
  },
  {
    area: "sex",
    en: ["sex", "sexual*", "boyfriend*", "girlfriend*", "dating", "virgin*", "gender identity"],
    es: ["sexo", "sexual*", "novio*", "novia*", "virgen", "virginidad", "identidad de genero"],
  },
  {
    area: "illegal or self-incriminating behavior",
    en: ["illegal*", "arrested", "shoplift*", "drugs", "alcohol*", "drunk", "vape*", "vaping", "marijuana", "jail", "prison"],
    es: ["ilegal*", "arrestad*", "arrestaron", "droga*", "alcohol*", "borrach*", "vape*", "marihuana", "carcel", "prision"],
  },
  {
    area: "judging close family",
    en: ["divorce*", "fight with your", "argue with your", "abuse*", "problems at home", "family problems", "wrong with your family"],
    es: [
      "divorci*",
      "maltrat*",
      "abuso*",
      "peleas con tu",
      "peleas con tus",
      "discutes con tu",
      "discutes con tus",
      "problemas en casa",
      "problemas familiares",
    ],
  },
  {
    area: "privileged relationships",
    en: ["lawyer*", "attorney*", "your doctor", "priest*", "clergy"],
    es: ["abogad*", "tu medico", "tu medica", "tu doctor", "tu doctora", "sacerdote*"],
  },
  {
    area: "religion",
    en: ["religi*", "church*", "mosque*", "synagogue*", "pray", "prayer*", "god", "bible", "quran"],
    es: ["religi*", "iglesia*", "mezquita*", "sinagoga*", "rezar", "rezas", "dios", "biblia", "coran"],
  },
  {
    area: "income",
    en: ["income", "salary", "salaries", "wages", "afford", "how much money", "welfare", "food stamps", "mortgage*"],
    es: ["ingresos", "salario*", "sueldo*", "cuanto dinero", "cuanto gana", "cuanto ganan", "hipoteca*", "pobreza"],
  },
]

const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
const pattern = (word: string): string => word.replace(/\*$/, "\\p{L}*")
const matcher = (words: readonly string[]): RegExp => new RegExp(`(?<!\\p{L})(?:${words.map(pattern).join("|")})(?!\\p{L})`, "u")
const matchers = areas.map(({ area, en, es }) => ({ area, en: matcher(en), es: matcher(es) }))

/** The first protected area that the words touch, and the word that shows it. */
export function protectedTopic(text: string, language: Language): { area: string; word: string } | null {
  const folded = fold(text)
  for (const { area, [language]: words } of matchers) {
    const found = words.exec(folded)
    if (found) return { area, word: found[0] }
  }
  return null
}
