import { describe, expect, test } from "vitest"
import { slashCommand, typedCommand } from "../../../src/conversation/commands.ts"

const named = (line: string, role: "student" | "staff") => {
  const typed = typedCommand(line, role)
  return typed && (typed.text === "" ? typed.command : `${typed.command}(${typed.text})`)
}

describe("a student's line is a command when it is nothing but one", () => {
  test.each([
    ["help", "help"],
    ["Help!", "help"],
    ["help?", "help"],
    ["¿ayuda?", "help"],
    ["AYUDA", "help"],
    ["stop", "stop"],
    [" STOP. ", "stop"],
    ["“stop”", "stop"],
    ["parar", "stop"],
    ["¡Para!", "stop"],
    ["alto", "stop"],
    ["basta", "stop"],
    ["detener", "stop"],
    ["unsubscribe", "stop"],
    ["start", "start"],
    ["reanudar", "start"],
    ["Empezar", "start"],
    ["reflect", "reflect"],
    ["Reflexión", "reflect"],
    ["reflexionar", "reflect"],
    ["pause", "pause"],
    ["pausa", "pause"],
    ["pause until 2027-03-14", "pause(until 2027-03-14)"],
    ["pause 2027-03-14", "pause(2027-03-14)"],
    ["Pause until next Friday", "pause(until next Friday)"],
    ["pausa hasta el viernes", "pause(hasta el viernes)"],
    ["/stop", "stop"],
    ["/pausa hasta mañana", "pause(hasta mañana)"],
    ["/rapport help", "help"],
    ["/reachout", "reachout"],
    ["reachout", "reachout"],
    ["¡Hablar con alguien!", "reachout"],
    ["Talk to someone.", "reachout"],
    ["Write to me here!", "here"],
    ["Escríbeme aquí", "here"],
    ["/here", "here"],
    ["/aquí", "here"],
  ])("%s", (line, command) => {
    expect(named(line, "student")).toBe(command)
  })
})

describe("a student's sentence that merely begins like one is words", () => {
  test.each([
    "stop it was funny",
    "stop, it was so funny",
    "help me understand",
    "Help! I lost my book",
    "para mí fue bien",
    "para mi abuela",
    "pause is hard",
    "pause button on my life",
    "pausa es lo que necesito",
    "start of the week was great",
    "alto como mi hermano",
    "basta de tarea",
    "reflect on that: no",
    "resume is due tomorrow",
    "ayuda a mi mamá en casa",
    "mentee",
    "away",
    "outreach",
    "stopped",
    "helpful",
    "no",
    "",
    "   ",
    "/",
    "/ shrug",
    "I cannot stop",
    "🙂",
    "hablar con alguien me ayuda",
    "talk to someone new every day",
    "here",
    "aquí",
    "write to me here every day",
  ])("%s", (line) => {
    expect(typedCommand(line, "student")).toBeNull()
  })
})

describe("what staff type", () => {
  test.each([
    ["help", "help"],
    ["mentee Ada", "mentee(Ada)"],
    ["estudiante Ada Brook", "mentee(Ada Brook)"],
    ["alumna Ada", "mentee(Ada)"],
    ["outreach Ada", "outreach(Ada)"],
    ["saludo Ada", "outreach(Ada)"],
    ["away until 2027-03-14 cover Okafor", "away(until 2027-03-14 cover Okafor)"],
    ["ausente hasta 2027-03-14 cubre Okafor", "away(hasta 2027-03-14 cubre Okafor)"],
    ["away", "away"],
    ["stop", "stop"],
    ["here", "here"],
    ["Aquí.", "here"],
    ["write to me here", "here"],
  ])("%s is a command", (line, command) => {
    expect(named(line, "staff")).toBe(command)
  })

  test.each(["stop writing to me so early", "para mañana necesito la lista", "Start date for the new term?", "Saludos a todos", "Thanks!"])(
    "%s is none",
    (line) => {
      expect(typedCommand(line, "staff")).toBeNull()
    },
  )
})

describe("a slash command", () => {
  test.each([
    ["/mentee", "Ada", { command: "mentee", text: "Ada" }],
    ["mentee", " Ada ", { command: "mentee", text: "Ada" }],
    ["/Estudiante", "Ada", { command: "mentee", text: "Ada" }],
    ["/rapport", "mentee Ada Brook", { command: "mentee", text: "Ada Brook" }],
    ["/rapport", "", { command: "help", text: "" }],
    ["/rapport", "rapport rapport stop", { command: "stop", text: "" }],
    ["/dance", "now", { command: "dance", text: "now" }],
  ])("%s %s", (command, text, expected) => {
    expect(slashCommand(command, text)).toEqual(expected)
  })

  test("of ten thousand rapports is answered all the same", () => {
    expect(slashCommand("/rapport", "rapport ".repeat(10_000)).command).toBe("help")
  })
})
