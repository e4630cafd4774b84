/** What a person at the terminal reads instead of a stack: one sentence that says what to do (or several lines, each a place in a file). */
export class Trouble extends Error {
  override readonly name = "Trouble"
}
