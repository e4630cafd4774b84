import { describe, expect, test } from "vitest"
import { parseUntil } from "../../../src/scheduling/until.ts"

// A Thursday.
const today = "2027-02-04"

describe("the day a student means", () => {
  test.each([
    ["2027-03-14", "2027-03-14"],
    ["until 2027-03-14", "2027-03-14"],
    ["hasta 2027-03-14", "2027-03-14"],
    ["14 March", "2027-03-14"],
    ["until March 14th", "2027-03-14"],
    ["14 march 2027", "2027-03-14"],
    ["the 14th of March.", "2027-03-14"],
    ["14 de marzo", "2027-03-14"],
    ["hasta el 14 de marzo de 2027", "2027-03-14"],
    ["14 mar", "2027-03-14"],
    ["1 ABRIL", "2027-04-01"],
    ["next week", "2027-02-08"],
    ["hasta la próxima semana", "2027-02-08"],
    ["la semana que viene", "2027-02-08"],
    ["tomorrow", "2027-02-05"],
    ["hasta mañana", "2027-02-05"],
    ["Monday", "2027-02-08"],
    ["el miércoles", "2027-02-10"],
    ["next thursday", "2027-02-11"],
  ])("%s is %s", (text, date) => {
    expect(parseUntil(text, today)).toEqual({ kind: "date", date })
  })

  test.each(["", "  ", "until", "hasta"])("%j asks for a day", (text) => expect(parseUntil(text, today)).toEqual({ kind: "empty" }))

  test.each([
    "2027-02-30",
    "soon",
    "14/3",
    "31 February",
    "March",
    "14",
    "14 March 27",
    "-1 March",
    "the",
    "until until",
    "0 March",
    "14 March 2027 now",
  ])("%j is not guessed at", (text) => expect(parseUntil(text, today)).toEqual({ kind: "unclear" }))

  test.each(["2027-02-04", "2027-02-03", "1 February", "4 February", "3 de febrero", "31 January 2027"])("%s is past", (text) =>
    expect(parseUntil(text, today)).toEqual({ kind: "past" }),
  )

  test.each(["2027-06-11", "12 June", "1 September", "14 March 2028", "9999-12-31", "1 October"])("%s is more than a term away", (text) =>
    expect(parseUntil(text, today)).toEqual({ kind: "far", last: "2027-06-10" }),
  )

  test("the last day of a term from now is taken, and December speaks of the next January", () => {
    expect(parseUntil("10 June", today)).toEqual({ kind: "date", date: "2027-06-10" })
    expect(parseUntil("10 January", "2027-12-20")).toEqual({ kind: "date", date: "2028-01-10" })
  })
})
