import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { decoded, htmlWords } from "../../../adapters/teams/html-words.ts"
import { clean, heardIn } from "../../../adapters/teams/words.ts"

const bot = "28:00000000-0000-4000-8000-00000000b071"
const ana = "00000000-0000-4000-8000-000000000001"
const html = (content: string) => [{ contentType: "text/html", content }]
const mention = (name: string, mentioned: object) => ({ type: "mention", text: `<at>${name}</at>`, mentioned: { name, ...mentioned } })
const toBot = mention("Rapport", { id: bot })

const heard = (text: unknown, over: object = {}) => heardIn({ text, ...over }, bot)
const words = (text: unknown, over: object = {}) => heard(text, over).text

/** Any UTF-16 at all, lone surrogates and controls with it. */
const anyText = fc.oneof(
  fc.array(fc.nat(0xffff), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
  fc.string({ maxLength: 60 }),
)
const lettersOf = (text: string): string => text.replace(/[^QÑ7]/g, "")
const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

describe("what a person typed", () => {
  test.each([
    ["hello", "hello"],
    ["  hello \r\n", "hello"],
    ["first\r\nsecond\nthird", "first\nsecond\nthird"],
    ["I&nbsp;am&#160;here\u00a0now", "I am here now"],
    ["me &amp; my &lt;robot&gt; &quot;Bo&quot; &#39;x&#x27; &apos;", "me & my <robot> \"Bo\" 'x' '"],
    ["&amp;lt;3", "&lt;3"],
    ["&ntilde;and&uacute; &iquest;qu&eacute;?", "ñandú ¿qué?"],
    ["AT&T &unknown; &; &#0; &#xd800; &#1114112;", "AT&T &unknown; &; &#0; &#xd800; &#1114112;"],
    ["*bold* _it_ [x](https://example.org)", "*bold* _it_ [x](https://example.org)"],
    ["👋🏽 ¿qué tal? 👩‍👩‍👧", "👋🏽 ¿qué tal? 👩‍👩‍👧"],
    ["a < b > c", "a < b > c"],
  ])("%j is %j", (text, shown) => expect(words(text)).toBe(shown))

  test.each([undefined, null, 7, {}, ""])("%j is no words", (text) => expect(words(text)).toBe(""))

  test("any text comes back out of its entities as it went in", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(decoded(escaped(text))).toBe(text.replaceAll("\u00a0", " "))
      }),
    )
  })

  test("is what the HTML beside it says, whether a client wrote entities into the text or not", () => {
    const typed = "R&D &amp; <b>not bold</b> &lt;3"
    const beside = { attachments: html(`<p>${escaped(typed)}</p>`) }
    expect(words(typed, beside)).toBe(typed)
    expect(words(escaped(typed), beside)).toBe(typed)
    const named = { attachments: html(`<div><at>Rapport</at>&nbsp;${escaped(typed)}</div>`), entities: [toBot] }
    expect(words(`<at>Rapport</at> ${typed}`, named)).toBe(typed)
    expect(words(`<at>Rapport</at>&nbsp;${escaped(typed)}`, named)).toBe(typed)
    expect(words("<at>nobody</at> &amp;", { attachments: html("<p>&lt;at&gt;nobody&lt;/at&gt; &amp;amp;</p>") })).toBe("<at>nobody</at> &amp;")
  })

  test("no letter is lost, whatever stands around it and whatever comes beside it", () => {
    const mark = fc.constantFrom("<", ">", "&", ";", "/", "at", "<at>", "<at ", "</at>", '<quoted messageId="', '"', "&amp;", "#", " ", "\n", "<p>")
    const letter = fc.constantFrom("Q", "Ñ", "7")
    fc.assert(
      fc.property(fc.array(fc.oneof(mark, letter), { maxLength: 30 }), fc.boolean(), (parts, isMentioned) => {
        const text = parts.join("")
        const shown = words(text, { entities: isMentioned ? [toBot] : [], attachments: html("<p>Z<img alt='😀'></p>") })
        expect(text.trim() === "" ? "" : lettersOf(shown)).toBe(lettersOf(text))
      }),
    )
  })

  test("is found in the HTML where emoji are pictures, which the text has no place for", () => {
    const emoji = '<img itemscope="" itemtype="http://schema.skype.com/Emoji" itemid="cry" title="Crying" alt="😭" style="width:20px;height:20px;">'
    expect(words("I feel", { attachments: html(`<p>I feel&nbsp;<span type="(cry)">${emoji}</span></p>`) })).toBe("I feel 😭")
    expect(words("", { attachments: html(`<p>${emoji}</p>`) })).toBe("😭")
    expect(words("hi", { attachments: html('<p>hi <emoji id="wave" alt="👋🏽" title="Wave"></emoji></p>') })).toBe("hi 👋🏽")
    expect(words("hi 😭", { attachments: html(`<p>hi ${emoji}</p>`) })).toBe("hi 😭")
  })

  test("is the text where the HTML says something else, or would only format it", () => {
    expect(words("I feel *fine*", { attachments: html("<p>I feel <em>fine</em></p>") })).toBe("I feel *fine*")
    expect(words("I feel sad today", { attachments: html('<p>I feel sad <img alt="😭"></p>') })).toBe("I feel sad today")
    expect(words("look", { attachments: html('<p>look <img alt="my-house.png" src="x"></p>') })).toBe("look")
    expect(words("look", { attachments: [{ contentType: "text/html", content: 7 }, null] })).toBe("look")
    expect(words("", { attachments: html('<p><img alt="image" src="x"></p>') })).toBe("")
  })
})

