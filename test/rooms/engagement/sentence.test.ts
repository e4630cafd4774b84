import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { groupSentence, oursSentence, quietWeeks, type SilenceFacts, silenceSentence } from "../../../src/engagement/sentence.ts"
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
      "Ines Palomar has not answered since 6 March: 3 chances. Last week 17 of 21 in the advisory answered or skipped. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "es",
      {},
      "Ines Palomar no responde desde el 6 de marzo: 3 oportunidades. La semana pasada respondieron o pasaron 17 de 21 en la tutoría. Su última respuesta se leyó el 9 de marzo. Vale la pena saludar.",
    ],
    [
      "en",
      { groupSize: 1, groupAnswered: 0 },
      "Ines Palomar has not answered since 6 March: 3 chances. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "en",
      { lastReadOn: null },
      "Ines Palomar has not answered since 6 March: 3 chances. Last week 17 of 21 in the advisory answered or skipped. The answer of 6 March is still waiting to be read: please start there. Worth a hello.",
    ],
    [
      "en",
      { since: "2026-03-13" },
      "Ines Palomar skipped on 13 March and has not answered since: 3 chances. Last week 17 of 21 in the advisory answered or skipped. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "es",
      { since: "2026-03-13", lastAnsweredOn: null, lastReadOn: null, groupSize: 0 },
      "Ines Palomar prefirió no contestar el 13 de marzo y no responde desde entonces: 3 oportunidades. Vale la pena saludar.",
    ],
    [
      "en",
      { today: "2026-04-08" },
      "Ines Palomar has not answered since 6 March: 3 chances. In the week of 23 March, 17 of 21 in the advisory answered or skipped. The last answer was read on 9 March. Worth a hello.",
    ],
    [
      "es",
      { week: "2026-03-30", groupAnswered: 1 },
      "Ines Palomar no responde desde el 6 de marzo: 3 oportunidades. En la semana del 30 de marzo respondió o pasó 1 de 21 en la tutoría. Su última respuesta se leyó el 9 de marzo. Vale la pena saludar.",
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

test("a miss after an unread answer is said to be ours", () => {
  expect(oursSentence({ student: "Ines", answeredOn: "2026-03-06" }, "en")).toContain("is ours, and it is not counted")
  expect(oursSentence({ student: "Ines", answeredOn: "2026-03-06" }, "es")).toContain("es cosa nuestra y no cuenta")
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
      oursSentence({ student: "Ines", answeredOn: "2026-03-06" }, language),
      groupSentence({ kind: "group_dip", quiet: 9, size: 21 }, language),
      groupSentence({ kind: "group_never_started", quiet: 9, size: 21 }, language),
      groupSentence({ kind: "prompts_not_working", rate: 0.3, weeks: 6 }, language),
    ].join(" ")
    expect(said).not.toMatch(/urgent|at risk|risk|riesgo|likely|probab|warning|alerta|%|disengag|fail|score/i)
  }
})
