// Builds the page of the studio and that of the playground: node build.mjs STUDIO PLAYGROUND (two folders).
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

import { build } from "esbuild"

const here = (name) => fileURLToPath(new URL(name, import.meta.url))
const [studio, playground] = process.argv.slice(2)

const pages = [
  {
    folder: studio,
    place: "studio",
    title: "segdsl",
    head: "",
    promise: "Nothing leaves this machine.",
    scripts: { page: here("src/studio.ts") },
    modules: {},
  },
  {
    folder: playground,
    place: "playground",
    title: '<a href="../index.html">segdsl</a>',
    head: "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'; base-uri 'none'; form-action 'none'\">\n",
    promise: 'Nothing leaves your browser: segdsl runs in it. <a href="../language.html">How the language works</a>',
    scripts: { page: here("src/playground.ts") },
    modules: { worker: here("src/worker.ts") },
  },
]

const shared = { bundle: true, minify: true, target: "es2022", legalComments: "none", charset: "utf8", logLevel: "warning" }
const template = await readFile(here("page.html"), "utf8")
const icon = await readFile(here("icon.svg"))
for (const { folder, scripts, modules, ...words } of pages) {
  await mkdir(folder, { recursive: true })
  // a classic script also runs in a page that is opened from the disk, and can say what does not work there
  const { metafile } = await build({ ...shared, entryPoints: scripts, outdir: folder, format: "iife", metafile: true })
  await build({ ...shared, entryPoints: modules, outdir: folder, format: "esm" })
  await writeFile(join(folder, "licenses.txt"), await licenses(Object.keys(metafile.inputs)))
  await build({ ...shared, entryPoints: { page: here("page.css") }, outdir: folder, external: ["icon.svg"] })
  await writeFile(join(folder, "index.html"), template.replace(/{{(\w+)}}/g, (_, name) => words[name]))
  await writeFile(join(folder, "icon.svg"), icon)
}

/** The license of each library whose code is in a script. */
async function licenses(inputs) {
  const libraries = new Set(inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))
  const texts = [...libraries].sort().map(async (name) => {
    const text = await readFile(join(here("node_modules"), name, "LICENSE"), "utf8")
    return `${name}\n\n${text.trim()}\n`
  })
  return (await Promise.all(texts)).join(`\n${"─".repeat(80)}\n\n`)
}
