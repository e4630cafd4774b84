import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { groupSentence, quietWeeks, type SilenceFacts, silenceSentence } from "../../../src/engagement/sentence.ts"
import { type Language, languages } from "../../../src/words/phrasebook.ts"

const facts: SilenceFacts = {
  student: "Ines Palomar",
  since: "2026-03-06",
  chances: 3,
  week: "2026-03-23",
  today: "2026-04-01",
  groupAnswered: 17,
  groupSize: 21,
  lastAnsweredOn: "2026-03-06",
  lastReadOn: "2026-03-09",
}

describe("why a name is here", () => {
  test.each<[Language, Partial<SilenceFacts>, string]>([
    [
      "en",
      {},
      "Ines Palomar has not answered since 6 March: 3 chances, while last week 17 of 21 in the advisory answered or skipped. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "es",
      {},
      "Ines Palomar no responde desde el 6 de marzo: 3 oportunidades, mientras que la semana pasada respondieron o pasaron 17 de 21 en la tutoría. Su última respuesta se leyó el 9 de marzo. Vale la pena saludar.",
    ],
    [
      "en",
      { groupSize: 1, groupAnswered: 0 },
      "Ines Palomar has not answered since 6 March: 3 chances. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "en",
      { chances: 1, lately: { missed: 7, chances: 8 } },
      "Ines Palomar has not answered since 6 March: 1 chance, while last week 17 of 21 in the advisory answered or skipped. Of the last 8 chances, one was answered or skipped. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "es",
      { chances: 1, lately: { missed: 7, chances: 8 } },
      "Ines Palomar no responde desde el 6 de marzo: 1 oportunidad, mientras que la semana pasada respondieron o pasaron 17 de 21 en la tutoría. De las últimas 8 oportunidades, respondió o pasó una. Su última respuesta se leyó el 9 de marzo. Vale la pena saludar.",
    ],
    [
      "en",
      { lastReadOn: null },
      "Ines Palomar has not answered since 6 March: 3 chances, while last week 17 of 21 in the advisory answered or skipped. The answer of 6 March is still waiting to be read: please start there. Worth a hello.",
    ],
    [
      "en",
      { since: "2026-03-13" },
      "Ines Palomar skipped on 13 March and has not answered since: 3 chances, while last week 17 of 21 in the advisory answered or skipped. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "es",
      { since: "2026-03-13", lastAnsweredOn: null, lastReadOn: null, groupSize: 0 },
      "Ines Palomar prefirió no contestar el 13 de marzo y no responde desde entonces: 3 oportunidades. Vale la pena saludar.",
    ],
    [
      "en",
      { today: "2026-04-08" },
      "Ines Palomar has not answered since 6 March: 3 chances, while in the week of 23 March 17 of 21 in the advisory answered or skipped. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "es",
      { week: "2026-03-30", groupAnswered: 1 },
      "Ines Palomar no responde desde el 6 de marzo: 3 oportunidades, mientras que en la semana del 30 de marzo respondió o pasó 1 de 21 en la tutoría. Su última respuesta se leyó el 9 de marzo. Vale la pena saludar.",
    ],
    [
      "en",
      { since: null, chances: 2, lastAnsweredOn: null, lastReadOn: null },
      "Ines Palomar has not answered yet: 2 questions have arrived. Worth a hello in person.",
    ],
    [
      "es",
      { since: null, chances: 2, lastAnsweredOn: null, lastReadOn: null },
      "Ines Palomar todavía no ha respondido: le han llegado 2 preguntas. Vale la pena saludar en persona.",
    ],
  ])("in %s, with %j", (language, change, sentence) => {
    expect(silenceSentence({ ...facts, ...change }, language)).toBe(sentence)
  })

  test("a name is said as it is written, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...languages), (student, language) => {
        expect(silenceSentence({ ...facts, student }, language).startsWith(student)).toBe(true)
      }),
    )
  })
})

test("a level is said as weeks", () => {
  expect([quietWeeks(5, "en"), quietWeeks(1, "en"), quietWeeks(5, "es"), quietWeeks(1, "es")]).toEqual([
    "quiet 5 weeks",
    "quiet 1 week",
    "5 semanas sin responder",
    "1 semana sin responder",
  ])
})

