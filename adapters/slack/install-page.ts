// The few sentences that whoever installs the app reads in their browser, in English and Spanish. Refuses scripts, details and codes.

const pages = {
  kept: {
    en: ["Rapport is in your Slack", "You can close this page. Back in the terminal, `rapport doctor` says what is left to do."],
    es: ["Rapport ya está en tu Slack", "Puedes cerrar esta página. En la terminal, `rapport doctor` te dice qué falta."],
  },
  noLink: {
    en: [
      "This needs an install link",
      "Ask the person who runs Rapport at your school for one: they make it with `rapport connect slack`. If you had one, it may have run out, or another workspace used it.",
    ],
    es: [
      "Falta el enlace de instalación",
      "Pídeselo a quien administra Rapport en tu escuela: lo crea con `rapport connect slack`. Si ya tenías uno, puede que haya caducado o que ya lo haya usado otro espacio.",
    ],
  },
  elsewhere: {
    en: [
      "This Slack workspace belongs to another school",
      "Nothing was changed in Rapport. Check that you chose the right workspace in Slack, then open your install link again.",
    ],
    es: [
      "Este espacio de Slack es de otra escuela",
      "En Rapport no ha cambiado nada. Mira si elegiste el espacio correcto en Slack y vuelve a abrir tu enlace de instalación.",
    ],
  },
  organisation: {
    en: [
      "Please choose one workspace",
      "Rapport is installed in one workspace, not in a whole organisation, so nothing was changed in Rapport. Open your install link again, and choose your school's workspace in Slack.",
    ],
    es: [
      "Elige un solo espacio de trabajo",
      "Rapport se instala en un espacio, no en toda una organización, así que en Rapport no ha cambiado nada. Vuelve a abrir tu enlace de instalación y elige en Slack el espacio de tu escuela.",
    ],
  },
  cancelled: {
    en: ["Not installed", "You said no in Slack, so nothing was changed. Open your install link again whenever you like."],
    es: ["Sin instalar", "Dijiste que no en Slack, así que no ha cambiado nada. Vuelve a abrir tu enlace de instalación cuando quieras."],
  },
  again: {
    en: ["Please start again", "This page was open for too long, or belongs to another browser. Open your install link once more, in this browser."],
    es: [
      "Empieza otra vez",
      "Esta página llevaba demasiado tiempo abierta o es de otro navegador. Abre de nuevo tu enlace de instalación en este navegador.",
    ],
  },
  failed: {
    en: ["That did not work", "Slack did not finish the installation. Open your install link again in a few minutes."],
    es: ["No ha funcionado", "Slack no terminó la instalación. Vuelve a abrir tu enlace de instalación dentro de unos minutos."],
  },
} as const

export type PageName = keyof typeof pages
type PageLanguage = "en" | "es"

export function page(name: PageName, language: PageLanguage): { html: string; language: PageLanguage } {
  const [title, sentence] = pages[name][language]
  const html = `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Rapport</title>
<style>
body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto 0; padding: 0 1.5rem; color: #1f2933; background: #fff }
h1 { font-size: 1.5rem; line-height: 1.3 }
code { font-size: 0.95em; background: #eef2f6; padding: 0.1em 0.35em; border-radius: 0.25em }
@media (prefers-color-scheme: dark) { body { color: #e4e7eb; background: #16191d } code { background: #2a3038 } }
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${sentence.replace(/`([^`]+)`/g, "<code>$1</code>")}</p>
</main>
</body>
</html>
`
  return { html, language }
}

/** The first of our languages that the browser asks for, by its weights. */
export function languageFrom(accepted: string | undefined): PageLanguage {
  const wanted = (accepted ?? "")
    .slice(0, 500)
    .split(",")
    .map((entry, n) => {
      const [tag = "", ...params] = entry.trim().toLowerCase().split(";")
      const q = params.map((param) => /^\s*q=([\d.]+)\s*$/.exec(param)?.[1]).find((found) => found !== undefined)
      return { language: tag.split("-")[0], weight: q === undefined ? 1 : Number(q), n }
    })
    .filter(({ language, weight }) => weight > 0 && (language === "en" || language === "es"))
    .sort((a, b) => b.weight - a.weight || a.n - b.n)
  return wanted[0]?.language === "es" ? "es" : "en"
}
