import { phrasebook } from "../words/phrasebook.ts"

/** `lens.*` names a lens in the middle of a sentence; `why.*` tells a student why a question was chosen. */
export const say = phrasebook("growth", {
  en: {
    "lens.interests": "interests",
    "lens.abilities": "abilities",
    "lens.skills": "skills",
    "lens.knowledge": "knowledge",
    "lens.language": "language",
    "lens.family": "family",
    "lens.peers": "friends and peers",
    "why.cares": "You said this matters to you: {lens}.",
    "why.emptiest_lens": "This is something we would still like to get to know about you: {lens}.",
  },
  es: {
    "lens.interests": "intereses",
    "lens.abilities": "talentos",
    "lens.skills": "habilidades",
    "lens.knowledge": "conocimientos",
    "lens.language": "lenguaje",
    "lens.family": "familia",
    "lens.peers": "amistades y compañerismo",
    "why.cares": "Dijiste que esto te importa: {lens}.",
    "why.emptiest_lens": "Esto es algo que aún nos gustaría conocer de ti: {lens}.",
  },
})