describe("what was not counted, and what else is known, is said with it", () => {
  const said = (change: Partial<SilenceFacts>, language: Language = "en") => silenceSentence({ ...facts, groupSize: 0, ...change }, language)

  test.each<[Language, Partial<SilenceFacts>, string]>([
    ["en", { ours: 1 }, "1 week after an answer that nobody had read is ours, and not counted."],
    ["es", { ours: 2 }, "2 semanas después de una respuesta que nadie había leído son cosa nuestra y no cuentan."],
    ["en", { groupQuiet: 2 }, "2 weeks in which the whole school was quiet are not counted."],
    ["es", { groupQuiet: 1 }, "1 semana en que toda la escuela estuvo en silencio no cuenta."],
    ["en", { signals: { absent: 2, present: 3 } }, "Classes or assignments were missed too, in 2 of the last 5 weeks on record."],
    ["en", { signals: { absent: 1, present: 0 } }, "Classes or assignments were missed too, in the one week on record."],
    [
      "es",
      { signals: { absent: 2, present: 0 } },
      "También faltó a clase o no entregó un trabajo en 2 de las últimas 2 semanas de las que hay datos.",
    ],
    ["es", { signals: { absent: 1, present: 0 } }, "También faltó a clase o no entregó un trabajo en la única semana de la que hay datos."],
    ["en", { signals: { absent: 0, present: 4 } }, "No class and no assignment was missed in the last 4 weeks on record."],
    ["es", { signals: { absent: 0, present: 1 } }, "No faltó a clase ni dejó ningún trabajo sin entregar en la única semana de la que hay datos."],
  ])("in %s, with %j", (language, change, sentence) => {
    const plainly = said({}, language)
    const [first = "", ...rest] = plainly.split(". ")
    expect(said(change, language)).toBe([`${first}.`, sentence, rest.join(". ")].join(" "))
  })

  test("and nothing where there is nothing of the kind", () => {
    expect(said({ ours: 0, groupQuiet: 0, signals: { absent: 0, present: 0 } })).toBe(said({}))
  })
})

describe("one notice about a group", () => {
  test("counts and names nobody", () => {
    expect(groupSentence({ kind: "group_dip", quiet: 9, size: 21 }, "en")).toMatch(/^9 of 21 in the advisory went quiet at the same time\./)
    expect(groupSentence({ kind: "group_dip", quiet: 9, size: 21 }, "es")).toMatch(/^9 de 21 en la tutoría dejaron de responder al mismo tiempo\./)
    expect(groupSentence({ kind: "group_never_started", quiet: 6, size: 21 }, "en")).toMatch(
      /^6 of 21 in the advisory have not answered a first question yet\./,
    )
    expect(groupSentence({ kind: "group_never_started", quiet: 6, size: 21 }, "es")).toMatch(/^6 de 21 en la tutoría todavía no han respondido/)
  })

  test("prompts that do not work are our matter, and 39.9% is not said as 40", () => {
    expect(groupSentence({ kind: "prompts_not_working", rate: 0.399, weeks: 6 }, "en")).toMatch(
      /^In the last 6 weeks the advisory answered 39 of 100 questions\./,
    )
    expect(groupSentence({ kind: "prompts_not_working", rate: 0.31, weeks: 1 }, "es")).toMatch(
      /^En la última semana la tutoría respondió 31 de cada 100/,
    )
  })
})

test("no sentence alarms, labels or quotes odds", () => {
  for (const language of languages) {
    const said = [
      silenceSentence(facts, language),
      silenceSentence({ ...facts, since: null }, language),
      silenceSentence({ ...facts, ours: 1, groupQuiet: 1, signals: { absent: 1, present: 1 } }, language),
      groupSentence({ kind: "group_dip", quiet: 9, size: 21 }, language),
      groupSentence({ kind: "group_never_started", quiet: 9, size: 21 }, language),
      groupSentence({ kind: "prompts_not_working", rate: 0.3, weeks: 6 }, language),
    ].join(" ")
    expect(said).not.toMatch(/urgent|at risk|risk|riesgo|likely|probab|warning|alerta|%|disengag|fail|score/i)
  }
})