describe("HTML", () => {
  test.each([
    ["<div><div>one</div>\n<div>two<br>three</div>\n</div>", "one\n\ntwo\nthree"],
    ["<p>a  b\n c</p><p>&nbsp;</p><p>&nbsp;</p><p>d &lt;b&gt;</p>", "a b c\n\nd <b>"],
    ["<ul><li>one</li><li>two</li></ul>", "one\n\ntwo"],
    ['<a href="https://example.org/?a=1&amp;b=2">link</a>', "link"],
    ["1 < 2", "1 < 2"],
    ["<", "<"],
    ["<p", "<p"],
    ["<!-- x --><b>c</b>", "<!-- x -->c"],
    ["", ""],
  ])("%j reads as %j", (content, shown) => expect(htmlWords(content).words).toBe(shown))

  test("a quote's words are not its quoter's, and its message is named", () => {
    const quote =
      '<blockquote itemscope itemtype="http://schema.skype.com/Reply" itemid="1773309600000"><strong itemprop="mri">Rapport</strong><blockquote>x</blockquote><p itemprop="preview">How was it?</p></blockquote>'
    expect(htmlWords(`${quote}<p>Good</p>`)).toEqual({ words: "Good", quoted: "1773309600000" })
    expect(htmlWords("<blockquote>mine</blockquote>after")).toEqual({ words: "mine\nafter", quoted: null })
    expect(heard("Good", { attachments: html(`${quote}<p>Good</p>`) })).toMatchObject({ text: "Good", quoted: "1773309600000" })
  })

  test("of 256 kB of half a tag is read at once", () => {
    for (const piece of ["<", "<a ", "<p itemtype=", "&#", "<blockquote>", '<img alt="', "<at>", "<quoted "]) {
      const long = piece.repeat(Math.floor(250_000 / piece.length))
      expect(typeof htmlWords(long).words).toBe("string")
      expect(typeof words(long, { entities: [toBot], attachments: html(long) })).toBe("string")
    }
  })
})

describe("a mention", () => {
  test("of the bot is taken out with the space that it leaves", () => {
    expect(heard("<at>Rapport</at> hello\n", { entities: [toBot] })).toEqual({
      text: "hello",
      about: null,
      toBot: true,
      toOthers: false,
      quoted: null,
    })
    expect(words("hey <at>Rapport</at> I am sad", { entities: [toBot] })).toBe("hey I am sad")
    expect(words("<at>Rapport</at>&nbsp;hello", { entities: [toBot] })).toBe("hello")
    expect(words("hello,<at>Rapport</at>", { entities: [toBot] })).toBe("hello,")
  })

  test("of the bot twice, and of somebody of the same name, are told apart by their order", () => {
    const other = mention("Rapport", { id: "29:other", aadObjectId: ana })
    const said = heard("<at>Rapport</at> mentee <at>Rapport</at>", { entities: [toBot, other] })
    expect(said).toMatchObject({ text: "mentee Rapport", about: { user: ana, text: "mentee" }, toBot: true, toOthers: true })
    expect(words("<at>Rapport</at><at>Rapport</at> hi", { entities: [toBot, toBot] })).toBe("hi")
  })

  test("of somebody keeps the name, and says whose account it is where Teams does", () => {
    const known = mention("Ana Ruiz", { id: "29:ana", aadObjectId: ana.toUpperCase() })
    expect(heard("<at>Rapport</at> mentee <at>Ana Ruiz</at> please", { entities: [toBot, known] })).toMatchObject({
      text: "mentee Ana Ruiz please",
      about: { user: ana, text: "mentee please" },
    })
    const unknown = mention("Ana Ruiz", { id: "29:ana" })
    expect(heard("mentee <at>Ana Ruiz</at>", { entities: [unknown] })).toMatchObject({
      text: "mentee Ana Ruiz",
      about: null,
      toOthers: true,
      toBot: false,
    })
  })

  test("that nobody says anything of keeps its name", () => {
    expect(heard("<at>Somebody</at> hello", { entities: "none" })).toMatchObject({ text: "Somebody hello", toBot: false, toOthers: true })
    expect(words('<at id="0">Ren&#233;e</at> hello')).toBe("Renée hello")
    expect(words("<at>unclosed")).toBe("<at>unclosed")
  })
})

describe("a quote", () => {
  test("is named by an entity or by its place in the text, and leaves no trace there", () => {
    expect(heard('<quoted messageId="1773309600000"/> yes', {})).toMatchObject({ text: "yes", quoted: "1773309600000" })
    const entity = { type: "quotedReply", quotedReply: { messageId: "1773309600001" } }
    expect(heard('<quoted messageId="1773309600000"/>yes', { entities: [entity] })).toMatchObject({ text: "yes", quoted: "1773309600001" })
    expect(heard("yes", { entities: [{ type: "quotedReply", quotedReply: { messageId: "a/b" } }] }).quoted).toBeNull()
  })
})

test("clean text cannot reorder its neighbours", () => {
  expect(clean("a\u202eb\u0000c\td\n\u2067e\ud800")).toBe("abc\td\ne\ufffd")
})
