import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";
import { dashboardStylesheet, entryFileNames } from "./dashboard-files.ts";
import { docs } from "./docs/plugin.ts";
import { socketClient } from "./socket-client.ts";

/** Where `npm run dev` finds a running maitred. */
const server = process.env["MAITRED_ORIGIN"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [svelte(), docs(), dashboardStylesheet(), socketClient()],
  build: {
    target: "es2022",
    // The page runs under a policy without inline anything: every asset is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // The dashboard's page itself is written by the server; `dashboard.html` stands in for it in development.
      input: { index: "index.html", dashboard: "src/dashboard/main.ts" },
      output: { entryFileNames },
    },
  },
  server: {
    proxy: {
      "/v1": { target: server, ws: true, changeOrigin: true },
      // A dashboard is let in from its own server's pages.
      "/admin": { target: server, ws: true, changeOrigin: true, rewriteWsOrigin: true },
      "/socket.io": { target: server, ws: true, changeOrigin: true, rewriteWsOrigin: true },
      "/docs/openapi.json": server,
      "/docs/asyncapi.json": server,
    },
  },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
