// What the words of a roster mean: which role is a student's, which an adult's, which title names an advisory.
// Refuses to guess: a role that stands in no list makes nobody staff.

export type RoleKind = "student" | "staff" | "family" | "unknown"

// OneRoster 1.1 and 1.2 role vocabularies, and the staff group of Microsoft's SDS default list of values.
const staff = new Set(
  `administrator aide proctor teacher counselor districtadministrator principal siteadministrator systemadministrator chair professor
  researcher adjunct occupationaltherapist physicaltherapist speechtherapist visiontherapist paraprofessional specialservices advisor nurse
  officestaff lecturer itadmin admin faculty staff teacherassistant assistant instructor substitute coach`.split(/\s+/),
)
const family = new Set(["guardian", "parent", "relative"])
// An aide, a proctor or a substitute of a class is not the adult who reads its students' words.
const teachers = new Set(["teacher", "professor", "lecturer", "instructor", "faculty", "adjunct", "advisor"])

export function roleKind(word: string): RoleKind {
  const role = word.toLowerCase()
  if (role === "student") return "student"
  if (staff.has(role)) return "staff"
  return family.has(role) ? "family" : "unknown"
}

export const teaches = (word: string): boolean => teachers.has(word.toLowerCase())

const umbrellas = new Set(
  `district local state national region province division municipality ministryofeducation departmentofeducation localauthority
  academictrust`.split(/\s+/),
)
/** An org above the places where people learn: it has no rooms and no calendar of its own. */
export const isUmbrella = (kind: string): boolean => umbrellas.has(kind.toLowerCase())

export const advisoryWords = ["advisory", "homeroom", "mentor", "crew", "tutor"] as const

const bare = (text: string): string[] =>
  text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

/** The first advisory word that stands in the title as a word of its own, in one or many ("Mentors"); case and accents aside. */
export function advisoryWord(title: string, words: readonly string[]): string | null {
  const inTitle = bare(title)
  const same = (said: string, wanted: string) => said === wanted || said === `${wanted}s` || said === `${wanted}es`
  const found = words.find((word) => {
    const wanted = bare(word)
    return wanted.length > 0 && inTitle.some((_, at) => wanted.every((part, i) => same(inTitle[at + i] ?? "", part)))
  })
  return found ?? null
}
