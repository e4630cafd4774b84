import { describe, expect, test } from "vitest"
import { dayName, easyDays } from "../../../src/reflection/days.ts"
import { say } from "../../../src/reflection/phrases.ts"
import { isBlank, mayMeanStop } from "../../../src/reflection/short.ts"
import { at, zones } from "../../support/school.ts"

describe("a few typed signs", () => {
  test.each([
    "Stop writing to me",
    "STOP it please",
    "leave me alone",
    "Just leave me alone!",
    "please stop asking me",
    "déjame en paz",
    "¡Ya no me preguntes!",
    "para ya",
    "basta de preguntas",
  ])("%s may mean an end of the questions", (words) => {
    expect(mayMeanStop(words)).toBe(true)
  })

  test.each([
    "para mi abuela",
    "alto como mi hermano",
    "stopped by the bakery",
    "a stopwatch",
    "stop motion is what I would teach everyone in class",
    "🙂",
    "",
  ])("%s does not", (words) => {
    expect(mayMeanStop(words)).toBe(false)
  })

  test("are blank where nobody would see them", () => {
    expect(["", " \n", "\0", "\u202e \u2066", "\u200b\ufeff"].every(isBlank)).toBe(true)
    expect(["🙂", ".", "\ufffd", "a\u202e", "👩‍👧"].some(isBlank)).toBe(false)
  })
})

describe("a day in a sentence", () => {
  const place = (language: "en" | "es") => ({ now: at("2027-02-09", "10:00"), zone: zones.east, language })
  const told = (key: "skipped" | "paused" | "receipt" | "closed", date: string, language: "en" | "es") =>
    say(language, key, { adult: "Rosa Rivera", day: dayName(date, place(language)) })

  test("is today or tomorrow where it is", () => {
    expect(told("skipped", "2027-02-09", "en")).toContain("stay open until today.")
    expect(told("receipt", "2027-02-09", "en")).toBe("Rosa Rivera read what you wrote today.")
    expect(told("paused", "2027-02-10", "en")).toContain("before tomorrow,")
    expect(told("closed", "2027-02-11", "en")).toContain("closed on Thursday.")
  })

  test("is said in Spanish without an article that it does not take", () => {
    expect(told("skipped", "2027-02-09", "es")).toContain("abiertas hasta hoy.")
    expect(told("receipt", "2027-02-09", "es")).toBe("Rosa Rivera leyó lo que escribiste hoy.")
    expect(told("paused", "2027-02-10", "es")).toContain("antes de mañana,")
    expect(told("paused", "2027-02-11", "es")).toContain("antes del jueves,")
    expect(easyDays("El mañana viene", "es")).toBe("Mañana viene")
    expect(easyDays("On today you wrote", "en")).toBe("Today you wrote")
  })
})

test("the counsellors, unnamed, are drawn together with what stands before them in Spanish", () => {
  const adult = say("es", "theCounsellors")
  expect(say("es", "askedNow", { adult })).toBe("Has pedido hablar con alguien: aviso ahora mismo al equipo de orientación.")
  expect(say("es", "newsCounsellors", { counsellors: adult })).toContain("también al equipo de orientación.")
  expect(say("es", "standingSame", { adult })).toContain("Esto lo lee el equipo de orientación,")
})
