/** Lays the pages under /docs into the build: the API browser from its package, our documents as pages. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Marked } from "marked";
import type { Plugin } from "vite";

const swagger = createRequire(import.meta.url).resolve("swagger-ui-dist/package.json");

/** What lies under /docs, besides the two contracts that the server itself holds. */
const FILES: Readonly<Record<string, () => string>> = {
  "index.html": () => ours("index.html"),
  "start.js": () => ours("start.js"),
  "docs.css": () => ours("docs.css"),
  "protocol.html": () => page("Protocol", "protocol.md"),
  "host.html": () => page("The host stand", "host.md"),
  "admin.html": () => page("The dashboard", "admin.md"),
  "branch.html": () => page("Branches", "branch.md"),
  "rights.html": () => page("Rights", "rights.md"),
  "operating.html": () => page("Operating", "operating.md"),
  "swagger-ui-bundle.js": () => theirs("swagger-ui-bundle.js"),
  "swagger-ui.css": () => theirs("swagger-ui.css"),
  "swagger-ui-bundle.js.LICENSE.txt": () => theirs("swagger-ui-bundle.js.LICENSE.txt"),
  "swagger-ui.LICENSE.txt": () => `${theirs("NOTICE")}\n${theirs("LICENSE")}`,
};

export function docs(): Plugin {
  return {
    name: "maitred-docs",
    generateBundle() {
      for (const [name, contents] of Object.entries(FILES)) {
        this.emitFile({ type: "asset", fileName: `docs/${name}`, source: contents() });
      }
    },
    configureServer(server) {
      server.middlewares.use("/docs", (request, response, next) => {
        const name = new URL(request.url ?? "/", "http://docs").pathname.slice(1) || "index.html";
        const contents = FILES[name];
        if (!contents) return next();
        response.setHeader("content-type", kindOf(name));
        response.end(contents());
      });
    },
  };
}

function ours(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

/** Without the pointer to a source map, which is not served. */
function theirs(name: string): string {
  const text = readFileSync(new URL(name, `file://${swagger}`), "utf8");
  return text.replace(/\n\/[/*]# sourceMappingURL=[^\n]*/, "");
}

/** A document of the repository as a page. */
function page(title: string, name: string): string {
  const document = readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
  const text = marked.parse(document, { async: false });
  return ours("page.html").replace("%title%", title).replace("%text%", () => text);
}

const marked = new Marked({
  renderer: {
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${anchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    // Documents point at each other as files; here they are pages.
    link({ href, tokens }) {
      return `<a href="${href.replace(/\.md(#|$)/, ".html$1")}">${this.parser.parseInline(tokens)}</a>`;
    },
  },
  hooks: {
    postprocess: (html) => html.replaceAll("<table>", '<div class="table"><table>').replaceAll("</table>", "</table></div>"),
  },
});

/** The anchor that code forges give a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^\w\- ]/g, "").replaceAll(" ", "-");
}

function kindOf(name: string): string {
  if (name.endsWith(".html")) return "text/html";
  if (name.endsWith(".css")) return "text/css";
  return name.endsWith(".js") ? "text/javascript" : "text/plain";
}
