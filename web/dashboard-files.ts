/**
 * The dashboard's page comes from the server, which names its files in it: they have fixed names. Everything else has
 * the names that the build gives.
 */

import type { Plugin } from "vite";

const ENTRY = "dashboard";
const SCRIPT = "admin/static/dashboard.js";
const STYLESHEET = "admin/static/dashboard.css";

export function entryFileNames({ name }: { name: string }): string {
  return name === ENTRY ? SCRIPT : "assets/[name]-[hash].js";
}

/** One stylesheet for the page: its own, and those of the pieces that it shares with the floor's page. */
export function dashboardStylesheet(): Plugin {
  return {
    name: "maitred-dashboard-stylesheet",
    enforce: "post",
    generateBundle(_, bundle) {
      const seen = new Set<string>();
      const sheets = new Set<string>();
      const visit = (fileName: string): void => {
        const chunk = bundle[fileName];
        if (chunk?.type !== "chunk" || seen.has(fileName)) return;
        seen.add(fileName);
        chunk.imports.forEach(visit);
        chunk.viteMetadata?.importedCss.forEach((it) => sheets.add(it));
      };
      visit(SCRIPT);
      const own = bundle[SCRIPT];
      const source = [...sheets].map((it) => {
        const asset = bundle[it];
        if (asset?.type !== "asset") this.error(`${it} is not in the build`);
        return asset.source.toString();
      });
      // Nobody else asks for what is the page's alone.
      if (own?.type === "chunk") own.viteMetadata?.importedCss.forEach((it) => delete bundle[it]);
      this.emitFile({ type: "asset", fileName: STYLESHEET, source: source.join("\n") });
    },
  };
}
